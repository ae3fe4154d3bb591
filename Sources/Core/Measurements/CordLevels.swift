internal import Imaging

/// Where bodies and discs lie along the cord, and what cord and canal measure there.
struct CordLevels: Sendable {
  /// Sections across the cord.
  let cord: CordSections
  /// Arc length in mm of mid-body, where the body is seen as a whole, and of the disc below, by vertebra.
  private(set) var bodyArc: [VertebralLevel: Double] = [:]
  private(set) var discArc: [VertebralLevel: Double] = [:]
  /// Arc length of each body's centroid (of C2 with its dens), between which segments lie.
  private(set) var centroidArc: [VertebralLevel: Double] = [:]
  /// Why there is no mid-body of a vertebra of which a part is labelled.
  private(set) var partReason: [VertebralLevel: String] = [:]
  /// Why nothing is measured at a level (`SegmentedSlice.unnamed`).
  let unnamed: [SpinalSegment: String]

  /// Half the window in mm about a disc where a neighbouring body is not known.
  static let windowMM = 5.0

  /// Projects the levels perpendicularly onto the cord's centreline.
  init(_ spine: SpineOutline, cord: CordSections, unnamed: [SpinalSegment: String] = [:]) {
    self.cord = cord
    self.unnamed = unnamed
    for (level, body) in spine.bodies {
      centroidArc[level] = cord.arc(nearest: body.centroid)
      // The middle of a part lies nearer to the disc that is narrowed than mid-body does.
      if let reason = body.partReason {
        partReason[level] = "\(level.name) is not seen as a whole: \(reason)"
        continue
      }
      // From the posterior wall: the nearer, the less a bend matters.
      let place = body.centre + body.back * (body.depthMM / 2)
      bodyArc[level] = cord.arc(nearest: place)
    }
    for level in VertebralLevel.allCases {
      discArc[level] = spine.discPlace(below: level).flatMap { cord.arc(nearest: $0) }
    }
  }

  /// The section at mid-body; `nil` where the cord is lost.
  func body(_ level: VertebralLevel) -> CordSections.Section? {
    bodyArc[level].flatMap { cord.section(at: $0) }.flatMap { $0.lost == nil ? $0 : nil }
  }

  /// Why the cord is lost at mid-body, if it is.
  func lost(_ level: VertebralLevel) -> QualityIssue? {
    bodyArc[level].flatMap { cord.section(at: $0) }?.lost
  }

  /// Why the cord is lost somewhere at a disc level, if it is.
  func lost(_ segment: SpinalSegment) -> QualityIssue? {
    range(segment).lazy.compactMap(\.lost).first
  }

  /// Why the cord is lost somewhere along a stretch of arc length, if it is.
  func lost(along arcs: ClosedRange<Double>) -> QualityIssue? {
    cord.sections(from: arcs.lowerBound, to: arcs.upperBound).lazy.compactMap(\.lost).first
  }

  /// The sections of a disc level: from halfway to the body above to halfway to that below; none where
  /// the cord is lost on any of them, or one of the bodies has no name.
  func window(_ segment: SpinalSegment) -> [CordSections.Section] {
    unnamed[segment] == nil && lost(segment) == nil ? range(segment) : []
  }

  private func range(_ segment: SpinalSegment) -> [CordSections.Section] {
    guard let disc = discArc[segment.upper] else { return [] }
    let above = bodyArc[segment.upper].map { (disc + $0) / 2 } ?? disc - Self.windowMM
    let below = bodyArc[segment.lower].map { (disc + $0) / 2 } ?? disc + Self.windowMM
    return cord.sections(from: above, to: below)
  }

  /// Segments (body centre to body centre) that a stretch of the cord reaches: with at least 3 mm, or
  /// with 40 % of its length.
  func segments(_ range: ClosedRange<Double>) -> [SpinalSegment] {
    let length = range.upperBound - range.lowerBound
    return SpinalSegment.allCases.filter { segment in
      guard let a = centroidArc[segment.upper], let b = centroidArc[segment.lower] else {
        return false
      }
      let inside = min(b, range.upperBound) - max(a, range.lowerBound)
      return inside >= Double(LesionSegments.leastMM)
        || (inside > 0 && inside >= LesionSegments.leastShare * length)
    }
  }

  /// The stretch of the cord that a segment takes; about its disc where a body beside it is not known.
  func stretch(_ segment: SpinalSegment) -> ClosedRange<Double>? {
    let disc = discArc[segment.upper]
    guard let a = centroidArc[segment.upper] ?? disc.map({ $0 - Self.windowMM }),
      let b = centroidArc[segment.lower] ?? disc.map({ $0 + Self.windowMM }), a <= b
    else { return nil }
    return a...b
  }

  /// The stretch of the cord beside a lesion, from the upper edge of its first pixels to the lower
  /// edge of its last; `nil` where it lies beside the measured cord.
  func range(of lesion: SliceLesion, in mask: MaskRaster) -> ClosedRange<Double>? {
    let pixels = lesion.pixels(in: mask)
    var range: ClosedRange<Double>?
    for row in 0..<pixels.rows {
      for column in 0..<pixels.columns where pixels[row, column] {
        let p = SIMD2(Double(column), Double(row)) * SagittalGrid.spacing
        guard let arc = cord.arc(nearest: p) else { continue }
        range = min(range?.lowerBound ?? arc, arc)...max(range?.upperBound ?? arc, arc)
      }
    }
    let half = SagittalGrid.spacing / 2
    return range.map { ($0.lowerBound - half)...($0.upperBound + half) }
  }

  /// The arc lengths of a vertebral level as SCT has it: from the disc above to the disc below.
  func sctRange(_ level: VertebralLevel) -> ClosedRange<Double>? {
    guard let above = VertebralLevel(rawValue: level.rawValue - 1).flatMap({ discArc[$0] }),
      let below = discArc[level], below > above
    else { return nil }
    return above...below
  }
}
