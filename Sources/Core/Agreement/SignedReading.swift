/// What a reader stated of a study before having seen what others stated: the verdicts under the first
/// signature.
///
/// What came after a reopening may have been written in sight of the others. Signatures of supervisors and
/// adjudicators follow other readers and are no readings of their own, nor is what was signed after
/// having asked to see them.
struct SignedReading: Equatable {
  /// The reader.
  var reader: String
  /// The verdicts on segments.
  var verdicts: [SpinalSegment: Verdict]

  init(reader: String, verdicts: [SpinalSegment: Verdict]) {
    (self.reader, self.verdicts) = (reader, verdicts)
  }

  /// The first signed reading of a journal; `nil` where there is none.
  ///
  /// - Parameter levels: where segments lie and lay: verdicts that were stated under other labels are left out.
  ///   Without it all count, as for kappa.
  init?(_ records: [ReviewRecord], reader: String, levels: LevelHistory = LevelHistory()) {
    var review = ReviewState()
    for record in records where !review.isSigned { review.apply(record) }
    guard let meaning = review.signOff?.signature?.meaning, !meaning.isSupervising,
      !review.hasCompared
    else { return nil }
    var verdicts = review.standing
    for segment in levels.relabelled(in: review) { verdicts[segment] = nil }
    self.init(reader: reader, verdicts: verdicts)
  }
}

/// A study with the readings that count.
struct SignedStudy: Equatable {
  /// The patient: studies of one are not independent.
  var patient: String
  /// By reader.
  var readings: [SignedReading]
}
