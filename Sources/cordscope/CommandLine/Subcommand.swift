/// One subcommand of the program: a name, its help and what it does.
protocol Subcommand: SendableMetatype {
  /// The word after `cordscope`.
  static var name: String { get }
  /// One line for the list of commands.
  static var summary: String { get }
  /// Sentences under it in the subcommand's own help, a line each.
  static var remarks: [String] { get }
  /// Positional words for the usage line, such as `SRC...`.
  static var operands: String { get }
  /// The options it takes, in the order help shows them.
  static var options: [Option] { get }
  /// Runs with parsed arguments; results go to stdout, messages to stderr.
  static func run(_ arguments: Arguments) throws -> ExitCode
}

/// How the program ends (architecture, command line).
enum ExitCode: Int32 {
  case done = 0
  case findingsFailed = 1
  case usage = 2
  case unusableInput = 3
  case interrupted = 4
}

/// An option of a subcommand.
struct Option: Sendable {
  /// The long name without dashes.
  let name: String
  /// The placeholder of its value, or `nil` for a switch.
  let value: String?
  /// What it means.
  let help: String

  static func value(_ name: String, _ value: String, _ help: String) -> Option {
    Option(name: name, value: value, help: help)
  }

  static func flag(_ name: String, _ help: String) -> Option {
    Option(name: name, value: nil, help: help)
  }
}

extension Subcommand {
  static var operands: String { "" }
  static var options: [Option] { [] }
  static var remarks: [String] { [] }

  /// Whether it takes words that are not options.
  static var takesOperands: Bool { !operands.isEmpty && !operands.hasPrefix("--") }

  /// The help text of the subcommand.
  static var help: String {
    var lines = [
      "usage: cordscope \(name) \(operands)".trimmed + (options.isEmpty ? "" : " [options]")
    ]
    lines += ["", summary]
    if !remarks.isEmpty { lines += [""] + remarks }
    if !options.isEmpty { lines.append("") }
    let all = options + [.flag("help", "shows this text")]
    let heads = all.map { "  --\($0.name)" + ($0.value.map { " \($0)" } ?? "") }
    let width = (heads.map(\.count).max() ?? 0) + 2
    for (head, option) in zip(heads, all) {
      lines.append(head.padding(to: width) + option.help)
    }
    return lines.joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }

  /// The text filled up with blanks to a width.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
