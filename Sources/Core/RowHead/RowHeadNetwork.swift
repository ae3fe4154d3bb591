/// The head's layers: three dilated convolutions along the cord with GELU, then one value per row.
///
/// Rows that count for a row: 1 + 8 (1 + 2 + 4) = 57, i.e. 45 mm of cord.
///
/// `@unchecked Sendable`: `parameters` and `packed` are only written by their owner between passes.
final class RowHeadNetwork: @unchecked Sendable {
  /// Width of the hidden layers.
  static let width = 16
  /// Rows a kernel covers.
  static let taps = 9
  /// Rows between taps, layer by layer.
  static let dilations = [1, 2, 4]

  let table: ParameterTable
  let convolutions: [RowConvolution]
  let output: Linear
  let parameters: AlignedBuffer
  let kernels: KernelTable
  private let packed: PackedWeights
  private let isTraining: Bool

  /// Layers with fresh parameters (`nil`) or with those of a slab.
  init(
    parameters slab: AlignedBuffer? = nil, seed: UInt64 = 1, kernels: KernelTable, isTraining: Bool
  ) {
    (table, convolutions, output) = Self.layout
    parameters = slab ?? AlignedBuffer(count: table.count)
    precondition(parameters.count == table.count, "slab of another network")
    if slab == nil { table.initialise(parameters.base, seed: seed) }
    self.kernels = kernels
    self.isTraining = isTraining
    packed = PackedWeights(
      convolutions.map(\.linear) + [output], kernels: kernels, training: isTraining)
    repack()
  }

  /// Packs the weights again after `parameters` changed.
  func repack() {
    for layer in convolutions.map(\.linear) + [output] {
      packed.pack(layer, from: parameters.base, kernels: kernels)
    }
  }

  /// Names, shapes and places of the parameters, and the layers that use them.
  static let layout: (ParameterTable, [RowConvolution], Linear) = {
    var table = ParameterTable()
    func linear(_ name: String, _ inputs: Int, _ outputs: Int, _ index: Int) -> Linear {
      Linear(
        inputs: inputs, outputs: outputs,
        weight: table.add(
          "\(name).weight", [outputs, inputs], .xavier(inputs: inputs, outputs: outputs)),
        bias: table.add("\(name).bias", [outputs], .zeros), index: index)
    }
    var channels = RowProfile.channels
    var layers: [RowConvolution] = []
    for (index, dilation) in dilations.enumerated() {
      layers.append(
        RowConvolution(
          channels: channels, taps: taps, dilation: dilation,
          linear: linear("conv.\(index)", channels * taps, width, index)))
      channels = width
    }
    let output = linear("output", width, 1, dilations.count)
    return (table, layers, output)
  }()

  private var runtime: LayerRuntime {
    LayerRuntime(kernels: kernels, parameters: parameters.base, packed: packed.storage.base)
  }

  /// Log-odds of a lesion for every row.
  /// - Parameter x: [rows, channels].
  func forward(rows: Int, x: UnsafePointer<Float>, workspace: RowHeadWorkspace) {
    var input = x
    for (index, layer) in convolutions.enumerated() {
      let part = workspace.layers[index]
      layer.unfold(rows: rows, x: input, into: part.unfolded.base)
      layer.linear.forward(
        runtime, packed.layout, rows: rows, x: part.unfolded.base, y: part.sums.base)
      kernels.geluForward(part.active.base, part.sums.base, rows * Self.width)
      input = UnsafePointer(part.active.base)
    }
    output.forward(runtime, packed.layout, rows: rows, x: input, y: workspace.logits.base)
  }

  /// Adds the gradients of all parameters; `forward` of the same rows must have run before.
  /// - Parameter dLogits: [rows].
  func backward(
    rows: Int, dLogits: UnsafePointer<Float>, workspace: RowHeadWorkspace,
    gradients: UnsafeMutablePointer<Float>
  ) {
    guard let last = workspace.layers.last else { return }
    output.backward(
      runtime, packed.layout, rows: rows, x: last.active.base, dy: dLogits,
      dx: last.gradient.base, gradients: gradients, scratch: workspace.scratch.base)
    for (index, layer) in convolutions.enumerated().reversed() {
      let part = workspace.layers[index]
      kernels.geluBackward(
        part.gradient.base, part.gradient.base, part.sums.base, rows * Self.width)
      layer.linear.backward(
        runtime, packed.layout, rows: rows, x: part.unfolded.base, dy: part.gradient.base,
        dx: index > 0 ? part.dUnfolded.base : nil, gradients: gradients,
        scratch: workspace.scratch.base)
      if index > 0 {
        layer.fold(
          rows: rows, u: part.dUnfolded.base, into: workspace.layers[index - 1].gradient.base)
      }
    }
  }
}

/// Memory for one slice's pass; one per worker.
///
/// `@unchecked Sendable`: used by one worker at a time.
final class RowHeadWorkspace: @unchecked Sendable {
  /// One convolution's intermediate values.
  struct Layer {
    let unfolded: AlignedBuffer
    let dUnfolded: AlignedBuffer
    let sums: AlignedBuffer
    let active: AlignedBuffer
    let gradient: AlignedBuffer
  }

  let layers: [Layer]
  let logits: AlignedBuffer
  let scratch: AlignedBuffer

  init(rows: Int, kernels: KernelTable) {
    let (_, convolutions, _) = RowHeadNetwork.layout
    layers = convolutions.map { layer in
      Layer(
        unfolded: AlignedBuffer(count: rows * layer.unfolded),
        dUnfolded: AlignedBuffer(count: rows * layer.unfolded),
        sums: AlignedBuffer(count: rows * RowHeadNetwork.width),
        active: AlignedBuffer(count: rows * RowHeadNetwork.width),
        gradient: AlignedBuffer(count: rows * RowHeadNetwork.width))
    }
    logits = AlignedBuffer(count: rows)
    let widest = convolutions.map(\.unfolded).max() ?? 1
    scratch = AlignedBuffer(count: kernels.packedCount(Linear.gradientRows, widest))
  }
}
