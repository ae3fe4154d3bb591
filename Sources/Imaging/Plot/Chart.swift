/// A figure with two axes: what it shows, not how large it is. Any input can be drawn: values that
/// are no numbers are gaps, and a chart without data shows its empty axes.
public struct Chart: Sendable {
  /// What it shows, in a few words.
  public var title: String
  /// What the data are; stands after the notice that every figure bears.
  public var note: String
  /// The axis to the right.
  public var x: Axis
  /// The axis upwards.
  public var y: Axis
  /// The data, drawn in this order. Series of one name share a style and an entry of the legend.
  public var series: [Series]
  /// Lines at one value.
  public var references: [Reference]
  /// Stretches of the x axis with a name above them.
  public var regions: [Region]
  /// Where the names of the series stand.
  public var legend: Legend
  /// Whether the plot is a square, as for curves of one rate against another.
  public var isSquare: Bool

  /// Makes a chart.
  public init(
    _ title: String, note: String = "", x: Axis = Axis(), y: Axis = Axis(), series: [Series] = [],
    references: [Reference] = [], regions: [Region] = [], legend: Legend = .automatic,
    isSquare: Bool = false
  ) {
    self.title = title
    self.note = note
    self.x = x
    self.y = y
    self.series = series
    self.references = references
    self.regions = regions
    self.legend = legend
    self.isSquare = isSquare
  }

  /// One axis of a chart.
  public struct Axis: Sendable {
    /// The quantity with its unit.
    public var label: String
    /// The lower end; taken from the data when it is no number.
    public var from: Double
    /// The upper end; taken from the data when it is no number.
    public var to: Double
    /// Whether values run towards the origin.
    public var isReversed: Bool
    /// Names that stand at 0, 1, 2 ... in place of numbers; of the x axis only.
    public var categories: [String]

    /// Makes an axis over the data or from one value to another.
    public init(
      _ label: String = "", from: Double = .nan, to: Double = .nan, isReversed: Bool = false
    ) {
      self.label = label
      self.from = from
      self.to = to
      self.isReversed = isReversed
      self.categories = []
    }

    /// Makes an axis of named groups.
    public init(_ label: String = "", categories: [String]) {
      self.init(label)
      self.categories = categories
    }
  }

  /// A line across the plot at one value.
  public struct Reference: Sendable {
    /// The axis the value belongs to: a line at a `y` runs from left to right.
    public enum Direction: Sendable {
      /// At a value of the x axis.
      case x
      /// At a value of the y axis.
      case y
    }

    /// Which axis.
    public var direction: Direction
    /// Where.
    public var value: Double
    /// Its name in the legend; without one it has no entry.
    public var name: String
    /// Its look.
    public var style: PlotStyle

    /// Makes a line at a value of the x axis.
    public static func x(
      _ value: Double, _ name: String = "", _ style: PlotStyle = .reference
    ) -> Reference {
      Reference(direction: .x, value: value, name: name, style: style)
    }

    /// Makes a line at a value of the y axis.
    public static func y(
      _ value: Double, _ name: String = "", _ style: PlotStyle = .reference
    ) -> Reference {
      Reference(direction: .y, value: value, name: name, style: style)
    }
  }

  /// A stretch of the x axis with a name, such as a segment of the cord.
  public struct Region: Sendable {
    /// Where it begins.
    public var from: Double
    /// Where it ends.
    public var to: Double
    /// What stands above it.
    public var name: String
    /// The colour that shades it; without one every second region is pale grey.
    public var colour: RGB8?

    /// Makes a region.
    public init(from: Double, to: Double, _ name: String = "", colour: RGB8? = nil) {
      self.from = from
      self.to = to
      self.name = name
      self.colour = colour
    }
  }

  /// Where the names of the series stand.
  public enum Legend: Sendable {
    /// Beside a square plot, above others.
    case automatic
    /// In rows between title and plot, where they hide nothing.
    case above
    /// In a column right of the plot.
    case beside
    /// In the corner of the plot with the least in it.
    case inside
    /// Nowhere.
    case none
  }

  /// The chart as a picture.
  public func drawn(width: Int = 900, height: Int = 600) -> RGBRaster {
    var canvas = PlotCanvas(width: width, height: height)
    draw(on: &canvas, in: canvas.bounds)
    return canvas.picture
  }
}
