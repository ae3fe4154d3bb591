public import Foundation
internal import Imaging
internal import Synchronization

/// A training run: masked reconstruction of slices, by steps, resumable.
///
/// The result depends on settings, data, start weights and kernel path only: neither on threads nor
/// on interruptions.
public struct Pretraining: Sendable {
  /// What decides the result.
  public let settings: TrainingSettings
  /// What is learned from.
  public let data: TrainingData
  /// Weights to go on from, or `nil` for a fresh network.
  public let start: NetworkWeights?
  private let team: ThreadTeam
  private let kernels: KernelTable

  /// Prepares a run.
  ///
  /// - Throws: `NetworkError` when settings, data and start weights do not fit together.
  public init(
    settings: TrainingSettings, data: TrainingData, start: NetworkWeights? = nil, threads: Int,
    kernels: KernelTable = .best
  ) throws {
    try settings.validate()
    guard data.count > 0 else { throw NetworkError.invalidInput("there are no slices to learn") }
    if let start, start.configuration != settings.configuration {
      throw NetworkError.invalidInput("the start weights have another configuration")
    }
    self.settings = settings
    self.data = data
    self.start = start
    team = ThreadTeam(threads: threads)
    self.kernels = kernels
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
  /// - Throws: what data and files throw, and `NetworkError`.
  public func run(
    checkpoint: URL? = nil, interval: Int = 100, metadata: [String: String] = [:],
    progress: (TrainingProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    var (network, adam) = try begin(checkpoint)
    let step = GradientStep(network: network, batch: settings.batch, team: team)
    var order = EpochOrder(count: data.count, seed: settings.seed)
    let began = ContinuousClock.now
    let first = adam.step
    while adam.step < settings.steps {
      if isCancelled() {
        try save(checkpoint, network, adam)
        return .interrupted(step: adam.step)
      }
      let number = adam.step
      let (slices, masks) = try batch(step: number, order: &order)
      let loss = step.compute(slices: slices, masks: masks, loss: settings.loss)
      guard loss.total.isFinite else {
        throw NetworkError.invalidInput(
          "the loss of step \(number) is not a number; use a lower learning rate")
      }
      adam.update(
        parameters: network.parameters, gradients: step.gradients,
        learningRate: settings.learningRate.rate(step: number, of: settings.steps),
        kernels: kernels)
      network.repack(team: team)
      if adam.step % max(1, interval) == 0 || adam.step == settings.steps {
        try save(checkpoint, network, adam)
      }
      let elapsed = ContinuousClock.now - began
      let perStep = elapsed / (adam.step - first)
      progress(
        TrainingProgress(
          step: adam.step, steps: settings.steps, loss: loss,
          secondsLeft: perStep / .seconds(1) * Double(settings.steps - adam.step)))
    }
    return .finished(
      NetworkWeights(
        layout: network.layout, parameters: network.parameters, contexts: [settings.context],
        metadata: identity.merging(metadata) { $1 }))
  }

  /// What a checkpoint must agree with.
  private var identity: [String: String] {
    var entries = settings.metadata
    entries["data"] = data.hash
    entries["data_count"] = "\(data.count)"
    entries["kernels"] = kernels.path.rawValue
    entries["start"] =
      start.map { start in
        SHA256.hexDigest(
          of: UnsafeRawBufferPointer(
            start: start.parameters.base, count: start.parameters.count * 4))
      } ?? "fresh"
    return entries
  }

  private func begin(_ checkpoint: URL?) throws -> (MaskedAutoencoder, Adam) {
    let layout = try NetworkLayout(settings.configuration)
    if let checkpoint, FileManager.default.fileExists(atPath: checkpoint.path) {
      let state = try TrainingCheckpoint.read(
        checkpoint, layout: layout, steps: settings.steps, metadata: identity)
      let network = MaskedAutoencoder(
        layout: layout, parameters: state.parameters, kernels: kernels, isTraining: true)
      return (network, state.adam)
    }
    let slab = AlignedBuffer(count: layout.table.count)
    if let start {
      slab.base.update(from: start.parameters.base, count: slab.count)
    } else {
      layout.table.initialise(slab.base, seed: settings.seed)
    }
    let network = MaskedAutoencoder(
      layout: layout, parameters: slab, kernels: kernels, isTraining: true)
    return (network, Adam(count: slab.count))
  }

  private func save(_ checkpoint: URL?, _ network: MaskedAutoencoder, _ adam: Adam) throws {
    guard let checkpoint else { return }
    try TrainingCheckpoint.write(adam, network: network, metadata: identity, to: checkpoint)
  }

  /// The images and masks of a step, from seed and step number alone.
  private func batch(
    step: Int, order: inout EpochOrder
  ) throws -> (slices: [TokenisedSlice], masks: [PassMask]) {
    let indices = (0..<settings.batch).map { order.index(step * settings.batch + $0) }
    let results = Mutex(
      [Result<(TokenisedSlice, PassMask), any Error>?](
        repeating: nil, count: indices.count))
    team.forEach(indices.count) { image, _ in
      let result = Result { try self.prepare(indices[image], step: step, image: image) }
      results.withLock { $0[image] = result }
    }
    let items = try results.withLock { try $0.compactMap { try $0?.get() } }
    return (items.map(\.0), items.map(\.1))
  }

  private func prepare(
    _ index: Int, step: Int, image: Int
  ) throws -> (TokenisedSlice, PassMask) {
    let slice = try data.slice(index)
    try slice.validate(index: index)
    var random = RandomSource.derived(
      settings.seed, .augmentation, UInt64(step), UInt64(image))
    let tokens = try settings.augmentation.tokenise(
      slice, context: settings.context, isConditioned: settings.configuration.isConditioned,
      random: &random)
    random = .derived(settings.seed, .masks, UInt64(step), UInt64(image))
    let noise = (0..<tokens.tokens.count).map { _ in random.uniform() }
    let mask = RandomMasks.make(
      noise: noise, regionCounts: tokens.regionCounts, ratio: settings.maskRatio)
    return (tokens, mask)
  }
}

extension TrainingSlice {
  /// Throws when the slice has another shape or values that are not numbers.
  func validate(index: Int) throws {
    let side = PatchGrid.imageSide
    guard normalised.rows == side, normalised.columns == side, cord.rows == side,
      cord.columns == side, csf.rows == side, csf.columns == side
    else {
      throw NetworkError.invalidInput("training slice \(index) is not \(side) x \(side) px")
    }
    guard normalised.pixels.allSatisfy(\.isFinite) else {
      throw NetworkError.invalidInput("training slice \(index) has values that are not numbers")
    }
  }
}

/// Which slice each sample of a run is: all slices in a new random order every epoch.
struct EpochOrder {
  let count: Int
  let seed: UInt64
  private var epoch = -1
  private var order: [Int] = []

  init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  /// The slice of sample 0, 1, 2, ...
  mutating func index(_ sample: Int) -> Int {
    if sample / count != epoch {
      epoch = sample / count
      var random = RandomSource.derived(seed, .order, UInt64(epoch))
      order = random.permutation(count)
    }
    return order[sample % count]
  }
}
