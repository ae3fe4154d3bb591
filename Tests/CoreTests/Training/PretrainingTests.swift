import Foundation
import Imaging
import Testing

@testable import Core

@Suite struct PretrainingTests {
  private static let data = TrainingData(
    (1...5).map { TinyCase.slice(seed: $0, rows: 40) }, hash: "tiny-5")

  private func settings(steps: Int) -> TrainingSettings {
    TrainingSettings(
      configuration: TinyCase.configuration, context: .nearest(70), steps: steps, batch: 4,
      learningRate: LearningRate(peak: 5e-3, warmUp: 5), seed: 3)
  }

  private func weights(_ outcome: TrainingOutcome) throws -> NetworkWeights {
    guard case .finished(let weights) = outcome else {
      throw NetworkError.invalidInput("the run did not finish")
    }
    return weights
  }

  @Test func lossFalls() throws {
    var losses: [Double] = []
    let run = try Pretraining(settings: settings(steps: 150), data: Self.data, threads: 2)
    let outcome = try run.run(metadata: ["command": "test"]) { progress in
      losses.append(progress.loss.total)
      #expect(progress.step == losses.count && progress.secondsLeft >= 0)
    }
    let first = losses[..<10].reduce(0, +)
    let last = losses[140...].reduce(0, +)
    #expect(last < 0.35 * first, "first \(first / 10), last \(last / 10)")
    let weights = try weights(outcome)
    #expect(weights.contexts == [.nearest(70)])
    #expect(weights.metadata["command"] == "test")
    #expect(weights.metadata["data"] == "tiny-5")
    #expect(try NetworkConfiguration(metadata: weights.metadata) == TinyCase.configuration)
  }

  @Test func interruptedRunsEndTheSame() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("cordscope-training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let checkpoint = folder.appendingPathComponent("state.safetensors")
    let steps = 12
    let whole = try weights(
      try Pretraining(settings: settings(steps: steps), data: Self.data, threads: 1).run())

    var done = 0
    var outcome = TrainingOutcome.interrupted(step: 0)
    for (stop, threads) in [(4, 1), (5, 3), (100, 2)] {
      let run = try Pretraining(
        settings: settings(steps: steps), data: Self.data, threads: threads)
      outcome = try run.run(
        checkpoint: checkpoint, interval: 3, progress: { done = $0.step },
        isCancelled: { done >= stop })
      if case .interrupted(let step) = outcome { #expect(step == stop) }
    }
    let resumed = try weights(outcome)
    #expect(sameBits(resumed.parameters.values, whole.parameters.values))
    let files = try [resumed, whole].map { try $0.safetensors().encoded() }
    #expect(SHA256.hexDigest(of: files[0]) == SHA256.hexDigest(of: files[1]))

    // A finished checkpoint gives the weights without another step.
    let again = try Pretraining(settings: settings(steps: steps), data: Self.data, threads: 1)
    let repeated = try weights(
      try again.run(checkpoint: checkpoint, progress: { _ in Issue.record("one step too many") }))
    #expect(sameBits(repeated.parameters.values, whole.parameters.values))

    // Another run's checkpoint is refused, by the name of what differs.
    var other = settings(steps: steps)
    other.seed = 4
    do {
      _ = try Pretraining(settings: other, data: Self.data, threads: 1).run(checkpoint: checkpoint)
      Issue.record("a checkpoint of another seed was accepted")
    } catch NetworkError.checkpoint(_, let problem) {
      #expect(problem.contains("seed"))
    }
    try Data([1, 2, 3]).write(to: checkpoint)
    #expect(throws: ReadError.self) {
      try Pretraining(settings: settings(steps: steps), data: Self.data, threads: 1)
        .run(checkpoint: checkpoint)
    }
  }

  @Test func startWeightsAreTheStart() throws {
    let start = try weights(
      try Pretraining(settings: settings(steps: 3), data: Self.data, threads: 1).run())
    var next = settings(steps: 1)
    next.learningRate = LearningRate(peak: 1e-9, warmUp: 0)
    let continued = try weights(
      try Pretraining(settings: next, data: Self.data, start: start, threads: 1).run())
    #expect(relativeDifference(continued.parameters.values, start.parameters.values) < 1e-6)
    next.configuration.encoderDepth = 1
    #expect(throws: NetworkError.self) {
      try Pretraining(settings: next, data: Self.data, start: start, threads: 1)
    }
  }

  @Test func badDataIsRefused() throws {
    #expect(throws: NetworkError.self) {
      try Pretraining(
        settings: settings(steps: 1), data: TrainingData([], hash: ""), threads: 1)
    }
    var slice = TinyCase.slice(seed: 1)
    slice.normalised[0, 0] = .infinity
    let run = try Pretraining(
      settings: settings(steps: 1), data: TrainingData([slice], hash: ""), threads: 1)
    #expect(throws: NetworkError.self) { try run.run() }
    for change in [
      { (s: inout TrainingSettings) in s.steps = 0 }, { $0.batch = 0 }, { $0.maskRatio = 1 },
      { $0.augmentation.shift = -1 }, { $0.learningRate.peak = 0 },
    ] {
      var settings = settings(steps: 1)
      change(&settings)
      #expect(throws: NetworkError.self) { try settings.validate() }
    }
  }

  @Test func learningRateWarmsUpAndCools() {
    let schedule = LearningRate(peak: 1, warmUp: 10, floor: 0.02)
    #expect(schedule.rate(step: 0, of: 100) == 0.1)
    #expect(schedule.rate(step: 9, of: 100) == 1)
    #expect(schedule.rate(step: 10, of: 100) == 1)
    #expect(abs(schedule.rate(step: 99, of: 100) - 0.02) < 1e-6)
    let rates = (10..<100).map { schedule.rate(step: $0, of: 100) }
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test func everyEpochSeesEverySlice() {
    var order = EpochOrder(count: 7, seed: 2)
    let epochs = (0..<3).map { epoch in (0..<7).map { order.index(epoch * 7 + $0) } }
    #expect(epochs.allSatisfy { $0.sorted() == Array(0..<7) })
    #expect(epochs[0] != epochs[1])
    var again = EpochOrder(count: 7, seed: 2)
    #expect(again.index(9) == epochs[1][2])
  }

  @Test func augmentationOnlyTouchesTokensAndIsSeeded() throws {
    let slice = TinyCase.slice(seed: 1)
    func cut(_ augmentation: Augmentation, _ seed: UInt64) throws -> TokenisedSlice {
      var random = RandomSource(seed: seed)
      return try augmentation.tokenise(
        slice, context: .nearest(70), isConditioned: true, random: &random)
    }
    let plain = try TinyCase.tokens(seed: 1)
    let same = try cut(.none, 1)
    #expect(sameBits(same.pixels, plain.pixels) && sameBits(same.edges, plain.edges))
    #expect(sameBits(same.anatomy, plain.anatomy) && same.tokens == plain.tokens)
    let one = try cut(Augmentation(), 1)
    #expect(try sameBits(one.pixels, cut(Augmentation(), 1).pixels))
    #expect(try !sameBits(one.pixels, cut(Augmentation(), 2).pixels))
    #expect(one.pixels.allSatisfy { (0...1).contains($0) })
    // The region moves with the grid: no pixel of it is lost.
    #expect(one.region.reduce(0, +) == plain.region.reduce(0, +))
  }

  @Test func noiseHasUnitVariance() {
    var random = RandomSource(seed: 5)
    let draws = (0..<20000).map { _ in Double(random.nearlyNormal()) }
    let mean = draws.reduce(0, +) / 20000
    let variance = draws.reduce(0) { $0 + $1 * $1 } / 20000 - mean * mean
    #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.05, "\(mean) \(variance)")
  }
}
