/// The largest value of a curve somewhere.
public struct Peak: Codable, Equatable, Sendable {
  /// Row on the canonical grid.
  public var row: Int
  /// RAS z in mm of the cord's centre on that row.
  public var zMm: Double
  /// The value there.
  public var score: Double

  /// Makes a peak.
  public init(row: Int, zMm: Double, score: Double) {
    self.row = row
    self.zMm = zMm
    self.score = score
  }
}

/// One detector's view of one segment on one slice.
public struct SegmentScore: Equatable, Sendable {
  /// Which segment.
  public var segment: SpinalSegment
  /// The largest value inside, or `nil` when it cannot be assessed.
  public var score: Double?
  /// Why not, or what qualifies the score.
  public var reason: String?
  /// The rows between the centres of its two vertebrae, where these are known and in the window.
  public var rows: ClosedRange<Int>?
  /// Row of the largest value.
  public var peakRow: Int?

  /// Makes a segment's score.
  public init(
    segment: SpinalSegment, score: Double?, reason: String?, rows: ClosedRange<Int>? = nil,
    peakRow: Int? = nil
  ) {
    self.segment = segment
    self.score = score
    self.reason = reason
    self.rows = rows
    self.peakRow = peakRow
  }
}

/// One detector's view of one slice.
public struct SliceScore: Equatable, Sendable {
  /// The curve; empty for detectors that have one value per segment.
  public var curve: AnoCurve
  /// The six segments in order.
  public var segments: [SegmentScore]
  /// The largest score over assessable segments; without levels over the whole curve.
  public var patient: Double?
  /// Why there is no patient score, or what qualifies it.
  public var reason: String?
  /// The largest value outside all assessable segments, reported apart.
  public var outside: Peak?

  /// Makes a slice's score.
  public init(
    curve: AnoCurve, segments: [SegmentScore], patient: Double?, reason: String?,
    outside: Peak? = nil
  ) {
    self.curve = curve
    self.segments = segments
    self.patient = patient
    self.reason = reason
    self.outside = outside
  }

  /// The score of a slice on which nothing can be assessed.
  public static func unassessable(_ reason: String) -> SliceScore {
    SliceScore(
      curve: AnoCurve(rows: [], zMM: [], values: []),
      segments: SpinalSegment.allCases.map {
        SegmentScore(segment: $0, score: nil, reason: reason)
      }, patient: nil, reason: reason)
  }
}
