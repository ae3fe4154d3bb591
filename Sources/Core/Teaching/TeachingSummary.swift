public import Foundation
internal import Imaging

/// The scores of a teaching session.
public struct TeachingSummary: Equatable, Sendable {
  /// The session.
  public var session: String
  /// How many cases it has.
  public var caseCount: Int
  /// The learners who answered something or saw a truth, by name.
  public var scores: [TeachingScore]
  /// Who presented the session and stated something in it, by name: they are not scored.
  public var presenters: [String]
  /// What could not be read, is not known or is not counted, and whose reading alone is a truth: whole sentences.
  public var remarks: [String]

  /// Makes a summary.
  public init(
    session: String, caseCount: Int, scores: [TeachingScore], presenters: [String] = [],
    remarks: [String] = []
  ) {
    self.session = session
    self.caseCount = caseCount
    self.scores = scores
    self.presenters = presenters
    self.remarks = remarks
  }

  /// The summary as lines that fit 80 columns for up to four learners.
  public var lines: [String] {
    let learners = CountText.of(scores.count, "learner", "learners")
    var lines = ["Teaching session \(session): \(Self.cases(caseCount)), \(learners)"]
    if scores.isEmpty { lines += ["", "nothing to score yet"] }
    for score in scores { lines += [""] + Self.lines(score) }
    let numbers = Set(scores.flatMap(\.cases.keys)).sorted()
    if !numbers.isEmpty {
      lines += ["", Self.row("CASE", scores.map(\.learner))]
      lines += numbers.flatMap { rows(of: $0) }
      lines += [
        "", "Segments whose truth is known; every share is of those that were answered.",
        "\"Cannot tell\" is answered, and neither found nor cleared.",
        "95 % intervals (Wilson) take segments as independent; those of a case are not.",
      ]
      if scores.contains(where: \.leavesOwnOut) {
        lines.append("Nobody is scored against his own reading: the others' are his truth.")
      }
    }
    if !presenters.isEmpty {
      let names = presenters.map { $0.cleaned(limit: 40) }.joined(separator: ", ")
      lines += ["", "presenter, not scored: \(names)"]
    }
    if !remarks.isEmpty { lines += [""] + remarks.flatMap(Self.filled) }
    return lines + ["", Notice.researchUse]
  }

  /// A sentence as lines of 80 columns.
  private static func filled(_ sentence: String) -> [String] {
    SheetText.wrapped(sentence, to: 78).enumerated().map { $0 == 0 ? $1 : "  \($1)" }
  }

  /// The summary as text.
  public var text: String { lines.joined(separator: "\n") }

  /// A case in one row, and in a second what was not answered of it.
  private func rows(of number: Int) -> [String] {
    let cases = scores.map { $0.cases[number] }
    let right = cases.map { item -> String in
      guard let item else { return "-" }
      if item.answered == 0 { return "nothing answered" }
      let time = item.seconds.map { "  \(Int($0.rounded())) s" } ?? ""
      return "\(item.right)/\(item.answered) right" + time
    }
    let left = cases.map { $0?.unanswered ?? 0 }
    guard left.contains(where: { $0 > 0 }) else { return [Self.row("\(number)", right)] }
    let words = left.map { $0 > 0 ? "\($0) unanswered" : "" }
    return [Self.row("\(number)", right), Self.row("", words)]
  }

  private static func cases(_ number: Int) -> String { CountText.of(number, "case", "cases") }

  private static func lines(_ score: TeachingScore) -> [String] {
    let time = score.medianSeconds.map { ", \(Int($0.rounded())) s per case (median)" } ?? ""
    let known = score.answered + score.unanswered
    let left =
      score.unanswered > 0
      ? ", \(score.answered) of \(known) answered, \(score.unanswered) unanswered" : ""
    return [
      "\(score.learner): \(cases(score.cases.count))" + left + time,
      "  right        \(score.right.words)", "  sensitivity  \(score.sensitivity.words)",
      "  specificity  \(score.specificity.words)",
      "  kappa        " + (score.kappa.map { String(format: "%.2f", $0) } ?? "-"),
    ]
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    func fill(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    var row = fill(name, 6) + cells.map { fill($0.cleaned(limit: 16), 18) }.joined()
    while row.last == " " { row.removeLast() }
    return row
  }

  /// One line for each learner, none for who presented: counts, shares with their intervals, kappa, time.
  public var csv: String {
    func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "n/a" }
    func cells(_ interval: WilsonInterval) -> [String] {
      let bounds = interval.total > 0 ? [interval.lower, interval.upper] : []
      return ["\(interval.count)", "\(interval.total)", number(interval.share)]
        + [number(bounds.first), number(bounds.last)]
    }
    let names = ["right", "sensitivity", "specificity"].flatMap {
      ["\($0)_count", "\($0)_total", $0, "\($0)_lower", "\($0)_upper"]
    }
    let head =
      ["session", "learner", "cases", "unanswered"] + names
      + ["kappa", "seconds_median", "notice"]
    let rows = scores.map { score in
      [session, score.learner, "\(score.cases.count)", "\(score.unanswered)"]
        + cells(score.right) + cells(score.sensitivity) + cells(score.specificity)
        + [number(score.kappa), number(score.medianSeconds), Notice.researchUse]
    }
    return ([head] + rows).map(MeasurementCSV.line).joined()
  }

  /// The summary as JSON with sorted keys; what is not known is left out.
  public func json() throws -> Data {
    func object(_ interval: WilsonInterval) -> [String: Any] {
      var entry: [String: Any] = ["count": interval.count, "total": interval.total]
      if let share = interval.share {
        (entry["share"], entry["lower"], entry["upper"]) = (share, interval.lower, interval.upper)
      }
      return entry
    }
    let learners = scores.map { score -> [String: Any] in
      var entry: [String: Any] = [
        "learner": score.learner, "unanswered": score.unanswered, "right": object(score.right),
        "sensitivity": object(score.sensitivity), "specificity": object(score.specificity),
      ]
      entry["cases"] = score.cases.sorted { $0.key < $1.key }.map { number, item in
        var entry: [String: Any] = [
          "case": number, "right": item.right, "answered": item.answered, "known": item.known,
        ]
        entry["seconds"] = item.seconds
        entry["truth"] = item.truth.map(Self.object)
        return entry
      }
      entry["kappa"] = score.kappa
      entry["seconds_median"] = score.medianSeconds
      return entry
    }
    let root: [String: Any] = [
      "session": session, "cases": caseCount, "learners": learners,
      "presenters": presenters, "remarks": remarks, "notice": Notice.researchUse,
    ]
    return try JSONSerialization.data(
      withJSONObject: root, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }

  /// Where a truth comes from: `source`, the `readers` whose signatures it is, under `alone` the segments of which
  /// one reader alone signed something, and `left_out`, the learner's own reading.
  private static func object(_ truth: CaseTruth) -> [String: Any] {
    var entry: [String: Any] = ["source": truth.sourceCode]
    if truth.source != .library { entry["readers"] = truth.readers() }
    if !truth.alone.isEmpty { entry["alone"] = truth.alone.mapValues { $0.map(\.name) } }
    entry["left_out"] = truth.leftOut
    return entry
  }
}

extension TeachingScore {
  /// Whether the learner's own reading is left out of the truth of a case.
  fileprivate var leavesOwnOut: Bool { cases.values.contains { $0.truth?.leftOut != nil } }
}
