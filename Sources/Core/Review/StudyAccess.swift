internal import Foundation

/// What a reader may do on a study now, and what is shown of other readers.
public struct StudyAccess: Equatable, Sendable {
  /// The reader's role.
  public var role: ReaderRole
  /// Whether somebody stands above the readers, who alone signs as supervisor or adjudicator.
  public var isSupervised: Bool
  /// Whether this session may state something.
  public var hold: StudyHold
  /// What other readers signed, of each the first reading before what was signed again; empty until the reader has signed, or asked to adjudicate.
  public var others: [OtherReading]
  /// How many other readers signed, as far as the reader may adjudicate between them.
  public var signedByOthers = 0
  /// How many other readers signed at all, by which meanings of a signature are offered or refused, and
  /// which is shown nowhere else; `nil` where it is not known.
  public var otherSigners: Int?

  /// Makes an access, without anything the access of a reader alone.
  public init(
    role: ReaderRole = .reader, isSupervised: Bool = false, hold: StudyHold = .free,
    others: [OtherReading] = []
  ) {
    (self.role, self.isSupervised, self.hold, self.others) = (role, isSupervised, hold, others)
  }

  /// Why nothing of a kind can be stated, in words; `nil` where it can.
  public func refusal(of action: ReviewAction) -> String? {
    if let owner = hold.owner {
      return "read-only: the study is open elsewhere, by \(owner.words)"
    }
    return role.refusal(of: action)
  }

  /// Why nothing can be signed with a meaning, in words; `nil` where it can.
  public func refusal(of meaning: SignatureMeaning) -> String? {
    guard meaning.isSupervising, isSupervised, role != .supervisor else { return nil }
    return "not signed: only a supervisor signs \"\(meaning.words)\""
  }
}

extension StudyLibrary {
  /// Takes a study for this session, and says what its reader may do and see there.
  ///
  /// - Throws: `LibraryError`, `JournalError`; `ReadError` when `readers.tsv` is damaged.
  public func access(to subject: String, reader: String) throws -> StudyAccess {
    let study = try usableStudy(subject)
    let reader = ReaderIdentity.sanitised(reader)
    let table = try ReaderTable(library: root)
    var access = StudyAccess(role: table.role(of: reader), isSupervised: table.namesSupervisor)
    if access.role == .guest { leave() } else { access.hold = try hold(study, reader) }
    guard journals(of: study).contains(where: { $0.reader != reader }) else {
      access.otherSigners = 0
      return access
    }
    let others = otherReadings(of: study, than: reader)
    // Of one who signed again there are two.
    access.otherSigners = Set(others.map(\.reader)).count
    let review = ReviewState(try openJournal(study, reader: reader).glance())
    let mayAdjudicate = access.refusalToAdjudicate(review) == nil
    // Before the own signature, who may adjudicate is told how many signed, and nothing of what.
    guard review.seesOthers || mayAdjudicate else { return access }
    if review.seesOthers { access.others = others }
    if mayAdjudicate { access.signedByOthers = others.count { $0.isReading } }
    return access
  }

  /// Gives back the study that this session has open.
  public func leave() { cache.locks.leave() }

  /// Throws where another session of the reader has taken over the study that this one has open: it was
  /// halted, and went on. Of an act it is asked while the journal is locked (`ReviewJournal.append`); nothing here
  /// waits for a journal.
  ///
  /// - Throws: `JournalError.refused`, `LibraryError.busy`.
  func checkHold(_ study: LibraryStudy, _ reader: String) throws {
    let reader = ReaderIdentity.sanitised(reader)
    guard let url = lock(of: study, reader) else { return }
    let owner: StudyOwner?
    do { owner = try cache.locks.loss(of: url, reader: reader) } catch LibraryError.cannotWrite {
      // As for the hold itself.
      return
    }
    if let owner { throw JournalError.refused("the study is open elsewhere, by \(owner.words)") }
  }

  /// Where a reader's lock of a study lies.
  private func lock(of study: LibraryStudy, _ reader: String) -> URL? {
    study.stem.map {
      study.derivativeFolder(library: root).appendingPathComponent(".\($0)_reader-\(reader).lock")
    }
  }

  private func hold(_ study: LibraryStudy, _ reader: String) throws -> StudyHold {
    guard let url = lock(of: study, reader) else { return .free }
    do { return try cache.locks.hold(url, reader: reader) } catch LibraryError.cannotWrite {
      // Where no lock can be written the journal cannot, either, and says so itself.
      return .free
    }
  }

  /// What other readers signed of a study, also of those who have opened it again.
  func otherReadings(of study: LibraryStudy, than reader: String) -> [OtherReading] {
    journals(of: study).filter { $0.reader != reader }.flatMap { journal in
      do {
        let records = try journal.records()
        // A detection that cannot be read is told where the study is opened.
        let levels = (try? levelHistory(of: study, for: records)) ?? LevelHistory()
        return OtherReading.signed(records, reader: journal.reader, levels: levels)
      } catch {
        var reading = OtherReading(reader: journal.reader)
        reading.problem = "\(error)"
        return [reading]
      }
    }
  }
}
