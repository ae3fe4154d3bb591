extension Montage {
  private static let gap = 6
  private static let barWidth = 12
  private static let barRoom = 76

  /// The montage as a picture as large as its images ask for.
  /// - Parameter cellHeight: Height of every image in px.
  public func drawn(cellHeight: Int = 200) -> RGBRaster {
    let grid = Grid(self, cellHeight: cellHeight)
    var canvas = PlotCanvas(width: grid.width, height: grid.height)
    for line in grid.head { canvas.write(line.text, x: line.x, y: line.y, line.style) }
    for (r, row) in rows.enumerated() {
      for (c, image) in row.enumerated() {
        let cell = grid.cell(r, c)
        let picture = image.picture
        canvas.draw(picture, in: Self.fitted(image.shape, pixelAspect, in: cell))
      }
    }
    drawCaptions(on: &canvas, grid)
    drawBars(on: &canvas, grid)
    for (r, chart) in rowCharts.prefix(rows.count).enumerated() {
      let columns = grid.chartsLeft..<(grid.chartsLeft + Self.chartWidth)
      chart.draw(
        on: &canvas, in: PixelRect(rows: grid.cell(r, 0).rows, columns: columns), isPanel: true)
    }
    return canvas.picture
  }

  /// The largest rectangle of a shape about the middle of a cell.
  private static func fitted(
    _ shape: Double?, _ pixelAspect: Double, in cell: PixelRect
  ) -> PixelRect {
    guard let shape else { return PixelRect(rows: 0..<0, columns: 0..<0) }
    let wide = shape / Grid.usable(pixelAspect)
    let width = min(Double(cell.width), Double(cell.height) * wide)
    let columns = min(max(Int(width.rounded()), 1), cell.width)
    let rows = min(max(Int((width / wide).rounded()), 1), cell.height)
    let left = cell.columns.lowerBound + (cell.width - columns) / 2
    let top = cell.rows.lowerBound + (cell.height - rows) / 2
    return PixelRect(rows: top..<(top + rows), columns: left..<(left + columns))
  }

  private func drawCaptions(on canvas: inout PlotCanvas, _ grid: Grid) {
    let text = ChartLayout.letters
    for (c, lines) in grid.columnCaptions.enumerated() {
      let cell = grid.cell(0, c)
      let top = cell.rows.lowerBound - lines.count * (text.height + 2) - 1
      for (n, line) in lines.enumerated() {
        canvas.write(
          line, x: (cell.columns.lowerBound + cell.columns.upperBound) / 2,
          y: top + n * (text.height + 2), text, anchor: .centre)
      }
    }
    for (r, caption) in rowCaptions.prefix(rows.count).enumerated() {
      let cell = grid.cell(r, 0)
      canvas.write(
        text.fitted(caption, to: cell.height), x: ChartLayout.margin,
        y: (cell.rows.lowerBound + cell.rows.upperBound) / 2, text, anchor: .centre, isTurned: true)
    }
  }

  /// A bar for every scale of a row; rows of the same scales share theirs.
  private func drawBars(on canvas: inout PlotCanvas, _ grid: Grid) {
    var r = 0
    while r < rows.count {
      let scales = Self.scales(of: rows[r])
      var last = r
      while last + 1 < rows.count, Self.scales(of: rows[last + 1]) == scales { last += 1 }
      for (n, scale) in scales.enumerated() {
        let left = grid.barsLeft + n * Self.barRoom
        let span = grid.cell(r, 0).rows.lowerBound..<grid.cell(last, 0).rows.upperBound
        // Numbers at the ends of bars below each other must not meet.
        let inset = min(max((span.count - 260) / 2, 4), span.count / 4)
        Self.draw(
          scale, on: &canvas,
          in: PixelRect(
            rows: (span.lowerBound + inset)..<(span.upperBound - inset),
            columns: left..<(left + Self.barWidth)))
      }
      r = last + 1
    }
  }

  private static func draw(_ scale: Scale, on canvas: inout PlotCanvas, in rect: PixelRect) {
    let colours = Array(scale.colormap.steps(max(rect.height, 2)).reversed())
    let bar = RGBRaster(rows: colours.count, columns: 1, pixels: colours)
    canvas.draw(bar, in: rect)
    canvas.frame(rect, PlotInk.axis)
    let text = ChartLayout.letters
    let low = Double(scale.colormap.domain.lowerBound) * Double(scale.fullScale)
    let axis = PlotAxis(
      from: low, to: Double(scale.fullScale), start: Double(rect.rows.upperBound) - 0.5,
      end: Double(rect.rows.lowerBound) + 0.5)
    var widest = 0
    for tick in axis.ticks(about: min(max(rect.height / 40, 2), 6)) {
      guard let y = Chart.pixel(axis.position(of: tick.value), in: rect.rows) else { continue }
      let right = rect.columns.upperBound
      canvas.fill(PixelRect(rows: y..<(y + 1), columns: right..<(right + 3)), PlotInk.axis)
      canvas.write(tick.label, x: right + 6, y: y - text.capitals / 2, text)
      widest = max(widest, text.width(tick.label))
    }
    canvas.write(
      text.fitted(scale.label, to: rect.height), x: rect.columns.upperBound + 6 + widest + gap,
      y: (rect.rows.lowerBound + rect.rows.upperBound) / 2, text, anchor: .centre, isTurned: true)
  }

  private static func scales(of row: [Image]) -> [Scale] {
    var found: [Scale] = []
    for scale in row.compactMap(\.scale) where !found.contains(scale) { found.append(scale) }
    return found
  }

  /// Where the parts of a montage stand.
  private struct Grid {
    var head: [ChartLayout.Line]
    var columnCaptions: [[String]]
    var cellWidth: Int
    var cellHeight: Int
    var left: Int
    var top: Int
    var barsLeft: Int
    var chartsLeft: Int
    var width: Int
    var height: Int

    init(_ montage: Montage, cellHeight wanted: Int) {
      let count = (rows: montage.rows.count, columns: montage.rows.map(\.count).max() ?? 0)
      let (margin, text) = (ChartLayout.margin, ChartLayout.letters)
      let most = PlotCanvas.longestSide / 2
      cellHeight = min(max(wanted, 8), most / max(count.rows, 1))
      let shapes = montage.rows.joined().compactMap(\.shape)
      let widest = (shapes.max() ?? 1) / Self.usable(montage.pixelAspect) * Double(cellHeight)
      cellWidth = min(Int(min(max(widest.rounded(), 8), 1e6)), most / max(count.columns, 1))
      left = margin + (montage.rowCaptions.isEmpty ? 0 : text.capitals + Montage.gap)
      let imagesWidth = count.columns * (cellWidth + Montage.gap) - Montage.gap
      barsLeft = left + max(imagesWidth, 0) + 2 * Montage.gap
      let bars = montage.rows.map { Montage.scales(of: $0).count }.max() ?? 0
      // Room for the notice at least, which must be legible on the smallest montage.
      let notice = text.width(PlotNotice.researchUse) + 2 * margin
      chartsLeft = barsLeft + bars * Montage.barRoom - (bars == 0 ? Montage.gap : 0)
      width = max(chartsLeft + (montage.rowCharts.isEmpty ? 0 : Montage.chartWidth), notice)
      let cellWidth = cellWidth
      columnCaptions = montage.columnCaptions.prefix(count.columns).map {
        text.wrapped($0, to: cellWidth, lines: 2)
      }
      let page = PixelRect(
        rows: margin..<PlotCanvas.longestSide, columns: margin..<(width - margin))
      let placed = ChartLayout.head(
        montage.title, PlotNotice.line(montage.note), isPanel: false, in: page)
      head = placed.lines
      let lines = columnCaptions.map(\.count).max() ?? 0
      top = placed.rest.lowerBound + lines * (text.height + 2) + 2
      height = top + count.rows * (cellHeight + Montage.gap) - Montage.gap + margin
    }

    /// The place of an image.
    func cell(_ row: Int, _ column: Int) -> PixelRect {
      let (y, x) = (
        top + row * (cellHeight + Montage.gap), left + column * (cellWidth + Montage.gap)
      )
      return PixelRect(rows: y..<(y + cellHeight), columns: x..<(x + cellWidth))
    }

    static func usable(_ aspect: Double) -> Double {
      aspect.isFinite && aspect > 0 ? min(max(aspect, 0.01), 100) : 1
    }
  }
}
