/// What a reader's journal says as a whole: the verdicts that stand, and what undo would do next.
///
/// Acts are a stack: undo takes back the latest verdict or flag for discussion that still stands, so an
/// earlier one on the same segment stands again; redo restores the act taken back last; a new verdict
/// ends redo.
public struct ReviewState: Equatable, Sendable {
  /// The verdicts and the flag for discussion that stand, oldest first.
  private var acts: [ReviewRecord] = []
  /// Undos that can be redone, oldest first, each with the act it took back.
  private var undone: [Undone] = []
  /// Every act in words, oldest first.
  public private(set) var history: [HistoryLine] = []

  private struct Undone: Equatable, Sendable {
    var undo: ReviewRecord
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
    switch record.action {
    case .verdict:
      acts.append(record)
      undone.removeAll()
    case .undo:
      guard let index = acts.lastIndex(where: { $0.seq == record.reverts }) else { return }
      undone.append(Undone(undo: record, act: acts.remove(at: index)))
    case .redo:
      guard let index = undone.lastIndex(where: { $0.undo.seq == record.reverts }) else { return }
      acts.append(undone.remove(at: index).act)
    case .comment: break
    case .flag:
      // One flag at a time, so that one undo takes it back; two sessions may have written two.
      undone.removeAll { $0.act.action == .flag }
      if !isFlagged { acts.append(record) }
    }
  }

  /// The verdicts that stand, oldest first; an earlier one of a segment is covered by a later one.
  public var verdicts: [ReviewRecord] { acts.filter { $0.action == .verdict } }

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

  /// The verdict or flag that undo would take back.
  public var nextUndo: ReviewRecord? { acts.last }

  /// The verdict or flag that redo would restore.
  public var nextRedo: ReviewRecord? { undone.last?.act }

  /// The act that stands under a number.
  public func act(_ seq: Int?) -> ReviewRecord? { acts.first { $0.seq == seq } }

  /// The act that takes back the latest verdict or flag, or `nil` when none stands.
  public func undoDraft(blind: Bool, detectionSHA256: String?) -> ReviewDraft? {
    nextUndo.map { undoDraft(of: $0, blind, detectionSHA256) }
  }

  /// The act that takes back the flag for discussion, or `nil` when there is none.
  public func unflagDraft(blind: Bool, detectionSHA256: String?) -> ReviewDraft? {
    acts.last { $0.action == .flag }.map { undoDraft(of: $0, blind, detectionSHA256) }
  }

  private func undoDraft(
    of target: ReviewRecord, _ blind: Bool, _ detectionSHA256: String?
  ) -> ReviewDraft {
    ReviewDraft(
      action: .undo, segment: target.segment.flatMap(SpinalSegment.init(name:)), blind: blind,
      detectionSHA256: detectionSHA256, reverts: target.seq)
  }

  /// The act that restores the verdict or flag taken back last, or `nil` when there is none.
  public func redoDraft(blind: Bool, detectionSHA256: String?) -> ReviewDraft? {
    guard let target = undone.last else { return nil }
    return ReviewDraft(
      action: .redo, segment: target.act.segment.flatMap(SpinalSegment.init(name:)),
      blind: blind, detectionSHA256: detectionSHA256, reverts: target.undo.seq)
  }

  /// Whether an undo or redo names something it can act on.
  func canApply(_ action: ReviewAction, reverting seq: Int) -> Bool {
    switch action {
    case .undo: acts.contains { $0.seq == seq }
    case .redo: undone.contains { $0.undo.seq == seq }
    case .verdict, .comment, .flag: false
    }
  }

  /// The latest act in words that the writer of a draft had not seen and must see first: one on the
  /// same segment before a verdict, any verdict, undo or redo before an undo or redo.
  public func overtaking(_ draft: ReviewDraft) -> String? {
    guard let seen = draft.seen else { return nil }
    let later = history.filter { line in
      guard line.record.seq > seen else { return false }
      switch line.record.action {
      case .verdict, .undo, .redo: break
      case .comment, .flag: return false
      }
      switch draft.action {
      case .verdict: return line.record.segment == draft.segment?.name
      case .undo, .redo: return true
      case .comment, .flag: return false
      }
    }
    return later.last?.text
  }

  /// Where the case stands: read when every assessable segment has a verdict, or, without
  /// assessable segments, when the study as a whole has one.
  public func caseState(assessable: [SpinalSegment]) -> StudyState {
    guard !verdicts.isEmpty else { return .unread }
    let stated = standing
    if assessable.isEmpty { return standingOnStudy == nil ? .reading : .read }
    return assessable.allSatisfy { stated[$0] != nil } ? .read : .reading
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
      let target = acts.last { $0.seq == record.reverts }
      return "took back \(words(about: target, otherwise: place))"
    case .redo:
      let target = undone.last { $0.undo.seq == record.reverts }?.act
      return "restored \(words(about: target, otherwise: place))"
    case .comment: return "comment on \(place)\(comment)"
    case .flag: return "flagged \(place) for discussion\(comment)"
    }
  }

  private func words(about verdict: ReviewRecord?, otherwise place: String) -> String {
    if verdict?.action == .flag { return "the flag for discussion" }
    guard let verdict, let stated = verdict.verdict else { return "nothing on \(place)" }
    return "\(stated.words) on \(verdict.segment ?? "the study")"
  }
}

extension Verdict {
  /// The verdict in words: "present", "absent", "cannot tell".
  public var words: String {
    switch self {
    case .present: "present"
    case .absent: "absent"
    case .cannotTell: "cannot tell"
    }
  }
}
