/// The findings of the reader's own.
///
/// A finding is its first record, also after it was taken back and restored; other words for it are a record of
/// their own that names it (`revises`). They go and come back with the finding, and are taken back by themselves
/// while it stands. Former versions restored a finding as a record of its own: one that says the same at the same
/// place is the same finding. What was said of it in other words since is told, for nothing said may be lost.
extension ReviewState {
  /// The findings that stand, oldest first, each once and in the words that stand.
  public var findings: [ReviewRecord] {
    acts.filter { $0.isFindingItself && !isSaidBefore($0) }.sorted { $0.seq < $1.seq }
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
    guard act.isFindingItself, let words = words(of: act.seq) else { return act }
    var finding = act
    finding.comment = words.comment
    return finding
  }

  /// The other words for a finding that stand.
  private func words(of finding: Int) -> ReviewRecord? {
    acts.last { $0.action == .finding && $0.revises == finding }
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

  /// The act that brings a finding back that was taken back, whatever was done since; `nil` where it was not
  /// taken back.
  public func restoreDraft(
    ofFinding seq: Int, blind: Bool, detectionSHA256: String?
  ) -> ReviewDraft? {
    guard findingsTakenBack.contains(where: { $0.seq == seq }) else { return nil }
    return goneFindings[seq].map { redoDraft(of: $0, blind, detectionSHA256) }
  }
}

/// Which records are the same finding.
extension ReviewState {
  /// Notes what a finding that is stated or restored says: one that was taken back and reads the same stands
  /// again by it, and beside one that stands it says nothing new.
  mutating func noteStated(_ act: ReviewRecord) {
    guard act.isFindingItself else { return }
    goneFindings[act.seq] = nil
    goneFindings = goneFindings.filter { !readTheSame($0.value.act, act) }
    guard let first = acts.first(where: { $0.isFindingItself && readTheSame($0, act) }) else {
      return
    }
    let seq = saidBefore[first.seq] ?? first.seq
    if seq != act.seq { saidBefore[act.seq] = seq }
  }

  /// Keeps a finding that was taken back; one that another still says is not gone.
  mutating func noteTakenBack(_ turned: Undone) {
    let act = turned.act
    guard act.isFindingItself,
      !acts.contains(where: { $0.isFindingItself && readTheSame($0, act) })
    else { return }
    goneFindings = goneFindings.filter { !readTheSame($0.value.act, act) }
    goneFindings[act.seq] = turned
  }

  private func readTheSame(_ one: ReviewRecord, _ other: ReviewRecord) -> Bool {
    one.place == other.place && asItReads(one).comment == asItReads(other).comment
  }

  /// Whether another record that stands is the same finding. Words said of this one since make it one of its own.
  private func isSaidBefore(_ finding: ReviewRecord) -> Bool {
    guard let first = saidBefore[finding.seq], words(of: finding.seq) == nil else { return false }
    return acts.contains { act in
      guard act.seq != first else { return true }
      return saidBefore[act.seq] == first && act.seq < finding.seq && words(of: act.seq) == nil
    }
  }
}

extension ReviewRecord {
  /// Whether it is a finding, and not other words for one.
  var isFindingItself: Bool { action == .finding && revises == nil }
}
