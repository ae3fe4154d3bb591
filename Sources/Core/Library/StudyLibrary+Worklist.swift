internal import Foundation
internal import Imaging

extension StudyLibrary: ReviewSource {
  /// The library's name for the title line: its folder's.
  public var title: String { root.lastPathComponent.cleaned(limit: 100) }

  /// The worklist as it stands for a reader; what is wrong with one study is said on its line.
  public func worklist(reader: String) throws -> [WorklistEntry] {
    let reader = ListReader(reader, library: root)
    return studies.map { entry(of: $0, for: reader) }
  }

  /// The same, telling the names first and the states by and by.
  public func worklist(
    reader: String, tell: @escaping @Sendable (WorklistReading) -> Void
  ) throws -> [WorklistEntry] {
    guard studies.count > cache.readAtOnce else { return try worklist(reader: reader) }
    tell(.listed(studies.map { listed($0.subject, $0.participant, problem: $0.problem) }))
    let run = WorklistRun(subjects: studies.map(\.subject), wishes: cache.wishes)
    let listReader = ListReader(reader, library: root)
    return keepingDigest(of: reader) {
      run.read {
        entry(of: studies[$0], for: listReader)
      } tell: {
        tell(.read($0, $1, of: studies.count))
      }
    }
  }

  /// Reads with what the reader's earlier sessions know, and keeps what is new for later ones.
  func keepingDigest<Result>(of reader: String, _ read: () -> Result) -> Result {
    cache.digest.read(library: root, reader: reader)
    let result = read()
    cache.digest.write(library: root, reader: reader)
    return result
  }

  /// Reads the studies of some subjects before all others.
  public func readFirst(_ subjects: [String]) { cache.wishes.wish(for: subjects) }

  /// The line of a study of which only the tables are known.
  func listed(_ subject: String, _ participant: String, problem: String? = nil) -> WorklistEntry {
    var entry = WorklistEntry(subject: subject, state: .waiting)
    let row = participants[participant]
    (entry.age, entry.sex, entry.mjoa) = (row.age, row.sex, row.mjoa)
    entry.others = participants.others(of: participant)
    if let problem { entry.state = .problem(problem) }
    entry.isBeingRead = problem == nil
    return entry
  }

  /// The line of one subject, with whether its detection is outdated, for which its labels are looked at.
  ///
  /// - Throws: `LibraryError.noSubject`.
  public func entry(of subject: String, reader: String) throws -> WorklistEntry {
    let found = try study(subject)
    var line = entry(of: found, reader: reader)
    guard line.weights != nil, isOutdated(found) else { return line }
    line.setOutdated(true)
    if let review = try? reviewInFull(of: found, reader: ReaderIdentity.sanitised(reader)),
      let levels = try? levelHistory(of: found, for: review.history.map(\.record))
    {
      line.relabelled = levels.relabelled(in: review)
    }
    return line
  }

  func entry(of study: LibraryStudy, reader: String) -> WorklistEntry {
    entry(of: study, for: ListReader(reader, library: root))
  }

  /// The line of a study in a list.
  func entry(of study: LibraryStudy, for reader: ListReader) -> WorklistEntry {
    var entry = WorklistEntry(subject: study.subject, state: .waiting)
    let row = participant(of: study)
    (entry.age, entry.sex, entry.mjoa) = (row.age, row.sex, row.mjoa)
    entry.others = participants.others(of: study.participant)
    let readers = journals(of: study).map(\.reader)
    // Who else has begun is not told before the own signature, and not where that is not known.
    entry.readers = readers.filter { $0 == reader.id }.map(\.cleaned)
    if let problem = study.problem {
      entry.state = .problem(problem)
      return entry
    }
    do {
      let review = try review(of: study, reader: reader.id)
      entry.isForDiscussion = review.isFlagged
      entry.isRevealed = review.isRevealed
      try addSignatures(to: &entry, of: study, for: reader, review, journals: readers)
      entry.conclusion = review.conclusion(assessable: [])
      guard let detection = try digest(of: study) else { return entry }
      entry.add(detection)
      entry.relabelled = try relabelled(review, on: detection, of: study, reader: reader.id)
      entry.conclusion = review.conclusion(assessable: detection.assessable)
      entry.state = state(review, detection)
    } catch {
      entry.state = .problem("\(error)".cleaned)
    }
    return entry
  }

  /// The segments whose verdict was stated when they were other places; mostly all stand on the detection that is
  /// shown, and nothing more is read.
  private func relabelled(
    _ review: ReviewSummary, on detection: DetectionDigest, of study: LibraryStudy, reader: String
  ) throws -> [SpinalSegment] {
    guard let sha256 = detection.sha256 else { return [] }
    let others = review.stated.filter { $0.key != LevelHistory.key(sha256) }
    guard !others.isEmpty else { return [] }
    let levels = levelHistory(of: study, detection, stated: Set(others.keys))
    // Where nothing moved, and no level was corrected after the verdicts, the acts are not asked.
    guard levels.mayHaveRelabelled(since: review.firstStated) else { return [] }
    return levels.relabelled(in: try reviewInFull(of: study, reader: reader))
  }

  /// What a list needs of the stored detection of a study; `nil` before detection.
  ///
  /// - Throws: `ReadError` when the file is damaged.
  func digest(of study: LibraryStudy) throws -> DetectionDigest? {
    guard let stem = study.stem else { return nil }
    let path = "derivatives/cordscope/\(study.folder)/\(stem)_detection.json"
    return try cache.digest.detections.value(of: path, below: root.path) {
      try DetectionFile.digest(root.appendingPathComponent(path)).map(cache.digest.sharing)
    }
  }

  /// What a reader's journal says, looked at and not waited for.
  func reviewInFull(of study: LibraryStudy, reader: String) throws -> ReviewState {
    guard let url = study.journal(reader: reader, library: root) else { return ReviewState([]) }
    let journal =
      cache.openedJournal(url) ?? ReviewJournal(unread: PosixJournalStorage(url), reader: reader)
    return ReviewState(try journal.glance())
  }

  /// What a list needs of a reader's journal, looked at and not waited for.
  private func review(of study: LibraryStudy, reader: String) throws -> ReviewSummary {
    guard let url = study.journal(reader: reader, library: root) else {
      throw LibraryError.unusable(subject: study.subject, study.problem ?? "no image")
    }
    // A journal that this session has opened tells when lines of it are gone.
    if let journal = cache.openedJournal(url) {
      return ReviewSummary(ReviewState(try journal.glance()))
    }
    let path = "derivatives/cordscope/\(study.folder)/\(url.lastPathComponent)"
    let known = try cache.digest.journals.value(of: path, below: root.path) {
      let journal = ReviewJournal(unread: PosixJournalStorage(url), reader: reader)
      return ReviewSummary(ReviewState(try journal.glance()))
    }
    return known ?? ReviewSummary()
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
    guard draft.correction == nil else {
      throw JournalError.refused("a correction is written with its label files")
    }
    return try record(draft, subject: subject, reader: reader)
  }

  /// Writes one act of which everything else is on the disk.
  ///
  /// - Throws: as ``append(_:subject:reader:)``.
  func record(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    let study = try usableStudy(subject)
    try checkHold(study, reader)
    let journal = try openJournal(study, reader: reader)
    try ReaderTable(library: root).check(draft, by: reader) { try journal.reload().records }
    if draft.action == .compare, let why = draftRefusal(of: study, by: reader) {
      throw JournalError.refused(why)
    }
    return try journal.append(draft) { try checkHold(study, reader) }
  }

  /// Whether the reader has set a PIN.
  ///
  /// - Throws: `ReadError` where its file, or that of wrong tries, cannot be used; `PINError.waits` while
  ///   none is taken after too many wrong ones.
  public func hasPIN(reader: String) throws -> Bool {
    try PINTries(library: root).checkLock(reader: reader)
    return try ReaderPIN.read(library: root, reader: reader) != nil
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
    let study = try usableStudy(subject)
    let journal = try openJournal(study, reader: reader)
    try ReaderTable(library: root).check(draft, by: reader) { try journal.reload().records }
    try checkOthers(draft, of: study, by: reader) { try journal.reload().records }
    let records = try journal.reload().records
    let levels = try levelHistory(of: study, for: records)
    if let refusal = levels.signingRefusal(of: ReviewState(records)) {
      throw JournalError.refused(refusal)
    }
    guard let set = try ReaderPIN.read(library: root, reader: reader) else {
      throw PINError.notSet
    }
    try PINTries(library: root).check(reader: reader) { set.accepts(pin) }
    return try journal.append(draft) { try checkHold(study, reader) }
  }

  private func state(_ review: ReviewSummary, _ detection: DetectionDigest) -> StudyState {
    let state = review.caseState(assessable: detection.assessable)
    // What cannot be assessed is said first, until the reader has stated something all the same.
    if state == .unread, let reason = detection.notAssessed { return .problem(reason) }
    return state
  }
}

extension WorklistEntry {
  /// Whether the detection is known to be of another image, or of other labels, than those that stand.
  public var hasOutdatedDetection: Bool { quality.tellOfOutdatedDetection }

  /// Says, or says no more, that the detection is of other labels.
  public mutating func setOutdated(_ isOutdated: Bool) {
    guard isOutdated != hasOutdatedDetection else { return }
    quality.removeAll { $0.flag == QualityFlag.detectionOutdated.flag }
    if isOutdated { quality.insert(.detectionOutdated, at: 0) }
  }

  /// Fills in what a detection says.
  mutating func add(_ detection: DetectionDigest) {
    let setup = detection.setup.values
    score = detection.score
    threshold = setup.patientThreshold
    thresholdSource = setup.model.thresholdSource
    scoring = setup.model.scoring
    weights = detection.setup.weights
    topSegment = detection.topSegment
    flagged = detection.flagged
    secondOpinionFlagged = detection.secondOpinionFlagged
    secondOpinionFlagsPatient = detection.secondOpinionFlagsPatient
    notAssessable = SpinalSegment.allCases.filter { !detection.assessable.contains($0) }
    quality = detection.quality
    notAssessed = detection.notAssessed
  }
}
