/// One patient with truth and every detector's scores.
public struct EvaluationCase: Equatable, Sendable {
  /// The scores of one detector on one patient.
  public struct Scores: Equatable, Sendable {
    /// The patient score; `nil` when not assessable.
    public var patient: Double?
    /// One score per segment in order; `nil` where not assessable.
    public var segments: [Double?]

    /// Makes a set of scores.
    public init(patient: Double?, segments: [Double?]) {
      self.patient = patient
      self.segments = segments
    }
  }

  /// The subject's identifier without "sub-".
  public var subject: String
  /// The lesion or confounder class, such as `snake-eye` or `normal`.
  public var className: String
  /// Whether the patient has a lesion.
  public var hasLesion: Bool
  /// Segments that hold lesion.
  public var affected: Set<SpinalSegment>
  /// Segments for which there is truth; the others are left out of segment figures.
  public var known: Set<SpinalSegment>
  /// The patient: cases of one patient are not independent, and stay in one fold.
  public var group: String
  /// Scores by detector name.
  public var scores: [String: Scores]

  /// Makes a case; by default there is truth for all segments and the subject is the patient.
  public init(
    subject: String, className: String, hasLesion: Bool, affected: Set<SpinalSegment>,
    known: Set<SpinalSegment> = Set(SpinalSegment.allCases), group: String? = nil,
    scores: [String: Scores]
  ) {
    self.subject = subject
    self.className = className
    self.hasLesion = hasLesion
    self.affected = affected
    self.known = known
    self.group = group ?? subject
    self.scores = scores
  }
}
