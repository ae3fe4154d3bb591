extension ModelCard {
  /// The thresholds that a detector's scores are compared with, and where they come from.
  public struct AppliedThresholds: Equatable, Sendable {
    /// A patient score at or above it is flagged.
    public var patient: Double
    /// A segment score at or above it is flagged.
    public var segment: Double
    /// The cohort of these two, or that they are starting values.
    public var source: String
  }

  /// Thresholds before any calibration, by detector.
  public static let startThresholds: [String: Thresholds] = [
    SignalDetector.lc61.rawValue: Thresholds(patient: 0.15, segment: 0.15)
  ].merging(
    StudyDetector.Scoring.allCases.map { ($0.detectorName, $0.startThresholds) }
  ) { $1 }

  /// Says that thresholds are not calibrated.
  public static let startSource = "starting value, not calibrated"
  /// Says that thresholds were calibrated on scores that other weights made.
  static let otherWeights = "not calibrated for these weights"
  /// Says that thresholds were calibrated on curves that were taken otherwise.
  static let otherCurves = "for curves along rows, which these are not"

  /// Whether a source says that its thresholds were calibrated on other scores than those they are
  /// compared with: where it is shortened, that must stay.
  public static func isForOtherScores(source: String) -> Bool {
    source.contains(otherWeights) || source.contains(otherCurves)
  }

  /// The card without the thresholds of the scorings that use the head, unless they are of this head.
  func without(headOtherThan sha256: String?) -> ModelCard {
    guard sha256 == nil || head?.sha256 != sha256 else { return self }
    var card = self
    for detector in StudyDetector.Scoring.headDetectors { card.thresholds[detector] = nil }
    return card
  }

  /// Notes another head; the thresholds of a former one are not its own.
  public mutating func replaceHead(_ head: Head) {
    self = without(headOtherThan: head.sha256)
    self.head = head
  }

  /// The thresholds of a detector: those of the card with the cohort they come from, else the
  /// starting values, which no cohort stands behind; `nil` for a detector that has neither.
  ///
  /// A card's thresholds belong to curves along rows: compared with other curves, their source says
  /// so.
  public func appliedThresholds(
    of detector: String, sampling: CurveSampling = .rows
  ) -> AppliedThresholds? {
    if let known = thresholds[detector] {
      let source = known.source ?? thresholdSource
      // The head reads rows, however the other curves are taken.
      let isForRows =
        sampling != .rows && !StudyDetector.Scoring.headDetectors.contains(detector)
      return AppliedThresholds(
        patient: known.patient, segment: known.segment,
        source: source + (isForRows ? " (\(Self.otherCurves))" : ""))
    }
    return Self.startThresholds[detector].map {
      AppliedThresholds(patient: $0.patient, segment: $0.segment, source: Self.startSource)
    }
  }

  /// The thresholds of the scoring that decides.
  public func appliedThresholds(
    of scoring: StudyDetector.Scoring, sampling: CurveSampling = .rows
  ) -> AppliedThresholds {
    let start = scoring.startThresholds
    return appliedThresholds(of: scoring.detectorName, sampling: sampling)
      ?? AppliedThresholds(patient: start.patient, segment: start.segment, source: Self.startSource)
  }
}

extension StudyDetector.Scoring {
  /// Thresholds before any calibration: in cord-to-CSF steps for `core`; the paper's scoring has
  /// none that travels, so its value is read off the paper's figure; standard deviations for `z`;
  /// even odds for `head`; for the joint scorings the geometric mean of both witnesses' values.
  public var startThresholds: ModelCard.Thresholds {
    switch self {
    case .core: ModelCard.Thresholds(patient: 0.15, segment: 0.15)
    case .paper: ModelCard.Thresholds(patient: 0.03, segment: 0.03)
    case .zScore: ModelCard.Thresholds(patient: 4, segment: 4)
    case .head: ModelCard.Thresholds(patient: 0, segment: 0)
    case .joint: ModelCard.Thresholds(patient: 0.775, segment: 0.775)
    case .headJoint: ModelCard.Thresholds(patient: 0.322, segment: 0.322)
    }
  }
}
