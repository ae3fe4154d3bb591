public import Foundation
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
  /// Whose journal it is.
  public let replayed: String

  /// Opens a reader's journal of a study of the library.
  ///
  /// - Throws: `TeachingError.notAllowed` for who is neither the reader nor a named teacher or
  ///   supervisor; `LibraryError`, `ReadError`, `JournalError`.
  public convenience init(
    of replayed: String, subject: String, in library: StudyLibrary, for viewer: String
  ) throws {
    let study = try library.usableStudy(subject)
    guard let url = study.journal(reader: replayed, library: library.root) else {
      throw LibraryError.unusable(subject: study.subject, "no image")
    }
    try self.init(url, of: replayed, study, 1, in: library, for: viewer, reveal: nil)
  }

  /// Opens a learner's journal of a case of a session.
  ///
  /// - Throws: as ``init(of:subject:in:for:)``.
  public convenience init(
    of replayed: String, case number: Int, of session: TeachingSession, in library: StudyLibrary,
    for viewer: String
  ) throws {
    let studies = try session.studies(in: library)
    guard studies.indices.contains(number - 1) else {
      throw TeachingError.notAllowed("\(session.name) has no case \(number)")
    }
    let url = session.folder(library: library.root).appendingPathComponent(
      "learner-\(ReaderIdentity.sanitised(replayed))_case-\(number).jsonl")
    let study = studies[number - 1]
    let reveal: CaseReveal
    do {
      let truth = try CaseTruth.of(study, in: library, usesReadings: session.usesReadings)
      reveal = truth == nil ? .nothing : .truth
    } catch {
      // The acts are shown all the same.
      reveal = .unread
    }
    try self.init(url, of: replayed, study, number, in: library, for: viewer, reveal: reveal)
  }

  private init(
    _ url: URL, of replayed: String, _ study: LibraryStudy, _ number: Int,
    in library: StudyLibrary, for viewer: String, reveal: CaseReveal?
  ) throws {
    let replayed = ReaderIdentity.sanitised(replayed)
    // Readings are hidden from other readers until they have signed: a title is needed to see one.
    let isTeacher = try ReaderTable(library: library.root).mayTeachReadings(viewer)
    guard isTeacher || ReaderIdentity.sanitised(viewer) == replayed else {
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
    records = try ReaderJournal(reader: replayed, url: url).records().map { record in
      var record = record
      record.comment = record.comment.map(name.clean)
      return record
    }
  }

  /// Whose acts are shown.
  public var title: String { "replay of \(replayed)" }
  /// A replay.
  public var role: TeachingRole { .replay }
  /// One case.
  public var caseCount: Int { 1 }
  /// The replay itself.
  public var teaching: (any TeachingRoom)? { self }

  /// The one case.
  public func worklist(reader: String) throws -> [WorklistEntry] {
    [WorklistEntry(subject: "1", state: .unread)]
  }

  /// Loads the study under the case's number.
  public func loadStudy(_ subject: String) throws -> ReviewStudy {
    try name.guarded {
      var study = name.clean(try library.loadStudy(study.subject))
      study.subject = "1"
      return study
    }
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
  /// The truth is left out: what the reader saw is replayed.
  public func truth(of subject: String) throws -> CaseTruth? { nil }
  /// What the reader's reveal showed, in a session; of a library's study it was the AI's result.
  public func reveal(of subject: String) throws -> CaseReveal? { reveal }
  /// The truth is left out.
  public func lesion(of subject: String, on grids: [SagittalGrid]) throws -> [MaskRaster] { [] }
  /// Nothing is presented.
  public func present(_ view: TeachingView, reader: String) throws -> Int { throw nothing }
  /// Nothing is presented.
  public func presented(after seq: Int) throws -> PresentedView? { nil }
  /// Nothing is scored.
  public func scores(reader: String) throws -> TeachingSummary { throw nothing }
}
