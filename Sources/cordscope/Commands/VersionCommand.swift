import Core

/// `version`: the program's version and its notice of use.
enum VersionCommand: Subcommand {
  static let name = "version"
  static let summary = "prints the version"

  static func run(_ arguments: Arguments) throws -> ExitCode {
    Output.print("cordscope \(Notice.version), \(Notice.researchUse)")
    return .done
  }
}
