internal import Foundation
internal import Imaging

/// What learners' answers are worth.
extension TeachingSource {
  /// The scores: everybody's for who teaches, else the reader's own on the cases revealed.
  public func scores(reader: String) throws -> TeachingSummary {
    try scores(reader: reader, compares: false)
  }

  /// The same; of cases whose truth is what others signed of a study that the reader has not signed, others' scores
  /// are given after a note in the reader's own journal of it.
  ///
  /// - Parameter compares: whether the reader has said that it may be noted; without that they are left out.
  public func scores(reader: String, compares: Bool) throws -> TeachingSummary {
    let own = ReaderIdentity.sanitised(reader)
    let isTeacher = try ReaderTable(library: library.root).mayTeachAll(own, role)
    return try summary(of: isTeacher ? nil : own, for: own, compares: compares)
  }

  /// The scores of all learners, or of one. Who has presented the session is no learner of it: what he states
  /// is said before the room.
  ///
  /// - Parameter viewer: who looks at them: his own answers count once he has seen the truth, for until
  ///   then their score would tell it.
  /// - Throws: `JournalError`, `TeachingError`.
  func summary(
    of only: String?, for viewer: String, compares: Bool = false
  ) throws -> TeachingSummary {
    let contents = try log.read()
    var remarks = TeachingRemarks()
    var presenters: Set<String> = []
    var scores: [TeachingScore] = []
    for (learner, numbers) in answered() where only == nil || only == learner {
      var counted = CountedCases()
      for number in numbers {
        do {
          let records = try ReaderJournal(reader: learner, url: journalFile(number, learner))
            .records()
          let reading = LearnerReading(records)
          if contents.presenters.contains(learner) {
            if !reading.answers.isEmpty { presenters.insert(learner) }
            continue
          }
          if learner == viewer, reading.revealed == nil {
            if !reading.answers.isEmpty { remarks.hasUnseen = true }
            continue
          }
          guard let whole = try truth(of: "\(number)") else {
            remarks.withoutTruth.insert(number)
            continue
          }
          if learner != viewer, try !counts(number, for: viewer, compares: compares) {
            remarks.uncounted.insert(number)
            continue
          }
          guard let known = whole.truth(for: learner) else {
            if reading.isBegun { remarks.leaveOut(learner, number, of: whole) }
            continue
          }
          if reading.isBegun { remarks.take(known, of: number) }
          counted.take(reading, number, known, seconds: contents.seconds(reading, number, learner))
        } catch {
          remarks.problems.append("\(learner), case \(number): \(error)".cleaned)
        }
      }
      let score = counted.score(of: learner)
      if !score.cases.isEmpty { scores.append(score) }
    }
    let looks = only == nil ? try earlyLooks() : []
    return TeachingSummary(
      session: session.name, caseCount: caseCount, scores: scores,
      presenters: presenters.sorted(), remarks: remarks.sentences + looks)
  }

  /// Said to who has answered cases whose truth he has not seen.
  static let unseen = "your answers to cases whose truth you have not seen yet are not counted"

  /// The learners with the numbers of the cases they have journals of.
  func answered() -> [(learner: String, cases: [Int])] {
    let folder = session.folder(library: library.root)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    var found: [String: [Int]] = [:]
    for name in names where name.hasPrefix("learner-") && name.hasSuffix(".jsonl") {
      let words = name.dropFirst("learner-".count).dropLast(".jsonl".count).components(
        separatedBy: "_case-")
      guard words.count == 2, let number = Int(words[1]), 1...caseCount ~= number,
        ReaderIdentity.sanitised(words[0]) == words[0]
      else { continue }
      found[words[0], default: []].append(number)
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
  }
}

extension ReaderTable {
  /// Whether everybody's scores are shown: to who presents, and to named teachers.
  fileprivate func mayTeachAll(_ reader: String, _ role: TeachingRole) -> Bool {
    role == .presenter || mayTeachReadings(reader)
  }
}

/// The cases of one learner that are counted.
private struct CountedCases {
  private var answers: [LearnerAnswer] = []
  private var seen: Set<Int> = []
  private var seconds: [Int: Double] = [:]
  private var truths: [Int: CaseTruth] = [:]

  /// Takes in a case and what the learner's answers are held against.
  mutating func take(
    _ reading: LearnerReading, _ number: Int, _ truth: CaseTruth, seconds time: Double?
  ) {
    answers += reading.answers(to: truth, case: number)
    if reading.revealed != nil { seen.insert(number) }
    (seconds[number], truths[number]) = (time, truth)
  }

  func score(of learner: String) -> TeachingScore {
    TeachingScore(
      learner: learner, answers: answers, seen: seen, seconds: seconds, truths: truths)
  }
}

extension LearnerReading {
  /// Whether something was answered, or the truth was seen.
  fileprivate var isBegun: Bool { !answers.isEmpty || revealed != nil }
}

extension TeachingLog.Contents {
  /// Seconds that a learner worked on a case; whose a reveal is his journal says, or else the spans do.
  fileprivate func seconds(
    _ reading: LearnerReading, _ number: Int, _ learner: String
  ) -> Double? {
    let own = openings.filter { $0.reader == learner && $0.caseNumber == number }
    let isTold = tellsReveal(of: number, to: learner)
    return reading.seconds(
      since: own.map(\.time), hidden: isTold ? [] : hidden.filter { $0.caseNumber == number })
  }
}
