/// One slice being painted: signal per pixel, with the place of every pixel in the scene.
///
/// Scene coordinates in mm: `p` grows posteriorly (columns), `d` downwards (rows).
final class Canvas {
  let rows: Int
  let columns: Int
  /// Pixel edge in mm.
  let pixel: Float
  /// Scene coordinates of the centre of pixel (0, 0).
  let p0: Float
  let d0: Float
  let pixels: UnsafeMutablePointer<Float>
  /// Numbers of `PhantomTissue`: what covers at least half of each pixel.
  let tissues: UnsafeMutablePointer<UInt16>

  init(rows: Int, columns: Int, pixel: Float, p0: Float, d0: Float) {
    self.rows = rows
    self.columns = columns
    self.pixel = pixel
    self.p0 = p0
    self.d0 = d0
    pixels = .allocate(capacity: rows * columns)
    pixels.initialize(repeating: 0, count: rows * columns)
    tissues = .allocate(capacity: rows * columns)
    tissues.initialize(repeating: 0, count: rows * columns)
  }

  deinit {
    pixels.deallocate()
    tissues.deallocate()
  }

  var count: Int { rows * columns }

  @inline(__always) func p(_ column: Int) -> Float { p0 + Float(column) * pixel }
  @inline(__always) func d(_ row: Int) -> Float { d0 + Float(row) * pixel }

  /// Columns whose centres lie within a span, clipped to the canvas.
  @inline(__always)
  func columns(from low: Float, to high: Float) -> Range<Int> {
    let a = max(0, min(Float(columns), ((low - p0) / pixel).rounded(.up)))
    let b = max(-1, min(Float(columns - 1), ((high - p0) / pixel).rounded(.down)))
    return Int(a)..<max(Int(a), Int(b) + 1)
  }

  /// Rows whose centres lie within a span, clipped to the canvas.
  @inline(__always)
  func rows(from low: Float, to high: Float) -> Range<Int> {
    let a = max(0, min(Float(rows), ((low - d0) / pixel).rounded(.up)))
    let b = max(-1, min(Float(rows - 1), ((high - d0) / pixel).rounded(.down)))
    return Int(a)..<max(Int(a), Int(b) + 1)
  }

  /// How much of a pixel lies inside an edge at signed distance `distance` (mm, negative inside).
  @inline(__always)
  func cover(_ distance: Float) -> Float { max(0, min(1, 0.5 - distance / pixel)) }

  /// Lays a value over a pixel; the tissue becomes its own where it covers half of it.
  @inline(__always)
  func blend(_ index: Int, _ value: Float, _ alpha: Float, _ tissue: PhantomTissue) {
    pixels[index] += (value - pixels[index]) * alpha
    if alpha >= 0.5 { mark(index, tissue) }
  }

  /// The tissue of a pixel.
  @inline(__always)
  func tissue(_ index: Int) -> PhantomTissue { PhantomTissue(rawValue: tissues[index]) }

  /// Names a pixel's tissue without painting.
  @inline(__always)
  func mark(_ index: Int, _ tissue: PhantomTissue) { tissues[index] = tissue.rawValue }

  /// Visits every pixel of a box.
  @inline(__always)
  func forEach(
    p pRange: ClosedRange<Float>, d dRange: ClosedRange<Float>,
    _ body: (_ index: Int, _ p: Float, _ d: Float) -> Void
  ) {
    let span = columns(from: pRange.lowerBound, to: pRange.upperBound)
    for row in rows(from: dRange.lowerBound, to: dRange.upperBound) {
      let d = d(row)
      for column in span { body(row * columns + column, p(column), d) }
    }
  }

  /// Fills a polygon with one tissue and a value per place.
  @inline(__always)
  func fill(
    _ polygon: Outline, _ tissue: PhantomTissue, _ value: (_ p: Float, _ d: Float) -> Float
  ) {
    fill(polygon) { p, d in (value(p, d), tissue) }
  }

  /// Fills a polygon, edges covered by area, with a value and a tissue per place.
  @inline(__always)
  func fill(_ polygon: Outline, _ value: (_ p: Float, _ d: Float) -> (Float, PhantomTissue)) {
    guard let box = polygon.box else { return }
    let range = rows(from: box.dLow - pixel, to: box.dHigh + pixel)
    var coverage = [Float](repeating: 0, count: columns)
    for row in range {
      let span = polygon.cover(row: d(row), of: self, into: &coverage)
      for column in span {
        let alpha = coverage[column]
        coverage[column] = 0
        if alpha > 0 {
          let (value, tissue) = value(p(column), d(row))
          blend(row * columns + column, value, min(1, alpha), tissue)
        }
      }
    }
  }
}
