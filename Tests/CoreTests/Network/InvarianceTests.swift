import Imaging
import Testing

@testable import Core

@Suite struct InvarianceTests {
  @Test func gradientsDoNotDependOnThreads() throws {
    let network = try TinyCase.network()
    let slices = try (1...7).map { try TinyCase.tokens(seed: $0, rows: 30 + 12 * Int($0)) }
    let masks = slices.map { TinyCase.mask($0, seed: 2) }
    let results = [1, 2, 3, 5].map { threads in
      let step = GradientStep(network: network, batch: 7, team: ThreadTeam(threads: threads))
      // Twice: a workspace that was used before must not show.
      _ = step.compute(
        slices: Array(slices.reversed()), masks: Array(masks.reversed()),
        loss: .regionPixels(edgeWeight: 0.1))
      let loss = step.compute(
        slices: slices, masks: masks, loss: .regionPixels(edgeWeight: 0.1))
      return (loss, step.gradients.values)
    }
    for result in results.dropFirst() {
      #expect(result.0 == results[0].0)
      #expect(sameBits(result.1, results[0].1))
    }
  }

  @Test(arguments: [NetworkContext.nearest(80), .roi, .image])
  func mapsDependNeitherOnThreadsNorOnGrouping(context: NetworkContext) throws {
    let network = try TinyCase.network(training: false)
    let tokens = try TinyCase.tokens(seed: 4, context: context)
    let masks = MonteCarloSettings(scheme: .balanced(passes: 5), seed: 3).masks(for: tokens)
    var all: [[[Float]]] = []
    for (threads, rows) in [(1, 1), (1, 4000), (2, 300), (4, 640)] {
      var monteCarlo = MonteCarlo(network: network, team: ThreadTeam(threads: threads))
      monteCarlo.groupRows = rows
      all.append(monteCarlo.reconstruct(tokens, masks: masks))
    }
    for other in all.dropFirst() {
      #expect(sameBits(other.flatMap { $0 }, all[0].flatMap { $0 }))
    }
    #expect(all[0].allSatisfy { $0.allSatisfy { $0 > 0 && $0 < 1 } })
  }

  @Test func trainingAndInferenceForwardAreTheSame() throws {
    let network = try TinyCase.network()
    let tokens = try TinyCase.tokens(seed: 6)
    let mask = TinyCase.mask(tokens, seed: 1)
    let embedded = AlignedBuffer(count: tokens.tokens.count * 24)
    let target = EmbeddedSlice(
      encoder: embedded.base, decoder: embedded.base + tokens.tokens.count * 16)
    network.embed(tokens, into: target)
    let found = [true, false].map { training in
      let workspace = Workspace(network, isTraining: training)
      var batch = PassBatch()
      batch.append(mask, slice: 0)
      batch.append(mask, slice: 0)
      workspace.reserve(batch.shape(embeddedRows: tokens.tokens.count), for: network)
      network.forward(batch, embedded: [target], workspace: workspace, heads: .both)
      return Array(
        values(workspace.base + workspace.plan.reconstruction, 2 * mask.masked.count * 64))
    }
    #expect(sameBits(found[0], found[1]))
    let half = mask.masked.count * 64
    #expect(sameBits(Array(found[0][..<half]), Array(found[0][half...])))
  }

  @Test func kernelPathsAgree() throws {
    let slices = try (1...3).map { try TinyCase.tokens(seed: $0) }
    let masks = slices.map { TinyCase.mask($0, seed: 2) }
    var expected: (loss: Double, gradients: [Float], maps: [Float])?
    for path in KernelTable.available {
      let kernels = try #require(KernelTable.table(for: path))
      let network = try TinyCase.network(kernels: kernels)
      let step = GradientStep(network: network, batch: 3, team: ThreadTeam(threads: 2))
      let loss = step.compute(slices: slices, masks: masks, loss: .regionPixels(edgeWeight: 0.1))
      let monteCarlo = MonteCarlo(network: network, team: ThreadTeam(threads: 2))
      let maps = monteCarlo.reconstruct(slices[0], masks: [masks[0]]).flatMap { $0 }
      if let expected {
        #expect(abs(loss.total / expected.loss - 1) < 1e-5, "\(path)")
        #expect(normDifference(step.gradients.values, expected.gradients) < 1e-5, "\(path)")
        #expect(relativeDifference(maps, expected.maps) < 1e-5, "\(path)")
      } else {
        expected = (loss.total, step.gradients.values, maps)
      }
    }
  }
}
