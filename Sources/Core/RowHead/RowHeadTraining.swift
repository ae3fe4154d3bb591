internal import Foundation
internal import Imaging

/// Learns a ``RowHead`` by steps from profiles with known lesion rows; the same settings and
/// samples give the same bits, whatever the threads.
public struct RowHeadTraining: Sendable {
  /// A slice to learn from.
  public struct Sample: Sendable {
    /// What the head sees.
    public var profile: RowProfile
    /// Whether the truth has lesion in the cord on the row.
    public var isLesion: [Bool]

    /// Makes a sample.
    public init(profile: RowProfile, isLesion: [Bool]) {
      self.profile = profile
      self.isLesion = isLesion
    }
  }

  /// Everything that decides the result beside the samples.
  public struct Settings: Equatable, Sendable {
    /// Optimiser steps.
    public var steps = 1500
    /// Slices per step.
    public var batch = 64
    /// The schedule.
    public var learningRate = LearningRate(peak: 4e-3, warmUp: 150, floor: 0.01)
    /// Standard deviation of the noise added to all channels.
    public var noise: Float = 0.05
    /// Decides start weights, order and noise.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    /// The settings as metadata.
    var metadata: [String: String] {
      [
        "steps": "\(steps)", "batch": "\(batch)", "noise": "\(noise)", "seed": "\(seed)",
        "learning_rate": "\(learningRate.peak) \(learningRate.warmUp) \(learningRate.floor)",
      ]
    }
  }

  /// Slices whose gradients are added up in one slab; the number of slabs depends on the batch only.
  private static let shardSlices = 8

  private let settings: Settings
  private let samples: [Sample]
  private let team: ThreadTeam
  private let kernels: KernelTable

  /// Prepares a run.
  /// - Throws: `NetworkError.invalidInput` without samples.
  public init(
    settings: Settings, samples: [Sample], threads: Int, kernels: KernelTable = .best
  ) throws {
    guard !samples.isEmpty, settings.steps > 0, settings.batch > 0 else {
      throw NetworkError.invalidInput("a head needs samples, steps and a batch of at least one")
    }
    self.settings = settings
    self.samples = samples
    team = ThreadTeam(threads: threads)
    self.kernels = kernels
  }

  /// Learns.
  ///
  /// - Parameters:
  ///   - network: SHA-256 of the weights the profiles were made with.
  ///   - metadata: further entries for the head's file.
  ///   - progress: called after every step with steps done and the mean loss per row.
  ///   - isCancelled: asked before every step.
  /// - Returns: the head, or `nil` when cancelled.
  public func run(
    network sha256: String, metadata: [String: String] = [:],
    progress: (_ step: Int, _ loss: Double) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) -> RowHead? {
    let network = RowHeadNetwork(seed: settings.seed, kernels: kernels, isTraining: true)
    var adam = Adam(count: network.table.count)
    var order = EpochOrder(count: samples.count, seed: settings.seed)
    let step = RowHeadStep(
      network: network, rows: samples[0].profile.isKnown.count,
      shards: (settings.batch + Self.shardSlices - 1) / Self.shardSlices, team: team)
    for number in 0..<settings.steps {
      if isCancelled() { return nil }
      let chosen = (0..<settings.batch).map { order.index(number * settings.batch + $0) }
      let loss = step.compute(
        chosen.map { samples[$0] }, noise: settings.noise, seed: settings.seed, step: number)
      adam.update(
        parameters: network.parameters, gradients: step.gradients,
        learningRate: settings.learningRate.rate(step: number, of: settings.steps),
        kernels: kernels)
      network.repack()
      progress(number + 1, loss)
    }
    return RowHead(
      network: RowHeadNetwork(
        parameters: network.parameters, kernels: kernels, isTraining: false),
      networkSHA256: sha256, metadata: settings.metadata.merging(metadata) { $1 })
  }
}

/// Loss and gradients of one batch: the mean over known rows of the cross entropy of log-odds.
///
/// `@unchecked Sendable`: every shard writes its own slab and sum.
private final class RowHeadStep: @unchecked Sendable {
  let gradients: AlignedBuffer
  private let network: RowHeadNetwork
  private let slabs: [AlignedBuffer]
  private let sums: AlignedBuffer
  private let workspaces: [RowHeadWorkspace]
  private let inputs: [AlignedBuffer]
  private let rows: Int
  private let team: ThreadTeam

  init(network: RowHeadNetwork, rows: Int, shards: Int, team: ThreadTeam) {
    self.network = network
    self.rows = rows
    self.team = team
    gradients = AlignedBuffer(count: network.table.count)
    slabs = (0..<shards).map { _ in AlignedBuffer(count: network.table.count) }
    sums = AlignedBuffer(count: shards)
    workspaces = (0..<team.threads).map { _ in
      RowHeadWorkspace(rows: rows, kernels: network.kernels)
    }
    inputs = (0..<team.threads).map { _ in
      AlignedBuffer(count: rows * RowProfile.channels)
    }
  }

  func compute(
    _ batch: [RowHeadTraining.Sample], noise: Float, seed: UInt64, step: Int
  ) -> Double {
    let known = max(1, batch.reduce(0) { $0 + $1.profile.isKnown.count { $0 } })
    team.forEach(slabs.count) { shard, worker in
      self.slabs[shard].zero()
      var sum: Float = 0
      for index in ThreadTeam.slice(of: batch.count, part: shard, parts: self.slabs.count) {
        var random = RandomSource.derived(seed, .augmentation, UInt64(step), UInt64(index))
        sum += self.learn(
          batch[index], noise: noise, random: &random, scale: 1 / Float(known),
          into: self.slabs[shard], workspace: self.workspaces[worker],
          input: self.inputs[worker])
      }
      self.sums[shard] = sum
    }
    gradients.zero()
    for slab in slabs { network.kernels.add(gradients.base, slab.base, gradients.count) }
    return Double(sums.values.reduce(0, +)) / Double(known)
  }

  /// Forward and backward of one slice; returns the sum of its rows' losses.
  private func learn(
    _ sample: RowHeadTraining.Sample, noise: Float, random: inout RandomSource, scale: Float,
    into slab: AlignedBuffer, workspace: RowHeadWorkspace, input: AlignedBuffer
  ) -> Float {
    for n in sample.profile.values.indices {
      input[n] = sample.profile.values[n] + noise * random.normal()
    }
    network.forward(rows: rows, x: input.base, workspace: workspace)
    var sum: Float = 0
    for row in 0..<rows {
      guard sample.profile.isKnown[row] else {
        workspace.logits[row] = 0
        continue
      }
      let logit = workspace.logits[row]
      let target: Float = sample.isLesion[row] ? 1 : 0
      let small = Float(Foundation.exp(-Double(abs(logit))))
      // log(1 + e^x) - t x, in the form that neither overflows nor cancels.
      sum += max(logit, 0) - target * logit + Float(log1p(Double(small)))
      let probability = logit >= 0 ? 1 / (1 + small) : small / (1 + small)
      workspace.logits[row] = (probability - target) * scale
    }
    network.backward(
      rows: rows, dLogits: workspace.logits.base, workspace: workspace, gradients: slab.base)
    return sum
  }
}
