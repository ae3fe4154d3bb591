/// What a list needs of a reader's journal of a study.
struct ReviewSummary: Equatable, Sendable {
  /// Whether a sign-off holds.
  var isSigned = false
  /// Whether the study was signed, opened again, and not signed since.
  var isReopened = false
  /// Whether the study is flagged for discussion.
  var isFlagged = false
  /// Whether the reader has seen the AI's result, as far as the journal tells.
  var isRevealed = false
  /// Whether the reader asked to see what other readers signed, in order to adjudicate.
  var hasCompared = false
  /// What the sign-off that holds means.
  var meaning: SignatureMeaning?
  /// Whether any verdict stands.
  var hasVerdicts = false
  /// Whether any correction of labels or masks stands.
  var hasCorrections = false
  /// The standing verdict of every segment that has one.
  var standing: [SpinalSegment: Verdict] = [:]
  /// The verdict that stands on the study as a whole.
  var onStudy: Verdict?
  /// The segments with a standing verdict by the detection it was stated on: the first 16 digits of its SHA-256,
  /// `nil` before any detection. Of times only the earliest is kept: who needs the others reads the journal.
  var stated: [String?: [SpinalSegment]] = [:]
  /// When the earliest of these verdicts was stated, UTC; `nil` where none stands on a segment.
  var firstStated: String?

  /// Nothing was stated.
  init() {}

  /// What stands in a journal.
  init(_ review: ReviewState) {
    (isSigned, isReopened) = (review.isSigned, review.isReopened)
    (isFlagged, isRevealed) = (review.isFlagged, review.isRevealed)
    (hasCompared, meaning) = (review.hasCompared, review.signOff?.signature?.meaning)
    hasVerdicts = !review.verdicts.isEmpty
    hasCorrections = !review.corrections.isEmpty
    standing = review.standing
    onStudy = review.standingOnStudy?.verdict
    let records = review.standingRecords
    firstStated = records.values.map(\.time).min()
    for (segment, record) in records.sorted(by: { $0.key < $1.key }) {
      let key = record.detection.map(LevelHistory.key)
      let hash = key.flatMap { LevelHistory.isKey($0) ? $0 : nil }
      stated[hash, default: []].append(segment)
    }
  }

  /// Whether what other readers signed may be shown; see ``ReviewState/seesOthers``.
  var seesOthers: Bool { isSigned || hasCompared }

  /// Where the case stands; see ``ReviewState/caseState(assessable:)``.
  func caseState(assessable: [SpinalSegment]) -> StudyState {
    if isSigned { return .signed }
    if isReopened { return .reopened }
    // Who corrected labels or masks has begun the study, and has a verdict to give yet.
    if !hasVerdicts { return hasCorrections ? .reading : .unread }
    return missing(assessable: assessable).isEmpty ? .read : .reading
  }

  /// The rows that still need a verdict, by name.
  func missing(assessable: [SpinalSegment]) -> [String] {
    if assessable.isEmpty { return onStudy == nil ? ["study"] : [] }
    return assessable.filter { standing[$0] == nil }.map(\.name)
  }

  /// The case verdict; see ``ReviewState/conclusion(assessable:)``.
  func conclusion(assessable: [SpinalSegment]) -> CaseConclusion? {
    guard hasVerdicts else { return nil }
    func names(_ verdict: Verdict) -> [String] {
      SpinalSegment.allCases.filter { standing[$0] == verdict }.map(\.name)
        + (onStudy == verdict ? ["study"] : [])
    }
    let present = names(.present)
    let needed = assessable.isEmpty ? SpinalSegment.allCases : assessable
    let isAbsent =
      needed.allSatisfy { standing[$0] == .absent } || assessable.isEmpty && onStudy == .absent
    return CaseConclusion(
      present.isEmpty ? isAbsent ? .absent : .open : .present, present: present,
      cannotTell: names(.cannotTell),
      notAssessed: assessable.isEmpty
        ? []
        : SpinalSegment.allCases.filter { !assessable.contains($0) && standing[$0] == nil }
          .map(\.name))
  }
}
