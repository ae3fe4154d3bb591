/// JPEG lossless, Huffman coded, any predictor, 2 to 16 bits (ITU-T T.81 annex H, process 14).
struct JPEGLossless {
  /// What a scan needs beside its bits.
  private struct Scan {
    var predictor: Int
    var pointTransform: Int
    var table: [UInt16]
    var start: Int
  }

  private let stream: Codestream
  private let frame: JPEGSegments.Frame
  private let scan: Scan
  /// Rows between restarts; 0 for none.
  private let restartRows: Int

  /// The stored words of one grey frame.
  /// - Throws: `ReadError` when the stream is truncated, damaged or of another process.
  static func decode(_ stream: Codestream, layout: DICOMPixelLayout) throws -> [UInt16] {
    try JPEGLossless(stream, layout: layout).pixels()
  }

  // MARK: - Headers

  private init(_ stream: Codestream, layout: DICOMPixelLayout) throws {
    var segments = try JPEGSegments(stream)
    var frame: JPEGSegments.Frame?
    var tables: [UInt8: [UInt16]] = [:]
    var interval = 0
    while true {
      let (marker, body) = try segments.next()
      switch marker {
      case 0xC4: try Self.addTables(body, to: &tables, stream)
      case 0xC3: frame = try segments.frame(marker, body, layout: layout)
      case 0xDD where body.count >= 2:
        interval = Int(body[body.startIndex]) << 8 | Int(body[body.startIndex + 1])
      case 0xDA:
        guard let frame else { throw stream.damaged("a scan without a frame header") }
        self.stream = stream
        self.frame = frame
        scan = try Self.scan(body, frame, tables, start: segments.position, stream)
        guard interval % frame.columns == 0 else {
          throw stream.damaged("restarts inside a row")
        }
        restartRows = interval / frame.columns
        return
      case _ where JPEGSegments.isFrame(marker):
        throw stream.error(
          "the header says JPEG Lossless, the pixels are \(JPEGSegments.process(marker))",
          advice: "convert it with dcmdjpeg or gdcmconv --raw")
      default: continue
      }
    }
  }

  private static func scan(
    _ body: ArraySlice<UInt8>, _ frame: JPEGSegments.Frame, _ tables: [UInt8: [UInt16]],
    start: Int, _ stream: Codestream
  ) throws -> Scan {
    let b = Array(body)
    guard b.count >= 6, b[0] == 1 else { throw stream.damaged("a scan of several components") }
    let (predictor, transform) = (Int(b[3]), Int(b[5] & 0x0F))
    guard (1...7).contains(predictor) else { throw stream.damaged("predictor \(predictor)") }
    guard transform < frame.precision else {
      throw stream.damaged("point transform \(transform)")
    }
    guard let table = tables[b[2] >> 4] else { throw stream.damaged("no Huffman table") }
    return Scan(predictor: predictor, pointTransform: transform, table: table, start: start)
  }

  /// Huffman tables as look-up by the next 16 bits: length in the upper byte, category in the lower;
  /// 0 where no code begins so (T.81 annex C).
  private static func addTables(
    _ body: ArraySlice<UInt8>, to tables: inout [UInt8: [UInt16]], _ stream: Codestream
  ) throws {
    var rest = body
    while let head = rest.first {
      guard rest.count >= 17 else { throw stream.truncated }
      let counts = rest.dropFirst().prefix(16).map { Int($0) }
      let total = counts.reduce(0, +)
      let symbols = rest.dropFirst(17).prefix(total)
      guard symbols.count == total else { throw stream.truncated }
      rest = rest.dropFirst(17 + total)
      var table: [UInt16] = []
      table.reserveCapacity(1 << 16)
      var symbol = symbols.startIndex
      for length in 1...16 {
        for _ in 0..<counts[length - 1] {
          let entry = UInt16(length) << 8 | UInt16(symbols[symbol])
          symbol += 1
          guard table.count + 1 << (16 - length) <= 1 << 16 else {
            throw stream.damaged("a Huffman table with too many codes")
          }
          table.append(contentsOf: repeatElement(entry, count: 1 << (16 - length)))
        }
      }
      table.append(contentsOf: repeatElement(0, count: 1 << 16 - table.count))
      tables[head & 0x0F] = table
    }
  }

  // MARK: - Pixels

  private func pixels() throws -> [UInt16] {
    let (rows, columns) = (frame.rows, frame.columns)
    // Each pixel takes at least one bit: what cannot be there is not allocated.
    guard (stream.bytes.count - scan.start) * 8 >= rows * columns else { throw stream.truncated }
    var output = [UInt16](repeating: 0, count: rows * columns)
    try stream.bytes.withUnsafeBufferPointer { input in
      try output.withUnsafeMutableBufferPointer { output in
        try scan.table.withUnsafeBufferPointer { table in
          var bits = JPEGBits(input, at: scan.start, isLS: false)
          var isFirstRow = true
          for row in 0..<rows {
            if restartRows > 0, row > 0, row % restartRows == 0 {
              guard bits.restart(row / restartRows - 1) else {
                throw stream.damaged("no restart marker before row \(row + 1)")
              }
              isFirstRow = true
            }
            let isGood = decodeRow(row, isFirst: isFirstRow, &bits, table, output)
            guard !bits.isExhausted else { throw stream.truncated }
            guard isGood else { throw stream.damaged("no Huffman code in row \(row + 1)") }
            isFirstRow = false
          }
        }
      }
    }
    if scan.pointTransform > 0 {
      for n in output.indices { output[n] <<= UInt16(scan.pointTransform) }
    }
    return output
  }

  /// Decodes a row; the first one, and the first behind a restart, is predicted from the left only
  /// (T.81 section H.1.2.1).
  private func decodeRow(
    _ row: Int, isFirst: Bool, _ bits: inout JPEGBits, _ table: UnsafeBufferPointer<UInt16>,
    _ output: UnsafeMutableBufferPointer<UInt16>
  ) -> Bool {
    let columns = frame.columns
    let start = row * columns
    let initial = Int32(1) << Int32(frame.precision - scan.pointTransform - 1)
    for column in 0..<columns {
      guard let difference = Self.difference(&bits, table) else { return false }
      let at = start + column
      let prediction: Int32
      if isFirst {
        prediction = column == 0 ? initial : Int32(output[at - 1])
      } else if column == 0 {
        prediction = Int32(output[at - columns])
      } else {
        let (a, b) = (Int32(output[at - 1]), Int32(output[at - columns]))
        let c = Int32(output[at - columns - 1])
        prediction = predicted(a, b, c)
      }
      output[at] = UInt16(truncatingIfNeeded: prediction &+ difference)
    }
    return true
  }

  /// The predictors of T.81 table H.1: `a` left, `b` above, `c` above left.
  @inline(__always)
  private func predicted(_ a: Int32, _ b: Int32, _ c: Int32) -> Int32 {
    switch scan.predictor {
    case 1: a
    case 2: b
    case 3: c
    case 4: a + b - c
    case 5: a + (b - c) >> 1
    case 6: b + (a - c) >> 1
    default: (a + b) >> 1
    }
  }

  /// A difference: its category by Huffman code, then as many bits (T.81 section H.1.2.2).
  @inline(__always)
  private static func difference(
    _ bits: inout JPEGBits, _ table: UnsafeBufferPointer<UInt16>
  ) -> Int32? {
    bits.fill()
    let entry = table[bits.peek16]
    guard entry != 0 else { return nil }
    bits.skip(Int(entry >> 8))
    let category = Int(entry & 0xFF)
    guard category > 0 else { return 0 }
    if category == 16 { return 32768 }
    guard category < 16 else { return nil }
    let value = bits.take(category)
    return Int32(value < 1 << (category - 1) ? value - (1 << category) + 1 : value)
  }
}
