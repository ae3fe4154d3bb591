internal import Foundation
internal import Imaging

/// How the worklist is looked at: what is asked for, in which order, with which columns.
public struct WorklistView: Equatable, Sendable {
  /// What the reader calls it.
  public var name: String
  /// The words of the filter.
  public var filter: String
  /// The order of the lines.
  public var order: WorklistOrder
  /// The optional columns that are shown, in their order.
  public var columns: [WorklistColumn]

  /// Makes a view; without more than a name it is the list as it is shown at first.
  public init(
    name: String, filter: String = "", order: WorklistOrder = .usual,
    columns: [WorklistColumn] = WorklistColumn.usual
  ) {
    self.name = name
    self.filter = filter
    self.order = order
    self.columns = columns
  }

  /// Characters that a name may have.
  public static let longestName = 40
}

/// A reader's saved views of a library's worklist, kept as a text of sections:
///
///     last = elderly
///     [elderly]
///     filter = unread age>60
///     sort = -age
///     column = age
///     column = tsv.site
public struct WorklistViews: Equatable, Sendable {
  /// The views in the order in which they were saved.
  public private(set) var views: [WorklistView] = []
  /// The name of the view chosen last.
  public private(set) var last: String?

  /// Views that a reader may have.
  public static let most = 100
  /// Columns that a view may have.
  static let mostColumns = 60

  /// No views.
  public init() {}

  /// The view chosen last, where it still is.
  public var lastView: WorklistView? { views.first { $0.name == last } }

  /// Keeps a view in the place of the one of the same name, or as the last, and chooses it.
  public mutating func keep(_ view: WorklistView) {
    if let index = views.firstIndex(where: { $0.name == view.name }) {
      views[index] = view
    } else {
      views.append(view)
    }
    last = view.name
  }

  /// Chooses a view; `nil` chooses none.
  public mutating func choose(_ name: String?) { last = name }

  /// Deletes a view.
  public mutating func delete(_ name: String) {
    views.removeAll { $0.name == name }
    if last == name { last = nil }
  }

  /// The views as a text that is read back.
  public var text: String {
    var lines = [
      "# Views of the worklist: [NAME], then filter =, sort = and a line column = for each column."
    ]
    if let last { lines.append("last = \(last)") }
    for view in views {
      lines += ["", "[\(view.name)]", "filter = \(view.filter)", "sort = \(view.order.text)"]
      lines += view.columns.map { "column = \($0.word)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Reads the text of a file.
  ///
  /// - Throws: `ReadError` naming file and line.
  public init(text: String, file: String) throws {
    func wrong(_ number: Int, _ problem: String) -> ReadError {
      ReaderText.mistake(problem, line: number, of: file)
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let (line, number) = (String(line).trimmed, index + 1)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("["), line.hasSuffix("]"), line.count > 2 {
        let name = String(line.dropFirst().dropLast()).trimmed
        guard WorklistView.problem(ofName: name) == nil else {
          throw wrong(number, "\"\(name.cleaned(limit: 60))\" is no name of a view")
        }
        guard !views.contains(where: { $0.name == name }) else {
          throw wrong(number, "the view \"\(name)\" is there twice")
        }
        guard views.count < Self.most else { throw wrong(number, "more than \(Self.most) views") }
        // Without a line "sort" it means what it meant before lists began with what is unread.
        views.append(WorklistView(name: name, order: WorklistOrder(.flagged), columns: []))
        continue
      }
      guard let equals = line.firstIndex(of: "=") else {
        throw wrong(number, "is neither [NAME] nor WORD = VALUE")
      }
      let word = String(line[..<equals]).trimmed
      let value = String(line[line.index(after: equals)...]).trimmed
      if let problem = take(word, value) { throw wrong(number, problem) }
    }
  }

  /// Takes a line in; what is wrong with it.
  private mutating func take(_ word: String, _ value: String) -> String? {
    let shown = value.cleaned(limit: 60)
    guard let at = views.indices.last else {
      guard word == "last" else { return "\(word.cleaned(limit: 40)) stands before the first view" }
      last = value.cleaned(limit: WorklistView.longestName)
      return nil
    }
    switch word {
    case "filter":
      views[at].filter = value.cleaned(limit: 500)
    case "sort":
      guard let order = WorklistOrder(text: value) else { return "\"\(shown)\" is no order" }
      views[at].order = order
    case "column":
      guard let column = WorklistColumn(word: value), column.isOptional else {
        return "\"\(shown)\" is no column that can be chosen"
      }
      guard !views[at].columns.contains(column) else { return "column \(shown) is there twice" }
      guard views[at].columns.count < Self.mostColumns else {
        return "more than \(Self.mostColumns) columns"
      }
      views[at].columns.append(column)
    default: return "\(word.cleaned(limit: 40)) is not filter, sort or column"
    }
    return nil
  }
}

extension WorklistView {
  /// Why a text cannot be the name of a view, in words; `nil` where it can.
  public static func problem(ofName name: String) -> String? {
    if name.isEmpty { return "a view needs a name" }
    if name.count > longestName { return "a view's name has at most \(longestName) characters" }
    if name.cleaned != name || name.contains("[") || name.contains("]") {
      return "a view's name has no brackets and no control characters"
    }
    return nil
  }
}

extension WorklistColumn {
  /// Whether a reader may show and hide it.
  public var isOptional: Bool {
    if case .other = self { return true }
    return Self.optional.contains(self)
  }
}

extension WorklistViews {
  /// A reader's saved views of a library; none before the first is saved.
  ///
  /// - Throws: `ReadError` naming file and line.
  static func read(library root: URL, reader: String) throws -> WorklistViews {
    try WorklistViews(ReaderFile.views.read(library: root, reader: reader))
  }

  private init(_ kept: ReaderText) throws { try self.init(text: kept.text, file: kept.path) }

  /// Changes a reader's saved views; a file that cannot be read is never replaced.
  ///
  /// - Throws: `ReadError`, `LibraryError.cannotWrite`, `WriteError`.
  static func change(
    library root: URL, reader: String, _ change: (inout WorklistViews) -> Void
  ) throws -> WorklistViews {
    let kept = try ReaderFile.views.change(library: root, reader: reader) { kept in
      let before = try WorklistViews(kept)
      var views = before
      change(&views)
      guard views != before else { return kept.text }
      guard views.views.count <= most else {
        throw LibraryError.cannotWrite(kept.path, "a reader has at most \(most) views")
      }
      return views.text
    }
    return try WorklistViews(kept)
  }
}

extension StudyLibrary {
  /// A reader's saved views of this library; none before the first is saved.
  ///
  /// - Throws: `ReadError` naming file and line.
  public func worklistViews(reader: String) throws -> WorklistViews {
    try WorklistViews.read(library: root, reader: reader)
  }

  /// Changes a reader's saved views; a file that cannot be read is never replaced.
  ///
  /// - Throws: `ReadError`, `LibraryError.cannotWrite`, `WriteError`.
  public func changeWorklistViews(
    reader: String, _ change: (inout WorklistViews) -> Void
  ) throws -> WorklistViews {
    try WorklistViews.change(library: root, reader: reader, change)
  }
}
