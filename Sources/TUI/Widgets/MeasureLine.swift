internal import Core

/// One line: what is measured of the selected level, and why a value is missing or in doubt.
enum MeasureLine {
  /// What stands in the place of a value that is being measured.
  static let awaited = "…"

  /// A value with fixed decimals: "?" before one that a flag speaks against, "-" for none.
  static func number(_ value: MeasuredValue?, _ decimals: Int) -> String {
    guard let value, let number = value.value else { return "-" }
    return (value.quality.isEmpty ? "" : "?") + ScoreText.number(number, decimals)
  }

  /// The line; `nil` where studies are not measured.
  static func text(_ study: StudyScreenState) -> String? { clauses(study)?.joined() }

  /// The line in its parts, each but the first with the mark before it: a line is cut between them.
  static func clauses(_ study: StudyScreenState) -> [String]? {
    guard study.isMeasured else { return nil }
    switch study.measures.stage {
    case .measuring: return ["measuring cord, compression, signal"]
    case .failed(let words):
      // It may name a mask of lesions: that there is one tells who reads blind what is looked for.
      let reason = study.showsLesionMeasures ? DisplayText.clean(words) : "why is shown with the AI"
      return ["not measured: \(reason)"]
    case .known(let measures):
      if let reason = measures.reason { return ["not measured: \(DisplayText.clean(reason))"] }
      guard let level = study.target.segment.flatMap({ measures[$0] }) else {
        return [whole(measures)]
      }
      let sentences = [values(level, study)] + remarks(level, study).map { [$0] }
      return marked(sentences + [further(level, study)] + belowZero(level).map { [$0] })
    }
  }

  /// Why values of the selected level are missing, in doubt or below 0, each to go on with after a sentence;
  /// empty where nothing is.
  static func remarks(_ study: StudyScreenState) -> [String] {
    guard study.isMeasured, case .known(let measures) = study.measures.stage,
      measures.reason == nil, let level = study.target.segment.flatMap({ measures[$0] })
    else { return [] }
    return (remarks(level, study) + belowZero(level)).map { "; \(DisplayText.clean($0))" }
  }

  /// Sentences in their parts with the marks between them: ";" before a sentence, "," within it.
  private static func marked(_ sentences: [[String]]) -> [String] {
    var clauses: [String] = []
    for sentence in sentences {
      for (index, part) in sentence.enumerated() {
        let mark = clauses.isEmpty ? "" : index == 0 ? "; " : ", "
        clauses.append(mark + DisplayText.clean(part))
      }
    }
    return clauses
  }

  /// Where the line stands: under the curve that is alone, in the free line under the picture, else on the
  /// ladder's last line. Where findings or the row of the study take that one, it shares the line of the
  /// weights, whose hash stays whole.
  static func place(_ study: StudyScreenState, _ layout: StudyLayout) -> (
    rect: CellRect, isBesideWeights: Bool
  ) {
    if layout.enlarged == .curve { return (layout.measures, false) }
    let ladder = layout.ladder
    let isTaken = study.rows.count >= ladder.height - 1 || !study.shownReview.findings.isEmpty
    guard !layout.hasFreeLine, isTaken else { return (layout.measures, false) }
    let hash = study.detection == nil ? 0 : hashWidth + 1
    return (
      CellRect(row: ladder.rowEnd, column: ladder.column, height: 1, width: ladder.width - hash),
      true
    )
  }

  /// Cells of the hash of weights.
  static let hashWidth = 8

  // MARK: Parts

  /// "cord 5.6 mm", "MSCC ?33 %", "SCR 1.62".
  private static func values(_ level: LevelMeasures, _ study: StudyScreenState) -> [String] {
    var parts = [
      "cord \(number(level.cordApMm, 1)) mm", "MSCC \(number(level.msccPercent, 0)) %",
    ]
    if study.showsLesionMeasures {
      parts.append("SCR " + (study.measures.isCurrent ? number(level.scrRatio, 2) : awaited))
    }
    return parts.map { $0.replacing("- mm", with: "-").replacing("- %", with: "-") }
  }

  /// "cord, MSCC not measured: the cord leaves the slice", "MSCC in doubt: one-sided-reference".
  private static func remarks(_ level: LevelMeasures, _ study: StudyScreenState) -> [String] {
    var shown = [("cord", level.cordApMm), ("MSCC", level.msccPercent)]
    if study.showsLesionMeasures, study.measures.isCurrent { shown.append(("SCR", level.scrRatio)) }
    let missing = gathered(
      shown.map { name, value in
        (name, [value.reason].compactMap { $0 }.map { "not measured: \($0)" })
      })
    let doubts = gathered(
      shown.map { name, value in (name, value.quality.names.map { "in doubt: \($0)" }) })
    return missing + doubts + reference(level, study)
  }

  /// What a doubted SCR was compared with: a verdict elsewhere moves it.
  private static func reference(_ level: LevelMeasures, _ study: StudyScreenState) -> [String] {
    guard study.showsLesionMeasures, study.measures.isCurrent, level.scrRatio.value != nil,
      !level.scrRatio.quality.isEmpty, let words = level.scrRatio.signalReference
    else { return [] }
    return ["SCR's \(words)"]
  }

  /// What a percentage below 0 means: "MSCC below 0: wider here than beside".
  private static func belowZero(_ level: LevelMeasures) -> [String] {
    let shown = [("MSCC", level.msccPercent), ("MCC", level.mccPercent)]
    return gathered(
      shown.map { name, value in
        // As rounded in the line.
        let isBelow = (value.value ?? 0) < -0.5
        return (name, isBelow ? ["below 0: wider here than beside"] : [])
      })
  }

  /// Names that have the same words, before them.
  private static func gathered(_ all: [(String, [String])]) -> [String] {
    var order: [String] = []
    var names: [String: [String]] = [:]
    for (name, words) in all {
      for text in words {
        if names[text] == nil { order.append(text) }
        names[text, default: []].append(name)
      }
    }
    return order.map { "\(names[$0, default: []].joined(separator: ", ")) \($0)" }
  }

  /// The other values that are known: "canal 9.1 mm", "MCC 20 %", "cord in canal 61 %", "suggested Kang grade
  /// 2".
  private static func further(_ level: LevelMeasures, _ study: StudyScreenState) -> [String] {
    var parts: [String] = []
    func add(_ value: MeasuredValue, _ decimals: Int, _ words: (String) -> String) {
      if value.value != nil { parts.append(words(number(value, decimals))) }
    }
    add(level.canalApMm, 1) { "canal \($0) mm" }
    add(level.mccPercent, 0) { "MCC \($0) %" }
    add(level.occupationPercent, 0) { "cord in canal \($0) %" }
    if study.showsLesionMeasures, study.measures.isCurrent {
      add(level.kangGrade, 0) { "suggested Kang grade \($0)" }
      add(level.yukawaGrade, 0) { "suggested Yukawa grade \($0)" }
    }
    return parts
  }

  /// What is said of the study as a whole, where no level can be selected.
  private static func whole(_ measures: StudyMeasures) -> String {
    guard let level = measures.mostCompressed else {
      let reason = measures.levels.first?.msccPercent.reason ?? "no level is known"
      return "MSCC not measured: \(DisplayText.clean(reason))"
    }
    return "largest MSCC \(number(level.msccPercent, 0)) % at \(level.segment.name)"
  }
}
