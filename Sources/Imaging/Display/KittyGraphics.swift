/// The kitty graphics protocol: pictures as PNG files in base64, in chunks of at most 4096 characters.
public enum KittyGraphics {
  /// The escapes that show a PNG file at the cursor, which is then at its lower right; without a reply.
  public static func show(png: [UInt8]) -> [UInt8] {
    chunks(base64(png), "a=T,f=100,q=2").flatMap { $0 }
  }

  /// The commands that give a picture to the terminal, to be shown by placeholder cells of its number
  /// (``KittyPlaceholder``); without a reply. Each is an escape sequence of its own.
  /// - Parameters:
  ///   - base64: A whole PNG file as ``base64(_:)`` writes it.
  ///   - number: The picture's number, above 0.
  ///   - columns: Cells it fills in width.
  ///   - rows: Cells it fills in height.
  public static func transmit(
    base64 text: [UInt8], number: UInt32, columns: Int, rows: Int
  ) -> [[UInt8]] {
    chunks(text, "a=T,U=1,i=\(number),f=100,t=d,c=\(columns),r=\(rows),q=2")
  }

  /// The commands that show a picture which the terminal has in as many other cells; without a reply.
  ///
  /// A placeholder does not say which of several placements of its picture it means, so the former one goes
  /// first; the small `i` leaves the data.
  public static func place(number: UInt32, columns: Int, rows: Int) -> [[UInt8]] {
    ["a=d,d=i,i=\(number),q=2", "a=p,U=1,i=\(number),c=\(columns),r=\(rows),q=2"].map {
      Array("\u{1B}_G\($0)\u{1B}\\".utf8)
    }
  }

  /// The command that takes a picture and its data from the terminal; without a reply.
  public static func delete(number: UInt32) -> [UInt8] {
    Array("\u{1B}_Ga=d,d=I,i=\(number),q=2\u{1B}\\".utf8)
  }

  /// A sequence for the terminal that tmux runs in; tmux lets it through where `allow-passthrough` is on.
  public static func throughTmux(_ sequence: [UInt8]) -> [UInt8] {
    var out = Array("\u{1B}Ptmux;".utf8)
    for byte in sequence {
      if byte == 0x1B { out.append(byte) }
      out.append(byte)
    }
    out.append(contentsOf: [0x1B, 0x5C])
    return out
  }

  /// Base64 in pieces; the first one carries the control data.
  private static func chunks(_ text: [UInt8], _ control: String) -> [[UInt8]] {
    stride(from: 0, to: text.count, by: 4096).map { start in
      let end = min(start + 4096, text.count)
      let more = "m=\(end < text.count ? 1 : 0)"
      let head = start == 0 ? "\(control),\(more)" : more
      var chunk = Array("\u{1B}_G\(head);".utf8)
      chunk.append(contentsOf: text[start..<end])
      chunk.append(contentsOf: [0x1B, 0x5C])
      return chunk
    }
  }

  /// Base64 with padding (RFC 4648).
  public static func base64(_ bytes: [UInt8]) -> [UInt8] {
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
