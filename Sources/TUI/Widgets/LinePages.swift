/// Lines under headings that are looked at in columns and pages: where a section goes on at the top of one,
/// its heading is said again above it.
struct LinePages: Equatable, Sendable {
  /// What a line is.
  enum Kind: Equatable, Sendable {
    case heading(String)
    case blank
    case text
    /// A text that goes on from the line above.
    case rest
  }

  private let kinds: [Kind]
  /// The lines of each column; blank ones between two of them are left out.
  let columns: [Range<Int>]

  init(_ kinds: [Kind], columns: Int = 1) {
    self.kinds = kinds
    self.columns = Self.split(kinds, into: columns)
  }

  /// The longest column's lines.
  var count: Int { columns.map(\.count).max() ?? 0 }

  /// The heading of the section that goes on at the top of a column: "Study, continued"; `nil` where none
  /// does.
  func heading(_ column: Int, scroll: Int) -> String? {
    let first = columns[column].lowerBound + scroll
    guard columns[column].contains(first), kinds[first] == .text || kinds[first] == .rest else {
      return nil
    }
    for kind in kinds[..<first].reversed() {
      switch kind {
      case .heading(let title): return "\(title), continued"
      case .blank: return nil
      case .text, .rest: continue
      }
    }
    return nil
  }

  /// The lines of a column that so many rows show, under the heading that is said again.
  func shown(_ column: Int, scroll: Int, rows: Int) -> Range<Int> {
    let lines = columns[column]
    let first = min(lines.lowerBound + scroll, lines.upperBound)
    let room = max(rows - (heading(column, scroll: scroll) == nil ? 0 : 1), 0)
    return first..<min(first + room, lines.upperBound)
  }

  /// How many lines of the columns are above the end of what is shown.
  func end(scroll: Int, rows: Int) -> Int {
    let ends = columns.indices.map {
      shown($0, scroll: scroll, rows: rows).upperBound - columns[$0].lowerBound
    }
    return ends.max() ?? 0
  }

  /// The first scroll from which all columns are seen to their ends.
  func lastScroll(rows: Int) -> Int {
    var scroll = max(count - rows, 0)
    while scroll < count - 1, !isWhole(scroll: scroll, rows: rows) { scroll += 1 }
    return scroll
  }

  private func isWhole(scroll: Int, rows: Int) -> Bool {
    columns.indices.allSatisfy {
      shown($0, scroll: scroll, rows: rows).upperBound == columns[$0].upperBound
    }
  }

  /// Lines to go on by: a heading that is said again takes the room of one, and no line is left out.
  static func step(rows: Int) -> Int { max(rows - 1, 1) }

  /// Columns of about one length; neither an entry nor a heading and what follows it are parted.
  private static func split(_ kinds: [Kind], into columns: Int) -> [Range<Int>] {
    let height = (kinds.count + columns - 1) / max(columns, 1)
    var ranges: [Range<Int>] = []
    var start = 0
    while start < kinds.count {
      let isLast = ranges.count >= columns - 1
      var end = isLast ? kinds.count : min(start + height, kinds.count)
      while end < kinds.count, end > start + 1, kinds[end] == .rest || kinds[end - 1].isHeading {
        end -= 1
      }
      ranges.append(start..<end)
      start = end
      while start < kinds.count, kinds[start] == .blank { start += 1 }
    }
    return ranges
  }
}

extension LinePages.Kind {
  fileprivate var isHeading: Bool {
    if case .heading = self { true } else { false }
  }
}

extension LinePages {
  /// The pages of a text whose sections stand apart: the line after a blank one is the heading, unless it is
  /// a sentence.
  init(text lines: [String]) {
    self.init(
      lines.indices.map { index -> Kind in
        let line = lines[index]
        if line.isEmpty { return .blank }
        let isFirst = index == 0 || lines[index - 1].isEmpty
        return isFirst && line.last != "." ? .heading(line) : .text
      })
  }
}
