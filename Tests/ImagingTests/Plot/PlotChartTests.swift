import Testing

@testable import Imaging

@Suite struct PlotChartTests {
  static let size = (width: 500, height: 360)

  static func draw(_ chart: Chart) -> (picture: RGBRaster, layout: ChartLayout) {
    let rect = PixelRect(rows: 0..<size.height, columns: 0..<size.width)
    return (
      chart.drawn(width: size.width, height: size.height),
      ChartLayout(chart, in: rect, isPanel: false)
    )
  }

  /// The colour at a point in data units.
  static func colour(
    _ drawn: (picture: RGBRaster, layout: ChartLayout), _ x: Double, _ y: Double
  ) -> RGB8 {
    let row = Int(drawn.layout.y.position(of: y).rounded(.down))
    let column = Int(drawn.layout.x.position(of: x).rounded(.down))
    return drawn.picture[row, column]
  }

  static let blue = PlotStyle.palette[0]
  static let vermilion = PlotStyle.palette[1]
  static let axes = (x: Chart.Axis(from: 0, to: 10), y: Chart.Axis(from: 0, to: 10))

  static func chart(
    _ series: [Chart.Series], references: [Chart.Reference] = [], regions: [Chart.Region] = []
  ) -> Chart {
    Chart(
      "t", x: axes.x, y: axes.y, series: series, references: references, regions: regions,
      legend: .none)
  }

  @Test func linesPassThroughTheirPointsAndLeaveGaps() {
    let y: [Double] = [5, 5, 5, .nan, 5, 5, .nan, 5, .nan, 5, 5]
    let drawn = Self.draw(Self.chart([.line("a", x: (0...10).map(Double.init), y: y)]))
    for x in [0.5, 1.5, 4.5, 9.5] { #expect(Self.colour(drawn, x, 5) == Self.blue, "at \(x)") }
    for x in [2.6, 3, 5.6, 6.4, 7.6, 8.4] {
      #expect(Self.colour(drawn, x, 5.01) != Self.blue, "at \(x)")
    }
    // A value alone between gaps is a marker, not nothing.
    #expect(Self.colour(drawn, 7, 5) == Self.blue)
  }

  @Test func stepsKeepTheirValue() {
    let drawn = Self.draw(Self.chart([.steps("a", x: [1, 5, 9], y: [2, 7, 7])]))
    #expect(Self.colour(drawn, 3, 2) == Self.blue)
    #expect(Self.colour(drawn, 5, 4.5) == Self.blue)
    #expect(Self.colour(drawn, 7, 7) == Self.blue)
    #expect(Self.colour(drawn, 3, 4.5) == .white)
  }

  @Test func bandsAndBarsArePale() {
    let pale = RGB8.white.mixed(with: Self.blue, opacity: Float(PlotOpacity.area))
    let band = Self.draw(
      Self.chart([.band("a", x: [1, 4, 6, 9], lower: [2, 2, 6, 2], upper: [6, 6, .nan, 6])]))
    #expect(Self.colour(band, 2.5, 4.5) == pale)
    #expect(Self.colour(band, 5, 4.5) == .white && Self.colour(band, 2.5, 6.6) == .white)
    let bars = Self.draw(Self.chart([.histogram("a", [1, 1, 1, 7, 10], bins: 5, from: 0, to: 10)]))
    #expect(Self.colour(bars, 1.1, 1.5) == pale && Self.colour(bars, 1.1, 3.5) == .white)
    #expect(Self.colour(bars, 3.1, 0.5) == .white && Self.colour(bars, 9.5, 0.5) == pale)
  }

  @Test func histogramsCountEveryValueOnce() throws {
    guard
      case .bars(let edges, let heights) =
        Chart.Series.histogram(
          "a", [0, 0.5, 1, 2, 2, 4, 5, -1, .nan], bins: 4, from: 0, to: 4
        )
        .marks
    else {
      Issue.record("no bars")
      return
    }
    #expect(edges == [0, 1, 2, 3, 4] && heights == [2, 1, 2, 1])
    let density = Chart.Series.histogram("a", [0, 1, 2], bins: 4, from: 0, to: 2, isDensity: true)
    guard case .bars(_, let shares) = density.marks else { return }
    #expect(abs(shares.reduce(0, +) * 0.5 - 1) < 1e-12)
    #expect(density.extent.y.lower == 0)
  }

  @Test func estimatesStandBesideEachOther() {
    let chart = Chart(
      "t", x: .init(categories: ["a", "b"]), y: Self.axes.y,
      series: [
        .estimates("p", [.init(5, lower: 3, upper: 8), .init(.nan, lower: 1, upper: 9)]),
        .estimates("q", [.init(5), .init(6, lower: 4, upper: 7)]),
      ], legend: .none)
    let drawn = Self.draw(chart)
    for y in [3.2, 5, 7.8] { #expect(Self.colour(drawn, -0.2, y) == Self.blue, "at \(y)") }
    #expect(Self.colour(drawn, 0.2, 5) == Self.vermilion)
    #expect(Self.colour(drawn, 0.2, 3.5) == .white)
    #expect(Self.colour(drawn, 0.8, 5.5) == .white && Self.colour(drawn, 1.2, 5) == Self.vermilion)
  }

  @Test func boxesShowQuartilesAndWhiskers() throws {
    let values: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 30, .nan]
    let summary = try #require(Chart.Summary(values))
    #expect(summary.median == 5.5 && summary.quartiles == (3.25, 7.75))
    #expect(summary.whiskers == (1, 9))
    #expect(Chart.Summary([.nan]) == nil)
    let chart = Chart(
      "t", x: .init(categories: ["a"]), y: .init(from: 0, to: 40),
      series: [.samples("p", [values], as: .box)], legend: .none)
    let drawn = Self.draw(chart)
    for y in [5.5, 2, 8.5, 1] { #expect(Self.colour(drawn, 0, y) == Self.blue, "at \(y)") }
    #expect(Self.colour(drawn, 0.05, 4.3) != .white && Self.colour(drawn, 0, 17) == .white)
    #expect(Self.colour(drawn, 0, 30) != .white, "the value beyond the whiskers")
  }

  @Test func jitterIsEvenAndAlwaysTheSame() {
    let shifts = (0..<200).map(Chart.jitter)
    #expect(shifts == (0..<200).map(Chart.jitter) && Set(shifts).count == 200)
    #expect(shifts.allSatisfy { (-0.5...0.5).contains($0) })
    #expect(abs(shifts.reduce(0, +)) < 1)
  }

  @Test func referencesAndRegionsSpanThePlot() {
    let style = PlotStyle(.black)
    let drawn = Self.draw(
      Self.chart(
        [], references: [.y(4, "", style), .x(7.3, "", style), .y(.nan), .x(40)],
        regions: [
          .init(from: 2, to: 5, "C2-3"), .init(from: 5, to: 9, "C3-4"),
          .init(from: .nan, to: 3, "no"),
        ]))
    for x in [0.5, 3, 9.5] { #expect(Self.colour(drawn, x, 4) == .black) }
    for y in [0.5, 9.5] { #expect(Self.colour(drawn, 7.3, y) == .black) }
    #expect(Self.colour(drawn, 3, 7) == PlotInk.region)
    #expect(Self.colour(drawn, 6, 7) == .white && Self.colour(drawn, 1, 7) == .white)
    let strip = drawn.layout.strip
    let names = strip.rows.reduce(0) { sum, row in
      sum + strip.columns.count { drawn.picture[row, $0] == PlotInk.text }
    }
    #expect(names > 60)
  }

  @Test func reversedAxesRunBackwards() {
    var chart = Self.chart([.points("a", x: [2], y: [3])])
    chart.x.isReversed = true
    chart.y.isReversed = true
    let drawn = Self.draw(chart)
    #expect(Self.colour(drawn, 2, 3) != .white)
    #expect(drawn.layout.x.position(of: 2) > drawn.layout.x.position(of: 8))
    #expect(drawn.layout.y.position(of: 3) < drawn.layout.y.position(of: 8))
  }

  @Test func unknownEndsComeFromTheData() {
    var chart = Self.chart([.line("a", x: [2, 6], y: [-3, 9])])
    chart.x = .init("", from: 0)
    chart.y = .init()
    let ranges = chart.ranges
    #expect(ranges.x.lower == 0 && ranges.x.upper > 6 && ranges.x.upper < 6.2)
    #expect(ranges.y.lower < -3 && ranges.y.upper > 9 && ranges.y.upper < 10)
  }
}
