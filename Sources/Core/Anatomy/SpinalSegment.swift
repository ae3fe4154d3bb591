/// One of the six assessed segments, from the centre of one vertebral body to that of the next.
///
/// A vertebral (disc) level, not a neurological segment (method, section 6).
public enum SpinalSegment: Int, CaseIterable, Comparable, Codable, Sendable {
  case c2c3, c3c4, c4c5, c5c6, c6c7, c7t1

  /// The vertebra whose centroid row opens the segment.
  public var upper: VertebralLevel { VertebralLevel.allCases[rawValue + 1] }
  /// The vertebra whose centroid row closes the segment.
  public var lower: VertebralLevel { VertebralLevel.allCases[rawValue + 2] }
  /// The clinical name, "C2-3" ... "C7-T1".
  public var name: String {
    self == .c7t1 ? "C7-T1" : "\(upper.name)-\(lower.rawValue)"
  }

  /// The segment of a clinical name, or `nil`.
  public init?(name: String) {
    guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  /// Why nothing is assessed or measured here where the place of one of its vertebrae is not known: "the level
  /// of T1 is not known"; `nil` where both are. The one rule of detection and measurements.
  func absence(among known: Set<VertebralLevel>) -> String? {
    let unknown = [upper, lower].filter { !known.contains($0) }.map(\.name)
    return unknown.isEmpty
      ? nil : "the level of \(unknown.joined(separator: " and ")) is not known"
  }

  /// From superior to inferior.
  public static func < (a: SpinalSegment, b: SpinalSegment) -> Bool { a.rawValue < b.rawValue }
}
