/// What the texts of a study say against it, weighed against what is known beside them.
enum StatedQuality {
  /// The flag of a reader who chose a series against its texts.
  static let overridden = "series-overridden"
  /// Names that a stated fault takes where it is a doubt only.
  private static let doubts: [QualityIssue: String] = [
    .wrongContrast: "contrast-doubtful", .wrongRegion: "region-doubtful",
  ]

  /// What the picture says, beside what was said before: where a reader chose a series although its
  /// contrast was known to be wrong, the picture's is a doubt, too.
  static func settled(_ found: [QualityFlag], chosenBeside stated: [QualityFlag]) -> [QualityFlag] {
    let wrong = QualityIssue.wrongContrast
    guard stated.names.contains(overridden), stated.names.contains(wrong.rawValue),
      let doubt = doubts[wrong]
    else { return found }
    let known = Set(stated.filter { $0.issue == wrong }.map(\.text))
    return found.compactMap { flag in
      guard flag.issue == wrong else { return flag }
      return known.contains(flag.text) ? nil : QualityFlag(doubt, flag.text)
    }
  }

  /// The flags of a study's labels: a stated wrong contrast or region stops the study unless the
  /// reader chose the series all the same; a region also where vertebrae of the neck are labelled.
  static func settled(_ flags: [QualityFlag], levels: StudyLevels) -> [QualityFlag] {
    let isChosen = flags.contains { $0.flag == overridden }
    let necks = levels.points.keys.filter { $0 >= .c2 && $0 <= .c7 }.count
    var result: [QualityFlag] = []
    for flag in flags {
      var settled = flag
      if let issue = flag.issue, let doubt = doubts[issue],
        isChosen || (issue == .wrongRegion && necks >= 3)
      {
        settled.flag = doubt
      }
      if !result.contains(settled) { result.append(settled) }
    }
    return result
  }
}
