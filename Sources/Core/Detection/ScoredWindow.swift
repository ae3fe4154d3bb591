internal import Imaging

/// All detectors' curves on one window of a slice.
struct ScoredWindow {
  let slice: PreparedSlice
  let cord: CordGeometry
  /// By detector name; empty when the window cannot be assessed.
  private(set) var curves: [String: Result<AnoCurve, NoCurve>] = [:]
  /// The pictures; `nil` when the window cannot be assessed.
  private(set) var maps: StudyDetector.SliceMaps?
  /// Whether some patch was never reconstructed.
  private(set) var isIncomplete = false

  /// A window on which nothing can be assessed.
  init(_ slice: PreparedSlice, sampling: CurveSampling = .rows) {
    self.slice = slice
    cord = CordGeometry(slice, sampling: sampling)
  }

  /// The curves of U2AD's reconstruction under all scorings and of the signal detectors.
  init(
    _ slice: PreparedSlice, _ maps: UncertaintyMaps, _ settings: StudyDetector.Settings,
    head: RowHead?
  ) {
    self.init(slice, sampling: settings.sampling)
    isIncomplete = maps.fewestReconstructions < 1
    let steps = slice.inputSteps(cord)
    if let steps {
      let curve = CoreScoring.curve(
        input: slice.normalised, mean: maps.mean, reconstructed: maps.reconstructed, cord: cord,
        steps: steps, levels: slice.inputLevels, rowWeight: slice.rowWeight)
      set(.core, curve)
      set(
        .zScore,
        ErrorZScoring.curve(
          input: slice.normalised, mean: maps.mean, reconstructed: maps.reconstructed, cord: cord,
          steps: steps, rowWeight: slice.rowWeight))
    }
    set(.paper, settings.paper.curve(maps.aleatoric, cord: cord))
    // The head has learned from rows and reads nothing else.
    set(.head, head?.curve(slice, maps: maps, cord: CordGeometry(slice)))
    for detector in settings.detectors {
      curves[detector.rawValue] = Result { () throws(NoCurve) in
        try detector.curve(slice, cord: cord)
      }
    }
    joinSecondOpinion(settings.sampling)
    self.maps = pictures(maps, steps)
  }

  /// The curves of the joint scorings, where there are both witnesses.
  private mutating func joinSecondOpinion(_ sampling: CurveSampling) {
    func curve(_ detector: String) -> AnoCurve? { try? curves[detector]?.get() }
    guard let second = curve(SignalDetector.lc61.rawValue) else { return }
    if let z = curve(StudyDetector.Scoring.zScore.detectorName) {
      set(.joint, JointScoring.curve(z, second))
    }
    // The head reads rows; so must the curve that it is joined with.
    let rows =
      sampling == .rows
      ? second : try? SignalDetector.lc61.curve(slice, cord: CordGeometry(slice))
    if let head = curve(StudyDetector.Scoring.head.detectorName), let rows {
      set(.headJoint, JointScoring.curve(JointScoring.evidence(ofLogOdds: head), rows))
    }
  }

  private mutating func set(_ scoring: StudyDetector.Scoring, _ curve: AnoCurve?) {
    curves[scoring.detectorName] = curve.map { .success($0) }
  }

  /// The pictures of the window; the anomaly map is in cord-to-CSF steps.
  private func pictures(
    _ uncertainty: UncertaintyMaps, _ steps: [Float]?
  ) -> StudyDetector.SliceMaps {
    let region = slice.anatomy.regionOfInterest
    var anomaly = slice.normalised
    for n in anomaly.pixels.indices {
      let isKnown = region.pixels[n] && uncertainty.reconstructed.pixels[n]
      anomaly.pixels[n] =
        isKnown
        ? (slice.normalised.pixels[n] - uncertainty.mean.pixels[n])
          / (steps?[n / anomaly.columns] ?? .nan) : .nan
    }
    return StudyDetector.SliceMaps(
      index: slice.index, grid: slice.grid, anomaly: anomaly, epistemic: uncertainty.epistemic,
      aleatoric: uncertainty.aleatoric, reconstruction: uncertainty.mean)
  }
}
