extension StudyLibrary {
  /// Studies on disk have the labels that are measured.
  public var measuresStudies: Bool { true }

  /// The measures of a study for the screen, with what its reader alone confirms, and with the lesion mask
  /// that the reader may see: other readers' verdicts and masks must not show before their time.
  ///
  /// What was measured is kept until image, labels, detection or the reader's confirmed lesions are others.
  /// - Throws: `LibraryError`, `ReadError` naming the file, `PreparationError`.
  public func measures(of subject: String, reader: String) throws -> StudyMeasures {
    let study = try usableStudy(subject)
    return try measures(
      of: study, with: verdicts(of: study, reader: ReaderIdentity.sanitised(reader)),
      for: lesionSight(of: study, for: reader))
  }

  /// The same with verdicts that are known already.
  func measures(
    of study: LibraryStudy, with verdicts: Verdicts, for sight: LesionSight = .standing
  ) throws -> StudyMeasures {
    // Looked at before anything is read: what changes meanwhile is measured again the next time.
    let key = MeasuresCache.Key(
      subject: study.subject, files: measuredFiles(of: study, for: sight),
      confirmed: verdicts.present)
    return try cache.measures.measures(key) {
      StudyMeasures(try report(of: study, with: verdicts, for: sight).measurements)
    }
  }
}
