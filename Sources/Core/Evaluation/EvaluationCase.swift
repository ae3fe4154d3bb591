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
  /// Scores by detector name.
  public var scores: [String: Scores]

  /// Makes a case.
  public init(
    subject: String, className: String, hasLesion: Bool, affected: Set<SpinalSegment>,
    scores: [String: Scores]
  ) {
    self.subject = subject
    self.className = className
    self.hasLesion = hasLesion
    self.affected = affected
    self.scores = scores
  }
}
