public import Foundation
internal import Imaging

/// Pretraining from nothing but a seed: phantoms, network, weights and their card.
public struct PhantomPretraining: Sendable {
  /// What it is doing.
  public enum Stage: Sendable {
    /// Making phantoms; fraction done.
    case data(Double)
    /// Training.
    case step(TrainingProgress)
  }

  private let settings: TrainingSettings
  private let plan: PhantomTrainingData.Plan
  private let command: String
  private let threads: Int

  /// Plans a run.
  ///
  /// - Parameter command: the command line, for the record.
  public init(
    settings: TrainingSettings, plan: PhantomTrainingData.Plan, command: String, threads: Int
  ) {
    self.settings = settings
    self.plan = plan
    self.command = command
    self.threads = threads
  }

  /// Trains, and writes weights and card; a checkpoint beside them makes it resumable.
  ///
  /// - Returns: the card, or `nil` when it was cancelled.
  /// - Throws: `NetworkError`, `ReadError`, `WriteError`.
  public func run(
    out: URL, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Stage) -> Void = { _ in }
  ) throws -> ModelCard? {
    let began = ContinuousClock.now
    guard
      let data = try PhantomTrainingData.make(
        plan, team: ThreadTeam(threads: threads), progress: { progress(.data($0)) },
        isCancelled: isCancelled)
    else { return nil }
    let name = out.deletingPathExtension().lastPathComponent
    let checkpoint = out.appendingPathExtension("checkpoint")
    let training = try Pretraining(settings: settings, data: data, threads: threads)
    let outcome = try training.run(
      checkpoint: checkpoint,
      metadata: ["name": name, "command": command, "generator": PhantomGenerator.hash],
      progress: { progress(.step($0)) }, isCancelled: isCancelled)
    guard case .finished(let weights) = outcome else { return nil }
    try weights.safetensors().write(to: out, rights: .caller)
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let card = try card(name: name, weights: out, slices: data.count, seconds: seconds)
    try card.writeWithPage(
      to: out.deletingPathExtension().appendingPathExtension("json"), rights: .caller)
    try? FileManager.default.removeItem(at: checkpoint)
    return card
  }

  private func card(
    name: String, weights: URL, slices: Int, seconds: Double
  ) throws -> ModelCard {
    var card = ModelCard(name: name, sha256: try SHA256.hexDigest(ofFile: weights))
    card.contexts = [settings.context.description]
    card.trainingCommand = command
    card.seeds = [settings.seed]
    card.generatorHash = PhantomGenerator.hash
    card.data =
      "\(slices) lesion-free slices of \(plan.patients) phantom patients, domains "
      + plan.domains.map(\.rawValue).joined(separator: " and ")
    card.durationSeconds = seconds.rounded()
    card.limits = [
      "Trained on procedural phantoms only; no real patient was seen.",
      "Thresholds hold for the cohort they were calibrated on; calibrate on the clinic's own.",
      "A cord bright over most of its length is invisible to the flat normalisation: read the absolute level.",
      Notice.researchUse,
    ]
    return card
  }
}
