public import Foundation
public import Imaging

extension ModelCard {
  /// Writes the card as data (`NAME.json`) and as a page to read (`NAME.md`) beside it.
  ///
  /// - Throws: `WriteError` naming the path.
  public func writeWithPage(to json: URL, rights: FileRights = .group) throws {
    try write(to: json, rights: rights)
    let page = json.deletingPathExtension().appendingPathExtension("md")
    try AtomicFile.write(markdown, to: page, permissions: rights.fileMode)
  }

  /// The card as a page to read.
  public var markdown: String {
    var lines = ["# Model card: \(name)", "", "\(Notice.researchUse).", "", "| | |", "|---|---|"]
    func row(_ name: String, _ value: String?) {
      if let value { lines.append("| \(name) | \(value) |") }
    }
    row("weights, SHA-256", "`\(sha256)`")
    row("contexts", contexts?.joined(separator: ", "))
    row("trained by", trainingCommand.map { "`\($0)`" })
    row("data", data)
    row("seeds", seeds?.map(String.init).joined(separator: ", "))
    row("generator, hash", generatorHash.map { "`\($0)`" })
    row("duration", durationSeconds.map { "\(Int($0)) s" })
    row("thresholds from", thresholdSource)
    lines += thresholdTable
    if let figures, !figures.isEmpty { lines += figureTable(figures) }
    if let head { lines += page(of: head) }
    if let limits {
      lines += ["", "## Limits", ""] + limits.map { "- \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func page(of head: Head) -> [String] {
    var lines = ["", "## The head", "", "| | |", "|---|---|"]
    lines.append("| SHA-256 | `\(head.sha256)` |")
    lines.append("| trained by | `\(head.trainingCommand)` |")
    lines.append("| data | \(head.data) |")
    lines.append("| seed | \(head.seed) |")
    if let seconds = head.durationSeconds { lines.append("| duration | \(Int(seconds)) s |") }
    return lines + [""] + head.limits.map { "- \($0)" }
  }

  /// Sources stand in a column of their own where any detector has another than the card's.
  private var thresholdTable: [String] {
    let rows = thresholds.sorted { $0.key < $1.key }
    let namesSources = rows.contains { $0.value.source != nil }
    let head = "| detector | patient | segment |" + (namesSources ? " from |" : "")
    return ["", "## Thresholds", "", head, namesSources ? "|---|---|---|---|" : "|---|---|---|"]
      + rows.map { detector, t in
        "| \(detector) | \(Self.text(t.patient)) | \(Self.text(t.segment)) |"
          + (namesSources ? " \(t.source ?? thresholdSource) |" : "")
      }
  }

  private func figureTable(_ figures: [ClassFigure]) -> [String] {
    ["", "## Figures per class", ""] + (figuresFrom.map { ["Of \($0).", ""] } ?? [])
      + ["| class | detector | AUC (95 %) | specificity |"]
      + ["|---|---|---|---|"]
      + figures.map { f in
        let area =
          f.auc.map { "\(Self.text($0)) [\(Self.text(f.aucLow))..\(Self.text(f.aucHigh))]" } ?? "-"
        return "| \(f.name) | \(f.detector) | \(area) | \(Self.text(f.specificity)) |"
      }
  }

  private static func text(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? "-"
  }
}
