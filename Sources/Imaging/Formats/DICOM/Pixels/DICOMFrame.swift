/// The stored values of one frame, before any rescaling.
public struct DICOMFrame: Equatable, Sendable {
  /// Pixels along a column.
  public let rows: Int
  /// Pixels along a row.
  public let columns: Int
  /// `values[row * columns + column]`; row 0 on top.
  public let values: [Int32]
}

extension DICOMFile {
  /// Decodes one frame.
  /// - Parameter index: 0 to the layout's `frameCount - 1`.
  /// - Throws: `ReadError` with tag and offset when the object is no grey image, its compression is not
  ///   decoded here (the error names a tool that converts it), or its pixels are cut off or damaged.
  public func frame(_ index: Int) throws -> DICOMFrame {
    var result: DICOMFrame?
    try forEachFrame([index]) { _, frame in result = frame }
    guard let result else { throw dataSet.error(.pixelData, "has no frame \(index + 1)") }
    return result
  }

  /// Decodes frames one after the other and hands each over.
  /// - Parameter indices: which, from 0; all of them when `nil`.
  /// - Throws: as ``frame(_:)``, and what `body` throws.
  public func forEachFrame(
    _ indices: [Int]? = nil, _ body: (Int, DICOMFrame) throws -> Void
  ) throws {
    let layout = try DICOMPixelLayout(self)
    if let refusal = syntax.refusal(path: path) { throw refusal }
    guard let element = dataSet[.pixelData] else {
      throw dataSet.error(.pixelData, "is absent; this is no image")
    }
    var parts: [[Range<Int>]] = []
    if case .fragments(let fragments) = element.content {
      parts = try EncapsulatedFrames(fragments, of: self, frameCount: layout.frameCount).frames
    }
    // Words, values, and what they are rescaled to.
    try MemoryRequest.check(layout.pixelCount * Self.bytesPerPixel, path: path)
    for index in indices ?? Array(0..<layout.frameCount) {
      guard (0..<layout.frameCount).contains(index) else {
        throw dataSet.error(
          .numberOfFrames, "frame \(index + 1) of \(layout.frameCount) is asked for")
      }
      let words = try words(of: element, parts, index, layout)
      try body(
        index,
        DICOMFrame(rows: layout.rows, columns: layout.columns, values: layout.values(words)))
    }
  }

  /// Memory that decoding takes for each pixel: a stored word, its value, and a single.
  private static let bytesPerPixel = 10

  /// The stored words of a frame; `parts` are the fragments of every frame.
  private func words(
    of element: DICOMElement, _ parts: [[Range<Int>]], _ index: Int, _ layout: DICOMPixelLayout
  ) throws -> [UInt16] {
    switch element.content {
    case .bytes(let range): return try nativeWords(element, range, index, layout)
    case .fragments: return try compressedWords(parts[index], index, layout)
    case .items: throw dataSet.error(.pixelData, "is a sequence; this is no image")
    }
  }

  private func nativeWords(
    _ element: DICOMElement, _ range: Range<Int>, _ index: Int, _ layout: DICOMPixelLayout
  ) throws -> [UInt16] {
    guard !syntax.isEncapsulated else {
      throw dataSet.error(.pixelData, "holds no fragments, though the syntax is \(syntax.name)")
    }
    let start = range.lowerBound + index * layout.bytesPerFrame
    guard start + layout.bytesPerFrame <= range.upperBound else {
      let needed = layout.bytesPerFrame * layout.frameCount
      throw dataSet.error(
        .pixelData, "needs \(needed) bytes, \(range.count) are there",
        advice: "the file is truncated or damaged; copy it again")
    }
    return dataSet.bytes.withUnsafeBytes { whole in
      let raw = UnsafeRawBufferPointer(rebasing: whole[start..<start + layout.bytesPerFrame])
      if layout.bitsAllocated == 16 {
        return RawNumbers.decode(
          raw, count: layout.pixelCount, order: dataSet.order, as: UInt16.self
        ) { $0 }
      }
      // Bytes that are written as big-endian words lie in pairs the other way round.
      guard dataSet.order == .big, element.vr == .OW else { return raw.map { UInt16($0) } }
      let all = UnsafeRawBufferPointer(rebasing: whole[range])
      let first = start - range.lowerBound
      return (0..<layout.pixelCount).map { n in
        let place = (first + n) ^ 1
        return UInt16(all[place < all.count ? place : first + n])
      }
    }
  }

  private func compressedWords(
    _ parts: [Range<Int>], _ index: Int, _ layout: DICOMPixelLayout
  ) throws -> [UInt16] {
    let stream = Codestream(
      bytes: parts.flatMap { dataSet.bytes[$0] }, path: path,
      fileOffset: parts.first?.lowerBound ?? 0, frame: index)
    switch syntax.compression {
    case .rle:
      return try RLELossless.decode(
        stream, pixelCount: layout.pixelCount, bytesPerPixel: layout.bitsAllocated / 8)
    case .jpegLossless: return try JPEGLossless.decode(stream, layout: layout)
    case .jpegLS: return try JPEGLS.decode(stream, layout: layout)
    case .none, .unsupported:
      throw dataSet.error(.pixelData, "holds fragments, though the syntax is \(syntax.name)")
    }
  }
}
