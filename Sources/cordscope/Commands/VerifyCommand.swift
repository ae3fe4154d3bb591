import Core
import Foundation

/// `verify LIB`: journals, hashes and files.
enum VerifyCommand: Subcommand {
  static let name = "verify"
  static let summary = "checks a library's journals, hashes and files"
  static let operands = "LIB"

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let library = try StudyLibrary(
      opening: arguments.onlyPath("the library"))
    let findings = LibraryVerification.findings(in: library)
    for finding in findings { Output.print(finding.line) }
    let studies = Output.count(library.studies.count, "study", "studies")
    Output.print(
      findings.isEmpty
        ? "\(studies): nothing to report"
        : "\(studies): \(Output.count(findings.count, "finding", "findings"))")
    return findings.contains(where: { $0.severity == .failure }) ? .findingsFailed : .done
  }
}
