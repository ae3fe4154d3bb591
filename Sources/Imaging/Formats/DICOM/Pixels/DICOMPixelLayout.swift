/// How the stored pixels of an image are made (Image Pixel module, PS3.3 section C.7.6.3), checked:
/// one grey value a pixel, 8 or 16 bits allocated.
public struct DICOMPixelLayout: Equatable, Sendable {
  /// Pixels along a column.
  public let rows: Int
  /// Pixels along a row.
  public let columns: Int
  /// Frames in the file.
  public let frameCount: Int
  /// Bits of a stored word: 8 or 16.
  public let bitsAllocated: Int
  /// Bits of it that hold the value.
  public let bitsStored: Int
  /// The topmost of these, counted from 0.
  public let highBit: Int
  /// Whether values are two's complement.
  public let isSigned: Bool
  /// MONOCHROME1: the lowest value is white.
  public let isInverted: Bool

  /// Pixels of one frame.
  public var pixelCount: Int { rows * columns }
  /// Bytes of one frame that is not compressed.
  public var bytesPerFrame: Int { pixelCount * bitsAllocated / 8 }
  /// The values that can be stored.
  public var range: ClosedRange<Int> {
    isSigned
      ? -(1 << (bitsStored - 1))...(1 << (bitsStored - 1)) - 1 : 0...(1 << bitsStored) - 1
  }

  /// Reads and checks the layout.
  /// - Throws: `ReadError` with the tag when the object has no pixels, holds colours or something else
  ///   than an image, or is larger than ``DICOMLimits`` allows.
  public init(_ file: DICOMFile) throws {
    let set = file.dataSet
    if let kind = DICOMObjectKind.name(of: file) {
      throw set.error(.sopClassUID, "is \(kind), not an image")
    }
    if set.elements[.floatPixelData] != nil || set.elements[.doubleFloatPixelData] != nil {
      throw set.error(.floatPixelData, "pixels are floating-point maps, not an image")
    }
    rows = try Self.integer(set, .rows, 1...65535)
    columns = try Self.integer(set, .columns, 1...65535)
    guard rows * columns <= DICOMLimits.framePixels else {
      throw set.error(
        .rows,
        "a frame of \(columns) x \(rows) pixels is over the limit of "
          + "\(DICOMLimits.framePixels) pixels")
    }
    let samples = set.integer(.samplesPerPixel) ?? 1
    let photometric = set.string(.photometricInterpretation) ?? "MONOCHROME2"
    guard samples == 1, photometric == "MONOCHROME1" || photometric == "MONOCHROME2" else {
      throw set.error(
        .photometricInterpretation, "pixels are colours (\(photometric)), not grey values",
        advice: "export the original grey images")
    }
    isInverted = photometric == "MONOCHROME1"
    bitsAllocated = try Self.integer(set, .bitsAllocated, 1...64)
    guard bitsAllocated == 8 || bitsAllocated == 16 else {
      throw set.error(.bitsAllocated, "is \(bitsAllocated); 8 and 16 are read")
    }
    bitsStored = try Self.integer(set, .bitsStored, 1...bitsAllocated)
    let top = set.elements[.highBit] == nil ? bitsStored - 1 : nil
    highBit = try top ?? Self.integer(set, .highBit, bitsStored - 1...bitsAllocated - 1)
    isSigned = set.integer(.pixelRepresentation) == 1
    frameCount = try Self.frames(set)
  }

  private static func integer(
    _ set: DICOMDataSet, _ tag: DICOMTag, _ range: ClosedRange<Int>
  ) throws -> Int {
    guard set.elements[tag] != nil else { throw set.error(tag, "is absent; this is no image") }
    guard let value = set.integer(tag) else { throw set.error(tag, "is no whole number") }
    guard range.contains(value) else {
      throw set.error(
        tag, "is \(value), which lies outside \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private static func frames(_ set: DICOMDataSet) throws -> Int {
    guard let text = set.string(.numberOfFrames) else { return 1 }
    guard let count = set.integer(.numberOfFrames), (1...1 << 24).contains(count) else {
      throw set.error(.numberOfFrames, "is \"\(text)\", which is no number of frames")
    }
    return count
  }

  /// Stored words to values: the stored bits are cut out and their sign extended.
  func values(_ words: [UInt16]) -> [Int32] {
    let shift = highBit + 1 - bitsStored
    let mask = UInt16(truncatingIfNeeded: (1 << bitsStored) - 1)
    guard isSigned else { return words.map { Int32($0 >> shift & mask) } }
    let up = 32 - bitsStored
    return words.map { Int32(bitPattern: UInt32($0 >> shift & mask) << up) >> up }
  }
}
