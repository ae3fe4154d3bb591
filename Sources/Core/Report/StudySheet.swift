/// What the one-page report of a study says: who stated what and when, what the AI says of it, and by
/// which method.
///
/// A value made at one moment; texts, tables and the figure are made of it. What was not assessed is
/// called so with the reason, never "not flagged".
public struct StudySheet: Equatable, Sendable {
  /// One reader's journal of the study.
  public struct Reader: Equatable, Sendable {
    /// The reader's id.
    public var reader: String
    /// What the journal says as a whole.
    public var review: ReviewState
    /// Why the journal cannot be read; nothing is known of its verdicts then.
    public var problem: String?
    /// The segments whose verdict was stated when they were other places of the patient.
    public var relabelled: [SpinalSegment] = []

    /// Makes it from its parts.
    public init(reader: String, review: ReviewState, problem: String? = nil) {
      self.reader = reader
      self.review = review
      self.problem = problem
    }
  }

  /// What a detector says of the patient or of a segment.
  public enum Call: Equatable, Sendable {
    /// The score reaches the threshold.
    case flagged
    /// It does not.
    case notFlagged
    /// There is no score, and why.
    case notAssessed(String)

    /// "flagged", "not flagged" or "not assessed".
    public var word: String {
      switch self {
      case .flagged: "flagged"
      case .notFlagged: "not flagged"
      case .notAssessed: "not assessed"
      }
    }

    /// Why there is no score.
    public var reason: String? {
      if case .notAssessed(let reason) = self { return reason }
      return nil
    }
  }

  /// The subject's pseudonym without "sub-".
  public var subject: String
  /// Age, sex and mJOA as the library's tables have them.
  public var participant: Participants.Row
  /// Path of the image below the library's root; empty where none can be used.
  public var image: String
  /// When the report was made: UTC, ISO 8601.
  public var time: String
  /// The stored detection, or `nil` beside a `problem` or before `detect`.
  public var detection: Detection?
  /// SHA-256 of the detection's file, to which verdicts refer.
  public var detectionSHA256: String?
  /// Why there is no detection, where that is known.
  public var problem: String?
  /// Whether image or labels changed since the detection.
  public var isOutdated = false
  /// Where masks and levels come from.
  public var labels: [LabelOrigin] = []
  /// Whether there is a lesion mask without a voxel; not of one that cannot be read.
  public var isLesionMaskEmpty = false
  /// The readers that are told, by name.
  public var readers: [Reader] = []
  /// What is told of the study's readings.
  public var others = OthersTold.everything
  /// Corrections of labels that stand in journals of others which are not, or not wholly, told.
  var untoldCorrections: [ReviewRecord] = []
  /// What was measured, or the reason why nothing was.
  public var measurements: CervicalMeasurements

  /// Makes the report of a study of which nothing is known yet.
  public init(subject: String, participant: Participants.Row, image: String, time: String) {
    self.subject = subject
    self.participant = participant
    self.image = image
    self.time = time
    measurements = CervicalMeasurements(subject: subject, image: image, reason: "not measured")
  }

  /// The AI's call on the patient.
  public var call: Call {
    guard let detection else { return .notAssessed(whyUndetected) }
    guard detection.patient.assessable, detection.patient.score != nil else {
      return .notAssessed(detection.patient.reason ?? "no reason is stated")
    }
    return detection.patient.flagged ? .flagged : .notFlagged
  }

  /// The threshold that the patient's score is compared with; `nil` where there is none for it, as for the
  /// score of a whole cord.
  public var threshold: Double? {
    guard let patient = detection?.patient, !patient.isUncalled else { return nil }
    return patient.threshold
  }

  /// The AI's call on a segment.
  public func call(_ segment: SpinalSegment) -> Call {
    guard detection != nil else { return .notAssessed(whyUndetected) }
    guard let found = self[segment], found.assessable, found.score != nil else {
      return .notAssessed(self[segment]?.reason ?? "no reason is stated")
    }
    return found.flagged ? .flagged : .notFlagged
  }

  /// The second opinion's call on a segment.
  public func secondCall(_ segment: SpinalSegment) -> Call {
    guard let flagged = self[segment]?.secondOpinionFlagged else {
      return .notAssessed("it has no score")
    }
    return flagged ? .flagged : .notFlagged
  }

  /// What the detection says of a segment.
  public subscript(segment: SpinalSegment) -> Detection.Segment? {
    detection?.segments.first { $0.name == segment.name }
  }

  private var whyUndetected: String { problem ?? "no detection yet" }

  /// What a reader must know of detection and measurements, each once.
  public var quality: [QualityFlag] {
    var flags: [QualityFlag] = []
    if isOutdated { flags.append(.detectionOutdated) }
    flags += others.flags
    for flag in (detection?.quality ?? []) + measurements.quality
    where !flags.contains(where: {
      $0.flag == flag.flag
        && ($0.text == flag.text || flag.flag == QualityFlag.detectionOutdated.flag)
    }) {
      flags.append(flag)
    }
    return flags
  }

  /// The verdicts that stand on a segment, with who stated them.
  public func verdicts(_ segment: SpinalSegment) -> [(reader: String, record: ReviewRecord)] {
    readers.compactMap { reader in
      reader.review.standing(segment).map { (reader.reader, $0) }
    }
  }

  /// Whether a verdict was given on another detection than the one reported, or on none.
  func isOnOtherDetection(_ record: ReviewRecord) -> Bool {
    detectionSHA256 != nil && record.detection != detectionSHA256
  }
}
