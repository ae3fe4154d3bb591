/// One line of the worklist.
public struct WorklistEntry: Equatable, Sendable {
  /// The subject's identifier without "sub-", cleaned of terminal escapes.
  public var subject: String
  /// Where the study stands for the reader.
  public var state: StudyState
  /// Patient score; `nil` when not assessable or not yet detected. Beside `notAssessed` it is that of the
  /// whole cord, and there is no call.
  public var score: Double?
  /// The threshold the patient score is compared with.
  public var threshold: Double?
  /// Where that threshold comes from.
  public var thresholdSource: String?
  /// The scoring that decides.
  public var scoring: String?
  /// The weights that made the detection, by name and the start of their hash.
  public var weights: String?
  /// Segment with the highest score.
  public var topSegment: SpinalSegment?
  /// Segments over threshold.
  public var flagged: [SpinalSegment]
  /// Segments that the second opinion (LC61) flags.
  public var secondOpinionFlagged: [SpinalSegment]
  /// Whether the second opinion flags the patient; `nil` when it has no score.
  public var secondOpinionFlagsPatient: Bool?
  /// Segments that could not be assessed; empty before detection.
  public var notAssessable: [SpinalSegment]
  /// Age in years as written in participants.tsv.
  public var age: String?
  /// Sex as written in participants.tsv.
  public var sex: String?
  /// mJOA as written in participants.tsv.
  public var mjoa: String?
  /// What a reader must know.
  public var quality: [QualityFlag]
  /// Why the AI could not assess the study; said also when the reader has stated something all the
  /// same and `state` tells how far.
  public var notAssessed: String?
  /// Whether the reader flagged the study for discussion.
  public var isForDiscussion = false
  /// What the reader's verdicts say of the patient; `nil` before the first.
  public var conclusion: CaseConclusion?
  /// Whether the reader has seen the AI's result of this study, as far as the journal tells.
  public var isRevealed = false
  /// How the reader did on a case of a teaching session; `nil` until its truth was shown.
  public var caseResult: CaseResult?
  /// What participants.tsv says beside age, sex and mJOA, by the name of the column.
  public var others: [String: String] = [:]
  /// The readers who have a journal of the study, as their files name them; of others only told to who sees what
  /// they signed, having signed, or asked for it.
  public var readers: [String] = []
  /// Whether two readers signed different verdicts and nobody has adjudicated; only told to who sees what
  /// others signed, having signed, or asked for it.
  public var isDisputed = false
  /// How many readers signed a study that nobody has adjudicated; only told to supervisors.
  public var signatures: Int?
  /// The segments on which the reader's verdict was stated when they were other places of the patient.
  public var relabelled: [SpinalSegment] = []
  /// Whether only the name is known so far: state and results are still being read.
  public var isBeingRead = false

  /// Makes a line of the worklist.
  public init(
    subject: String, state: StudyState, score: Double? = nil, threshold: Double? = nil,
    thresholdSource: String? = nil, scoring: String? = nil, weights: String? = nil,
    topSegment: SpinalSegment? = nil, flagged: [SpinalSegment] = [],
    secondOpinionFlagged: [SpinalSegment] = [], secondOpinionFlagsPatient: Bool? = nil,
    notAssessable: [SpinalSegment] = [], age: String? = nil, sex: String? = nil,
    mjoa: String? = nil, quality: [QualityFlag] = []
  ) {
    self.subject = subject
    self.state = state
    self.score = score
    self.threshold = threshold
    self.thresholdSource = thresholdSource
    self.scoring = scoring
    self.weights = weights
    self.topSegment = topSegment
    self.flagged = flagged
    self.secondOpinionFlagged = secondOpinionFlagged
    self.secondOpinionFlagsPatient = secondOpinionFlagsPatient
    self.notAssessable = notAssessable
    self.age = age
    self.sex = sex
    self.mjoa = mjoa
    self.quality = quality
  }
}
