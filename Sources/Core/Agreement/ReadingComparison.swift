/// What several signed readings of a study say beside each other, row by row.
///
/// Only readings count, not what supervisors and adjudicators signed: these follow them.
public struct ReadingComparison: Equatable, Sendable {
  /// How readings agree on a row.
  public enum Accord: Equatable, Sendable {
    /// All say the same.
    case agreed(Verdict)
    /// One says present, another absent.
    case differs
    /// Some cannot tell, the others say the same.
    case unsure
    /// Some say nothing of it, or what one says cannot be read.
    case partial
    /// Nobody says anything.
    case silent

    /// Whether the row is to be decided.
    public var isOpen: Bool {
      switch self {
      case .differs, .unsure, .partial: true
      case .agreed, .silent: false
      }
    }

    /// The accord in words.
    public var words: String {
      switch self {
      case .agreed: "agreed"
      case .differs: "differs"
      case .unsure: "cannot tell"
      case .partial: "not all"
      case .silent: "-"
      }
    }
  }

  /// The readings that count.
  public let readings: [OtherReading]
  /// Whether a journal could not be read: it may hold a reading that says otherwise.
  public let isIncomplete: Bool

  /// Compares what of some signatures are readings.
  public init(_ signed: [OtherReading]) {
    readings = signed.filter(\.isReading)
    isIncomplete = signed.contains { $0.problem != nil }
  }

  /// How the readings agree on a segment, or on the study.
  public func accord(_ segment: SpinalSegment?) -> Accord {
    let stated = readings.compactMap { $0.verdict(segment) }
    guard let first = stated.first else { return .silent }
    if stated.contains(.present), stated.contains(.absent) { return .differs }
    if stated.count < max(readings.count, 2) { return .partial }
    guard stated.allSatisfy({ $0 == first }) else { return .unsure }
    return isIncomplete ? .partial : .agreed(first)
  }

  /// Whether there is something to be decided between two readings or more.
  public var isDisputed: Bool {
    readings.count > 1
      && OtherReading.places.contains { accord($0) == .differs || accord($0) == .unsure }
  }
}

extension StudyLibrary {
  /// How far readers agree on the studies that at least two of them signed; a damaged journal is a remark.
  ///
  /// - Throws: `AgreementError.tooFew`.
  public func agreement(of readers: [String]) throws -> ReaderAgreement {
    try ReaderAgreement(library: self, of: readers)
  }

  /// Whether a study awaits adjudication, as far as the reader may know: supervisors, and where there is
  /// none, readers who have signed. What cannot be read disputes nothing; the study itself says it.
  func isDisputed(_ study: LibraryStudy, reader: String, _ review: ReviewState) -> Bool {
    guard let table = try? ReaderTable(library: root),
      review.signOff?.signature?.meaning != .adjudicated
    else { return false }
    let reader = ReaderIdentity.sanitised(reader)
    let role = table.role(of: reader)
    let access = StudyAccess(role: role, isSupervised: table.namesSupervisor)
    guard access.refusalToAdjudicate(review) == nil, role == .supervisor || review.seesOthers else {
      return false
    }
    var signed = otherReadings(of: study, than: reader)
    guard !signed.contains(where: { $0.meaning == .adjudicated }) else { return false }
    if let own = OtherReading(first: review.history.map(\.record), reader: reader) {
      signed.append(own)
    }
    return ReadingComparison(signed).isDisputed
  }
}
