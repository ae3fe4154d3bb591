/// Reasons and flags of single values in words, those of several said once with all their places.
enum MeasurementRemarks {
  /// One line for each reason and flag, in the order of the values.
  static func lines(_ study: CervicalMeasurements) -> [String] {
    let remarks = gathered(study.rows) { value in
      (value.reason.map { ["not measured, \($0)"] } ?? [])
        + value.quality.map { "\($0.flag): \($0.text)" }
    }
    return remarks.map { "  \($0.places): \($0.text)" }
  }

  /// What is said of values, each text once with the places of all values that it is said of, in the order of
  /// the values.
  ///
  /// - Parameter run: Measures that follow each other, and are "first to last" where all of them are meant.
  static func gathered(
    _ rows: [MeasurementRow], run: [String] = [], _ words: (MeasuredValue) -> [String]
  ) -> [(places: String, text: String)] {
    var own: [String: [MeasurementRow]] = [:]
    var order: [String] = []
    for row in rows {
      for text in words(row.measurement) {
        if own[text] == nil { order.append(text) }
        own[text, default: []].append(row)
      }
    }
    let all = measures(rows)
    return order.map { (places: places(own[$0] ?? [], of: all, run: run), text: $0) }
  }

  /// The measures of each level, each once.
  private static func measures(_ rows: [MeasurementRow]) -> [String: [String]] {
    var result: [String: [String]] = [:]
    for row in rows where result[row.level]?.contains(row.measure) != true {
      result[row.level, default: []].append(row.measure)
    }
    return result
  }

  /// All places of values, levels alike together: "cord_ap_mm, kang_grade at C4-5, C5-6; everything at C7-T1".
  ///
  /// - Parameters:
  ///   - all: The measures that each level has.
  ///   - run: Measures that have words together.
  private static func places(
    _ rows: [MeasurementRow], of all: [String: [String]], run: [String]
  ) -> String {
    let found = measures(rows)
    var groups: [(measures: [String], levels: [String])] = []
    var seen: Set<String> = []
    for level in rows.map(\.level) where seen.insert(level).inserted {
      var own = found[level] ?? []
      if !level.isEmpty, own == all[level] { own = ["everything"] }
      let place = groups.firstIndex { $0.measures == own && $0.levels.isEmpty == level.isEmpty }
      let levels = level.isEmpty ? [] : [level]
      if let place {
        groups[place].levels += levels
      } else {
        groups.append((own, levels))
      }
    }
    return groups.map { group in
      inShort(group.measures, run).joined(separator: ", ")
        + (group.levels.isEmpty ? "" : " at \(group.levels.joined(separator: ", "))")
    }.joined(separator: "; ")
  }

  /// Measures with those of a run in short, where all of it stands among them.
  private static func inShort(_ measures: [String], _ run: [String]) -> [String] {
    guard let first = run.first, let last = run.last, run.count > 2 else { return measures }
    return measures.replacing(run, with: ["\(first) to \(last)"])
  }
}
