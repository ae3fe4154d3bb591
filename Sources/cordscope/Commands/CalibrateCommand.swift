import Core
import Foundation

/// `calibrate LIB`: the library's own thresholds from what its readers stated.
enum CalibrateCommand: Subcommand {
  static let name = "calibrate"
  static let summary = "thresholds at a wanted sensitivity from the readers' verdicts"
  static let remarks = [
    "A read counts when present or absent stands on all six segments. An adjudicated one decides;",
    "else, where a study has blind reads, only these count.",
    "At least \(LibraryCalibration.fewestPatients) patients with lesion and "
      + "\(LibraryCalibration.fewestPatients) without are needed; with fewer it refuses.",
  ]
  static let operands = "LIB"
  static let options: [Option] = [
    .value("sensitivity", "S", "wanted share of lesion patients found (default 0.9)"),
    .value("bootstrap", "N", "bootstrap resamples (default 2000)"),
    .value("seed", "N", "seed of the bootstrap (default 1)"),
    .flag("remove", "goes back to the model card's thresholds"),
    .flag("json", "prints the calibration as JSON"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let library = try StudyLibrary(opening: arguments.onlyPath("the library"))
    let file = LibraryCalibration.url(library: library.root)
    if arguments.has("remove") {
      guard FileManager.default.fileExists(atPath: file.path) else {
        Output.print("There is no calibration; the model card's thresholds hold.")
        return .done
      }
      try FileManager.default.removeItem(at: file)
      Output.print("Removed \(file.path); run detect to apply the model card's thresholds.")
      return .done
    }
    let truth = try ReaderTruth(library: library, for: try ViewerMessages.viewer(of: library))
    if truth.countsUntold {
      Output.message("studies that you have not signed count, and nothing is said of them")
    }
    for remark in truth.remarks { Output.message(remark) }
    let calibration = try LibraryCalibration(
      truth,
      sensitivity: try arguments.number("sensitivity", in: 0.5...1)
        ?? ThresholdCalibration.sensitivity,
      bootstrap: Bootstrap(
        resamples: try arguments.integer("bootstrap", default: 2000, in: 10...100_000),
        seed: try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max)))
    try calibration.write(library: library.root)
    Output.print(arguments.has("json") ? try calibration.json() : calibration.text)
    Output.message("written to \(file.path); run detect to apply it (review does so by itself)")
    return .done
  }
}
