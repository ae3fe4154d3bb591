/// The curve standing beside the picture, row for row: a peak lies at the height of what it means.
struct AlignedCurve {
  let data: CurveData
  let glyphs: StudyScreenState.CurveGlyphs
  /// Row of the scored slice's grid at a fraction 0...1 of the picture's height.
  let gridRow: (Double) -> Double

  func draw(in screen: inout Screen, _ rect: CellRect) {
    guard rect.width >= 8, rect.height >= 4 else { return }
    let limits = threshold(in: rect)
    drawBoundaries(in: &screen, rect)
    for row in 0..<rect.height {
      if screen[rect.row + row, rect.column].glyph == " " {
        screen.set("│", rect.row + row, rect.column, .faint)
      }
      if let at = limits[row] { screen.set("┊", rect.row + row, rect.column + at, .dim) }
    }
    drawSecond(in: &screen, rect, every: 1)
    drawCurve(in: &screen, rect, limits)
    drawSecond(in: &screen, rect, every: CurveData.secondRhythm)
    drawCursor(in: &screen, rect)
  }

  /// The value axis, across.
  private func scale(_ rect: CellRect) -> CurveScale {
    CurveScale(data, cells: rect.width, perCell: glyphs.perCell.x)
  }

  /// The threshold that holds beside a row of the picture: that of the row under its middle.
  private func limit(_ row: Int, _ rect: CellRect) -> Double {
    data.threshold(atRow: Int(gridRow((Double(row) + 0.5) / Double(rect.height)).rounded(.down)))
  }

  /// The column of the threshold beside each row of the picture, where there is cord.
  private func threshold(in rect: CellRect) -> [Int?] {
    (0..<rect.height).map { row in
      let at = gridRow((Double(row) + 0.5) / Double(rect.height))
      guard let first = data.rows.first, let last = data.rows.last, at >= Double(first),
        at <= Double(last)
      else { return nil }
      return scale(rect).cell(ofThreshold: limit(row, rect))
    }
  }

  /// The second opinion: a mark in each row of a rhythm. Under the curve in every one, over it in some: where
  /// both lie in one cell it is seen that there are two.
  private func drawSecond(in screen: inout Screen, _ rect: CellRect, every step: Int) {
    let scale = scale(rect)
    for row in stride(from: step / 2, to: rect.height, by: step) {
      let from = gridRow(Double(row) / Double(rect.height))
      let to = gridRow(Double(row + 1) / Double(rect.height))
      guard let value = data.secondPeak(from: from, to: to) else { continue }
      let limit = limit(row, rect)
      screen.set(
        glyphs.secondMark, rect.row + row, rect.column + scale.cell(value, threshold: limit),
        value >= limit ? .accent : .normal)
    }
  }

  private func drawCurve(in screen: inout Screen, _ rect: CellRect, _ limits: [Int?]) {
    var canvas = DotCanvas(columns: rect.width, rows: rect.height, glyphs: glyphs)
    let scale = scale(rect)
    var before: Int?
    for dot in 0..<canvas.height {
      let from = gridRow(Double(dot) / Double(canvas.height))
      let to = gridRow(Double(dot + 1) / Double(canvas.height))
      let middle = ((from + to) / 2).rounded(.down)
      guard let value = data.peak(from: from, to: to) ?? data.peak(from: middle, to: middle + 1)
      else {
        before = nil
        continue
      }
      let x = scale.dot(value, threshold: limit(dot / canvas.perCell.y, rect))
      canvas.fill(y: dot, from: before.map { ($0 + x) / 2 } ?? x, to: x)
      if let last = before { canvas.fill(y: dot - 1, from: last, to: (last + x) / 2) }
      before = x
    }
    for row in 0..<rect.height {
      for column in 0..<rect.width {
        guard let glyph = canvas.glyph(row: row, column: column) else { continue }
        let isOver = limits[row].map { column >= $0 } ?? false
        screen.set(glyph, rect.row + row, rect.column + column, isOver ? .accent : .strong)
      }
    }
  }

  /// A faint line where one segment ends and the next begins.
  private func drawBoundaries(in screen: inout Screen, _ rect: CellRect) {
    let edges = Set(data.segments.flatMap { [$0.rows.lowerBound, $0.rows.upperBound + 1] })
    for row in 0..<rect.height {
      let from = gridRow(Double(row) / Double(rect.height))
      let to = gridRow(Double(row + 1) / Double(rect.height))
      guard edges.contains(where: { Double($0) >= from && Double($0) < to }) else { continue }
      for column in 1..<rect.width { screen.set("┈", rect.row + row, rect.column + column, .faint) }
      screen.set("├", rect.row + row, rect.column, .faint)
    }
  }

  private func drawCursor(in screen: inout Screen, _ rect: CellRect) {
    for row in 0..<rect.height {
      let from = gridRow(Double(row) / Double(rect.height))
      let to = gridRow(Double(row + 1) / Double(rect.height))
      guard Double(data.cursorRow) >= from, Double(data.cursorRow) < to else { continue }
      for column in 0..<rect.width {
        let under = screen[rect.row + row, rect.column + column].glyph
        guard under == " " || under == "┈" else { continue }
        screen.set("─", rect.row + row, rect.column + column, .dim)
      }
      screen.set("◂", rect.row + row, rect.column, .strong)
    }
  }
}
