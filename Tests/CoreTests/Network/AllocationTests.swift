import CAllocationCount
import Testing

@testable import Core

#if DEBUG
  private let countsAllocations = false
#else
  private let countsAllocations = cordscope_allocation_count() >= 0
#endif

/// Counts on the test's own thread, so that tests beside it do not matter. Only optimised builds keep
/// the promise: without optimisation, iterators and accessors take memory for themselves.
@Suite("The hot path takes no heap memory", .enabled(if: countsAllocations))
struct AllocationTests {
  private struct Taken: Equatable {
    var blocks: Int
    var bytes: Int
  }

  private func taken(_ body: () throws -> Void) rethrows -> Taken {
    let (blocks, bytes) = (cordscope_allocation_count(), cordscope_allocation_bytes())
    try body()
    return Taken(
      blocks: cordscope_allocation_count() - blocks, bytes: cordscope_allocation_bytes() - bytes)
  }

  @Test("the counter counts")
  func control() {
    var kept: [AlignedBuffer] = []
    kept.reserveCapacity(3)
    let found = taken { for _ in 0..<3 { kept.append(AlignedBuffer(count: 1000)) } }
    // Each is an object and its slab.
    #expect(found.blocks == 6 && found.bytes >= 12_000 && kept.count == 3)
  }

  @Test(
    "a training step, once a batch as large has gone through",
    arguments: [LossKind.regionPixels(edgeWeight: 0.1), .reference])
  func trainingStep(kind: LossKind) throws {
    let network = try TinyCase.network()
    let step = GradientStep(network: network, batch: 7, team: ThreadTeam(threads: 1))
    var adam = Adam(count: network.layout.table.count)
    var slices = try (1...7).map { try TinyCase.tokens(seed: $0, rows: 30 + 12 * Int($0)) }
    var masks = slices.map { TinyCase.mask($0, seed: 2) }
    func learn() {
      let loss = step.compute(slices: slices, masks: masks, loss: kind)
      adam.update(
        parameters: network.parameters, gradients: step.gradients,
        learningRate: loss.total > 0 ? 1e-3 : 0)
      network.repack(team: ThreadTeam(threads: 1))
    }
    for _ in 0..<2 {
      learn()
      slices.reverse()
      masks.reverse()
    }
    #expect(taken { for _ in 0..<10 { learn() } } == Taken(blocks: 0, bytes: 0))
  }

  @Test("passes of inference, once as many have gone through")
  func passes() throws {
    let network = try TinyCase.network(training: false)
    let tokens = try TinyCase.tokens(seed: 4)
    let masks = MonteCarloSettings(scheme: .balanced(passes: 5), seed: 3).masks(for: tokens)
    let buffers = SliceBuffers()
    let worker = InferenceWorker(network)
    let results = buffers.results(count: masks.reduce(0) { $0 + $1.masked.count * 64 })
    func reconstruct() {
      let place = buffers.embedding(rows: tokens.tokens.count, of: TinyCase.configuration)
      network.embed(tokens, into: place)
      worker.reconstruct(masks[...], buffers: buffers, into: results.base)
    }
    reconstruct()
    #expect(taken { for _ in 0..<10 { reconstruct() } } == Taken(blocks: 0, bytes: 0))
  }

  @Test("the second slice of a run takes the memory of its result only")
  func secondSlice() throws {
    let network = try TinyCase.network(training: false)
    let tokens = try TinyCase.tokens(seed: 4)
    let masks = MonteCarloSettings(scheme: .balanced(passes: 5), seed: 3).masks(for: tokens)
    let monteCarlo = MonteCarlo(network: network, team: ThreadTeam(threads: 1))
    let first = monteCarlo.reconstruct(tokens, masks: masks)
    var second: [[Float]] = []
    let found = taken { second = monteCarlo.reconstruct(tokens, masks: masks) }
    #expect(sameBits(second.flatMap { $0 }, first.flatMap { $0 }))
    let floats = masks.reduce(0) { $0 + $1.masked.count * 64 }
    // Beside the predictions only lists with an entry or two per pass.
    #expect(found.bytes < floats * 4 + masks.count * 500, "\(found) for \(floats) floats")
  }
}
