internal import Foundation

/// What another reader signed of a study.
public struct OtherReading: Equatable, Sendable {
  /// The reader.
  public var reader: String
  /// The verdicts that stand under the signature.
  public var verdicts: [SpinalSegment: Verdict] = [:]
  /// The one on the study as a whole.
  public var verdictOnStudy: Verdict?
  /// What the signature means.
  public var meaning: SignatureMeaning?
  /// Why the journal cannot be read.
  public var problem: String?

  /// Makes a reading of which nothing is known yet.
  public init(reader: String) { self.reader = reader }

  /// What is stated on a segment, or on the study.
  public func verdict(_ segment: SpinalSegment?) -> Verdict? {
    segment.map { verdicts[$0] } ?? verdictOnStudy
  }
}

/// What a reader may do on a study now, and what is shown of other readers.
public struct StudyAccess: Equatable, Sendable {
  /// The reader's role.
  public var role: ReaderRole
  /// Whether somebody stands above the readers, who alone signs as supervisor or adjudicator.
  public var isSupervised: Bool
  /// Whether this session may state something.
  public var hold: StudyHold
  /// What other readers signed; empty until the reader has signed.
  public var others: [OtherReading]

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
    access.others = try otherReadings(of: study, than: reader)
    return access
  }

  /// Gives back the study that this session has open.
  public func leave() { cache.locks.leave() }

  private func hold(_ study: LibraryStudy, _ reader: String) throws -> StudyHold {
    guard let stem = study.stem else { return .free }
    let url = study.derivativeFolder(library: root)
      .appendingPathComponent(".\(stem)_reader-\(reader).lock")
    do { return try cache.locks.hold(url, reader: reader) } catch LibraryError.cannotWrite {
      // Where no lock can be written the journal cannot, either, and says so itself.
      return .free
    }
  }

  /// What other readers signed of a study; nothing until the reader's own signature stands.
  private func otherReadings(
    of study: LibraryStudy, than reader: String
  ) throws -> [OtherReading] {
    let others = journals(of: study).filter { $0.reader != reader }
    guard !others.isEmpty,
      ReviewState(try openJournal(study, reader: reader).glance()).isSigned
    else { return [] }
    return others.compactMap { journal in
      var reading = OtherReading(reader: journal.reader)
      do {
        let review = ReviewState(try journal.records())
        guard let signature = review.signOff?.signature else { return nil }
        reading.verdicts = review.standing
        reading.verdictOnStudy = review.standingOnStudy?.verdict
        reading.meaning = signature.meaning
      } catch {
        reading.problem = "\(error)"
      }
      return reading
    }
  }
}
