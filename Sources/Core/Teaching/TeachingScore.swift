internal import Foundation

/// What a learner said of one segment whose truth is known.
public struct LearnerAnswer: Equatable, Sendable {
  /// The case, from 1.
  public var caseNumber: Int
  /// The segment.
  public var segment: SpinalSegment
  /// What was said before the truth was shown; `nil` where nothing was.
  public var answer: Verdict?
  /// Present or absent.
  public var truth: Verdict

  /// Makes an answer.
  public init(caseNumber: Int, segment: SpinalSegment, answer: Verdict?, truth: Verdict) {
    self.caseNumber = caseNumber
    self.segment = segment
    self.answer = answer
    self.truth = truth
  }
}

/// How well one learner did.
///
/// What was answered "cannot tell" is neither found nor cleared: it lowers sensitivity or specificity.
/// What was not answered counts nowhere but in `unanswered`; a case whose truth was seen counts there whole,
/// for it can be answered no more.
public struct TeachingScore: Equatable, Sendable {
  /// One case of a learner.
  public struct Case: Equatable, Sendable {
    /// Segments answered as the truth is.
    public var right: Int
    /// Segments answered of those whose truth is known.
    public var answered: Int
    /// Segments whose truth is known.
    public var known: Int
    /// From opening the case to the learner's own look at its truth, or else to his last act before it was shown,
    /// without the time between the last act of a sitting and the next opening; `nil` where nothing was answered.
    public var seconds: Double?
    /// What the answers are held against, the learner's own reading left out; `nil` where that is not told.
    public var truth: CaseTruth?
    /// Segments not answered: they are in no share.
    public var unanswered: Int { known - answered }
  }

  /// The learner's id.
  public let learner: String
  /// The cases answered, or whose truth was seen, by number.
  public let cases: [Int: Case]
  /// Segments answered in them, the total of ``right``.
  public var answered: Int { right.total }
  /// Segments not answered in them.
  public let unanswered: Int
  /// Answers that are right.
  public let right: WilsonInterval
  /// Present segments called present.
  public let sensitivity: WilsonInterval
  /// Absent segments called absent.
  public let specificity: WilsonInterval
  /// Cohen's kappa with the truth over present, absent and cannot tell; `nil` where all is of one kind.
  public let kappa: Double?
  /// The median time of a case in which something was answered.
  public let medianSeconds: Double?

  /// Counts a learner's answers.
  ///
  /// - Parameters:
  ///   - seen: the cases whose truth was seen: they count also where nothing was answered.
  ///   - seconds: time by case, where known.
  ///   - truths: what the answers are held against, by case.
  public init(
    learner: String, answers: [LearnerAnswer], seen: Set<Int> = [], seconds: [Int: Double] = [:],
    truths: [Int: CaseTruth] = [:]
  ) {
    self.learner = learner
    let started = Set(answers.filter { $0.answer != nil }.map(\.caseNumber))
    let counted = answers.filter {
      started.contains($0.caseNumber) || seen.contains($0.caseNumber)
    }
    var cases: [Int: Case] = [:]
    for (number, answers) in Dictionary(grouping: counted, by: \.caseNumber) {
      cases[number] = Case(
        right: answers.count { $0.answer == $0.truth },
        answered: answers.count { $0.answer != nil }, known: answers.count,
        seconds: started.contains(number) ? seconds[number] : nil, truth: truths[number])
    }
    self.cases = cases
    let given = counted.filter { $0.answer != nil }
    unanswered = counted.count - given.count
    func rate(_ truth: Verdict) -> WilsonInterval {
      let all = given.filter { $0.truth == truth }
      return WilsonInterval(all.count { $0.answer == truth }, of: all.count)
    }
    right = WilsonInterval(given.count { $0.answer == $0.truth }, of: given.count)
    (sensitivity, specificity) = (rate(.present), rate(.absent))
    let kinds = Verdict.allCases
    kappa =
      Kappa(
        cohen: kinds.map { answer in
          kinds.map { truth in given.count { $0.answer == answer && $0.truth == truth } }
        })?.value
    let times = cases.values.compactMap(\.seconds).sorted()
    medianSeconds =
      times.isEmpty
      ? nil : (times[(times.count - 1) / 2] + times[times.count / 2]) / 2
  }
}
