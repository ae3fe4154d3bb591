import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Network against the reference", .enabled(if: ReferenceCase.isPresent))
struct NetworkOracleTests {
  @Test func positionsAreTheStoredTable() throws {
    let file = try Safetensors.read(SharedData.url("oracle/ugmae_d2.weights.safetensors"))
    for (name, width) in [("pos_embed", 128), ("decoder_pos_embed", 64)] {
      let stored = try ReferenceCase.floats(file, name)
      #expect(relativeDifference(PositionTable.make(width: width), stored) < 1e-6)
    }
  }

  @Test func maskIsTheReferences() throws {
    let reference = try ReferenceCase()
    let mask = try reference.mask()
    let expected = try reference.floats("random.mask")
    #expect(mask.masked == expected.indices.filter { expected[$0] == 1 })
    #expect(mask.visible.count == 985)
  }

  @Test func edgeTargetIsTheReferences() throws {
    let reference = try ReferenceCase()
    let target = Raster(
      rows: 256, columns: 256, pixels: try reference.floats("random.edge_target"))
    let expected = PatchGrid.cut(target)
    for position in reference.slice.maskable {
      let range = position * 64..<position * 64 + 64
      #expect(relativeDifference(reference.slice.edges[range], Array(expected[range])) < 1e-5)
    }
  }

  @Test(arguments: [false, true])
  func forwardAgrees(training: Bool) throws {
    let reference = try ReferenceCase()
    let network = reference.network(training: training)
    let workspace = Workspace(network, isTraining: training)
    var batch = PassBatch(predictsAll: true)
    batch.append(try reference.mask(), slice: 0)
    workspace.reserve(batch.shape(embeddedRows: 1024), for: network)
    let encoder = AlignedBuffer(count: 1024 * 128)
    let decoder = AlignedBuffer(count: 1024 * 64)
    let embedded = EmbeddedSlice(encoder: encoder.base, decoder: decoder.base)
    network.embed(reference.slice, into: embedded)
    network.forward(batch, embedded: [embedded], workspace: workspace, heads: .both)
    let base = workspace.base
    let plan = workspace.plan

    // The reference's encoder keeps tokens in the shuffled order, ours in the grid's.
    let latent = try reference.floats("random.latent")
    let order = RandomMasks.keepOrder(
      noise: try reference.floats("random.noise"), regionCounts: reference.slice.regionCounts)
    var sorted = Array(latent[0..<128])
    let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    for token in batch.masks[0].visible {
      let row = 1 + (try #require(place[token]))
      sorted += latent[row * 128..<row * 128 + 128]
    }
    #expect(relativeDifference(values(base + plan.latent, 986 * 128), sorted) < 1e-4)

    for (name, offset) in [("rec", plan.reconstruction), ("edge", plan.edges)] {
      let raw = try reference.floats("random.\(name)_raw")
      let found = Array(values(base + offset, 1024 * 64))
      #expect(relativeDifference(found, raw) < 1e-4)
      let target =
        name == "rec"
        ? reference.image
        : Raster(rows: 256, columns: 256, pixels: try reference.floats("random.edge_target"))
      let region = reference.slice.region
      let composited = zip(found, zip(PatchGrid.cut(target), region)).map {
        $1.1 > 0 ? $0 : $1.0
      }
      let expected = try reference.floats("random.\(name)_composited")
      #expect(relativeDifference(composited, expected) < 1e-4)
    }
  }

  @Test func lossesAndGradientsAgree() throws {
    let reference = try ReferenceCase()
    let step = GradientStep(
      network: reference.network(training: true), batch: 1, team: ThreadTeam(threads: 1))
    let loss = step.compute(
      slices: [reference.slice], masks: [try reference.mask()], loss: .reference)
    let expected = try reference.floats("random.losses")
    #expect(abs(loss.reconstruction / Double(expected[0]) - 1) < 1e-4)
    #expect(abs(loss.edges / Double(expected[1]) - 1) < 1e-4)
    #expect(abs(loss.total / Double(expected[2]) - 1) < 1e-4)

    let gradients = try Safetensors.read(
      SharedData.url("oracle/ugmae_d2.gradients.safetensors"))
    let layout = reference.weights.layout
    #expect(Set(gradients.tensors.keys) == Set(layout.table.fields.map(\.name)))
    for field in layout.table.fields {
      let wanted = try ReferenceCase.floats(gradients, field.name)
      let found = values(step.gradients.base + field.offset, field.count)
      let difference = normDifference(found, wanted)
      #expect(difference < 1e-3, "\(field.name): \(difference)")
    }

    var adam = Adam(count: layout.table.count)
    adam.update(
      parameters: reference.weights.parameters, gradients: step.gradients, learningRate: 3e-3)
    for (name, tensor) in reference.activations.tensors where name.hasPrefix("adam.") {
      let field = try #require(layout.table[String(name.dropFirst(5))])
      let found = values(reference.weights.parameters.base + field.offset, field.count)
      #expect(normDifference(found, tensor.floats) < 1e-3, "\(name)")
    }
  }

  @Test func largeWeightsLoad() throws {
    let weights = try NetworkWeights(
      contentsOf: SharedData.url("oracle/ugmae_d12.weights.safetensors"))
    #expect(weights.configuration == .reference12)
    #expect(weights.contexts == [.image])
  }
}
