extension Chart {
  /// Data of one name in one look.
  public struct Series: Sendable {
    /// The name in the legend; without one there is no entry.
    public var name: String
    /// What is drawn.
    public var marks: Marks
    /// Its look; without one that of its place among the names of the chart.
    public var style: PlotStyle?

    /// Makes a series.
    public init(_ name: String, _ marks: Marks, style: PlotStyle? = nil) {
      self.name = name
      self.marks = marks
      self.style = style
    }
  }

  /// What can be drawn of a series.
  public enum Marks: Sendable {
    /// A line through points, with or without markers at them.
    case line([PlotPoint], markers: Bool)
    /// A line that keeps each value until the next point.
    case steps([PlotPoint])
    /// Markers alone.
    case points([PlotPoint])
    /// The area between two values at each place.
    case band(x: [Double], lower: [Double], upper: [Double])
    /// Bars from 0; one edge more than there are heights.
    case bars(edges: [Double], heights: [Double])
    /// The distribution of some values in each category.
    case samples([[Double]], Distribution)
    /// A value with its interval in each category.
    case estimates([Estimate])
  }

  /// How a distribution is drawn.
  public enum Distribution: Sendable {
    /// Quartiles with median, whiskers to the farthest value within 1.5 box lengths (Tukey 1977),
    /// what lies beyond as points.
    case box
    /// Every value as a point, the median as a line.
    case strip
    /// Every value as a point before the box; of less than five values the points alone.
    case boxAndStrip
  }

  /// A value with its interval; one that is no number is left out.
  public struct Estimate: Hashable, Sendable {
    /// The value.
    public var value: Double
    /// The lower end of its interval.
    public var lower: Double
    /// The upper end of its interval.
    public var upper: Double

    /// Makes an estimate; without ends it has no interval.
    public init(_ value: Double, lower: Double = .nan, upper: Double = .nan) {
      self.value = value
      self.lower = lower
      self.upper = upper
    }
  }
}

extension Chart.Series {
  /// A line through points.
  public static func line(
    _ name: String, x: [Double], y: [Double], markers: Bool = false, style: PlotStyle? = nil
  ) -> Self {
    Self(name, .line(PlotPoint.zipped(x, y), markers: markers), style: style)
  }

  /// A line that keeps each value until the next point.
  public static func steps(
    _ name: String, x: [Double], y: [Double], style: PlotStyle? = nil
  ) -> Self {
    Self(name, .steps(PlotPoint.zipped(x, y)), style: style)
  }

  /// Markers at points.
  public static func points(
    _ name: String, x: [Double], y: [Double], style: PlotStyle? = nil
  ) -> Self {
    Self(name, .points(PlotPoint.zipped(x, y)), style: style)
  }

  /// The area between two values at each place; under the line of the same name.
  public static func band(
    _ name: String, x: [Double], lower: [Double], upper: [Double], style: PlotStyle? = nil
  ) -> Self {
    Self(name, .band(x: x, lower: lower, upper: upper), style: style)
  }

  /// How values spread over even bins; what lies outside is left out, the upper end belongs to
  /// the last bin.
  /// - Parameter isDensity: Whether the bars' areas sum to 1 instead of heights being counts.
  public static func histogram(
    _ name: String, _ values: [Double], bins: Int = 30, from: Double, to: Double,
    isDensity: Bool = false, style: PlotStyle? = nil
  ) -> Self {
    let range = ValueRange(from, to).usable
    let count = min(max(bins, 1), 10_000)
    let width = (range.upper - range.lower) / Double(count)
    var heights = [Double](repeating: 0, count: count)
    for value in values where value >= range.lower && value <= range.upper {
      heights[min(Int((value - range.lower) / width), count - 1)] += 1
    }
    let sum = heights.reduce(0, +) * width
    if isDensity, sum > 0 { heights = heights.map { $0 / sum } }
    let edges = (0...count).map { range.lower + Double($0) * width }
    return Self(name, .bars(edges: edges, heights: heights), style: style)
  }

  /// The values of each category.
  public static func samples(
    _ name: String, _ values: [[Double]], as kind: Chart.Distribution = .boxAndStrip,
    style: PlotStyle? = nil
  ) -> Self {
    Self(name, .samples(values, kind), style: style)
  }

  /// A value with its interval in each category.
  public static func estimates(
    _ name: String, _ values: [Chart.Estimate], style: PlotStyle? = nil
  ) -> Self {
    Self(name, .estimates(values), style: style)
  }

  /// What the data span on both axes.
  var extent: (x: ValueRange, y: ValueRange) {
    var (x, y) = (ValueRange(), ValueRange())
    switch marks {
    case .line(let points, _), .steps(let points), .points(let points):
      let seen = points.filter(\.isFinite)
      x.include(seen.map(\.x))
      y.include(seen.map(\.y))
    case .band(let places, let lower, let upper):
      x.include(places)
      y.include(lower)
      y.include(upper)
    case .bars(let edges, let heights):
      x.include(edges)
      y.include(heights)
      y.include([0])
    case .samples(let groups, _):
      x.include([-0.5, Double(groups.count) - 0.5])
      y.include(groups.joined())
    case .estimates(let estimates):
      x.include([-0.5, Double(estimates.count) - 0.5])
      for estimate in estimates where estimate.value.isFinite {
        y.include([estimate.value, estimate.lower, estimate.upper])
      }
    }
    return (x, y)
  }

  /// How many categories the data need; 0 for numbers along x.
  var categoryCount: Int {
    switch marks {
    case .samples(let groups, _): groups.count
    case .estimates(let estimates): estimates.count
    default: 0
    }
  }
}
