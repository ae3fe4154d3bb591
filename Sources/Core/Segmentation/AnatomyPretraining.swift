public import Foundation
internal import Imaging

/// Training of the anatomy network from nothing but a seed: phantoms, network, weights and what they
/// reach on phantoms of another seed.
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

  /// What came of it.
  public struct Result: Sendable {
    /// The weights, as they were written.
    public let weights: AnatomyWeights
    /// SHA-256 of their file.
    public let sha256: String
    /// How well they do on the held-out samples.
    public let agreement: AnatomyAgreement
  }

  private let settings: AnatomySettings
  private let plan: PhantomAnatomySamples.Plan
  private let command: String
  private let threads: Int

  /// Plans a run.
  ///
  /// - Parameter command: the command line, for the record.
  public init(
    settings: AnatomySettings, plan: PhantomAnatomySamples.Plan, command: String, threads: Int
  ) {
    self.settings = settings
    self.plan = plan
    self.command = command
    self.threads = threads
  }

  /// Held-out samples: phantoms of a cohort that no training seed below 2^62 gives.
  private static let heldOutSeed: UInt64 = 0xA9A7_0317_0000_0000
  private static let heldOutPatients = 20
  private static let heldOutSamples = 80

  /// Trains, measures, and writes the weights; a checkpoint beside them makes it resumable.
  ///
  /// - Returns: `nil` when it was cancelled.
  /// - Throws: `NetworkError`, `ReadError`, `WriteError`.
  public func run(
    out: URL, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Stage) -> Void = { _ in }
  ) throws -> Result? {
    let began = ContinuousClock.now
    guard
      let samples = PhantomAnatomySamples.make(
        plan, threads: threads, progress: { progress(.data($0)) }, isCancelled: isCancelled)
    else { return nil }
    let checkpoint = out.appendingPathExtension("checkpoint")
    let training = try AnatomyTraining(settings: settings, samples: samples, threads: threads)
    let outcome = try training.run(
      checkpoint: checkpoint, progress: { progress(.step($0)) }, isCancelled: isCancelled)
    guard case .finished(let trained) = outcome else { return nil }
    progress(.measuring)
    guard let agreement = try measure(trained, isCancelled) else { return nil }
    let name = out.deletingPathExtension().lastPathComponent
    var entries = agreement.entries
    entries["name"] = name
    entries["command"] = command
    entries["generator"] = PhantomGenerator.hash
    entries["patients"] = "\(plan.patients)"
    entries["seconds"] = "\(Int((ContinuousClock.now - began) / .seconds(1)))"
    let weights = AnatomyWeights(
      layout: trained.layout, parameters: trained.parameters,
      metadata: trained.metadata.merging(entries) { $1 })
    try weights.safetensors.write(to: out)
    try? FileManager.default.removeItem(at: checkpoint)
    return Result(
      weights: weights, sha256: try SHA256.hexDigest(ofFile: out), agreement: agreement)
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

extension AnatomyAgreement {
  /// The figures as metadata of the weights.
  var entries: [String: String] {
    var result: [String: String] = [:]
    for tissue in AnatomyTissue.allCases {
      result["held_out_dice_\(tissue.name)"] = dice(tissue).map { String(format: "%.4f", $0) }
    }
    result["held_out_level_accuracy"] = levelAccuracy.map { String(format: "%.4f", $0) }
    return result
  }
}
