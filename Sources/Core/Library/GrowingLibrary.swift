public import Foundation
internal import Imaging
internal import Synchronization

/// A library that studies are still being added to, such as the demo on its first start.
///
/// Subjects that are expected but not yet there stand on the worklist as waiting.
public final class GrowingLibrary: ReviewSource {
  private let root: URL
  private let expected: [String]
  private let cache: LibraryCache
  private let known = Mutex(Known())
  /// Held while folders are looked at and while the list is read for the first time; `known` never is.
  private let looking = Mutex(())

  private struct Known: Sendable {
    /// What was last looked at; `nil` before the first look.
    var library: StudyLibrary?
    /// The studies by the names of their folders, from the first moment on until all were looked at.
    var folders: [StudyFolder] = []
    var participants = Participants()
    var wasRead = false
  }

  /// Opens a library; its studies are looked at when they are first asked for.
  ///
  /// - Parameter expected: subjects that will come, without "sub-".
  /// - Throws: `LibraryError.notALibrary`.
  public convenience init(opening root: URL, expected: [String] = []) throws {
    try self.init(opening: root, expected: expected, cache: LibraryCache())
  }

  /// Opens a library of which something may be known already.
  ///
  /// - Throws: `LibraryError.notALibrary`.
  init(opening root: URL, expected: [String] = [], cache: LibraryCache) throws {
    self.root = root.standardizedFileURL
    (self.expected, self.cache) = (expected, cache)
    _ = try StudyScan(root: self.root).subjectFolders()
  }

  /// The library as it is on disk now.
  ///
  /// - Throws: as opening a `StudyLibrary` does.
  public func current() throws -> StudyLibrary {
    try looking.withLock { _ in
      let found = try StudyLibrary(root: root, cache: cache)
      known.withLock { $0.library = found }
      return found
    }
  }

  /// The library as last looked at, or on the first look.
  ///
  /// - Throws: as opening a `StudyLibrary` does.
  public func opened() throws -> StudyLibrary {
    if let library = known.withLock({ $0.library }) { return library }
    return try looking.withLock { _ in
      if let library = known.withLock({ $0.library }) { return library }
      let found = try StudyLibrary(root: root, cache: cache)
      known.withLock { $0.library = found }
      return found
    }
  }

  /// Whether the worklist was read, or could not be: what else needs the studies' files goes after it.
  public var wasRead: Bool { known.withLock { $0.wasRead } }

  /// The library's name for the title line.
  public var title: String { root.lastPathComponent.cleaned(limit: 100) }

  /// The worklist as it is on disk now; subjects that will come are waiting.
  ///
  /// - Throws: as opening a `StudyLibrary` does.
  public func worklist(reader: String) throws -> [WorklistEntry] {
    adding(try current().worklist(reader: reader))
  }

  /// The worklist as last looked at, or on the first look, telling how far it is.
  ///
  /// - Throws: as opening a `StudyLibrary` does.
  public func worklist(
    reader: String, tell: @escaping @Sendable (WorklistReading) -> Void
  ) throws -> [WorklistEntry] {
    defer { known.withLock { $0.wasRead = true } }
    if let library = known.withLock({ $0.library }) {
      return adding(try library.worklist(reader: reader, tell: tell))
    }
    return adding(try looking.withLock { _ in try firstLook(reader, tell) })
  }

  private func firstLook(
    _ reader: String, _ tell: @escaping @Sendable (WorklistReading) -> Void
  ) throws -> [WorklistEntry] {
    let look = LibraryFirstLook(root: root, cache: cache, reader: reader, tell: tell)
    let found = try look.read { folders, participants in
      known.withLock { ($0.folders, $0.participants) = (folders, participants) }
    }
    known.withLock { ($0.library, $0.folders) = (found.library, []) }
    return found.entries
  }

  /// Reads the studies of some subjects before all others.
  public func readFirst(_ subjects: [String]) { cache.wishes.wish(for: subjects) }

  /// The lines with those of subjects that will come.
  private func adding(_ known: [WorklistEntry]) -> [WorklistEntry] {
    let missing = Set(expected).subtracting(known.map(\.subject))
    return known + missing.sorted().map { WorklistEntry(subject: $0, state: .waiting) }
  }

  /// The line of one subject as it stands now.
  ///
  /// - Throws: as `StudyLibrary.entry(of:reader:)`.
  public func entry(_ subject: String, reader: String) throws -> WorklistEntry {
    try holding(subject).entry(of: subject, reader: reader)
  }

  /// The same.
  ///
  /// - Throws: as `StudyLibrary.entry(of:reader:)`.
  public func entry(of subject: String, reader: String) throws -> WorklistEntry {
    try entry(subject, reader: reader)
  }

  /// Loads one study for the screen.
  ///
  /// - Throws: as `StudyLibrary.loadStudy(_:)`.
  public func loadStudy(_ subject: String) throws -> ReviewStudy {
    try holding(subject).loadStudy(subject)
  }

  /// Loads one study for the screen of a reader.
  ///
  /// - Throws: as `StudyLibrary.loadStudy(_:reader:)`.
  public func loadStudy(_ subject: String, reader: String) throws -> ReviewStudy {
    try holding(subject).loadStudy(subject, reader: reader)
  }

  /// Reads the reader's journal of a study.
  ///
  /// - Throws: as `StudyLibrary.journal(_:reader:)`.
  public func journal(_ subject: String, reader: String) throws -> JournalContents {
    try holding(subject).journal(subject, reader: reader)
  }

  /// Writes one act and returns only after it is fsynced.
  ///
  /// - Throws: as `StudyLibrary.append(_:subject:reader:)`.
  public func append(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    try holding(subject).append(draft, subject: subject, reader: reader)
  }

  /// Whether the reader has set a PIN.
  ///
  /// - Throws: as `StudyLibrary.hasPIN(reader:)`.
  public func hasPIN(reader: String) throws -> Bool {
    try PINTries(library: root).checkLock(reader: reader)
    return try ReaderPIN.read(library: root, reader: reader) != nil
  }

  /// Sets the reader's first PIN.
  ///
  /// - Throws: as `StudyLibrary.setPIN(_:reader:)`.
  public func setPIN(_ pin: PIN, reader: String) throws {
    try ReaderPIN(pin).write(library: root, reader: reader)
  }

  /// Checks the reader's PIN, then writes a sign-off.
  ///
  /// - Throws: as `StudyLibrary.sign(_:pin:subject:reader:)`.
  public func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord {
    try holding(subject).sign(draft, pin: pin, subject: subject, reader: reader)
  }

  /// The report of a study with the reader's own acts.
  ///
  /// - Throws: as `StudyLibrary.sheet(_:reader:)`.
  public func sheet(_ subject: String, reader: String) throws -> StudySheet {
    try holding(subject).sheet(subject, reader: reader)
  }

  /// The signal at a place of a study over that of normal cord.
  ///
  /// - Throws: as `StudyLibrary.signal(at:subject:reader:)`.
  public func signal(
    at place: FindingPlace, subject: String, reader: String
  ) throws -> MeasuredValue {
    try holding(subject).signal(at: place, subject: subject, reader: reader)
  }

  /// Studies on disk have the labels that are measured.
  public var measuresStudies: Bool { true }

  /// The measures of a study for the screen.
  ///
  /// - Throws: as `StudyLibrary.measures(of:reader:)`.
  public func measures(of subject: String, reader: String) throws -> StudyMeasures {
    try holding(subject).measures(of: subject, reader: reader)
  }

  /// Takes a study for this session, and says what its reader may do and see there.
  ///
  /// - Throws: as `StudyLibrary.access(to:reader:)`.
  public func access(to subject: String, reader: String) throws -> StudyAccess {
    try holding(subject).access(to: subject, reader: reader)
  }

  /// What a correction of a study's labels begins from.
  ///
  /// - Throws: as `StudyLibrary.correctionBasis(_:of:grids:reader:isBlind:)`.
  public func correctionBasis(
    _ target: CorrectionTarget, of subject: String, grids: [CorrectionGrid], reader: String,
    isBlind: Bool
  ) throws -> CorrectionBasis {
    try holding(subject).correctionBasis(
      target, of: subject, grids: grids, reader: reader, isBlind: isBlind)
  }

  /// Writes a correction and its act.
  ///
  /// - Throws: as `StudyLibrary.correct(_:_:subject:reader:)`.
  public func correct(
    _ correction: LabelCorrection, _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    try holding(subject).correct(correction, draft, subject: subject, reader: reader)
  }

  /// Takes a saved correction back, or restores it.
  ///
  /// - Throws: as `StudyLibrary.turnCorrection(_:subject:reader:)`.
  public func turnCorrection(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    try holding(subject).turnCorrection(draft, subject: subject, reader: reader)
  }

  /// Keeps edits that are not saved.
  ///
  /// - Throws: as `StudyLibrary.keepDraft(_:over:subject:reader:)`.
  public func keepDraft(
    _ draft: CorrectionDraft, over sessions: [String], subject: String, reader: String
  ) throws -> String? {
    try holding(subject).keepDraft(draft, over: sessions, subject: subject, reader: reader)
  }

  /// Removes kept edits.
  ///
  /// - Throws: as `StudyLibrary.removeDraft(of:from:subject:reader:)`.
  public func removeDraft(
    of target: CorrectionTarget, from sessions: [String], subject: String, reader: String
  ) throws {
    try holding(subject).removeDraft(of: target, from: sessions, subject: subject, reader: reader)
  }

  /// What other runs of the program left unsaved of a study.
  ///
  /// - Throws: as `StudyLibrary.drafts(of:grids:isBlind:except:reader:)`.
  public func drafts(
    of subject: String, grids: [CorrectionGrid], isBlind: Bool, except sessions: [String],
    reader: String
  ) throws -> DraftSearch {
    try holding(subject).drafts(
      of: subject, grids: grids, isBlind: isBlind, except: sessions, reader: reader)
  }

  /// Detects a study again.
  ///
  /// - Throws: as `StudyLibrary.detectAgain(_:reader:isCancelled:)`.
  public func detectAgain(
    _ subject: String, reader: String, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorklistEntry {
    try holding(subject).detectAgain(subject, reader: reader, isCancelled: isCancelled)
  }

  /// Gives back the study that this session has open.
  public func leave() { cache.locks.leave() }

  /// How far readers agree on the studies that at least two of them signed.
  ///
  /// - Throws: as `StudyLibrary.agreement(of:for:)`, and as `opened()`.
  public func agreement(
    of readers: [String], for reader: String
  ) throws -> ReaderAgreement {
    try opened().agreement(of: readers, for: reader)
  }

  /// A reader's saved views of the worklist.
  ///
  /// - Throws: as `StudyLibrary.worklistViews(reader:)`.
  public func worklistViews(reader: String) throws -> WorklistViews {
    try WorklistViews.read(library: root, reader: reader)
  }

  /// Changes a reader's saved views.
  ///
  /// - Throws: as `StudyLibrary.changeWorklistViews(reader:_:)`.
  public func changeWorklistViews(
    reader: String, _ change: (inout WorklistViews) -> Void
  ) throws -> WorklistViews {
    try WorklistViews.change(library: root, reader: reader, change)
  }

  /// A reader's text in this library.
  ///
  /// - Throws: as `StudyLibrary.readerText(_:reader:)`.
  public func readerText(_ file: ReaderFile, reader: String) throws -> ReaderText {
    try file.read(library: root, reader: reader)
  }

  /// Changes a reader's text.
  ///
  /// - Throws: as `StudyLibrary.changeReaderText(_:reader:_:)`.
  public func changeReaderText(
    _ file: ReaderFile, reader: String, _ change: (ReaderText) throws -> String
  ) throws -> ReaderText {
    try file.change(library: root, reader: reader, change)
  }

  /// What can be shown beside a study.
  ///
  /// - Throws: as `StudyLibrary.besideChoices(_:)`.
  public func besideChoices(_ subject: String) throws -> [BesideChoice] {
    try holding(subject).besideChoices(subject)
  }

  /// Loads what is shown beside a study.
  ///
  /// - Throws: as `StudyLibrary.beside(_:of:reader:)`.
  public func beside(
    _ choice: BesideChoice, of subject: String, reader: String
  ) throws -> BesideContent {
    try holding(subject).beside(choice, of: subject, reader: reader)
  }

  /// The library as last looked at, or anew when it did not know the subject.
  private func holding(_ subject: String) throws -> StudyLibrary {
    let known = known.withLock { $0 }
    if known.library == nil, let own = known.folders.first(where: { $0.subject == subject }) {
      // While the list is being read, a study with the patient's other sessions is library enough.
      let scan = StudyScan(root: root, digest: cache.digest)
      let studies = known.folders.filter { $0.participant == own.participant }
        .map { scan.study(in: $0) }
      return StudyLibrary(
        root: root, studies: studies, participants: known.participants, cache: cache)
    }
    let library = try known.library ?? opened()
    return library.studies.contains { $0.subject == subject } ? library : try current()
  }
}
