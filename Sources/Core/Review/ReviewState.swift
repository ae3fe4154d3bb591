internal import Imaging

/// What a reader's journal says as a whole: the acts that stand, and what undo would do next.
///
/// Acts are a stack: undo takes back the latest one that still stands, so an earlier one that says the
/// same of the same segment stands again; redo restores the act taken back last; a new act other than
/// a flag ends redo. The flag and any finding are taken back also from below the latest act, and a finding is
/// restored whatever was done since. What was revealed, sign-off and reopening are never taken back. A comment
/// ends redo of comments only; a correction of labels, which is taken back with its files, that of corrections
/// only. A signature binds neither; under it, comments made after it alone are taken back and restored.
public struct ReviewState: Equatable, Sendable {
  /// The acts that stand, oldest first.
  private(set) var acts: [ReviewRecord] = []
  /// Undos that can be redone, oldest first, each with the act it took back.
  private var undone: [Undone] = []
  /// `seq` of the acts that were taken back and not restored.
  private var takenBack: Set<Int> = []
  /// Findings that were taken back and neither restored nor stated anew, by `seq`.
  var goneFindings: [Int: Undone] = [:]
  /// Which findings are the same.
  var identities = FindingIdentities()
  /// The verdicts that stand, by their place.
  private var standingVerdicts = StandingVerdicts()
  /// The verdict that stood on its place when a confidence was stated, by `seq`.
  private var verdictBeside: [Int: Verdict] = [:]
  /// Every act in words, oldest first.
  public private(set) var history: [HistoryLine] = []
  /// The sign-off that holds, as its journal record.
  public private(set) var signOff: ReviewRecord?
  /// Whether the study was signed, opened again, and not signed since.
  public private(set) var isReopened = false
  /// Comments by `seq` that were made while a signature held.
  private var saidAfterSigning: Set<Int> = []
  /// Whether the reader has seen the AI's result, as far as the journal tells.
  public private(set) var isRevealed = false
  /// Whether the reader asked to see what other readers signed, in order to adjudicate.
  public private(set) var hasCompared = false

  /// An act that was taken back.
  struct Undone: Equatable, Sendable {
    /// What took it back.
    var undo: ReviewRecord
    /// The act.
    var act: ReviewRecord
  }

  /// One act in words.
  public struct HistoryLine: Equatable, Sendable {
    /// The act.
    public var record: ReviewRecord
    /// What was done, such as "present on C4-5".
    public var text: String
  }

  /// Folds a journal's records.
  public init(_ records: [ReviewRecord] = []) {
    for record in records { apply(record) }
  }

  /// Adds the next act; one that names nothing it could act on changes nothing but the history.
  public mutating func apply(_ record: ReviewRecord) {
    history.append(HistoryLine(record: record, text: words(for: record)))
    if !record.blind || record.action == .reveal { isRevealed = true }
    // A journal that goes on after its signature shows it.
    if record.action != .signOff, altersSigned(record.action, reverts: record.reverts) { reopen() }
    switch record.action {
    case .verdict, .quality, .grade, .axccm, .confidence, .difficulty, .finding, .adopt:
      if record.action == .confidence {
        verdictBeside[record.seq] = standingVerdicts[record.segment]
      }
      add(record)
      undone.removeAll()
    case .undo:
      guard let index = acts.lastIndex(where: { $0.seq == record.reverts }) else { return }
      takenBack.insert(acts[index].seq)
      let turned = Undone(undo: record, act: acts.remove(at: index))
      undone.append(turned)
      standingVerdicts.remove(turned.act)
      noteTakenBack(turned)
    case .redo:
      guard var turned = restored(by: record.reverts) else { return }
      // Nothing of it stood when the AI was seen: it is stated in sight of it.
      if turned.undo.blind, !record.blind { turned.act.blind = false }
      undone.removeAll { $0.undo.seq == record.reverts }
      takenBack.remove(turned.act.seq)
      add(turned.act)
    case .comment:
      if isSigned { saidAfterSigning.insert(record.seq) }
      acts.append(record)
      // It changes nothing that was taken back, as in journals in which no comment could be.
      undone.removeAll { $0.act.action == .comment }
    case .reveal: break
    case .correct:
      // Of those of former versions nobody knows what they took the place of.
      guard record.correction?.origin != nil else { return }
      acts.append(record)
      undone.removeAll { $0.act.action == .correct }
    case .compare: hasCompared = true
    case .signOff:
      guard signs(record) else { return }
      signOff = record
      isReopened = false
    case .reopen: if isSigned { reopen() }
    case .flag:
      // One flag at a time, so that one undo takes it back; two sessions may have written two.
      undone.removeAll { $0.act.action == .flag }
      if !isFlagged { acts.append(record) }
    }
  }

  /// Adds an act to those that stand.
  private mutating func add(_ act: ReviewRecord) {
    noteStated(act)
    standingVerdicts.add(act)
    acts.append(act)
  }

  /// What a redo that names an undo restores: a finding also where other acts have ended redo.
  private func restored(by undo: Int?) -> Undone? {
    undone.last { $0.undo.seq == undo } ?? goneFindings.values.first { $0.undo.seq == undo }
  }

  private mutating func reopen() {
    signOff = nil
    isReopened = true
  }

  /// Whether a sign-off signs what stood when it was written.
  private func signs(_ record: ReviewRecord) -> Bool {
    record.signature?.state == digest(head: record.previous)
  }

  /// SHA-256 of the lines "<seq> <digest>" of the acts that stand but corrections and comments, oldest first,
  /// and of the journal's head, which has these in it: what a signature is bound to.
  ///
  /// - Parameter head: SHA-256 of the journal's last line.
  public func digest(head: String) -> String {
    let signed = acts.filter { $0.action != .correct && $0.action != .comment }
    let lines = signed.map { "\($0.seq) \($0.digest)\n" } + [head + "\n"]
    return SHA256.hexDigest(of: lines.joined())
  }

  /// Whether a sign-off holds.
  public var isSigned: Bool { signOff != nil }

  /// The quality of the images that stands.
  public var quality: QualityVerdict? { standingQuality?.quality }

  /// The act that states it.
  var standingQuality: ReviewRecord? { acts.last { $0.action == .quality } }

  /// The grade that stands on a segment, or on the study: it belongs to the verdict present, goes with it,
  /// and is there again when that is.
  public func grade(_ segment: SpinalSegment?) -> Int? {
    isPresent(segment?.name) ? latest(.grade, segment)?.grade : nil
  }

  /// Whether present stands on a segment, or on the study, so that a lesion there can be graded.
  private func isPresent(_ place: String?) -> Bool {
    standingVerdicts[place] == .present
  }

  /// An act in words as a report tells it: of a grade or a confidence whose verdict has changed, that it stands
  /// no more; of a comment that was taken back that there was one, and not what it said.
  func told(_ line: HistoryLine) -> String {
    let record = line.record
    if record.action == .comment, isTakenBack(record) {
      return "\(record.name)\(markAfterSigning(record)), taken back"
    }
    guard act(record.seq) != nil, !record.clears else { return line.text }
    switch record.action {
    case .grade where !isPresent(record.segment):
      return "\(line.text), which stands no more: the verdict is not present"
    case .confidence where !isOfStandingVerdict(record):
      return "\(line.text), which stands no more: the verdict is another"
    default: return line.text
    }
  }

  /// The Ax-CCM type of the axial T2 picture that stands on a segment, or on the study.
  public func axccm(_ segment: SpinalSegment?) -> Int? { latest(.axccm, segment)?.axccm }

  /// The confidence that stands on a segment, or on the study.
  ///
  /// It belongs to the verdict beside which it was stated, or, stated before any, to the first one after it: it
  /// stands while the verdict there says that, goes with it, and is there again when that is, whether that was
  /// restored or stated anew. Journals of former versions are read by the same rule.
  public func confidence(_ segment: SpinalSegment?) -> Int? {
    latest(.confidence, segment).flatMap { isOfStandingVerdict($0) ? $0.confidence : nil }
  }

  /// Whether the verdict on an act's place says what it said beside the act, or first after it.
  private func isOfStandingVerdict(_ act: ReviewRecord) -> Bool {
    guard let index = acts.firstIndex(where: { $0.seq == act.seq }) else { return false }
    let now = standingVerdicts[act.segment]
    // Not what stands before it now: that verdict may have been taken back by itself.
    if let beside = verdictBeside[act.seq] { return now == beside }
    let first = acts[index...].flatMap(\.stated).first { $0.segment == act.segment }
    return now == first?.verdict
  }

  /// The difficulty that stands on a segment, or on the study.
  public func difficulty(_ segment: SpinalSegment?) -> Difficulty? {
    latest(.difficulty, segment)?.difficulty
  }

  /// The reader's comments on a segment, or on the study, that stand, oldest first.
  public func comments(_ segment: SpinalSegment?) -> [String] {
    standingComments(segment).compactMap(\.comment)
  }

  /// The same as their acts.
  func standingComments(_ segment: SpinalSegment?) -> [ReviewRecord] {
    history.map(\.record).filter {
      $0.action == .comment && $0.segment == segment?.name && !isTakenBack($0)
    }
  }

  /// ", after signing" of a comment that was made under a signature, also of one that holds no more.
  private func markAfterSigning(_ record: ReviewRecord) -> String {
    saidAfterSigning.contains(record.seq) ? ", after signing" : ""
  }

  /// The reader's corrections of labels that stand, oldest first.
  public var corrections: [ReviewRecord] {
    history.map(\.record).filter { record in
      guard record.action == .correct, let note = record.correction else { return false }
      return note.origin == nil || act(record.seq) != nil
    }
  }

  private func latest(_ action: ReviewAction, _ segment: SpinalSegment?) -> ReviewRecord? {
    acts.last { $0.action == action && $0.segment == segment?.name }
  }

  /// The verdicts that stand, oldest first; an earlier one of a segment is covered by a later one.
  public var verdicts: [ReviewRecord] { acts.flatMap(\.stated) }

  /// Whether the reader has flagged the study for discussion, and not taken it back.
  public var isFlagged: Bool { acts.contains { $0.action == .flag } }

  /// The verdict that stands on a segment, as its journal record.
  public func standing(_ segment: SpinalSegment) -> ReviewRecord? {
    verdicts.last { $0.segment == segment.name }
  }

  /// The verdict that stands on the study as a whole (where levels are missing).
  public var standingOnStudy: ReviewRecord? { verdicts.last { $0.segment == nil } }

  /// The standing verdict of every segment that has one.
  public var standing: [SpinalSegment: Verdict] {
    var result: [SpinalSegment: Verdict] = [:]
    for record in verdicts {
      if let segment = record.segment.flatMap(SpinalSegment.init(name:)) {
        result[segment] = record.verdict
      }
    }
    return result
  }

  /// The same as their journal records.
  var standingRecords: [SpinalSegment: ReviewRecord] {
    var result: [SpinalSegment: ReviewRecord] = [:]
    for record in verdicts {
      if let segment = record.segment.flatMap(SpinalSegment.init(name:)) {
        result[segment] = record
      }
    }
    return result
  }

  /// The act that undo would take back.
  public var nextUndo: ReviewRecord? { acts.last { !isIdle($0) && isOpenToTurns($0) } }

  /// The act that redo would restore.
  public var nextRedo: ReviewRecord? { undone.last { isOpenToTurns($0.act) }?.act }

  /// Whether an act was taken back, and not restored.
  public func isTakenBack(_ record: ReviewRecord) -> Bool { takenBack.contains(record.seq) }

  /// The act that stands under a number.
  public func act(_ seq: Int?) -> ReviewRecord? { acts.first { $0.seq == seq } }

  /// The act that takes back the latest one that stands, or `nil` when none stands.
  ///
  /// - Parameter skipped: acts by `seq` that cannot be taken back now.
  public func undoDraft(
    blind: Bool, detectionSHA256: String?, skipping skipped: Set<Int> = []
  ) -> ReviewDraft? {
    acts.last { !skipped.contains($0.seq) && !isIdle($0) && isOpenToTurns($0) }
      .map { undoDraft(of: $0, blind, detectionSHA256) }
  }

  /// The act that takes back the flag for discussion, or `nil` when there is none.
  public func unflagDraft(blind: Bool, detectionSHA256: String?) -> ReviewDraft? {
    acts.last { $0.action == .flag }.map { undoDraft(of: $0, blind, detectionSHA256) }
  }

  /// The act that restores a flag for discussion that was taken back, or `nil` where that is not the one taken
  /// back last.
  ///
  /// - Parameter seq: the flag.
  public func reflagDraft(
    of seq: Int, blind: Bool, detectionSHA256: String?
  ) -> ReviewDraft? {
    guard let last = undone.last, last.act.action == .flag, last.act.seq == seq else { return nil }
    return redoDraft(of: last, blind, detectionSHA256)
  }

  func undoDraft(
    of target: ReviewRecord, _ blind: Bool, _ detectionSHA256: String?
  ) -> ReviewDraft {
    ReviewDraft(
      action: .undo, segment: target.segment.flatMap(SpinalSegment.init(name:)), blind: blind,
      detectionSHA256: detectionSHA256, reverts: target.seq)
  }

  /// The act that restores the one taken back last, or `nil` when there is none.
  ///
  /// - Parameter skipped: acts by `seq` that cannot be restored now.
  public func redoDraft(
    blind: Bool, detectionSHA256: String?, skipping skipped: Set<Int> = []
  ) -> ReviewDraft? {
    undone.last { !skipped.contains($0.act.seq) && isOpenToTurns($0.act) }
      .map { redoDraft(of: $0, blind, detectionSHA256) }
  }

  func redoDraft(
    of target: Undone, _ blind: Bool, _ detectionSHA256: String?
  ) -> ReviewDraft {
    ReviewDraft(
      action: .redo, segment: target.act.segment.flatMap(SpinalSegment.init(name:)),
      blind: blind, detectionSHA256: detectionSHA256, reverts: target.undo.seq)
  }

  /// The act that an undo would take back, or a redo restore; `nil` where it names none.
  public func target(of draft: ReviewDraft) -> ReviewRecord? {
    target(of: draft.action, reverts: draft.reverts)
  }

  /// The same of an act that names what it takes back or restores.
  func target(of action: ReviewAction, reverts: Int?) -> ReviewRecord? {
    guard let seq = reverts else { return nil }
    switch action {
    case .undo: return acts.first { $0.seq == seq }.map(asItReads)
    case .redo: return restored(by: seq).map { asItReads($0.act) }
    default: return nil
    }
  }

  /// The latest act in words that the writer of a draft had not seen and must see first: one of the
  /// same kind on the same segment, or an undo or redo there, also of verdicts taken over; the verdict there before
  /// a grade or confidence, which belong to it; whatever can be taken back, undo or redo before an undo or redo;
  /// anything but a comment before a sign-off. A comment, taken back or not, stands in the way of undo and redo
  /// only.
  public func overtaking(_ draft: ReviewDraft) -> String? {
    guard let seen = draft.seen else { return nil }
    let later = history.filter { line in
      let (action, record) = (line.record.action, line.record)
      guard record.seq > seen else { return false }
      let isTurn = action == .undo || action == .redo
      let act = isTurn ? turned(by: record) ?? record : record
      if act.action == .comment { return draft.action == .undo || draft.action == .redo }
      switch draft.action {
      case .verdict where act.action == .adopt, .grade where act.action == .adopt,
        .confidence where act.action == .adopt:
        return act.stated.contains { $0.segment == draft.segment?.name }
      case .adopt: return isTurn || action == .verdict || action == .adopt
      case .grade, .confidence:
        return (isTurn || action == draft.action || action == .verdict)
          && record.segment == draft.segment?.name
      case .verdict, .quality, .axccm, .difficulty:
        return (isTurn || action == draft.action) && record.segment == draft.segment?.name
      case .undo, .redo: return isTurn || action.canBeUndone && action != .flag
      case .signOff: return true
      case .reopen: return action == .signOff || action == .reopen
      case .finding: return draft.revises.map { act.seq == $0 || act.revises == $0 } ?? false
      case .comment, .flag, .reveal, .correct, .compare: return false
      }
    }
    return later.last?.text
  }

  /// The act that an undo takes back, or a redo restores.
  private func turned(by turn: ReviewRecord) -> ReviewRecord? {
    func record(_ seq: Int?) -> ReviewRecord? { history.first { $0.record.seq == seq }?.record }
    let target = record(turn.reverts)
    return turn.action == .redo ? record(target?.reverts) : target
  }

  /// Where the case stands: signed, or reopened and not signed since; else read when every assessable
  /// segment has a verdict, or, without assessable segments, when the study as a whole has one; being read
  /// from the first verdict or correction that stands.
  public func caseState(assessable: [SpinalSegment]) -> StudyState {
    ReviewSummary(self).caseState(assessable: assessable)
  }
}

extension ReviewState {
  /// An act in words, as history and messages show it.
  private func words(for record: ReviewRecord) -> String {
    let place = record.segment ?? "the study"
    let comment = record.comment.map { ": \($0)" } ?? ""
    switch record.action {
    case .verdict:
      let reason = record.reason.map { " (\($0))" } ?? ""
      return "\(record.verdict?.words ?? "nothing") on \(place)\(reason)\(comment)"
    case .undo:
      let target = acts.last { $0.seq == record.reverts }.map(asItReads)
      return "took back \(target?.name ?? "nothing on \(place)")"
    case .redo:
      let target = restored(by: record.reverts).map { asItReads($0.act) }
      return "restored \(target?.name ?? "nothing on \(place)")"
    case .comment: return record.name + (isSigned ? ", after signing" : "") + comment
    case .flag: return "flagged \(place) for discussion\(comment)"
    case .quality, .grade, .axccm, .confidence, .difficulty: return record.name
    case .finding:
      let height = record.place.map { " at slice \($0.sliceNumber), z \($0.z) mm" }
      return record.name + (height ?? "")
    case .reveal: return "saw the AI's result"
    case .signOff:
      let signed = record.signature.map { "by \($0.name): \($0.meaning.words)" } ?? ""
      return signs(record) ? "signed \(signed)" : "a signature that does not fit the acts \(signed)"
    case .reopen: return "reopened \(place)\(comment)"
    case .correct: return record.name
    case .compare: return "saw what the readers signed"
    case .adopt: return "took over \(record.name)\(comment)"
    }
  }
}
