/// The measurements on a report's page: what is measured once in lines, what each level has in a table, and
/// reasons and doubts each once. The others stand in the report's JSON.
struct SheetMeasures {
  let study: CervicalMeasurements

  /// "on slice 6 from the patient's left, supine MRI"; `nil` where nothing was measured.
  var place: String? {
    guard study.reason == nil else { return nil }
    return study.sliceIndex.map { "on slice \($0 + 1) from the patient's left, \(study.position)" }
  }

  /// Lines, table and remarks.
  var blocks: [SheetContent.Block] {
    let told = entries.map { "\($0.name): \($0.text)" }
    guard study.reason == nil else { return [.lines(told)] }
    var blocks: [SheetContent.Block] = told.isEmpty ? [] : [.lines(told)]
    var legend = Self.elsewhere
    if levelValues.contains(where: { $0.measurement.value != nil }) {
      blocks.append(.table(head: Self.levelHeads, rows: levelRows))
      legend = "\(Self.legend); \(legend)"
    }
    blocks.append(.lines([legend]))
    return blocks + (remarks.isEmpty ? [] : [.lines(remarks)])
  }

  // MARK: What is measured once

  /// Names with values, each with its flags; what has no value is among the remarks.
  var entries: [(name: String, text: String)] {
    if let reason = study.reason { return [("not measured", reason)] }
    var entries: [(name: String, text: String)] = []
    for (name, values) in single {
      let said = values.filter { $0.row.measurement.value != nil }
      if !said.isEmpty { entries.append((name, said.map { words($0) }.joined(separator: "; "))) }
    }
    return entries + lesions
  }

  /// A value with what stands before and behind it: "T1 slope", "deg".
  private struct Single {
    var row: MeasurementRow
    var lead: String
    var unit: String
    /// Flags that stand elsewhere on the page.
    var known: [String] = []

    init(_ name: String, _ value: MeasuredValue?, _ unit: String, lead: String? = nil) {
      row = MeasurementRow(
        measure: name, level: "", measurement: value ?? MeasuredValue.unknown(name))
      self.lead = lead ?? name
      self.unit = unit
    }
  }

  /// The values of the study as a whole, those of a kind on one line.
  private var single: [(name: String, values: [Single])] {
    let (alignment, signal) = (study.alignment, study.signal)
    return [
      (
        "alignment",
        [
          Single("C2-C7 Cobb", alignment?.cobbDeg, "deg, lordosis +"),
          Single("C2 slope", alignment?.c2SlopeDeg, "deg"),
          Single("T1 slope", alignment?.t1SlopeDeg, "deg"),
          Single("T1 slope less Cobb", alignment?.t1SlopeMinusCobbDeg, "deg"),
          Single("C2-7 SVA", alignment?.c2C7SvaCentroidMm, "mm to the centroid of C7"),
          Single(
            "C2-7 SVA to the corner", alignment?.c2C7SvaCornerMm, "mm to the corner of C7",
            lead: alignment?.c2C7SvaCentroidMm.value == nil ? "C2-7 SVA" : ""),
        ]
      ),
      ("K-line INTmin", [kLine(study.modifiedKLine, "cord"), kLine(study.canalKLine, "canal")]),
      ("largest", [largestCompression, largestLoss]),
      (
        "signal",
        [
          Single("signal type", signal?.combinedType, "(Ren 2021, 1 none to 5)", lead: "type"),
          Single("SCR", signal?.scrAtNarrowestRatio, "at the narrowest level"),
        ]
      ),
    ]
  }

  /// How far what lies in front stays from a line, and whether it reaches the line: "(+)" or "(-)".
  private func kLine(_ line: KLine?, _ name: String) -> Single {
    let level = line?.intMinLevel.map { " at \($0)" } ?? ""
    // What follows the sign is seen from the number.
    let sign = line?.status?.split(separator: ",").first.map { ", \($0)" } ?? ""
    return Single("K-line (\(name))", line?.intMinMm, "mm\(level)\(sign)", lead: name)
  }

  private static let compression = "largest MSCC"

  /// The largest MSCC; flags of its level stand under the table.
  private var largestCompression: Single {
    let level = study.msccMaxLevel
    let place = level.map { " at \($0)" } ?? ""
    var single = Single(Self.compression, study.msccMaxPercent, "%\(place)", lead: "MSCC")
    let own = study.levels.first { $0.level == level }
    single.known = own?.narrowing.msccAdjacentPercent.quality.names ?? []
    return single
  }

  /// The third of a vertebra that has lost most height; without any the first reason why.
  private var largestLoss: Single {
    var all: [(value: MeasuredValue?, place: String)] = []
    for vertebra in study.vertebrae {
      let thirds = [
        vertebra.heightLossAnteriorPercent, vertebra.heightLossMiddlePercent,
        vertebra.heightLossPosteriorPercent,
      ]
      for (third, name) in zip(thirds, VertebralHeights.names) {
        all.append((value: third, place: "\(vertebra.level), \(name) third"))
      }
    }
    let largest = all.filter { $0.value?.value != nil }
      .max { ($0.value?.value ?? 0) < ($1.value?.value ?? 0) }
    // C2 is compared with none, for a reason of its own.
    let missing = all.first { $0.place.hasPrefix("C3") } ?? all.first
    let shown = largest ?? missing
    return Single("height loss", shown?.value, "% at \(shown?.place ?? "")")
  }

  private func words(_ single: Single) -> String {
    let value = single.row.measurement
    let measure = single.row.measure
    let number = Self.number(value, of: measure)
    // Where flags stand beside it, a value needs no mark.
    let isMarked = measure == "SCR" || measure == "signal type" || !single.known.isEmpty
    // That it was measured lying stands over all of it.
    let known = single.known + [SagittalAlignment.supineFlag.flag]
    let flags = value.quality.names.filter { !known.contains($0) }
    var text = single.lead.isEmpty ? "" : "\(single.lead) "
    if isMarked { text += value.doubt }
    text += "\(number) \(single.unit)"
    if measure == Self.compression, number.hasPrefix("-") {
      text += ", below 0: wider than its references"
    }
    if let reference = value.signalReference { text += ", \(reference)" }
    if !flags.isEmpty { text += " (\(flags.joined(separator: ", ")))" }
    return text
  }

  /// A value in as many decimals as its kind has; "-" for none.
  static func number(_ value: MeasuredValue, of measure: String) -> String {
    guard let number = value.value else { return "-" }
    switch measure {
    case "signal type": return String(Int(number))
    case "SCR": return number.hundredths
    default: return number.tenths
    }
  }

  // MARK: Remarks

  /// Which values are in doubt, and which are not measured: each flag and each reason once.
  var remarks: [String] {
    let doubts = MeasurementRemarks.gathered(levelValues, run: Self.cordNames) { value in
      value.value == nil ? [] : value.quality.names
    }
    // Where no level has an MSCC, each says why.
    let once = single.flatMap { $0.values.map(\.row) }.filter { $0.measure != Self.compression }
    let all = once + levelValues
    let missing = MeasurementRemarks.gathered(
      all.map(Self.placeless), run: Self.cordNames
    ) { value in
      value.value == nil ? [value.reason ?? "no reason is stated"] : []
    }
    return [("? in doubt", doubts), ("not measured", missing)].filter { !$0.1.isEmpty }
      .map { name, said in
        let places = said.map { "\($0.places) (\($0.text))" }
        return "\(name): \(places.joined(separator: "; "))"
      }
  }
}

extension MeasuredValue {
  /// What stands for a value that nobody has tried to measure.
  fileprivate static func unknown(_ name: String) -> MeasuredValue {
    MeasuredValue(
      value: nil, reason: "the cord is not labelled, or the slice has no grey values", method: name)
  }
}
