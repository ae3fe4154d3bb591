import TUI

/// `keys`: the workstation's keys as a table, from the same registry as its help.
enum KeysCommand: Subcommand {
  static let name = "keys"
  static let summary = "prints the keys of the workstation as a table"

  static func run(_ arguments: Arguments) throws -> ExitCode {
    Output.print(ReviewApp.keyTable())
    return .done
  }
}
