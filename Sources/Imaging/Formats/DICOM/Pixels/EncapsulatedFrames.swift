/// Which fragments of compressed pixels make up a frame (PS3.5 section A.4).
struct EncapsulatedFrames {
  /// The ranges of bytes of each frame, in order.
  let frames: [[Range<Int>]]

  /// Sorts fragments into frames by the extended offset table, else the basic one, else by what they
  /// are: one frame has them all, as many fragments as frames one each, and JPEG streams tell where
  /// they begin.
  /// - Throws: `ReadError` when the fragments do not tell which frame they belong to.
  init(_ fragments: [Range<Int>], of file: DICOMFile, frameCount: Int) throws {
    let set = file.dataSet
    guard let table = fragments.first else {
      throw set.error(.pixelData, "holds no fragments", advice: "copy the file again")
    }
    let parts = Array(fragments.dropFirst())
    guard parts.count >= frameCount else {
      throw set.error(
        .pixelData, "has \(parts.count) fragments for \(frameCount) frames",
        advice: "the file is truncated or damaged; copy it again")
    }
    if frameCount == 1 {
      frames = [parts]
    } else if let found = Self.extended(set, parts, frameCount) {
      frames = found
    } else if let found = Self.grouped(Self.offsets(set.bytes[table]), parts, frameCount) {
      frames = found
    } else if parts.count == frameCount {
      frames = parts.map { [$0] }
    } else if let found = Self.byStart(set.bytes, parts, frameCount) {
      frames = found
    } else {
      throw set.error(
        .pixelData, "\(parts.count) fragments make \(frameCount) frames, but nothing tells which",
        advice: "convert it with dcmdjpeg or gdcmconv --raw, which write whole frames")
    }
  }

  /// The basic offset table: 32-bit offsets from the first fragment's item tag.
  private static func offsets(_ table: ArraySlice<UInt8>) -> [Int] {
    let bytes = Array(table)
    return bytes.withUnsafeBytes {
      RawNumbers.decode($0, count: bytes.count / 4, order: .little, as: UInt32.self) { Int($0) }
    }
  }

  /// The extended offset table: 64-bit offsets; one fragment a frame, of a stated length.
  private static func extended(
    _ set: DICOMDataSet, _ parts: [Range<Int>], _ frameCount: Int
  ) -> [[Range<Int>]]? {
    guard let raw = set.rawBytes(.extendedOffsetTable).map(Array.init), let first = parts.first
    else { return nil }
    let offsets = raw.withUnsafeBytes {
      RawNumbers.decode($0, count: raw.count / 8, order: .little, as: UInt64.self) { $0 }
    }
    guard offsets.count == frameCount else { return nil }
    let start = UInt64(first.lowerBound - 8)
    let byStart = Dictionary(parts.map { (UInt64($0.lowerBound - 8), $0) }) { a, _ in a }
    let frames = offsets.compactMap { offset -> [Range<Int>]? in
      let (place, overflow) = start.addingReportingOverflow(offset)
      return overflow ? nil : byStart[place].map { [$0] }
    }
    return frames.count == frameCount ? frames : nil
  }

  /// Fragments between the offsets, which must rise and each meet a fragment's item tag.
  private static func grouped(
    _ offsets: [Int], _ parts: [Range<Int>], _ frameCount: Int
  ) -> [[Range<Int>]]? {
    guard offsets.count == frameCount, offsets.first == 0, let first = parts.first else {
      return nil
    }
    let indices = Dictionary(
      parts.enumerated().map { ($1.lowerBound - first.lowerBound, $0) }
    ) { a, _ in a }
    var starts: [Int] = []
    for offset in offsets {
      guard let index = indices[offset], starts.last.map({ $0 < index }) ?? true else {
        return nil
      }
      starts.append(index)
    }
    return starts.indices.map { n in
      Array(parts[starts[n]..<(n + 1 < starts.count ? starts[n + 1] : parts.count)])
    }
  }

  /// A new frame begins with each fragment that begins with a JPEG start of image.
  private static func byStart(
    _ bytes: [UInt8], _ parts: [Range<Int>], _ frameCount: Int
  ) -> [[Range<Int>]]? {
    var frames: [[Range<Int>]] = []
    for part in parts {
      if bytes[part].starts(with: [0xFF, 0xD8, 0xFF]) {
        frames.append([part])
      } else if frames.isEmpty {
        return nil
      } else {
        frames[frames.count - 1].append(part)
      }
    }
    return frames.count == frameCount ? frames : nil
  }
}
