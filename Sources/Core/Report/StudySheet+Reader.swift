/// What a reader's journal comes to: the case verdict, and whether and by whom it is signed; and what decides
/// between readers.
extension StudySheet {
  /// The case verdict of a reader; `nil` before the first verdict, and where the journal cannot be read.
  func conclusion(of reader: Reader) -> CaseConclusion? {
    guard reader.problem == nil else { return nil }
    return reader.review.conclusion(assessable: assessable)
  }

  private var assessable: [SpinalSegment] {
    (detection?.segments ?? []).filter(\.assessable).compactMap { SpinalSegment(name: $0.name) }
  }

  /// What decides between the readers that are told; `nil` where none of them has adjudicated.
  var finalVerdicts: FinalVerdicts? {
    FinalVerdicts(
      readers.compactMap { reader in
        var signed = OtherReading(reader.review, reader: reader.reader)
        signed?.relabelled = Set(reader.relabelled)
        return signed
      })
  }

  /// "labels changed since: C5-6, C6-7" of segments with verdicts under other labels; `nil` without any.
  static func labelsChanged(_ segments: [SpinalSegment]) -> String? {
    segments.isEmpty
      ? nil : "labels changed since: \(segments.map(\.name).joined(separator: ", "))"
  }

  /// The case verdict that decides; `nil` where nobody has adjudicated.
  var finalConclusion: CaseConclusion? { finalVerdicts?.conclusion(assessable: assessable) }
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
  var signatureWords: String { signatureWords(after: nil) }

  /// The same behind a reader's id, which a signature of that very name does not say again: "signed
  /// 2026-11-20 10:42:07Z: I have reviewed this study".
  func signatureWords(after reader: String?) -> String {
    if let record = signOff, let signature = record.signature {
      let name = signature.name == reader ? "" : "by \(signature.name), "
      return "signed \(name)\(SheetContent.clock(record.time)): " + signature.meaning.words
    }
    return isReopened ? "opened again and not signed since" : "not signed"
  }

  /// The comments on a segment, or on the study, that stand, oldest first, as a report has them: "told the ward
  /// (after signing, 2026-11-20 10:44:07Z)" of an addendum, else the words alone.
  func remarks(_ segment: SpinalSegment?) -> [String] {
    standingComments(segment).compactMap { record in
      guard let words = record.comment, isAddendum(record) else { return record.comment }
      return "\(words) (after signing, \(SheetContent.clock(record.time)))"
    }
  }
}
