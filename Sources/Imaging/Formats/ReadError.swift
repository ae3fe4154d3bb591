/// Why a file could not be read: which file, where in it, what is wrong, what to do.
///
/// The parts come from untrusted files; `description` is cleaned of control characters and may be
/// shown in a terminal.
public struct ReadError: Error, Equatable, CustomStringConvertible {
  /// The file's path, or an empty string for bytes in memory.
  public var path: String
  /// The header field or part of the file concerned, as the format's standard names it.
  public var field: String?
  /// The offset in bytes from the start of the (decompressed) file.
  public var offset: Int?
  /// What is wrong, in a few words.
  public var problem: String
  /// What the user can do about it.
  public var advice: String?

  /// Makes an error from its parts.
  public init(
    path: String, field: String? = nil, offset: Int? = nil, problem: String, advice: String? = nil
  ) {
    self.path = path
    self.field = field
    self.offset = offset
    self.problem = problem
    self.advice = advice
  }

  /// One line: `path: field, byte 40: problem (advice)`.
  public var description: String {
    var place: [String] = []
    if let field { place.append(field.cleaned(limit: 120)) }
    if let offset { place.append("byte \(offset)") }
    var text = path.isEmpty ? "" : path.cleaned(limit: 1024) + ": "
    if !place.isEmpty { text += place.joined(separator: ", ") + ": " }
    text += problem.cleaned(limit: 500)
    if let advice { text += " (" + advice.cleaned(limit: 500) + ")" }
    return text
  }
}
