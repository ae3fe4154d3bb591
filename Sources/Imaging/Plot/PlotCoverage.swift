/// How much of each pixel a shape covers, 0...1, in one part of a canvas.
///
/// A shape is collected here before it is painted, so that what overlaps itself (the joints of a
/// line, a band that crosses over) is as transparent there as elsewhere.
struct PlotCoverage {
  /// The part of the canvas.
  let rect: PixelRect
  /// Row-major in `rect`.
  private(set) var values: [Float]

  init(in rect: PixelRect) {
    self.rect = rect
    values = [Float](repeating: 0, count: rect.width * rect.height)
  }

  /// Adds a straight stroke with round ends: the distance of each pixel's centre decides.
  mutating func add(_ segment: PlotSegment, width: Double) {
    let reach = max(width, 0.5) / 2 + 0.5
    let (a, b) = (segment.from, segment.to)
    let rows = Self.pixels(from: min(a.y, b.y) - reach, to: max(a.y, b.y) + reach, in: rect.rows)
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let square = dx * dx + dy * dy
    for row in rows {
      let y = Double(row) + 0.5
      // Only the piece of the segment that comes near this row can reach its pixels.
      func way(_ edge: Double) -> Double { dy == 0 ? 0 : min(max((edge - a.y) / dy, 0), 1) }
      let t = dy == 0 ? (0, 1) : (way(y - reach), way(y + reach))
      let ends = (a.x + dx * t.0, a.x + dx * t.1)
      let columns = Self.pixels(
        from: min(ends.0, ends.1) - reach, to: max(ends.0, ends.1) + reach, in: rect.columns)
      for column in columns {
        let x = Double(column) + 0.5
        let along = square == 0 ? 0 : min(max(((x - a.x) * dx + (y - a.y) * dy) / square, 0), 1)
        let (ex, ey) = (x - a.x - dx * along, y - a.y - dy * along)
        raise(row, column, to: Float(reach - (ex * ex + ey * ey).squareRoot()))
      }
    }
  }

  /// Adds a filled polygon (non-zero winding): four lines per row, exact along them.
  mutating func add(polygon points: [PlotPoint]) {
    let corners = points.filter(\.isFinite)
    guard corners.count > 2 else { return }
    var crossings = [[(x: Double, winding: Int)]](repeating: [], count: rect.height * Self.lines)
    let top = Double(rect.rows.lowerBound)
    for (n, a) in corners.enumerated() {
      let b = corners[(n + 1) % corners.count]
      let (upper, lower) = a.y < b.y ? (a, b) : (b, a)
      func line(_ y: Double) -> Int {
        let place = ((y - top) * Double(Self.lines) - 0.5).rounded(.up)
        return Int(min(max(place, 0), Double(crossings.count)))
      }
      for k in line(upper.y)..<max(line(lower.y), line(upper.y)) {
        let y = top + (Double(k) + 0.5) / Double(Self.lines)
        let t = (y - upper.y) / (lower.y - upper.y)
        crossings[k].append((upper.x + (lower.x - upper.x) * t, a.y < b.y ? 1 : -1))
      }
    }
    var filled = [Float](repeating: 0, count: values.count)
    for (k, line) in crossings.enumerated() { fill(&filled, line: k, line) }
    for n in values.indices { values[n] = max(values[n], min(filled[n], 1)) }
  }

  /// Lines per row of pixels.
  private static let lines = 4

  /// Adds the spans between the crossings of one line.
  private func fill(
    _ filled: inout [Float], line: Int, _ crossings: [(x: Double, winding: Int)]
  ) {
    var winding = 0
    var start = 0.0
    for crossing in crossings.sorted(by: { ($0.x, $0.winding) < ($1.x, $1.winding) }) {
      let before = winding
      winding += crossing.winding
      if before == 0 {
        start = crossing.x
      } else if winding == 0 {
        let row = line / Self.lines * rect.width
        for column in Self.pixels(from: start, to: crossing.x, in: rect.columns) {
          let x = Double(column)
          let part = min(crossing.x, x + 1) - max(start, x)
          filled[row + column - rect.columns.lowerBound] += Float(max(part, 0)) / Float(Self.lines)
        }
      }
    }
  }

  private mutating func raise(_ row: Int, _ column: Int, to value: Float) {
    let n = (row - rect.rows.lowerBound) * rect.width + column - rect.columns.lowerBound
    values[n] = max(values[n], min(value, 1))
  }

  /// The pixels of a range that an interval touches.
  static func pixels(from low: Double, to high: Double, in range: Range<Int>) -> Range<Int> {
    guard low.isFinite, high.isFinite, !range.isEmpty else {
      return range.lowerBound..<range.lowerBound
    }
    func cut(_ v: Double) -> Int {
      Int(min(max(v, Double(range.lowerBound)), Double(range.upperBound)))
    }
    let first = cut(low.rounded(.down))
    return first..<max(cut(high.rounded(.up)), first)
  }
}
