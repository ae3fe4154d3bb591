internal import Foundation

/// A time in which a presenter showed a case and kept its truth hidden.
public struct HiddenSpan: Equatable, Sendable {
  /// The case, from 1.
  public var caseNumber: Int
  /// The first view of it, as the session's file writes times.
  public var from: String
  /// The last view of it, or the one that ended it.
  public var to: String
  /// Whether another view has ended it.
  public var isOver = false
  /// Whether it ended with the truth being shown.
  public var isShown = false

  /// Seconds for which a presenter may talk about one view: a longer silence was no lesson.
  private static let longestSilence = 1800.0

  /// Seconds by which a learner's clock may be behind the presenter's, for journals of earlier versions, which do
  /// not say whose a reveal is: who reveals with him is not early.
  static let clockTolerance = 10.0

  /// Whether a time lies in it.
  ///
  /// - Parameter tolerance: seconds before its end that are not counted as in it.
  func contains(_ time: String, tolerance: Double = HiddenSpan.clockTolerance) -> Bool {
    guard let time = UTCTime.date(time), let from = UTCTime.date(from), let to = UTCTime.date(to)
    else { return false }
    let margin = isOver ? -tolerance : Self.longestSilence
    return time >= from && time < to.addingTimeInterval(margin)
  }

  /// Whether a time is that at which the presenter showed the truth, as far as clocks agree.
  func endedByReveal(at time: String) -> Bool {
    guard isShown, let time = UTCTime.date(time), let to = UTCTime.date(to) else { return false }
    return abs(time.timeIntervalSince(to)) <= Self.clockTolerance
  }
}

extension [HiddenSpan] {
  /// Takes a view in that came at a time.
  mutating func take(_ view: TeachingView, at time: String) {
    let isHidden = !view.isRevealed && view.hasLeft != true
    if let last = indices.last, !self[last].isOver {
      let isSilent = !self[last].contains(time)
      if isSilent || !isHidden || view.caseNumber != self[last].caseNumber {
        // A lesson that was broken off ended with its last view.
        if !isSilent {
          self[last].to = time
          self[last].isShown = view.isRevealed && view.caseNumber == self[last].caseNumber
        }
        self[last].isOver = true
      } else {
        self[last].to = time
        return
      }
    }
    if isHidden { append(HiddenSpan(caseNumber: view.caseNumber, from: time, to: time)) }
  }

  /// Whether a presenter ended one of them at that time by showing the truth.
  func endedByReveal(at time: String) -> Bool { contains { $0.endedByReveal(at: time) } }

  /// Whether a case was presented hidden at a time.
  ///
  /// - Parameter tolerance: seconds before the end of a span that are not counted as in it.
  func hid(
    _ number: Int, at time: String, tolerance: Double = HiddenSpan.clockTolerance
  ) -> Bool {
    contains { $0.caseNumber == number && $0.contains(time, tolerance: tolerance) }
  }
}

extension TeachingSource {
  /// Who has looked at the truth of cases that the presenter kept hidden at that time, for who teaches.
  ///
  /// Where journals say whose a reveal is, that decides: one that is the presenter's is never early, and one of
  /// the learner's own is until the presenter has shown the truth.
  /// - Throws: `JournalError`.
  func earlyLooks() throws -> [String] {
    let contents = try log.read()
    var looks: [String: [Int]] = [:]
    for (learner, numbers) in answered() where !contents.presenters.contains(learner) {
      for number in numbers {
        // One that cannot be read is told with the scores.
        let records = try? ReaderJournal(reader: learner, url: journalFile(number, learner))
          .records()
        let reveal = records?.first { $0.action == .reveal }
        guard let reveal, reveal.reason != ReviewRecord.presentedReason else { continue }
        let isTold = contents.tellsReveal(of: number, to: learner)
        let tolerance = isTold ? 0 : HiddenSpan.clockTolerance
        guard contents.hidden.hid(number, at: reveal.time, tolerance: tolerance) else { continue }
        looks[learner, default: []].append(number)
      }
    }
    return looks.sorted { $0.key < $1.key }.map { learner, numbers in
      let cases = numbers.map { "\($0)" }.joined(separator: ", ")
      return "\(learner) looked at the truth before the presenter showed it: "
        + "\(numbers.count == 1 ? "case" : "cases") \(cases)"
    }
  }
}
