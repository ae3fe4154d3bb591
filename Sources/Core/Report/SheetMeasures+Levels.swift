/// What each disc level and each lesion has of the measurements.
extension SheetMeasures {
  /// Heads of the table of levels.
  static let levelHeads = [
    "level", "cord", "canal", "MSCC %", "MCC %", "occ. %", "CSF f/b", "Kang", "disc", "gap",
  ]

  /// What the heads mean.
  static let legend =
    "mm or %; occ.: cord in canal; CSF front/back; gap: disc to cord; below 0: wider than references"

  /// Where everything stands that is measured.
  static let elsewhere =
    "methods, variability, more: `cordscope report`, JSON"

  /// Places in words, with what the cord tells of a level in short: mostly all of it is in doubt, or missing.
  static func brief(_ places: String) -> String {
    places.replacing("cord, canal, MSCC, MCC, occ., CSF, Kang", with: "cord to Kang")
  }

  /// A reason without its level's name, so that those of several levels are one.
  static func placeless(_ row: MeasurementRow) -> MeasurementRow {
    guard !row.level.isEmpty else { return row }
    var row = row
    row.measurement.reason = row.measurement.reason?.replacing(row.level, with: "the level")
    return row
  }

  /// The values of the table with its heads as their names, level by level.
  var levelValues: [MeasurementRow] { study.levels.flatMap(values) }

  private func values(_ level: CervicalMeasurements.Level) -> [MeasurementRow] {
    let narrowing = level.narrowing
    return [
      ("cord", narrowing.cordApMm), ("canal", narrowing.canalApMm),
      ("MSCC", narrowing.msccAdjacentPercent), ("MCC", narrowing.mccAdjacentPercent),
      ("occ.", narrowing.cordOccupationPercent), ("CSF", narrowing.csfFrontMm),
      ("CSF", narrowing.csfBackMm), ("Kang", narrowing.kangGrade),
      ("disc", level.disc.displacementMm), ("gap", level.disc.cordGapMm),
    ].map { MeasurementRow(measure: $0.0, level: level.level, measurement: $0.1) }
  }

  /// One row per level, its numbers under each other.
  var levelRows: [[String]] {
    study.levels.map { level in
      let cells = values(level).map { row in
        row.measurement.doubt + Self.number(row.measurement, of: row.measure)
      }
      // Both CSF values share a column.
      let csf = cells[5] == "-" && cells[6] == "-" ? "-" : "\(cells[5])/\(cells[6])"
      let shown = Array(cells[..<5]) + [csf] + Array(cells[7...])
      return [level.level]
        + zip(shown, Self.levelHeads.dropFirst()).map { cell, head in
          cell.leftPadded(to: max(head.count, 5))
        }
    }
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
