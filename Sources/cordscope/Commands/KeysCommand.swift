import TUI

/// `keys`: the workstation's keys, from the same registry as its help.
enum KeysCommand: Subcommand {
  static let name = "keys"
  static let summary = "prints the keys in use as a file to edit, or as a table"
  static let options: [Option] = [
    .flag("table", "prints a Markdown table"), ReviewSettings.keysOption,
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let keys = try ReviewSettings.keysFile(arguments).map { try KeyMap(file: $0) } ?? .standard
    Output.print(arguments.has("table") ? keys.markdownTable() : keys.fileText(), terminator: "")
    return .done
  }
}
