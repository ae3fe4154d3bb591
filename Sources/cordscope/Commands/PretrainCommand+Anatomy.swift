import Core
import Foundation

extension PretrainCommand {
  /// `--task anatomy`: the network that names tissues and levels.
  static func trainAnatomy(_ arguments: Arguments) throws -> ExitCode {
    guard let out = try arguments.url("out"), out.pathExtension == "safetensors" else {
      throw Arguments.UsageError(message: "--out FILE.safetensors is missing")
    }
    let lesson = try lesson(arguments)
    var settings = AnatomySettings()
    if let lesson { settings.goOn(from: lesson) }
    settings.steps = try arguments.integer("steps", default: settings.steps, in: 1...10_000_000)
    settings.seed = try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max >> 2)
    let plan = PhantomAnatomySamples.Plan(
      patients: try arguments.integer(
        "patients", default: lesson?.isLabelled == true ? 60 : 300, in: 2...100_000),
      seed: settings.seed, domains: try arguments.choice("domain", default: Domains.both).list)
    let threads = try arguments.integer("threads", default: Machine.cores, in: 1...256)
    Interruption.listen()
    let training = AnatomyPretraining(
      settings: settings, plan: plan, lesson: lesson, command: CommandWords.recorded,
      threads: threads)
    let line = ProgressLine()
    defer { line.finish() }
    let card = try training.run(out: out, isCancelled: { Interruption.isRequested }) { stage in
      switch stage {
      case .data(let fraction): line.show("making phantoms", fraction: fraction)
      case .step(let p):
        line.show(
          String(
            format: "step %d of %d, loss %.4f (tissues %.4f, 1 - Dice %.4f, levels %.4f)", p.step,
            p.steps, p.loss.total, p.loss.tissues, p.loss.dice, p.loss.levels),
          fraction: Double(p.step) / Double(p.steps), secondsLeft: p.secondsLeft)
      case .measuring: line.show("measuring on phantoms that were not learned from", fraction: 1)
      }
    }
    guard let card else {
      throw Interrupted(advice: "The same command goes on from the checkpoint.")
    }
    line.finish()
    Output.print("\(out.path): sha256 \(card.sha256)")
    Output.print("on \(card.figuresFrom):")
    for tissue in AnatomyTissue.allCases {
      guard let dice = card.dice[tissue.name] else { continue }
      Output.print("  \(tissue.name): Dice " + String(format: "%.3f", dice))
    }
    if let accuracy = card.levelAccuracy {
      Output.print("  level: " + String(format: "%.1f %% of pixels right", 100 * accuracy))
    }
    return .done
  }

  /// The network to go on from, and labelled studies where a library is given.
  private static func lesson(_ arguments: Arguments) throws -> LabelledAnatomy? {
    let threads = try arguments.integer("threads", default: Machine.cores, in: 1...256)
    let start = try arguments.url("weights").map {
      try AnatomyEngine(contentsOf: $0, threads: threads)
    }
    guard let folder = try arguments.url("library") else {
      guard arguments.text("without") == nil else {
        throw Arguments.UsageError(message: "--without with --task anatomy belongs to --library")
      }
      return start.map(LabelledAnatomy.init(start:))
    }
    guard let start else {
      throw Arguments.UsageError(
        message: "--library goes on from a network: name it with --weights")
    }
    let line = ProgressLine()
    defer { line.finish() }
    let without = (arguments.text("without") ?? "").split(separator: ",").map(String.init)
    return try LabelledAnatomy(
      from: StudyLibrary(opening: folder), without: Set(without),
      start: start
    ) { line.show("reading labelled studies", fraction: $0) }
  }
}
