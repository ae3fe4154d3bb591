public import Foundation
internal import Imaging

/// Joins a library's detections with its truth (`derivatives/truth`).
public enum LibraryEvaluation {
  /// The truth file of one subject, `sub-07_truth.json`.
  struct Truth: Decodable {
    var `class`: String
    var lesion: Bool
    var segments: [String]
    /// Segments with truth; all where it is not stated.
    var assessableSegments: [String]?
    /// The patient of a planted study.
    var sourceSubject: String?

    enum CodingKeys: String, CodingKey {
      case `class`, lesion, segments
      case assessableSegments = "assessable_segments"
      case sourceSubject = "source_subject"
    }
  }

  /// What is known of one study.
  struct StudyTruth: Equatable, Sendable {
    var className: String
    var hasLesion: Bool
    var affected: Set<SpinalSegment>
    var known: Set<SpinalSegment>
    /// The patient: studies of one patient are not independent.
    var group: String

    /// The study's case with the scores that detectors gave it.
    func item(_ subject: String, scores: [String: EvaluationCase.Scores]) -> EvaluationCase {
      EvaluationCase(
        subject: subject, className: className, hasLesion: hasLesion, affected: affected,
        known: known, group: group, scores: scores)
    }
  }

  /// The truth of one study, or `nil` where there is none: its truth file, or else the lesion that
  /// is labelled in the library, unless truth is to come from a folder of its own.
  ///
  /// - Parameter sight: whose lesion mask is truth, as one that a reader drew is a reading (decision 022).
  /// - Throws: `ReadError` when its file is damaged; `LibraryError.unusable`.
  static func truth(
    of study: LibraryStudy, in library: StudyLibrary, folder: URL?,
    for sight: LesionSight = .standing
  ) throws -> StudyTruth? {
    let place = folder ?? library.root.appendingPathComponent("derivatives/truth")
    guard let truth = try read(subject: study.subject, in: place) else {
      return folder == nil ? try labelledTruth(of: study, in: library, for: sight) : nil
    }
    return StudyTruth(
      className: truth.class, hasLesion: truth.lesion,
      affected: Set(truth.segments.compactMap(SpinalSegment.init(name:))),
      known: Set(
        truth.assessableSegments?.compactMap(SpinalSegment.init(name:)) ?? SpinalSegment.allCases),
      group: library.sourceSubject(of: study) ?? truth.sourceSubject ?? study.participant)
  }

  /// The studies of a library that have both a detection and truth.
  public struct Cohort: Sendable {
    /// The cases, in the order of the library.
    public var cases: [EvaluationCase] = []
    /// What could not be used, in words.
    public var remarks: [String] = []
    /// Studies left out because image or labels changed since their detection.
    public var outdated = 0
    /// The model and settings that made each case's detection, in the order of the cases.
    public var models: [Detection.Model] = []
    /// The weights by name and the start of their hash, in the order of the cases.
    public var weightNames: [String] { models.map(\.weights) }

    /// Throws unless every case's detection was made by the weights that a card belongs to, on
    /// curves along rows: other figures and thresholds would be told as theirs.
    ///
    /// - Throws: `CalibrationError` for the first case that differs.
    public func requireMatch(with card: ModelCard) throws(CalibrationError) {
      for (item, model) in zip(cases, models) {
        guard model.scoringRevision == StudyDetector.scoringRevision else {
          throw .otherRevision(subject: item.subject)
        }
        guard model.sha256 == card.sha256 else {
          throw .otherWeights(subject: item.subject, detection: model.sha256, card: card.sha256)
        }
      }
      try LibraryEvaluation.requireSettingsAlike(of: cases, models)
    }
  }

  /// Throws unless all detections took their curves along rows, and with the same settings.
  static func requireSettingsAlike(
    of cases: [EvaluationCase], _ models: [Detection.Model]
  ) throws(CalibrationError) {
    for (item, model) in zip(cases, models) {
      guard model.sampling == CurveSampling.rows.rawValue else {
        throw .otherSampling(subject: item.subject, sampling: model.sampling)
      }
      guard model.headSha256 == models[0].headSha256 else {
        throw .severalWeights(subjects: [cases[0].subject, item.subject])
      }
      guard model.isMadeAlike(models[0]) else {
        throw .severalSettings(subjects: [cases[0].subject, item.subject])
      }
    }
  }

  /// Joins the detections of a library with its truth.
  ///
  /// Studies are grouped by `source_subject` of participants.tsv (or of the truth), else by
  /// participant: sessions of one patient are not independent.
  /// - Parameters:
  ///   - truth: folder of the truth; by default the library's own `derivatives/truth`.
  ///   - viewer: who asks: lesion masks that others drew are no truth of studies that he has not signed; `nil` for
  ///     who reads nothing in the library.
  /// - Throws: `ReadError` when a truth file is damaged; `LibraryError` as opening does.
  public static func cohort(
    of library: StudyLibrary, truth: URL? = nil, for viewer: ReadingViewer? = nil
  ) throws -> Cohort {
    var cohort = Cohort()
    for study in library.studies {
      let sight = library.lesionSight(of: study, shownTo: viewer)
      guard let truth = try Self.truth(of: study, in: library, folder: truth, for: sight) else {
        cohort.remarks.append("\(study.subject): no truth")
        continue
      }
      guard let detection = try library.detection(of: study)?.detection else {
        cohort.remarks.append("\(study.subject): no detection (run detect first)")
        continue
      }
      guard !library.isOutdated(study) else {
        cohort.outdated += 1
        cohort.remarks.append(
          "\(study.subject): left out, image or labels changed since its detection (run detect)")
        continue
      }
      if detection.patient.isUncalled {
        cohort.remarks.append(
          "\(study.subject): \(Detection.notBySegment), its score does not count")
      }
      cohort.models.append(detection.model)
      cohort.cases.append(truth.item(study.subject, scores: detection.scores))
    }
    return cohort
  }

  /// The detectors that any of the cases has: U2AD, LC61, the Z-score, then the others.
  public static func detectors(in cases: [EvaluationCase]) -> [String] {
    let first =
      StudyDetector.Scoring.allCases.map(\.detectorName)
      + [DetectorEvaluation.reference, SignalDetector.zScore.rawValue]
    let names = Set(cases.flatMap { $0.scores.keys })
    return first.filter(names.contains) + names.subtracting(first).sorted()
  }

  /// The truth file of a subject in a folder of truth, if there is one.
  static func truthFile(subject: String, in folder: URL) -> URL? {
    let name = "sub-\(subject)_truth.json"
    let candidates = [
      folder.appendingPathComponent("sub-\(subject)/anat/\(name)"),
      folder.appendingPathComponent("sub-\(subject)/\(name)"), folder.appendingPathComponent(name),
    ]
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// What a truth file says of planting; `nil` when it is not of a planted cohort.
  ///
  /// - Throws: `ReadError` when it is damaged.
  static func plantedTruth(_ url: URL) throws -> PlantedTruth? {
    guard try Provenance.read(url)?["original"] != nil else { return nil }
    return try decode(PlantedTruth.self, url)
  }

  private static func read(subject: String, in folder: URL) throws -> Truth? {
    try truthFile(subject: subject, in: folder).map { try decode(Truth.self, $0) }
  }

  private static func decode<Record: Decodable>(_ type: Record.Type, _ url: URL) throws -> Record {
    do {
      return try JSONDecoder().decode(type, from: try Data(contentsOf: url))
    } catch {
      throw ReadError(
        path: url.path, problem: "is no truth file: \(error)",
        advice: "it holds class, lesion and segments, as the commands phantom and plant write them")
    }
  }
}

extension StudyLibrary {
  /// The patient of a study: sessions of one patient, and studies planted in one cord, share it.
  func patient(of study: LibraryStudy) -> String {
    sourceSubject(of: study) ?? study.participant
  }

  /// The patient that participants.tsv names for a study of another participant.
  fileprivate func sourceSubject(of study: LibraryStudy) -> String? {
    participants[study.participant].sourceSubject
  }
}

extension LibraryEvaluation.Cohort {
  /// Says of weights that were adapted to studies that are tested here: figures on them are not
  /// figures on new patients.
  ///
  /// - Throws: `ReadError` when the record of an adaptation is damaged.
  public func adaptationRemarks(in library: StudyLibrary) throws -> [String] {
    let stored = LibraryModels(library: library.root)
    return try Set(models.map(\.name)).sorted().compactMap { name in
      guard let record = try stored.record(of: name) else { return nil }
      let subjects = Set(record.data.subjects ?? [])
      // Another session of a patient, or the twin of a planted study, was learned from as well.
      let learned = Set(
        library.studies.filter { subjects.contains($0.subject) }.map(library.patient)
      )
      .union(cases.filter { subjects.contains($0.subject) }.map(\.group))
      let tested = zip(cases, models).filter {
        $1.sha256 == record.weights.sha256 && learned.contains($0.group)
      }
      return tested.isEmpty
        ? nil
        : "\(name) was adapted to patients of \(tested.count) of the studies tested here: figures on "
          + "them are not figures on new patients"
    }
  }
}
