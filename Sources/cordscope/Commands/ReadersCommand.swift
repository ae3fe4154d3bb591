import Core
import Foundation

/// `readers LIB`: the readers' roles.
enum ReadersCommand: Subcommand {
  static let name = "readers"
  static let summary = "prints the readers' roles, or sets one"
  static let operands = "LIB"
  static let options: [Option] = [
    .value(
      "set", "READER=ROLE", "of \(ReaderRole.allCases.map(\.rawValue).joined(separator: ", "))")
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let library = try StudyLibrary(opening: arguments.onlyPath("the library"))
    if let text = arguments.text("set") {
      let words = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 2, let role = ReaderRole(rawValue: words[1]) else {
        throw Arguments.UsageError(
          message: "--set takes READER=ROLE with a role of "
            + ReaderRole.allCases.map(\.rawValue).joined(separator: ", "))
      }
      try ReaderTable.set(role, of: words[0], library: library.root)
    }
    let table = try ReaderTable(library: library.root)
    let width = (table.rows.map(\.reader.count) + [6]).max() ?? 6
    if !table.rows.isEmpty {
      Output.print("READER".padding(to: width + 2) + "ROLE".padding(to: 12) + "LOGIN")
    }
    for row in table.rows {
      Output.print(
        row.reader.padding(to: width + 2) + row.role.rawValue.padding(to: 12)
          + (row.login ?? "-"))
    }
    Output.print(
      table.rows.isEmpty
        ? "no readers.tsv: everybody is a reader" : "everybody else is a reader")
    Output.print(Notice.researchUse)
    return .done
  }
}
