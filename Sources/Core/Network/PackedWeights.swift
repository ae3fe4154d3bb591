/// The linear weights in the panels `gemm` wants, for both directions.
final class PackedWeights {
  /// Where each layer's panels begin.
  struct Layout: Sendable {
    /// W^T: inputs x outputs, for y = x W^T.
    var forward: [Int] = []
    /// W: outputs x inputs, for dx = dy W; empty for inference.
    var backward: [Int] = []
    var count = 0

    init(_ linears: [Linear], kernels: KernelTable, training: Bool) {
      func reserve(_ k: Int, _ n: Int) -> Int {
        defer { count += (kernels.packedCount(k, n) + 15) / 16 * 16 }
        return count
      }
      for layer in linears { forward.append(reserve(layer.inputs, layer.outputs)) }
      if training {
        for layer in linears { backward.append(reserve(layer.outputs, layer.inputs)) }
      }
    }
  }

  let layout: Layout
  let storage: AlignedBuffer

  init(_ linears: [Linear], kernels: KernelTable, training: Bool) {
    layout = Layout(linears, kernels: kernels, training: training)
    storage = AlignedBuffer(count: layout.count)
  }

  /// Packs the weights of one layer; layers may be packed on different threads.
  func pack(_ layer: Linear, from parameters: UnsafePointer<Float>, kernels: KernelTable) {
    let weight = parameters + layer.weight.offset
    kernels.pack(
      storage.base + layout.forward[layer.index], weight, layer.inputs, layer.outputs, 1,
      layer.inputs)
    if !layout.backward.isEmpty {
      kernels.pack(
        storage.base + layout.backward[layer.index], weight, layer.outputs, layer.inputs,
        layer.inputs, 1)
    }
  }
}
