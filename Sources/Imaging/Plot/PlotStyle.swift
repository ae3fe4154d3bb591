/// How the strokes of a line follow each other.
public enum PlotDash: CaseIterable, Sendable {
  /// Without gaps.
  case solid
  /// Even strokes.
  case dashed
  /// Dots.
  case dotted
  /// A stroke, a dot.
  case dashDotted
  /// Long strokes.
  case longDashed

  /// Px drawn, px left out and so on for a line of a width; round ends are reckoned in.
  func pattern(width: Double) -> [Double] {
    let w = max(width, 1)
    return switch self {
    case .solid: []
    case .dashed: [3 * w, 3 * w]
    case .dotted: [0.1, 2.4 * w]
    case .dashDotted: [5 * w, 2.6 * w, 0.1, 2.6 * w]
    case .longDashed: [8 * w, 3 * w]
    }
  }
}

/// The shape of a point.
public enum PlotMarker: CaseIterable, Sendable {
  /// A disc.
  case circle
  /// A square on its side.
  case square
  /// A triangle that points up.
  case triangle
  /// A square on its corner.
  case diamond
  /// A triangle that points down.
  case wedge
  /// An upright cross.
  case plus
  /// A diagonal cross.
  case cross

  /// Corners (of crosses: the arms) for a marker of radius 1; y runs down.
  var outline: [PlotPoint] {
    func points(_ parts: [(Double, Double)]) -> [PlotPoint] { parts.map { PlotPoint($0, $1) } }
    return switch self {
    case .circle: []
    case .square: points([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case .triangle: points([(0, -1.15), (1.05, 0.8), (-1.05, 0.8)])
    case .diamond: points([(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)])
    case .wedge: points([(0, 1.15), (1.05, -0.8), (-1.05, -0.8)])
    case .plus: points([(1, 0), (0, 1)])
    case .cross: points([(0.8, 0.8), (0.8, -0.8)])
    }
  }
}

/// The look of a series: colour, dash and marker differ together, so that charts read in grey.
public struct PlotStyle: Hashable, Sendable {
  /// The colour of lines, points and edges; fills are the same, paler.
  public var colour: RGB8
  /// The dash of lines.
  public var dash: PlotDash
  /// The shape of points.
  public var marker: PlotMarker

  /// Makes a style.
  public init(_ colour: RGB8, dash: PlotDash = .solid, marker: PlotMarker = .circle) {
    self.colour = colour
    self.dash = dash
    self.marker = marker
  }

  /// Colours that stay apart for readers without red or green cones (Okabe and Ito 2008).
  public static let palette: [RGB8] = [
    RGB8(r: 0, g: 114, b: 178),  // blue
    RGB8(r: 213, g: 94, b: 0),  // vermilion
    RGB8(r: 0, g: 158, b: 115),  // bluish green
    RGB8(r: 230, g: 159, b: 0),  // orange
    RGB8(r: 204, g: 121, b: 167),  // reddish purple
    RGB8(r: 86, g: 180, b: 233),  // sky blue
    RGB8(r: 0, g: 0, b: 0),  // black
    RGB8(r: 240, g: 228, b: 66),  // yellow
  ]

  /// The style of the n-th series of a chart; repeats only after 280.
  public static func standard(_ n: Int) -> PlotStyle {
    func pick<T>(_ list: [T]) -> T { list[((n % list.count) + list.count) % list.count] }
    return PlotStyle(
      pick(palette), dash: pick(PlotDash.allCases), marker: pick(PlotMarker.allCases))
  }

  /// The style of a reference: dark grey dashes, whatever the series are.
  public static let reference = PlotStyle(RGB8(grey: 90), dash: .dashed)
}

/// Greys of everything that is not data.
enum PlotInk {
  static let text = RGB8(grey: 30)
  static let note = RGB8(grey: 95)
  static let axis = RGB8(grey: 70)
  static let grid = RGB8(grey: 229)
  static let region = RGB8(grey: 244)
}

/// What every figure says under its title.
public enum PlotNotice {
  /// The notice itself.
  public static let researchUse = "Research use only, not for diagnosis."

  /// The notice and what a figure says about its data.
  static func line(_ note: String) -> String {
    note.isEmpty ? researchUse : researchUse + " " + note
  }
}
