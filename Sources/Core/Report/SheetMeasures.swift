/// The measurements that stand on a report's page; the others stand in its JSON.
enum SheetMeasures {
  /// Keys of `MeasurementRow` with their names and units.
  private static let shown: [(measure: String, name: String, unit: String)] = [
    ("cobb_deg", "C2-C7 Cobb", "deg, lordosis +"), ("t1_slope_deg", "T1 slope", "deg"),
    ("c2_c7_sva_centroid_mm", "C2-7 SVA", "mm, to the centroid of C7"),
    ("mscc_max_percent", "largest MSCC", "%"),
    ("modified_k_line_int_min_mm", "K-line INTmin", "mm"),
    ("scr_at_narrowest_ratio", "SCR", "at the narrowest level"),
    ("combined_type", "signal type", "(Ren 2021, 1 none to 5)"),
  ]

  /// Names with values, each with its flags or the reason why there is none.
  static func entries(_ study: CervicalMeasurements) -> [(name: String, text: String)] {
    if let reason = study.reason { return [("not measured", reason)] }
    let rows = study.rows
    var entries: [(name: String, text: String)] = []
    if let index = study.sliceIndex {
      entries.append(("slice", "\(index + 1) from the patient's left, \(study.position)"))
    }
    for (measure, name, unit) in shown {
      guard let row = rows.first(where: { $0.measure == measure }) else {
        entries.append((name, "not measured"))
        continue
      }
      entries.append((name, words(row, unit)))
    }
    for lesion in study.lesions { entries.append(("lesion", words(lesion))) }
    return entries
  }

  private static func words(_ row: MeasurementRow, _ unit: String) -> String {
    let value = row.measurement
    guard let number = value.value else {
      return "not measured: \(value.reason ?? "no reason is stated")"
    }
    let digits = row.measure == "combined_type" ? String(Int(number)) : number.tenths
    let text = row.measure.hasSuffix("ratio") ? number.hundredths : digits
    let isSignal = row.measure == "combined_type" || row.measure.hasSuffix("ratio")
    let isWider = row.measure.hasPrefix("mscc") && digits.hasPrefix("-")
    let level = row.level.isEmpty ? "" : " at \(row.level)"
    let reference = value.signalReference.map { ", \($0)" } ?? ""
    return "\(isSignal ? value.doubt : "")\(text) \(unit)"
      + (isWider ? " (below 0: wider than its references)" : "") + level + reference
      + (value.quality.isEmpty ? "" : " (\(value.quality.names.joined(separator: ", ")))")
  }

  private static func words(_ lesion: LesionSignal) -> String {
    func cell(_ value: MeasuredValue, _ unit: String) -> String {
      value.value.map { value.doubt + $0.hundredths + unit } ?? "not measured"
    }
    let place =
      lesion.segments.isEmpty ? "outside the segments" : lesion.segments.joined(separator: " ")
    let values = [lesion.scrRatio, lesion.lengthMm, lesion.areaMm2, lesion.yukawaGrade]
    if lesion.source == .reader, values.allSatisfy({ $0.value == nil }) {
      return "\(place), by reader: not measured, nothing outlines it"
    }
    let number = lesion.yukawaGrade.value.map { String(Int($0)) }
    let grade = number.map { lesion.yukawaGrade.doubt + $0 } ?? "not known"
    return "\(place), by \(lesion.source.rawValue): SCR \(cell(lesion.scrRatio, "")), length "
      + "\(cell(lesion.lengthMm, " mm")), area \(cell(lesion.areaMm2, " mm2")), suggested Yukawa grade "
      + grade + lesion.remarks.map { "; \($0)" }.joined()
  }
}
