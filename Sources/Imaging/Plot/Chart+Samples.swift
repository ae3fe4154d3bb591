extension Chart {
  /// Draws the distribution of the values of one category.
  func draw(
    _ values: [Double], _ kind: Distribution, _ style: PlotStyle, at category: Double,
    _ width: Double, _ canvas: inout PlotCanvas, _ layout: ChartLayout
  ) {
    let finite = values.filter(\.isFinite)
    guard let summary = Summary(finite) else { return }
    let x = layout.x.position(of: category)
    let slot = abs(layout.x.position(of: category + width) - x)
    let half = min(slot * 0.36, 34)
    let hasBox = kind == .box || (kind == .boxAndStrip && finite.count >= 5)
    if hasBox {
      drawBox(summary, style, x, half, &canvas, layout)
    } else {
      let y = layout.y.position(of: summary.median)
      canvas.stroke([PlotPoint(x - half, y), PlotPoint(x + half, y)], style.colour, width: 3)
    }
    for (n, value) in finite.enumerated() {
      let isBeyond = value < summary.whiskers.low || value > summary.whiskers.high
      guard kind != .box || isBeyond else { continue }
      let shift = kind == .box ? 0 : Self.jitter(n) * half * 1.3
      mark(
        PlotPoint(x + shift, layout.y.position(of: value)), style,
        size: finite.count > 200 ? 4 : 5.5, opacity: PlotOpacity.strip, on: &canvas, layout)
    }
  }

  /// Box, median and whiskers.
  private func drawBox(
    _ summary: Summary, _ style: PlotStyle, _ x: Double, _ half: Double,
    _ canvas: inout PlotCanvas, _ layout: ChartLayout
  ) {
    func y(_ value: Double) -> Double { layout.y.position(of: value).rounded(.down) + 0.5 }
    let (left, right) = ((x - half).rounded(.down) + 0.5, (x + half).rounded(.down) + 0.5)
    let middle = ((left + right) / 2).rounded(.down) + 0.5
    let corners = [
      PlotPoint(left, y(summary.quartiles.low)), PlotPoint(right, y(summary.quartiles.low)),
      PlotPoint(right, y(summary.quartiles.high)), PlotPoint(left, y(summary.quartiles.high)),
    ]
    canvas.fill(polygon: corners, style.colour, opacity: PlotOpacity.area)
    canvas.stroke(corners + [corners[0]], style.colour, width: 1)
    for (from, to) in [
      (summary.quartiles.low, summary.whiskers.low),
      (summary.quartiles.high, summary.whiskers.high),
    ] {
      canvas.stroke([PlotPoint(middle, y(from)), PlotPoint(middle, y(to))], style.colour)
      let cap = max(half / 2, 2).rounded()
      canvas.stroke(
        [PlotPoint(middle - cap, y(to)), PlotPoint(middle + cap, y(to))], style.colour)
    }
    canvas.stroke(
      [PlotPoint(left, y(summary.median)), PlotPoint(right, y(summary.median))], style.colour,
      width: 3)
  }

  /// An even spread over -0.5...0.5 that is the same every time (golden ratio sequence).
  static func jitter(_ n: Int) -> Double {
    (Double(n) * 0.618_033_988_749_895 + 0.5).truncatingRemainder(dividingBy: 1) - 0.5
  }

  /// Median, quartiles and whiskers of a distribution.
  struct Summary: Equatable {
    var median: Double
    var quartiles: (low: Double, high: Double)
    /// The farthest values within 1.5 box lengths of the box.
    var whiskers: (low: Double, high: Double)

    init?(_ values: [Double]) {
      let sorted = values.filter(\.isFinite).sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      // Linear between ranks, as Percentiles.
      func quantile(_ q: Double) -> Double {
        let place = q * Double(sorted.count - 1)
        let n = Int(place)
        let next = sorted[min(n + 1, sorted.count - 1)]
        return sorted[n] + (next - sorted[n]) * (place - Double(n))
      }
      median = quantile(0.5)
      quartiles = (quantile(0.25), quantile(0.75))
      let reach = 1.5 * (quartiles.high - quartiles.low)
      let (low, high) = (quartiles.low - reach, quartiles.high + reach)
      whiskers = (
        min(sorted.first { $0 >= low } ?? first, quartiles.low),
        max(sorted.last { $0 <= high } ?? last, quartiles.high)
      )
    }

    static func == (a: Summary, b: Summary) -> Bool {
      a.median == b.median && a.quartiles == b.quartiles && a.whiskers == b.whiskers
    }
  }
}
