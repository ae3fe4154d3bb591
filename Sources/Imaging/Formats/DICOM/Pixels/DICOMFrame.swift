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
    let layout = try DICOMPixelLayout(self)
    return try frame(index, layout: layout)
  }

  /// Decodes every frame, one after the other, and hands each over.
  /// - Throws: as ``frame(_:)``, and what `body` throws.
  public func forEachFrame(_ body: (Int, DICOMFrame) throws -> Void) throws {
    let layout = try DICOMPixelLayout(self)
    for index in 0..<layout.frameCount { try body(index, frame(index, layout: layout)) }
  }

  /// Decodes one frame of a layout that was checked before.
  func frame(_ index: Int, layout: DICOMPixelLayout) throws -> DICOMFrame {
    guard (0..<layout.frameCount).contains(index) else {
      throw dataSet.error(
        .numberOfFrames, "frame \(index + 1) of \(layout.frameCount) is asked for")
    }
    if let refusal = syntax.refusal(path: path) { throw refusal }
    guard let element = dataSet[.pixelData] else {
      throw dataSet.error(.pixelData, "is absent; this is no image")
    }
    let words: [UInt16]
    switch element.content {
    case .bytes(let range): words = try nativeWords(element, range, index, layout)
    case .fragments(let fragments): words = try compressedWords(fragments, index, layout)
    case .items: throw dataSet.error(.pixelData, "is a sequence; this is no image")
    }
    return DICOMFrame(rows: layout.rows, columns: layout.columns, values: layout.values(words))
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
    _ fragments: [Range<Int>], _ index: Int, _ layout: DICOMPixelLayout
  ) throws -> [UInt16] {
    let frames = try EncapsulatedFrames(fragments, of: self, frameCount: layout.frameCount).frames
    let parts = frames[index]
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
