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
    var texts: [ReaderFile: String] = [:]
  }

  /// What lies beside a subject's study, each with its content or why it cannot be loaded.
  let neighbours = Mutex<[String: [(BesideChoice, Result<BesideContent, FixtureError>)]]>([:])
  /// What is measured of subjects; nothing is measured in a library without any.
  let measured = Mutex<[String: Result<StudyMeasures, FixtureError>]>([:])
  /// How often something was measured.
  let measurings = Mutex(0)
  /// The corrections written, oldest first.
  let committed = Mutex<[LabelCorrection]>([])
  /// The edits kept of a subject's labels against a hang-up, by subject and target.
  let keptDrafts = Mutex<[String: CorrectionDraft]>([:])
  /// Why edits cannot be kept; `nil` lets them be.
  let draftFailure = Mutex<String?>(nil)
  /// How often edits were kept.
  let draftsKept = Mutex(0)
  /// Edits that were kept aside, in words.
  let draftsAside = Mutex<[String]>([])
  /// Why what was kept does not go on; `nil` lets it.
  let draftRefusal = Mutex<String?>(nil)
  /// Why no saved correction is taken back or restored; `nil` lets them be.
  let turnRefusal = Mutex<String?>(nil)
  /// Whether corrections are noted as versions did that could not take them back.
  let isFormerVersion = Mutex(false)

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

  func readerText(_ file: ReaderFile, reader: String) throws -> ReaderText {
    let text = contents.withLock { $0.texts[file] ?? "" }
    return ReaderText(text: text, path: "\(reader).\(file.rawValue).txt")
  }

  func changeReaderText(
    _ file: ReaderFile, reader: String, _ change: (ReaderText) throws -> String
  ) throws -> ReaderText {
    if let failure = contents.withLock({ $0.failure }) {
      throw FixtureError(description: failure)
    }
    let text = try change(try readerText(file, reader: reader))
    contents.withLock { $0.texts[file] = text }
    return try readerText(file, reader: reader)
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

  func besideChoices(_ subject: String) throws -> [BesideChoice] {
    neighbours.withLock { $0[subject]?.map(\.0) ?? [] }
  }

  func beside(
    _ choice: BesideChoice, of subject: String, reader: String
  ) throws -> BesideContent {
    let found = neighbours.withLock { $0[subject]?.first { $0.0 == choice }?.1 }
    guard let found else { throw FixtureError(description: "no \(choice.title)") }
    return try found.get()
  }

  func hasPIN(reader: String) throws -> Bool {
    try tries.checkLock(reader: reader)
    return contents.withLock { $0.pin != nil }
  }

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
  var measuresStudies: Bool { measured.withLock { !$0.isEmpty } }

  func measures(of subject: String, reader: String) throws -> StudyMeasures {
    measurings.withLock { $0 += 1 }
    guard let found = measured.withLock({ $0[subject] }) else {
      throw FixtureError(description: "sub-\(subject) has no labels")
    }
    return try found.get()
  }

  /// The report at the library's own time.
  func sheet(_ subject: String, reader: String) throws -> StudySheet {
    StudySheet(
      of: try loadStudy(subject),
      readers: [.init(reader: reader, review: ReviewState(records(subject)))], time: now)
  }
}

extension FixtureLibrary {
  /// Discs every 20 mm on slice 6, boundaries between them, and the drawn cord; no lesion.
  func correctionBasis(
    _ target: CorrectionTarget, of subject: String, grids: [CorrectionGrid], reader: String,
    isBlind: Bool
  ) throws -> CorrectionBasis {
    var basis = CorrectionBasis(target: target, files: ["spine 00"])
    switch target {
    case .discs, .boundaries:
      for number in 0..<6 {
        let z = 60 - 20 * Double(number) + (target == .discs ? 0 : 10)
        basis.points[UInt16(3 + number)] = [0, 0, z]
      }
    case .cord, .lesion:
      let pictures = try loadStudy(subject).pictures
      let shown = pictures.filter { picture in grids.contains { $0.index == picture.index } }
      basis.masks = (grids.isEmpty ? pictures : shown).map { picture in
        let empty = MaskRaster(rows: 256, columns: 256, filledWith: false)
        return target == .cord ? picture.cord ?? empty : empty
      }
    }
    return basis
  }

  func correct(
    _ correction: LabelCorrection, _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    var draft = draft
    draft.correction?.file = "sub-\(subject)_T2w\(correction.target.role.ending).nii.gz"
    let hash = String(repeating: "cd", count: 32)
    draft.correction?.after = hash
    if !isFormerVersion.withLock({ $0 }) {
      draft.correction?.origin = CorrectionOrigin(
        files: correction.files, isVersionKept: false, sidecar: nil, newSidecar: hash)
    }
    let record = try append(draft, subject: subject, reader: reader)
    committed.withLock { $0.append(correction) }
    return record
  }

  func turnCorrection(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    if let why = turnRefusal.withLock({ $0 }) { throw EditRefusal(why) }
    guard let note = ReviewState(records(subject)).target(of: draft)?.correction else {
      throw EditRefusal("no correction to take back or restore")
    }
    var act = draft
    act.correction = note.turned(isUndo: draft.action == .undo)
    return try append(act, subject: subject, reader: reader)
  }

  func keepDraft(
    _ draft: CorrectionDraft, over sessions: [String], subject: String, reader: String
  ) throws -> String? {
    if let failure = draftFailure.withLock({ $0 }) { throw FixtureError(description: failure) }
    let name = "\(subject) \(draft.correction.target.rawValue)"
    let before = keptDrafts.withLock { $0[name] }
    if let before, before.correction == draft.correction, before.session == draft.session {
      return nil
    }
    if let before, draft.isLast, !sessions.contains(before.session),
      before.correction.files == draft.correction.files
    {
      draftsAside.withLock { $0.append("own \(name)") }
      return "own \(name)"
    }
    draftsKept.withLock { $0 += 1 }
    let former = keptDrafts.withLock { $0.updateValue(draft, forKey: name) }
    guard let former, !sessions.contains(former.session) else { return nil }
    draftsAside.withLock { $0.append(name) }
    return name
  }

  func removeDraft(
    of target: CorrectionTarget, from sessions: [String], subject: String, reader: String
  ) throws {
    let name = "\(subject) \(target.rawValue)"
    let former = keptDrafts.withLock { $0[name] }
    guard let former, sessions.contains(former.session) else { return }
    keptDrafts.withLock { $0[name] = nil }
  }

  /// What another run of the program kept at the library's own time.
  func drafts(
    of subject: String, grids: [CorrectionGrid], isBlind: Bool, except sessions: [String],
    reader: String
  ) throws -> DraftSearch {
    var search = DraftSearch()
    for target in CorrectionTarget.allCases {
      guard let draft = keptDrafts.withLock({ $0["\(subject) \(target.rawValue)"] }),
        !sessions.contains(draft.session)
      else { continue }
      if let reason = draftRefusal.withLock({ $0 }) {
        search.refused.append(
          DraftSearch.Refused(target: target, time: now, reason: reason, name: "aside-1.json"))
        continue
      }
      search.found.append(
        DraftSearch.Found(
          basis: try correctionBasis(
            target, of: subject, grids: grids, reader: reader, isBlind: false),
          correction: draft.correction, time: draft.time ?? now, session: draft.session))
    }
    return search
  }

  /// Lets every edit that is kept be another run's, as after a restart.
  func endSession() {
    keptDrafts.withLock { for name in $0.keys { $0[name]?.session = "former" } }
  }

  func detectAgain(
    _ subject: String, reader: String, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorklistEntry {
    if isCancelled() { throw CancellationError() }
    guard let entry = try worklist(reader: reader).first(where: { $0.subject == subject }) else {
      throw FixtureError(description: "no sub-\(subject)")
    }
    return entry
  }
}

/// A failure of the fixture in words.
struct FixtureError: Error, CustomStringConvertible {
  var description: String
}
