import Core
import Foundation

/// `agreement LIB`: how far the readers agree.
enum AgreementCommand: Subcommand {
  static let name = "agreement"
  static let summary = "percent agreement and kappa of the readers who signed, per segment"
  static let remarks = ["Under a reader's login only the studies that he has signed count."]
  static let operands = "LIB"
  static let options: [Option] = [
    .value("bootstrap", "N", "bootstrap resamples (default 2000)"),
    .value("seed", "N", "seed of the bootstrap (default 1)"),
    .flag("json", "prints the tables as JSON"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let library = try StudyLibrary(opening: arguments.onlyPath("the library"))
    let viewer = try ViewerMessages.viewer(of: library)
    if let viewer { Output.message(viewer.remark) }
    let agreement = try ReaderAgreement(
      library: library, for: viewer,
      bootstrap: Bootstrap(
        resamples: try arguments.integer("bootstrap", default: 2000, in: 10...100_000),
        seed: try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max)))
    for remark in agreement.remarks { Output.message(remark) }
    if arguments.has("json") {
      Output.write(Array(try agreement.json()) + [0x0A])
    } else {
      Output.print(agreement.text)
    }
    return .done
  }
}
