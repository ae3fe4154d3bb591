/// The order of the worklist's lines.
public struct WorklistOrder: Equatable, Sendable {
  /// What lines are sorted by.
  public enum Key: Hashable, Sendable {
    /// Flagged, then not flagged, then being detected, then waiting, then problems; by score in each.
    case flagged
    /// Unread first, the flagged ones among them before the others; then what was begun, or has verdicts under
    /// other labels, then what is done.
    case unread
    case column(WorklistColumn)

    /// Whether lines are sorted by what the AI says; in that of unread first the flagged ones come first only
    /// where that may be seen.
    public var isOfAI: Bool {
      switch self {
      case .flagged: true
      case .unread: false
      case .column(let column): column.isOfAI
      }
    }
  }

  /// What lines are sorted by.
  public var key: Key
  /// Whether they are sorted the other way round.
  public var isReversed: Bool

  /// The order in which a list is shown at first.
  public static let usual = WorklistOrder(.unread)

  /// Makes an order.
  public init(_ key: Key, isReversed: Bool = false) {
    self.key = key
    self.isReversed = isReversed
  }

  /// The order as files keep it: "flagged", "-score", "tsv.site".
  public var text: String {
    let word =
      switch key {
      case .flagged: "flagged"
      case .unread: "unread"
      case .column(let column): column.word
      }
    return (isReversed ? "-" : "") + word
  }

  /// Reads an order as files keep it; `nil` where it is none.
  public init?(text: String) {
    let isReversed = text.hasPrefix("-")
    let word = String(isReversed ? text.dropFirst() : text[...])
    switch word {
    case "flagged": self.init(.flagged, isReversed: isReversed)
    case "unread": self.init(.unread, isReversed: isReversed)
    default:
      guard let column = WorklistColumn(word: word) else { return nil }
      self.init(.column(column), isReversed: isReversed)
    }
  }

  /// The order in words: "flagged first", "by age, from the highest".
  public var words: String {
    switch key {
    case .flagged: isReversed ? "flagged last" : "flagged first"
    case .unread: isReversed ? "unread last" : "unread first"
    case .column(.study): isReversed ? "by name, backwards" : "by name"
    case .column(let column): "by \(column.title)\(isReversed ? ", from the highest" : "")"
    }
  }

  /// The places of lines in this order.
  ///
  /// Where two are alike the name decides; what has nothing in the column comes last either way.
  /// - Parameter names: for each line its place by name.
  public func places(of entries: [WorklistEntry], names: [Int]) -> [Int] {
    let keys = entries.indices.map { sortKey(entries[$0], name: names[$0]) }
    let flipsGroup: Bool
    if case .column = key { flipsGroup = false } else { flipsGroup = isReversed }
    return entries.indices.sorted { a, b in
      let (x, y) = (keys[a], keys[b])
      if x.group != y.group { return (x.group < y.group) != flipsGroup }
      if x.number != y.number { return (x.number < y.number) != isReversed }
      if x.text != y.text { return (x.text < y.text) != isReversed }
      return names[a] < names[b]
    }
  }

  private struct SortKey {
    var group: Int
    var number: Double
    var text = ""
  }

  private func sortKey(_ entry: WorklistEntry, name: Int) -> SortKey {
    switch key {
    case .flagged: return SortKey(group: Self.flaggedRank(entry), number: Self.descending(entry))
    case .unread: return SortKey(group: Self.unreadRank(entry), number: Self.descending(entry))
    case .column(.study): return SortKey(group: 0, number: Double(name))
    case .column(.state): return SortKey(group: 0, number: Double(Self.unreadRank(entry)))
    case .column(let column):
      if let number = entry.number(column) { return SortKey(group: 0, number: number) }
      let texts = entry.texts(column)
      guard column != .score, !texts.isEmpty else { return SortKey(group: 2, number: 0) }
      return SortKey(group: 1, number: 0, text: texts.joined(separator: " ").lowercased())
    }
  }

  private static func descending(_ entry: WorklistEntry) -> Double {
    guard let score = entry.score, score.isFinite else { return .infinity }
    return -score
  }

  private static func flaggedRank(_ entry: WorklistEntry) -> Int {
    if entry.isBeingRead { return 5 }
    switch entry.state {
    // A verdict on what could not be assessed does not move its line.
    case _ where entry.notAssessed != nil: return 4
    case .problem: return 4
    case .waiting: return 3
    case .detecting: return 2
    default: return entry.isFlagged ? 0 : 1
    }
  }

  private static func unreadRank(_ entry: WorklistEntry) -> Int {
    if entry.isBeingRead { return 9 }
    switch entry.state {
    // Verdicts that are to be stated again are as good as a study opened again.
    case .reading where !entry.relabelled.isEmpty, .read where !entry.relabelled.isEmpty,
      .signed where !entry.relabelled.isEmpty:
      return 2
    case .unread: return entry.isFlagged ? 0 : 1
    case .reopened: return 2
    case .reading: return 3
    case .read: return 4
    case .detecting: return 5
    case .waiting: return 6
    case .problem: return 7
    case .signed: return 8
    }
  }
}
