internal import Core

/// What decides between a study's readers, as far as it may be shown: after the own signature, and to who
/// adjudicates.
extension StudyScreenState {
  /// The verdicts that decide, the reader's own among them; `nil` where nobody has adjudicated, or it is hidden.
  var finalVerdicts: FinalVerdicts? {
    guard !hidesAnswers else { return nil }
    return FinalVerdicts(others + [OtherReading(review, reader: answerer)].compactMap(\.self))
  }

  /// The same for the column of what others signed: the reader's own have theirs.
  var othersFinal: FinalVerdicts? {
    others.contains(where: \.isDeciding) ? finalVerdicts : nil
  }

  /// "FINAL present (adjudicated by sup)": what is decided of the selected row.
  var finalWords: String? {
    finalVerdicts.map {
      DisplayText.clean(
        "FINAL \($0.decision(target.segment).words) (adjudicated by \($0.adjudicators))")
    }
  }

  /// "FINAL case present": in the head.
  var finalCase: String? {
    finalVerdicts?.conclusion(assessable: assessable).map { "FINAL \($0.brief)" }
  }
}
