import Foundation
import Imaging
import Synchronization

@testable import Core

/// A teaching session in memory on drawn studies; rooms of one session share what is presented.
final class FixtureRoom: ReviewSource, TeachingRoom {
  /// What a session's file would hold.
  final class Session: Sendable {
    fileprivate let view = Mutex<PresentedView?>(nil)
    /// What followers see of the presenter's sign of life.
    let sign = Mutex<PresenterSign>(.unknown)
    /// Views up to this line are of an earlier showing.
    let staleUntil = Mutex(0)
    /// Who presents in the presenter's place.
    let successor = Mutex<String?>(nil)
    /// Whether its views say who shows them; the rooms of a test have one reader.
    fileprivate let namesPresenter: Bool
    init(namesPresenter: Bool = false) { self.namesPresenter = namesPresenter }
  }

  let title = "teaching monday"
  let role: TeachingRole
  let caseCount: Int
  var teaching: (any TeachingRoom)? { self }
  /// The journals of this room's learner, by "1", "2", ...
  let library: FixtureLibrary
  /// What this room's learner may do, on whatever case.
  let granted = Mutex(StudyAccess())
  /// Whether a reveal is noted in the learner's journal of the study.
  let notes = Mutex(false)
  /// The line that was there when this room was looked at first, 0 for none.
  private let joined = Mutex<Int?>(nil)
  private let session: Session
  private let replayed: [ReviewRecord]
  /// What a replay says that its reader's reveal showed.
  private let replayedReveal: CaseReveal?
  private let hasLesion: Bool
  /// Whether the lesion's mask is there and damaged.
  private let hasDamage: Bool
  /// Whose signatures are the truth; nobody's where the library knows it.
  private let signers: [String]
  /// Whether this presenter goes on where another stood.
  private let takesOver: Bool

  init(
    _ role: TeachingRole, cases: Int = 4, session: Session = Session(),
    replayed: [ReviewRecord] = [], revealing: CaseReveal? = .truth, hasLesion: Bool = false,
    hasDamage: Bool = false, takesOver: Bool = false,
    signedBy signers: [String] = [],
    change: @escaping @Sendable (inout ReviewStudy) -> Void = { _ in }
  ) {
    replayedReveal = revealing
    self.signers = signers
    (self.hasLesion, self.hasDamage, self.takesOver) = (hasLesion, hasDamage, takesOver)
    (self.role, caseCount, self.session, self.replayed) = (role, cases, session, replayed)
    library = FixtureLibrary(clock: { "2026-11-20T10:42:07.123Z" }, change: change)
  }

  private func original(_ subject: String) -> String {
    String(format: "%03d", Int(subject) ?? 0)
  }

  func worklist(reader: String) throws -> [WorklistEntry] {
    (1...caseCount).map { WorklistEntry(subject: "\($0)", state: .unread) }
  }

  func loadStudy(_ subject: String) throws -> ReviewStudy {
    let id = original(subject)
    let study = LibraryStudy(
      subject: id, participant: id, folder: "sub-\(id)/anat", imageName: nil, problem: nil,
      refused: [])
    return CasePseudonym(study, number: Int(subject) ?? 0).clean(try library.loadStudy(id))
  }

  func journal(_ subject: String, reader: String) throws -> JournalContents {
    role == .replay
      ? JournalContents(records: replayed) : try library.journal(subject, reader: reader)
  }

  func append(_ draft: ReviewDraft, subject: String, reader: String) throws -> ReviewRecord {
    try library.append(draft, subject: subject, reader: reader)
  }

  func access(to subject: String, reader: String) throws -> StudyAccess {
    granted.withLock { $0 }
  }

  /// The room of somebody with a role in the library.
  func of(_ role: ReaderRole) -> FixtureRoom {
    granted.withLock { $0.role = role }
    return self
  }

  func hasPIN(reader: String) throws -> Bool { false }
  func setPIN(_ pin: PIN, reader: String) throws {}
  func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord { throw FixtureError(description: "nothing is signed") }
  func sheet(_ subject: String, reader: String) throws -> StudySheet {
    throw FixtureError(description: "nothing is reported")
  }

  var measuresStudies: Bool { library.measuresStudies }
  func measures(of subject: String, reader: String) throws -> StudyMeasures {
    try library.measures(of: original(subject), reader: reader)
  }

  func opened(_ subject: String, reader: String) throws {}

  /// Bob, whose acts a teacher looks at.
  var replay: ReplayedReader? {
    guard role == .replay else { return nil }
    return ReplayedReader(name: "bob", endsWithTruth: replayedReveal != nil)
  }

  /// Present at C4-5 and C5-6 of the first case; nothing is known of C7-T1. A replay has it where its reader's
  /// reveal shows it.
  func truth(of subject: String) throws -> CaseTruth? {
    guard role != .replay || replayedReveal == .truth else { return nil }
    let signed = signers.map { SignedReading(reader: $0, verdicts: [.c4c5: .present]) }
    if !signed.isEmpty { return CaseTruth(CaseTruth.Ground(first: signed)) }
    return CaseTruth(
      present: subject == "1" ? [.c4c5, .c5c6] : [],
      known: Set(SpinalSegment.allCases).subtracting([.c7t1]))
  }

  func reveal(of subject: String) throws -> CaseReveal? {
    role == .replay ? replayedReveal : .truth
  }

  func notesReveal(of subject: String, reader: String) throws -> Bool {
    notes.withLock { $0 }
  }

  /// This room, where the truth of cases is what others signed.
  func ofReadings() -> FixtureRoom {
    notes.withLock { $0 = true }
    return self
  }

  /// A box in the cord at C4-5 on two slices of the first case, where it has one.
  func lesion(of subject: String, on grids: [SagittalGrid]) throws -> [MaskRaster] {
    if hasDamage { throw FixtureError(description: "case 1: the mask is damaged") }
    guard hasLesion, subject == "1" else { return [] }
    return grids.indices.map { slice in
      var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
      guard Self.lesionSlices.contains(slice) else { return mask }
      for row in Self.lesionRows {
        for column in Self.lesionColumns { mask[row, column] = true }
      }
      return mask
    }
  }

  static let lesionSlices = 5...6
  static let lesionRows = 98...112
  static let lesionColumns = 138...148

  func present(_ view: TeachingView, reader: String) throws -> Int {
    session.view.withLock {
      $0 = PresentedView(
        seq: ($0?.seq ?? 1) + 1, view: view, reader: session.namesPresenter ? reader : nil)
      return $0?.seq ?? 0
    }
  }

  func presented(after seq: Int) throws -> PresentedView? {
    let stale = session.staleUntil.withLock { $0 }
    let latest = session.view.withLock { $0 }
    let first = joined.withLock { joined -> Int in
      let line = joined ?? latest?.seq ?? 0
      joined = line
      return line
    }
    guard var shown = latest, shown.seq > seq else { return nil }
    shown.isOld = shown.seq <= first
    shown.isStale = shown.seq <= stale
    return shown
  }

  func besideChoices(_ subject: String) throws -> [BesideChoice] {
    try library.besideChoices(subject)
  }

  func beside(
    _ choice: BesideChoice, of subject: String, reader: String
  ) throws -> BesideContent {
    try library.beside(choice, of: subject, reader: reader)
  }

  /// What a presenter finds who takes the session over.
  var takenOver: PresentedView? {
    role == .presenter && takesOver ? session.view.withLock { $0 } : nil
  }

  func renewPresence(reader: String) throws -> String? {
    role == .presenter ? session.successor.withLock { $0 } : nil
  }

  func presenterSign() throws -> PresenterSign {
    let isReplaced = session.successor.withLock { $0 != nil }
    return role == .follower || isReplaced ? session.sign.withLock { $0 } : .unknown
  }

  func scores(reader: String) throws -> TeachingSummary {
    var answers: [LearnerAnswer] = []
    for number in 1...caseCount {
      guard let truth = try truth(of: "\(number)") else { continue }
      answers += LearnerReading(library.records("\(number)")).answers(to: truth, case: number)
    }
    return TeachingSummary(
      session: "monday", caseCount: caseCount,
      scores: [TeachingScore(learner: reader, answers: answers, seconds: [1: 41])])
  }
}
