internal import Foundation

/// What a learner stated of a case before its truth was shown.
struct LearnerReading: Equatable {
  /// The answers by segment.
  var answers: [SpinalSegment: Verdict]
  /// When the truth was shown, as the journal writes it.
  var revealed: String?
  /// Whether the presenter showed it, and not the learner himself, as the journal says.
  var isPresented: Bool
  /// When the acts before that were done.
  private var times: [String]

  init(_ records: [ReviewRecord]) {
    let before = records.prefix { $0.action != .reveal && $0.blind }
    let reveal = records.dropFirst(before.count).first
    answers = ReviewState(Array(before)).standing
    revealed = reveal?.time
    isPresented = reveal?.action == .reveal && reveal?.reason == ReviewRecord.presentedReason
    times = before.map(\.time)
  }

  /// The answers to the segments whose truth is known.
  func answers(to truth: CaseTruth, case number: Int) -> [LearnerAnswer] {
    SpinalSegment.allCases.compactMap { segment in
      truth.verdicts[segment].map {
        LearnerAnswer(
          caseNumber: number, segment: segment, answer: answers[segment], truth: $0)
      }
    }
  }

  /// Seconds that the case was worked on: from each opening to the learner's last act before the next one, the
  /// last of all being his look at the truth, or else an answer; `nil` where times are missing or run backward.
  ///
  /// No file says when a case was left: what follows the last act, until it is opened again, is not counted. Nor
  /// is the wait for a presenter's reveal, which is no act of the learner's.
  /// - Parameter spans: when presenters kept the case hidden, by which journals of earlier versions, which do
  ///   not say whose a reveal is, are told.
  func seconds(since openings: [String], hidden spans: [HiddenSpan] = []) -> Double? {
    let openings = openings.compactMap(UTCTime.date).sorted()
    let own = revealed.flatMap { isPresented || spans.endedByReveal(at: $0) ? nil : $0 }
    let acts = (times + [own].compactMap(\.self)).compactMap(UTCTime.date)
    guard let first = openings.first, let end = acts.last, end >= first else { return nil }
    var seconds = 0.0
    for (index, opening) in openings.enumerated() {
      let next = openings.dropFirst(index + 1).first ?? .distantFuture
      let last = acts.filter { $0 >= opening && $0 < next }.max()
      seconds += last.map { $0.timeIntervalSince(opening) } ?? 0
    }
    return seconds
  }
}

extension ReviewState {
  /// How far a learner is with a case: it is read once its truth was shown.
  public var learnerState: StudyState {
    isRevealed ? .read : verdicts.isEmpty ? .unread : .reading
  }
}
