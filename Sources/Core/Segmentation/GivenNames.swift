internal import Imaging

/// The names that a reader or another tool gave to vertebrae, on the column of bodies that was found.
struct GivenNames: Equatable {
  /// A body in which the given place of a level lies.
  struct Anchor: Equatable {
    /// The body's place in the column, from superior.
    var body: Int
    var level: VertebralLevel
  }

  /// The bodies that hold one given place each, superior first.
  private(set) var anchors: [Anchor] = []
  /// Given levels that lie between two bodies, share one with another level, or are out of order.
  private(set) var strays: [VertebralLevel] = []

  /// A body reaches this far beyond its half height, in mm: readers mark its middle on the body or on
  /// the cord beside it.
  private static let slackMM = 1.0
  /// Least height of a body in mm, for one that is seen in part.
  private static let leastHeightMM = 10.0
  /// Bodies farther apart than this multiple of the usual distance have another between them that was
  /// not found.
  private static let widestGap = 1.5

  /// Looks for the bodies of given places.
  ///
  /// - Parameters:
  ///   - places: places along the cord in mm, rising towards inferior.
  ///   - bodies: superior first, their centres on the same scale.
  init(_ places: [VertebralLevel: Double], on bodies: [BodyNumbering.Body]) {
    var held: [Int: [VertebralLevel]] = [:]
    for level in places.keys.sorted() where level > .c1 {
      guard let place = places[level] else { continue }
      if let body = Self.holder(of: place, bodies) {
        held[body, default: []].append(level)
      } else if Self.isBetweenNeighbours(place, bodies) {
        strays.append(level)
      }
    }
    for (body, levels) in held.sorted(by: { $0.key < $1.key }) {
      if levels.count == 1 {
        anchors.append(Anchor(body: body, level: levels[0]))
      } else {
        strays += levels
      }
    }
    if zip(anchors, anchors.dropFirst()).contains(where: { $0.level >= $1.level }) {
      strays += anchors.map(\.level)
      anchors = []
    }
    strays.sort()
  }

  private static func holder(of place: Double, _ bodies: [BodyNumbering.Body]) -> Int? {
    func distance(_ index: Int) -> Double { abs(bodies[index].centreMM - place) }
    guard let nearest = bodies.indices.min(by: { distance($0) < distance($1) }) else { return nil }
    let half = max(bodies[nearest].reachMM ?? bodies[nearest].heightMM, leastHeightMM) / 2
    return distance(nearest) <= half + slackMM ? nearest : nil
  }

  /// Whether a place lies where a disc is, not where a body was missed.
  private static func isBetweenNeighbours(
    _ place: Double, _ bodies: [BodyNumbering.Body]
  ) -> Bool {
    let gaps = zip(bodies, bodies.dropFirst()).map { $1.centreMM - $0.centreMM }
    guard let lower = bodies.firstIndex(where: { $0.centreMM > place }), lower > 0 else {
      return false
    }
    return gaps[lower - 1] <= widestGap * gaps.sorted()[gaps.count / 2]
  }

  /// What speaks against the given names, in words; `nil` where nothing does.
  ///
  /// - Parameter own: the column as it is named without them.
  func disagreement(with own: BodyNumbering, named by: String) -> String? {
    let others = anchors.filter {
      own.used.contains($0.body) && own.levels[$0.body] != $0.level
    }
    var parts: [String] = []
    if !others.isEmpty {
      let names = others.map { own.levels[$0.body]?.name ?? "bone beyond C2 to T3" }
      parts.append(
        "what is given as \(Self.list(others.map(\.level))) is \(names.joined(separator: ", ")) "
          + "\(by)")
    }
    if !strays.isEmpty {
      parts.append("the place given for \(Self.list(strays)) lies in no vertebra of that name")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private static func list(_ levels: [VertebralLevel]) -> String {
    levels.map(\.name).joined(separator: ", ")
  }
}

extension BodyNumbering {
  /// Names a column by the names that others gave to some of its vertebrae; theirs win.
  ///
  /// Between two given names the bodies are counted, and named where the count fits; where it does not,
  /// the count goes on from either side as far as bodies stand and are as tall as neighbours do. So it
  /// does beyond the outermost given names.
  /// - Parameters:
  ///   - bodies: superior first; centres are places along the cord in mm.
  ///   - places: the given places on the same scale.
  ///   - own: the column as it is named without them.
  ///   - namer: who named that, "to the anatomy network".
  init(
    _ bodies: [Body], given places: [VertebralLevel: Double], own: BodyNumbering, namer: String
  ) {
    let given = GivenNames(places, on: bodies)
    self = own
    disagreement = given.disagreement(with: own, named: namer)
    guard let first = given.anchors.first, let last = given.anchors.last else { return }
    isGiven = true
    (margin, doubts, keptDoubts, used) = (.infinity, [], [], bodies.indices)
    levels = bodies.indices.map { index in
      if index < first.body { return Self.named(first.level, index - first.body) }
      return index > last.body ? Self.named(last.level, index - last.body) : nil
    }
    for anchor in given.anchors { levels[anchor.body] = anchor.level }
    for (upper, lower) in zip(given.anchors, given.anchors.dropFirst()) {
      fill(between: upper, lower, bodies)
    }
    cutDoubtedEnds(bodies, known: first.body...last.body)
  }

  /// The level some places below (or above) another; `nil` above C2 and below T3.
  private static func named(_ level: VertebralLevel, _ steps: Int) -> VertebralLevel? {
    VertebralLevel(rawValue: level.rawValue + steps).flatMap { $0 > .c1 ? $0 : nil }
  }

  /// Names the bodies between two given names, where these name more or fewer than there are up to the
  /// bodies that do not look like neighbours.
  private mutating func fill(
    between upper: GivenNames.Anchor, _ lower: GivenNames.Anchor, _ bodies: [Body]
  ) {
    let inner = upper.body + 1..<lower.body
    for index in inner { levels[index] = Self.named(upper.level, index - upper.body) }
    let expected = lower.level.rawValue - upper.level.rawValue - 1
    guard inner.count != expected else { return }
    doubts.append(
      "between the given \(upper.level.name) and \(lower.level.name) \(inner.count) vertebrae are "
        + "found, \(expected) belong there")
    let odd = (Self.spacingDoubts(bodies, levels) + Self.heightDoubts(bodies, levels))
      .flatMap(\.bodies).filter { (upper.body...lower.body).contains($0) }
    let doubted = (odd.min() ?? inner.lowerBound)...(odd.max() ?? inner.upperBound)
    for index in inner where index >= doubted.lowerBound {
      levels[index] =
        doubted.contains(index) ? nil : Self.named(lower.level, index - lower.body)
    }
    // More bodies than names must not run past the given ones.
    for index in inner {
      guard let name = levels[index], name <= upper.level || name >= lower.level else { continue }
      levels[index] = nil
    }
  }

  /// Takes the names beyond the given ones away from where bodies do not look like neighbours.
  private mutating func cutDoubtedEnds(_ bodies: [Body], known: ClosedRange<Int>) {
    let local = Self.spacingDoubts(bodies, levels) + Self.heightDoubts(bodies, levels)
    for doubt in local {
      let outer = doubt.bodies.filter { !known.contains($0) }
      guard !outer.isEmpty else { continue }
      doubts.append(doubt.text)
      for index in outer {
        let lost = index < known.lowerBound ? 0..<index + 1 : index..<levels.count
        for other in lost { levels[other] = nil }
      }
    }
  }

  /// Names the bodies of a picture: by what others gave, else by the network or a reader.
  ///
  /// - Parameters:
  ///   - uppermost: the name of the uppermost vertebra where a reader gave it.
  ///   - given: labels of others, on the image's voxels.
  init(
    _ picture: SliceSegmentation, on grid: SagittalGrid, uppermost: VertebralLevel?,
    given: StudyLabels?
  ) {
    let column = Body.column(picture.bodies)
    self = BodyNumbering(column, uppermost: uppermost)
    guard let given, let line = CordCentreline(cord: picture.cord, on: grid) else { return }
    let places = given.namedPoints(along: line).mapValues { line.arcLength(beside: $0) }
    guard !places.isEmpty else { return }
    let arcs = picture.bodies.map { part in
      line.arcLength(beside: grid.ras(row: part.centre.row, column: part.centre.column))
    }
    self = BodyNumbering(
      Body.alongCord(column, at: arcs), given: places, own: self,
      namer: uppermost == nil ? "to the anatomy network" : "by the reader's name of the uppermost")
  }
}

extension StudyLabels {
  /// The places in RAS mm that bear a level's name: landmarks, else vertebrae, else the middles between
  /// discs.
  ///
  /// - Parameter line: the cord, to tell bodies from arches.
  func namedPoints(along line: CordCentreline) -> [VertebralLevel: SIMD3<Double>] {
    if !landmarks.isEmpty { return landmarks }
    guard let spine else { return [:] }
    let bodies = LabelledBodies.centres(spine, line: line).centres
    return bodies.isEmpty
      ? DiscLevels.landmarks(discs: LabelledBodies.discs(spine)).landmarks : bodies
  }
}

extension CordCentreline {
  /// Rows between two points of the line, so that the steps of single pixels do not make it longer.
  private static let rowStep = 8

  /// The line through the middles of a cord's rows on a sagittal grid; `nil` with less than two.
  init?(cord: MaskRaster, on grid: SagittalGrid) {
    let points = stride(from: 0, to: cord.rows, by: Self.rowStep).compactMap { row in
      let columns = (0..<cord.columns).filter { cord[row, $0] }
      guard !columns.isEmpty else { return SIMD3<Double>?.none }
      return grid.ras(
        row: Double(row), column: Double(columns.reduce(0, +)) / Double(columns.count))
    }
    self.init(points: points)
  }
}
