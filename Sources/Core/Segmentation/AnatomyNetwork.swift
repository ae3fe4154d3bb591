/// A U-Net that names the tissues and vertebral levels of one sagittal slice.
///
/// One image is computed by one thread; several images run side by side, so no result depends on the
/// number of threads.
///
/// `@unchecked Sendable`: `parameters` and the packed weights are only written by their owner between
/// passes.
final class AnatomyNetwork: @unchecked Sendable {
  let layout: AnatomyLayout
  let parameters: AlignedBuffer
  let kernels: KernelTable
  private let packedLinears: PackedWeights
  private let packed: PackedConvolutions

  /// A network with the parameters of a slab.
  init(
    layout: AnatomyLayout, parameters: AlignedBuffer, kernels: KernelTable, isTraining: Bool
  ) {
    precondition(parameters.count == layout.table.count, "slab of another network")
    self.layout = layout
    self.parameters = parameters
    self.kernels = kernels
    packedLinears = PackedWeights(layout.linears, kernels: kernels, training: isTraining)
    packed = PackedConvolutions(layout.convolutions, kernels: kernels, isTraining: isTraining)
    repack(team: ThreadTeam(threads: 1))
  }

  /// Packs the weights again after `parameters` changed.
  func repack(team: ThreadTeam) {
    team.forEach(layout.convolutions.count + 1) { index, _ in
      if index < self.layout.convolutions.count {
        self.packed.pack(
          self.layout.convolutions[index], from: self.parameters.base, kernels: self.kernels)
      } else {
        for layer in self.layout.linears {
          self.packedLinears.pack(layer, from: self.parameters.base, kernels: self.kernels)
        }
      }
    }
  }

  private var runtime: LayerRuntime {
    LayerRuntime(
      kernels: kernels, parameters: parameters.base, packed: packedLinears.storage.base)
  }

  /// Computes the logits of one image into the workspace's `tissues` and `levels` maps.
  ///
  /// - Parameter image: [side, side, 3].
  func forward(image: UnsafePointer<Float>, workspace: AnatomyWorkspace) {
    let plan = workspace.plan
    guard let first = plan.stages.first?.encoder.first else { return }
    let input = workspace.map(first.input)
    let line = input.columns * input.channels
    for row in 0..<input.rows { input.row(row).update(from: image + row * line, count: line) }
    for (level, stage) in plan.stages.enumerated() {
      run(layout.stages[level].encoder, stage.encoder, workspace)
      guard level + 1 < plan.stages.count, let last = stage.encoder.last else { continue }
      Resolution.halve(
        workspace.map(last.output).slice(last.channels),
        into: workspace.map(plan.stages[level + 1].encoder[0].input))
    }
    for (level, stage) in plan.stages.enumerated().reversed() {
      guard let joined = stage.joined, let projected = stage.projected,
        let project = layout.stages[level].project
      else { continue }
      let below = workspace.map(plan.stages[level + 1].top)
      let small = workspace.map(projected)
      project.forward(
        runtime, packedLinears.layout, rows: below.pixels, x: below.base, y: small.base)
      Resolution.double(small, into: workspace.map(joined).slice(0..<small.channels))
      run(layout.stages[level].decoder, stage.decoder, workspace)
    }
    head(layout.tissues, plan.stages[0].top, plan.tissues, workspace)
    head(layout.levels, plan.stages[1].top, plan.levels, workspace)
  }

  private func head(
    _ layer: Linear, _ from: MapPlan, _ to: MapPlan, _ workspace: AnatomyWorkspace
  ) {
    let (x, y) = (workspace.map(from), workspace.map(to))
    layer.forward(runtime, packedLinears.layout, rows: x.pixels, x: x.base, y: y.base)
  }

  private func run(
    _ layers: [ConvolutionBlock], _ plans: [BlockPlan], _ workspace: AnatomyWorkspace
  ) {
    for (layer, plan) in zip(layers, plans) {
      let z = workspace.map(plan.z)
      let statistics = workspace.base + plan.statistics
      layer.convolution.forward(kernels, packed, x: workspace.map(plan.input), y: z)
      layer.norm.measure(z, statistics: statistics)
      layer.norm.apply(
        parameters.base, z, statistics: statistics,
        y: workspace.map(plan.output).slice(plan.channels))
    }
  }
}

extension AnatomyNetwork {
  /// Adds the gradients of all parameters; `forward` of the same image must have run before, and the
  /// logits in the workspace be replaced by the loss's gradients.
  func backward(workspace: AnatomyWorkspace, gradients: UnsafeMutablePointer<Float>) {
    let stages = workspace.plan.stages
    for (level, stage) in stages.enumerated() {
      guard let dTop = stage.dTop else { preconditionFailure("a workspace for inference") }
      headBackward(level, workspace, gradients)
      guard let joined = stage.dJoined, let dProjected = stage.dProjected,
        let project = layout.stages[level].project, let dBelow = stages[level + 1].dTop
      else { continue }
      let dJoined = workspace.map(joined)
      runBackward(
        layout.stages[level].decoder, stage.decoder, stage, dOutput: workspace.map(dTop),
        dInput: dJoined, workspace, gradients)
      let small = workspace.map(dProjected)
      Resolution.doubleBackward(dJoined.slice(0..<small.channels), into: small)
      project.backward(
        runtime, packedLinears.layout, rows: small.pixels,
        x: workspace.map(stages[level + 1].top).base, dy: small.base,
        dx: workspace.map(dBelow).base, gradients: gradients, scratch: workspace.scratch)
    }
    for (level, stage) in stages.enumerated().reversed() {
      let dOutput: FeatureMap?
      if let joined = stage.dJoined {
        let skip = workspace.map(joined).slice(layout.configuration.widths[level]..<joined.channels)
        if let dSmall = stages[level + 1].dInput {
          Resolution.halveBackward(workspace.map(dSmall), addingTo: skip)
        }
        dOutput = skip
      } else {
        dOutput = stage.dTop.map(workspace.map)
      }
      guard let dOutput else { continue }
      runBackward(
        layout.stages[level].encoder, stage.encoder, stage, dOutput: dOutput,
        dInput: stage.dInput.map(workspace.map), workspace, gradients)
    }
  }

  /// The heads' part of a resolution's gradient: overwrites it at full resolution, adds to what the
  /// finer decoder gave elsewhere.
  private func headBackward(
    _ level: Int, _ workspace: AnatomyWorkspace, _ gradients: UnsafeMutablePointer<Float>
  ) {
    guard level < 2, let dTop = workspace.plan.stages[level].dTop else { return }
    let layer = level == 0 ? layout.tissues : layout.levels
    let dLogits = workspace.map(level == 0 ? workspace.plan.tissues : workspace.plan.levels)
    layer.backward(
      runtime, packedLinears.layout, rows: dLogits.pixels,
      x: workspace.map(workspace.plan.stages[level].top).base, dy: dLogits.base,
      dx: workspace.map(dTop).base, accumulate: level > 0, gradients: gradients,
      scratch: workspace.scratch)
  }

  private func runBackward(
    _ layers: [ConvolutionBlock], _ plans: [BlockPlan], _ stage: AnatomyPlan.Stage,
    dOutput: FeatureMap, dInput: FeatureMap?, _ workspace: AnatomyWorkspace,
    _ gradients: UnsafeMutablePointer<Float>
  ) {
    guard let dZ = stage.dZ.map(workspace.map), let dMiddle = stage.dMiddle.map(workspace.map)
    else { return }
    var dOutput = dOutput
    for index in layers.indices.reversed() {
      let (layer, plan) = (layers[index], plans[index])
      layer.norm.backward(
        parameters.base, workspace.map(plan.z), statistics: workspace.base + plan.statistics,
        dy: dOutput, dz: dZ, gradients: gradients)
      layer.convolution.weightGradient(
        kernels, x: workspace.map(plan.input), dy: dZ, gradients: gradients,
        scratch: workspace.scratch)
      guard let target = index > 0 ? dMiddle : dInput else { continue }
      layer.convolution.inputGradient(kernels, packed, dy: dZ, dx: target)
      dOutput = target
    }
  }
}
