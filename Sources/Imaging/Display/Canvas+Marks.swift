extension Canvas {
  /// Draws ticks, bracket, cursor and crosshair at their places in the picture.
  mutating func draw(_ marks: PictureRequest.Marks, _ placement: PicturePlacement) {
    let content = placement.content
    let thick = max(min(content.width, content.height) / 300, 1)
    let tick = max(content.width / 28, 3)
    for row in marks.boundaryRows {
      guard let y = inside(placement.y(ofRow: row), content.rows) else { continue }
      let x = content.columns.lowerBound..<(content.columns.lowerBound + tick)
      shadowed(PixelRect(rows: y..<(y + thick), columns: x), PictureStyle.mark)
    }
    if let rows = marks.selectedRows { drawBracket(rows, placement, tick, thick) }
    if let row = marks.cursorRow, let y = inside(placement.y(ofRow: row), content.rows) {
      let inset = marks.selectedRows == nil ? 0 : thick + 3
      drawPointer(x: content.columns.lowerBound + inset, y: y, size: tick * 2 / 3, towards: 1)
      drawPointer(x: content.columns.upperBound - 1, y: y, size: tick * 2 / 3, towards: -1)
    }
    for line in marks.references { drawReference(line, marks.crosshairColour, placement) }
    for line in marks.lines { draw(line, placement) }
    for point in marks.points { draw(point, named: marks.namesPoints, placement) }
    for finding in marks.findings { drawOpen(finding, named: marks.namesPoints, placement) }
    if let cross = marks.crosshair {
      drawCrosshair(cross.row, cross.column, marks.crosshairColour, placement, thick)
    }
  }

  /// A cross of 7 px on a dark rim, with its name at its right.
  private mutating func draw(
    _ point: PictureRequest.Marks.Point, named: Bool, _ placement: PicturePlacement
  ) {
    guard let (x, y) = pixel(of: point.place, placement) else { return }
    let colour = point.isChosen ? PictureStyle.accent : PictureStyle.mark
    let arms = [
      PixelRect(rows: y..<(y + 1), columns: (x - 3)..<(x + 4)),
      PixelRect(rows: (y - 3)..<(y + 4), columns: x..<(x + 1)),
    ]
    for arm in arms { fill(arm.grown(rows: 1, columns: 1), PictureStyle.shadow) }
    for arm in arms { fill(arm, colour) }
    if named { write(point.name, x: x + 7, y: y - CanvasText.height / 2, colour: colour) }
  }

  /// Four short arms on a dark rim that leave the point itself and its surroundings free, with a name at the
  /// upper right.
  private mutating func drawOpen(
    _ point: PictureRequest.Marks.Point, named: Bool, _ placement: PicturePlacement
  ) {
    guard let (x, y) = pixel(of: point.place, placement) else { return }
    let content = placement.content
    let colour = point.isChosen ? PictureStyle.accent : PictureStyle.mark
    let gap = max(min(content.width, content.height) / 60, 2)
    let far = 2 * gap + 1
    let arms = [
      PixelRect(rows: y..<(y + 1), columns: (x - far)..<(x - gap)),
      PixelRect(rows: y..<(y + 1), columns: (x + gap + 1)..<(x + far + 1)),
      PixelRect(rows: (y - far)..<(y - gap), columns: x..<(x + 1)),
      PixelRect(rows: (y + gap + 1)..<(y + far + 1), columns: x..<(x + 1)),
    ]
    // Half blocks have no pixels to spare for a rim.
    if named { for arm in arms { fill(arm.grown(rows: 1, columns: 1), PictureStyle.shadow) } }
    for arm in arms { fill(arm, colour) }
    if named {
      write(point.name, x: x + gap + 2, y: y - gap - 1 - CanvasText.height, colour: colour)
    }
  }

  /// A line one pixel wide, every fourth pixel dark, so that it shows on bright tissue and hides little.
  private mutating func drawReference(
    _ line: PictureRequest.Marks.Line, _ colour: RGB8, _ placement: PicturePlacement
  ) {
    let places = points(of: line, placement).places
    for (n, p) in places.enumerated() {
      guard let x = inside(p.x, placement.content.columns),
        let y = inside(p.y, placement.content.rows)
      else { continue }
      set(n % 4 == 3 ? PictureStyle.shadow : colour, x: x, y: y)
    }
  }

  /// The canvas positions along a line and of its ends; none where it lies absurdly far outside.
  private func points(
    of line: PictureRequest.Marks.Line, _ placement: PicturePlacement
  ) -> (places: [SIMD2<Double>], ends: [SIMD2<Double>]) {
    func canvas(_ p: SIMD2<Double>) -> SIMD2<Double> {
      SIMD2(placement.x(ofColumn: p.x), placement.y(ofRow: p.y))
    }
    let ends = [canvas(line.from), canvas(line.to)]
    let limit = Double(4 * PictureRenderer.largestSide)
    guard ends.allSatisfy({ abs($0.x) < limit && abs($0.y) < limit }) else { return ([], []) }
    let d = ends[1] - ends[0]
    let steps = max(Int(max(abs(d.x), abs(d.y)).rounded(.up)), 1)
    return ((0...steps).map { ends[0] + d * (Double($0) / Double(steps)) }, ends)
  }

  /// A line one pixel wide on a dark rim, with a cross at each end.
  private mutating func draw(_ line: PictureRequest.Marks.Line, _ placement: PicturePlacement) {
    let path = points(of: line, placement)
    var dots = path.places
    for end in path.ends {
      for arm in -2...2 { dots += [end + [Double(arm), 0], end + [0, Double(arm)]] }
    }
    let inside = dots.compactMap { p -> (x: Int, y: Int)? in
      guard let x = self.inside(p.x, placement.content.columns),
        let y = self.inside(p.y, placement.content.rows)
      else { return nil }
      return (x, y)
    }
    for dot in inside {
      fill(
        PixelRect(rows: (dot.y - 1)..<(dot.y + 2), columns: (dot.x - 1)..<(dot.x + 2)),
        PictureStyle.shadow)
    }
    for dot in inside { set(PictureStyle.mark, x: dot.x, y: dot.y) }
  }

  /// The chosen segment: a bracket open to the right, at the left edge.
  private mutating func drawBracket(
    _ rows: ClosedRange<Double>, _ placement: PicturePlacement, _ tick: Int, _ thick: Int
  ) {
    let content = placement.content
    let upper = placement.y(ofRow: rows.lowerBound)
    let lower = placement.y(ofRow: rows.upperBound)
    guard upper.isFinite, lower.isFinite, lower >= Double(content.rows.lowerBound),
      upper < Double(content.rows.upperBound)
    else { return }
    let top = Int(max(upper, Double(content.rows.lowerBound)))
    let bottom = Int(min(lower, Double(content.rows.upperBound - 1)))
    let left = content.columns.lowerBound
    let width = thick + 1
    shadowed(
      PixelRect(rows: top..<(bottom + 1), columns: left..<(left + width)), PictureStyle.accent)
    for (y, isShown) in [
      (top, upper >= Double(content.rows.lowerBound)),
      (bottom, lower < Double(content.rows.upperBound)),
    ] where isShown {
      shadowed(
        PixelRect(rows: y..<(y + thick), columns: left..<(left + tick)), PictureStyle.accent)
    }
  }

  /// A filled triangle whose point lies `size` px inwards.
  private mutating func drawPointer(x: Int, y: Int, size: Int, towards: Int) {
    for d in 0...max(size, 2) {
      let half = (max(size, 2) - d) / 2
      vertical(PictureStyle.shadow, x: x + towards * d, y: (y - half - 1)..<(y + half + 2))
      vertical(PictureStyle.accent, x: x + towards * d, y: (y - half)..<(y + half + 1))
    }
  }

  /// Four lines that leave a gap about the point.
  private mutating func drawCrosshair(
    _ row: Double, _ column: Double, _ accent: RGB8, _ placement: PicturePlacement, _ thick: Int
  ) {
    let content = placement.content
    guard let (x, y) = pixel(of: SIMD2(column, row), placement) else { return }
    let gap = max(min(content.width, content.height) / 24, 4)
    func upTo(_ a: Int, _ b: Int) -> Range<Int> { a..<max(a, b) }
    horizontal(
      accent, x: upTo(content.columns.lowerBound, x - gap), y: y, thickness: thick)
    horizontal(
      accent, x: upTo(x + gap + 1, content.columns.upperBound), y: y, thickness: thick)
    vertical(accent, x: x, y: upTo(content.rows.lowerBound, y - gap), thickness: thick)
    vertical(accent, x: x, y: upTo(y + gap + 1, content.rows.upperBound), thickness: thick)
  }

  /// A rectangle with a dark rim, so that it shows on bright tissue too.
  mutating func shadowed(_ rect: PixelRect, _ colour: RGB8) {
    fill(rect.grown(rows: 1, columns: 1), PictureStyle.shadow)
    fill(rect, colour)
  }

  /// The canvas pixel of a place in the picture, column then row, when it lies in the content.
  private func pixel(of place: SIMD2<Double>, _ placement: PicturePlacement) -> (x: Int, y: Int)? {
    guard let x = inside(placement.x(ofColumn: place.x), placement.content.columns),
      let y = inside(placement.y(ofRow: place.y), placement.content.rows)
    else { return nil }
    return (x, y)
  }

  /// A canvas coordinate as a pixel, when it lies in a range.
  private func inside(_ position: Double, _ range: Range<Int>) -> Int? {
    guard position.isFinite, position >= Double(range.lowerBound),
      position < Double(range.upperBound)
    else { return nil }
    return Int(position)
  }
}
