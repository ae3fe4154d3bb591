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
      entries.flatMap { name, text in
        // A name is never cut: one that is longer than its column has a line of its own.
        beside(name.cleaned, text, indent: indent)
      }
    case .table(let head, let rows): table([head] + rows)
    }
  }

  /// The column from which on a last cell that goes on has too little room.
  private static let lastStart = width - 12

  /// Columns as wide as their widest cell, with blanks between them; a last cell that has no room goes on under
  /// its own beginning.
  private static func table(_ rows: [[String]]) -> [String] {
    guard let count = rows.first?.count, count > 1 else { return [] }
    let texts = rows.map { $0.map { $0.cleaned } }
    let widths = (0..<count).map { column in texts.map { cells($0[column]) }.max() ?? 0 }
    let taken = widths.dropLast().reduce(0, +)
    func start(_ blanks: Int) -> Int { taken + (count - 1) * blanks }
    // Many narrow columns come closer before one of them goes on below.
    let isTight = start(2) > lastStart && start(2) + widths[count - 1] > width
    let blanks = isTight ? 1 : 2
    let gap = String(repeating: " ", count: blanks)
    let fits = start(blanks) + widths[count - 1] <= width
    return texts.flatMap { row -> [String] in
      let head = zip(row.dropLast(), widths).map { filled($0, to: $1) }.joined(separator: gap)
      return fits
        ? [trimmed(head + gap + row[count - 1])]
        : beside(trimmed(head), row[count - 1], indent: min(start(blanks), lastStart))
    }
  }

  /// A text beside what stands before it in its row, or under it where that leaves no blank between them.
  private static func beside(_ head: String, _ text: String, indent: Int) -> [String] {
    if head.isEmpty { return hanging(" ", text, indent: indent) }
    return cells(head) < indent
      ? hanging(head, text, indent: indent)
      : wrapped(head, to: width) + hanging(" ", text, indent: indent)
  }

  /// A head and a text beside it, whose further lines begin under its beginning.
  private static func hanging(_ head: String, _ text: String, indent: Int) -> [String] {
    let start = head.isEmpty ? "" : filled(head, to: indent)
    // Without a head the first line begins at the margin.
    let parts = wrapped(text.cleaned(limit: SheetCSV.mostCharacters), to: width - indent)
    let blank = String(repeating: " ", count: indent)
    guard let first = parts.first else { return [trimmed(start)] }
    return [trimmed(start + first)] + parts.dropFirst().map { trimmed(blank + $0) }
  }

  /// The text filled with blanks behind it to so many cells.
  private static func filled(_ text: String, to room: Int) -> String {
    text + String(repeating: " ", count: max(room - cells(text), 0))
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

  /// Cells of a text, never too few: wide letters take two, the mark of verdicts under other labels does not.
  static func cells(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 && $1 != "≠" ? 2 : 1) }
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
