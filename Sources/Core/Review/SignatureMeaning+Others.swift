/// Meanings that say something of other readers need them.
extension SignatureMeaning {
  /// Whether it says that others have read the study.
  var namesOthers: Bool { self == .secondReader || self == .adjudicated }

  /// Why it cannot be signed beside so few others, in words; `nil` where it can.
  ///
  /// - Parameters:
  ///   - othersSigned: how many other readers have signed the study.
  ///   - hasCompared: whether the own journal says that their readings were seen.
  public func refusal(othersSigned: Int, hasCompared: Bool) -> String? {
    switch self {
    case .reviewed, .supervised: return nil
    case .secondReader:
      return othersSigned > 0
        ? nil : "not signed: nobody else has signed this study, so you are no second reader"
    case .adjudicated:
      return othersSigned > 1 || hasCompared
        ? nil : "not signed: two others must have signed first, or compare what was signed"
    }
  }
}

extension StudyAccess {
  /// Why nothing can be signed with a meaning by this role, after this review and beside these others, in
  /// words; `nil` where it can.
  public func refusal(of meaning: SignatureMeaning, after review: ReviewState) -> String? {
    if let refusal = refusal(of: meaning) ?? review.refusal(of: meaning) { return refusal }
    return otherSigners.flatMap {
      meaning.refusal(othersSigned: $0, hasCompared: review.hasCompared)
    }
  }
}

extension StudyLibrary {
  /// How many other readers signed a study; one whose journal cannot be read may have.
  func otherSigners(of study: LibraryStudy, than reader: String) -> Int {
    Set(otherReadings(of: study, than: reader).map(\.reader)).count
  }

  /// Throws where a sign-off says more of other readers than their journals do.
  ///
  /// - Throws: `JournalError.refused`, and what `records` throws.
  func checkOthers(
    _ draft: ReviewDraft, of study: LibraryStudy, by reader: String,
    records: () throws -> [ReviewRecord]
  ) throws {
    guard let meaning = draft.signature?.meaning, meaning.namesOthers else { return }
    let count = otherSigners(of: study, than: ReaderIdentity.sanitised(reader))
    let hasCompared = ReviewState(try records()).hasCompared
    if let why = meaning.refusal(othersSigned: count, hasCompared: hasCompared) {
      throw JournalError.refused(why)
    }
  }
}
