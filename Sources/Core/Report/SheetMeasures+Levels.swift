/// What each disc level and each lesion has of the measurements.
extension SheetMeasures {
  /// A column of the table of levels.
  private struct Column {
    var column: LevelColumn
    var head: String
    /// What its values are called among the remarks.
    var name: String
    /// Whether it rests on the cord, and so mostly is in doubt or missing with the others that do.
    var isOfCord = true
  }

  private static let columns = [
    Column(column: .cord, head: "cord", name: "cord"),
    Column(column: .canal, head: "canal", name: "canal"),
    Column(column: .msccAdjacent, head: "MSCC %", name: "MSCC"),
    Column(column: .mccAdjacent, head: "MCC %", name: "MCC"),
    Column(column: .occupation, head: "occ. %", name: "occ."),
    Column(column: .csf, head: "CSF f/b", name: "CSF"),
    Column(column: .kang, head: "Kang", name: "Kang"),
    Column(column: .disc, head: "disc", name: "disc", isOfCord: false),
    Column(column: .gap, head: "gap", name: "gap", isOfCord: false),
  ]

  /// Heads of the table of levels.
  static var levelHeads: [String] { ["level"] + columns.map(\.head) }

  /// What the cord tells of a level, by its names among the remarks.
  static var cordNames: [String] { columns.filter(\.isOfCord).map(\.name) }

  /// What stands behind a cell that is to be looked at.
  private static let mark = "!"

  /// What the heads mean.
  static let legend =
    "mm, %; occ.: cord in canal; CSF front/back; disc \(mark): displaced; gap: to cord, \(mark): touches; "
    + "below 0: wider than references"

  /// Where everything stands that is measured.
  static let elsewhere = "all: `cordscope report`, JSON"

  /// A reason without its level's name, so that those of several levels are one.
  static func placeless(_ row: MeasurementRow) -> MeasurementRow {
    guard !row.level.isEmpty else { return row }
    var row = row
    row.measurement.reason = row.measurement.reason?.replacing(row.level, with: "the level")
    return row
  }

  /// The values of the table with their names, level by level.
  var levelValues: [MeasurementRow] {
    study.levels.flatMap { level in
      Self.columns.flatMap { shown in
        shown.column.values(level).map { value in
          MeasurementRow(measure: shown.name, level: level.level, measurement: value)
        }
      }
    }
  }

  /// One row per level, its numbers under each other.
  var levelRows: [[String]] {
    let columns = Self.columns.map { shown -> [String] in
      let marked = study.levels.map { shown.column.mark($0) != nil }
      let behind = marked.contains(true) ? " " : ""
      let cells = zip(study.levels, marked).map { level, isMarked in
        shown.column.cell(level, between: "/") + (isMarked ? Self.mark : behind)
      }
      let width = cells.reduce(max(shown.head.count, 5)) { max($0, $1.count) }
      return cells.map { $0.leftPadded(to: width) }
    }
    return study.levels.indices.map { n in [study.levels[n].level] + columns.map { $0[n] } }
  }

  // MARK: Lesions

  /// The lesions; those of which the same is said, once.
  var lesions: [(name: String, text: String)] {
    var told: [(places: [String], text: String)] = []
    for lesion in study.lesions {
      let place =
        lesion.segments.isEmpty ? "outside the segments" : lesion.segments.joined(separator: " ")
      let text = words(lesion)
      if let known = told.firstIndex(where: { $0.text == text }) {
        told[known].places.append(place)
      } else {
        told.append((places: [place], text: text))
      }
    }
    return told.map {
      (name: "lesion", text: "\($0.places.joined(separator: ", ")), \($0.text)")
    }
  }

  private func words(_ lesion: LesionSignal) -> String {
    func cell(_ value: MeasuredValue, _ unit: String) -> String {
      value.value.map { value.doubt + $0.hundredths + unit } ?? "not measured"
    }
    let values = [lesion.scrRatio, lesion.lengthMm, lesion.areaMm2, lesion.yukawaGrade]
    if lesion.source == .reader, values.allSatisfy({ $0.value == nil }) {
      return "by reader: not measured, nothing outlines it"
    }
    let number = lesion.yukawaGrade.value.map { String(Int($0)) }
    let grade = number.map { lesion.yukawaGrade.doubt + $0 } ?? "not known"
    return "by \(lesion.source.rawValue): SCR \(cell(lesion.scrRatio, "")), length "
      + "\(cell(lesion.lengthMm, " mm")), area \(cell(lesion.areaMm2, " mm2")), suggested Yukawa grade "
      + grade + lesion.remarks.map { "; \($0)" }.joined()
  }
}
