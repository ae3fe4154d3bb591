/// How a learner's answers to a case stand to its truth, for the list of cases.
///
/// There is none before the truth was shown: nothing of it is told earlier.
public struct CaseResult: Equatable, Sendable {
  /// Segments answered as the truth is.
  public private(set) var right: [SpinalSegment] = []
  /// Present, and called absent.
  public private(set) var missed: [SpinalSegment] = []
  /// Absent, and called present.
  public private(set) var overcalled: [SpinalSegment] = []
  /// Answered "cannot tell".
  public private(set) var untold: [SpinalSegment] = []
  /// Not answered.
  public private(set) var unanswered: [SpinalSegment] = []
  /// Whether the case has a truth, and none without the learner's own reading of its study.
  public private(set) var isOwnTruth = false

  /// Compares what was answered before the truth was shown; `nil` where it was not shown.
  ///
  /// Nobody is held against his own reading: see ``CaseTruth/truth(for:)``.
  /// - Parameter truth: what is known of the case; `nil` where nothing is.
  public init?(_ records: [ReviewRecord], truth: CaseTruth?) {
    let reading = LearnerReading(records)
    guard reading.revealed != nil, let learner = records.first?.reader else { return nil }
    let scored = truth?.truth(for: learner)
    isOwnTruth = truth != nil && scored == nil
    for segment in SpinalSegment.allCases {
      guard let known = scored?.verdicts[segment] else { continue }
      switch reading.answers[segment] {
      case nil: unanswered.append(segment)
      case known?: right.append(segment)
      case .cannotTell?: untold.append(segment)
      case .absent?: missed.append(segment)
      case .present?: overcalled.append(segment)
      }
    }
  }

  /// Segments answered: what right is a share of, here as in the scores.
  public var answered: Int { known - unanswered.count }

  /// Segments whose truth is known.
  public var known: Int { parts.reduce(right.count) { $0 + $1.segments.count } }

  private var parts: [(words: String, segments: [SpinalSegment])] {
    [
      ("missed", missed), ("overcalled", overcalled), ("cannot tell", untold),
      ("unanswered", unanswered),
    ]
  }

  /// "3/5 right, missed C5-6, cannot tell C6-7, unanswered C7-T1", right of those answered; counts in the
  /// place of names, then right and unanswered alone, where there is less room.
  public func words(room: Int = .max) -> String {
    if isOwnTruth {
      let words = "not scored: no truth without your own reading"
      return words.count <= room ? words : "not scored"
    }
    if known == 0 { return "no truth is known" }
    if unanswered.count == known { return "nothing answered" }
    let share = "\(right.count)/\(answered) right"
    let others = parts.filter { !$0.segments.isEmpty }
    func line(_ words: (String, [SpinalSegment]) -> String) -> String {
      ([share] + others.map { words($0.words, $0.segments) }).joined(separator: ", ")
    }
    let named = line { "\($0) \($1.map(\.name).joined(separator: " "))" }
    if named.count <= room { return named }
    let counted = line { "\($1.count) \($0)" }
    if counted.count <= room { return counted }
    return unanswered.isEmpty ? share : "\(share), \(unanswered.count) unanswered"
  }
}
