import Core
import Foundation

/// `pretrain`: learns lesion-free cords from phantoms, in this process.
enum PretrainCommand: Subcommand {
  static let name = "pretrain"
  static let summary = "trains the network on lesion-free phantoms; resumable"
  static let operands = "--out WEIGHTS [--task anatomy] | --task head --weights WEIGHTS"
  static let options: [Option] = [
    .value("out", "FILE", "the weights (.safetensors); the card is written beside them"),
    .value(
      "task", "network|head|anatomy",
      "the network, the head on its errors, or the network that names tissues and levels "
        + "(default network)"),
    .value(
      "weights", "FILE",
      "with --task head: the network it learns from; with --task anatomy: the network that goes on learning"
    ),
    .value(
      "without", "A,B",
      "with --task head: phantom classes left out; with --library: subjects kept apart"),
    .value(
      "library", "LIB",
      "with --task anatomy and --weights: goes on learning, from phantoms and from the studies of LIB "
        + "that others have labelled"),
    .value("size", "small|reference12|paper24", "the network (default small)"),
    .value("context", "C", "image, nearest(K) or roi (default nearest(128))"),
    .value("patients", "N", "phantom patients to learn from (default 600; head 2000; anatomy 300)"),
    .value("domain", "public|clinical|both", "the scanners imitated (default both)"),
    .value(
      "steps", "N",
      "optimiser steps (default 2000 of 8 images; head 1500 of 64; anatomy 6000 of 4, 600 with --library)"
    ),
    .value("seed", "N", "seed of cohort, weights, masks and augmentation (default 1)"),
    .value("threads", "N", "threads; the result does not depend on it (default: all cores)"),
  ]

  /// Which domains are learned from.
  enum Domains: String, CaseIterable {
    case `public`, clinical, both
    var list: [PhantomDomain] {
      switch self {
      case .public: [.public]
      case .clinical: [.clinical]
      case .both: [.public, .clinical]
      }
    }
  }

  /// What is trained.
  enum Task: String, CaseIterable {
    case network, head, anatomy
  }

  static func run(_ arguments: Arguments) throws -> ExitCode {
    switch try arguments.choice("task", default: Task.network) {
    case .network: try trainNetwork(arguments)
    case .head: try trainHead(arguments)
    case .anatomy: try trainAnatomy(arguments)
    }
  }

  private static func trainNetwork(_ arguments: Arguments) throws -> ExitCode {
    guard let out = try arguments.url("out"), out.pathExtension == "safetensors" else {
      throw Arguments.UsageError(message: "--out FILE.safetensors is missing")
    }
    let seed = try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max)
    let settings = try settings(arguments, seed: seed)
    let plan = PhantomTrainingData.Plan(
      patients: try arguments.integer("patients", default: 600, in: 2...100_000), seed: seed,
      domains: try arguments.choice("domain", default: Domains.both).list,
      normalisation: Normalisation(rawValue: settings.configuration.normalisation) ?? .flat)
    let threads = try arguments.integer("threads", default: Machine.cores, in: 1...256)
    Interruption.listen()
    let training = PhantomPretraining(
      settings: settings, plan: plan, command: CommandWords.recorded, threads: threads)
    let line = ProgressLine()
    defer { line.finish() }
    let card = try training.run(out: out, isCancelled: { Interruption.isRequested }) { stage in
      switch stage {
      case .data(let fraction): line.show("making phantoms", fraction: fraction)
      case .step(let p):
        let loss = String(format: "%.4f", p.loss.total)
        line.show(
          "step \(p.step) of \(p.steps), loss \(loss)",
          fraction: Double(p.step) / Double(p.steps), secondsLeft: p.secondsLeft)
      }
    }
    guard let card else {
      throw Interrupted(advice: "The same command goes on from the checkpoint.")
    }
    line.finish()
    Output.print("\(out.path): \(card.name), sha256 \(card.sha256)")
    return .done
  }

  private static func settings(_ arguments: Arguments, seed: UInt64) throws -> TrainingSettings {
    let size = arguments.text("size") ?? "small"
    guard let configuration = NetworkConfiguration.presets[size] else {
      let names = NetworkConfiguration.presets.keys.sorted().joined(separator: ", ")
      throw Arguments.UsageError(message: "--size takes one of: \(names)")
    }
    guard let context = NetworkContext(arguments.text("context") ?? "nearest(128)") else {
      throw Arguments.UsageError(message: "--context takes image, nearest(K) or roi")
    }
    return TrainingSettings(
      configuration: configuration, context: context,
      steps: try arguments.integer("steps", default: 2000, in: 1...10_000_000), seed: seed)
  }
}
