import Core
import Foundation
import Imaging

extension EvaluateCommand {
  /// Where weights, outcomes and tables of suites go unless another folder is named.
  private static let defaultFolder = "cordscope-experiments"

  /// `--suite NAME`: trains, reconstructs and scores every arm of a suite on a library with truth.
  static func runSuite(_ suite: ExperimentSuite, _ arguments: Arguments) throws -> ExitCode {
    for option in ["repeats", "bootstrap", "seed", "card", "figures", "plots"]
    where arguments.text(option) != nil {
      throw Arguments.UsageError(
        message:
          "--\(option) has no meaning with --suite, whose size is fixed and which draws its own "
          + "figures")
    }
    var scale: ExperimentScale = arguments.has("quick") ? .quick : .full
    let seeds = try arguments.integer(
      "seeds", default: scale.seeds.count, in: 1...scale.seeds.count)
    if seeds < scale.seeds.count {
      scale.seeds = Array(scale.seeds.prefix(seeds))
      scale.name += "-\(seeds)-seed\(seeds == 1 ? "" : "s")"
    }
    if arguments.text("per-class") != nil {
      let count = try arguments.integer("per-class", default: 1, in: 1...100_000)
      scale.studiesPerClass = count
      scale.name += "-\(count)-per-class"
    }
    let folder = try arguments.url("out") ?? URL(fileURLWithPath: defaultFolder)
    let library = try StudyLibrary(opening: try arguments.onlyPath("the library"))
    let threads = try arguments.integer("threads", default: Machine.cores, in: 1...256)
    let truth = try arguments.url("truth")
    let run = try ExperimentRun(
      suite, scale: scale, library: library, truth: truth,
      for: try viewer(of: library, truth: truth), folder: folder,
      anatomy: try? Assets.url(Assets.anatomyWeights), build: Machine.build,
      threads: threads)
    Interruption.listen()
    let line = ProgressLine()
    defer { line.finish() }
    let result = try run.run(isCancelled: { Interruption.isRequested }) {
      line.show($0.words, fraction: $0.fraction, secondsLeft: $0.secondsLeft)
    }
    guard let result else {
      throw Interrupted(advice: "The same command goes on; what is made is kept.")
    }
    let report = ExperimentReport(result, threads: threads) {
      line.show("evaluating", fraction: $0)
    }
    line.finish()
    let name = "\(suite.rawValue)-\(scale.name)"
    let json = try report.json()
    let mode = FileRights.caller.fileMode
    try AtomicFile.write(
      Data((report.text + "\n").utf8), to: folder.appendingPathComponent("\(name).md"),
      permissions: mode)
    try AtomicFile.write(
      json, to: folder.appendingPathComponent("\(name).json"), permissions: mode)
    Output.print(arguments.has("json") ? String(decoding: json, as: UTF8.self) : report.text)
    Output.message("written to \(folder.appendingPathComponent(name).path).md and .json")
    line.show("drawing figures", fraction: 0)
    let figures = try run.drawFigures(of: result, isCancelled: { Interruption.isRequested })
    line.finish()
    guard let figures else {
      throw Interrupted(advice: "The tables are written; the same command draws the figures.")
    }
    for figure in figures { Output.message("figure \(figure.path)") }
    return .done
  }
}
