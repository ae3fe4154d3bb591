/// Thresholds from cases with truth (method, section 7).
public enum ThresholdCalibration {
  /// The wanted share of lesion patients found.
  public static let sensitivity = 0.9

  /// Patient threshold at the wanted sensitivity, segment threshold with the largest F1; `nil`
  /// when the cases hold no lesion that the detector could assess.
  public static func thresholds(
    of detector: String, on cases: [EvaluationCase], sensitivity: Double = sensitivity
  ) -> ModelCard.Thresholds? {
    let positives = cases.filter(\.hasLesion).compactMap { $0.scores[detector]?.patient }
    let segments = cases.flatMap { $0.segmentOutcomes(of: detector) }
    guard
      let patient = ROC.threshold(sensitivity: sensitivity, positives: positives),
      let segment = ROC.thresholdMaximisingF1(
        positives: segments.filter(\.truth).map(\.score),
        negatives: segments.filter { !$0.truth }.map(\.score))
    else { return nil }
    return ModelCard.Thresholds(patient: patient, segment: segment)
  }
}

extension ModelCard {
  /// Replaces the thresholds of every detector by those of cases with truth.
  ///
  /// A detector that the cases give no thresholds for keeps its former ones, and their source.
  /// - Parameter source: the cohort in words, shown wherever a threshold is.
  /// - Returns: The detectors without thresholds from the cases.
  public mutating func calibrate(
    on cases: [EvaluationCase], detectors: [String], source: String
  ) -> [String] {
    for (detector, former) in thresholds {
      thresholds[detector]?.source = former.source ?? thresholdSource
    }
    var kept: [String] = []
    for detector in detectors {
      if let found = ThresholdCalibration.thresholds(of: detector, on: cases) {
        thresholds[detector] = found
      } else {
        kept.append(detector)
      }
    }
    thresholdSource = source
    return kept
  }
}
