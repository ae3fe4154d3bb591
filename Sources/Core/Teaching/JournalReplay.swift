internal import Foundation
public import Imaging

/// A reader's journal of one study for looking at act by act; nothing is written.
///
/// The study is shown as a case: what names it is taken out of everything, the reader's words included.
public final class JournalReplay: ReviewSource, TeachingRoom {
  private let library: StudyLibrary
  private let study: LibraryStudy
  private let name: CasePseudonym
  private let records: [ReviewRecord]
  private let reveal: CaseReveal?
  private let truth: CaseTruth?
  /// Whose journal it is.
  public let replayed: String
  /// Whether who looks may see the truth, whatever the reader saw of it.
  private let endsWithTruth: Bool
  /// How many cases there are where this one comes from.
  public let caseCount: Int

  /// Opens a reader's journal of a study of the library: of another reader what was signed, for who has signed
  /// the study or lets the own journal note that he looks.
  ///
  /// - Parameter compares: whether who has not signed lets that be noted.
  /// - Throws: `TeachingError.notAllowed` for who is neither the reader nor a named teacher or
  ///   supervisor, or may not look yet; `LibraryError`, `ReadError`, `JournalError`.
  public convenience init(
    of replayed: String, subject: String, in library: StudyLibrary, for viewer: String,
    compares: Bool = false
  ) throws {
    let study = try library.usableStudy(subject)
    guard let url = study.journal(reader: replayed, library: library.root) else {
      throw LibraryError.unusable(subject: study.subject, "no image")
    }
    let reader = ReaderIdentity.sanitised(replayed)
    let own = ReaderIdentity.sanitised(viewer)
    try self.init(url, of: reader, study, 1, in: library, for: viewer) { acts in
      guard reader != own else { return acts }
      return try library.replayable(acts, of: reader, study, for: own, compares: compares)
    }
  }

  /// Opens a learner's journal of a case of a session; where its truth is what others signed of a study that who
  /// looks has not signed, after a note in the own journal of that.
  ///
  /// - Parameter compares: whether who has not signed lets that be noted.
  /// - Throws: as ``init(of:subject:in:for:compares:)``.
  public convenience init(
    of replayed: String, case number: Int, of session: TeachingSession, in library: StudyLibrary,
    for viewer: String, compares: Bool = false
  ) throws {
    let studies = try session.studies(in: library)
    guard studies.indices.contains(number - 1) else {
      throw TeachingError.notAllowed("\(session.name) has no case \(number)")
    }
    let url = session.folder(library: library.root).appendingPathComponent(
      "learner-\(ReaderIdentity.sanitised(replayed))_case-\(number).jsonl")
    let study = studies[number - 1]
    let known: (reveal: CaseReveal, truth: CaseTruth?)
    do {
      let truth = try CaseTruth.of(study, in: library, usesReadings: session.usesReadings)
      known = (truth == nil ? .nothing : .truth, truth)
    } catch {
      // The acts are shown all the same.
      known = (.unread, nil)
    }
    let truth = known.truth
    let isOwn = ReaderIdentity.sanitised(replayed) == ReaderIdentity.sanitised(viewer)
    try self.init(
      url, of: replayed, study, number, of: studies.count, in: library, for: viewer,
      reveal: known.reveal, truth: truth
    ) { acts in
      // The own reveal has noted it.
      if !isOwn {
        try library.allow(truth, of: study, case: number, for: viewer, compares: compares)
      }
      return acts
    }
  }

  private init(
    _ url: URL, of replayed: String, _ study: LibraryStudy, _ number: Int, of count: Int = 1,
    in library: StudyLibrary, for viewer: String, reveal: CaseReveal? = nil,
    truth: CaseTruth? = nil, showing allowed: ([ReviewRecord]) throws -> [ReviewRecord]
  ) throws {
    let replayed = ReaderIdentity.sanitised(replayed)
    // Readings are hidden from other readers until they have signed: a title is needed to see one.
    let isTeacher = try ReaderTable(library: library.root).mayTeachReadings(viewer)
    let isOwn = ReaderIdentity.sanitised(viewer) == replayed
    guard isTeacher || isOwn else {
      throw TeachingError.notAllowed(
        "another reader's journal is replayed by a teacher or supervisor named in readers.tsv")
    }
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw TeachingError.notAllowed("\(replayed) has stated nothing of it")
    }
    let name = CasePseudonym(study, number: number)
    self.library = library
    self.study = study
    self.name = name
    self.reveal = reveal
    self.replayed = replayed
    caseCount = count
    let acts = try allowed(ReaderJournal(reader: replayed, url: url).records())
    let records = acts.map { record in
      var record = record
      record.comment = record.comment.map(name.clean)
      return record
    }
    self.records = records
    // A reader's own replay shows no truth before the answers have ended by it.
    let endsWithTruth = reveal != nil && !isOwn
    self.endsWithTruth = endsWithTruth
    self.truth = endsWithTruth || ReviewState(records).isRevealed ? truth : nil
  }

  /// Whose acts are shown.
  public var title: String { "replay of \(replayed)" }
  /// A replay.
  public var role: TeachingRole { .replay }
  /// The reader, and whether the truth may be shown at the end.
  public var replay: ReplayedReader? {
    ReplayedReader(name: replayed, endsWithTruth: endsWithTruth)
  }
  /// The replay itself.
  public var teaching: (any TeachingRoom)? { self }

  /// The one case, as far as its reader came with it.
  public func worklist(reader: String) throws -> [WorklistEntry] {
    let review = ReviewState(records)
    // Without its detection a study is read once the study as a whole has a verdict.
    let detection = (try? library.detection(of: study))?.detection
    let assessable = detection?.assessableSegments ?? []
    let state =
      reveal == nil ? review.caseState(assessable: assessable) : review.learnerState
    var entry = WorklistEntry(subject: "\(name.number)", state: state)
    entry.conclusion = review.conclusion(assessable: reveal == nil ? assessable : [])
    return [entry]
  }

  /// Loads the study under the case's number.
  public func loadStudy(_ subject: String) throws -> ReviewStudy {
    try name.guarded { name.clean(try library.loadStudy(study.subject)) }
  }

  /// The acts replayed.
  public func journal(_ subject: String, reader: String) throws -> JournalContents {
    JournalContents(records: records)
  }

  private var nothing: TeachingError { .notAllowed("a replay states nothing") }

  /// Nothing is written.
  public func append(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord { throw nothing }
  /// No PIN is asked for.
  public func hasPIN(reader: String) throws -> Bool { throw nothing }
  /// No PIN is set.
  public func setPIN(_ pin: PIN, reader: String) throws { throw nothing }
  /// Nothing is signed.
  public func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord { throw nothing }
  /// Nothing is reported.
  public func sheet(_ subject: String, reader: String) throws -> StudySheet { throw nothing }
  /// Nothing is noted.
  public func opened(_ subject: String, reader: String) throws {}
  /// What is known of the case, where its reader or who looks has a right to it: the screen shows it from the
  /// act on at which the reader saw it.
  public func truth(of subject: String) throws -> CaseTruth? { truth }
  /// What the reader's reveal showed, in a session; of a library's study it was the AI's result.
  public func reveal(of subject: String) throws -> CaseReveal? { reveal }
  /// The lesion of that truth on planes of the pictures.
  public func lesion(of subject: String, on grids: [SagittalGrid]) throws -> [MaskRaster] {
    guard truth != nil else { return [] }
    return try name.guarded {
      guard let mask = try CaseTruth.lesion(of: study, in: library) else { return [] }
      return grids.map { mask.resampled(on: $0).raster.map { $0 != 0 } }
    }
  }
  /// Nothing is presented.
  public func present(_ view: TeachingView, reader: String) throws -> Int { throw nothing }
  /// Nothing is presented.
  public func presented(after seq: Int) throws -> PresentedView? { nil }
  /// Nothing is scored.
  public func scores(reader: String) throws -> TeachingSummary { throw nothing }
}
