import Core
import Foundation
import Imaging

extension PretrainCommand {
  /// `--task head`: the discriminative head on a network's reconstructions.
  static func trainHead(_ arguments: Arguments) throws -> ExitCode {
    guard let weights = try arguments.url("weights") else {
      throw Arguments.UsageError(message: "--task head learns from a network: give --weights FILE")
    }
    let threads = try arguments.integer("threads", default: Machine.cores, in: 1...256)
    let seed = try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max)
    var plan = RowHeadPretraining.Plan(
      patients: try arguments.integer("patients", default: 2000, in: 2...100_000), seed: seed,
      domains: try arguments.choice("domain", default: Domains.both).list)
    plan.without = try classes(arguments.text("without"))
    var settings = RowHeadTraining.Settings()
    settings.steps = try arguments.integer("steps", default: settings.steps, in: 1...10_000_000)
    settings.seed = seed
    let out = try arguments.url("out") ?? RowHead.url(besideWeights: weights)
    Interruption.listen()
    let line = ProgressLine()
    defer { line.finish() }
    let training = RowHeadPretraining(
      plan: plan, settings: settings, engine: try AnomalyEngine(weights: weights, threads: 1),
      threads: threads)
    let began = ContinuousClock.now
    let head = try training.run(
      command: CommandWords.recorded, isCancelled: { Interruption.isRequested }
    ) { stage in
      switch stage {
      case .data(let fraction): line.show("making phantoms", fraction: fraction)
      case .step(let step, let steps, let loss):
        line.show(
          "step \(step) of \(steps), loss \(String(format: "%.4f", loss))",
          fraction: Double(step) / Double(steps))
      }
    }
    guard let head else { throw Interrupted(advice: "The same command begins again.") }
    try head.write(to: out)
    if out.path == RowHead.url(besideWeights: weights).path {
      try note(
        out, in: weights.deletingPathExtension().appendingPathExtension("json"), plan,
        seconds: (ContinuousClock.now - began) / .seconds(1))
    }
    line.finish()
    Output.print("\(out.path): sha256 \(try RowHead(contentsOf: out).sha256)")
    return .done
  }

  /// Writes into the card of the weights what is known of the head beside them.
  private static func note(
    _ head: URL, in url: URL, _ plan: RowHeadPretraining.Plan, seconds: Double
  ) throws {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    var card = try ModelCard.read(url)
    let domains = plan.domains.map(\.rawValue).joined(separator: " and ")
    card.replaceHead(
      ModelCard.Head(
        sha256: try RowHead(contentsOf: head).sha256, trainingCommand: CommandWords.recorded,
        data: "\(plan.patients) phantom patients, half of them with lesions, domains \(domains)"
          + (plan.without.isEmpty
            ? "" : ", without " + plan.without.map(\.rawValue).sorted().joined(separator: ", ")),
        seed: plan.seed, durationSeconds: seconds.rounded(), limits: RowHead.limits))
    try card.writeWithPage(to: url, rights: .caller)
  }

  private static func classes(_ text: String?) throws -> Set<PhantomClass> {
    Set(
      try (text ?? "").split(separator: ",").map { name in
        guard let kind = PhantomClass(rawValue: String(name)) else {
          throw Arguments.UsageError(message: "--without: there is no phantom class \(name)")
        }
        return kind
      })
  }
}
