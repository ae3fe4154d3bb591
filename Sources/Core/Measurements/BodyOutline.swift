internal import Foundation
internal import Imaging

/// A vertebral body's endplates, posterior wall and corners on a slice, in mm.
///
/// Everything is measured in the body's own frame, found by turning it until it agrees with the
/// endplates, so nothing depends on how the neck lies in the picture.
struct BodyOutline: Sendable {
  /// An endplate: a robust line, or why there is none.
  enum Endplate: Equatable, Sendable {
    /// The line from posterior to anterior, the median absolute distance of its contour (x 1.4826),
    /// and the length about the line's point that it was fitted to.
    case line(PlaneLine, deviationMM: Double, lengthMM: Double)
    case missing(String)

    /// The line, if there is one.
    var line: PlaneLine? {
      if case .line(let line, _, _) = self { return line }
      return nil
    }

    /// Why there is none.
    var reason: String? {
      if case .missing(let reason) = self { return reason }
      return nil
    }
  }

  /// Which of its endplates.
  enum Side: String, Sendable { case superior, inferior }

  /// An endplate.
  subscript(side: Side) -> Endplate { side == .superior ? superior : inferior }

  /// The vertebra.
  let level: VertebralLevel
  /// Centre of gravity of the whole mask (of C2 with its dens).
  let centroid: SIMD2<Double>
  /// Middle of the body between its endplates and walls; of C2 below the dens.
  private(set) var centre: SIMD2<Double>
  /// Unit vectors of its frame: downwards and backwards.
  private(set) var down: SIMD2<Double>
  /// Depth in mm from the anterior to the posterior wall.
  private(set) var depthMM = 0.0
  /// The endplates.
  private(set) var superior = Endplate.missing("not measured")
  private(set) var inferior = Endplate.missing("not measured")
  /// The posterior wall from inferior to superior.
  private(set) var wall: PlaneLine?
  /// How far in mm the wall's corners lie behind its line, by a parabola through its contour.
  private(set) var hollowMM = 0.0
  /// Mean heights in mm of the anterior, middle and posterior thirds; `nil` where the body is cut
  /// or has no superior endplate of its own (C2).
  private(set) var heightsMM: [Double]?

  /// Share of the depth that is dropped at each end of an endplate: osteophytes and rounded corners.
  static let trim = 0.125
  /// Share of C2's height, from below, that counts as body: what lies above is the dens.
  static let c2BodyShare = 0.4
  /// A body narrower or lower than this is a fragment.
  static let leastDepthMM = 7.0
  static let leastHeightMM = 4.0
  /// What was acquired must reach this far beyond an edge in mm, or the edge is a cut.
  static let edgeMM = 1.2

  /// The body's share per pixel.
  var outline: SoftField { field }
  private let field: SoftField
  private let covered: MaskRaster

  /// Measures a body.
  /// - Parameters:
  ///   - field: Its share per pixel.
  ///   - down: A first guess of its downward direction; within 40 degrees is enough.
  ///   - covered: Where the image was acquired.
  init(level: VertebralLevel, field: SoftField, down: SIMD2<Double>, covered: MaskRaster) {
    self.level = level
    self.field = field
    self.covered = covered
    centroid = field.centroid
    centre = field.centroid
    self.down = down
    for _ in 0..<5 {
      let before = self.down
      guard measure() else { return }
      if (before * self.down).sum() > 1 - 1e-9 { break }
    }
    measureHeights()
  }

  /// Why the body is not seen as a whole: the middle of what is seen of it is not its own. `nil` where it is,
  /// and of C2, which has no superior endplate, where its inferior endplate is seen.
  var partReason: String? { inferior.reason ?? (level == .c2 ? nil : superior.reason) }

  /// Whether its upper end lies at the edge of what was acquired: of C2 a part of the dens is missing.
  var isCutAbove: Bool {
    let row = Int((field.lower.y / SagittalGrid.spacing).rounded())
    let raster = field.raster
    let y = Double(row) * SagittalGrid.spacing - Self.edgeMM
    return (0..<raster.columns).contains { column in
      raster[row, column] >= 0.5 && !isCovered(SIMD2(Double(column) * SagittalGrid.spacing, y))
    }
  }

  /// Unit vector backwards: the frame's horizontal.
  var back: SIMD2<Double> { [down.y, -down.x] }

  /// The corner between an endplate and the posterior wall, from both fitted lines; the wall is
  /// hollow between its corners, which therefore lie behind its line.
  var posteroInferior: SIMD2<Double>? { corner(inferior) }
  var posteroSuperior: SIMD2<Double>? { corner(superior) }

  private func corner(_ plate: Endplate) -> SIMD2<Double>? {
    wall.flatMap { plate.line?.meeting($0) }.map { $0 + back * hollowMM }
  }

  /// The place a mm behind and b mm below the centre.
  private func place(_ a: Double, _ b: Double) -> SIMD2<Double> { centre + back * a + down * b }

  /// One turn of the fit; `false` when there is nothing to fit.
  private mutating func measure() -> Bool {
    let reach = field.reach
    guard let span = extent() else { return fail("the body is not seen") }
    let height = span.upperBound - span.lowerBound
    // Walls at the middle half of the height: corners and their spurs take no part.
    var front: [SIMD2<Double>] = []
    var rear: [SIMD2<Double>] = []
    for n in 0..<25 {
      let b = span.lowerBound + height * (0.15 + 0.7 * Double(n) / 24)
      guard let outside = field.entry(from: place(reach, b), along: -back, within: 2 * reach),
        let ahead = field.entry(from: place(-reach, b), along: back, within: 2 * reach)
      else { continue }
      rear.append([b, reach - outside])
      front.append([b, ahead - reach])
    }
    guard rear.count >= 5, let fit = PlaneLine.huber(rear) else {
      return fail("the body is not seen")
    }
    let (a0, a1) = (PlaneLine.median(front.map(\.y)), PlaneLine.median(rear.map(\.y)))
    depthMM = a1 - a0
    guard depthMM >= Self.leastDepthMM, height >= Self.leastHeightMM else {
      return fail("the body is a fragment of \(Int(depthMM)) x \(Int(height)) mm")
    }
    let upward = (back * fit.slope + down) * -1
    wall = PlaneLine(
      point: place(fit.offset, 0), direction: upward / (upward * upward).sum().squareRoot())
    hollowMM = Self.hollow(
      rear, fit, middle: (span.lowerBound + span.upperBound) / 2, half: height / 2)
    let half = (span.lowerBound + span.upperBound) / 2
    inferior = endplate(Self.width(front, rear) { $0 >= half }, from: 1)
    superior =
      level == .c2
      ? .missing("C2 has no superior endplate")
      : endplate(Self.width(front, rear) { $0 <= half }, from: -1)
    let middle = place((a0 + a1) / 2, half)
    turn()
    centre = middle
    return true
  }

  /// The trimmed width between the walls of one half of the body: a body that tapers is not alike
  /// above and below.
  private static func width(
    _ front: [SIMD2<Double>], _ rear: [SIMD2<Double>], _ isNear: (Double) -> Bool
  ) -> ClosedRange<Double> {
    let a0 = PlaneLine.median(front.filter { isNear($0.x) }.map(\.y))
    let a1 = PlaneLine.median(rear.filter { isNear($0.x) }.map(\.y))
    guard a1 > a0 else { return 0...0 }
    return (a0 + trim * (a1 - a0))...(a1 - trim * (a1 - a0))
  }

  /// The parabola's height over the line at both ends of the wall, between 0 and 0.8 mm.
  private static func hollow(
    _ contour: [SIMD2<Double>], _ line: (offset: Double, slope: Double, deviation: Double),
    middle: Double, half: Double
  ) -> Double {
    let squares = contour.map { p -> SIMD2<Double> in
      let h = (p.x - middle) / half
      return [h * h, p.y - line.offset - line.slope * p.x]
    }
    guard let fit = PlaneLine.huber(squares) else { return 0 }
    return min(max(fit.offset + fit.slope, 0), 0.8)
  }

  private mutating func fail(_ reason: String) -> Bool {
    (superior, inferior) = (.missing(reason), .missing(reason))
    (wall, heightsMM) = (nil, nil)
    return false
  }

  /// The body's extent along `down` about the centre; of C2 the part below the dens.
  private func extent() -> ClosedRange<Double>? {
    var low = Double.infinity
    var high = -Double.infinity
    let raster = field.raster
    let first = field.lower / SagittalGrid.spacing
    let last = field.upper / SagittalGrid.spacing
    for row in Int(first.y)...Int(last.y.rounded()) {
      for column in Int(first.x)...Int(last.x.rounded()) where raster[row, column] >= 0.5 {
        let p = SIMD2(Double(column), Double(row)) * SagittalGrid.spacing - centre
        let b = (p * down).sum()
        (low, high) = (min(low, b), max(high, b))
      }
    }
    guard low < high else { return nil }
    if level == .c2 { low = high - Self.c2BodyShare * (high - low) }
    return low...high
  }

  /// The line through one endplate's contour, seen from below (1) or above (-1).
  private func endplate(_ range: ClosedRange<Double>, from side: Double) -> Endplate {
    let reach = field.reach
    var points: [SIMD2<Double>] = []
    var (seen, asked) = (0, 0)
    for n in 0..<33 {
      let a = range.lowerBound + (range.upperBound - range.lowerBound) * Double(n) / 32
      guard
        let distance = field.entry(
          from: place(a, side * reach), along: down * -side, within: 2 * reach)
      else { continue }
      let b = side * (reach - distance)
      points.append([a, b])
      asked += 1
      if isCovered(place(a, b + side * Self.edgeMM)) { seen += 1 }
    }
    guard points.count >= 10, let fit = PlaneLine.huber(points) else {
      return .missing("the endplate is not seen")
    }
    guard seen * 10 >= asked * 9 else { return .missing("cut by the edge of the image") }
    let direction = (back + down * fit.slope) * -1
    let steepness = (direction * direction).sum().squareRoot()
    let middle = (range.lowerBound + range.upperBound) / 2
    let line = PlaneLine(
      point: place(middle, fit.offset + fit.slope * middle),
      direction: direction / steepness)
    return .line(
      line, deviationMM: fit.deviation,
      lengthMM: (range.upperBound - range.lowerBound) * steepness)
  }

  /// Turns the frame to the mean direction of the endplates.
  private mutating func turn() {
    var sum = SIMD2<Double>.zero
    for line in [superior.line, inferior.line].compactMap(\.self) { sum += line.direction }
    let length = (sum * sum).sum().squareRoot()
    guard length > 0 else { return }
    let ahead = sum / length
    // Anterior (-1, 0) belongs to down (0, 1).
    down = [ahead.y, -ahead.x]
  }

  private func isCovered(_ p: SIMD2<Double>) -> Bool {
    let at = p / SagittalGrid.spacing
    let (row, column) = (Int(at.y.rounded()), Int(at.x.rounded()))
    return covered.contains(row: row, column: column) && covered[row, column]
  }

  /// Heights of the thirds perpendicular to the mid-plane, from the contour itself.
  private mutating func measureHeights() {
    guard superior.line != nil, inferior.line != nil else { return }
    let reach = field.reach
    let half = depthMM / 2
    heightsMM = [-1.0, 0, 1].compactMap { third in
      var heights: [Double] = []
      for n in 0..<13 {
        // Of the outer thirds the outermost 10 % of the depth are rounded corners.
        let t = (Double(n) + 0.5) / 13
        let width = third == 0 ? 1.0 / 3 : 1.0 / 3 - 0.1
        let start = third == -1 ? -half + 0.1 * depthMM : third == 0 ? -depthMM / 6 : depthMM / 6
        let a = start + t * width * depthMM
        guard
          let top = field.entry(from: place(a, -reach), along: down, within: 2 * reach),
          let bottom = field.entry(from: place(a, reach), along: -down, within: 2 * reach)
        else { continue }
        heights.append(2 * reach - top - bottom)
      }
      return heights.isEmpty ? nil : heights.reduce(0, +) / Double(heights.count)
    }
    if heightsMM?.count != 3 { heightsMM = nil }
  }
}

/// The bodies of a slice with their outlines, and the places of the discs between them.
struct SpineOutline: Sendable {
  /// Outlines by vertebra.
  let bodies: [VertebralLevel: BodyOutline]
  /// Shares of the discs by the vertebra above.
  let discs: [VertebralLevel: SoftField]

  /// Measures every body of a slice.
  init(_ slice: SegmentedSlice) {
    let fields = slice.bodies.compactMapValues { SoftField($0) }
    let discs = slice.discs.compactMapValues { SoftField($0) }
    self.discs = discs
    var bodies: [VertebralLevel: BodyOutline] = [:]
    for (level, field) in fields {
      let down = Self.down(level, fields, discs)
      bodies[level] = BodyOutline(
        level: level, field: field, down: down, covered: slice.covered)
    }
    self.bodies = bodies
  }

  /// The direction from what lies above a body to what lies below it.
  private static func down(
    _ level: VertebralLevel, _ bodies: [VertebralLevel: SoftField],
    _ discs: [VertebralLevel: SoftField]
  ) -> SIMD2<Double> {
    let above = VertebralLevel(rawValue: level.rawValue - 1)
    let own = bodies[level]?.centroid
    // The dens leans: C2's neighbours below tell more than its own centre.
    let upper =
      level == .c2
      ? discs[.c2]?.centroid ?? own : above.flatMap { discs[$0]?.centroid ?? bodies[$0]?.centroid }
    let lower =
      level == .c2
      ? bodies[.c3]?.centroid ?? own
      : discs[level]?.centroid ?? level.below.flatMap { bodies[$0]?.centroid }
    guard let a = upper ?? own, let b = lower ?? own, (b - a).y > 2 else { return [0, 1] }
    let d = b - a
    return d / (d * d).sum().squareRoot()
  }

  /// The middle of the space between a vertebra and the one below: between the corners where both
  /// are known, else the disc's centre.
  func discPlace(below level: VertebralLevel) -> SIMD2<Double>? {
    if let upper = bodies[level]?.posteroInferior,
      let lower = level.below.flatMap({ bodies[$0]?.posteroSuperior })
    {
      return (upper + lower) / 2
    }
    return discs[level]?.centroid
  }
}
