/// The curve lying: superior at the left, inferior at the right.
struct CurveChart {
  let data: CurveData
  let glyphs: StudyScreenState.CurveGlyphs

  /// Cells for the numbers of the value axis.
  private static let axisWidth = 6

  /// Draws into a rectangle of at least 5 rows; the last two are the axis.
  func draw(in screen: inout Screen, _ rect: CellRect) {
    guard let plot = self.plot(in: rect) else { return }
    drawAxis(in: &screen, rect, plot)
    drawSecond(in: &screen, plot, every: 1)
    drawCurve(in: &screen, plot)
    drawSecond(in: &screen, plot, every: CurveData.secondRhythm)
    drawThresholdNames(in: &screen, plot)
    drawTruth(in: &screen, plot)
  }

  /// Where the curve itself lies; `nil` where there is no room for it.
  private func plot(in rect: CellRect) -> CellRect? {
    let plot = CellRect(
      row: rect.row, column: rect.column + Self.axisWidth, height: rect.height - 2,
      width: rect.width - Self.axisWidth)
    return plot.height >= 3 && plot.width >= 12 ? plot : nil
  }

  /// The row of the grid under a column of the screen; `nil` beside the curve.
  func row(atColumn column: Int, in rect: CellRect) -> Int? {
    guard let plot = self.plot(in: rect), column >= plot.column, column < plot.columnEnd else {
      return nil
    }
    let share = (Double(column - plot.column) + 0.5) / Double(plot.width)
    return Int(first + share * span)
  }

  /// A bar over the segments in which a lesion is known, where the curve leaves room.
  private func drawTruth(in screen: inout Screen, _ plot: CellRect) {
    for segment in data.segments where segment.isAffected {
      let from = max(plot.column + Int(x(Double(segment.rows.lowerBound), plot)), plot.column)
      let to = min(plot.column + Int(x(Double(segment.rows.upperBound + 1), plot)), plot.columnEnd)
      for column in from..<max(to, from)
      where " ┊│".unicodeScalars.contains(screen[plot.row, column].glyph) {
        screen.set("━", plot.row, column, .strong)
      }
    }
  }

  /// The names of the two thresholds where they differ, beside their lines where the curve leaves
  /// room.
  private func drawThresholdNames(in screen: inout Screen, _ plot: CellRect) {
    let segment = data.segments.first(where: \.isSelected) ?? data.segments.first
    let number = { (value: Double) in ScoreText.number(value, data.decimals) }
    guard let own = segment?.threshold, number(own) != number(data.threshold) else { return }
    for (name, value) in [("segment", own), ("patient", data.threshold)] {
      let (text, line) = ("\(name) \(number(value))", cellRow(ofThreshold: value, plot))
      let places = [line, line - 1, line + 1].flatMap { row in
        stride(from: plot.columnEnd - text.count, through: plot.column, by: -1).map { (row, $0) }
      }
      let free = places.first { row, column in
        guard row >= plot.row, row < plot.rowEnd else { return false }
        // With a free cell at either side, so that it does not run into the curve.
        let cells = max(column - 1, plot.column)..<min(column + text.count + 1, plot.columnEnd)
        return cells.allSatisfy { " ┊".unicodeScalars.contains(screen[row, $0].glyph) }
      }
      if let (row, column) = free { screen.put(text, row, column, .dim) }
    }
  }

  private var first: Double { Double(data.rows.first ?? 0) }
  private var span: Double { Double((data.rows.last ?? 1) - (data.rows.first ?? 0)) + 1 }

  /// The column of a row of the grid, fractional, from the plot's left edge.
  private func x(_ row: Double, _ plot: CellRect) -> Double {
    (row - first) / span * Double(plot.width)
  }

  /// The value axis.
  private func scale(_ plot: CellRect, perCell: Int) -> CurveScale {
    CurveScale(data, cells: plot.height, perCell: perCell)
  }

  private var perCell: Int { glyphs.perCell.y }

  /// The row of the screen in which a threshold is drawn.
  private func cellRow(ofThreshold value: Double, _ plot: CellRect) -> Int {
    plot.rowEnd - 1 - scale(plot, perCell: perCell).cell(ofThreshold: value)
  }

  /// The threshold that holds in a column of the plot: that of the row under its middle.
  private func threshold(_ column: Int, _ plot: CellRect) -> Double {
    data.threshold(
      atRow: Int(first + (Double(column) + 0.5) / Double(plot.width) * span))
  }

  private func column(_ row: Int, _ plot: CellRect) -> Int {
    plot.column + min(max(Int(x(Double(row) + 0.5, plot)), 0), plot.width - 1)
  }

  private func drawAxis(in screen: inout Screen, _ rect: CellRect, _ plot: CellRect) {
    let base = plot.rowEnd
    for row in plot.row..<base { screen.set("│", row, plot.column - 1, .faint) }
    screen.set("└", base, plot.column - 1, .faint)
    for column in plot.column..<plot.columnEnd { screen.set("─", base, column, .faint) }
    screen.putRight(axisText(data.bottom), base, endingAt: plot.column - 1, .dim)
    // Segment boundaries and the threshold of each column.
    for segment in data.segments {
      for edge in [segment.rows.lowerBound, segment.rows.upperBound + 1] {
        let at = plot.column + Int(x(Double(edge), plot))
        guard at > plot.column, at < plot.columnEnd else { continue }
        for row in plot.row..<base { screen.set("┊", row, at, .faint) }
        screen.set("┴", base, at, .faint)
      }
    }
    for offset in 0..<plot.width {
      let at = cellRow(ofThreshold: threshold(offset, plot), plot)
      screen.set("╌", at, plot.column + offset, .dim)
    }
    let atThreshold = cellRow(ofThreshold: data.threshold, plot)
    screen.putRight(axisText(data.threshold), atThreshold, endingAt: plot.column - 1, .normal)
    screen.set("┤", atThreshold, plot.column - 1, .dim)
    if atThreshold > plot.row {
      screen.putRight(axisText(data.top), plot.row, endingAt: plot.column - 1, .dim)
    }
    drawZero(in: &screen, plot, atThreshold: atThreshold)
    drawNames(in: &screen, plot)
  }

  /// Where 0 is, on an axis that begins below it, if no other number stands there.
  private func drawZero(in screen: inout Screen, _ plot: CellRect, atThreshold: Int) {
    let cell = scale(plot, perCell: perCell).cell(of: 0)
    let row = plot.rowEnd - 1 - cell
    guard data.bottom < 0, cell > 0, row > plot.row, row != atThreshold else { return }
    screen.putRight(axisText(0), row, endingAt: plot.column - 1, .dim)
    screen.set("┤", row, plot.column - 1, .faint)
  }

  /// A number beside the axis, with fewer decimals where it has no room for all.
  private func axisText(_ value: Double) -> String {
    ScoreText.number(value, data.decimals, cells: Self.axisWidth - 1)
  }

  private func drawNames(in screen: inout Screen, _ plot: CellRect) {
    for name in names(in: plot) {
      let segment = data.segments[name.segment]
      let style: Style = segment.isSelected ? .selected : segment.isFlagged ? .accent : .dim
      screen.put(name.text, plot.rowEnd + 1, plot.column + name.column, style)
    }
    let cursor = column(data.cursorRow, plot)
    for row in plot.row..<plot.rowEnd { screen.set("│", row, cursor, .normal) }
    screen.set("┷", plot.rowEnd, cursor, .strong)
  }

  /// The segments' names under the axis.
  private func names(in plot: CellRect) -> [CurveNames.Place] {
    CurveNames.places(
      data.segments.map(\.name),
      columns: data.segments.map { segment in
        (
          from: Int(x(Double(segment.rows.lowerBound), plot).rounded()),
          to: Int(x(Double(segment.rows.upperBound + 1), plot).rounded())
        )
      },
      selected: data.segments.firstIndex(where: \.isSelected), width: plot.width)
  }

  /// The second opinion: a mark in each column of a rhythm. Under the curve in every one, over it in some:
  /// where both lie in one cell it is seen that there are two.
  private func drawSecond(in screen: inout Screen, _ plot: CellRect, every step: Int) {
    let scale = scale(plot, perCell: perCell)
    for offset in stride(from: step / 2, to: plot.width, by: step) {
      let from = first + Double(offset) / Double(plot.width) * span
      let to = first + Double(offset + 1) / Double(plot.width) * span
      guard let value = data.secondPeak(from: from, to: to) else { continue }
      let limit = threshold(offset, plot)
      screen.set(
        glyphs.secondMark, plot.rowEnd - 1 - scale.cell(value, threshold: limit),
        plot.column + offset, value >= limit ? .accent : .normal)
    }
  }

  private func drawCurve(in screen: inout Screen, _ plot: CellRect) {
    var canvas = DotCanvas(columns: plot.width, rows: plot.height, glyphs: glyphs)
    let scale = scale(plot, perCell: canvas.perCell.y)
    var before: Int?
    var peaks = [Double?](repeating: nil, count: plot.width)
    for dot in 0..<canvas.width {
      let from = first + Double(dot) / Double(canvas.width) * span
      let to = first + Double(dot + 1) / Double(canvas.width) * span
      // Where a column is narrower than a row, the row under its middle counts.
      let value =
        data.peak(from: from, to: to)
        ?? data.peak(
          from: ((from + to) / 2).rounded(.down), to: ((from + to) / 2).rounded(.down) + 1)
      guard let value else {
        before = nil
        continue
      }
      let cell = dot / canvas.perCell.x
      peaks[cell] = max(peaks[cell] ?? -.infinity, value)
      let y = canvas.height - 1 - scale.dot(value, threshold: threshold(cell, plot))
      canvas.fill(x: dot, from: before.map { ($0 + y) / 2 } ?? y, to: y)
      if let last = before { canvas.fill(x: dot - 1, from: last, to: (last + y) / 2) }
      before = y
    }
    for row in 0..<plot.height {
      for column in 0..<plot.width {
        guard let glyph = canvas.glyph(row: row, column: column) else { continue }
        let limit = threshold(column, plot)
        let isOver =
          (peaks[column] ?? -.infinity) >= limit
          && plot.height - 1 - row >= scale.cell(ofThreshold: limit)
        screen.set(glyph, plot.row + row, plot.column + column, isOver ? .accent : .strong)
      }
    }
  }
}
