internal import Core

/// Where the worklist's columns begin.
///
/// Those that are empty for all studies are left out, and their room goes to the names. Where columns
/// that the reader chose take more than there is, others give way in this order: quality flags, the
/// reader's verdict, the bar, the second opinion; then the last of those chosen.
struct WorklistColumns {
  /// A column that the reader chose.
  struct Free: Equatable {
    var column: WorklistColumn
    var head: String
    var start = 0
    var width: Int
    var isNumber: Bool
  }

  let width: Int
  let state = 3
  let mark = 11
  let study = 13
  let studyEnd: Int
  let age: Int?
  let sex: Int?
  let mjoa: Int?
  /// Where the columns from the library's tables end that are always the same.
  let tablesEnd: Int
  private(set) var free: [Free]
  private(set) var top = 0
  private(set) var score = 0
  private(set) var bar = 0
  /// 0 where there is no bar.
  private(set) var barWidth: Int
  private(set) var ai = 0
  let aiWidth: Int
  private(set) var second: Int?
  private(set) var quality: Int?
  /// The reader's case verdict in a word, where there is room and one is stated.
  private(set) var you: Int?
  /// The first cell after the last column that must be whole.
  private var end = 0

  /// Cells of the widest column that a reader chose.
  private static let widestFree = 14

  init(width: Int, _ list: WorklistScreenState) {
    self.width = width
    let summary = list.summary
    func shows(_ column: WorklistColumn) -> Bool {
      list.columns.contains(column) && (list.entries.isEmpty || summary.filled.contains(column))
    }
    let (hasAge, hasSex, hasMJOA) = (shows(.age), shows(.sex), shows(.mjoa))
    let room = width >= 120 ? 32 : 25
    studyEnd = study + room - (hasAge ? 4 : 0) - (hasSex ? 4 : 0) - (hasMJOA ? 5 : 0)
    age = hasAge ? studyEnd : nil
    sex = hasSex ? studyEnd + (hasAge ? 4 : 0) : nil
    tablesEnd = study + room
    mjoa = hasMJOA ? tablesEnd - 5 : nil
    free = list.columns.compactMap { Self.chosen($0, summary) }
    barWidth = width >= 140 ? 16 : width >= 100 ? 10 : 6
    aiWidth = width >= 100 ? 16 : 11
    var isShown = (
      second: list.columns.contains(.second),
      you: width >= 100 && list.columns.contains(.verdict) && summary.filled.contains(.verdict),
      quality: width >= 110 && list.columns.contains(.flag)
    )
    while true {
      place(second: isShown.second, you: isShown.you, quality: isShown.quality)
      if end <= width || free.isEmpty { break }
      if isShown.quality {
        isShown.quality = false
      } else if isShown.you {
        isShown.you = false
      } else if barWidth > 0 {
        barWidth = 0
      } else if isShown.second {
        isShown.second = false
      } else {
        free.removeLast()
      }
    }
  }

  private static func chosen(
    _ column: WorklistColumn, _ summary: WorklistLines.Summary
  ) -> Free? {
    switch column {
    case .reader: return Free(column: column, head: "READER", width: 10, isNumber: false)
    case .other(let name):
      guard let widest = summary.widths[name] else { return nil }
      let head = DisplayText.clean(name).uppercased()
      return Free(
        column: column, head: head, width: min(max(widest, DisplayText.width(head), 1), widestFree),
        isNumber: summary.numeric.contains(name))
    default: return nil
    }
  }

  /// A score in its column, with a free cell before the next.
  func number(_ score: Double?, _ decimals: Int) -> String {
    ScoreText.number(score, decimals, cells: bar - self.score - 1)
  }

  private mutating func place(second hasSecond: Bool, you hasYou: Bool, quality hasQuality: Bool) {
    top = tablesEnd
    for index in free.indices {
      free[index].start = top
      top += free[index].width + 1
    }
    score = top + 6
    bar = score + 6
    ai = bar + (barWidth > 0 ? barWidth + 2 : 0)
    let next = ai + aiWidth
    second = hasSecond ? next : nil
    you = hasYou ? next + (hasSecond ? 14 : 0) : nil
    quality = hasQuality ? next + (hasSecond ? hasYou ? 23 : 15 : hasYou ? 9 : 0) : nil
    end = next + (hasSecond ? 11 : 0)
    if let you { end = you + 8 }
    if let quality { end = quality + 8 }
  }
}
