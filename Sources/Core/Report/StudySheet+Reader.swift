/// What a reader's journal comes to: the case verdict, and whether and by whom it is signed.
extension StudySheet {
  /// The case verdict of a reader; `nil` before the first verdict, and where the journal cannot be read.
  func conclusion(of reader: Reader) -> CaseConclusion? {
    guard reader.problem == nil else { return nil }
    let assessable = (detection?.segments ?? []).filter(\.assessable).compactMap {
      SpinalSegment(name: $0.name)
    }
    return reader.review.conclusion(assessable: assessable)
  }
}

extension ReviewState {
  /// What the reader says of the study as a whole beside verdicts: "image quality Pass", "difficulty hard",
  /// "flagged for discussion".
  var remarksOnStudy: [String] {
    [
      quality.map { "image quality \($0.words)" },
      difficulty(nil).map { "difficulty \($0.rawValue)" },
      isFlagged ? "flagged for discussion" : nil,
    ].compactMap(\.self)
  }

  /// "signed by Anna Liu, 2026-11-20 10:42:07Z: I have reviewed this study", or that it is not signed.
  var signatureWords: String {
    if let record = signOff, let signature = record.signature {
      return "signed by \(signature.name), \(SheetContent.clock(record.time)): "
        + signature.meaning.words
    }
    return isReopened ? "opened again and not signed since" : "not signed"
  }
}
