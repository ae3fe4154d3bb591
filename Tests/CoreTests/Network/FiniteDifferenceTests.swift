import Imaging
import Testing

@testable import Core

/// Directional derivatives along each tensor's own gradient against central differences.
@Suite struct FiniteDifferenceTests {
  /// Checks the gradients of `loss` for all fields with the given parameters.
  private func check(
    _ network: MaskedAutoencoder, fields: [ParameterField], gradients: UnsafePointer<Float>,
    step: Float = 2e-2, tolerance: Double = 2e-2, loss: () -> Double
  ) {
    for field in fields {
      let gradient = Array(values(gradients + field.offset, field.count))
      let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let kept = Array(values(network.parameters.base + field.offset, field.count))
      func shifted(_ amount: Float) -> Double {
        for i in 0..<field.count {
          network.parameters.base[field.offset + i] =
            kept[i] + amount * Float(Double(gradient[i]) / max(norm, 1e-30))
        }
        network.repack(team: ThreadTeam(threads: 1))
        return loss()
      }
      let difference = (shifted(step) - shifted(-step)) / Double(2 * step)
      _ = shifted(0)
      #expect(norm > 0, "\(field.name) has no gradient")
      #expect(
        abs(difference - norm) < tolerance * norm + 1e-6,
        "\(field.name): gradient \(norm), difference \(difference)")
    }
  }

  @Test(arguments: [LossKind.regionPixels(edgeWeight: 0.1), .reference], [true, false])
  func wholeNetwork(kind: LossKind, conditioned: Bool) throws {
    var configuration = TinyCase.configuration
    configuration.isConditioned = conditioned
    let network = try TinyCase.network(configuration)
    let slices = try [1, 2, 3].map { try TinyCase.tokens(seed: $0, conditioned: conditioned) }
    let masks = slices.map { TinyCase.mask($0, seed: 9) }
    let step = GradientStep(network: network, batch: 3, team: ThreadTeam(threads: 2))
    _ = step.compute(slices: slices, masks: masks, loss: kind)
    let gradients = AlignedBuffer(step.gradients.values)
    check(network, fields: network.layout.table.fields, gradients: gradients.base) {
      step.compute(slices: slices, masks: masks, loss: kind).total
    }
  }

  @Test(arguments: [KernelPath.scalar, .baseline, .avx2, .avx512])
  func layers(path: KernelPath) throws {
    guard let kernels = KernelTable.table(for: path) else { return }
    let network = try TinyCase.network(kernels: kernels)
    let block = network.layout.encoder[0]
    let rows = 23
    let d = block.width
    let offsets = [0, 9, rows]
    var random = RandomSource(seed: 8)
    let input = AlignedBuffer((0..<rows * d).map { _ in random.normal() })
    let weights = (0..<rows * d).map { _ in random.normal() }
    let workspace = Workspace(network, isTraining: true)
    workspace.reserve(
      WorkspaceShape(
        encoderRows: rows, decoderRows: rows, outputRows: rows, embeddedRows: rows, longest: rows),
      for: network)
    let base = workspace.base
    let plan = workspace.plan
    let buffers = BlockBuffers(
      input: input.base, qkv: base + plan.encoder.qkv[0],
      attended: base + plan.encoder.attended[0], statistics: base + plan.encoder.statistics[0])
    let middle = base + plan.encoder.middle[0]
    let output = base + plan.encoder.input[1]
    func loss() -> Double {
      block.attend(
        network.runtime, network.packed.layout, buffers, offsets: offsets,
        scratch: workspace.blockScratch)
      middle.update(from: input.base, count: rows * d)
      block.transform(
        network.runtime, network.packed.layout, rows: rows, attended: buffers.attended,
        middle: middle, hidden: base + plan.encoder.hidden[0], keepsHidden: true, output: output,
        scratch: workspace.blockScratch)
      return weights.indices.reduce(0.0) { $0 + Double(weights[$1]) * Double(output[$1]) }
    }
    _ = loss()
    let gradients = AlignedBuffer(count: network.layout.table.count)
    let dInput = AlignedBuffer(weights)
    let dAttended = base + plan.dAttended
    block.transformBackward(
      network.runtime, network.packed.layout, rows: rows, attended: buffers.attended,
      middle: middle, hidden: base + plan.encoder.hidden[0], dStream: dInput.base,
      dAttended: dAttended, gradients: gradients.base, scratch: workspace.backwardScratch)
    block.attendBackward(
      network.runtime, network.packed.layout, buffers, offsets: offsets, dAttended: dAttended,
      dInput: dInput.base, gradients: gradients.base, scratch: workspace.backwardScratch)

    let fields = network.layout.table.fields.filter { $0.name.hasPrefix("blocks.0.") }
    #expect(fields.count == 12)
    check(network, fields: fields, gradients: gradients.base, loss: loss)
    // The gradient of the input, along itself.
    let gradient = dInput.values
    let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let kept = input.values
    func shifted(_ amount: Float) -> Double {
      for i in kept.indices { input.base[i] = kept[i] + amount * gradient[i] / Float(norm) }
      return loss()
    }
    let difference = (shifted(1e-2) - shifted(-1e-2)) / 2e-2
    #expect(abs(difference - norm) < 1e-2 * norm, "input: \(norm), \(difference)")
  }
}
