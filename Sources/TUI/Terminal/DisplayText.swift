/// Text made safe and measured for the screen.
enum DisplayText {
  /// The text with everything that could steer a terminal shown as a dot.
  ///
  /// Control characters (C0, DEL, C1) and marks that turn the direction of writing are replaced:
  /// names and comments come from files.
  static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(isUnsafe(scalar) ? "\u{b7}" : scalar) }
    return String(result)
  }

  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x2069, 0xfeff,
      0xfff9...0xfffb, 0xe0000...0xe007f:
      true
    default: false
    }
  }

  /// Cells that a scalar takes: 0 for combining marks, 2 for wide East Asian ones and emoji.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x300: 1
    case 0x300...0x36f, 0x483...0x489, 0x591...0x5bd, 0x610...0x61a, 0x64b...0x65f, 0x1ab0...0x1aff,
      0x1dc0...0x1dff, 0x20d0...0x20ff, 0xfe00...0xfe0f, 0xfe20...0xfe2f:
      0
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
      0xa000...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
      0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
      2
    default: 1
    }
  }

  /// Cells that a text takes.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// The text cut to a number of cells, with an ellipsis where something is missing.
  static func fit(_ text: String, _ cells: Int) -> String {
    guard width(text) > cells else { return text }
    guard cells > 1 else { return cells == 1 ? "\u{2026}" : "" }
    var result = ""
    var used = 0
    for scalar in text.unicodeScalars {
      let next = width(scalar)
      if used + next > cells - 1 { break }
      result.unicodeScalars.append(scalar)
      used += next
    }
    while result.last == " " { result.removeLast() }
    return result + "\u{2026}"
  }

  /// The text cut in its middle to a number of cells: the end of a path tells the most.
  static func shorten(_ text: String, _ cells: Int) -> String {
    guard width(text) > cells, cells > 4 else { return fit(text, cells) }
    let head = fit(text, cells / 3)
    var tail = Substring(text)
    while width(String(tail)) > cells - width(head) { tail.removeFirst() }
    return head + tail
  }

  /// The text with the middle of its paths left out, that of the longest first, as far as a number of cells
  /// demands: "/tmp/.../liu.macros.txt".
  static func shortenPaths(_ text: String, _ cells: Int) -> String {
    var words = text.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
    while width(words.joined(separator: " ")) > cells {
      let long = words.indices.filter { shortenedPath(words[$0]) != nil }
      guard let next = long.max(by: { words[$0].count < words[$1].count }),
        let short = shortenedPath(words[next])
      else { break }
      words[next] = short
    }
    return words.joined(separator: " ")
  }

  /// A path's beginning and end; `nil` for what is none, and where nothing is gained.
  private static func shortenedPath(_ word: String) -> String? {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count > 3, let last = parts.last else { return nil }
    let head = parts[0].isEmpty ? "/\(parts[1])" : String(parts[0])
    let short = "\(head)/.../\(last)"
    return short.count < word.count ? short : nil
  }

  /// The text padded with spaces to a number of cells, or cut to it.
  static func pad(_ text: String, _ cells: Int, right: Bool = false) -> String {
    let fitted = fit(text, cells)
    let gap = String(repeating: " ", count: max(cells - width(fitted), 0))
    return right ? gap + fitted : fitted + gap
  }

  /// The text broken at spaces into lines of at most `cells`; the last allowed line is cut.
  static func wrap(_ text: String, _ cells: Int, lines limit: Int = .max) -> [String] {
    var lines: [String] = []
    var line = ""
    let words = text.split(separator: " ")
    for (index, word) in words.enumerated() {
      let joined = line.isEmpty ? String(word) : line + " " + word
      if width(joined) <= cells || line.isEmpty {
        line = joined
      } else if lines.count + 1 >= limit {
        line = fit(line + " " + words[index...].joined(separator: " "), cells)
        break
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    if !line.isEmpty { lines.append(fit(line, cells)) }
    return lines
  }

  /// As many whole clauses as fit in lines of at most `cells`, broken at spaces. Where some are left out the
  /// mark before the next and "…" end the text; where not even the first fits, it is cut as in `wrap`.
  ///
  /// - Parameter clauses: Each but the first begins with its mark and a space: "; MCC 20 %".
  static func whole(_ clauses: [String], _ cells: Int, lines limit: Int = 1) -> [String] {
    let text = clauses.joined(separator: "")
    let all = wrap(text, cells)
    if all.count <= limit { return all }
    for count in (1..<max(clauses.count, 1)).reversed() {
      let shown = clauses[..<count].joined(separator: "")
      let lines = wrap("\(shown)\(clauses[count].prefix(1)) \u{2026}", cells)
      if lines.count <= limit { return lines }
    }
    return Array(wrap(text, cells, lines: limit).prefix(limit))
  }

  /// ASCII in place of the drawing characters this program uses, for terminals without UTF-8.
  static func ascii(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return scalar }
    switch scalar {
    case "─", "╌", "┄", "┈", "╶", "╴": return "-"
    // The filled part of a bar, and a mark that it passes, are told from the rest without colours.
    case "━": return "="
    case "┿": return "#"
    case "│", "┃", "╎", "┊", "╷", "╵", "▏", "▌": return "|"
    case "┏", "┗", "┷", "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "╂", "┠", "┨", "╭", "╮",
      "╰", "╯", "┝",
      "┥", "╞", "╪", "╋":
      return "+"
    case "▸", "▶", "›", "»": return ">"
    case "◂", "‹": return "<"
    case "▲", "▴": return "!"
    case "▼", "▾": return "v"
    case "●", "█", "▇": return "#"
    case "○", "◦": return "o"
    case "·", "…": return "."
    case "✓": return "y"
    case "×", "✗": return "x"
    case "–", "—", "−": return "-"
    case "≠": return "/"
    case "²": return "2"
    case "≥": return ">"
    case "≤": return "<"
    case "±": return "+"
    default: return "?"
    }
  }
}
