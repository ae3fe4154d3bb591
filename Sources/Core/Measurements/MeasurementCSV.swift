/// Measurements as comma-separated values (RFC 4180): one row per study and measure.
///
/// Long rather than wide: every value keeps its reason, method, inputs, flags and variability, and
/// a new measure adds rows, not columns.
public enum MeasurementCSV {
  /// The columns of ``rows(_:)``.
  public static let header =
    "subject,image,slice,measure,level,value,reason,method,inputs,quality,variability,notice"

  /// The rows of a study without the header; each ends in a newline.
  public static func rows(_ study: CervicalMeasurements) -> String {
    let slice = study.sliceIndex.map { String($0 + 1) } ?? ""
    let start = [study.subject, study.image, slice]
    let flags = study.quality.names
    guard study.reason == nil else {
      return line(
        start + [
          "", "", "", study.reason ?? "", "", "", flags.joined(separator: "; "), "", study.notice,
        ])
    }
    return study.rows.map { row in
      let m = row.measurement
      let own = m.quality.names
      let quality = (own + flags.filter { !own.contains($0) }).joined(separator: "; ")
      return line(
        start + [
          row.measure, row.level, m.value.map { $0.hundredths } ?? "", m.reason ?? "", m.method,
          m.inputs.joined(separator: "; "), quality, m.variability, study.notice,
        ])
    }.joined()
  }

  /// The columns of ``vertebralRows(_:)``, named as `sct_process_segmentation -perlevel` names them.
  public static let vertebralHeader =
    "Filename,VertLevel,MEAN(angle_AP),STD(angle_AP),MEAN(diameter_AP),STD(diameter_AP),SUM(length),"
    + "Notice"

  /// One row per vertebral level (3 = C3 ... 8 = T1, from the disc above to the disc below; C2 has
  /// none above it), of one sagittal slice: no area, no left-right diameter, and no axial slice
  /// numbers, as there are none.
  ///
  /// The angle lies between centreline and image vertical, positive where the cord runs backwards
  /// going down. A study without levels or cord has no rows.
  public static func vertebralRows(_ study: CervicalMeasurements) -> String {
    guard let profile = study.profile else { return "" }
    let levels = Set(profile.vertLevel.compactMap(\.self)).sorted()
    return levels.map { level in
      let own = profile.vertLevel.indices.filter { profile.vertLevel[$0] == level }
      let angle = statistics(own.map { profile.angleDeg[$0] })
      let diameter = statistics(own.map { profile.cordApMm[$0] })
      // Every second section is there; where the cord is lost there are none.
      let length = Double(own.count) * 2 * CordSections.stepMM
      return line(
        [
          study.image, String(level), angle.mean.hundredths, angle.deviation.hundredths,
          diameter.mean.hundredths, diameter.deviation.hundredths, length.hundredths,
          study.notice,
        ])
    }.joined()
  }

  /// Mean and population deviation.
  private static func statistics(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0, +) / count
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return (mean, square.squareRoot())
  }

  /// A line of cells, quoted where they must be.
  ///
  /// A cell that a spreadsheet would take for a formula is quoted with an apostrophe before it.
  static func line(_ cells: [String]) -> String {
    cells.map { cell in
      var text = cell
      if let first = cell.unicodeScalars.first, "=+@\t\r".unicodeScalars.contains(first) {
        text = "'" + cell
      }
      guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",") + "\n"
  }
}
