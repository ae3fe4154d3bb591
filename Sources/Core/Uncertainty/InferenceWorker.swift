/// One thread of Monte-Carlo inference: its workspace and lists, kept from slice to slice.
///
/// `@unchecked Sendable`: whoever takes a worker from its pool is its only user until it is back.
final class InferenceWorker: @unchecked Sendable {
  private let network: MaskedAutoencoder
  private let workspace: Workspace
  private var batch = PassBatch()

  init(_ network: MaskedAutoencoder) {
    self.network = network
    workspace = Workspace(network, isTraining: false)
  }

  /// The predictions of some passes over one slice, one after the other.
  func reconstruct(
    _ masks: ArraySlice<PassMask>, buffers: SliceBuffers, into target: UnsafeMutablePointer<Float>
  ) {
    batch.removeAll()
    for mask in masks { batch.append(mask, slice: 0) }
    workspace.reserve(batch.shape(), for: network)
    network.forward(
      batch, embedded: buffers.embedded, workspace: workspace, heads: .reconstruction)
    target.update(
      from: workspace.base + workspace.plan.reconstruction,
      count: batch.outputRows.count * PatchGrid.pixels)
  }
}

/// What the passes over one slice share: its embedded tokens and all predictions.
///
/// `@unchecked Sendable`: written by the thread that took it from its pool; its workers then read the
/// tokens and write predictions of their own passes.
final class SliceBuffers: @unchecked Sendable {
  /// The one slice, for batches that refer to slices by index.
  private(set) var embedded: [EmbeddedSlice] = []
  private var encoder = AlignedBuffer(count: 0)
  private var decoder = AlignedBuffer(count: 0)
  private var predictions = AlignedBuffer(count: 0)

  /// Room for the embedded tokens of a slice.
  func embedding(rows: Int, of configuration: NetworkConfiguration) -> EmbeddedSlice {
    Self.reserve(&encoder, rows * configuration.encoderWidth)
    Self.reserve(&decoder, rows * configuration.decoderWidth)
    let place = EmbeddedSlice(encoder: encoder.base, decoder: decoder.base)
    embedded.removeAll(keepingCapacity: true)
    embedded.append(place)
    return place
  }

  /// Room for all predictions.
  func results(count: Int) -> AlignedBuffer {
    Self.reserve(&predictions, count)
    return predictions
  }

  private static func reserve(_ buffer: inout AlignedBuffer, _ count: Int) {
    if buffer.count < count { buffer = AlignedBuffer(count: count) }
  }
}
