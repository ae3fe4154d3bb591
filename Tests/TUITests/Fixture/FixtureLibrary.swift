import Foundation
import Imaging
import Synchronization

@testable import Core

/// A library in memory with drawn spines, for tests and for looking at the screens.
final class FixtureLibrary: ReviewSource {
  let title = "spine-clinic"

  private struct Contents {
    var entries: [WorklistEntry]
    var journals: [String: [ReviewRecord]] = [:]
    var failure: String?
    var pin: ReaderPIN?
    var views = WorklistViews()
  }

  private let tries = PINTries(clock: { 0 })

  private let contents: Mutex<Contents>
  private let clock: @Sendable () -> String
  private let change: @Sendable (inout ReviewStudy) -> Void

  /// Makes a library of drawn studies, each changed as it is loaded.
  init(
    studies: Int = 12, clock: (@Sendable () -> String)? = nil,
    change: @escaping @Sendable (inout ReviewStudy) -> Void = { _ in }
  ) {
    self.change = change
    contents = Mutex(Contents(entries: FixtureStudies.worklist(studies)))
    self.clock =
      clock ?? { Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
  }

  /// Lets every write fail with these words; `nil` lets them succeed again.
  func failWrites(_ words: String?) { contents.withLock { $0.failure = words } }

  /// The time that the next act would bear.
  var now: String { clock() }

  /// The acts written for a subject.
  func records(_ subject: String) -> [ReviewRecord] {
    contents.withLock { $0.journals[subject] ?? [] }
  }

  func worklist(reader: String) throws -> [WorklistEntry] {
    contents.withLock { $0.entries }
  }

  func worklistViews(reader: String) throws -> WorklistViews { contents.withLock { $0.views } }

  func changeWorklistViews(
    reader: String, _ change: (inout WorklistViews) -> Void
  ) throws -> WorklistViews {
    try contents.withLock {
      if let failure = $0.failure { throw FixtureError(description: failure) }
      change(&$0.views)
      return $0.views
    }
  }

  func loadStudy(_ subject: String) throws -> ReviewStudy {
    var study = try FixtureStudies.study(subject)
    change(&study)
    return study
  }

  func journal(_ subject: String, reader: String) throws -> JournalContents {
    JournalContents(records: records(subject))
  }

  func append(_ draft: ReviewDraft, subject: String, reader: String) throws -> ReviewRecord {
    let time = clock()
    return try contents.withLock {
      if let failure = $0.failure { throw FixtureError(description: failure) }
      let review = ReviewState($0.journals[subject] ?? [])
      try ReviewJournal.check(draft, against: review)
      let record = ReviewRecord(
        draft, seq: ($0.journals[subject]?.count ?? 0) + 1, time: time, reader: reader,
        previous: String(repeating: "0", count: 64), after: review)
      $0.journals[subject, default: []].append(record)
      return record
    }
  }

  func hasPIN(reader: String) throws -> Bool { contents.withLock { $0.pin != nil } }

  func setPIN(_ pin: PIN, reader: String) throws {
    let stored = try ReaderPIN(pin, rounds: 10)
    contents.withLock { $0.pin = stored }
  }

  func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord {
    try tries.check(reader: reader) {
      guard let stored = contents.withLock({ $0.pin }) else { throw PINError.notSet }
      return stored.accepts(pin)
    }
    return try append(draft, subject: subject, reader: reader)
  }
}

extension FixtureLibrary {
  /// The report at the library's own time.
  func sheet(_ subject: String, reader: String) throws -> StudySheet {
    StudySheet(
      of: try loadStudy(subject),
      readers: [.init(reader: reader, review: ReviewState(records(subject)))], time: now)
  }
}

/// A failure of the fixture in words.
struct FixtureError: Error, CustomStringConvertible {
  var description: String
}
