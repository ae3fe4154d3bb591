internal import Foundation
internal import Imaging

/// What readers have stated of a library's studies, as truth for calibration.
///
/// A read counts when present or absent stands on all six segments, unless its reader has seen what others
/// signed and does not adjudicate: such a read follows theirs; nor does one of which any verdict was stated under
/// other labels than those of the scores. Where a study has blind reads
/// (the AI's result was hidden throughout), only these count: the others may have followed the AI.
/// Readers must agree on every segment, else the study waits for adjudication; an adjudicated read that
/// is complete decides, whatever the others say.
public struct ReaderTruth: Sendable {
  /// The studies that can be used, with every detector's scores.
  public private(set) var cases: [EvaluationCase] = []
  /// How many of ``cases`` were read blind.
  public private(set) var blind = 0
  /// The reader ids that were used, in order.
  public private(set) var readers: [String] = []
  /// What made the detections of ``cases``, in the same order.
  public private(set) var models: [Detection.Model] = []
  /// What could not be used and why, in words.
  public private(set) var remarks: [String] = []
  /// Whether studies may count of which the reader who asks is told nothing, so that how few there are is not said.
  public private(set) var countsUntold = false

  /// One reader's complete read of one study.
  struct Read: Equatable {
    var reader: String
    var present: Set<SpinalSegment>
    var isBlind: Bool
    /// Whether it is signed as deciding between readers.
    var isAdjudicated: Bool

    /// `nil` unless present or absent stands on all six segments, and where the reader has seen what others
    /// signed without adjudicating.
    init?(_ records: [ReviewRecord], reader: String) {
      let state = ReviewState(records)
      let standing = SpinalSegment.allCases.compactMap { state.standing($0) }
      guard standing.count == SpinalSegment.allCases.count,
        standing.allSatisfy({ $0.verdict == .present || $0.verdict == .absent })
      else { return nil }
      isAdjudicated = state.isAdjudicated
      guard isAdjudicated || !state.hasCompared else { return nil }
      self.reader = reader
      isBlind = !state.hasCompared && standing.allSatisfy(\.blind)
      present = Set(
        standing.filter { $0.verdict == .present }
          .compactMap { $0.segment.flatMap(SpinalSegment.init(name:)) })
    }
  }

  /// Truth from elsewhere, for tests.
  init(cases: [EvaluationCase], models: [Detection.Model], blind: Int, readers: [String]) {
    (self.cases, self.models, self.blind, self.readers) = (cases, models, blind, readers)
  }

  /// Gathers the reads of a library.
  ///
  /// All count, whoever asks; remarks on a study that a reader has neither signed nor compared are kept from him,
  /// as that readers differ says what they saw.
  /// - Parameter viewer: Who asks; `nil` for who reads nothing in the library.
  /// - Throws: `ReadError` when a detection is damaged; a damaged journal is a remark.
  public init(library: StudyLibrary, for viewer: ReadingViewer? = nil) throws {
    var used: Set<String> = []
    // Where nobody else reads there is nothing to keep.
    let viewer = try library.knownReaders().count > 1 ? viewer : nil
    for study in library.studies where study.problem == nil {
      let isTold = library.isTold(of: study, to: viewer)
      if !isTold { countsUntold = true }
      let known = remarks
      defer { if !isTold { remarks = known } }
      let reads = try reads(of: study, library: library)
      guard !reads.isEmpty else { continue }
      guard let detection = try library.detection(of: study)?.detection else {
        remarks.append("\(study.subject): no detection (run detect first)")
        continue
      }
      guard !library.isOutdated(study) else {
        remarks.append(
          "\(study.subject): image or labels changed since its detection (run detect first)")
        continue
      }
      guard !detection.patient.isUncalled else {
        remarks.append("\(study.subject): \(Detection.notBySegment), its score does not count")
        continue
      }
      let counted = Self.counted(reads)
      guard let first = counted.first, counted.allSatisfy({ $0.present == first.present }) else {
        remarks.append("\(study.subject): readers differ, it needs adjudication")
        continue
      }
      used.formUnion(counted.map(\.reader))
      if counted.allSatisfy(\.isBlind) { blind += 1 }
      models.append(detection.model)
      cases.append(
        EvaluationCase(
          detection: detection, className: first.present.isEmpty ? "absent" : "present",
          hasLesion: !first.present.isEmpty, affected: first.present,
          group: library.patient(of: study)))
    }
    readers = used.sorted()
  }

  /// The reads of a study that count: what was adjudicated, else the blind ones, else all.
  static func counted(_ reads: [Read]) -> [Read] {
    let decided = reads.filter(\.isAdjudicated)
    if !decided.isEmpty { return decided }
    let blind = reads.filter(\.isBlind)
    return blind.isEmpty ? reads : blind
  }

  /// - Throws: `ReadError` when the detection is damaged.
  private mutating func reads(of study: LibraryStudy, library: StudyLibrary) throws -> [Read] {
    var reads: [Read] = []
    for journal in library.journals(of: study) {
      let records: [ReviewRecord]
      do {
        records = try journal.records()
      } catch {
        remarks.append("\(study.subject): \(error)".cleaned)
        continue
      }
      guard let read = Read(records, reader: journal.reader) else { continue }
      // What was seen in another place says nothing of the score that has its name now.
      let levels = try library.levelHistory(of: study, for: records)
      guard levels.relabelled(in: ReviewState(records)).isEmpty else {
        remarks.append(
          "\(study.subject): \(read.reader)'s read: stated under other labels".cleaned)
        continue
      }
      reads.append(read)
    }
    return reads
  }
}
