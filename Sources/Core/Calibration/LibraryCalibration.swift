public import Foundation
internal import Imaging

/// A library's own thresholds, from what its readers stated (method, sections 6 and 7).
///
/// They replace those of the model card: of scorings that reconstruct for the weights that made the
/// detections, of detectors without any training for all.
public struct LibraryCalibration: Codable, Equatable, Sendable {
  /// What is known of one detector's thresholds.
  public struct Entry: Codable, Equatable, Sendable {
    /// A patient score at or above it is flagged.
    public var patient: Double
    /// A segment score at or above it is flagged.
    public var segment: Double
    /// Lower 95 % bootstrap bound of the patient threshold, by patient.
    public var patientLow: Double
    /// Upper bound.
    public var patientHigh: Double
    /// Lower 95 % bootstrap bound of the segment threshold, by patient.
    public var segmentLow: Double
    /// Upper bound.
    public var segmentHigh: Double
    /// Lesion patients at or over the patient threshold.
    public var sensitivity: WilsonInterval
    /// Lesion-free patients under it.
    public var specificity: WilsonInterval
  }

  /// Fewest patients with and without lesion that thresholds can be taken from: below, one patient
  /// moves the wanted sensitivity by a tenth.
  public static let fewestPatients = 10

  /// SHA-256 of the weights whose detections were read.
  public var modelSha256: String
  /// SHA-256 of the head, or `nil`.
  public var headSha256: String?
  /// The context, passes and seed of the reconstructions that were read; `nil` in calibrations of
  /// earlier versions, which did not say.
  public var context: String?
  /// Monte-Carlo passes.
  public var mc: Int?
  /// Seed of the masks.
  public var maskSeed: UInt64?
  /// The definition of the scores that were read; `nil` before the second.
  public var scoringRevision: Int?
  /// The wanted share of lesion patients found.
  public var wantedSensitivity: Double
  /// Patients with lesion by the readers.
  public var lesionPatients: Int
  /// Patients without; those with studies of both kinds count in both.
  public var otherPatients: Int
  /// How many of the studies were read blind.
  public var blindPatients: Int
  /// Studies, of which a patient may have several; `nil` in calibrations of earlier versions.
  public var studies: Int?
  /// Patients; `nil` in calibrations of earlier versions, which took each study for one.
  public var patients: Int?
  /// Reader ids.
  public var readers: [String]
  /// Seed of the bootstrap.
  public var seed: UInt64
  /// When, UTC, ISO 8601.
  public var time: String
  /// Thresholds by detector.
  public var detectors: [String: Entry]
  /// Detectors that keep the model card's thresholds, with the reason.
  public var notCalibrated: [String: String]?
  /// What it must not be taken for.
  public var notice: String

  /// The cohort in words, shown wherever a threshold is.
  public var source: String {
    "readers of this library: \(cohort), \(lesionPatients) with lesion, \(blindPatients) "
      + "\(hasSeveralStudies ? "studies " : "")read blind; patient at sensitivity "
      + "\(wantedSensitivity), segment at the largest F1"
  }

  /// Whether some patient has several studies.
  var hasSeveralStudies: Bool { (studies ?? 0) > (patients ?? .max) }

  private var cohort: String {
    let people = CountText.patients(patients ?? lesionPatients + otherPatients)
    return hasSeveralStudies ? "\(studies ?? 0) studies of \(people)" : people
  }

  /// Takes thresholds from reads.
  ///
  /// - Throws: `CalibrationError` when there are too few patients or several weights, or when curves
  ///   were not taken along rows.
  public init(
    _ truth: ReaderTruth, sensitivity: Double = ThresholdCalibration.sensitivity,
    bootstrap: Bootstrap = Bootstrap(), time: Date = Date()
  ) throws {
    let cases = truth.cases
    let (lesions, others) = Self.patients(cases)
    guard let model = truth.models.first, min(lesions, others) >= Self.fewestPatients else {
      throw truth.countsUntold
        ? CalibrationError.tooFewUntold(needed: Self.fewestPatients)
        : .tooFew(lesions: lesions, others: others, needed: Self.fewestPatients)
    }
    try Self.requireOneOrigin(truth)
    modelSha256 = model.sha256
    headSha256 = model.headSha256
    (context, mc, maskSeed) = (model.context, model.mc, model.seed)
    scoringRevision = model.scoringRevision
    wantedSensitivity = sensitivity
    lesionPatients = lesions
    otherPatients = others
    blindPatients = truth.blind
    studies = cases.count
    patients = Set(cases.map(\.group)).count
    readers = truth.readers
    seed = bootstrap.seed
    self.time = time.formatted(.iso8601)
    notice = Notice.researchUse
    (detectors, notCalibrated) = ([:], [:])
    for detector in LibraryEvaluation.detectors(in: cases) {
      let assessed = cases.filter { $0.scores[detector]?.patient != nil }
      let (lesions, others) = Self.patients(assessed)
      if min(lesions, others) < Self.fewestPatients {
        notCalibrated?[detector] =
          "assesses \(CountText.patients(lesions)) with lesion and \(others) without"
      } else if let entry = Self.entry(
        detector, assessed, sensitivity: sensitivity, bootstrap: bootstrap)
      {
        detectors[detector] = entry
      } else {
        notCalibrated?[detector] = "assesses no segment"
      }
    }
    guard !detectors.isEmpty else {
      throw CalibrationError.nothingAssessed(needed: Self.fewestPatients)
    }
  }

  /// Patients with and without lesion.
  private static func patients(_ cases: [EvaluationCase]) -> (lesions: Int, others: Int) {
    (
      Set(cases.filter(\.hasLesion).map(\.group)).count,
      Set(cases.filter { !$0.hasLesion }.map(\.group)).count
    )
  }

  /// Throws unless all detections were made alike, on curves along rows.
  private static func requireOneOrigin(_ truth: ReaderTruth) throws {
    for (item, model) in zip(truth.cases, truth.models) {
      let first = truth.models[0]
      guard model.sha256 == first.sha256, model.headSha256 == first.headSha256,
        model.scoringRevision == first.scoringRevision
      else {
        throw CalibrationError.severalWeights(subjects: [truth.cases[0].subject, item.subject])
      }
    }
    try LibraryEvaluation.requireSettingsAlike(of: truth.cases, truth.models)
  }

  private static func entry(
    _ detector: String, _ assessed: [EvaluationCase], sensitivity: Double, bootstrap: Bootstrap
  ) -> Entry? {
    func thresholds(_ cases: [EvaluationCase]) -> ModelCard.Thresholds? {
      ThresholdCalibration.thresholds(of: detector, on: cases, sensitivity: sensitivity)
    }
    guard let found = thresholds(assessed) else { return nil }
    let drawn = bootstrap.resamples(of: assessed).compactMap(thresholds)
    let patient = bootstrap.interval(found.patient, drawn.map(\.patient))
    let segment = bootstrap.interval(found.segment, drawn.map(\.segment))
    let scores = { (lesion: Bool) in
      assessed.filter { $0.hasLesion == lesion }.compactMap { $0.scores[detector]?.patient }
    }
    return Entry(
      patient: found.patient, segment: found.segment, patientLow: patient.lower,
      patientHigh: patient.upper, segmentLow: segment.lower, segmentHigh: segment.upper,
      sensitivity: WilsonInterval(
        scores(true).count { $0 >= found.patient }, of: scores(true).count),
      specificity: WilsonInterval(
        scores(false).count { $0 < found.patient }, of: scores(false).count))
  }
}

extension LibraryCalibration {
  /// The file in a library.
  public static func url(library root: URL) -> URL {
    root.appendingPathComponent("derivatives/cordscope/calibration.json")
  }

  /// Reads a library's calibration; `nil` when it has none.
  /// - Throws: `ReadError` when the file is damaged.
  public static func read(library root: URL) throws -> LibraryCalibration? {
    let url = url(library: root)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return try SnakeCaseJSON.read(
      LibraryCalibration.self, from: url, kind: "calibration",
      advice: "run cordscope calibrate again, or remove the file to use the card's thresholds")
  }

  /// Writes the library's calibration atomically.
  /// - Throws: `WriteError`.
  public func write(library root: URL) throws {
    let url = Self.url(library: root)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try AtomicFile.write(try SnakeCaseJSON.data(self), to: url)
  }
}

extension LibraryCalibration {
  /// Whether the reconstructions that were read were made with these settings, as far as is known.
  fileprivate func isOf(_ settings: StudyDetector.Settings?) -> Bool {
    guard let settings, let context, let mc, let maskSeed else { return true }
    return context == settings.context && mc == settings.passes && maskSeed == settings.seed
  }
}

extension ModelCard {
  /// The card with a library's own thresholds, where these belong to scores as they are defined now.
  ///
  /// A detector that was not calibrated keeps the card's thresholds and their source. So do those that
  /// use the head where the calibration was of another one, and all that reconstruct where it was of
  /// other weights or other reconstructions.
  /// - Parameters:
  ///   - head: SHA-256 of the head in use, or `nil`.
  ///   - settings: how reconstructions are made; `nil`: as they were for the calibration.
  public func calibrated(
    by calibration: LibraryCalibration?, head: String?, settings: StudyDetector.Settings? = nil
  ) -> ModelCard {
    guard let calibration, calibration.scoringRevision == StudyDetector.scoringRevision
    else { return self }
    var card = self
    let reconstructs = Set(StudyDetector.Scoring.allCases.map(\.detectorName))
    let isOfThese = calibration.modelSha256 == sha256 && calibration.isOf(settings)
    for (detector, entry) in calibration.detectors {
      let readsHead = StudyDetector.Scoring.headDetectors.contains(detector)
      if readsHead, calibration.headSha256 != head { continue }
      if reconstructs.contains(detector), !isOfThese { continue }
      card.thresholds[detector] = Thresholds(
        patient: entry.patient, segment: entry.segment, source: calibration.source)
    }
    return card
  }
}
