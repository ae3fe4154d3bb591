/// What can go wrong between a weights file and a map.
public enum NetworkError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A configuration that no network can have.
  case invalidConfiguration(String)
  /// A weights file whose tensors do not fit the network; all problems together.
  case weights(file: String, problems: [String])
  /// The weights were not trained on the wanted context.
  case untrainedContext(wanted: String, trained: [String])
  /// The slice cannot be assessed; the sentence says why.
  case notAssessable(String)
  /// A checkpoint that does not belong to the run.
  case checkpoint(file: String, problem: String)
  /// An input of the wrong shape or with values that are not numbers.
  case invalidInput(String)

  /// What was wrong, and what to do.
  public var description: String {
    switch self {
    case .invalidConfiguration(let text): "network configuration: \(text)"
    case .weights(let file, let problems):
      "\(file): the weights do not fit the network: \(problems.prefix(8).joined(separator: "; "))"
        + (problems.count > 8 ? "; and \(problems.count - 8) more" : "")
    case .untrainedContext(let wanted, let trained):
      "the weights were not trained on context \(wanted); "
        + "use one of: \(trained.joined(separator: ", "))"
    case .notAssessable(let reason): "not assessable: \(reason)"
    case .checkpoint(let file, let problem):
      "\(file): this checkpoint cannot be resumed: \(problem); delete it to begin anew"
    case .invalidInput(let text): "invalid input: \(text)"
    }
  }
}
