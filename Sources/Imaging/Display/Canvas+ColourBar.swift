internal import Foundation

extension Canvas {
  /// Draws a vertical colour bar: the map from its lower to its upper end, what is under the
  /// threshold left dark.
  public mutating func fillColourBar(
    _ colormap: Colormap, in rect: PixelRect, fullScale: Float, threshold: Float = 0
  ) {
    let steps = max(rect.height - 1, 1)
    let domain = colormap.domain
    for (n, y) in rect.rows.enumerated() {
      let t = domain.upperBound - (domain.upperBound - domain.lowerBound) * Float(n) / Float(steps)
      let isShown = abs(t * fullScale) >= threshold
      fill(
        PixelRect(rows: y..<(y + 1), columns: rect.columns),
        isShown ? colormap.colour(t) : RGB8(grey: 40))
    }
  }

  /// The overlay's bar alone, 2 px wide at the right edge: for pictures too coarse for letters.
  mutating func drawPlainColourBar(_ overlay: PictureRequest.Overlay) {
    guard columns >= 12, rows >= 12 else { return }
    fillColourBar(
      overlay.colormap,
      in: PixelRect(rows: 1..<(rows * 2 / 5), columns: (columns - 3)..<(columns - 1)),
      fullScale: overlay.fullScale, threshold: overlay.threshold)
  }

  /// Names of colours with a swatch each, at the upper right.
  mutating func drawLegend(_ entries: [(colour: RGB8, name: String)], _ size: Int) {
    let margin = 4 * size
    let swatch = CanvasText.height * size
    for (n, entry) in entries.enumerated() {
      let y = margin + n * (CanvasText.height + 3) * size
      let x = columns - margin - swatch
      fill(
        PixelRect(rows: y..<(y + swatch), columns: x..<(x + swatch)).grown(rows: 1, columns: 1),
        PictureStyle.shadow)
      fill(PixelRect(rows: y..<(y + swatch), columns: x..<(x + swatch)), entry.colour)
      write(
        entry.name, x: x - 3 * size - CanvasText.width(entry.name, scale: size), y: y, scale: size)
    }
  }

  /// The overlay's bar at the right edge with its end values and unit.
  mutating func drawColourBar(_ overlay: PictureRequest.Overlay, _ size: Int) {
    let width = 5 * size
    let margin = 4 * size
    let top = margin + (CanvasText.height + 3) * size
    let bottom = max(rows * 2 / 5, top + 8)
    let left = columns - margin - width
    let rect = PixelRect(rows: top..<bottom, columns: left..<(left + width))
    guard left > 0, bottom < rows else { return }
    fill(rect.grown(rows: 1, columns: 1), PictureStyle.mark)
    fillColourBar(
      overlay.colormap, in: rect, fullScale: overlay.fullScale, threshold: overlay.threshold)
    let isSigned = overlay.colormap.domain.lowerBound < 0
    let high = (isSigned ? "+" : "") + Self.label(overlay.fullScale)
    let low = isSigned ? "-" + Self.label(overlay.fullScale) : "0"
    func right(_ text: String) -> Int {
      columns - margin - CanvasText.width(text, scale: size)
    }
    write(high, x: right(high), y: margin, scale: size)
    write(low, x: right(low), y: bottom + 3 * size, scale: size)
    if !overlay.unit.isEmpty {
      write(
        overlay.unit, x: right(overlay.unit), y: bottom + (CanvasText.height + 6) * size,
        scale: size)
    }
  }

  /// A value in as many digits as a scale needs.
  private static func label(_ value: Float) -> String {
    let digits =
      abs(value) >= 100
      ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 0.1 ? 2 : abs(value) >= 0.01 ? 3 : 5
    return String(format: "%.\(digits)f", Double(value))
  }
}
