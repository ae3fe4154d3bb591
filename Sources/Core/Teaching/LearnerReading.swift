internal import Foundation

/// What a learner stated of a case before its truth was shown.
struct LearnerReading: Equatable {
  /// The answers by segment.
  var answers: [SpinalSegment: Verdict]
  /// When the truth was shown, as the journal writes it.
  var revealed: String?
  /// When the last act before that was done.
  private var last: String?

  init(_ records: [ReviewRecord]) {
    let before = records.prefix { $0.action != .reveal && $0.blind }
    answers = ReviewState(Array(before)).standing
    revealed = records.dropFirst(before.count).first?.time
    last = before.last?.time
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

  /// Seconds from opening the case to its truth, or to the last answer; `nil` where times are missing
  /// or run backward.
  func seconds(since opened: String?) -> Double? {
    guard let opened, let end = revealed ?? last, let from = UTCTime.date(opened),
      let to = UTCTime.date(end)
    else { return nil }
    let seconds = to.timeIntervalSince(from)
    return seconds >= 0 ? seconds : nil
  }
}

extension ReviewState {
  /// How far a learner is with a case: it is read once its truth was shown.
  public var learnerState: StudyState {
    isRevealed ? .read : verdicts.isEmpty ? .unread : .reading
  }
}
