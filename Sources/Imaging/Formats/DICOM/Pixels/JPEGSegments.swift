/// Marker segments of a JPEG or JPEG-LS stream (ITU-T T.81 annex B).
struct JPEGSegments {
  /// The frame header.
  struct Frame {
    /// The marker's second byte: 0xC3 lossless, 0xF7 JPEG-LS.
    let marker: UInt8
    /// Bits of a sample.
    let precision: Int
    let rows: Int
    let columns: Int
    let components: Int
  }

  let stream: Codestream
  /// The offset behind the last segment read.
  private(set) var position = 0

  /// Starts behind the start of image.
  /// - Throws: `ReadError` when there is none.
  init(_ stream: Codestream) throws {
    self.stream = stream
    guard stream.bytes.starts(with: [0xFF, 0xD8]) else {
      throw stream.damaged("no JPEG start of image")
    }
    position = 2
  }

  /// The next marker with the bytes of its segment.
  /// - Throws: `ReadError` at the end of the image, or of the bytes.
  mutating func next() throws -> (marker: UInt8, body: ArraySlice<UInt8>) {
    let bytes = stream.bytes
    while true {
      guard position + 1 < bytes.count else { throw stream.truncated }
      guard bytes[position] == 0xFF else { throw stream.damaged("no marker where one should be") }
      // Fill bytes may precede a marker.
      if bytes[position + 1] == 0xFF {
        position += 1
        continue
      }
      let marker = bytes[position + 1]
      position += 2
      if marker == 0x01 || (0xD0...0xD7).contains(marker) { continue }
      guard marker != 0xD9, marker != 0xD8 else {
        throw stream.damaged("the image ends before its pixels")
      }
      guard position + 2 <= bytes.count else { throw stream.truncated }
      let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
      guard length >= 2, length <= bytes.count - position else { throw stream.truncated }
      let body = bytes[position + 2..<position + length]
      position += length
      return (marker, body)
    }
  }

  /// The header of a frame with one component.
  /// - Throws: `ReadError` when it does not fit the picture that the file states.
  func frame(
    _ marker: UInt8, _ body: ArraySlice<UInt8>, layout: DICOMPixelLayout
  ) throws -> Frame {
    let b = Array(body)
    guard b.count >= 6, b.count >= 6 + 3 * Int(b[5]) else { throw stream.truncated }
    let frame = Frame(
      marker: marker, precision: Int(b[0]), rows: Int(b[1]) << 8 | Int(b[2]),
      columns: Int(b[3]) << 8 | Int(b[4]), components: Int(b[5]))
    guard frame.components == 1 else {
      throw stream.error(
        "compressed pixels have \(frame.components) components instead of 1",
        advice: "export the original grey images")
    }
    guard frame.rows == layout.rows, frame.columns == layout.columns else {
      throw stream.damaged(
        "the picture has \(frame.columns) x \(frame.rows) pixels, the header says "
          + "\(layout.columns) x \(layout.rows)")
    }
    guard (2...16).contains(frame.precision), frame.precision <= layout.bitsAllocated else {
      throw stream.damaged("\(frame.precision) bits a sample, \(layout.bitsAllocated) allocated")
    }
    return frame
  }

  /// What a frame header other than the expected one announces.
  static func process(_ marker: UInt8) -> String {
    switch marker {
    case 0xC0: "JPEG Baseline"
    case 0xC1: "JPEG Extended"
    case 0xC2: "JPEG Progressive"
    case 0xC3: "JPEG Lossless"
    case 0xF7: "JPEG-LS"
    default: "a JPEG process with marker \(marker)"
    }
  }

  /// Whether a marker begins a frame header.
  static func isFrame(_ marker: UInt8) -> Bool {
    marker == 0xF7 || (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
  }
}
