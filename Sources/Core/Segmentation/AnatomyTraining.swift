public import Foundation
internal import Imaging

/// Everything that decides an anatomy network beside its samples.
public struct AnatomySettings: Equatable, Sendable {
  /// The shape of the network.
  public var configuration = AnatomyConfiguration.standard
  /// Optimiser steps.
  public var steps = 6000
  /// Images per step.
  public var batch = 4
  /// The schedule of the learning rate.
  public var learningRate = LearningRate(peak: 2e-3, warmUp: 100, floor: 0.01)
  /// What is minimised.
  public var loss = AnatomyLoss()
  /// Decides the start weights.
  public var seed: UInt64 = 1

  /// The defaults.
  public init() {}

  /// Throws when nothing can be trained with these settings.
  public func validate() throws {
    try configuration.validate()
    guard (1...10_000_000).contains(steps), (1...256).contains(batch) else {
      throw NetworkError.invalidInput(
        "training wants 1 to 10000000 steps of 1 to 256 images, not \(steps) of \(batch)")
    }
    guard loss.tissueWeights.count == AnatomyTissue.allCases.count,
      loss.tissueWeights.allSatisfy({ $0 > 0 }), loss.dice >= 0, loss.levels >= 0,
      loss.contact > 0,
      learningRate.peak > 0, learningRate.warmUp >= 0
    else { throw NetworkError.invalidInput("loss or learning rate is out of range") }
  }

  /// The settings as metadata of weights and checkpoints.
  var metadata: [String: String] {
    configuration.metadata.merging([
      "steps": "\(steps)", "batch": "\(batch)", "seed": "\(seed)", "loss": loss.text,
      "learning_rate": "\(learningRate.peak) \(learningRate.warmUp) \(learningRate.floor)",
    ]) { $1 }
  }
}

/// How far the training of an anatomy network is.
public struct AnatomyProgress: Equatable, Sendable {
  /// Steps done.
  public var step: Int
  /// Steps of the run.
  public var steps: Int
  /// The last step's loss.
  public var loss: AnatomyLoss.Value
  /// An estimate of the time left.
  public var secondsLeft: Double
}

/// How it ended.
public enum AnatomyOutcome: Sendable {
  /// All steps done.
  case finished(AnatomyWeights)
  /// Stopped on request after some steps; the checkpoint resumes it.
  case interrupted(step: Int)
}

/// Training of an anatomy network by steps, resumable.
///
/// The result depends on settings, samples and kernel path only: neither on threads nor on
/// interruptions.
public struct AnatomyTraining<Samples: AnatomySamples>: Sendable {
  /// What decides the result.
  public let settings: AnatomySettings
  /// What is learned from.
  public let samples: Samples
  private let layout: AnatomyLayout
  private let start: AnatomyEngine?
  private let team: ThreadTeam
  private let kernels: KernelTable

  /// Prepares a run.
  ///
  /// - Parameter start: the network to go on from; without it random weights.
  /// - Throws: `NetworkError` when the settings allow no training.
  public init(
    settings: AnatomySettings, samples: Samples, start: AnatomyEngine? = nil, threads: Int,
    kernels: KernelTable = .best
  ) throws {
    try settings.validate()
    guard start.map({ $0.weights.configuration == settings.configuration }) ?? true else {
      throw NetworkError.invalidInput("the weights to go on from have another shape")
    }
    self.start = start
    self.settings = settings
    self.samples = samples
    layout = try AnatomyLayout(settings.configuration)
    team = ThreadTeam(threads: threads)
    self.kernels = kernels
  }

  /// Everything that decides the result; a checkpoint must agree with it.
  var identity: [String: String] {
    var entries = settings.metadata
    entries["data"] = samples.hash
    entries["kernels"] = kernels.path.rawValue
    if let start { entries["start"] = start.sha256 }
    return entries
  }

  /// Trains to the end, or until asked to stop.
  ///
  /// - Parameters:
  ///   - checkpoint: where the state is kept; an existing file is resumed. `nil`: not resumable.
  ///   - interval: steps between checkpoints; one more is written when the run is interrupted.
  ///   - metadata: further entries for the final weights, such as the command.
  ///   - progress: called after every step.
  ///   - isCancelled: asked before every step.
  /// - Returns: the weights, or how far the run came. Both leave the checkpoint in place.
  /// - Throws: what samples and files throw, and `NetworkError`.
  public func run(
    checkpoint: URL? = nil, interval: Int = 100, metadata: [String: String] = [:],
    progress: (AnatomyProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> AnatomyOutcome {
    var (network, adam) = try begin(checkpoint)
    let gradients = AnatomyGradients(network: network, batch: settings.batch, team: team)
    let first = adam.step
    let began = ContinuousClock.now
    var saved = adam.step
    while adam.step < settings.steps {
      guard !isCancelled() else {
        try save(checkpoint, network, adam)
        return .interrupted(step: adam.step)
      }
      let loss = try step(&adam, gradients)
      if adam.step - saved >= max(1, interval) || adam.step == settings.steps {
        try save(checkpoint, network, adam)
        saved = adam.step
      }
      let perStep = (ContinuousClock.now - began) / .seconds(1) / Double(adam.step - first)
      progress(
        AnatomyProgress(
          step: adam.step, steps: settings.steps, loss: loss,
          secondsLeft: perStep * Double(settings.steps - adam.step)))
    }
    return .finished(
      AnatomyWeights(
        layout: layout, parameters: network.parameters,
        metadata: identity.merging(metadata) { $1 }))
  }

  private func step(_ adam: inout Adam, _ gradients: AnatomyGradients) throws -> AnatomyLoss.Value {
    let number = adam.step
    let loss = try gradients.compute(
      samples, first: number * settings.batch, loss: settings.loss)
    guard loss.total.isFinite else {
      throw NetworkError.invalidInput(
        "the loss of step \(number) is not a number; use a lower learning rate")
    }
    adam.update(
      parameters: gradients.network.parameters, gradients: gradients.gradients,
      learningRate: settings.learningRate.rate(step: number, of: settings.steps),
      kernels: kernels)
    gradients.network.repack(team: team)
    return loss
  }

  private func begin(_ checkpoint: URL?) throws -> (AnatomyNetwork, Adam) {
    if let checkpoint, FileManager.default.fileExists(atPath: checkpoint.path) {
      let state = try TrainingCheckpoint.read(
        checkpoint, table: layout.table, steps: settings.steps, metadata: identity)
      let network = AnatomyNetwork(
        layout: layout, parameters: state.parameters, kernels: kernels, isTraining: true)
      return (network, state.adam)
    }
    let slab = AlignedBuffer(count: layout.table.count)
    if let start {
      slab.base.update(from: start.weights.parameters.base, count: layout.table.count)
    } else {
      layout.table.initialise(slab.base, seed: settings.seed)
    }
    let network = AnatomyNetwork(
      layout: layout, parameters: slab, kernels: kernels, isTraining: true)
    return (network, Adam(count: slab.count))
  }

  private func save(_ checkpoint: URL?, _ network: AnatomyNetwork, _ adam: Adam) throws {
    guard let checkpoint else { return }
    try TrainingCheckpoint.write(
      adam, table: layout.table, parameters: network.parameters, metadata: identity,
      to: checkpoint)
  }
}
