/// What readers found beside the segments' verdicts.
extension SheetContent {
  /// Heads of the table of findings.
  static let findingHeads = ["no.", "reader", "slice", "z mm", "level", "finding"]

  /// The section of findings; `nil` where none stands.
  var findings: Section? {
    let rows = sheet.findings.map { finding in
      [
        "\(finding.number)", finding.reader, "\(finding.slice)", "\(finding.place.z)",
        finding.level?.words ?? "not known", finding.words,
      ]
    }
    guard !rows.isEmpty else { return nil }
    return Section(
      title: "Findings",
      blocks: [
        .table(head: Self.findingHeads, rows: rows),
        .lines(["slices from the patient's left; z of the image, superior positive"]),
      ])
  }
}
