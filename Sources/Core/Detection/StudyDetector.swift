public import Imaging

/// Turns reconstructions of a prepared study into a detection (method, sections 6 and 10).
public struct StudyDetector: Sendable {
  /// Which of the named scorings decides; all that can be computed are always stored.
  public enum Scoring: String, CaseIterable, Codable, Sendable {
    /// Signed error on core pixels without drift.
    case core
    /// The paper's.
    case paper
    /// The core scoring's error, less its median, in the slice's own robust standard deviations.
    case zScore = "z"
    /// The discriminative head on U2AD's reconstruction, where one belongs to the weights.
    case head
    /// `z` and the second opinion LC61 as one.
    case joint
    /// `head` and the second opinion LC61 as one.
    case headJoint = "head-joint"

    /// The name of U2AD under this scoring among the detectors.
    public var detectorName: String { "u2ad-\(rawValue)" }

    /// Whether it can be computed only where a head belongs to the weights.
    public var needsHead: Bool { self == .head || self == .headJoint }

    /// Whether the second opinion is part of the score, so that it cannot agree or disagree.
    public var includesSecondOpinion: Bool { self == .joint || self == .headJoint }

    /// The names of the detectors that need a head.
    static let headDetectors = Set(allCases.filter(\.needsHead).map(\.detectorName))
  }

  /// The definition of the scorings. Scores of another one are not compared with these: they are
  /// detected anew, and thresholds calibrated on them do not apply. 2: the drift is subtracted once
  /// (decision 012).
  public static let scoringRevision = 2

  /// What is recorded of how the reconstructions are made, and which scoring decides.
  public struct Settings: Equatable, Sendable {
    /// The scoring that decides.
    public var scoring: Scoring
    /// The network's context, such as "nearest(128)".
    public var context: String
    /// Monte-Carlo passes.
    public var passes: Int
    /// Seed of the masks.
    public var seed: UInt64
    /// The kernels that computed.
    public var kernelPath: KernelPath
    /// The paper's scoring.
    public var paper: PaperScoring
    /// How a row of the curves is taken across the cord.
    public var sampling: CurveSampling
    /// The detectors computed beside U2AD.
    public var detectors: [SignalDetector]

    /// Makes settings.
    public init(
      scoring: Scoring = .core, context: String, passes: Int, seed: UInt64,
      kernelPath: KernelPath, paper: PaperScoring = PaperScoring(),
      sampling: CurveSampling = .rows, detectors: [SignalDetector] = SignalDetector.allCases
    ) {
      self.scoring = scoring
      self.context = context
      self.passes = passes
      self.seed = seed
      self.kernelPath = kernelPath
      self.paper = paper
      self.sampling = sampling
      self.detectors = detectors
    }

    /// The detectors whose scores are stored.
    func detectorNames(hasHead: Bool) -> [String] {
      Scoring.allCases.filter { !$0.needsHead || hasHead }.map(\.detectorName)
        + detectors.map(\.rawValue)
    }
  }

  /// The rasters of one scored slice: 256 columns, and the rows of its grid.
  public struct SliceMaps: Sendable {
    /// Index of the slice from the patient's left.
    public var index: Int
    /// The plane in the patient.
    public var grid: SagittalGrid
    /// Signed error in cord-to-CSF steps inside cord and CSF; NaN elsewhere.
    public var anomaly: ImageRaster
    /// Epistemic uncertainty; NaN where not reconstructed.
    public var epistemic: ImageRaster
    /// Aleatoric uncertainty; NaN where not reconstructed.
    public var aleatoric: ImageRaster
    /// The mean reconstruction, in units of the network's input.
    public var reconstruction: ImageRaster
  }

  /// A detection and its pictures.
  public struct Result: Sendable {
    /// What is stored as JSON.
    public var detection: Detection
    /// The rasters of every slice that could be scored, the chosen slice first.
    public var maps: [SliceMaps]
  }

  /// The model's card.
  public var card: ModelCard
  /// The settings.
  public var settings: Settings
  /// The head that belongs to the weights, or `nil`.
  public var head: RowHead?

  /// Makes a detector.
  public init(card: ModelCard, settings: Settings, head: RowHead? = nil) {
    self.card = card
    self.settings = settings
    self.head = head
  }

  /// Detects.
  /// - Parameters:
  ///   - image: Path of the image below the library's root.
  ///   - imageSHA256: Hash of the image file.
  ///   - reconstruct: Reconstructs a slice by Monte-Carlo masks; called once per assessable slice
  ///     and window.
  /// - Throws: Whatever `reconstruct` throws.
  public func detect(
    _ study: PreparedStudy, subject: String, image: String, imageSHA256: String? = nil,
    reconstruct: (PreparedSlice) throws -> UncertaintyMaps
  ) throws -> Result {
    let scored = try scoredSlices(of: study, reconstruct: reconstruct)
    let report = DetectionReport(
      study: study, slices: scored, card: card, settings: settings, head: head)
    let detection = report.detection(subject: subject, image: image, imageSHA256: imageSHA256)
    return Result(detection: detection, maps: scored.compactMap(\.maps))
  }

  /// The slices that are scored with all detectors' curves, the chosen one first.
  ///
  /// - Parameter reconstruct: As ``detect(_:subject:image:imageSHA256:reconstruct:)`` takes it.
  /// - Throws: Whatever `reconstruct` throws.
  func scoredSlices(
    of study: PreparedStudy, reconstruct: (PreparedSlice) throws -> UncertaintyMaps
  ) throws -> [ScoredSlice] {
    try study.scoredSlices.map { slice in
      let windows = try study.windows(of: slice).map { window in
        guard study.reason == nil, window.unassessableReason == nil else {
          return ScoredWindow(window)
        }
        return ScoredWindow(window, try reconstruct(window), settings, head: head)
      }
      return ScoredSlice(windows, covering: study.joinedRows)
    }
  }
}
