/// Why a file could not be written: which file, what is wrong, what to do.
public struct WriteError: Error, Equatable, CustomStringConvertible {
  /// The path that was to be written.
  public var path: String
  /// What is wrong, in a few words.
  public var problem: String
  /// What the user can do about it.
  public var advice: String?

  /// Makes an error from its parts.
  public init(path: String, problem: String, advice: String? = nil) {
    self.path = path
    self.problem = problem
    self.advice = advice
  }

  /// One line: `path: problem (advice)`, cleaned of control characters.
  public var description: String {
    var text = path.cleaned(limit: 1024) + ": " + problem.cleaned(limit: 500)
    if let advice { text += " (" + advice.cleaned(limit: 500) + ")" }
    return text
  }
}
