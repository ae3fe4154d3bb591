/// Loss and gradients of one optimiser batch, computed by a thread team.
///
/// The batch is cut into shards whose number depends on the batch only; each shard has its own
/// gradient slab and the slabs are added in order. So the bits do not depend on the threads.
///
/// `@unchecked Sendable`: one call of `compute` at a time; inside it, every worker has its own
/// workspace and every shard its own slab.
final class GradientStep: @unchecked Sendable {
  /// Most shards of a batch; more threads than this do not help.
  static let mostShards = 4
  /// Decoder rows that go through the layers together.
  static let chunkRows = 600

  let network: MaskedAutoencoder
  let team: ThreadTeam
  /// The gradients of all parameters after ``compute(slices:masks:loss:)``.
  let gradients: AlignedBuffer
  private let shards: [AlignedBuffer]
  private let workspaces: [Workspace]

  /// - Parameter batch: images of the optimiser batch.
  init(network: MaskedAutoencoder, batch: Int, team: ThreadTeam) {
    self.network = network
    self.team = team
    let count = network.layout.table.count
    let shardCount = max(1, min(batch, Self.mostShards))
    gradients = AlignedBuffer(count: count)
    shards = (0..<shardCount).map { _ in AlignedBuffer(count: count) }
    workspaces = (0..<min(team.threads, shardCount)).map { _ in
      Workspace(network, isTraining: true)
    }
  }

  /// Computes the mean loss of the batch and its gradients.
  func compute(slices: [TokenisedSlice], masks: [PassMask], loss kind: LossKind) -> LossValue {
    let loss = NetworkLoss(kind, slices: slices, masks: masks)
    let sums = AlignedDoubles(count: 2 * shards.count)
    let limited = ThreadTeam(threads: workspaces.count)
    limited.forEach(shards.count) { shard, worker in
      self.shards[shard].zero()
      let part = ThreadTeam.slice(of: slices.count, part: shard, parts: self.shards.count)
      var total = SIMD2<Double>.zero
      for chunk in self.chunks(part, slices: slices) {
        total += self.run(
          Array(slices[chunk]), Array(masks[chunk]), loss, gradients: self.shards[shard].base,
          workspace: self.workspaces[worker])
      }
      sums[2 * shard] = total.x
      sums[2 * shard + 1] = total.y
    }
    reduce()
    var total = SIMD2<Double>.zero
    for shard in shards.indices { total += [sums[2 * shard], sums[2 * shard + 1]] }
    return loss.value(reconstruction: total.x, edges: total.y)
  }

  /// Splits a shard's images into groups of at most `chunkRows` rows, at least one image each.
  private func chunks(_ part: Range<Int>, slices: [TokenisedSlice]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var first = part.lowerBound
    var rows = 0
    for index in part {
      let more = slices[index].tokens.count + 1
      if index > first, rows + more > Self.chunkRows {
        result.append(first..<index)
        first = index
        rows = 0
      }
      rows += more
    }
    if first < part.upperBound { result.append(first..<part.upperBound) }
    return result
  }

  /// Forward, loss and backward of a few images on one thread.
  private func run(
    _ slices: [TokenisedSlice], _ masks: [PassMask], _ loss: NetworkLoss,
    gradients: UnsafeMutablePointer<Float>, workspace: Workspace
  ) -> SIMD2<Double> {
    var batch = PassBatch()
    for (index, mask) in masks.enumerated() { batch.append(mask, slice: index) }
    let embeddedRows = slices.reduce(0) { $0 + $1.tokens.count }
    workspace.reserve(batch.shape(embeddedRows: embeddedRows), for: network)
    let base = workspace.base
    let plan = workspace.plan
    let embedded = embeddings(slices, base + plan.embedded, base + plan.embeddedDecoder)
    let dEmbedded = embeddings(slices, base + plan.dEmbedded, base + plan.dEmbeddedDecoder)
    for (slice, target) in zip(slices, embedded) { network.embed(slice, into: target) }
    network.forward(batch, embedded: embedded, workspace: workspace, heads: .both)
    var sums = SIMD2<Double>.zero
    loss.evaluate(
      batch, slices: slices, reconstruction: base + plan.reconstruction,
      edges: base + plan.edges, sums: &sums)
    let configuration = network.layout.configuration
    (base + plan.dEmbedded).update(
      repeating: 0, count: embeddedRows * configuration.encoderWidth)
    (base + plan.dEmbeddedDecoder).update(
      repeating: 0, count: embeddedRows * configuration.decoderWidth)
    network.backward(
      batch, dReconstruction: base + plan.reconstruction, dEdges: base + plan.edges,
      dEmbedded: dEmbedded, gradients: gradients, workspace: workspace)
    for (slice, target) in zip(slices, dEmbedded) {
      network.embedBackward(
        slice, dEmbedded: target, gradients: gradients, pack: base + plan.pack)
    }
    return sums
  }

  private func embeddings(
    _ slices: [TokenisedSlice], _ encoder: UnsafeMutablePointer<Float>,
    _ decoder: UnsafeMutablePointer<Float>
  ) -> [EmbeddedSlice] {
    let configuration = network.layout.configuration
    var row = 0
    return slices.map { slice in
      defer { row += slice.tokens.count }
      return EmbeddedSlice(
        encoder: encoder + row * configuration.encoderWidth,
        decoder: decoder + row * configuration.decoderWidth)
    }
  }

  /// gradients = sum of the shards, first to last.
  private func reduce() {
    let parts = 4 * team.threads
    team.forEach(parts) { part, _ in
      let range = ThreadTeam.slice(
        of: self.gradients.count, part: part, parts: parts, step: 16)
      guard !range.isEmpty else { return }
      let target = self.gradients.base + range.lowerBound
      target.update(from: self.shards[0].base + range.lowerBound, count: range.count)
      for shard in self.shards.dropFirst() {
        self.network.kernels.add(target, shard.base + range.lowerBound, range.count)
      }
    }
  }
}

/// A few doubles that workers write side by side.
///
/// `@unchecked Sendable`: every unit of work writes its own elements.
private final class AlignedDoubles: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Double>

  init(count: Int) {
    base = .allocate(capacity: count)
    base.initialize(repeating: 0, count: count)
  }

  deinit { base.deallocate() }

  subscript(index: Int) -> Double {
    get { base[index] }
    set { base[index] = newValue }
  }
}

extension PassBatch {
  /// The room a workspace needs for the batch.
  func shape(embeddedRows: Int = 0) -> WorkspaceShape {
    WorkspaceShape(
      encoderRows: encoderRows, decoderRows: decoderRows, outputRows: outputRows.count,
      embeddedRows: embeddedRows, longest: longest)
  }
}
