/// The grey window that a scanner proposes (VOI LUT module, PS3.3 section C.11.2), without the half
/// steps of its whole-numbered form.
public struct DICOMWindow: Equatable, Sendable {
  /// How grey values become brightness, by the term of VOI LUT Function.
  public enum Shape: String, Sendable {
    /// Straight from the lower to the upper end.
    case linear = "LINEAR_EXACT"
    /// Along a sigmoid; the window is that of the straight line with its slope in the middle.
    case sigmoid = "SIGMOID"
  }

  /// How it is meant.
  public let shape: Shape
  /// The window, in the values that it is for.
  public private(set) var greys: WindowLevel

  /// No grey value of a scanner is larger than this.
  private static let largest = 1e9

  /// Makes a window as a header or a sidecar states it; `nil` where centre or width cannot be meant, or
  /// the function is one that is not known.
  ///
  /// - Parameter function: VOI LUT Function; none is `LINEAR`, whose window of centre c and width w spans
  ///   c - 0.5 - (w - 1) / 2 to c - 0.5 + (w - 1) / 2. Widths up to 1, for which that is none, are taken
  ///   as they are: values of small rescale slopes have such.
  public init?(centre: Double, width: Double, function: String? = nil) {
    guard abs(centre) <= Self.largest, width > 0, width <= Self.largest else { return nil }
    let isStepped: Bool
    switch (function ?? "").uppercased() {
    case "", "LINEAR": (shape, isStepped) = (.linear, width > 1)
    case Shape.linear.rawValue: (shape, isStepped) = (.linear, false)
    case Shape.sigmoid.rawValue: (shape, isStepped) = (.sigmoid, false)
    default: return nil
    }
    greys = WindowLevel(
      window: Float(isStepped ? width - 1 : width), level: Float(isStepped ? centre - 0.5 : centre))
  }

  /// Reads the first window of a data set, which is for rescaled values.
  ///
  /// - Parameter mirror: where values are turned round (MONOCHROME1), the sum of a value before and after
  ///   that.
  init?(_ set: DICOMDataSet, mirror: Double? = nil) {
    guard let centre = set.number(.windowCentre), let width = set.number(.windowWidth),
      var window = DICOMWindow(
        centre: centre, width: width, function: set.string(.voiLUTFunction))
    else { return nil }
    if let mirror {
      guard abs(mirror) <= Self.largest else { return nil }
      window.greys = WindowLevel(
        window: window.greys.window, level: Float(mirror - Double(window.greys.level)))
    }
    self = window
  }
}
