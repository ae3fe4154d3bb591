internal import Imaging

/// A column of the worklist: what can be asked for, sorted by and shown.
public enum WorklistColumn: Hashable, Sendable {
  case state, study, age, sex, mjoa, top, score, segment, second, verdict, flag, reader
  /// A column of participants.tsv that has no place of its own, by its name there.
  case other(String)

  /// The columns that every library has.
  public static let named: [WorklistColumn] = [
    .state, .study, .age, .sex, .mjoa, .top, .score, .segment, .second, .verdict, .flag, .reader,
  ]
  /// The columns that a reader may show or hide, in the order in which they are listed.
  public static let optional: [WorklistColumn] = [
    .age, .sex, .mjoa, .second, .verdict, .flag, .reader,
  ]
  /// What is shown unless the reader chooses.
  public static let usual: [WorklistColumn] = [.age, .sex, .mjoa, .second, .verdict, .flag]

  /// Stands before the name of a column of participants.tsv in files.
  private static let mark = "tsv."

  /// The column in one word, as files keep it: "age", "tsv.site".
  public var word: String {
    switch self {
    case .state: "state"
    case .study: "study"
    case .age: "age"
    case .sex: "sex"
    case .mjoa: "mjoa"
    case .top: "top"
    case .score: "score"
    case .segment: "segment"
    case .second: "second"
    case .verdict: "verdict"
    case .flag: "flag"
    case .reader: "reader"
    case .other(let name): Self.mark + name
    }
  }

  /// The column as a reader reads it.
  public var title: String {
    switch self {
    case .top: "segment with the highest score"
    case .segment: "segments flagged by the AI"
    case .second: "second opinion"
    case .verdict: "your verdict"
    case .flag: "quality flags"
    case .reader: "readers (others once you signed)"
    case .mjoa: "mJOA"
    case .other(let name): name.cleaned(limit: 40)
    default: word
    }
  }

  /// The column of a word as files keep it; `nil` where there is none.
  public init?(word: String) {
    if let known = Self.named.first(where: { $0.word == word }) {
      self = known
    } else if word.hasPrefix(Self.mark), word.count > Self.mark.count {
      self = .other(String(word.dropFirst(Self.mark.count)).cleaned(limit: 100))
    } else {
      return nil
    }
  }

  /// The column that a typed name means; names of participants.tsv are taken in any case, "_" for a
  /// space, with "tsv." before them where they are also the name of a column of ours.
  init?(typed name: String, others: [String]) {
    if let known = Self.named.first(where: { $0.word == name || $0.otherName == name }) {
      self = known
      return
    }
    let wanted = name.hasPrefix(Self.mark) ? String(name.dropFirst(Self.mark.count)) : name
    guard let found = others.first(where: { Self.typed($0) == wanted }) else { return nil }
    self = .other(found)
  }

  /// How a name of participants.tsv is typed.
  static func typed(_ name: String) -> String { name.lowercased().replacing(" ", with: "_") }

  private var otherName: String? {
    switch self {
    case .study: "sub"
    case .flag: "quality"
    case .segment: "segments"
    default: nil
    }
  }

  /// Whether it holds what the AI says of the patient, or the second opinion.
  public var isOfAI: Bool {
    switch self {
    case .top, .score, .segment, .second: true
    case .state, .study, .age, .sex, .mjoa, .verdict, .flag, .reader, .other: false
    }
  }

  /// Whether values can be greater or smaller.
  var isComparable: Bool {
    switch self {
    case .age, .mjoa, .score, .other: true
    default: false
    }
  }
}

extension WorklistEntry {
  /// Whether the AI flags the patient: a segment over its threshold, or the patient's score over its own.
  public var isFlagged: Bool {
    if !flagged.isEmpty { return true }
    guard notAssessed == nil, let score, let threshold else { return false }
    return score >= threshold
  }

  /// What stands in a column, one text for each thing named there.
  public func texts(_ column: WorklistColumn) -> [String] {
    switch column {
    case .state: [state.word]
    case .study: [subject]
    case .age: age.map { [$0] } ?? []
    case .sex: sex.map { [$0] } ?? []
    case .mjoa: mjoa.map { [$0] } ?? []
    case .top: topSegment.map { [$0.name] } ?? []
    case .score: score.map { ["\($0)"] } ?? []
    case .segment: flagged.map(\.name)
    case .second: secondOpinionFlagged.map(\.name)
    case .verdict: conclusion.map { [$0.verdict.rawValue] } ?? []
    case .flag:
      quality.map(\.flag) + (isForDiscussion ? ["discussion"] : [])
        + (relabelled.isEmpty ? [] : ["relabelled"])
    case .reader: readers
    case .other(let name): others[name].map { [$0] } ?? []
    }
  }

  /// The number in a column; `nil` where there is none.
  public func number(_ column: WorklistColumn) -> Double? {
    let value: Double? =
      column == .score
      ? score : column.isComparable ? texts(column).first.flatMap(Double.init) : nil
    return value.flatMap { $0.isFinite ? $0 : nil }
  }
}
