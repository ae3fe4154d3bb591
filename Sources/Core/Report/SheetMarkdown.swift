internal import Imaging

/// A report as Markdown (CommonMark with the tables of GitHub).
public enum SheetMarkdown {
  /// The report; nothing that stands in a file's name or a comment can become markup.
  ///
  /// - Parameter figure: Name of the figure beside the file, where there is one.
  public static func report(_ sheet: StudySheet, figure: String? = nil) -> String {
    let content = SheetContent(sheet: sheet)
    var lines = ["# Study report \(escaped(content.title))", "", "**\(Notice.researchUse)**"]
    if let figure {
      lines += ["", "![Slice, anomaly map, AnoCurve and segments](<\(figure)>)"]
    }
    for section in content.sections {
      lines += ["", "## \(escaped(section.title))"]
      for block in section.blocks { lines += [""] + Self.lines(block) }
    }
    return (lines + ["", "*\(Notice.researchUse)*"]).joined(separator: "\n") + "\n"
  }

  private static func lines(_ block: SheetContent.Block) -> [String] {
    switch block {
    case .lines(let texts): texts.map { "- \(escaped($0))" }
    case .entries(let entries): table(["", ""], entries.map { [$0.name, $0.text] })
    case .table(let head, let rows): table(head, rows)
    }
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> [String] {
    func line(_ cells: [String]) -> String {
      "| " + cells.map(escaped).joined(separator: " | ") + " |"
    }
    return [line(head), "|" + String(repeating: "---|", count: head.count)] + rows.map(line)
  }

  /// The text with every sign escaped that means something in Markdown or HTML.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.cleaned(limit: SheetCSV.mostCharacters) {
      if "\\`*[]<>|&~#$!".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
