/// A place: in data units in a series, in px from the upper left corner on a canvas.
public struct PlotPoint: Hashable, Sendable {
  /// To the right.
  public var x: Double
  /// Up in data units, down on a canvas.
  public var y: Double

  /// Makes a point.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// Whether both parts are numbers; other points are gaps.
  public var isFinite: Bool { x.isFinite && y.isFinite }

  /// The points of two lists, as far as both go.
  public static func zipped(_ x: [Double], _ y: [Double]) -> [PlotPoint] {
    zip(x, y).map { PlotPoint($0, $1) }
  }
}

/// The part of a line between two points, with the way already gone when it begins.
struct PlotSegment {
  var from: PlotPoint
  var to: PlotPoint
  var start: Double = 0

  var length: Double {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    return (dx * dx + dy * dy).squareRoot()
  }

  /// The point a fraction of the way along.
  func point(at t: Double) -> PlotPoint {
    PlotPoint(from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t)
  }

  /// The part inside a rectangle (Liang and Barsky 1984); `nil` when there is none.
  func clipped(to rect: PixelRect) -> PlotSegment? {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    guard dx.isFinite, dy.isFinite else { return nil }
    var (t0, t1) = (0.0, 1.0)
    for (p, q) in [
      (-dx, from.x - Double(rect.columns.lowerBound)),
      (dx, Double(rect.columns.upperBound) - from.x),
      (-dy, from.y - Double(rect.rows.lowerBound)),
      (dy, Double(rect.rows.upperBound) - from.y),
    ] {
      if p == 0 {
        if q < 0 { return nil }
      } else if p < 0 {
        t0 = max(t0, q / p)
      } else {
        t1 = min(t1, q / p)
      }
    }
    guard t0 <= t1 else { return nil }
    let way = start + length * t0
    return PlotSegment(from: point(at: t0), to: point(at: t1), start: way.isFinite ? way : 0)
  }

  /// The strokes of a dash pattern (px on, px off, ...) that lie on this part.
  func dashed(_ pattern: [Double]) -> [PlotSegment] {
    let period = pattern.reduce(0, +)
    guard period > 0.5, length > 0, length < 1e6 else { return [self] }
    var result: [PlotSegment] = []
    var way = -start.truncatingRemainder(dividingBy: period)
    while way < length {
      for (n, piece) in pattern.enumerated() {
        let (begin, end) = (max(way, 0), min(way + piece, length))
        if n % 2 == 0, begin < end {
          result.append(
            PlotSegment(from: point(at: begin / length), to: point(at: end / length)))
        }
        way += piece
      }
    }
    return result
  }
}
