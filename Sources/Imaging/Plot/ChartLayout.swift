/// Where everything in a chart stands, found before anything is drawn. All in px of the canvas.
struct ChartLayout {
  /// Title and note.
  var lines: [Line]
  /// Entries of the legend, unless it stands in the plot.
  var legend: [PlacedEntry] = []
  /// The strip of the regions' names.
  var strip: PixelRect
  /// The plot itself, inside its axes.
  var plot: PixelRect
  var x: PlotAxis
  var y: PlotAxis
  var xTicks: [PlotAxis.Tick] = []
  var yTicks: [PlotAxis.Tick] = []
  /// How the names of categories stand.
  var names = CategoryNames()

  /// A line of text with the upper left corner of its capitals.
  struct Line {
    var text: String
    var x: Int
    var y: Int
    var style: PlotText
  }

  /// An entry of the legend with its upper left corner.
  struct PlacedEntry {
    var entry: Chart.LegendEntry
    var x: Int
    var y: Int
  }

  static let letters = PlotText(colour: PlotInk.text)
  static let margin = 14
  static let tick = 4
  static let gap = 5

  /// Lays a chart out in a rectangle; in a panel the title is smaller and the notice is left to
  /// the whole figure.
  init(_ chart: Chart, in rect: PixelRect, isPanel: Bool) {
    let inner = rect.grown(rows: -Self.margin, columns: -Self.margin).clamped(to: rect)
    let note = isPanel ? chart.note : PlotNotice.line(chart.note)
    let head = Self.head(chart.title, note, isPanel: isPanel, in: inner)
    lines = head.lines
    let area = PixelRect(rows: head.rest, columns: inner.columns)
    let entries = chart.legendEntries
    if chart.legendPlace == .above { legend = Self.rows(of: entries, in: area) }
    let ranges = chart.ranges

    // Rows first: they decide which ticks the y axis gets, and the ticks where the plot begins.
    let legendHeight = legend.last.map { $0.y - area.rows.lowerBound + Self.letters.height + 6 }
    let narrow = chart.legendPlace == .beside ? area.width / 2 : area.width * 4 / 5
    let stripHeight = Self.stripHeight(chart, ranges.x, width: narrow)
    let tallest = Self.names(chart.categoryNames, width: narrow, room: area.height / 3)
    let below = Self.tick + Self.gap + tallest.height + Self.nameHeight(chart.x)
    let top = area.rows.lowerBound + (legendHeight ?? 0) + stripHeight + 6
    var rows = top..<max(area.rows.upperBound - below, top + 1)
    yTicks = Self.vertical(chart.y, ranges.y, rows).ticks(about: Self.tickCount(rows.count))
    var columns = Self.columns(chart, beside: yTicks, in: area)
    if chart.isSquare {
      let side = min(rows.count, columns.count)
      rows = rows.lowerBound..<(rows.lowerBound + side)
      columns = columns.lowerBound..<(columns.lowerBound + side)
    }

    plot = PixelRect(rows: rows, columns: columns)
    strip = PixelRect(rows: (rows.lowerBound - stripHeight)..<rows.lowerBound, columns: columns)
    y = Self.vertical(chart.y, ranges.y, rows)
    x = PlotAxis(
      from: ranges.x.lower, to: ranges.x.upper, start: Double(columns.lowerBound) + 0.5,
      end: Double(columns.upperBound) - 0.5, isReversed: chart.x.isReversed)
    if chart.categoryNames.isEmpty {
      xTicks = Self.fitting(x, columns.count)
    } else {
      names = Self.names(chart.categoryNames, width: columns.count, room: tallest.height)
    }
    if chart.legendPlace == .beside { legend = Self.column(of: entries, beside: plot, in: area) }
  }

  private static func vertical(
    _ axis: Chart.Axis, _ range: ValueRange, _ rows: Range<Int>
  ) -> PlotAxis {
    PlotAxis(
      from: range.lower, to: range.upper, start: Double(rows.upperBound) - 0.5,
      end: Double(rows.lowerBound) + 0.5, isReversed: axis.isReversed)
  }

  /// What the plot may span between the numbers of its y axis and a legend beside it.
  private static func columns(
    _ chart: Chart, beside ticks: [PlotAxis.Tick], in area: PixelRect
  ) -> Range<Int> {
    let numbers = ticks.map { letters.width($0.label) }.max() ?? 0
    let name = chart.y.label.isEmpty ? 0 : letters.capitals + 2 * gap
    let left = area.columns.lowerBound + name + numbers + gap + tick
    var right = area.columns.upperBound - 6
    if chart.legendPlace == .beside {
      let widest = chart.legendEntries.map(\.width).max() ?? 0
      right -= widest == 0 ? 0 : min(widest + legendDistance, area.width * 2 / 5)
    }
    return left..<max(right, left + 1)
  }

  /// Height of the name of an axis below its numbers.
  private static func nameHeight(_ axis: Chart.Axis) -> Int {
    axis.label.isEmpty ? 3 : gap + letters.height + 3
  }

  private static func tickCount(_ length: Int) -> Int { min(max(length / 60, 3), 10) }

  /// As many ticks as their labels leave room for.
  private static func fitting(_ axis: PlotAxis, _ width: Int) -> [PlotAxis.Tick] {
    for count in stride(from: tickCount(width), to: 1, by: -1) {
      let ticks = axis.ticks(about: count)
      let widest = ticks.map { letters.width($0.label) }.max() ?? 0
      if ticks.count * (widest + 2 * letters.advance) <= width + widest { return ticks }
    }
    return axis.ticks(about: 1)
  }
}
