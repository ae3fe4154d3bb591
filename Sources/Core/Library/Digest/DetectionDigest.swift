/// What lists, and the choice of what is to be detected, need of a detection: no curves, no planes.
struct DetectionDigest: Equatable, Sendable {
  /// What made it, and with what its scores were compared.
  var setup: DetectionSetup
  /// Score of the patient; `nil` where not assessable.
  var score: Double?
  /// The segment with the highest score.
  var topSegment: SpinalSegment?
  /// Segments over threshold.
  var flagged: [SpinalSegment]
  /// Segments that could be assessed.
  var assessable: [SpinalSegment]
  /// Segments that the second opinion flags.
  var secondOpinionFlagged: [SpinalSegment]
  /// Whether the second opinion flags the patient.
  var secondOpinionFlagsPatient: Bool?
  /// Why nothing could be assessed; `nil` where something could.
  var notAssessed: String?
  /// The quality flags of the study and of all scored slices, without their sentences; those that bear on
  /// the result come first.
  var quality: [QualityFlag]
  /// The kinds of maps that were stored with it; `nil` in files from before they were named.
  var mapKinds: [String]?
  /// The roles of the label files that it was made with; `nil` in files from before they were kept.
  var labelRoles: [String]?
  /// Where the segments lie.
  var places = SegmentPlaces()
  /// SHA-256 of its file, to which reviews refer; `nil` where it was not read from one.
  var sha256: String?
}

extension DetectionDigest {
  /// What a detection says, its texts cleaned.
  ///
  /// - Parameter sha256: that of the file it was read from.
  init(_ detection: Detection, sha256: String? = nil) {
    let assessable = detection.assessableSegments
    let isAssessed = detection.patient.assessable || !assessable.isEmpty
    self.init(
      setup: DetectionSetup(detection), score: detection.patient.score,
      topSegment: detection.topSegment, flagged: detection.flaggedSegments,
      assessable: assessable, secondOpinionFlagged: detection.secondOpinionSegments,
      secondOpinionFlagsPatient: detection.secondOpinion?.flagged,
      notAssessed: isAssessed ? nil : detection.patient.reason ?? "not assessable",
      quality: detection.listedQuality, mapKinds: detection.mapSha256?.keys.sorted(),
      labelRoles: detection.labelSha256?.keys.sorted(), places: SegmentPlaces(detection),
      sha256: sha256)
  }
}

extension Detection {
  /// Every flag once, without its sentences and with all its slices: first those that bear on the result,
  /// then those of the other slices.
  fileprivate var listedQuality: [QualityFlag] {
    var listed: [QualityFlag] = []
    for flag in decisiveQuality + quality {
      guard let at = listed.firstIndex(where: { $0.flag == flag.flag }) else {
        listed.append(QualityFlag(flag.flag, "", slices: flag.slices))
        continue
      }
      // What holds for the study holds for each of its slices.
      listed[at].slices =
        if let known = listed[at].slices, let more = flag.slices {
          Set(known + more).sorted()
        } else { nil }
    }
    return listed
  }
}

/// What many detections of a library have in common: what made them, and their thresholds.
///
/// An object, so that those of a whole library share few.
final class DetectionSetup: Equatable, Sendable {
  /// What is written of it.
  struct Values: Codable, Equatable, Sendable {
    /// A detector and the thresholds of its scores.
    struct Opinion: Codable, Equatable, Sendable {
      var detector: String
      var threshold: Double?
      var segmentThreshold: Double?
      var thresholdSource: String?
    }

    var model: Detection.Model
    var patientThreshold: Double
    var segmentThresholds: [Double]
    var opinions: [Opinion]
  }

  let values: Values
  /// The weights by name and the start of their hash.
  let weights: String

  init(_ values: Values) {
    self.values = values
    weights = values.model.weights
  }

  convenience init(_ detection: Detection) {
    self.init(
      Values(
        model: detection.model, patientThreshold: detection.patient.threshold,
        segmentThresholds: detection.segments.map(\.threshold),
        opinions: detection.opinions.map {
          Values.Opinion(
            detector: $0.detector, threshold: $0.threshold,
            segmentThreshold: $0.segmentThreshold, thresholdSource: $0.thresholdSource)
        }))
  }

  static func == (a: DetectionSetup, b: DetectionSetup) -> Bool {
    a === b || a.values == b.values
  }
}
