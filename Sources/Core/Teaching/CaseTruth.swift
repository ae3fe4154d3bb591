internal import Foundation
internal import Imaging

/// What is known of a case, segment by segment.
public struct CaseTruth: Equatable, Sendable {
  /// Where it comes from.
  public enum Source: Equatable, Sendable {
    /// The library: `derivatives/truth` or a labelled lesion that no reader drew.
    case library
    /// The adjudicated reading.
    case adjudicated
    /// The majority of so many signed readings.
    case readings(Int)
  }

  /// Present or absent, of the segments that are known.
  public var verdicts: [SpinalSegment: Verdict]
  /// Where it comes from.
  public var source: Source
  /// The readings that it was made of; empty where the library knows it.
  var ground = Ground()
  /// The learner whose own reading was left out of it.
  public internal(set) var leftOut: String?

  /// The truth of a library.
  public init(present: Set<SpinalSegment>, known: Set<SpinalSegment>) {
    verdicts = Dictionary(
      uniqueKeysWithValues: known.map { ($0, present.contains($0) ? .present : .absent) })
    source = .library
  }

  /// What more than half of the readings of a segment say of it; `nil` where nothing is agreed.
  ///
  /// Who cannot tell has read the segment, and agrees with nobody.
  public init?(readings: [[SpinalSegment: Verdict]]) {
    verdicts = [:]
    for segment in SpinalSegment.allCases {
      let stated = readings.compactMap { $0[segment] }
      verdicts[segment] = [Verdict.present, .absent].first { verdict in
        2 * stated.count { $0 == verdict } > stated.count
      }
    }
    guard !verdicts.isEmpty else { return nil }
    source = .readings(readings.count { !$0.isEmpty })
  }

  /// The truth of a segment, or of the study: present anywhere, or absent from all six.
  public func verdict(_ segment: SpinalSegment?) -> Verdict? {
    if let segment { return verdicts[segment] }
    if verdicts.values.contains(.present) { return .present }
    return verdicts.count == SpinalSegment.allCases.count ? .absent : nil
  }
}

extension CaseTruth {
  /// The truth of a study: the library's, or else, where `usesReadings`, what its readers signed.
  ///
  /// A lesion mask that a reader drew is a reading without a signature, and no truth (decision 022).
  /// Where adjudicators differ nothing is decided, and no majority of others decides for them. What was stated
  /// under other labels is no truth of the segment that has the name now (decision 023).
  /// - Throws: `ReadError` where truth, labels or a journal cannot be read; `JournalError`.
  static func of(
    _ study: LibraryStudy, in library: StudyLibrary, usesReadings: Bool
  ) throws -> CaseTruth? {
    let known = try LibraryEvaluation.truth(of: study, in: library, folder: nil, for: .given)
    if let truth = known {
      return CaseTruth(present: truth.affected, known: truth.known)
    }
    guard usesReadings else { return nil }
    var ground = Ground()
    for journal in library.journals(of: study) {
      let records = try journal.records()
      // A detection that cannot be read is told where the study is opened.
      let levels = (try? library.levelHistory(of: study, for: records)) ?? LevelHistory()
      let now = OtherReading(ReviewState(records), reader: journal.reader, levels: levels)
      if var now, now.isDeciding {
        for segment in now.relabelled { now.verdicts[segment] = nil }
        ground.deciding.append(now)
      }
      if let reading = SignedReading(records, reader: journal.reader, levels: levels) {
        ground.first.append(reading)
      }
    }
    return CaseTruth(ground)
  }
}
