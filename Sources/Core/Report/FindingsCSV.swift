internal import Imaging

/// The findings of readers as comma-separated values (RFC 4180): one row per finding that stands.
public enum FindingsCSV {
  /// The columns of ``rows(_:)``.
  public static let header =
    "subject,image,number,reader,finding,slice,row,column,x_mm,y_mm,z_mm,nearest_level,"
    + "mm_from_level,time,blind,detection_sha256,version,notice"

  /// The rows of a study without the header; each ends in a newline.
  public static func rows(_ sheet: StudySheet) -> String {
    sheet.findings.map { finding in
      let place = finding.place
      let head: [String] = [
        sheet.subject, sheet.image, "\(finding.number)", SheetCSV.text(finding.reader),
        SheetCSV.text(finding.words), "\(finding.slice)", "\(place.row)", "\(place.column)",
      ]
      let tail: [String] = [
        finding.time, String(finding.isBlind), sheet.detectionSHA256 ?? "", Notice.version,
        Notice.researchUse,
      ]
      let cells = head + Self.cells(of: finding) + tail
      return MeasurementCSV.line(cells.map { $0.cleaned(limit: SheetCSV.mostCharacters) })
    }.joined()
  }

  /// Where a finding lies in the patient, and how far from which level.
  static func cells(of finding: SheetFinding) -> [String] {
    let place = finding.place
    return [
      "\(place.x)", "\(place.y)", "\(place.z)", finding.level?.name ?? "",
      finding.mmFromLevel.map { "\($0)" } ?? "",
    ]
  }
}
