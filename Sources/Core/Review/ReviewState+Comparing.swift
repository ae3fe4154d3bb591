/// What follows from having seen what other readers signed.
extension ReviewState {
  /// Whether what other readers signed may be shown: after the own signature, and to who adjudicates.
  public var seesOthers: Bool { isSigned || hasCompared }

  /// Why nothing can be signed with a meaning, in words; `nil` where it can: who has seen the readings
  /// of others adds no reading of the own to them.
  public func refusal(of meaning: SignatureMeaning) -> String? {
    guard hasCompared, !meaning.isSupervising else { return nil }
    return "not signed: you have seen what the readers signed, so \"\(meaning.words)\" "
      + "is not for you"
  }
}

extension StudyAccess {
  /// The refusal of who is no supervisor, where there is one.
  static let onlySupervisors = "only a supervisor adjudicates in this library"

  /// Why the reader cannot adjudicate a study, in words; `nil` where they can.
  ///
  /// Where nobody is supervisor, every reader can who has signed first or stated nothing: a reading that
  /// was begun is not finished in sight of the others.
  public func refusalToAdjudicate(_ review: ReviewState) -> String? {
    refusalToAdjudicate(ReviewSummary(review))
  }

  /// The same, of what a list knows of the reader's journal.
  func refusalToAdjudicate(_ review: ReviewSummary) -> String? {
    if role == .guest || role == .annotator {
      return "\(role == .guest ? "a guest" : "an annotator") does not adjudicate"
    }
    if isSupervised, role != .supervisor { return Self.onlySupervisors }
    guard !isSupervised, !review.seesOthers, !review.isReopened, review.hasVerdicts else {
      return nil
    }
    return "you have begun a reading of your own: what others signed is shown after your signature"
  }
}
