/// Loss and gradients of one optimiser batch, computed by a thread team.
///
/// The batch is cut into shards whose number depends on the batch only; each shard has its own
/// gradient slab and the slabs are added in order. So the bits do not depend on the threads.
/// Everything is planned at birth or by the first batches; later batches of their size allocate
/// nothing.
///
/// `@unchecked Sendable`: one call of `compute` at a time; inside it, every worker has its own
/// memory and every shard its own slab.
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
  private let workers: [TrainingWorker]
  private let sums: AlignedDoubles

  /// - Parameter batch: images of the optimiser batch.
  init(network: MaskedAutoencoder, batch: Int, team: ThreadTeam) {
    self.network = network
    self.team = team
    let count = network.layout.table.count
    let shardCount = max(1, min(batch, Self.mostShards))
    gradients = AlignedBuffer(count: count)
    shards = (0..<shardCount).map { _ in AlignedBuffer(count: count) }
    workers = (0..<min(team.threads, shardCount)).map { _ in TrainingWorker(network) }
    sums = AlignedDoubles(count: 2 * shardCount)
  }

  /// Computes the mean loss of the batch and its gradients.
  func compute(slices: [TokenisedSlice], masks: [PassMask], loss kind: LossKind) -> LossValue {
    let loss = NetworkLoss(kind, slices: slices, masks: masks)
    let limited = ThreadTeam(threads: workers.count)
    limited.forEach(shards.count) { shard, worker in
      self.shards[shard].zero()
      var rest = ThreadTeam.slice(of: slices.count, part: shard, parts: self.shards.count)
      var total = SIMD2<Double>.zero
      while !rest.isEmpty {
        let chunk = Self.chunk(of: rest, slices)
        total += self.workers[worker].run(
          slices[chunk], masks[chunk], loss, gradients: self.shards[shard].base)
        rest = chunk.upperBound..<rest.upperBound
      }
      self.sums[2 * shard] = total.x
      self.sums[2 * shard + 1] = total.y
    }
    reduce()
    var total = SIMD2<Double>.zero
    for shard in shards.indices { total += SIMD2(sums[2 * shard], sums[2 * shard + 1]) }
    return loss.value(reconstruction: total.x, edges: total.y)
  }

  /// The first images of a range that have at most `chunkRows` rows together, at least one.
  private static func chunk(of range: Range<Int>, _ slices: [TokenisedSlice]) -> Range<Int> {
    var rows = 0
    for index in range {
      rows += slices[index].tokens.count + 1
      if index > range.lowerBound, rows > chunkRows { return range.lowerBound..<index }
    }
    return range
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
