internal import Imaging

/// A report as plain text that fits a terminal and copies as it stands: no line is longer than
/// `width` cells, none begins or ends with a rule.
public enum SheetText {
  /// Cells of the longest line.
  public static let width = 78
  /// Where the texts of entries begin.
  private static let indent = 14

  /// The report; ends in the notice and a newline.
  public static func report(_ sheet: StudySheet) -> String {
    lines(sheet).joined(separator: "\n") + "\n"
  }

  /// The acts that led to what the report says; ends in the notice and a newline.
  public static func acts(_ sheet: StudySheet) -> String {
    let content = SheetContent(sheet: sheet)
    return page("Acts on \(content.title)", content.acts).joined(separator: "\n") + "\n"
  }

  /// The lines of the report, each safe for a terminal.
  public static func lines(_ sheet: StudySheet) -> [String] {
    let content = SheetContent(sheet: sheet)
    return page("Study report \(content.title)", content.sections)
  }

  private static func page(_ title: String, _ sections: [SheetContent.Section]) -> [String] {
    var lines = [title.cleaned, Notice.researchUse]
    for section in sections {
      if !section.isOpening { lines += ["", section.title.cleaned] }
      lines += section.blocks.flatMap(Self.lines)
    }
    return lines + [Notice.researchUse]
  }

  private static func lines(_ block: SheetContent.Block) -> [String] {
    switch block {
    case .lines(let texts): texts.flatMap { hanging("", $0, indent: 2) }
    case .entries(let entries):
      entries.flatMap { name, text -> [String] in
        let head = name.cleaned
        // A name is never cut: one that is longer than its column has a line of its own.
        return cells(head) < indent
          ? hanging(head, text, indent: indent)
          : wrapped(head, to: width) + hanging(" ", text, indent: indent)
      }
    case .table(let head, let rows): table([head] + rows)
    }
  }

  /// Columns as wide as their widest cell; the last goes on under its own beginning.
  private static func table(_ rows: [[String]]) -> [String] {
    guard let count = rows.first?.count, count > 1 else { return [] }
    let cells = rows.map { $0.map { $0.cleaned } }
    let widths = (0..<(count - 1)).map { column in cells.map { $0[column].count }.max() ?? 0 }
    let indent = widths.reduce(0) { $0 + $1 + 2 }
    return cells.flatMap { row in
      let head = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      return hanging(head, row[count - 1], indent: min(indent, width - 12))
    }
  }

  /// A head and a text beside it, whose further lines begin under its beginning.
  private static func hanging(_ head: String, _ text: String, indent: Int) -> [String] {
    let start = head.isEmpty ? "" : head.padded(to: indent)
    // Without a head the first line begins at the margin.
    let parts = wrapped(text.cleaned, to: width - indent)
    let blank = String(repeating: " ", count: indent)
    guard let first = parts.first else { return [trimmed(start)] }
    return [trimmed(start + first)] + parts.dropFirst().map { trimmed(blank + $0) }
  }

  /// Lines of at most `room` cells, broken at spaces; words that are longer are broken, too.
  static func wrapped(_ text: String, to room: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ").flatMap({ pieces(String($0), room) }) {
      if line.isEmpty {
        line = word
      } else if cells(line) + 1 + cells(word) <= room {
        line += " " + word
      } else {
        lines.append(line)
        line = word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private static func pieces(_ word: String, _ room: Int) -> [String] {
    guard cells(word) > room else { return [word] }
    var pieces: [String] = []
    var piece = ""
    for character in word {
      if cells(piece) + cells(String(character)) > room, !piece.isEmpty {
        pieces.append(piece)
        piece = ""
      }
      piece.append(character)
    }
    return pieces + [piece]
  }

  /// Cells of a text, never too few: wide letters take two.
  static func cells(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
