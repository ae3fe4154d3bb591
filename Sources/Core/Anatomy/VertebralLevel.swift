/// A vertebra of the cervical and upper thoracic spine.
public enum VertebralLevel: Int, CaseIterable, Comparable, Codable, Sendable {
  case c1 = 1
  case c2, c3, c4, c5, c6, c7, t1, t2, t3

  /// The clinical name, "C2" ... "T3".
  public var name: String { rawValue <= 7 ? "C\(rawValue)" : "T\(rawValue - 7)" }

  /// The label of this vertebra in the TotalSpineSeg convention (C1 = 11 ... C7 = 17, T1 = 21).
  public var totalSpineSegLabel: UInt16 { UInt16(rawValue <= 7 ? 10 + rawValue : 13 + rawValue) }

  /// The next vertebra downwards, if it is one we name.
  public var below: VertebralLevel? { VertebralLevel(rawValue: rawValue + 1) }

  /// From superior to inferior.
  public static func < (a: VertebralLevel, b: VertebralLevel) -> Bool { a.rawValue < b.rawValue }
}
