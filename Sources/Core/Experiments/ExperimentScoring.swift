internal import Imaging

/// Scores one study for an experiment, as detection does but without writing anything.
enum ExperimentScoring {
  /// What came of one study.
  struct Item: Sendable {
    var subject: String
    var scores: [String: ExperimentOutcome.Score]
    /// Of studies without lesion.
    var reconstruction: ReconstructionMetrics?
    /// Why it has no scores at all.
    var leftOut: String?
  }

  /// - Parameter engine: `nil` for detectors without training alone.
  static func score(
    _ study: PreparedStudy, _ member: ExperimentCohort.Member, arm: ExperimentArm,
    engine: AnomalyEngine?, head: RowHead?
  ) throws -> Item {
    let detector = detector(of: arm, head: head)
    var quality: [ReconstructionMetrics] = []
    let result = try detector.detect(study, subject: member.study.subject, image: "") { slice in
      guard let engine else { return flat(slice) }
      let maps = try engine.maps(for: slice, settings: arm.inference)
      if !member.truth.hasLesion,
        let metrics = ReconstructionMetrics(
          image: slice.normalised, reconstruction: maps.mean, variance: maps.epistemic,
          region: slice.anatomy.regionOfInterest)
      {
        quality.append(metrics)
      }
      return maps
    }
    let scores = result.detection.scores.filter {
      engine != nil || SignalDetector(rawValue: $0.key) != nil
    }
    return Item(
      subject: member.study.subject,
      scores: scores.mapValues { .init(patient: $0.patient, segments: $0.segments) },
      reconstruction: ReconstructionMetrics.mean(quality))
  }

  /// The slices of a study as an arm scores them.
  ///
  /// - Throws: `NetworkError`.
  static func slices(
    of study: PreparedStudy, arm: ExperimentArm, engine: AnomalyEngine
  ) throws -> [ScoredSlice] {
    try detector(of: arm, head: nil).scoredSlices(of: study) {
      try engine.maps(for: $0, settings: arm.inference)
    }
  }

  private static func detector(of arm: ExperimentArm, head: RowHead?) -> StudyDetector {
    let wanted = arm.reported.compactMap(SignalDetector.init(rawValue:))
    let settings = StudyDetector.Settings(
      context: "", passes: 0, seed: arm.inference.seed, kernelPath: KernelTable.best.path,
      paper: arm.paper, sampling: arm.sampling,
      detectors: wanted.contains(.lc61) ? wanted : wanted + [.lc61])
    return StudyDetector(
      card: ModelCard(name: arm.name, sha256: ""), settings: settings, head: head)
  }

  /// Stands for a reconstruction where there is no network; its own scores are not kept.
  private static func flat(_ slice: PreparedSlice) -> UncertaintyMaps {
    let region = slice.anatomy.regionOfInterest
    return UncertaintyMaps(
      mean: slice.normalised, epistemic: slice.normalised.map { _ in 0 },
      aleatoric: slice.normalised.map { _ in 0 }, reconstructed: region, passes: 1,
      fewestReconstructions: 1)
  }
}
