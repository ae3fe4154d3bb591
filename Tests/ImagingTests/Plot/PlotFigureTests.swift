import Foundation
import Testing

@testable import Imaging

@Suite struct PlotFigureTests {
  static let sizes = [(420, 300), (150, 100), (40, 30), (1, 1)]

  static func layout(_ chart: Chart, _ width: Int, _ height: Int) -> ChartLayout {
    ChartLayout(
      chart, in: PixelRect(rows: 0..<height, columns: 0..<width), isPanel: false)
  }

  @Test func samplesAreTheSameEveryTimeAndRoundTripAsPNG() throws {
    for (name, chart) in PlotSamples.all {
      let picture = chart.drawn()
      #expect(picture.columns == 900 && picture.rows == 600)
      #expect(chart.drawn() == picture, "\(name)")
      #expect(try PNG.decodeRGB(try PNG.encode(picture)) == picture)
    }
    let montage = PlotSamples.montage
    #expect(montage.drawn() == montage.drawn())
  }

  /// Ink of the parts of a chart must not run out of the picture or into each other.
  @Test func partsLieInsideAndApart() {
    for (name, chart) in PlotSamples.all {
      for place in [Chart.Legend.above, .beside] {
        var placed = chart
        placed.legend = place
        let layout = Self.layout(placed, 900, 600)
        let page = PixelRect(rows: 0..<600, columns: 0..<900)
        #expect(layout.plot.clamped(to: page) == layout.plot, "\(name)")
        #expect(layout.plot.width > 250 && layout.plot.height > 120, "\(name) \(layout.plot)")
        let boxes = layout.legend.map {
          PixelRect(rows: $0.y..<($0.y + 12), columns: $0.x..<($0.x + $0.entry.width))
        }
        for (n, box) in boxes.enumerated() {
          #expect(box.clamped(to: page) == box, "\(name) \(box)")
          #expect(box.clamped(to: layout.plot).isEmpty && box.clamped(to: layout.strip).isEmpty)
          for other in boxes[(n + 1)...] { #expect(box.clamped(to: other).isEmpty) }
        }
        #expect(!boxes.isEmpty)
        for line in layout.lines {
          #expect(line.x + line.style.width(line.text) <= 900 - 14)
          #expect(line.y + line.style.height <= layout.strip.rows.lowerBound)
        }
      }
    }
  }

  @Test func theInnerLegendTakesTheEmptiestCorner() {
    var chart = PlotSamples.roc
    chart.legend = .none
    let layout = Self.layout(chart, 600, 600)
    let box = Chart.legendBox(
      chart.legendEntries, in: layout.plot, of: chart.drawn(width: 600, height: 600))
    #expect(box.clamped(to: layout.plot) == box)
    // Curves fill the upper left of a ROC plot.
    #expect(box.rows.lowerBound > (layout.plot.rows.lowerBound + layout.plot.rows.upperBound) / 2)
    #expect(box.columns.lowerBound > layout.plot.columns.lowerBound + layout.plot.width / 2)
    #expect(Chart.legendBox([], in: layout.plot, of: chart.drawn()).isEmpty)
  }

  @Test func oneNameIsOneEntryAndOneStyle() {
    let entries = PlotSamples.anoCurve.legendEntries
    #expect(entries.map(\.name) == ["core", "segment mean", "threshold 1.50"])
    #expect(entries[0].samples.count == 2)
    let chart = PlotSamples.anoCurve
    #expect(chart.style(of: chart.series[0]) == chart.style(of: chart.series[1]))
    #expect(chart.style(of: chart.series[2]) != chart.style(of: chart.series[0]))
  }

  @Test func stylesDifferInMoreThanColour() {
    #expect(Set(PlotStyle.palette).count == 8)
    for n in 1..<5 {
      for m in 0..<n {
        let (a, b) = (PlotStyle.standard(n), PlotStyle.standard(m))
        #expect(a.colour != b.colour && a.dash != b.dash && a.marker != b.marker)
      }
    }
    #expect(Set((0..<280).map(PlotStyle.standard)).count == 280)
    #expect(PlotStyle.standard(-1) == PlotStyle.standard(279))
  }

  /// The notice is drawn letter by letter where the layout says.
  @Test func everyFigureBearsTheNotice() {
    func bears(_ picture: RGBRaster, _ lines: [ChartLayout.Line]) -> Bool {
      guard let line = lines.first(where: { $0.text.hasPrefix("Research use only, not for") })
      else { return false }
      var canvas = PlotCanvas(width: picture.columns, height: picture.rows)
      canvas.write(line.text, x: line.x, y: line.y, line.style)
      return (line.y..<(line.y + 12)).allSatisfy { row in
        (0..<picture.columns).allSatisfy { canvas.picture[row, $0] == picture[row, $0] }
      }
    }
    for (_, chart) in PlotSamples.all {
      #expect(bears(chart.drawn(), Self.layout(chart, 900, 600).lines))
    }
    let page = PixelRect(rows: 14..<2000, columns: 14..<2000)
    let head = ChartLayout.head("", PlotNotice.line(""), isPanel: false, in: page)
    #expect(bears(Montage("", rows: []).drawn(), head.lines))
    #expect(bears(ChartGrid("", charts: []).drawn(), head.lines))
  }

  @Test func oddInputIsDrawn() {
    let odd: [Double] = [.nan, .infinity, -.infinity, 1e300, -1e300, 0, 1e-300]
    let kinds: [[Chart.Series]] = [
      [], [.line("a", x: [], y: [])], [.line("a", x: odd, y: odd, markers: true)],
      [.points("a", x: [3], y: [3])], [.steps("a", x: odd, y: [1, 1, 1, 1, 1, 1, 1])],
      [.band("a", x: odd, lower: odd, upper: odd.reversed())],
      [Chart.Series("a", .bars(edges: [1], heights: odd))],
      [.histogram("a", odd, bins: -4, from: .nan, to: .nan, isDensity: true)],
      [.samples("a", [[], odd, [2], [2, 2, 2, 2, 2, 2]])], [.samples("", [])],
      [.estimates("a", odd.map { Chart.Estimate($0, lower: $0, upper: -$0) })],
      (0..<300).map { .points("\($0)", x: [Double($0)], y: [0]) },
    ]
    for (n, series) in kinds.enumerated() {
      for (width, height) in Self.sizes {
        for legend in [Chart.Legend.above, .beside, .inside] {
          let chart = Chart(
            "t", x: .init("x", from: .nan, to: n % 2 == 0 ? 1 : .infinity), y: .init("y"),
            series: series, references: odd.map { .x($0, "r") } + odd.map { .y($0) },
            regions: [.init(from: .nan, to: 1, "r"), .init(from: -1e300, to: 1e300, "r")],
            legend: legend, isSquare: n % 3 == 0)
          let picture = chart.drawn(width: width, height: height)
          #expect(picture.rows == height && picture.columns == width)
          #expect(width < 400 || Set(picture.pixels).count > 3, "kind \(n) at \(width)")
        }
      }
    }
    for (width, height) in Self.sizes {
      let picture = PlotSamples.overfull.drawn(width: width, height: height)
      #expect(picture.rows == height && picture.columns == width)
    }
  }

  @Test func montagesPlaceTheirImages() throws {
    let red = RGB8(r: 250, g: 0, b: 0)
    let scale = Montage.Scale(.uncertainty, fullScale: .nan)
    #expect(scale.fullScale == 1)
    let montage = Montage(
      "",
      rows: [
        [.colour(RGBRaster(rows: 10, columns: 10, filledWith: red)), .blank],
        [
          .grey(ImageRaster(rows: 4, columns: 4, filledWith: 7), WindowLevel(from: 0, to: 7)),
          .map(ImageRaster(rows: 10, columns: 5, filledWith: 1), scale),
        ],
      ], columnCaptions: ["a", "b", "c"])
    let picture = montage.drawn(cellHeight: 40)
    #expect(picture.pixels.count { $0 == red } == 1600)
    let top = Colormap.uncertainty.colour(1)
    // The image is half as wide as its cell; the bar shows its colour too.
    #expect((800...900).contains(picture.pixels.count { $0 == top }))
    for odd in [-1, 0, 100_000] {
      let drawn = PlotSamples.montage.drawn(cellHeight: min(odd, 300))
      #expect(drawn.rows > 40 && drawn.rows <= PlotCanvas.longestSide)
    }
    var thin = montage
    thin.pixelAspect = .nan
    #expect(thin.drawn(cellHeight: 40) == picture)
  }

  @Test func rowsOfMontagesEndInTheirCharts() {
    var montage = PlotSamples.montage
    let plain = montage.drawn()
    montage.rowCharts = [PlotSamples.anoCurve, PlotSamples.roc]
    let picture = montage.drawn()
    #expect(picture.rows == plain.rows && picture.columns == plain.columns + Montage.chartWidth)
    // The images stay where they were; the last row has no chart.
    #expect(picture.cropped(0..<plain.rows, 0..<plain.columns) == plain)
    func colours(_ rows: Range<Int>) -> Int {
      Set(picture.cropped(rows, plain.columns..<picture.columns).pixels).count
    }
    let bottom = picture.rows - ChartLayout.margin
    #expect(colours((bottom - 612)..<(bottom - 412)) > 20)
    #expect(colours((bottom - 406)..<(bottom - 206)) > 20)
    #expect(colours((bottom - 200)..<picture.rows) == 1)
    montage.rowCharts += Array(repeating: PlotSamples.roc, count: 5)
    #expect(montage.drawn().rows == plain.rows)
  }

  @Test func gridsHoldTheirCharts() {
    let grid = ChartGrid("t", columns: 2, charts: PlotSamples.all.prefix(3).map(\.chart))
    let picture = grid.drawn(width: 800, height: 600)
    func colours(_ rows: Range<Int>, _ columns: Range<Int>) -> Int {
      Set(rows.flatMap { row in columns.map { picture[row, $0] } }).count
    }
    #expect(colours(60..<320, 0..<400) > 20 && colours(60..<320, 400..<800) > 20)
    #expect(colours(340..<600, 0..<400) > 20 && colours(340..<600, 400..<800) == 1)
    #expect([0, 25, 26, 27, 52].map(ChartGrid.letter) == ["a", "z", "aa", "ab", "ba"])
    for (width, height) in Self.sizes {
      #expect(grid.drawn(width: width, height: height).columns == width)
    }
  }

  /// Writes the samples to look at; only with PICTURES=<folder>.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PICTURES"] != nil))
  func drawSamples() throws {
    let folder = URL(
      fileURLWithPath: ProcessInfo.processInfo.environment["PICTURES"] ?? "/tmp",
      isDirectory: true)
    func save(_ picture: RGBRaster, _ name: String) throws {
      try PNG.write(picture, to: folder.appendingPathComponent("plot-\(name).png"))
    }
    for (name, chart) in PlotSamples.all { try save(chart.drawn(), name) }
    try save(PlotSamples.montage.drawn(), "montage")
    let charts = PlotSamples.all.map(\.chart)
    let grid = ChartGrid("Six charts", columns: 3, charts: Array(charts.prefix(6)))
    try save(grid.drawn(width: 1500, height: 900), "grid")
  }
}
