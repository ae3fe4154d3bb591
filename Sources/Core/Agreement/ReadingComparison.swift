internal import Foundation
internal import Imaging

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

  /// How the readings agree on a segment, or on the study; a verdict that was stated when the segment was another
  /// place says nothing of it, and cannot be taken over.
  public func accord(_ segment: SpinalSegment?) -> Accord {
    let now = readings.filter { !$0.isRelabelled(segment) }
    let stated = now.compactMap { $0.verdict(segment) }
    guard let first = stated.first else {
      return now.count < readings.count ? .partial : .silent
    }
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
  /// - Parameter reader: Who asks: as for the command, what he has neither signed nor compared does not count.
  /// - Throws: `AgreementError.tooFew`; `ReadError` where `readers.tsv` cannot be read.
  public func agreement(
    of readers: [String], for reader: String
  ) throws -> ReaderAgreement {
    try ReaderAgreement(library: self, of: readers, for: ReadingViewer(reader, in: self))
  }

  /// Tells a line of a list what its reader may know of the others: who sees others who they are, and of the
  /// signatures on a study that nobody has adjudicated supervisors how many there are, and who sees others
  /// whether they differ.
  ///
  /// What cannot be read disputes nothing; the study itself says it.
  func addSignatures(
    to entry: inout WorklistEntry, of study: LibraryStudy, for reader: ListReader,
    _ review: ReviewSummary, journals readers: [String]
  ) throws {
    guard let access = reader.access else { return }
    if review.seesOthers { entry.readers = readers.map(\.cleaned) }
    // Most studies have one reader: nothing more is read for them.
    guard readers.count > 1, review.meaning != .adjudicated,
      review.seesOthers || access.role == .supervisor
    else { return }
    var signed = otherReadings(of: study, than: reader.id)
    guard !signed.contains(where: { $0.meaning == .adjudicated }) else { return }
    let own = try reviewInFull(of: study, reader: reader.id).history.map(\.record)
    let levels = try levelHistory(of: study, for: own)
    signed += [OtherReading(first: own, reader: reader.id, levels: levels)].compactMap(\.self)
    let comparison = ReadingComparison(signed)
    if access.role == .supervisor { entry.signatures = comparison.readings.count }
    entry.isDisputed = review.seesOthers && comparison.isDisputed
  }
}

/// Who a list is read for: what they may know is looked up once for all of its studies.
struct ListReader: Sendable {
  /// The reader, as files name them.
  let id: String
  /// What they may do; `nil` where `readers.tsv` cannot be read, so that nothing is told of others.
  let access: StudyAccess?

  init(_ reader: String, library root: URL) {
    let id = ReaderIdentity.sanitised(reader)
    self.id = id
    access = (try? ReaderTable(library: root)).map {
      StudyAccess(role: $0.role(of: id), isSupervised: $0.namesSupervisor)
    }
  }
}
