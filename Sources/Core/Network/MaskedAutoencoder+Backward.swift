extension MaskedAutoencoder {
  /// Adds the gradients of all parameters, given those of the two heads' logits.
  ///
  /// - Parameters:
  ///   - dReconstruction: [output rows, 64], gradient before the sigmoid; may be `nil`.
  ///   - dEdges: the same for the edge head.
  ///   - dEmbedded: receives the gradients of the embedded slices; must be zeroed by the caller.
  ///   - workspace: as `forward` left it.
  func backward(
    _ batch: PassBatch, dReconstruction: UnsafePointer<Float>?, dEdges: UnsafePointer<Float>?,
    dEmbedded: [EmbeddedSlice], gradients: UnsafeMutablePointer<Float>, workspace: Workspace
  ) {
    let runtime = runtime
    let plan = workspace.plan
    let base = workspace.base
    let scratch = workspace.backwardScratch
    decodeBackward(
      batch, dReconstruction: dReconstruction, dEdges: dEdges, gradients: gradients,
      workspace: workspace)
    let dLatent = fillDecoderBackward(
      batch, dEmbedded: dEmbedded, gradients: gradients, workspace: workspace)

    let d = layout.configuration.encoderWidth
    let dStream = base + plan.dInput
    dStream.update(repeating: 0, count: batch.encoderRows * d)
    let last = base + plan.encoder.input[layout.encoder.count]
    // The forward pass again for mean and deviation: cheaper than keeping them.
    layout.encoderNorm.forward(
      runtime, rows: batch.encoderRows, x: last, y: base + plan.latent,
      mean: scratch.forward.mean, rstd: scratch.forward.rstd)
    layout.encoderNorm.backward(
      runtime, rows: batch.encoderRows, x: last, dy: dLatent, dx: dStream,
      mean: scratch.forward.mean, rstd: scratch.forward.rstd, gradients: gradients)
    for index in layout.encoder.indices.reversed() {
      let buffers = workspace.buffers(plan.encoder, index)
      layout.encoder[index].transformBackward(
        runtime, packed.layout, rows: batch.encoderRows, attended: buffers.attended,
        middle: base + plan.encoder.middle[index], hidden: base + plan.encoder.hidden[index],
        dStream: dStream, dAttended: base + plan.dAttended, gradients: gradients,
        scratch: scratch)
      layout.encoder[index].attendBackward(
        runtime, packed.layout, buffers, offsets: batch.encoderOffsets,
        dAttended: base + plan.dAttended, dInput: dStream, gradients: gradients,
        scratch: scratch)
    }
    scatterVisible(batch, dRows: dStream, dEmbedded: dEmbedded, gradients: gradients)
  }

  private func decodeBackward(
    _ batch: PassBatch, dReconstruction: UnsafePointer<Float>?, dEdges: UnsafePointer<Float>?,
    gradients: UnsafeMutablePointer<Float>, workspace: Workspace
  ) {
    let plan = workspace.plan
    let base = workspace.base
    let scratch = workspace.backwardScratch
    let dd = layout.configuration.decoderWidth
    let outputs = batch.outputRows.count
    let dOutput = base + plan.dGathered
    dOutput.update(repeating: 0, count: outputs * dd)
    if let dReconstruction {
      predictBackward(
        layout.reconstruction, outputs, dReconstruction, dOutput, gradients, workspace)
    }
    if let dEdges {
      predictBackward(layout.edges, outputs, dEdges, dOutput, gradients, workspace)
    }
    let dStream = base + plan.dInput
    let dAttended = base + plan.dAttended
    for index in layout.decoder.indices.reversed() {
      let block = layout.decoder[index]
      let buffers = workspace.buffers(plan.decoder, index)
      let isLast = index == layout.decoder.count - 1
      block.transformBackward(
        runtime, packed.layout, rows: isLast ? outputs : batch.decoderRows,
        attended: isLast ? base + plan.gathered : buffers.attended,
        middle: base + plan.decoder.middle[index], hidden: base + plan.decoder.hidden[index],
        dStream: isLast ? dOutput : dStream, dAttended: isLast ? scratch.dQKV : dAttended,
        gradients: gradients, scratch: scratch)
      if isLast {
        dStream.update(repeating: 0, count: batch.decoderRows * dd)
        dAttended.update(repeating: 0, count: batch.decoderRows * dd)
        for (place, row) in batch.outputRows.enumerated() {
          (dStream + row * dd).update(from: dOutput + place * dd, count: dd)
          (dAttended + row * dd).update(from: scratch.dQKV + place * dd, count: dd)
        }
      }
      block.attendBackward(
        runtime, packed.layout, buffers, offsets: batch.decoderOffsets, dAttended: dAttended,
        dInput: dStream, gradients: gradients, scratch: scratch)
    }
  }

  private func predictBackward(
    _ head: PredictionHead, _ rows: Int, _ dLogits: UnsafePointer<Float>,
    _ dOutput: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
    _ workspace: Workspace
  ) {
    let scratch = workspace.backwardScratch
    let own = scratch.forward
    let decoded = workspace.base + workspace.plan.decoder.input[layout.decoder.count]
    head.norm.forward(
      runtime, rows: rows, x: decoded, y: own.rows, mean: own.mean, rstd: own.rstd)
    head.linear.backward(
      runtime, packed.layout, rows: rows, x: own.rows, dy: dLogits, dx: scratch.dRows,
      gradients: gradients, scratch: scratch.pack)
    head.norm.backward(
      runtime, rows: rows, x: decoded, dy: scratch.dRows, dx: dOutput, mean: own.mean,
      rstd: own.rstd, gradients: gradients)
  }

  /// From the decoder's input to the latent rows; returns where their gradient lies.
  private func fillDecoderBackward(
    _ batch: PassBatch, dEmbedded: [EmbeddedSlice], gradients: UnsafeMutablePointer<Float>,
    workspace: Workspace
  ) -> UnsafeMutablePointer<Float> {
    let plan = workspace.plan
    let base = workspace.base
    let dd = layout.configuration.decoderWidth
    let dRows = base + plan.dInput
    let dProjected = base + plan.dAttended
    let dMask = gradients + layout.maskToken.offset
    for (pass, mask) in batch.masks.enumerated() {
      let first = dRows + batch.decoderOffsets[pass] * dd
      var target = dProjected + batch.encoderOffsets[pass] * dd
      target.update(from: first, count: dd)
      let dAdded = dEmbedded[batch.slices[pass]].decoder
      for position in mask.visible {
        target += dd
        target.update(from: first + (1 + position) * dd, count: dd)
        kernels.add(dAdded + position * dd, first + (1 + position) * dd, dd)
      }
      for position in mask.masked {
        kernels.add(dMask, first + (1 + position) * dd, dd)
        kernels.add(dAdded + position * dd, first + (1 + position) * dd, dd)
      }
    }
    let dLatent = base + plan.dRows
    layout.decoderEmbedding.backward(
      runtime, packed.layout, rows: batch.encoderRows, x: base + plan.latent, dy: dProjected,
      dx: dLatent, gradients: gradients, scratch: base + plan.pack)
    return dLatent
  }

  private func scatterVisible(
    _ batch: PassBatch, dRows: UnsafePointer<Float>, dEmbedded: [EmbeddedSlice],
    gradients: UnsafeMutablePointer<Float>
  ) {
    let d = layout.configuration.encoderWidth
    for (pass, mask) in batch.masks.enumerated() {
      var row = dRows + batch.encoderOffsets[pass] * d
      kernels.add(gradients + layout.classToken.offset, row, d)
      let target = dEmbedded[batch.slices[pass]].encoder
      for position in mask.visible {
        row += d
        kernels.add(target + position * d, row, d)
      }
    }
  }
}

extension Workspace {
  var backwardScratch: BackwardScratch {
    BackwardScratch(
      forward: blockScratch, dQKV: base + plan.dQKV, dHidden: base + plan.dHidden,
      dRows: base + plan.dRows, pack: base + plan.pack)
  }
}
