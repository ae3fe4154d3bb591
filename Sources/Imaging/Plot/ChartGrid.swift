/// Several charts in one figure, in rows from the upper left, lettered (a), (b), (c) ...
public struct ChartGrid: Sendable {
  /// What they show together.
  public var title: String
  /// What the data are; stands after the notice that every figure bears.
  public var note: String
  /// The charts, row by row.
  public var charts: [Chart]
  /// How many stand side by side.
  public var columns: Int
  /// Whether a letter stands before each chart's title.
  public var isLettered: Bool

  /// Makes a figure of charts.
  public init(
    _ title: String, note: String = "", columns: Int = 2, isLettered: Bool = true,
    charts: [Chart]
  ) {
    self.title = title
    self.note = note
    self.charts = charts
    self.columns = columns
    self.isLettered = isLettered
  }

  /// The figure as a picture.
  public func drawn(width: Int = 1200, height: Int = 900) -> RGBRaster {
    var canvas = PlotCanvas(width: width, height: height)
    let margin = ChartLayout.margin
    let page = canvas.bounds.grown(rows: -margin, columns: -margin).clamped(to: canvas.bounds)
    let head = ChartLayout.head(title, PlotNotice.line(note), isPanel: false, in: page)
    for line in head.lines { canvas.write(line.text, x: line.x, y: line.y, line.style) }
    let across = min(max(columns, 1), max(charts.count, 1))
    let down = (charts.count + across - 1) / across
    for (n, chart) in charts.enumerated() {
      let cell = PixelRect(
        rows: Self.part(n / across, of: down, in: head.rest.lowerBound..<canvas.height),
        columns: Self.part(n % across, of: across, in: 0..<canvas.width))
      var panel = chart
      if isLettered { panel.title = "(\(Self.letter(n))) " + chart.title }
      panel.draw(on: &canvas, in: cell, isPanel: true)
    }
    return canvas.picture
  }

  /// One of several equal parts of a range.
  private static func part(_ n: Int, of count: Int, in range: Range<Int>) -> Range<Int> {
    let ends = [n, n + 1].map { range.lowerBound + range.count * $0 / count }
    return ends[0]..<ends[1]
  }

  /// a ... z, then aa, ab ...
  static func letter(_ n: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return (n >= letters.count ? letter(n / letters.count - 1) : "")
      + String(letters[n % letters.count])
  }
}
