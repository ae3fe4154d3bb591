/// The kitty graphics protocol: a PNG file in base64, in chunks of at most 4096 characters.
public enum KittyGraphics {
  /// The escapes that show a PNG at the cursor, without moving it and without a reply.
  /// - Parameters:
  ///   - png: A whole PNG file.
  ///   - columns: Cells to fill in width; `nil` = the picture's own size.
  ///   - rows: Cells to fill in height.
  public static func show(png: [UInt8], columns: Int? = nil, rows: Int? = nil) -> [UInt8] {
    guard !png.isEmpty else { return [] }
    let text = base64(png)
    var out: [UInt8] = []
    out.reserveCapacity(text.count + text.count / 64 + 64)
    var start = 0
    while start < text.count {
      let end = min(start + 4096, text.count)
      let more = end < text.count ? 1 : 0
      var control = "m=\(more)"
      if start == 0 {
        control = "a=T,f=100,q=2,C=1," + control
        if let columns, columns > 0 { control += ",c=\(columns)" }
        if let rows, rows > 0 { control += ",r=\(rows)" }
      }
      out.append(contentsOf: "\u{1B}_G\(control);".utf8)
      out.append(contentsOf: text[start..<end])
      out.append(contentsOf: [0x1B, 0x5C])
      start = end
    }
    return out
  }

  /// Base64 with padding (RFC 4648).
  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var n = 0
    while n < bytes.count {
      let a = Int(bytes[n])
      let b = n + 1 < bytes.count ? Int(bytes[n + 1]) : 0
      let c = n + 2 < bytes.count ? Int(bytes[n + 2]) : 0
      out.append(letters[a >> 2])
      out.append(letters[(a & 3) << 4 | b >> 4])
      out.append(n + 1 < bytes.count ? letters[(b & 15) << 2 | c >> 6] : UInt8(ascii: "="))
      out.append(n + 2 < bytes.count ? letters[c & 63] : UInt8(ascii: "="))
      n += 3
    }
    return out
  }
}
