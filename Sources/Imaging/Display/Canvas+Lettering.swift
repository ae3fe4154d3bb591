extension Canvas {
  /// Draws orientation letters, scale bar, row names, title, colour bar and notice.
  mutating func draw(
    _ lettering: PictureRequest.Lettering, _ placement: PicturePlacement,
    overlay: PictureRequest.Overlay?, avoiding marks: PictureRequest.Marks
  ) {
    let size = CanvasText.scale(forRows: rows, columns: columns)
    let margin = 3 * size
    let lineHeight = (CanvasText.height + 3) * size
    let floor = rows - margin - (lettering.notice == nil ? 0 : lineHeight)
    if let notice = lettering.notice {
      write(
        notice, x: (columns - CanvasText.width(notice, scale: size)) / 2,
        y: rows - margin - CanvasText.height * size, scale: size)
    }
    for (n, line) in lettering.title.enumerated() {
      write(line, x: margin, y: margin + n * lineHeight, scale: size)
    }
    if let letters = lettering.orientation {
      let rows = lettering.rowNames.map(\.row) + [marks.cursorRow].compactMap(\.self)
      var taken = rows.filter(\.isFinite).map { row in
        placement.y(ofRow: row)...placement.y(ofRow: row)
      }
      if let chosen = marks.selectedRows {
        taken.append(
          placement.y(ofRow: chosen.lowerBound)...placement.y(ofRow: chosen.upperBound))
      }
      draw(letters, size, floor, taken)
    }
    for entry in lettering.rowNames {
      let y = placement.y(ofRow: entry.row)
      guard y.isFinite, y >= Double(placement.content.rows.lowerBound),
        y < Double(placement.content.rows.upperBound)
      else { continue }
      write(
        entry.name, x: placement.content.columns.lowerBound + 2 * CanvasText.advance * size,
        y: Int(y) - CanvasText.height * size / 2, scale: size)
    }
    if let mm = lettering.mmPerColumn { drawScaleBar(mm, placement, size, floor) }
    if lettering.showsColourBar, let overlay {
      if lettering.namesColourBar {
        drawColourBar(overlay, size)
      } else {
        drawPlainColourBar(overlay)
      }
    }
    drawLegend(lettering.legend, size)
  }

  /// The four letters in the middle of the edges, large enough to be seen at a glance.
  private mutating func draw(
    _ letters: PictureRequest.Orientation, _ size: Int, _ floor: Int, _ taken: [ClosedRange<Double>]
  ) {
    let big = size + 1
    let margin = 3 * size
    let middle = columns / 2
    func half(_ text: String) -> Int { CanvasText.width(text, scale: big) / 2 }
    write(letters.top, x: middle - half(letters.top), y: margin, scale: big)
    write(
      letters.bottom, x: middle - half(letters.bottom), y: floor - CanvasText.height * big,
      scale: big)
    // Row names and marks stand at the edges too: move away from the middle until none is in the way.
    let height = Double(CanvasText.height * big)
    let centre = Double(rows) / 2
    let shifts = (0..<24).map { (n: Int) -> Double in
      let steps = (n + 1) / 2
      return Double(n % 2 == 0 ? steps : -steps) * height / 2
    }
    let free = shifts.first { shift in
      taken.allSatisfy {
        $0.lowerBound > centre + shift + height * 1.2
          || $0.upperBound < centre + shift - height * 1.2
      }
    }
    let y = Int(centre + (free ?? 0) - height / 2)
    write(letters.left, x: margin, y: y, scale: big)
    write(
      letters.right, x: columns - margin - CanvasText.width(letters.right, scale: big), y: y,
      scale: big)
  }

  /// A bar of 10 mm at the lower right, with its length beside it.
  private mutating func drawScaleBar(
    _ mmPerColumn: Double, _ placement: PicturePlacement, _ size: Int, _ floor: Int
  ) {
    let length = 10 / mmPerColumn * placement.columnScale
    guard length.isFinite, length >= 4, length <= Double(columns) else { return }
    let text = "10 mm"
    let right = placement.content.columns.upperBound - 4 * size
    let left = right - Int(length.rounded())
    let y = floor - 3 * size
    let wide = max(size, 1)
    shadowed(PixelRect(rows: y..<(y + wide), columns: left..<right), PictureStyle.mark)
    for x in [left, right - wide] {
      shadowed(
        PixelRect(rows: (y - 2 * size)..<(y + wide + 2 * size), columns: x..<(x + wide)),
        PictureStyle.mark)
    }
    horizontal(PictureStyle.mark, x: left..<right, y: y, thickness: wide)
    write(
      text, x: max(right - CanvasText.width(text, scale: size), 0),
      y: y - (CanvasText.height + 4) * size, scale: size)
  }
}
