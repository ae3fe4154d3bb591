internal import Foundation
public import Imaging
internal import Synchronization

/// A teaching session as a library for the screens: its studies are the cases "1", "2", ..., without
/// anything that names them, and what is stated goes to the session's own journals.
public final class TeachingSource: ReviewSource, TeachingRoom {
  /// The session.
  public let session: TeachingSession
  /// What the person at this terminal does.
  public let role: TeachingRole
  let library: StudyLibrary
  private let studies: [LibraryStudy]
  let log: TeachingLog
  private let truths = Mutex<[Int: CaseTruth?]>([:])
  let presence: PresenterPresence
  /// The view at which a presenter goes on who has taken the session over.
  let lastPlace = Mutex<PresentedView?>(nil)
  /// The line of the view that was there when this program first looked, 0 for none.
  let joinedAt = Mutex<Int?>(nil)

  /// Opens a session of a library.
  ///
  /// - Throws: `TeachingError.caseMissing`, `notAllowed` for a presenter who may not teach; `ReadError`
  ///   when `readers.tsv` is damaged.
  public init(
    _ session: TeachingSession, in library: StudyLibrary, role: TeachingRole, reader: String
  ) throws {
    if role == .presenter {
      try ReaderTable(library: library.root).checkTeaching(reader, "presents")
    }
    self.session = session
    self.role = role
    self.library = library
    studies = try session.studies(in: library)
    log = TeachingSession.log(session.name, library: library.root)
    presence = PresenterPresence(folder: session.folder(library: library.root))
  }

  /// The session's name: the library's is not told.
  public var title: String { "teaching \(session.name)" }
  /// How many cases there are.
  public var caseCount: Int { studies.count }
  /// The session itself.
  public var teaching: (any TeachingRoom)? { self }

  // MARK: Cases

  func place(of subject: String) throws -> (study: LibraryStudy, name: CasePseudonym) {
    guard let number = Int(subject), studies.indices.contains(number - 1) else {
      throw TeachingError.notAllowed("the session has no case \(subject.cleaned(limit: 20))")
    }
    return (studies[number - 1], CasePseudonym(studies[number - 1], number: number))
  }

  func journalFile(_ number: Int, _ learner: String) -> URL {
    session.folder(library: library.root)
      .appendingPathComponent("learner-\(learner)_case-\(number).jsonl")
  }

  private func openJournal(_ number: Int, _ reader: String) -> ReviewJournal {
    let learner = ReaderIdentity.sanitised(reader)
    return library.cache.journal(journalFile(number, learner), reader: learner)
  }

  /// One line for each case: how far the learner is, what was answered, and how right that is once the
  /// truth was shown; for a presenter how far the presenter is alone.
  public func worklist(reader: String) throws -> [WorklistEntry] {
    try studies.indices.map { index in
      let records = try openJournal(index + 1, reader).glance()
      let review = ReviewState(records)
      var entry = WorklistEntry(subject: "\(index + 1)", state: review.learnerState)
      entry.isRevealed = review.isRevealed
      // A presenter's list may be seen by the room, and who tried the session has answered as the truth is.
      guard role != .presenter else { return entry }
      entry.conclusion = review.conclusion(assessable: [])
      guard review.isRevealed else { return entry }
      do {
        entry.caseResult = CaseResult(records, truth: try truth(of: entry.subject))
      } catch {
        entry.state = .problem("\(error)".cleaned)
      }
      return entry
    }
  }

  /// Loads a case: the study's pictures, anatomy and detection under the case's number.
  public func loadStudy(_ subject: String) throws -> ReviewStudy {
    let (study, name) = try place(of: subject)
    return try name.guarded { name.clean(try library.loadStudy(study.subject)) }
  }

  /// Reads the learner's journal of a case.
  public func journal(_ subject: String, reader: String) throws -> JournalContents {
    try openJournal(place(of: subject).name.number, reader).reload()
  }

  /// Writes one act of the learner; nothing is answered after the truth was shown. A comment is no answer, and
  /// is taken back and restored then, too.
  public func append(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    let name = try place(of: subject).name
    // A role is of the library; who judges no patient may still learn to.
    if try isGuest(reader), let why = ReaderRole.guest.refusal(of: draft.action) {
      throw JournalError.refused(why)
    }
    switch draft.action {
    case .flag, .signOff, .reopen, .compare, .adopt:
      throw JournalError.refused("a teaching session has no place for it: nothing was saved")
    default: break
    }
    let journal = openJournal(name.number, reader)
    let review = ReviewState(try journal.reload().records)
    let isRevealed = review.isRevealed
    let turnsComment = review.target(of: draft)?.action == .comment
    guard !isRevealed || turnsComment || !draft.action.needsOpenStudy else {
      throw JournalError.refused("the truth is shown: answers stand as they were given")
    }
    var draft = draft
    draft.blind = !isRevealed
    draft.detectionSHA256 = nil
    draft.comment = draft.comment.map(name.clean)
    // What cannot be noted is not shown.
    if draft.action == .reveal { try noteReveal(of: subject, reader: reader) }
    return try journal.append(draft)
  }

  private func isGuest(_ reader: String) throws -> Bool {
    try ReaderTable(library: library.root).role(of: reader) == .guest
  }

  /// Cases are held by nobody; a guest states nothing on them, either.
  public func access(to subject: String, reader: String) throws -> StudyAccess {
    StudyAccess(role: try isGuest(reader) ? .guest : .reader)
  }

  /// The signal at a place of a case over that of normal cord.
  public func signal(
    at place: FindingPlace, subject: String, reader: String
  ) throws -> MeasuredValue {
    let (study, name) = try self.place(of: subject)
    // Whose lesion mask counts is told by the reader's own journal of the study.
    return try name.covered {
      try library.signal(at: place, subject: study.subject, reader: reader)
    }
  }

  /// Cases have the labels of their studies.
  public var measuresStudies: Bool { true }

  /// The measures of a case without anybody's verdicts: what was stated of the study outside of the session
  /// is no part of the case. The lesion mask is the one that the reader may see there.
  public func measures(of subject: String, reader: String) throws -> StudyMeasures {
    let (study, name) = try place(of: subject)
    return try name.covered {
      try library.measures(
        of: study, with: StudyLibrary.Verdicts(), for: library.lesionSight(of: study, for: reader)
      ).reworded(name.clean)
    }
  }

  // MARK: Not in a session

  private var noSigning: TeachingError {
    .notAllowed("nothing is signed or reported in a teaching session")
  }

  /// No PIN is asked for.
  public func hasPIN(reader: String) throws -> Bool { throw noSigning }
  /// No PIN is set.
  public func setPIN(_ pin: PIN, reader: String) throws { throw noSigning }
  /// Nothing is signed.
  public func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord { throw noSigning }
  /// Nothing is reported.
  public func sheet(_ subject: String, reader: String) throws -> StudySheet { throw noSigning }

  // MARK: The room

  /// Notes that a learner has a case on the screen, each time until its truth was shown; a guest is none.
  public func opened(_ subject: String, reader: String) throws {
    guard try !isGuest(reader) else { return }
    let number = try place(of: subject).name.number
    let learner = ReaderIdentity.sanitised(reader)
    if ReviewState(try openJournal(number, learner).glance()).isRevealed {
      // Former versions showed truths without a note.
      return try noteReveal(of: subject, reader: reader, isSeen: true)
    }
    guard role != .presenter else { return }
    _ = try log.append(.opened, reader: learner) { record, _ in
      record.caseNumber = number
      return true
    }
  }

  /// What is known of a case.
  public func truth(of subject: String) throws -> CaseTruth? {
    let (study, name) = try place(of: subject)
    if let known = truths.withLock({ $0[name.number] }) { return known }
    // Readers' own journals may be its truth.
    let truth = try name.covered {
      try CaseTruth.of(study, in: library, usesReadings: session.usesReadings)
    }
    truths.withLock { $0[name.number] = .some(truth) }
    return truth
  }

  /// The lesion of a case's truth on planes of its pictures.
  public func lesion(of subject: String, on grids: [SagittalGrid]) throws -> [MaskRaster] {
    let (study, name) = try place(of: subject)
    return try name.guarded {
      guard let mask = try CaseTruth.lesion(of: study, in: library) else { return [] }
      return grids.map { mask.resampled(on: $0).raster.map { $0 != 0 } }
    }
  }
}
