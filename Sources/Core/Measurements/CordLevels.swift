/// Where bodies and discs lie along the cord, and what cord and canal measure there.
struct CordLevels: Sendable {
  /// Sections across the cord.
  let cord: CordSections
  /// Arc length in mm of mid-body and of the disc below, by vertebra.
  private(set) var bodyArc: [VertebralLevel: Double] = [:]
  private(set) var discArc: [VertebralLevel: Double] = [:]
  /// Arc length of each body's centroid (of C2 with its dens), between which segments lie.
  private(set) var centroidArc: [VertebralLevel: Double] = [:]

  /// Half the window in mm about a disc where a neighbouring body is not known.
  static let windowMM = 5.0

  /// Projects the levels perpendicularly onto the cord's centreline.
  init(_ spine: SpineOutline, cord: CordSections) {
    self.cord = cord
    for (level, body) in spine.bodies {
      // From the posterior wall: the nearer, the less a bend matters.
      let place = body.centre + body.back * (body.depthMM / 2)
      bodyArc[level] = cord.arc(nearest: place)
      centroidArc[level] = cord.arc(nearest: body.centroid)
    }
    for level in VertebralLevel.allCases {
      discArc[level] = spine.discPlace(below: level).flatMap { cord.arc(nearest: $0) }
    }
  }

  /// The section at mid-body.
  func body(_ level: VertebralLevel) -> CordSections.Section? {
    bodyArc[level].flatMap { cord.section(at: $0) }
  }

  /// The sections of a disc level: from halfway to the body above to halfway to that below.
  func window(_ segment: SpinalSegment) -> [CordSections.Section] {
    guard let disc = discArc[segment.upper] else { return [] }
    let above = bodyArc[segment.upper].map { (disc + $0) / 2 } ?? disc - Self.windowMM
    let below = bodyArc[segment.lower].map { (disc + $0) / 2 } ?? disc + Self.windowMM
    return cord.sections(from: above, to: below)
  }

  /// The arc lengths of a vertebral level as SCT has it: from the disc above to the disc below.
  func sctRange(_ level: VertebralLevel) -> ClosedRange<Double>? {
    guard let above = VertebralLevel(rawValue: level.rawValue - 1).flatMap({ discArc[$0] }),
      let below = discArc[level], below > above
    else { return nil }
    return above...below
  }
}
