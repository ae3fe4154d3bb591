/// The places a block works on while one batch goes through it.
struct BlockBuffers {
  /// Rows that enter the block: [rows, d].
  let input: UnsafeMutablePointer<Float>
  let qkv: UnsafeMutablePointer<Float>
  let attended: UnsafeMutablePointer<Float>
  /// [heads, T] per sequence, one sequence after the other; `nil` for inference.
  let statistics: UnsafeMutablePointer<Float>?
}

/// Scratch that blocks share.
struct BlockScratch {
  let rows: UnsafeMutablePointer<Float>
  let activated: UnsafeMutablePointer<Float>
  let mean: UnsafeMutablePointer<Float>
  let rstd: UnsafeMutablePointer<Float>
  let attention: UnsafeMutablePointer<Float>
}

extension TransformerBlock {
  /// attended = attention(qkv(norm1(input))) per sequence; `offsets` are the sequences' first rows.
  func attend(
    _ runtime: LayerRuntime, _ packing: PackedWeights.Layout, _ buffers: BlockBuffers,
    offsets: [Int], scratch: BlockScratch
  ) {
    let rows = offsets.last ?? 0
    let d = width
    for first in stride(from: 0, to: rows, by: WorkspacePlan.blockRows) {
      let part = min(WorkspacePlan.blockRows, rows - first)
      norm1.forward(
        runtime, rows: part, x: buffers.input + first * d, y: scratch.rows, mean: scratch.mean,
        rstd: scratch.rstd)
      qkv.forward(
        runtime, packing, rows: part, x: scratch.rows, y: buffers.qkv + first * 3 * d)
    }
    for (first, end) in zip(offsets, offsets.dropFirst()) {
      runtime.kernels.attentionForward(
        buffers.attended + first * d, buffers.statistics.map { $0 + first * heads },
        buffers.qkv + first * 3 * d, end - first, d, 0, heads, scratch.attention)
    }
  }

  /// output = m + MLP(norm2(m)) with m = middle + projection(attended).
  ///
  /// - Parameters:
  ///   - middle: holds the block's input; receives m. May be `output`.
  ///   - hidden: the MLP's layer before GELU; one block of rows, or all of them if `keepsHidden`.
  func transform(
    _ runtime: LayerRuntime, _ packing: PackedWeights.Layout, rows: Int,
    attended: UnsafePointer<Float>, middle: UnsafeMutablePointer<Float>,
    hidden: UnsafeMutablePointer<Float>, keepsHidden: Bool, output: UnsafeMutablePointer<Float>,
    scratch: BlockScratch
  ) {
    let d = width
    for first in stride(from: 0, to: rows, by: WorkspacePlan.blockRows) {
      let part = min(WorkspacePlan.blockRows, rows - first)
      let stream = middle + first * d
      projection.forward(
        runtime, packing, rows: part, x: attended + first * d, y: stream, accumulate: true)
      norm2.forward(
        runtime, rows: part, x: stream, y: scratch.rows, mean: scratch.mean, rstd: scratch.rstd)
      let before = keepsHidden ? hidden + first * self.hidden : hidden
      let after = keepsHidden ? scratch.activated : hidden
      expand.forward(runtime, packing, rows: part, x: scratch.rows, y: before)
      runtime.kernels.geluForward(after, before, part * self.hidden)
      if output != middle { (output + first * d).update(from: stream, count: part * d) }
      contract.forward(
        runtime, packing, rows: part, x: after, y: output + first * d, accumulate: true)
    }
  }
}
