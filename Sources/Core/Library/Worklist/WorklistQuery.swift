internal import Imaging

/// What a reader asks the worklist for: `unread flag:motion age>60 mjoa<15 segment:C5-6 !signed`.
///
/// Every term must hold; `!` before a term turns it round. A term is a plain word (a state, "flagged",
/// "discussion", a case verdict, a segment, a part of a study's name or of a quality flag) or a column
/// with `:`, `=`, `<`, `<=`, `>` or `>=` and a value; `signed>=2` asks how many readers signed what awaits
/// adjudication, which only supervisors are told. A term that means nothing excludes nothing and is
/// told in `problems`.
public struct WorklistQuery: Equatable, Sendable {
  enum Comparison: String, CaseIterable {
    // The longer sign first: "<=" is not "<" with a value that begins with "=".
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case more = ">"
    case equal = "="
    case has = ":"
  }

  private enum Test: Equatable {
    case word(String)
    case text(WorklistColumn, String, isWhole: Bool)
    case number(WorklistColumn, Comparison, Double)
    case signatures(Comparison, Double)
  }

  private struct Term: Equatable {
    var test: Test
    var isNegated: Bool
  }

  private var terms: [Term] = []
  /// What is wrong with the query, in sentences; empty where all of it is understood.
  public private(set) var problems: [String] = []
  /// The terms that are asked, as they were typed.
  public private(set) var applied = ""

  /// Whether every line passes.
  public var isEmpty: Bool { terms.isEmpty }

  /// Reads a query.
  ///
  /// - Parameter others: the columns of participants.tsv that may be asked.
  public init(_ text: String, others: [String] = []) {
    var understood: [Substring] = []
    for typed in text.split(separator: " ") {
      let word = Substring(typed.lowercased())
      let isNegated = word.hasPrefix("!")
      let bare = isNegated ? word.dropFirst() : word
      // While only the mark is typed, nothing is excluded yet.
      if bare.isEmpty { continue }
      do throws(Problem) {
        terms.append(Term(test: try Self.test(String(bare), others), isNegated: isNegated))
        understood.append(typed)
      } catch {
        problems.append(error.words.cleaned(limit: 300))
      }
    }
    applied = understood.joined(separator: " ")
  }

  private struct Problem: Error {
    var words: String
    init(_ words: String) { self.words = words }
  }

  private static func test(_ word: String, _ others: [String]) throws(Problem) -> Test {
    guard let at = word.firstIndex(where: { ":<>=".contains($0) }), at != word.startIndex else {
      return .word(word)
    }
    let (name, rest) = (String(word[..<at]), word[at...])
    guard let sign = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
      return .word(word)
    }
    let value = String(rest.dropFirst(sign.rawValue.count))
    if name == signatures {
      guard let number = Double(value), number.isFinite else {
        throw Problem("\(name)\(sign.rawValue) needs a number, not \"\(value)\"")
      }
      return .signatures(sign, number)
    }
    guard let column = WorklistColumn(typed: name, others: others) else {
      let all = WorklistColumn.named.map(\.word) + others.prefix(12).map(WorklistColumn.typed)
      throw Problem("there is no column \"\(name)\": \(all.joined(separator: ", "))")
    }
    guard !value.isEmpty else { throw Problem("\(name)\(sign.rawValue) needs a value after it") }
    if sign == .has || sign == .equal { return try equality(column, name, sign, value) }
    guard column.isComparable else {
      throw Problem("\(name) has no numbers: write \(name):\(value)")
    }
    guard let number = Double(value), number.isFinite else {
      throw Problem("\(name)\(sign.rawValue) needs a number, not \"\(value)\"")
    }
    return .number(column, sign, number)
  }

  private static func equality(
    _ column: WorklistColumn, _ name: String, _ sign: Comparison, _ value: String
  ) throws(Problem) -> Test {
    func check(_ known: [String]) throws(Problem) {
      guard !known.contains(value) else { return }
      throw Problem("\(name) is one of \(known.joined(separator: ", ")), not \"\(value)\"")
    }
    switch column {
    case .state: try check(states)
    case .segment, .second, .top: try check(SpinalSegment.allCases.map { $0.name.lowercased() })
    case .verdict: try check(verdicts)
    default:
      if column.isComparable, let number = Double(value), number.isFinite {
        return .number(column, .equal, number)
      }
    }
    // Names, flags and free text are found by a part; ages, sexes and words of ours are whole.
    let isPart = sign == .has && !isWord(column)
    return .text(column, value, isWhole: !isPart)
  }

  private static func isWord(_ column: WorklistColumn) -> Bool {
    switch column {
    case .study, .flag, .reader, .other: false
    default: true
    }
  }

  /// The word of how many readers signed; alone it is a state.
  private static let signatures = "signed"
  private static let states = [
    "waiting", "detecting", "unread", "reading", "read", "signed", "reopened", "problem",
    "disputed", "relabelled",
  ]
  private static let verdicts = ["present", "absent", "open"]

  /// Whether a line passes.
  ///
  /// - Parameter name: the subject in small letters, where that is known already.
  public func matches(_ entry: WorklistEntry, name: String? = nil) -> Bool {
    terms.allSatisfy { term in
      Self.matches(entry, name ?? entry.subject.lowercased(), term.test) != term.isNegated
    }
  }

  private static func matches(_ entry: WorklistEntry, _ name: String, _ test: Test) -> Bool {
    switch test {
    case .word(let word): return matches(entry, name, word: word)
    case .text(.state, let value, _): return hasState(entry, value)
    case .text(.study, let value, let isWhole):
      if isWhole { return name == value || "sub-\(name)" == value }
      return isNamed(name, value)
    case .text(let column, let value, let isWhole):
      return entry.texts(column).contains { text in
        let text = text.lowercased()
        return isWhole ? text == value : text.holds(value)
      }
    case .number(let column, let sign, let value):
      return entry.number(column).map { holds($0, sign, value) } ?? false
    case .signatures(let sign, let value):
      return entry.signatures.map { holds(Double($0), sign, value) } ?? false
    }
  }

  private static func holds(_ number: Double, _ sign: Comparison, _ value: Double) -> Bool {
    switch sign {
    case .atMost: number <= value
    case .atLeast: number >= value
    case .less: number < value
    case .more: number > value
    case .equal, .has: number == value
    }
  }

  private static func matches(_ entry: WorklistEntry, _ name: String, word: String) -> Bool {
    if states.contains(word) { return hasState(entry, word) }
    if verdicts.contains(word) { return entry.conclusion?.verdict.rawValue == word }
    switch word {
    case "flagged": return entry.isFlagged
    case "discussion": return entry.isForDiscussion
    default:
      if isNamed(name, word) { return true }
      if entry.quality.contains(where: { $0.flag.lowercased().holds(word) }) { return true }
      return entry.flagged.contains { $0.name.lowercased() == word }
    }
  }

  /// "sub-" stands before every name on the screen.
  private static func isNamed(_ name: String, _ part: String) -> Bool {
    name.holds(part) || part.hasPrefix("s") && "sub-\(name)".hasPrefix(part)
  }

  private static func hasState(_ entry: WorklistEntry, _ word: String) -> Bool {
    // Of what is only listed so far the state is not known.
    if entry.isBeingRead { return false }
    if word == "disputed" { return entry.isDisputed }
    if word == "relabelled" { return !entry.relabelled.isEmpty }
    return entry.state.word == word || word == "problem" && entry.notAssessed != nil
  }
}

extension String {
  /// Whether a text stands in it, byte for byte: asked of every line at every key of a filter.
  fileprivate func holds(_ part: String) -> Bool {
    let (whole, part) = (Array(utf8), Array(part.utf8))
    guard let first = part.first else { return true }
    guard whole.count >= part.count else { return false }
    return (0...whole.count - part.count).contains { start in
      whole[start] == first && part.indices.allSatisfy { whole[start + $0] == part[$0] }
    }
  }
}
