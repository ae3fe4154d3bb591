/// Which predictions a pass makes.
enum PredictionHeads {
  case reconstruction
  case both
}

extension MaskedAutoencoder {
  /// Runs a batch through the network.
  ///
  /// Predictions of `batch.outputRows` lie at the workspace's `reconstruction` (and `edges`),
  /// 64 floats a row, after the sigmoid.
  /// - Parameters:
  ///   - embedded: the slices that `batch` refers to by index.
  ///   - workspace: must hold the batch's shape.
  func forward(
    _ batch: PassBatch, embedded: [EmbeddedSlice], workspace: Workspace, heads: PredictionHeads
  ) {
    let runtime = runtime
    let plan = workspace.plan
    let base = workspace.base
    let scratch = workspace.blockScratch
    gatherVisible(batch, embedded: embedded, into: base + plan.encoder.input[0])
    for index in layout.encoder.indices {
      let buffers = workspace.buffers(plan.encoder, index)
      layout.encoder[index].attend(
        runtime, packed.layout, buffers, offsets: batch.encoderOffsets, scratch: scratch)
      let middle = base + plan.encoder.middle[index]
      if middle != buffers.input {
        middle.update(
          from: buffers.input, count: batch.encoderRows * layout.encoder[index].width)
      }
      layout.encoder[index].transform(
        runtime, packed.layout, rows: batch.encoderRows, attended: buffers.attended,
        middle: middle, hidden: base + plan.encoder.hidden[index],
        keepsHidden: workspace.isTraining, output: base + plan.encoder.input[index + 1],
        scratch: scratch)
    }
    layout.encoderNorm.forward(
      runtime, rows: batch.encoderRows, x: base + plan.encoder.input[layout.encoder.count],
      y: base + plan.latent, mean: scratch.mean, rstd: scratch.rstd)
    layout.decoderEmbedding.forward(
      runtime, packed.layout, rows: batch.encoderRows, x: base + plan.latent,
      y: base + plan.projected)
    fillDecoder(
      batch, embedded: embedded, projected: base + plan.projected,
      into: base + plan.decoder.input[0])
    decode(batch, workspace: workspace, runtime: runtime)
    predict(layout.reconstruction, batch, workspace, base + plan.reconstruction)
    if heads == .both { predict(layout.edges, batch, workspace, base + plan.edges) }
  }

  /// Class token and visible tokens of every pass.
  private func gatherVisible(
    _ batch: PassBatch, embedded: [EmbeddedSlice], into rows: UnsafeMutablePointer<Float>
  ) {
    let d = layout.configuration.encoderWidth
    for (pass, mask) in batch.masks.enumerated() {
      var row = rows + batch.encoderOffsets[pass] * d
      // The class token's position is zero.
      row.update(from: parameters.base + layout.classToken.offset, count: d)
      let source = embedded[batch.slices[pass]].encoder
      for position in mask.visible {
        row += d
        row.update(from: source + position * d, count: d)
      }
    }
  }

  /// Class token, then every token in its place: projected if visible, else the mask token.
  private func fillDecoder(
    _ batch: PassBatch, embedded: [EmbeddedSlice], projected: UnsafePointer<Float>,
    into rows: UnsafeMutablePointer<Float>
  ) {
    let dd = layout.configuration.decoderWidth
    let maskToken = parameters.base + layout.maskToken.offset
    for (pass, mask) in batch.masks.enumerated() {
      let first = rows + batch.decoderOffsets[pass] * dd
      var source = projected + batch.encoderOffsets[pass] * dd
      first.update(from: source, count: dd)
      let added = embedded[batch.slices[pass]].decoder
      for position in mask.visible {
        source += dd
        let row = first + (1 + position) * dd
        row.update(from: source, count: dd)
        for i in 0..<dd { row[i] += added[position * dd + i] }
      }
      for position in mask.masked {
        let row = first + (1 + position) * dd
        for i in 0..<dd { row[i] = maskToken[i] + added[position * dd + i] }
      }
    }
  }

  /// The decoder's blocks; the last one's MLP only at the rows whose predictions are wanted.
  private func decode(_ batch: PassBatch, workspace: Workspace, runtime: LayerRuntime) {
    let plan = workspace.plan
    let base = workspace.base
    let scratch = workspace.blockScratch
    let dd = layout.configuration.decoderWidth
    for index in layout.decoder.indices {
      let buffers = workspace.buffers(plan.decoder, index)
      let isLast = index == layout.decoder.count - 1
      let middle = base + plan.decoder.middle[index]
      layout.decoder[index].attend(
        runtime, packed.layout, buffers, offsets: batch.decoderOffsets, scratch: scratch)
      if isLast {
        let gathered = base + plan.gathered
        for (place, row) in batch.outputRows.enumerated() {
          (middle + place * dd).update(from: buffers.input + row * dd, count: dd)
          (gathered + place * dd).update(from: buffers.attended + row * dd, count: dd)
        }
      } else if middle != buffers.input {
        middle.update(from: buffers.input, count: batch.decoderRows * dd)
      }
      layout.decoder[index].transform(
        runtime, packed.layout, rows: isLast ? batch.outputRows.count : batch.decoderRows,
        attended: isLast ? base + plan.gathered : buffers.attended, middle: middle,
        hidden: base + plan.decoder.hidden[index], keepsHidden: workspace.isTraining,
        output: base + plan.decoder.input[index + 1], scratch: scratch)
    }
  }

  private func predict(
    _ head: PredictionHead, _ batch: PassBatch, _ workspace: Workspace,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let rows = batch.outputRows.count
    let scratch = workspace.blockScratch
    let decoded = workspace.base + workspace.plan.decoder.input[layout.decoder.count]
    head.norm.forward(
      runtime, rows: rows, x: decoded, y: scratch.rows, mean: scratch.mean, rstd: scratch.rstd)
    head.linear.forward(runtime, packed.layout, rows: rows, x: scratch.rows, y: output)
    kernels.sigmoid(output, output, rows * PatchGrid.pixels)
  }
}

extension Workspace {
  var blockScratch: BlockScratch {
    BlockScratch(
      rows: base + plan.rows, activated: base + plan.activated, mean: base + plan.mean,
      rstd: base + plan.rstd, attention: base + plan.attention)
  }

  func buffers(_ stack: StackPlan, _ index: Int) -> BlockBuffers {
    BlockBuffers(
      input: base + stack.input[index], qkv: base + stack.qkv[index],
      attended: base + stack.attended[index],
      statistics: isTraining ? base + stack.statistics[index] : nil)
  }
}
