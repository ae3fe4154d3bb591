/// What a layer needs of its surroundings while it computes; pointers live as long as the call.
struct LayerRuntime {
  let kernels: KernelTable
  /// The slab of parameters.
  let parameters: UnsafePointer<Float>
  /// All linear weights packed for `gemm`, see ``PackedWeights``.
  let packed: UnsafePointer<Float>
}

/// y = x W^T + b, with W stored [outputs, inputs] as in the reference.
struct Linear: Sendable {
  let inputs: Int
  let outputs: Int
  let weight: ParameterField
  /// Absent where another layer's bias would only add to it.
  let bias: ParameterField?
  /// Which of the packed weights is this layer's.
  let index: Int

  /// Rows summed at once in a weight gradient; keeps the packed rows in the second-level cache.
  static let gradientRows = 256

  /// y [rows, outputs] = x [rows, inputs] W^T + b (+ y when `accumulate`).
  func forward(
    _ runtime: LayerRuntime, _ packing: PackedWeights.Layout, rows: Int,
    x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, accumulate: Bool = false
  ) {
    guard rows > 0 else { return }
    runtime.kernels.gemm(
      rows, outputs, inputs, x, inputs, 1, runtime.packed + packing.forward[index], y, outputs,
      bias.map { runtime.parameters + $0.offset }, accumulate)
  }

  /// Adds the gradients of weight and bias, and writes (or adds) the gradient of x.
  ///
  /// - Parameters:
  ///   - dx: [rows, inputs], or `nil` when nothing before the layer learns.
  ///   - scratch: room for `packedCount(gradientRows, inputs)` floats.
  func backward(
    _ runtime: LayerRuntime, _ packing: PackedWeights.Layout, rows: Int,
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>?,
    accumulate: Bool = false, gradients: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    guard rows > 0 else { return }
    for first in stride(from: 0, to: rows, by: Self.gradientRows) {
      let part = min(Self.gradientRows, rows - first)
      runtime.kernels.pack(scratch, x + first * inputs, part, inputs, inputs, 1)
      runtime.kernels.gemm(
        outputs, inputs, part, dy + first * outputs, 1, outputs, scratch,
        gradients + weight.offset, inputs, nil, true)
    }
    if let bias {
      runtime.kernels.addColumnSums(gradients + bias.offset, dy, rows, outputs)
    }
    if let dx {
      runtime.kernels.gemm(
        rows, inputs, outputs, dy, outputs, 1, runtime.packed + packing.backward[index], dx,
        inputs, nil, accumulate)
    }
  }
}

/// LayerNorm with gain and bias, eps 1e-5.
struct LayerNorm: Sendable {
  let width: Int
  let gain: ParameterField
  let bias: ParameterField

  /// y = normalised x, rows of `width`; mean and reciprocal deviation per row are kept.
  func forward(
    _ runtime: LayerRuntime, rows: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    mean: UnsafeMutablePointer<Float>, rstd: UnsafeMutablePointer<Float>
  ) {
    guard rows > 0 else { return }
    runtime.kernels.layerNormForward(
      y, mean, rstd, x, runtime.parameters + gain.offset, runtime.parameters + bias.offset, rows,
      width)
  }

  /// Adds to the gradients of x, gain and bias.
  func backward(
    _ runtime: LayerRuntime, rows: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, mean: UnsafePointer<Float>, rstd: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    guard rows > 0 else { return }
    runtime.kernels.layerNormBackward(
      dx, gradients + gain.offset, gradients + bias.offset, dy, x, mean, rstd,
      runtime.parameters + gain.offset, rows, width)
  }
}
