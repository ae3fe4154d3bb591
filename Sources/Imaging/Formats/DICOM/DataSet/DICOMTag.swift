/// The tag of a data element: group and element number.
public struct DICOMTag: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The group; odd groups are private.
  public let group: UInt16
  /// The number inside the group.
  public let element: UInt16

  /// Makes a tag from its two numbers.
  public init(_ group: UInt16, _ element: UInt16) {
    self.group = group
    self.element = element
  }

  /// Whether the element belongs to a manufacturer, not to the standard.
  public var isPrivate: Bool { group & 1 == 1 }
  /// Whether the element is the length of its group.
  public var isGroupLength: Bool { element == 0 }

  /// Orders by group, then element, as files do.
  public static func < (a: Self, b: Self) -> Bool {
    (a.group, a.element) < (b.group, b.element)
  }

  /// The tag as the standard writes it, with the keyword where it is known: `(0028,0010) Rows`.
  public var description: String {
    let numbers = "(" + Self.hexadecimal(group) + "," + Self.hexadecimal(element) + ")"
    return DICOMDictionary.keyword(of: self).map { numbers + " " + $0 } ?? numbers
  }

  private static func hexadecimal(_ number: UInt16) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
