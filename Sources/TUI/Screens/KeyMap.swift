/// The keys in use: the registry's bindings, each with the keys that the reader gave it.
public struct KeyMap: Sendable {
  /// Every binding, in the order of help.
  let bindings: [KeyBinding]
  private let table: [KeyContext: [KeyPress: Command]]

  /// The keys that the program comes with.
  public static let standard = KeyMap(KeyBindings.all)

  init(_ bindings: [KeyBinding]) {
    self.bindings = bindings
    var table: [KeyContext: [KeyPress: Command]] = [:]
    for binding in bindings {
      for key in binding.keys { table[binding.context, default: [:]][key] = binding.command }
    }
    // What cancels everywhere else leaves what lies over a screen, whatever its other keys are.
    for context in KeyContext.allCases where context.isOfPopup {
      table[context, default: [:]][.control("c")] = .back
    }
    self.table = table
  }

  /// The command of a key in the first of the contexts that knows it.
  func command(for key: KeyPress, in contexts: [KeyContext]) -> Command? {
    for context in contexts {
      if let command = table[context]?[key] { return command }
    }
    return nil
  }

  /// All keys of a command in a context; empty where it has none.
  func keys(of command: Command, in context: KeyContext) -> [KeyPress] {
    bindings.first { $0.command == command && $0.context == context }?.keys ?? []
  }

  /// The first key of a command as shown in sentences; ":word" where it has none.
  func name(_ command: Command, in context: KeyContext? = nil) -> String {
    let binding = bindings.first {
      $0.command == command && !$0.keys.isEmpty
        && (context == nil ? !$0.context.isOfPopup : $0.context == context)
    }
    return binding?.keys.first?.name ?? ":\(command.word)"
  }

  /// The last key of a command as shown in sentences.
  func lastName(_ command: Command) -> String {
    bindings.first { $0.command == command }?.keys.last?.name ?? name(command)
  }

  /// "present (P), absent (A) or cannot tell (x)".
  var verdictKeys: String {
    "present (\(name(.statePresent))), absent (\(name(.stateAbsent))) or "
      + "cannot tell (\(name(.cannotTell)))"
  }

  /// "Z then O": the keys that open a signed study again.
  var reopening: String { "\(name(.signMode, in: .study)) then \(name(.reopen))" }

  /// The keys as a Markdown table.
  public func markdownTable() -> String {
    var lines = ["| key | does | where |", "|---|---|---|"]
    for binding in bindings {
      let keys =
        binding.keys.isEmpty
        ? "`\(binding.keyNames)`"
        : binding.keys.map { "`\(Self.escape($0.name))`" }.joined(separator: " ")
      lines.append("| \(keys) | \(Self.escape(binding.text)) | \(binding.context.rawValue) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escape(_ text: String) -> String {
    text.replacing("|", with: "\\|")
  }
}
