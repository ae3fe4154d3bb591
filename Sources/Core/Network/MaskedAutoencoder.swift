/// U2AD's network: parameters, their packed copies and the kernels that compute with them.
///
/// One definition serves inference and training; `forward` and `backward` stand side by side in the
/// extensions. All computation happens in a caller's ``Workspace``, so that one network can serve
/// several threads.
///
/// `@unchecked Sendable`: `parameters` and `packed` are only written by their owner between
/// passes (at loading, and by the training run between steps).
package final class MaskedAutoencoder: @unchecked Sendable {
  package let layout: NetworkLayout
  package let kernels: KernelTable
  /// One slab of all parameters; `layout.table` says what lies where.
  package let parameters: AlignedBuffer
  let isTraining: Bool
  let packed: PackedWeights
  /// Fixed positions of class token and patches, in the encoder's and the decoder's width.
  let encoderPositions: [Float]
  let decoderPositions: [Float]

  /// A network with the parameters of a slab; `isTraining` packs what `backward` needs.
  package init(
    layout: NetworkLayout, parameters: AlignedBuffer, kernels: KernelTable, isTraining: Bool
  ) {
    precondition(parameters.count == layout.table.count, "slab of another network")
    self.layout = layout
    self.kernels = kernels
    self.parameters = parameters
    self.isTraining = isTraining
    packed = PackedWeights(layout.linears, kernels: kernels, training: isTraining)
    encoderPositions = PositionTable.make(width: layout.configuration.encoderWidth)
    decoderPositions = PositionTable.make(width: layout.configuration.decoderWidth)
    repack(team: ThreadTeam(threads: 1))
  }

  /// A fresh network.
  package convenience init(
    configuration: NetworkConfiguration, seed: UInt64, kernels: KernelTable, isTraining: Bool
  ) throws {
    let layout = try NetworkLayout(configuration)
    let slab = AlignedBuffer(count: layout.table.count)
    layout.table.initialise(slab.base, seed: seed)
    self.init(layout: layout, parameters: slab, kernels: kernels, isTraining: isTraining)
  }

  /// Packs the weights again after `parameters` changed.
  package func repack(team: ThreadTeam) {
    let linears = layout.linears
    team.forEach(linears.count) { index, _ in
      self.packed.pack(linears[index], from: self.parameters.base, kernels: self.kernels)
    }
  }

  var runtime: LayerRuntime {
    LayerRuntime(kernels: kernels, parameters: parameters.base, packed: packed.storage.base)
  }
}

/// A slice's tokens as vectors: what enters the encoder, and what is added in the decoder.
struct EmbeddedSlice {
  /// [T, d]: patch embedding + position (+ anatomy).
  let encoder: UnsafeMutablePointer<Float>
  /// [T, dd]: position (+ anatomy).
  let decoder: UnsafeMutablePointer<Float>
}

extension MaskedAutoencoder {
  /// Embeds the tokens of a slice; shared by all passes over it.
  func embed(_ slice: TokenisedSlice, into target: EmbeddedSlice) {
    let d = layout.configuration.encoderWidth
    let dd = layout.configuration.decoderWidth
    let rows = slice.tokens.count
    layout.patchEmbedding.forward(
      runtime, packed.layout, rows: rows, x: slice.pixels, y: target.encoder)
    for (row, token) in slice.tokens.enumerated() {
      for i in 0..<d { target.encoder[row * d + i] += encoderPositions[(1 + token) * d + i] }
      for i in 0..<dd { target.decoder[row * dd + i] = decoderPositions[(1 + token) * dd + i] }
    }
    if let anatomy = layout.encoderAnatomy {
      anatomy.forward(
        runtime, packed.layout, rows: rows, x: slice.anatomy, y: target.encoder, accumulate: true)
    }
    if let anatomy = layout.decoderAnatomy {
      anatomy.forward(
        runtime, packed.layout, rows: rows, x: slice.anatomy, y: target.decoder, accumulate: true)
    }
  }

  /// Adds the gradients of the embedding's parameters.
  func embedBackward(
    _ slice: TokenisedSlice, dEmbedded: EmbeddedSlice, gradients: UnsafeMutablePointer<Float>,
    pack: UnsafeMutablePointer<Float>
  ) {
    let rows = slice.tokens.count
    layout.patchEmbedding.backward(
      runtime, packed.layout, rows: rows, x: slice.pixels, dy: dEmbedded.encoder, dx: nil,
      gradients: gradients, scratch: pack)
    layout.encoderAnatomy?.backward(
      runtime, packed.layout, rows: rows, x: slice.anatomy, dy: dEmbedded.encoder, dx: nil,
      gradients: gradients, scratch: pack)
    layout.decoderAnatomy?.backward(
      runtime, packed.layout, rows: rows, x: slice.anatomy, dy: dEmbedded.decoder, dx: nil,
      gradients: gradients, scratch: pack)
  }
}
