internal import Core

/// The state of the worklist screen.
struct WorklistScreenState: Sendable {
  var entries: [WorklistEntry] = [] { didSet { lines = WorklistLines(after: lines) } }
  var isLoaded = false
  /// Whether the library could not be read: that no study is listed does not mean that it holds none.
  var isUnreadable = false
  /// How far the reading of the library is, in words; `nil` when it is read.
  var reading: String?
  /// The subject selected; it stays selected when the order changes.
  var selected: String?
  /// First line shown.
  var top = 0
  /// Words of the filter.
  var filter = "" { didSet { places = WorklistPlaces(after: places) } }
  var order = WorklistOrder.usual { didSet { places = WorklistPlaces() } }
  /// The order in which it is shown at first, and without a view.
  private(set) var firstOrder = WorklistOrder.usual
  /// The optional columns that are shown, in their order.
  var columns = WorklistColumn.usual
  /// The reader's saved views.
  var views = WorklistViews()
  /// Whether the AI's results are hidden of studies in which the reader has not seen them.
  var hidesAI = false { didSet { lines = WorklistLines(after: lines) } }
  /// What follows from lines, filter and order: made anew when one of them changes, and only when it is
  /// asked for. Copies of the state share it.
  private var lines = WorklistLines() { didSet { places = WorklistPlaces() } }
  private var places = WorklistPlaces()

  /// What follows from the lines alone.
  var summary: WorklistLines.Summary { lines.summary(of: entries, hidesAI: hidesAI) }

  private var found: WorklistPlaces.Found {
    places.found(in: summary, filter: filter, order: order)
  }

  /// Whether a line's AI result is hidden.
  func hidesAI(of entry: WorklistEntry) -> Bool { hidesAI && !entry.isRevealed }

  /// An order in words; `nil` where it is by what is hidden, which is not named.
  func words(of order: WorklistOrder) -> String? {
    hidesAI && order.key.isOfAI ? nil : order.words
  }

  /// How many of the lines that pass the filter are of each kind.
  var counts: WorklistLines.Counts { found.counts }

  /// How many lines pass the filter.
  var count: Int { found.places.count }

  /// The lines that pass the filter, in order.
  var visible: [WorklistEntry] { shown(0..<count) }

  /// Some of the lines that pass the filter, in order; what lies outside is left out.
  func shown(_ range: Range<Int>) -> [WorklistEntry] {
    let (places, listed) = (found.places, summary.listed)
    return range.clamped(to: 0..<places.count).map { listed[places[$0]] }
  }

  /// The first line at some places among those that pass which is as asked.
  func first(
    at range: some Sequence<Int>, where isWanted: (WorklistEntry) -> Bool
  ) -> WorklistEntry? {
    let (places, listed) = (found.places, summary.listed)
    return range.first { isWanted(listed[places[$0]]) }.map { listed[places[$0]] }
  }

  /// The part of the filter that is asked, as it was typed; empty where none of it is.
  var appliedFilter: String { found.applied }

  /// What is not asked for of the filter and why; `nil` where all of it is.
  var filterProblem: String? {
    let part = appliedFilter.isEmpty ? "" : " by all of it"
    return found.problems.first.map { "not filtered\(part): \($0)" }
  }

  /// Place of the selected line among the visible ones.
  var position: Int? { selected.flatMap { place(of: $0) } }

  /// Place of a subject among the visible lines.
  func place(of subject: String) -> Int? {
    summary.indices[subject].flatMap { found.positions[$0] }
  }

  /// Selects a line that exists, and scrolls so that it is seen on `rows` lines.
  mutating func settle(rows: Int) {
    if position == nil { selected = shown(0..<1).first?.subject }
    guard let at = position, rows > 0 else {
      top = 0
      return
    }
    if at < top { top = at }
    if at >= top + rows { top = at - rows + 1 }
    top = max(min(top, count - rows), 0)
  }

  /// Takes states and results of some more studies in; what is known meanwhile from the reader's own acts
  /// and from detection stays.
  mutating func take(_ read: [WorklistEntry]) {
    let places = summary.indices
    var changed = entries
    for entry in read {
      guard let index = places[entry.subject] else {
        changed.append(entry)
        continue
      }
      if changed[index].isBeingRead { changed[index] = entry }
    }
    entries = changed
  }

  /// The subjects on `rows` lines of the screen of which only the name is known so far.
  func missing(rows: Int) -> [String] {
    shown(top..<top + rows).filter(\.isBeingRead).map(\.subject)
  }

  /// The view as it stands, under a name.
  func view(named name: String) -> WorklistView {
    WorklistView(name: name, filter: filter, order: order, columns: columns)
  }

  /// Begins in another order than the usual one.
  mutating func begin(in order: WorklistOrder) { (firstOrder, self.order) = (order, order) }

  /// Looks at the list as a view says.
  mutating func show(_ view: WorklistView) {
    (filter, order, columns) = (view.filter, view.order, view.columns)
  }

  /// Puts a line in the place of the one of the same subject, or at the end.
  ///
  /// What is known of the patient stays when the new line does not tell it.
  mutating func update(_ entry: WorklistEntry) {
    if let index = entries.firstIndex(where: { $0.subject == entry.subject }) {
      let known = entries[index]
      var line = entry
      line.age = entry.age ?? known.age
      line.sex = entry.sex ?? known.sex
      line.mjoa = entry.mjoa ?? known.mjoa
      if entry.others.isEmpty { line.others = known.others }
      if entry.readers.isEmpty { line.readers = known.readers }
      // A line that only tells of progress knows nothing of the journal.
      if case .detecting = entry.state {
        line.isForDiscussion = known.isForDiscussion
        line.conclusion = known.conclusion
        line.isRevealed = known.isRevealed
      }
      // Nor does one that only says why detection failed.
      if case .problem = entry.state, known.notAssessed != nil, entry.notAssessed == nil {
        (line.state, line.notAssessed) = (known.state, known.notAssessed)
      }
      entries[index] = line
    } else {
      entries.append(entry)
    }
  }
}

extension WorklistEntry {
  /// The line without anything the AI says of the patient.
  var withoutAI: WorklistEntry {
    var entry = self
    (entry.score, entry.threshold, entry.thresholdSource, entry.scoring) = (nil, nil, nil, nil)
    (entry.topSegment, entry.flagged) = (nil, [])
    (entry.secondOpinionFlagged, entry.secondOpinionFlagsPatient) = ([], nil)
    // Filters and orders by flags would tell it otherwise.
    entry.quality.removeAll { $0.tellsOfResult }
    return entry
  }
}
