internal import Imaging

/// Where bodies and discs lie along the cord, and what cord and canal measure there.
struct CordLevels: Sendable {
  /// Sections across the cord.
  let cord: CordSections
  /// Arc length in mm of mid-body, where the body is seen as a whole, and of the disc below, by vertebra.
  private(set) var bodyArc: [VertebralLevel: Double] = [:]
  private(set) var discArc: [VertebralLevel: Double] = [:]
  /// Arc length of each body's centroid (of C2 with its dens).
  private(set) var centroidArc: [VertebralLevel: Double] = [:]
  /// The rows of each segment, between its vertebrae's centre rows as detection has them.
  private(set) var rows: [SpinalSegment: ClosedRange<Int>] = [:]
  /// Why there is no mid-body of a vertebra of which a part is labelled.
  private(set) var partReason: [VertebralLevel: String] = [:]
  /// Why nothing is measured at a level (`SegmentedSlice.unnamed`).
  let unnamed: [SpinalSegment: String]

  /// Half the window in mm about a disc where a neighbouring body is not known.
  static let windowMM = 5.0

  /// Projects bodies and discs perpendicularly onto the cord's centreline, along which diameters are compared;
  /// segments, in which lesions are placed, lie between rows (``LesionSegments``).
  /// - Parameter levelRows: The vertebrae's centre rows; `nil`: those of the bodies' centroids.
  init(
    _ spine: SpineOutline, cord: CordSections, levelRows: [VertebralLevel: Double]? = nil,
    unnamed: [SpinalSegment: String] = [:]
  ) {
    self.cord = cord
    self.unnamed = unnamed
    let centres = levelRows ?? spine.bodies.mapValues { $0.centroid.y / SagittalGrid.spacing }
    for segment in SpinalSegment.allCases where unnamed[segment] == nil {
      rows[segment] = SegmentScoring.rows(
        of: segment, centres: centres, count: SagittalGrid.side)
    }
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

  /// The segments that a lesion touches: those that its detection names, else those that its rows reach.
  /// - Parameter range: Its stretch of the cord; an outline that has none lies beside the measured cord.
  func segments(of lesion: SliceLesion, at range: ClosedRange<Double>?) -> [SpinalSegment] {
    if let named = lesion.segments { return named }
    return range == nil ? [] : LesionSegments.reached(by: lesion.extent, borders: rows)
  }

  /// The stretch of the cord that is no normal cord for a lesion, also where other slices show it.
  /// - Parameter range: Its stretch on its own rows.
  func spared(
    _ lesion: SliceLesion, at range: ClosedRange<Double>?, in mask: MaskRaster
  ) -> ClosedRange<Double>? {
    guard lesion.extent != lesion.rows else { return range }
    let whole = self.range(
      of: SliceLesion(source: lesion.source, rows: lesion.extent), in: mask)
    guard let whole, let range else { return whole ?? range }
    return min(whole.lowerBound, range.lowerBound)...max(whole.upperBound, range.upperBound)
  }

  /// The stretch of the cord that a segment takes; about its disc where a vertebra beside it is not known.
  func stretch(_ segment: SpinalSegment, in mask: MaskRaster) -> ClosedRange<Double>? {
    let known = rows[segment].flatMap {
      range(of: SliceLesion(source: .reader, rows: $0), in: mask)
    }
    if let known { return known }
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
