import Core
import Foundation

/// `review LIB`: the workstation.
enum ReviewCommand: Subcommand {
  static let name = "review"
  static let summary = "opens the workstation on a library; detection runs beside it"
  static let operands = "[LIB]"
  static let options = ReviewSettings.options

  static func run(_ arguments: Arguments) throws -> ExitCode {
    guard let root = try library(arguments) else { return try DemoCommand.run(arguments) }
    let settings = try ReviewSettings(arguments)
    return try ReviewSession.run(GrowingLibrary(opening: root), root: root, settings)
  }

  private static func library(_ arguments: Arguments) throws -> URL? {
    guard !arguments.operands.isEmpty else { return UserFolder.lastLibrary }
    return try arguments.onlyPath("the library")
  }
}
