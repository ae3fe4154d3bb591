internal import Imaging

/// What is said beside the scores of a session: whole sentences, of which one tells all cases that it is said of.
struct TeachingRemarks {
  /// Whether who looks has answered cases whose truth he has not seen.
  var hasUnseen = false
  /// Cases without truth.
  var withoutTruth: Set<Int> = []
  /// Cases whose truth others signed, for who looks and has neither signed nor seen them.
  var uncounted: Set<Int> = []
  /// What could not be read.
  var problems: [String] = []
  /// By learner, cases whose truth is his own reading and nobody else's.
  private var own: [String: Set<Int>] = [:]
  /// By learner, cases in which the others agree on nothing.
  private var undecided: [String: Set<Int>] = [:]
  private var alone: [OneReader: Set<Int>] = [:]

  /// That a truth is one reader's.
  private struct OneReader: Hashable {
    var reader: String
    /// For whom it is, as his own reading was left out; `nil` for all others.
    var learner: String?
    /// Where; empty for all segments that are known.
    var segments: [SpinalSegment]

    /// In the order in which it is said.
    var rank: String { "\(learner ?? "") \(reader) \(segments.map(\.rawValue))" }
  }

  /// Takes in what a learner's answers to a case are held against.
  mutating func take(_ truth: CaseTruth, of number: Int) {
    for (reader, segments) in truth.alone {
      let isWhole = segments.count == truth.verdicts.count
      let one = OneReader(
        reader: reader, learner: truth.leftOut, segments: isWhole ? [] : segments)
      alone[one, default: []].insert(number)
    }
  }

  /// Takes in that a case cannot be counted for a learner, as its truth is nothing without his own reading.
  mutating func leaveOut(_ learner: String, _ number: Int, of truth: CaseTruth) {
    if truth.readers() == [learner] {
      own[learner, default: []].insert(number)
    } else {
      undecided[learner, default: []].insert(number)
    }
  }

  /// The sentences.
  var sentences: [String] {
    var sentences = hasUnseen ? [TeachingSource.unseen] : []
    if !withoutTruth.isEmpty {
      sentences.append(
        Self.cases(withoutTruth) + (withoutTruth.count == 1 ? " has" : " have") + " no truth")
    }
    if !uncounted.isEmpty { sentences.append(Self.uncounted(uncounted)) }
    for (learner, numbers) in own.sorted(by: { $0.key < $1.key }) {
      let its = numbers.count == 1 ? "its" : "their"
      sentences.append(
        Self.notCounted(numbers, for: learner) + ": his own reading alone is \(its) truth")
    }
    for (learner, numbers) in undecided.sorted(by: { $0.key < $1.key }) {
      let none = numbers.count == 1 ? "it has" : "they have"
      sentences.append(
        Self.notCounted(numbers, for: learner) + ": without his own reading \(none) no truth")
    }
    for (one, numbers) in alone.sorted(by: { $0.key.rank < $1.key.rank }) {
      sentences.append(Self.words(one, numbers))
    }
    return sentences + Set(problems).sorted()
  }

  /// Said of cases whose truth others signed, to who has neither signed their studies nor seen it, and how they
  /// are counted.
  static func uncounted(_ numbers: Set<Int>) -> String {
    numbers.count == 1
      ? "\(cases(numbers)) is not counted: its truth is what readers signed, and you have not signed its study; "
        + "see it in the session, or use --summary --compare, which your journal of the study notes"
      : "\(cases(numbers)) are not counted: their truth is what readers signed, and you have not signed their "
        + "studies; see them in the session, or use --summary --compare, which your journals of the studies note"
  }

  private static func notCounted(_ numbers: Set<Int>, for learner: String) -> String {
    "\(cases(numbers)) \(numbers.count == 1 ? "is" : "are") not counted for \(learner.cleaned(limit: 40))"
  }

  private static func words(_ one: OneReader, _ numbers: Set<Int>) -> String {
    let start = one.learner.map {
      "for \($0.cleaned(limit: 40)), whose own reading is left out, "
    }
    let place = one.segments.isEmpty ? "" : " at \(listed(one.segments.map(\.name)))"
    return (start ?? "") + "the truth of \(cases(numbers))\(place) is "
      + "\(one.reader.cleaned(limit: 40))'s reading alone"
  }

  /// "case 2", "cases 2 and 3", "cases 2, 3 and 5".
  private static func cases(_ numbers: Set<Int>) -> String {
    (numbers.count == 1 ? "case " : "cases ") + listed(numbers.sorted().map { "\($0)" })
  }

  private static func listed(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and \(last)"
  }
}
