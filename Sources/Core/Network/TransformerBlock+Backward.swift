/// Scratch of the backward pass.
struct BackwardScratch {
  let forward: BlockScratch
  let dQKV: UnsafeMutablePointer<Float>
  let dHidden: UnsafeMutablePointer<Float>
  let dRows: UnsafeMutablePointer<Float>
  let pack: UnsafeMutablePointer<Float>
}

extension TransformerBlock {
  /// The backward of ``transform(_:_:rows:attended:middle:hidden:keepsHidden:output:scratch:)``.
  ///
  /// - Parameters:
  ///   - dStream: gradient of the output; receives that of the residual input.
  ///   - dAttended: receives the gradient of the attention's output.
  func transformBackward(
    _ runtime: LayerRuntime, _ packing: PackedWeights.Layout, rows: Int,
    attended: UnsafePointer<Float>, middle: UnsafePointer<Float>, hidden: UnsafePointer<Float>,
    dStream: UnsafeMutablePointer<Float>, dAttended: UnsafeMutablePointer<Float>,
    gradients: UnsafeMutablePointer<Float>, scratch: BackwardScratch
  ) {
    let d = width
    let own = scratch.forward
    for first in stride(from: 0, to: rows, by: Linear.gradientRows) {
      let part = min(Linear.gradientRows, rows - first)
      let before = hidden + first * self.hidden
      let dOutput = dStream + first * d
      let stream = middle + first * d
      runtime.kernels.geluForward(own.activated, before, part * self.hidden)
      contract.backward(
        runtime, packing, rows: part, x: own.activated, dy: dOutput, dx: scratch.dHidden,
        gradients: gradients, scratch: scratch.pack)
      runtime.kernels.geluBackward(scratch.dHidden, scratch.dHidden, before, part * self.hidden)
      norm2.forward(
        runtime, rows: part, x: stream, y: own.rows, mean: own.mean, rstd: own.rstd)
      expand.backward(
        runtime, packing, rows: part, x: own.rows, dy: scratch.dHidden, dx: scratch.dRows,
        gradients: gradients, scratch: scratch.pack)
      norm2.backward(
        runtime, rows: part, x: stream, dy: scratch.dRows, dx: dOutput, mean: own.mean,
        rstd: own.rstd, gradients: gradients)
      projection.backward(
        runtime, packing, rows: part, x: attended + first * d, dy: dOutput,
        dx: dAttended + first * d, gradients: gradients, scratch: scratch.pack)
    }
  }

  /// The backward of ``attend(_:_:_:offsets:scratch:)``; adds to the gradient of the input.
  func attendBackward(
    _ runtime: LayerRuntime, _ packing: PackedWeights.Layout, _ buffers: BlockBuffers,
    offsets: [Int], dAttended: UnsafePointer<Float>, dInput: UnsafeMutablePointer<Float>,
    gradients: UnsafeMutablePointer<Float>, scratch: BackwardScratch
  ) {
    guard let statistics = buffers.statistics else { return }
    let rows = offsets.last ?? 0
    let d = width
    let own = scratch.forward
    for (first, end) in zip(offsets, offsets.dropFirst()) {
      runtime.kernels.attentionBackward(
        scratch.dQKV + first * 3 * d, dAttended + first * d, buffers.qkv + first * 3 * d,
        buffers.attended + first * d, statistics + first * heads, end - first, d, 0, heads,
        own.attention)
    }
    for first in stride(from: 0, to: rows, by: Linear.gradientRows) {
      let part = min(Linear.gradientRows, rows - first)
      let input = buffers.input + first * d
      norm1.forward(
        runtime, rows: part, x: input, y: own.rows, mean: own.mean, rstd: own.rstd)
      qkv.backward(
        runtime, packing, rows: part, x: own.rows, dy: scratch.dQKV + first * 3 * d,
        dx: scratch.dRows, gradients: gradients, scratch: scratch.pack)
      norm1.backward(
        runtime, rows: part, x: input, dy: scratch.dRows, dx: dInput + first * d,
        mean: own.mean, rstd: own.rstd, gradients: gradients)
    }
  }
}
