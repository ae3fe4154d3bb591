public import Foundation
internal import Imaging

/// Training of the anatomy network from nothing but a seed, or from weights and studies that others
/// have labelled: phantoms, network, weights and what they reach on phantoms of another seed.
public struct AnatomyPretraining: Sendable {
  /// What it is doing.
  public enum Stage: Sendable {
    /// Making phantoms; fraction done.
    case data(Double)
    /// Training.
    case step(AnatomyProgress)
    /// Measuring on phantoms of another seed.
    case measuring
  }

  private let settings: AnatomySettings
  private let plan: PhantomAnatomySamples.Plan
  private let lesson: LabelledAnatomy?
  private let command: String
  private let threads: Int

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - lesson: the network to go on from, and labelled studies beside the phantoms.
  ///   - command: the command line, for the record.
  public init(
    settings: AnatomySettings, plan: PhantomAnatomySamples.Plan, lesson: LabelledAnatomy? = nil,
    command: String, threads: Int
  ) {
    self.settings = settings
    self.plan = plan
    self.lesson = lesson
    self.command = command
    self.threads = threads
  }

  /// Held-out samples: phantoms of a cohort that no training seed below 2^62 gives.
  private static let heldOutSeed: UInt64 = 0xA9A7_0317_0000_0000
  private static let heldOutPatients = 20
  private static let heldOutSamples = 80

  /// Trains, measures, and writes weights and card; a checkpoint beside them makes it resumable.
  ///
  /// - Returns: the card, or `nil` when it was cancelled.
  /// - Throws: `NetworkError`, `ReadError`, `WriteError`.
  public func run(
    out: URL, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Stage) -> Void = { _ in }
  ) throws -> AnatomyCard? {
    let began = ContinuousClock.now
    guard
      let phantoms = PhantomAnatomySamples.make(
        plan, threads: threads, progress: { progress(.data($0)) }, isCancelled: isCancelled)
    else { return nil }
    let samples = LabelledAnatomySamples(phantoms, plan: plan, studies: lesson?.studies ?? [])
    let name = out.deletingPathExtension().lastPathComponent
    let checkpoint = out.appendingPathExtension("checkpoint")
    let isResumed = FileManager.default.fileExists(atPath: checkpoint.path)
    let training = try AnatomyTraining(
      settings: settings, samples: samples, start: lesson?.start, threads: threads)
    let outcome = try training.run(
      checkpoint: checkpoint,
      metadata: ["name": name, "command": command, "generator": PhantomGenerator.hash],
      progress: { progress(.step($0)) }, isCancelled: isCancelled)
    guard case .finished(let weights) = outcome else { return nil }
    progress(.measuring)
    guard let agreement = try measure(weights, isCancelled) else { return nil }
    try weights.safetensors.write(to: out, rights: .caller)
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let card = try card(
      name: name, weights: out, agreement, seconds: isResumed ? nil : seconds.rounded())
    try card.write(to: out.deletingPathExtension().appendingPathExtension("json"))
    try? FileManager.default.removeItem(at: checkpoint)
    return card
  }

  private func card(
    name: String, weights: URL, _ agreement: AnatomyAgreement, seconds: Double?
  ) throws -> AnatomyCard {
    let tissues = AnatomyTissue.allCases.compactMap { tissue in
      agreement.dice(tissue).map { (tissue.name, $0) }
    }
    return AnatomyCard(
      name: name, sha256: try SHA256.hexDigest(ofFile: weights), trainingCommand: command,
      data: "\(plan.slices) slices each of \(plan.patients) phantom patients, domains "
        + plan.domains.map(\.rawValue).joined(separator: " and ")
        + ", contrast, resolution, shading, noise, field of view and artefacts at random"
        + (lesson.map { "; \($0.words)" } ?? ""),
      seeds: [settings.seed], generatorHash: PhantomGenerator.hash, steps: settings.steps,
      batch: settings.batch, durationSeconds: seconds,
      dice: Dictionary(uniqueKeysWithValues: tissues), levelAccuracy: agreement.levelAccuracy,
      figuresFrom: "\(Self.heldOutSamples) samples of \(Self.heldOutPatients) phantom patients "
        + "that were not learned from, changed at random as in training",
      limits: AnatomyCard.limits)
  }

  private func measure(
    _ weights: AnatomyWeights, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> AnatomyAgreement? {
    var heldOut = plan
    heldOut.seed = Self.heldOutSeed
    heldOut.patients = Self.heldOutPatients
    guard
      let samples = PhantomAnatomySamples.make(
        heldOut, threads: threads, isCancelled: isCancelled)
    else { return nil }
    let engine = AnatomyEngine(weights: weights, sha256: "", threads: threads)
    return try AnatomyAgreement.measure(engine, on: samples, indices: 0..<Self.heldOutSamples)
  }
}
