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

    /// The name of U2AD under this scoring among the detectors.
    public var detectorName: String { "u2ad-\(rawValue)" }
  }

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
    /// The detectors computed beside U2AD.
    public var detectors: [SignalDetector]

    /// Makes settings.
    public init(
      scoring: Scoring = .core, context: String, passes: Int, seed: UInt64,
      kernelPath: KernelPath, paper: PaperScoring = PaperScoring(),
      detectors: [SignalDetector] = SignalDetector.allCases
    ) {
      self.scoring = scoring
      self.context = context
      self.passes = passes
      self.seed = seed
      self.kernelPath = kernelPath
      self.paper = paper
      self.detectors = detectors
    }
  }

  /// The rasters of one scored slice; all 256 x 256.
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
  ///   - reconstruct: Reconstructs a slice by Monte-Carlo masks; called once per assessable slice.
  /// - Throws: Whatever `reconstruct` throws.
  public func detect(
    _ study: PreparedStudy, subject: String, image: String, imageSHA256: String? = nil,
    reconstruct: (PreparedSlice) throws -> UncertaintyMaps
  ) throws -> Result {
    var scored: [ScoredSlice] = []
    var maps: [SliceMaps] = []
    if study.reason == nil {
      for slice in study.scoredSlices {
        guard slice.unassessableReason == nil else {
          scored.append(ScoredSlice(slice))
          continue
        }
        let uncertainty = try reconstruct(slice)
        let result = ScoredSlice(slice, uncertainty, settings, head: head)
        scored.append(result)
        maps.append(result.maps(uncertainty))
      }
    } else {
      scored = study.scoredSlices.map { ScoredSlice($0) }
    }
    let report = DetectionReport(
      study: study, slices: scored, card: card, settings: settings, head: head)
    let detection = report.detection(subject: subject, image: image, imageSHA256: imageSHA256)
    return Result(detection: detection, maps: maps)
  }
}

/// All detectors' scores of one slice.
struct ScoredSlice {
  let slice: PreparedSlice
  let cord: CordGeometry
  /// By detector name; empty when the slice cannot be assessed.
  private(set) var scores: [String: SliceScore] = [:]
  /// Whether some patch was never reconstructed.
  private(set) var isIncomplete = false

  /// A slice that cannot be assessed.
  init(_ slice: PreparedSlice) {
    self.slice = slice
    cord = CordGeometry(slice)
  }

  /// Scores a slice by U2AD's reconstruction under all scorings and by the signal detectors.
  init(
    _ slice: PreparedSlice, _ maps: UncertaintyMaps, _ settings: StudyDetector.Settings,
    head: RowHead?
  ) {
    self.init(slice)
    isIncomplete = maps.fewestReconstructions < 1
    if let steps = slice.inputSteps(cord) {
      let curve = CoreScoring.curve(
        input: slice.normalised, mean: maps.mean, reconstructed: maps.reconstructed, cord: cord,
        steps: steps, rowWeight: slice.rowWeight)
      set(.core, curve)
      set(
        .zScore,
        ErrorZScoring.curve(
          input: slice.normalised, mean: maps.mean, reconstructed: maps.reconstructed, cord: cord,
          steps: steps, rowWeight: slice.rowWeight))
    }
    set(.paper, settings.paper.curve(maps.aleatoric, cord: cord))
    set(.head, head?.curve(slice, maps: maps, cord: cord))
    for detector in settings.detectors {
      scores[detector.rawValue] = detector.score(slice, cord: cord)
    }
  }

  private mutating func set(_ scoring: StudyDetector.Scoring, _ curve: AnoCurve?) {
    scores[scoring.detectorName] = curve.map { SegmentScoring.score($0, anatomy: slice.anatomy) }
  }

  /// Whether it has scores.
  var isScored: Bool { !scores.isEmpty }

  /// What a reader must know of the slice and of its reconstruction.
  var quality: [QualityFlag] {
    guard isIncomplete else { return slice.quality }
    return slice.quality + [
      QualityFlag(
        "reconstruction-incomplete",
        "Some patches were never reconstructed; they take no part in the score.")
    ]
  }

  /// One detector's score.
  func score(_ detector: String) -> SliceScore {
    if let reason = slice.unassessableReason { return .unassessable(reason) }
    return scores[detector] ?? .unassessable("not computed")
  }

  /// The pictures of the slice.
  func maps(_ uncertainty: UncertaintyMaps) -> StudyDetector.SliceMaps {
    let steps = slice.inputSteps(cord)
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
