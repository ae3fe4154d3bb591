/// The findings of the reader's own.
///
/// A finding is its first record, also after it was taken back and restored; other words for it are a record of
/// their own that names it (`revises`). They go and come back with the finding, and are taken back by themselves
/// while it stands. Former versions restored a finding as a record of its own: one that says the same at the same
/// place is the same finding, and goes and comes back with the one that is shown. What was said of it in other words
/// since is told, for nothing said may be lost.
extension ReviewState {
  /// The findings that stand, oldest first, each once and in the words that stand.
  public var findings: [ReviewRecord] {
    acts.filter { $0.isFindingItself && !identities.isHidden($0.seq) }.sorted { $0.seq < $1.seq }
      .map(asItReads)
  }

  /// The findings that were taken back and neither restored nor stated anew, oldest first.
  public var findingsTakenBack: [ReviewRecord] {
    let standing = findings
    return goneFindings.values.map { asItReads($0.act) }.sorted { $0.seq < $1.seq }
      .filter { gone in
        !standing.contains { $0.place == gone.place && $0.comment == gone.comment }
      }
  }

  /// An act, a finding with the words said of it last.
  func asItReads(_ act: ReviewRecord) -> ReviewRecord {
    guard act.isFindingItself, let words = identities.words(of: act.seq) else { return act }
    var finding = act
    finding.comment = words.comment
    return finding
  }

  /// Whether an act has nothing to act on: other words for a finding that was taken back, or a record that went
  /// with the one that says the same. Undo passes over it.
  func isIdle(_ act: ReviewRecord) -> Bool {
    guard act.action == .finding else { return false }
    guard let finding = act.revises else { return identities.isGoneAlong(act.seq) }
    return self.act(finding) == nil
  }

  /// The act that takes one finding back, whatever was done since; `nil` where it does not stand.
  public func takeBackDraft(
    ofFinding seq: Int, blind: Bool, detectionSHA256: String?
  ) -> ReviewDraft? {
    findings.first { $0.seq == seq }.map { undoDraft(of: $0, blind, detectionSHA256) }
  }

  /// The act that brings a finding back that was taken back, whatever was done since; `nil` where it was not
  /// taken back.
  public func restoreDraft(
    ofFinding seq: Int, blind: Bool, detectionSHA256: String?
  ) -> ReviewDraft? {
    guard findingsTakenBack.contains(where: { $0.seq == seq }) else { return nil }
    return goneFindings[seq].map { redoDraft(of: $0, blind, detectionSHA256) }
  }
}

/// What findings that come and go say.
extension ReviewState {
  /// Notes a finding, or other words for one, that is stated or restored: what reads the same is gone no more.
  mutating func noteStated(_ act: ReviewRecord) {
    guard act.action == .finding else { return }
    if let finding = act.revises {
      identities.reword(finding, by: act)
    } else {
      for seq in identities.state(act) { goneFindings[seq] = nil }
    }
  }

  /// Keeps a finding that was taken back; one that another still says is not gone.
  mutating func noteTakenBack(_ turned: Undone) {
    let act = turned.act
    guard act.action == .finding else { return }
    if let finding = act.revises {
      identities.takeBackWords(finding, by: act)
    } else if let replaced = identities.takeBack(act.seq) {
      for seq in replaced { goneFindings[seq] = nil }
      goneFindings[act.seq] = turned
    }
  }
}

extension ReviewRecord {
  /// Whether it is a finding, and not other words for one.
  var isFindingItself: Bool { action == .finding && revises == nil }
}
