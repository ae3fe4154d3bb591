/// The findings of the reader's own.
///
/// A finding is its first record; other words for it are a record of their own that names it (`revises`). They
/// go and come back with the finding, and are taken back by themselves while it stands.
extension ReviewState {
  /// The findings that stand, oldest first, each in the words that stand.
  public var findings: [ReviewRecord] {
    acts.filter { $0.action == .finding && $0.revises == nil }.sorted { $0.seq < $1.seq }
      .map(asItReads)
  }

  /// The findings that were taken back and neither restored nor stated anew, oldest first.
  public var findingsTakenBack: [ReviewRecord] {
    let standing = findings
    return history.map(\.record).filter {
      $0.action == .finding && $0.revises == nil && isTakenBack($0)
    }.map(asItReads).filter { gone in
      !standing.contains { $0.place == gone.place && $0.comment == gone.comment }
    }
  }

  /// An act, a finding with the words said of it last.
  func asItReads(_ act: ReviewRecord) -> ReviewRecord {
    guard act.action == .finding, act.revises == nil else { return act }
    var finding = act
    let words = acts.last { $0.action == .finding && $0.revises == act.seq }
    if let words { finding.comment = words.comment }
    return finding
  }

  /// Whether an act has nothing to act on: other words for a finding that was taken back. Undo passes over it.
  func isIdle(_ act: ReviewRecord) -> Bool {
    guard act.action == .finding, let finding = act.revises else { return false }
    return self.act(finding) == nil
  }

  /// The act that takes one finding back, whatever was done since; `nil` where it does not stand.
  public func takeBackDraft(
    ofFinding seq: Int, blind: Bool, detectionSHA256: String?
  ) -> ReviewDraft? {
    findings.first { $0.seq == seq }.map { undoDraft(of: $0, blind, detectionSHA256) }
  }

  /// The act that brings a finding back that was taken back: a redo while there is one, else the same finding
  /// anew; `nil` where it was not taken back.
  public func restoreDraft(
    ofFinding seq: Int, blind: Bool, detectionSHA256: String?
  ) -> ReviewDraft? {
    guard let finding = findingsTakenBack.first(where: { $0.seq == seq }) else { return nil }
    if let redo = redoDraft(of: seq, blind, detectionSHA256) { return redo }
    guard let words = finding.comment, let place = finding.place else { return nil }
    return .finding(words, at: place)
  }
}
