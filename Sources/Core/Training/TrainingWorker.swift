/// One thread of a training step: its workspace and lists, kept from batch to batch.
///
/// `@unchecked Sendable`: a thread team gives a worker to one thread at a time.
final class TrainingWorker: @unchecked Sendable {
  private let network: MaskedAutoencoder
  private let workspace: Workspace
  private var batch = PassBatch()
  private var embedded: [EmbeddedSlice] = []
  private var dEmbedded: [EmbeddedSlice] = []

  init(_ network: MaskedAutoencoder) {
    self.network = network
    workspace = Workspace(network, isTraining: true)
  }

  /// Forward, loss and backward of a few images; adds to the gradients and returns the sums of
  /// both parts of the loss.
  func run(
    _ slices: ArraySlice<TokenisedSlice>, _ masks: ArraySlice<PassMask>, _ loss: NetworkLoss,
    gradients: UnsafeMutablePointer<Float>
  ) -> SIMD2<Double> {
    batch.removeAll()
    for (index, mask) in masks.enumerated() { batch.append(mask, slice: index) }
    var embeddedRows = 0
    for slice in slices { embeddedRows += slice.tokens.count }
    workspace.reserve(batch.shape(embeddedRows: embeddedRows), for: network)
    let base = workspace.base
    let plan = workspace.plan
    network.place(slices, base + plan.embedded, base + plan.embeddedDecoder, in: &embedded)
    network.place(slices, base + plan.dEmbedded, base + plan.dEmbeddedDecoder, in: &dEmbedded)
    for (slice, target) in zip(slices, embedded) { network.embed(slice, into: target) }
    network.forward(batch, embedded: embedded, workspace: workspace, heads: .both)
    var sums = SIMD2<Double>.zero
    loss.evaluate(
      batch, slices: slices, reconstruction: base + plan.reconstruction,
      edges: base + plan.edges, sums: &sums)
    let configuration = network.layout.configuration
    (base + plan.dEmbedded).update(
      repeating: 0, count: embeddedRows * configuration.encoderWidth)
    (base + plan.dEmbeddedDecoder).update(
      repeating: 0, count: embeddedRows * configuration.decoderWidth)
    network.backward(
      batch, dReconstruction: base + plan.reconstruction, dEdges: base + plan.edges,
      dEmbedded: dEmbedded, gradients: gradients, workspace: workspace)
    for (slice, target) in zip(slices, dEmbedded) {
      network.embedBackward(
        slice, dEmbedded: target, gradients: gradients, pack: base + plan.pack)
    }
    return sums
  }
}

extension MaskedAutoencoder {
  /// Lists where the rows of each slice lie, one slice after the other.
  fileprivate func place(
    _ slices: ArraySlice<TokenisedSlice>, _ encoder: UnsafeMutablePointer<Float>,
    _ decoder: UnsafeMutablePointer<Float>, in list: inout [EmbeddedSlice]
  ) {
    list.removeAll(keepingCapacity: true)
    var row = 0
    for slice in slices {
      list.append(
        EmbeddedSlice(
          encoder: encoder + row * layout.configuration.encoderWidth,
          decoder: decoder + row * layout.configuration.decoderWidth))
      row += slice.tokens.count
    }
  }
}

extension PassBatch {
  /// The room a workspace needs for the batch.
  func shape(embeddedRows: Int = 0) -> WorkspaceShape {
    WorkspaceShape(
      encoderRows: encoderRows, decoderRows: decoderRows, outputRows: outputRows.count,
      embeddedRows: embeddedRows, longest: longest)
  }
}
