/// Comments made after the signature.
///
/// They are allowed, as the signature binds no comment, and are told from what was signed: each is an addendum for
/// as long as the signature before it holds, says so, and is taken back and restored as such. What stood when the
/// study was signed, comments among it, stays as it is until the study is opened again.
extension ReviewState {
  /// Whether an act is a comment made after the signature that holds.
  func isAddendum(_ act: ReviewRecord) -> Bool {
    guard act.action == .comment, let signOff else { return false }
    return act.seq > signOff.seq
  }

  /// Whether an act can be taken back or restored now: all can where the study is open, else addenda only.
  func isOpenToTurns(_ act: ReviewRecord) -> Bool { !isSigned || isAddendum(act) }

  /// Whether an act alters what was signed; what takes back or restores an addendum does not.
  func altersSigned(_ action: ReviewAction, reverts: Int?) -> Bool {
    guard isSigned, action.needsOpenStudy else { return false }
    return target(of: action, reverts: reverts).map { !isAddendum($0) } ?? true
  }
}
