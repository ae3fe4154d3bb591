import Core
import Foundation

/// `journal-stress FILE COUNT`: the child process of the durability test; not listed in the help.
enum JournalStressCommand {
  /// Appends verdicts and prints the number of each one after it was acknowledged.
  static func run(_ arguments: [String]) throws {
    guard arguments.count == 2, let count = Int(arguments[1]) else { return }
    try JournalStress.run(journal: URL(fileURLWithPath: arguments[0]), count: count) { seq in
      // One write(2) per line, so that a kill cannot leave an acknowledgement in a buffer.
      FileHandle.standardOutput.write(Data("\(seq)\n".utf8))
    }
  }
}
