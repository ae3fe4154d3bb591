import Core
import Foundation
import Imaging

/// `adapt LIB`: uncertainty-guided adaptation to the library's own unlabelled slices.
enum AdaptCommand: Subcommand {
  static let name = "adapt"
  static let summary = "adapts the weights to a library's own unlabelled slices; resumable"
  static let operands = "LIB"
  static let options: [Option] = [
    .value(
      "strategy", "1|2|3",
      "1 pretrained weights as they are, 2 from scratch, 3 from the pretrained ones (default 3)"),
    .value(
      "masking", "M", "random, eu or eu+au: which patches are masked and learned (default eu+au)"),
    .value("steps", "N", "optimiser steps of 8 images (default 40 passes, at least 300)"),
    .value("refresh", "N", "steps between refreshes of the maps (default a quarter of the steps)"),
    .value("tau", "T", "temperature of the EU-guided masks (default 1)"),
    .value("passes", "N", "Monte-Carlo passes of a refresh (default 8)"),
    .value("ratio", "R", "share of a slice's patches that is masked (default 0.75)"),
    .value("seed", "N", "seed of order, masks and augmentation (default 1)"),
    .value("checkpoint", "N", "steps between checkpoints (default 25)"),
    .value("plots", "DIR", "draws the curve and one slice's maps over the run as PNG"),
    .value("weights", "FILE", "start weights instead of the ones that come with the program"),
    .value("threads", "N", "threads; the result does not depend on it (default: all cores)"),
    .flag("json", "prints the record of the run instead of its curve"),
  ]

  /// The paper's training strategies as words of the command line.
  enum Strategy: String, CaseIterable {
    case pretrained = "1"
    case clinicalOnly = "2"
    case both = "3"
  }

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let library = try StudyLibrary(
      opening: URL(fileURLWithPath: arguments.onlyOperand("the library")))
    let strategy = try arguments.choice("strategy", default: Strategy.both)
    guard strategy != .pretrained else { return try usePretrained(library, arguments) }
    let start = try arguments.url("weights") ?? Assets.url("\(Assets.defaultModel).safetensors")
    let plots = try arguments.url("plots")
    let rights = plots.map { LibraryPlace.rights(at: $0, library: library.root) } ?? .caller
    if let plots { try EvaluationFigures.prepare(plots, rights: rights) }
    let adaptation = try LibraryAdaptation(
      library: library, weights: start,
      settings: try settings(arguments, strategy: strategy == .both ? .both : .clinicalOnly),
      threads: try arguments.integer("threads", default: Machine.cores, in: 1...256),
      command: CommandWords.recorded)
    Interruption.listen()
    let progress = AdaptationDisplay()
    let outcome = try adaptation.run(
      interval: try arguments.integer(
        "checkpoint", default: Adaptation.checkpointInterval, in: 1...1_000_000),
      isCancelled: { Interruption.isRequested }, report: { progress.show($0) })
    progress.finish()
    guard case .finished(let record, let isNew) = outcome else {
      throw Interrupted(advice: "The same command goes on from the checkpoint.")
    }
    if arguments.has("json") {
      Output.print(try record.line())
    } else {
      Output.print(AdaptationText.table(record), terminator: "")
    }
    let used = "\(record.weights.name) \(record.weights.sha256.prefix(8))"
    Output.message(
      (isNew ? "" : "these weights lay there already; ")
        + "\(library.root.path) uses \(used) from now on. cordscope detect makes its detections "
        + "anew; former ones are kept as versions")
    if FileManager.default.fileExists(atPath: RowHead.url(besideWeights: start).path) {
      Output.message(
        "the head of the start weights does not belong to these: the scorings head and head-joint "
          + "are not computed until one is trained (pretrain --task head --weights FILE)")
    }
    if let calibration = try LibraryCalibration.read(library: library.root),
      calibration.modelSha256 != record.weights.sha256
    {
      Output.message(
        "the library's calibration was made for other weights: of it the thresholds of detectors without "
          + "training (lc61 and the like) still apply; for U2AD's scorings calibrate again after detection"
      )
    }
    // Last: what the library uses from now on is told whatever becomes of the pictures.
    if let plots {
      let (figures, remarks) = adaptation.figures(of: record)
      for file in try EvaluationFigures.write(figures, into: plots, rights: rights) {
        Output.message("figure \(file.path)")
      }
      for remark in remarks { Output.message(remark) }
    }
    return .done
  }

  private static func usePretrained(
    _ library: StudyLibrary, _ arguments: Arguments
  ) throws -> ExitCode {
    for option in options.map(\.name)
    where !["strategy", "json"].contains(option) && arguments.text(option) != nil {
      throw Arguments.UsageError(
        message: "--\(option) has no meaning with --strategy 1, which adapts nothing")
    }
    let models = LibraryModels(library: library.root)
    let usedOthers = try models.usePretrained()
    let url = try models.weights()
    let start = try AdaptationStart(contentsOf: url)
    if arguments.has("json") {
      Output.print(
        try PretrainedChoice(strategy: 1, name: start.name, sha256: start.sha256).line())
    } else {
      Output.print("pretrained weights \(start.name) \(start.sha256.prefix(8)): nothing is adapted")
    }
    Output.message(
      usedOthers
        ? "\(library.root.path) uses them again; adapted weights are kept. cordscope detect makes "
          + "its detections anew"
        : "\(library.root.path) used them already")
    return .done
  }

  private static func settings(
    _ arguments: Arguments, strategy: AdaptationSettings.Strategy
  ) throws -> AdaptationSettings {
    var settings = AdaptationSettings(
      strategy: strategy,
      masking: try arguments.choice("masking", default: .epistemicAleatoric),
      passes: try arguments.integer("passes", default: 8, in: 2...MonteCarloSettings.mostPasses),
      seed: try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max))
    if let tau = try arguments.number("tau", in: 1e-6...1e6) { settings.temperature = tau }
    if let ratio = try arguments.number("ratio", in: 0.01...0.99) { settings.maskRatio = ratio }
    let most = 10_000_000
    settings.steps = try arguments.text("steps").map { _ in
      try arguments.integer("steps", default: 1, in: 1...most)
    }
    settings.refreshInterval = try arguments.text("refresh").map { _ in
      try arguments.integer("refresh", default: 1, in: 1...most)
    }
    return settings
  }
}

/// What `adapt --strategy 1 --json` says.
private struct PretrainedChoice: Encodable {
  var strategy: Int
  var name: String
  var sha256: String
  var notice = Notice.researchUse

  func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

/// The progress of an adaptation on stderr.
final class AdaptationDisplay: Sendable {
  private let line = ProgressLine()

  func show(_ event: LibraryAdaptation.Event) {
    switch event {
    case .reading(let done, let count):
      line.show("reading study \(done) of \(count)", fraction: Double(done) / Double(count))
    case .began(let slices, let subjects, let leftOut, let unfinished):
      line.finish()
      Output.message("\(CountText.slices(slices)) of \(CountText.subjects(subjects))")
      for (subject, reason) in leftOut.sorted(by: { $0.key < $1.key }).prefix(10) {
        Output.message("\(subject) is left out: \(reason)")
      }
      if leftOut.count > 10 { Output.message("... and \(leftOut.count - 10) more") }
      for name in unfinished {
        Output.message("an unfinished run of other slices or settings is kept: \(name)")
      }
    case .resumed(let step): Output.message("goes on from step \(step)")
    case .progress(let progress): show(progress)
    }
  }

  func finish() { line.finish() }

  private func show(_ p: AdaptationProgress) {
    let done = Double(p.step) / Double(max(1, p.steps))
    switch p.phase {
    case .refreshing(let fraction):
      let place = p.step < p.steps ? "before step \(p.step + 1) of \(p.steps)" : "at the end"
      line.show(
        "maps \(place), \(Int(fraction * 100)) % of the slices", fraction: min(done, 0.999),
        secondsLeft: p.secondsLeft)
    case .training:
      let words = [
        "step \(p.step) of \(p.steps)", p.isLastStage ? "last stage" : "first stage",
        "loss \(AdaptationText.number(p.loss))", "EU \(AdaptationText.number(p.meanEu))",
        "AU \(AdaptationText.number(p.meanAu))",
      ]
      line.show(words.joined(separator: ", "), fraction: done, secondsLeft: p.secondsLeft)
    }
  }
}
