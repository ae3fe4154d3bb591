import Core
import Foundation

/// `journal-stress FILE COUNT`: the child process of the durability test; not listed in the help.
enum JournalStressCommand: Subcommand {
  static let name = "journal-stress"
  static let summary =
    "appends verdicts to a journal and prints the number of each acknowledged one"
  static let operands = "FILE COUNT"

  static func run(_ arguments: Arguments) throws -> ExitCode {
    guard arguments.operands.count == 2, let count = Int(arguments.operands[1]) else {
      throw Arguments.UsageError(message: "takes a file and a count")
    }
    try JournalStress.run(journal: URL(fileURLWithPath: arguments.operands[0]), count: count) {
      // One write(2) per line, so that a kill cannot leave an acknowledgement in a buffer.
      Output.print("\($0)")
    }
    return .done
  }
}
