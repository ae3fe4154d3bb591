/// Pictures in rows and columns with captions, a colour bar beside every row of maps, and a chart at the end
/// of rows that have one.
public struct Montage: Sendable {
  /// What it shows, in a few words.
  public var title: String
  /// What the data are; stands after the notice that every figure bears.
  public var note: String
  /// The pictures, row by row; rows may differ in length.
  public var rows: [[Image]]
  /// Names left of the rows.
  public var rowCaptions: [String]
  /// Names above the columns.
  public var columnCaptions: [String]
  /// Height of an image pixel over its width.
  public var pixelAspect: Double
  /// Charts at the end of the first rows, as high as these.
  public var rowCharts: [Chart]

  /// Width of the charts in px.
  public static let chartWidth = 600

  /// Makes a montage.
  public init(
    _ title: String, note: String = "", rows: [[Image]], rowCaptions: [String] = [],
    columnCaptions: [String] = [], pixelAspect: Double = 1, rowCharts: [Chart] = []
  ) {
    self.title = title
    self.note = note
    self.rows = rows
    self.rowCaptions = rowCaptions
    self.columnCaptions = columnCaptions
    self.pixelAspect = pixelAspect
    self.rowCharts = rowCharts
  }

  /// One picture.
  public enum Image: Sendable {
    /// Grey values through a window.
    case grey(ImageRaster, WindowLevel)
    /// Values in colours; NaN = nothing there.
    case map(ImageRaster, Scale)
    /// A picture as it is.
    case colour(RGBRaster)
    /// A place left empty.
    case blank
  }

  /// Which colours values have.
  public struct Scale: Hashable, Sendable {
    /// The colours.
    public var colormap: Colormap
    /// The value (above 0) of the map's upper end; a signed map's lower end is its negative.
    public var fullScale: Float
    /// The quantity with its unit, beside the bar.
    public var label: String

    /// Makes a scale; a `fullScale` that is not a positive number becomes 1.
    public init(_ colormap: Colormap, fullScale: Float, label: String = "") {
      self.colormap = colormap
      self.fullScale = fullScale.isFinite && fullScale > 0 ? fullScale : 1
      self.label = label
    }

    /// The colour of a value.
    func colour(_ value: Float) -> RGB8 {
      value.isNaN ? PlotInk.grid : colormap.colour(value / fullScale)
    }
  }
}

extension Montage.Image {
  /// The pixels as they are shown.
  var picture: RGBRaster {
    switch self {
    case .grey(let image, let window):
      image.map { Colormap.grey.colour(window.normalised($0)) }
    case .map(let values, let scale): values.map(scale.colour)
    case .colour(let picture): picture
    case .blank: RGBRaster(rows: 0, columns: 0, pixels: [])
    }
  }

  /// Its colour scale.
  var scale: Montage.Scale? { if case .map(_, let scale) = self { scale } else { nil } }

  /// Width over height in px of the image; `nil` when there is none.
  var shape: Double? {
    let (rows, columns) =
      switch self {
      case .grey(let image, _), .map(let image, _): (image.rows, image.columns)
      case .colour(let picture): (picture.rows, picture.columns)
      case .blank: (0, 0)
      }
    return rows > 0 && columns > 0 ? Double(columns) / Double(rows) : nil
  }
}
