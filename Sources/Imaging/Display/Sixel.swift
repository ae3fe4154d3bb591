/// Sixel graphics: bands of six rows, one bit plane per colour, run lengths.
///
/// Every pixel is set, so a new picture overwrites the old one without being cleared. Within a
/// band a colour may run on over pixels that a later colour of the band sets: the last one
/// counts, and runs get longer (a fifth fewer bytes with 32 greys on MR). The output is a
/// function of the pixels and the palette only.
public enum Sixel {
  /// The longest repeat count the oldest terminals accept.
  static let longestRun = 255

  /// Encodes a picture, or a part of it cut at cell boundaries by the caller; empty for an
  /// empty part.
  ///
  /// Place the cursor first; switch sixel scrolling on (`ESC[?80l`) before the first picture.
  public static func encode(_ picture: IndexedPicture, part: PixelRect? = nil) -> [UInt8] {
    let whole = PixelRect(picture.indices)
    let rect = (part ?? whole).clamped(to: whole)
    guard !rect.isEmpty else { return [] }
    var out: [UInt8] = []
    out.reserveCapacity(rect.width * rect.height / 2 + 4096)
    out.append(contentsOf: "\u{1B}P0;1;0q\"1;1;\(rect.width);\(rect.height)".utf8)
    appendColours(picture, rect, to: &out)
    appendBands(picture, rect, to: &out)
    out.append(contentsOf: [0x1B, 0x5C])
    return out
  }

  /// Quantises and encodes a picture.
  public static func encode(
    _ picture: RGBRaster, palette: SixelPalette = SixelPalette(), part: PixelRect? = nil
  ) -> [UInt8] {
    encode(palette.indexed(picture), part: part)
  }

  /// Defines the colours the part uses, in percent as the format wants.
  private static func appendColours(
    _ picture: IndexedPicture, _ rect: PixelRect, to out: inout [UInt8]
  ) {
    var isUsed = [Bool](repeating: false, count: 256)
    for row in rect.rows {
      let start = row * picture.indices.columns
      for column in rect.columns { isUsed[Int(picture.indices.pixels[start + column])] = true }
    }
    for (n, colour) in picture.palette.colours.enumerated() where isUsed[n] {
      let (r, g, b) = (percent(colour.r), percent(colour.g), percent(colour.b))
      out.append(contentsOf: "#\(n);2;\(r);\(g);\(b)".utf8)
    }
  }

  /// 0...255 as 0...100, rounded.
  static func percent(_ part: UInt8) -> Int { (Int(part) * 100 + 127) / 255 }

  /// The bands, from the top.
  private static func appendBands(
    _ picture: IndexedPicture, _ rect: PixelRect, to out: inout [UInt8]
  ) {
    let colours = picture.palette.colours.count
    var planes = [UInt8](repeating: 0, count: rect.width * colours)
    var open = [UInt8](repeating: 0, count: rect.width)
    var spans = [BandEncoder.Span](repeating: .none, count: colours)
    picture.indices.pixels.withUnsafeBufferPointer { pixels in
      planes.withUnsafeMutableBufferPointer { planes in
        open.withUnsafeMutableBufferPointer { open in
          spans.withUnsafeMutableBufferPointer { spans in
            let band = BandEncoder(
              width: rect.width, stride: picture.indices.columns, pixels: pixels,
              planes: planes, open: open, spans: spans)
            var row = rect.rows.lowerBound
            while row < rect.rows.upperBound {
              let rows = row..<min(row + 6, rect.rows.upperBound)
              band.collect(rows, from: rect.columns.lowerBound)
              band.append(to: &out)
              row += 6
              if row < rect.rows.upperBound { out.append(UInt8(ascii: "-")) }
            }
          }
        }
      }
    }
  }

  /// Encodes one band at a time; its memory is reused from band to band.
  private struct BandEncoder {
    /// First and last column a colour is used in; first > last = unused.
    struct Span {
      var first: Int
      var last: Int
      static let none = Span(first: .max, last: -1)
    }

    let width: Int
    /// Columns of the whole picture.
    let stride: Int
    let pixels: UnsafeBufferPointer<UInt8>
    /// Six-bit columns of each colour: `planes[colour * width + x]`; all 0 between bands.
    let planes: UnsafeMutableBufferPointer<UInt8>
    /// Bits of each column that the current or a later colour of the band still sets.
    let open: UnsafeMutableBufferPointer<UInt8>
    let spans: UnsafeMutableBufferPointer<Span>

    /// Sets the bits of the band's pixels in their colours' planes.
    func collect(_ rows: Range<Int>, from left: Int) {
      let all = UInt8((1 << rows.count) - 1)
      for x in 0..<width { open[x] = all }
      for (bit, row) in rows.enumerated() {
        let start = row * stride + left
        let mask = UInt8(1) << UInt8(bit)
        for x in 0..<width {
          let colour = Int(pixels[start + x])
          planes[colour * width + x] |= mask
          if x < spans[colour].first { spans[colour].first = x }
          if x > spans[colour].last { spans[colour].last = x }
        }
      }
    }

    /// Writes the colours in use, each over the same band, and forgets them.
    func append(to out: inout [UInt8]) {
      var isFirst = true
      for colour in spans.indices where spans[colour].last >= 0 {
        if !isFirst { out.append(UInt8(ascii: "$")) }
        isFirst = false
        out.append(UInt8(ascii: "#"))
        Self.append(decimal: colour, to: &out)
        appendRuns(of: colour, to: &out)
        spans[colour] = .none
      }
    }

    /// Writes one colour's columns as runs, up to the last one used, and clears them.
    ///
    /// A column may be written as any set of bits that holds its own and stays within the open
    /// ones; a run goes on as long as one set suits all its columns.
    private func appendRuns(of colour: Int, to out: inout [UInt8]) {
      let base = colour * width
      let end = spans[colour].last
      var x = spans[colour].first
      Self.append(run: 0, x, to: &out)
      while x <= end {
        var needed: UInt8 = 0
        var allowed: UInt8 = 63
        var next = x
        while next <= end {
          let more = needed | planes[base + next]
          let fewer = allowed & open[next]
          if more & ~fewer != 0 { break }
          needed = more
          allowed = fewer
          open[next] &= ~planes[base + next]
          planes[base + next] = 0
          next += 1
        }
        Self.append(run: needed, next - x, to: &out)
        x = next
      }
    }

    /// One run: written out where that is not longer than a repeat count.
    private static func append(run bits: UInt8, _ count: Int, to out: inout [UInt8]) {
      let character = bits + 63
      var rest = count
      while rest > 0 {
        let n = min(rest, Sixel.longestRun)
        if n <= 3 {
          for _ in 0..<n { out.append(character) }
        } else {
          out.append(UInt8(ascii: "!"))
          append(decimal: n, to: &out)
          out.append(character)
        }
        rest -= n
      }
    }

    /// A number below 1000 in digits.
    private static func append(decimal n: Int, to out: inout [UInt8]) {
      if n >= 100 { out.append(UInt8(48 + n / 100)) }
      if n >= 10 { out.append(UInt8(48 + n / 10 % 10)) }
      out.append(UInt8(48 + n % 10))
    }
  }
}
