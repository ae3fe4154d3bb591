/// What another reader signed of a study.
public struct OtherReading: Equatable, Sendable {
  /// The reader.
  public var reader: String
  /// The verdicts that stand under the signature.
  public var verdicts: [SpinalSegment: Verdict] = [:]
  /// The segments whose verdict was stated when they were other places of the patient.
  public var relabelled: Set<SpinalSegment> = []
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
  /// Whether the reader had signed the study before, and opened it again: it may be written in sight of the
  /// others.
  public var isAgain = false
  /// Whether it has been opened again since, and is not signed anew.
  public var isOpenSince = false
  /// Why it was opened again, before this signature or since, in the reader's words.
  public var openedBecause: String?
  /// Whether the reader had asked to see what others signed.
  public var hasSeenOthers = false
  /// Why the journal cannot be read.
  public var problem: String?

  /// What stands on a row beside its verdict.
  public struct Detail: Equatable, Sendable {
    /// 0...2.
    public var grade: Int?
    /// 0...3, the Ax-CCM type.
    public var axccm: Int?
    /// 1...3.
    public var confidence: Int?
    /// Why, in the program's words or the reader's.
    public var reason: String?

    /// Makes a detail of what is stated.
    public init(
      grade: Int? = nil, axccm: Int? = nil, confidence: Int? = nil, reason: String? = nil
    ) {
      (self.grade, self.axccm, self.confidence, self.reason) = (grade, axccm, confidence, reason)
    }
  }

  /// Makes a reading of which nothing is known yet.
  public init(reader: String) { self.reader = reader }

  /// What stands under a reader's signature; `nil` where the study is not signed.
  ///
  /// - Parameter levels: where segments lie and lay.
  public init?(_ review: ReviewState, reader: String, levels: LevelHistory = LevelHistory()) {
    guard let record = review.signOff, let signature = record.signature else { return nil }
    self.init(reader: reader)
    hasSeenOthers = review.hasCompared
    verdicts = review.standing
    relabelled = Set(levels.relabelled(in: review))
    verdictOnStudy = review.standingOnStudy?.verdict
    (meaning, name, time) = (signature.meaning, signature.name, record.time)
    findings = review.findings.compactMap(\.comment)
    for segment in Self.places {
      let standing = segment.map { review.standing($0) } ?? review.standingOnStudy
      let detail = Detail(
        grade: review.grade(segment), axccm: review.axccm(segment),
        confidence: review.confidence(segment), reason: standing?.comment ?? standing?.reason)
      if detail != Detail() { details[segment] = detail }
    }
  }

  /// What a reader signed first, before having seen what others did; `nil` where nothing was, and for
  /// signatures from above other readers.
  public init?(
    first records: [ReviewRecord], reader: String, levels: LevelHistory = LevelHistory()
  ) {
    let review = Self.firstSigned(records)
    guard let reading = OtherReading(review, reader: reader, levels: levels), reading.isReading
    else { return nil }
    self = reading
  }

  /// What a reader signed, as others are shown it: the first reading, which alone is compared, then what
  /// stands under the signature that holds now where that is another.
  static func signed(
    _ records: [ReviewRecord], reader: String, levels: LevelHistory = LevelHistory()
  ) -> [OtherReading] {
    var first = OtherReading(first: records, reader: reader, levels: levels)
    let review = ReviewState(records)
    let because = records.last { $0.action == .reopen }?.comment
    guard var now = OtherReading(review, reader: reader, levels: levels) else {
      first?.isOpenSince = review.isReopened
      first?.openedBecause = because
      return [first].compactMap(\.self)
    }
    now.isAgain = review.signOff?.seq != firstSigned(records).signOff?.seq
    if now.isAgain { now.openedBecause = because }
    if first != nil, !now.isAgain { return [now] }
    return [first, now].compactMap(\.self)
  }

  /// A journal up to its first signature.
  private static func firstSigned(_ records: [ReviewRecord]) -> ReviewState {
    var review = ReviewState()
    for record in records where !review.isSigned { review.apply(record) }
    return review
  }

  /// Every segment, and `nil` for the study as a whole.
  static let places: [SpinalSegment?] = SpinalSegment.allCases.map(Optional.some) + [nil]

  /// Whether it is a reading of the reader's own, and not said from above other readers.
  public var isReading: Bool {
    problem == nil && !isAgain && !hasSeenOthers && meaning?.isSupervising != true
  }

  /// The reader, and whether it is not the first signature: "anna", "anna again".
  public var label: String { isAgain ? "\(reader) again" : reader }

  /// Whether the verdict on a segment was stated when that was another place.
  public func isRelabelled(_ segment: SpinalSegment?) -> Bool {
    segment.map { relabelled.contains($0) } ?? false
  }

  /// What is stated on a segment, or on the study.
  public func verdict(_ segment: SpinalSegment?) -> Verdict? {
    segment.map { verdicts[$0] } ?? verdictOnStudy
  }
}
