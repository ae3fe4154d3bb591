/// Something a reader noticed while checking a header.
public struct HeaderFinding: Equatable, Sendable, CustomStringConvertible {
  /// How much it matters.
  public enum Severity: Int, Comparable, Sendable {
    /// Worth knowing; nothing was changed.
    case note
    /// The value was replaced or ignored; the result may surprise.
    case warning
    /// The file cannot be used.
    case error

    /// Orders by how much it matters.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// How much it matters.
  public let severity: Severity
  /// The header field concerned.
  public let field: String
  /// The field's offset in bytes.
  public let offset: Int
  /// What is wrong and, below `error`, what was done about it.
  public let problem: String
  /// What the user can do about it.
  public let advice: String?

  /// One line, cleaned of control characters.
  public var description: String {
    let text = "\(field), byte \(offset): \(problem)" + (advice.map { " (\($0))" } ?? "")
    return text.cleaned(limit: 1000)
  }

  /// The finding as an error of a file.
  func readError(path: String) -> ReadError {
    ReadError(path: path, field: field, offset: offset, problem: problem, advice: advice)
  }
}
