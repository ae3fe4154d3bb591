/// What another reader signed of a study.
public struct OtherReading: Equatable, Sendable {
  /// The reader.
  public var reader: String
  /// The verdicts that stand under the signature.
  public var verdicts: [SpinalSegment: Verdict] = [:]
  /// The one on the study as a whole.
  public var verdictOnStudy: Verdict?
  /// What else stands on the segments, and under `nil` on the study.
  public var details: [SpinalSegment?: Detail] = [:]
  /// The findings of the reader's own, in words.
  public var findings: [String] = []
  /// What the signature means.
  public var meaning: SignatureMeaning?
  /// The printed name under it.
  public var name: String?
  /// When it was signed: UTC, ISO 8601.
  public var time: String?
  /// Why the journal cannot be read.
  public var problem: String?

  /// What stands on a row beside its verdict.
  public struct Detail: Equatable, Sendable {
    /// 0...2.
    public var grade: Int?
    /// 1...3.
    public var confidence: Int?
    /// Why, in the program's words or the reader's.
    public var reason: String?

    /// Makes a detail of what is stated.
    public init(grade: Int? = nil, confidence: Int? = nil, reason: String? = nil) {
      (self.grade, self.confidence, self.reason) = (grade, confidence, reason)
    }
  }

  /// Makes a reading of which nothing is known yet.
  public init(reader: String) { self.reader = reader }

  /// What stands under a reader's signature; `nil` where the study is not signed.
  public init?(_ review: ReviewState, reader: String) {
    guard let record = review.signOff, let signature = record.signature else { return nil }
    self.init(reader: reader)
    verdicts = review.standing
    verdictOnStudy = review.standingOnStudy?.verdict
    (meaning, name, time) = (signature.meaning, signature.name, record.time)
    findings = review.findings.compactMap(\.comment)
    for segment in Self.places {
      let standing = segment.map { review.standing($0) } ?? review.standingOnStudy
      let detail = Detail(
        grade: review.grade(segment), confidence: review.confidence(segment),
        reason: standing?.comment ?? standing?.reason)
      if detail != Detail() { details[segment] = detail }
    }
  }

  /// What a reader signed first, before having seen what others did; `nil` where nothing was, and for
  /// signatures from above other readers.
  public init?(first records: [ReviewRecord], reader: String) {
    var review = ReviewState()
    for record in records where !review.isSigned { review.apply(record) }
    guard !review.hasCompared, let reading = OtherReading(review, reader: reader), reading.isReading
    else { return nil }
    self = reading
  }

  /// Every segment, and `nil` for the study as a whole.
  static let places: [SpinalSegment?] = SpinalSegment.allCases.map(Optional.some) + [nil]

  /// Whether it is a reading of the reader's own, and not said from above other readers.
  public var isReading: Bool { problem == nil && meaning?.isSupervising != true }

  /// What is stated on a segment, or on the study.
  public func verdict(_ segment: SpinalSegment?) -> Verdict? {
    segment.map { verdicts[$0] } ?? verdictOnStudy
  }
}
