internal import Foundation
internal import Imaging

extension StudyLibrary: ReviewSource {
  /// The library's name for the title line: its folder's.
  public var title: String { root.lastPathComponent.cleaned(limit: 100) }

  /// The worklist as it stands for a reader; what is wrong with one study is said on its line.
  public func worklist(reader: String) throws -> [WorklistEntry] {
    studies.map { entry(of: $0, reader: reader) }
  }

  /// The same, telling the names first and the states by and by.
  public func worklist(
    reader: String, tell: @escaping @Sendable (WorklistReading) -> Void
  ) throws -> [WorklistEntry] {
    // A few studies are there as fast as their names.
    guard studies.count > Self.readAtOnce else { return try worklist(reader: reader) }
    tell(.listed(studies.map(listed)))
    var entries: [WorklistEntry] = []
    var told = 0
    for study in studies {
      entries.append(entry(of: study, reader: reader))
      guard entries.count - told == Self.readAtOnce else { continue }
      tell(.read(Array(entries[told...]), entries.count, of: studies.count))
      told = entries.count
    }
    return entries
  }

  /// Studies whose states are told together.
  private static let readAtOnce = 200

  /// The line of a study of which only the tables are known.
  private func listed(_ study: LibraryStudy) -> WorklistEntry {
    var entry = WorklistEntry(subject: study.subject, state: .waiting)
    let row = participants[study.participant]
    (entry.age, entry.sex, entry.mjoa) = (row.age, row.sex, row.mjoa)
    entry.others = participants.others(of: study.participant)
    if let problem = study.problem { entry.state = .problem(problem) }
    entry.isBeingRead = study.problem == nil
    return entry
  }

  /// The line of one subject.
  ///
  /// - Throws: `LibraryError.noSubject`.
  public func entry(of subject: String, reader: String) throws -> WorklistEntry {
    entry(of: try study(subject), reader: reader)
  }

  private func entry(of study: LibraryStudy, reader: String) -> WorklistEntry {
    var entry = WorklistEntry(subject: study.subject, state: .waiting)
    let row = participant(of: study)
    (entry.age, entry.sex, entry.mjoa) = (row.age, row.sex, row.mjoa)
    entry.others = participants.others(of: study.participant)
    entry.readers = journals(of: study).map(\.reader.cleaned)
    if let problem = study.problem {
      entry.state = .problem(problem)
      return entry
    }
    do {
      // A list of studies never waits for the journal of one.
      let review = ReviewState(try openJournal(study, reader: reader).glance())
      entry.isForDiscussion = review.isFlagged
      entry.isRevealed = review.isRevealed
      // Most studies have one reader: nothing more is read for them.
      entry.isDisputed =
        entry.readers.count > 1 && isDisputed(study, reader: reader, review)
      entry.conclusion = review.conclusion(assessable: [])
      guard let detection = try detection(of: study)?.detection else { return entry }
      entry.add(detection)
      entry.conclusion = review.conclusion(assessable: detection.assessableSegments)
      entry.state = state(review, detection)
    } catch {
      entry.state = .problem("\(error)".cleaned)
    }
    return entry
  }

  /// Reads the reader's journal of a study, with what other sessions wrote since.
  ///
  /// - Throws: `LibraryError`, `JournalError`.
  public func journal(_ subject: String, reader: String) throws -> JournalContents {
    try openJournal(usableStudy(subject), reader: reader).reload()
  }

  /// Writes one act and returns only after it is fsynced; one that is not for the reader's role is
  /// refused.
  ///
  /// - Throws: `LibraryError`, `JournalError`; `ReadError` when `readers.tsv` is damaged.
  public func append(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    guard draft.action != .signOff else {
      throw JournalError.refused("a sign-off needs the reader's PIN")
    }
    let journal = try openJournal(usableStudy(subject), reader: reader)
    try ReaderTable(library: root).check(draft, by: reader) { try journal.reload().records }
    return try journal.append(draft)
  }

  /// Whether the reader has set a PIN.
  ///
  /// - Throws: `ReadError` where its file cannot be used.
  public func hasPIN(reader: String) throws -> Bool {
    try ReaderPIN.read(library: root, reader: reader) != nil
  }

  /// Sets the reader's first PIN; takes about a second.
  ///
  /// - Throws: `PINError.unfit`, `PINError.isSet`, `LibraryError`, `WriteError`.
  public func setPIN(_ pin: PIN, reader: String) throws {
    try ReaderPIN(pin).write(library: root, reader: reader)
  }

  /// Checks the reader's PIN, then writes a sign-off; takes about a second.
  ///
  /// - Throws: `PINError`, `ReadError`, and as `append(_:subject:reader:)`.
  public func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord {
    let journal = try openJournal(usableStudy(subject), reader: reader)
    try ReaderTable(library: root).check(draft, by: reader) { try journal.reload().records }
    try cache.tries.check(reader: reader) {
      guard let set = try ReaderPIN.read(library: root, reader: reader) else {
        throw PINError.notSet
      }
      return set.accepts(pin)
    }
    return try journal.append(draft)
  }

  private func state(_ review: ReviewState, _ detection: Detection) -> StudyState {
    let assessable = detection.assessableSegments
    let state = review.caseState(assessable: assessable)
    // What cannot be assessed is said first, until the reader has stated something all the same.
    if state == .unread, let reason = detection.notAssessed { return .problem(reason) }
    return state
  }
}

extension Detection {
  /// Why nothing of the study could be assessed; `nil` where something could.
  fileprivate var notAssessed: String? {
    guard !patient.assessable, assessableSegments.isEmpty else { return nil }
    return patient.reason ?? "not assessable"
  }
}

extension WorklistEntry {
  /// Fills in what a detection says.
  mutating func add(_ detection: Detection) {
    score = detection.patient.score
    threshold = detection.patient.threshold
    thresholdSource = detection.model.thresholdSource
    scoring = detection.model.scoring
    weights = detection.model.weights
    topSegment = detection.topSegment
    flagged = detection.flaggedSegments
    secondOpinionFlagged = detection.secondOpinionSegments
    secondOpinionFlagsPatient = detection.secondOpinion?.flagged
    let assessable = Set(detection.assessableSegments)
    notAssessable = SpinalSegment.allCases.filter { !assessable.contains($0) }
    quality = detection.decisiveQuality
    notAssessed = detection.notAssessed
  }
}
