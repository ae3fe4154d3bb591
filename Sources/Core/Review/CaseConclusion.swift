/// What a reader's verdicts on the segments say of the patient.
public struct CaseConclusion: Equatable, Sendable {
  /// The case verdict.
  public enum Verdict: String, Sendable {
    /// A hyperintensity is present somewhere.
    case present
    /// It is absent from every assessable segment.
    case absent
    /// Neither is stated.
    case open
  }

  /// The case verdict.
  public var verdict: Verdict
  /// Where it is present, by the names of segments or "study".
  public var present: [String]
  /// What the reader cannot tell, by name.
  public var cannotTell: [String]
  /// Segments of which nothing can be said from the picture, by name.
  public var notAssessed: [String]

  /// Makes a conclusion.
  public init(
    _ verdict: Verdict, present: [String] = [], cannotTell: [String] = [],
    notAssessed: [String] = []
  ) {
    self.notAssessed = notAssessed
    self.verdict = verdict
    self.present = present
    self.cannotTell = cannotTell
  }

  /// The case verdict alone: "case present", "case absent, 2 unseen", "case undecided".
  public var brief: String {
    let unseen = verdict == .absent && !notAssessed.isEmpty ? ", \(notAssessed.count) unseen" : ""
    // "Open" would read as a state of the study.
    return "case \(verdict == .open ? "undecided" : verdict.rawValue)\(unseen)"
  }

  /// The case verdict in words: "case present: C4-5, C5-6; cannot tell C6-7".
  public var words: String {
    let places = present.isEmpty ? "" : ": \(present.joined(separator: ", "))"
    if verdict == .absent, !notAssessed.isEmpty {
      return "case absent; \(notAssessed.joined(separator: ", ")) not assessed"
    }
    let unsure = cannotTell.isEmpty ? "" : "; cannot tell \(cannotTell.joined(separator: ", "))"
    return brief + places + unsure
  }
}

extension ReviewState {
  /// The case verdict; `nil` before the first verdict.
  ///
  /// Present anywhere makes the case present; absent from every assessable segment makes it absent.
  /// Where none is assessable, the verdict on the study as a whole counts, or absent from all six.
  public func conclusion(assessable: [SpinalSegment]) -> CaseConclusion? {
    ReviewSummary(self).conclusion(assessable: assessable)
  }

  /// The rows that still need a verdict before the study can be signed, by name.
  public func missing(assessable: [SpinalSegment]) -> [String] {
    ReviewSummary(self).missing(assessable: assessable)
  }
}
