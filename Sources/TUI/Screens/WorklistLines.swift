internal import Core
internal import Synchronization

/// What follows from the lines of the worklist, made once, when it is first asked for.
final class WorklistLines: Sendable {
  /// How many of some lines there are of each kind.
  struct Counts: Equatable, Sendable {
    var all = 0
    /// How many have each state, by its word; those that are still being read have none.
    var states: [String: Int] = [:]
    var flagged = 0
    var forDiscussion = 0

    mutating func add(_ entry: WorklistEntry) {
      all += 1
      if !entry.isBeingRead { states[entry.state.word, default: 0] += 1 }
      if entry.isFlagged { flagged += 1 }
      if entry.isForDiscussion { forDiscussion += 1 }
    }
  }

  /// Counts, names and columns of all lines.
  struct Summary: Sendable {
    /// The lines as they may be seen.
    var listed: [WorklistEntry] = []
    /// The place of each subject among the lines.
    var indices: [String: Int] = [:]
    /// The subjects in small letters.
    var lowercased: [String] = []
    var names = Names()
    var counts = Counts()
    /// The optional columns in which something stands.
    var filled: Set<WorklistColumn> = []
    /// The columns of participants.tsv without a place of their own, in natural order.
    var others: [String] = []
    /// Cells that a column of participants.tsv takes.
    var widths: [String: Int] = [:]
    /// Columns of participants.tsv that hold numbers only.
    var numeric: Set<String> = []
    /// Weights and thresholds in use, in words.
    var origin = ""
  }

  /// The order of names, which stays while lines change.
  struct Names: Sendable {
    var subjects: [String] = []
    /// For each subject its place by name.
    var places: [Int] = []
  }

  private let known: Mutex<Summary?> = Mutex(nil)
  private let earlier: Names

  init(after other: WorklistLines? = nil) {
    earlier = other?.known.withLock { $0?.names } ?? other?.earlier ?? Names()
  }

  /// The summary of the lines for which this was made.
  func summary(of entries: [WorklistEntry], hidesAI: Bool) -> Summary {
    known.withLock { known in
      if let known { return known }
      let made = Summary(entries, hidesAI: hidesAI, earlier)
      known = made
      return made
    }
  }
}

extension WorklistLines.Summary {
  fileprivate init(_ entries: [WorklistEntry], hidesAI: Bool, _ earlier: WorklistLines.Names) {
    listed = hidesAI ? entries.map { $0.isRevealed ? $0 : $0.withoutAI } : entries
    let subjects = entries.map(\.subject)
    names = earlier
    if earlier.subjects != subjects {
      names = WorklistLines.Names(subjects: subjects, places: NaturalOrder.places(of: subjects))
    }
    lowercased = subjects.map { $0.lowercased() }
    var mixed: Set<String> = []
    for (index, entry) in listed.enumerated() {
      indices[entry.subject] = index
      counts.add(entry)
      if entry.age != nil { filled.insert(.age) }
      if entry.sex != nil { filled.insert(.sex) }
      if entry.mjoa != nil { filled.insert(.mjoa) }
      if entry.conclusion != nil { filled.insert(.verdict) }
      for (name, text) in entry.others {
        widths[name] = max(widths[name] ?? 0, DisplayText.width(text))
        if Double(text)?.isFinite != true { mixed.insert(name) }
      }
    }
    numeric = Set(widths.keys).subtracting(mixed)
    others = widths.keys.sorted(by: NaturalOrder.precedes)
    origin = WorklistScreen.originWords(listed)
  }
}

/// Which lines pass the filter and in which order, made once, when it is first asked for.
final class WorklistPlaces: Sendable {
  struct Found: Sendable {
    /// Places among the lines, in order.
    var places: [Int] = []
    /// The place in `places` of each line that passes, by its place among the lines.
    var positions: [Int: Int] = [:]
    var problems: [String] = []
    /// The part of the filter that is asked, as it was typed.
    var applied = ""
    /// Counts of the lines that pass.
    var counts = WorklistLines.Counts()
  }

  private struct Contents {
    var sorted: [Int]?
    var found: Found?
  }

  private let contents: Mutex<Contents>

  /// - Parameter other: what was known of the same lines in the same order under another filter.
  init(after other: WorklistPlaces? = nil) {
    contents = Mutex(Contents(sorted: other?.contents.withLock { $0.sorted }))
  }

  /// The lines that pass the filter for which this was made.
  func found(
    in summary: WorklistLines.Summary, filter: String, order: WorklistOrder
  ) -> Found {
    contents.withLock { contents in
      if let found = contents.found { return found }
      let sorted =
        contents.sorted ?? order.places(of: summary.listed, names: summary.names.places)
      contents.sorted = sorted
      let query = WorklistQuery(filter, others: summary.others)
      var found = Found(problems: query.problems, applied: query.applied)
      if query.isEmpty {
        (found.places, found.counts) = (sorted, summary.counts)
      } else {
        found.places = sorted.filter {
          query.matches(summary.listed[$0], name: summary.lowercased[$0])
        }
        for place in found.places { found.counts.add(summary.listed[place]) }
      }
      found.positions.reserveCapacity(found.places.count)
      for (position, place) in found.places.enumerated() { found.positions[place] = position }
      contents.found = found
      return found
    }
  }
}
