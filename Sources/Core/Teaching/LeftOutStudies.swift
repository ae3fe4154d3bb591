/// The studies that cannot be cases of a teaching session, by what they lack.
public struct LeftOutStudies: Equatable, Sendable {
  /// Most studies that a line names; of others it says how many they are.
  static let mostNames = 12

  /// Those of which nothing is known, by subject.
  public internal(set) var withoutTruth: [String] = []
  /// Those whose truth names no segment, so that no answer could be scored.
  public internal(set) var withoutSegments: [String] = []
  /// Those that cannot be used, and why.
  public internal(set) var unusable: [String: String] = [:]

  /// Makes a list of none.
  public init() {}

  /// What was left out and why, a line for each reason.
  public var lines: [String] {
    var lines: [String] = []
    if !withoutTruth.isEmpty { lines.append("no truth: \(Self.names(withoutTruth))") }
    if !withoutSegments.isEmpty {
      lines.append("truth of no segment, levels are not known: \(Self.names(withoutSegments))")
    }
    return lines + problems
  }

  /// The studies that something is wrong with, a line for each.
  public var problems: [String] {
    let subjects = unusable.keys.sorted(by: NaturalOrder.precedes)
    let shown = subjects.prefix(Self.mostNames).map { "\($0): \(unusable[$0] ?? "")" }
    let rest = subjects.count - shown.count
    return shown + (rest > 0 ? ["\(rest) more cannot be used"] : [])
  }

  private static func names(_ subjects: [String]) -> String {
    let names = subjects.sorted(by: NaturalOrder.precedes)
    let rest = names.count - mostNames
    return names.prefix(mostNames).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
