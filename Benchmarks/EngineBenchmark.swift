import Core
import Imaging

/// Times inference and training of a network with random weights.
struct EngineBenchmark: Sendable {
  /// Medians of one measurement.
  struct Timing: Equatable, Sendable {
    /// Tokens of the slice in this context.
    var tokens: Int
    /// Tokens that can be masked.
    var maskable: Int
    /// Median time of the whole call in ms.
    var milliseconds: Double
  }

  /// The network's shape.
  let configuration: NetworkConfiguration
  /// The context of the slice.
  let context: NetworkContext
  /// Random weights of the shape.
  let weights: NetworkWeights
  /// A noisy slice whose region touches 51 patches.
  let slice: TrainingSlice

  /// Prepares a benchmark on a synthetic slice whose region touches 51 patches, as the oracle's.
  init(
    configuration: NetworkConfiguration, context: NetworkContext, seed: UInt64 = 1
  ) throws {
    self.configuration = configuration
    self.context = context
    let layout = try NetworkLayout(configuration)
    let slab = AlignedBuffer(count: layout.table.count)
    layout.table.initialise(slab.base, seed: seed)
    weights = NetworkWeights(
      layout: layout, parameters: slab, contexts: [context], metadata: ["name": "random"])
    slice = Self.syntheticSlice(seed: seed)
  }

  /// Times one slice with balanced masks, from the normalised image to the maps.
  ///
  /// - Parameter passes: 1 times a single pass.
  func inference(
    passes: Int, threads: Int, repeats: Int, kernels: KernelTable = .best
  ) throws -> Timing {
    let engine = AnomalyEngine(
      weights: weights, name: "random", sha256: "", threads: threads, kernels: kernels)
    let settings = MonteCarloSettings(scheme: .balanced(passes: passes))
    let milliseconds = try median(repeats) { _ in
      _ = try engine.maps(
        image: slice.normalised, cord: slice.cord, csf: slice.csf, settings: settings)
    }
    let (tokens, maskable) = try sizes()
    return Timing(tokens: tokens, maskable: maskable, milliseconds: milliseconds)
  }

  /// Times one optimiser step: augmentation, forward, both losses, backward, Adam.
  func trainingStep(
    batch: Int, threads: Int, repeats: Int, kernels: KernelTable = .best
  ) throws -> Timing {
    let settings = TrainingSettings(
      configuration: configuration, context: context, steps: repeats + 1, batch: batch)
    let run = try Pretraining(
      settings: settings, data: TrainingData([slice], hash: "synthetic"), threads: threads,
      kernels: kernels)
    var times: [Double] = []
    var last = ContinuousClock.now
    _ = try run.run(progress: { _ in
      times.append((ContinuousClock.now - last) / .milliseconds(1))
      last = .now
    })
    let (tokens, maskable) = try sizes()
    return Timing(
      tokens: tokens, maskable: maskable,
      milliseconds: times.dropFirst().sorted()[max(0, (times.count - 1) / 2)])
  }

  private func sizes() throws -> (tokens: Int, maskable: Int) {
    let tokens = try TokenisedSlice(
      image: slice.normalised, cord: slice.cord, csf: slice.csf, context: context,
      isConditioned: configuration.isConditioned)
    return (tokens.tokens.count, tokens.maskable.count)
  }

  /// The median time of some calls in ms, after one that warms up.
  private func median(_ repeats: Int, _ body: (Int) throws -> Void) rethrows -> Double {
    try body(0)
    var times: [Double] = []
    for call in 1...max(1, repeats) {
      let began = ContinuousClock.now
      try body(call)
      times.append((ContinuousClock.now - began) / .milliseconds(1))
    }
    return times.sorted()[times.count / 2]
  }

  /// A noisy slice with a cord of 51 patches: 25 rows of two, and one more.
  private static func syntheticSlice(seed: UInt64) -> TrainingSlice {
    var random = RandomSource(seed: seed, stream: 51)
    let side = PatchGrid.imageSide
    var image = Raster<Float>(rows: side, columns: side, filledWith: 0)
    for index in image.pixels.indices { image.pixels[index] = random.uniform() }
    var cord = Raster(rows: side, columns: side, filledWith: false)
    for row in 24..<24 + 26 * PatchGrid.patch {
      let isLast = row >= 24 + 25 * PatchGrid.patch
      for column in 122..<(isLast ? 126 : 134) { cord[row, column] = true }
    }
    return TrainingSlice(normalised: image, cord: cord, csf: cord.map { _ in false })
  }
}
