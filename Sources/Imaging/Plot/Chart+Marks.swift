extension Chart {
  /// Draws the data of a series.
  func draw(_ one: Series, on canvas: inout PlotCanvas, _ layout: ChartLayout) {
    let style = style(of: one)
    func px(_ p: PlotPoint) -> PlotPoint {
      PlotPoint(layout.x.position(of: p.x), layout.y.position(of: p.y))
    }
    switch one.marks {
    case .line(let points, let markers):
      let places = points.map(px)
      canvas.stroke(places, style.colour, width: 2, dash: style.dash)
      let alone = PlotCanvas.runs(places).filter { $0.count == 1 }.joined()
      for place in markers ? places : Array(alone) {
        mark(place, style, on: &canvas, layout)
      }
    case .steps(let points):
      canvas.stroke(Self.stairs(points.map(px)), style.colour, width: 2, dash: style.dash)
    case .points(let points):
      for point in points { mark(px(point), style, opacity: 0.8, on: &canvas, layout) }
    case .band(let x, let lower, let upper):
      let low = PlotPoint.zipped(x, lower).map(px)
      let high = PlotPoint.zipped(x, upper).map(px)
      Self.fillBand(low, high, style.colour, on: &canvas)
    case .bars(let edges, let heights):
      drawBars(edges, heights, style, on: &canvas, layout)
    case .samples(let groups, let kind):
      let place = place(of: one)
      for (n, values) in groups.enumerated() {
        draw(values, kind, style, at: Double(n) + place.offset, place.width, &canvas, layout)
      }
    case .estimates(let estimates):
      let place = place(of: one)
      for (n, estimate) in estimates.enumerated() {
        draw(estimate, style, at: Double(n) + place.offset, on: &canvas, layout)
      }
    }
  }

  /// Draws a marker whose middle lies in the plot, whole even at its edge.
  func mark(
    _ p: PlotPoint, _ style: PlotStyle, size: Double = 7, opacity: Double = 1,
    on canvas: inout PlotCanvas, _ layout: ChartLayout
  ) {
    guard Self.pixel(p.x, in: layout.plot.columns) != nil,
      Self.pixel(p.y, in: layout.plot.rows) != nil
    else { return }
    let lines = canvas.clip
    canvas.clip = layout.plot.grown(rows: 8, columns: 8)
    canvas.mark(style.marker, at: p, style.colour, size: size, opacity: opacity)
    canvas.clip = lines
  }

  /// The corners of a line that keeps each value until the next point.
  private static func stairs(_ points: [PlotPoint]) -> [PlotPoint] {
    var result: [PlotPoint] = []
    for (n, p) in points.enumerated() {
      if n > 0, p.isFinite, points[n - 1].isFinite {
        result.append(PlotPoint(p.x, points[n - 1].y))
      }
      result.append(p)
    }
    return result
  }

  /// Fills between two lines wherever both are numbers.
  private static func fillBand(
    _ low: [PlotPoint], _ high: [PlotPoint], _ colour: RGB8, on canvas: inout PlotCanvas
  ) {
    let pairs = zip(low, high).map { (low: $0, high: $1) }
    for run in pairs.split(whereSeparator: { !$0.low.isFinite || !$0.high.isFinite }) {
      if run.count == 1, let only = run.first {
        canvas.stroke([only.low, only.high], colour, width: 3, opacity: PlotOpacity.area)
      } else {
        canvas.fill(
          polygon: run.map(\.high) + run.map(\.low).reversed(), colour, opacity: PlotOpacity.area)
      }
    }
  }

  /// Pale bars under an outline, which alone tells overlaid histograms apart in grey. Bars of no
  /// height are gaps, so that the axis stays an axis.
  private func drawBars(
    _ edges: [Double], _ heights: [Double], _ style: PlotStyle, on canvas: inout PlotCanvas,
    _ layout: ChartLayout
  ) {
    let base = layout.y.position(of: 0)
    var outline: [PlotPoint] = []
    for (n, height) in heights.enumerated() where n + 1 < edges.count {
      let sides = (layout.x.position(of: edges[n]), layout.x.position(of: edges[n + 1]))
      let top = layout.y.position(of: height)
      guard sides.0.isFinite, sides.1.isFinite, top.isFinite, height != 0 else {
        if let last = outline.last, last.isFinite {
          outline += [PlotPoint(last.x, base), PlotPoint(.nan, .nan)]
        }
        continue
      }
      if outline.last?.isFinite != true { outline.append(PlotPoint(sides.0, base)) }
      outline += [PlotPoint(sides.0, top), PlotPoint(sides.1, top)]
    }
    if let last = outline.last, last.isFinite { outline.append(PlotPoint(last.x, base)) }
    for run in PlotCanvas.runs(outline) {
      canvas.fill(polygon: run, style.colour, opacity: PlotOpacity.area)
    }
    canvas.stroke(outline, style.colour, width: 1.5, dash: style.dash)
  }

  /// A marker on its interval.
  private func draw(
    _ estimate: Estimate, _ style: PlotStyle, at category: Double, on canvas: inout PlotCanvas,
    _ layout: ChartLayout
  ) {
    guard estimate.value.isFinite else { return }
    let x = layout.x.position(of: category).rounded(.down) + 0.5
    let ends = [estimate.lower, estimate.upper].map { layout.y.position(of: $0) }
    if ends.allSatisfy(\.isFinite) {
      canvas.stroke([PlotPoint(x, ends[0]), PlotPoint(x, ends[1])], style.colour, width: 1.5)
      for y in ends {
        canvas.stroke([PlotPoint(x - 4, y), PlotPoint(x + 4, y)], style.colour, width: 1.5)
      }
    }
    mark(
      PlotPoint(x, layout.y.position(of: estimate.value)), style, size: 8, on: &canvas, layout)
  }
}

extension Chart.Series {
  /// Whether lines must be drawn over it.
  var isArea: Bool {
    switch marks {
    case .band, .bars: true
    default: false
    }
  }
}

/// How much shows through.
enum PlotOpacity {
  static let area = 0.25
  static let strip = 0.55
}
