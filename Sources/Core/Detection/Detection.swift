public import Imaging

/// The result of detection on one study, as stored in `*_detection.json`.
///
/// Keys are the contract of `Documentation/file-formats.md`; `json(pretty:)` writes them. A value
/// that cannot be known is `nil` beside a reason, never 0.
public struct Detection: Codable, Equatable, Sendable {
  /// The patient-level decision.
  public struct Patient: Codable, Equatable, Sendable {
    /// The largest score over assessable segments (or over the curve without levels).
    public var score: Double?
    /// The threshold compared with.
    public var threshold: Double
    /// Whether the score reaches the threshold.
    public var flagged: Bool
    /// Whether there is a score that the threshold is for; without levels there is one that it is not for.
    public var assessable: Bool
    /// Why not, or what qualifies the score.
    public var reason: String?

    /// Makes it from its parts.
    public init(
      score: Double?, threshold: Double, flagged: Bool, assessable: Bool, reason: String?
    ) {
      self.score = score
      self.threshold = threshold
      self.flagged = flagged
      self.assessable = assessable
      self.reason = reason
    }
  }

  /// The decision for one segment; all six are always listed, in order.
  public struct Segment: Codable, Equatable, Sendable {
    /// "C2-3" ... "C7-T1".
    public var name: String
    /// The score, or `nil` beside a reason.
    public var score: Double?
    /// The threshold compared with.
    public var threshold: Double
    /// Whether the score reaches the threshold.
    public var flagged: Bool
    /// Whether there is a score.
    public var assessable: Bool
    /// Why there is no score, or what qualifies it.
    public var reason: String?
    /// First row of the segment on the canonical grid.
    public var rowFrom: Int?
    /// Last row of the segment on the canonical grid.
    public var rowTo: Int?
    /// RAS z in mm of the first row on the cord.
    public var zFromMm: Double?
    /// RAS z in mm of the last row on the cord.
    public var zToMm: Double?
    /// Row of the segment's peak on the canonical grid.
    public var peakRow: Int?
    /// Length in mm of the run over threshold around the peak.
    public var lengthMm: Double?
    /// Whether the second opinion (LC61) flags the segment; `nil` when it has no score.
    public var secondOpinionFlagged: Bool?
    /// Score of the second opinion in cord-to-CSF steps.
    public var secondOpinionScore: Double?
    /// The slice that the score comes from.
    public var sliceIndex: Int?

    /// Makes it from its parts.
    public init(
      name: String, score: Double?, threshold: Double, flagged: Bool, assessable: Bool,
      reason: String?, rowFrom: Int? = nil, rowTo: Int? = nil, zFromMm: Double? = nil,
      zToMm: Double? = nil, peakRow: Int? = nil, lengthMm: Double? = nil,
      secondOpinionFlagged: Bool? = nil, secondOpinionScore: Double? = nil,
      sliceIndex: Int? = nil
    ) {
      self.name = name
      self.score = score
      self.threshold = threshold
      self.flagged = flagged
      self.assessable = assessable
      self.reason = reason
      self.rowFrom = rowFrom
      self.rowTo = rowTo
      self.zFromMm = zFromMm
      self.zToMm = zToMm
      self.peakRow = peakRow
      self.lengthMm = lengthMm
      self.secondOpinionFlagged = secondOpinionFlagged
      self.secondOpinionScore = secondOpinionScore
      self.sliceIndex = sliceIndex
    }
  }

  /// The AnoCurve of the winning slice.
  public struct Curve: Codable, Equatable, Sendable {
    /// Rows of the canonical grid.
    public var row: [Int]
    /// RAS z in mm of each row's centre on the cord.
    public var zMm: [Double]
    /// The score of each row.
    public var value: [Double]
    /// The second opinion's (LC61's) value of each row in cord-to-CSF steps, `nil` on a row that it
    /// has none of. `nil` as a whole where LC61 has no curve, and in a file from before it was kept.
    public var secondOpinion: [Double?]?

    /// Makes it from its parts.
    public init(
      row: [Int], zMm: [Double], value: [Double], secondOpinion: [Double?]? = nil
    ) {
      self.row = row
      self.zMm = zMm
      self.value = value
      self.secondOpinion = secondOpinion
    }
  }

  /// The model and settings that made the result.
  public struct Model: Codable, Equatable, Sendable {
    /// Its name.
    public var name: String
    /// SHA-256 of its weights.
    public var sha256: String
    /// The context of the network, such as "nearest(128)".
    public var context: String
    /// Monte-Carlo passes.
    public var mc: Int
    /// Seed of the masks.
    public var seed: UInt64
    /// The scoring that decides: "core", "paper", "z", "head", "joint" or "head-joint".
    public var scoring: String
    /// Which definition of the scorings the scores follow; see ``StudyDetector/scoringRevision``.
    public var scoringRevision: Int
    /// How rows of the curves were taken across the cord: "rows" or "perpendicular".
    public var sampling: String
    /// SHA-256 of the head's file, or `nil` when no head belongs to the weights.
    public var headSha256: String?
    /// "scalar", "baseline", "avx2", "avx512".
    public var kernelPath: String
    /// Where the thresholds of the scoring that decides come from: a cohort, or that they are
    /// starting values. Other detectors' stand with their opinions.
    public var thresholdSource: String

    /// Makes it from its parts.
    public init(
      name: String, sha256: String, context: String, mc: Int, seed: UInt64, scoring: String,
      scoringRevision: Int = StudyDetector.scoringRevision,
      sampling: String = CurveSampling.rows.rawValue, headSha256: String? = nil,
      kernelPath: String, thresholdSource: String
    ) {
      self.name = name
      self.sha256 = sha256
      self.context = context
      self.mc = mc
      self.seed = seed
      self.scoring = scoring
      self.scoringRevision = scoringRevision
      self.sampling = sampling
      self.headSha256 = headSha256
      self.kernelPath = kernelPath
      self.thresholdSource = thresholdSource
    }
  }

  /// Score and curve of one scored slice.
  public struct Slice: Codable, Equatable, Sendable {
    /// Index of the source slice, left to right.
    public var index: Int
    /// The score, or `nil` beside a reason.
    public var score: Double?
    /// Why there is no score, or what qualifies it.
    public var reason: String?
    /// The anomaly curve.
    public var curve: Curve
    /// RAS mm of the centre of the canonical grid's first pixel.
    public var gridOriginMm: [Double]
    /// RAS unit vector along increasing columns.
    public var gridColumnDirection: [Double]
    /// RAS unit vector along increasing rows.
    public var gridRowDirection: [Double]
    /// Rows of the grid: 256, or more where windows are joined along a long cord.
    public var gridRows: Int

    /// Makes it from its parts.
    public init(
      index: Int, score: Double?, reason: String?, curve: Curve, gridOriginMm: [Double],
      gridColumnDirection: [Double], gridRowDirection: [Double],
      gridRows: Int = SagittalGrid.side
    ) {
      self.index = index
      self.score = score
      self.reason = reason
      self.curve = curve
      self.gridOriginMm = gridOriginMm
      self.gridColumnDirection = gridColumnDirection
      self.gridRowDirection = gridRowDirection
      self.gridRows = gridRows
    }
  }

  /// One detector's scores, for the detectors shown beside U2AD and for the other scoring.
  public struct Opinion: Codable, Equatable, Sendable {
    /// "u2ad-core", "u2ad-paper", "lc61", "z-score", "t2-mi", "rsci", "constant", ...
    public var detector: String
    /// The patient score, or `nil` where it cannot assess.
    public var patientScore: Double?
    /// The threshold that the patient score is compared with; `nil` when there is none.
    public var threshold: Double?
    /// The threshold that segment scores are compared with; `nil` when there is none.
    public var segmentThreshold: Double?
    /// Where this detector's thresholds come from; `nil` when it has none.
    public var thresholdSource: String?
    /// Whether the score reaches the threshold.
    public var flagged: Bool?
    /// One entry per segment in order; `nil` where not assessable.
    public var segmentScores: [Double?]

    /// Makes it from its parts.
    public init(
      detector: String, patientScore: Double?, threshold: Double?, flagged: Bool?,
      segmentScores: [Double?], segmentThreshold: Double? = nil, thresholdSource: String? = nil
    ) {
      self.detector = detector
      self.patientScore = patientScore
      self.threshold = threshold
      self.segmentThreshold = segmentThreshold
      self.thresholdSource = thresholdSource
      self.flagged = flagged
      self.segmentScores = segmentScores
    }
  }

  /// The subject's identifier without "sub-".
  public var subject: String
  /// Path of the image below the library root.
  public var image: String
  /// SHA-256 of the image file.
  public var imageSha256: String?
  /// The slice that won, or `nil` when none could be assessed.
  public var sliceIndex: Int?
  /// The decision for the patient.
  public var patient: Patient
  /// The six segments in order.
  public var segments: [Segment]
  /// The anomaly curve.
  public var curve: Curve
  /// Every scored slice, the chosen one first.
  public var slices: [Slice]
  /// Every detector's scores, both scorings of U2AD first.
  public var opinions: [Opinion]
  /// Cord median over CSF p75 on the winning slice.
  public var absoluteLevel: Double?
  /// The largest value of any scored slice's curve outside all assessable segments.
  public var outsidePeak: Peak?
  /// Where levels come from (`LevelSource`).
  public var levelSource: String
  /// What a reader must know.
  public var quality: [QualityFlag]
  /// What made the result.
  public var model: Model
  /// The program's version.
  public var version: String
  /// Always "research use only, not for diagnosis".
  public var notice: String
  /// SHA-256 of the map files that belong to it, by kind ("anomaly", ...): maps and detection are
  /// several files and only these hashes make them one. `nil` until it is stored.
  public var mapSha256: [String: String]?
  /// SHA-256 of the label files that it was made with, by role ("cord", ...); `nil` in a file from
  /// before they were kept.
  public var labelSha256: [String: String]?

  /// Makes it from its parts.
  public init(
    subject: String, image: String, imageSha256: String?, sliceIndex: Int?, patient: Patient,
    segments: [Segment], curve: Curve, slices: [Slice], opinions: [Opinion],
    absoluteLevel: Double?, levelSource: String, quality: [QualityFlag], model: Model,
    version: String, outsidePeak: Peak? = nil
  ) {
    self.subject = subject
    self.image = image
    self.imageSha256 = imageSha256
    self.sliceIndex = sliceIndex
    self.patient = patient
    self.segments = segments
    self.curve = curve
    self.slices = slices
    self.opinions = opinions
    self.absoluteLevel = absoluteLevel
    self.levelSource = levelSource
    self.quality = quality
    self.model = model
    self.version = version
    self.notice = Notice.researchUse
    self.outsidePeak = outsidePeak
  }
}
