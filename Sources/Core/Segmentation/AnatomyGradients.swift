internal import Synchronization

/// Loss and gradients of one batch of samples, drawn and computed by a thread team.
///
/// Every image has its own gradient slab, and the slabs are added in order: the bits do not depend on
/// the threads.
///
/// `@unchecked Sendable`: one call of `compute` at a time; inside it, every worker has its own
/// workspace and every image its own slab.
final class AnatomyGradients: @unchecked Sendable {
  let network: AnatomyNetwork
  /// The mean gradients of all parameters after ``compute(_:first:loss:)``.
  let gradients: AlignedBuffer
  private let team: ThreadTeam
  private let slabs: [AlignedBuffer]
  private let workspaces: [AnatomyWorkspace]

  /// - Parameter batch: images of the optimiser batch.
  init(network: AnatomyNetwork, batch: Int, team: ThreadTeam) {
    self.network = network
    self.team = team
    let count = network.layout.table.count
    gradients = AlignedBuffer(count: count)
    slabs = (0..<batch).map { _ in AlignedBuffer(count: count) }
    workspaces = (0..<min(team.threads, batch)).map { _ in
      AnatomyWorkspace(network.layout, kernels: network.kernels, isTraining: true)
    }
  }

  /// Computes the mean loss of a batch and its gradients.
  ///
  /// - Parameter first: the number of the batch's first sample.
  /// - Throws: what the samples throw, the first image's first.
  func compute(
    _ samples: some AnatomySamples, first: Int, loss: AnatomyLoss
  ) throws -> AnatomyLoss.Value {
    let limited = ThreadTeam(threads: workspaces.count)
    let results = Mutex([Result<AnatomyLoss.Value, any Error>?](repeating: nil, count: slabs.count))
    limited.forEach(slabs.count) { image, worker in
      let result = Result {
        let sample = try samples.sample(first + image)
        return try self.learn(
          sample, loss, into: self.slabs[image], workspace: self.workspaces[worker])
      }
      results.withLock { $0[image] = result }
    }
    var sum = AnatomyLoss.Value()
    for value in try results.withLock({ try $0.compactMap { try $0?.get() } }) { sum += value }
    reduce()
    return sum * (1 / Double(slabs.count))
  }

  private func learn(
    _ sample: AnatomySample, _ loss: AnatomyLoss, into slab: AlignedBuffer,
    workspace: AnatomyWorkspace
  ) throws -> AnatomyLoss.Value {
    try sample.validate(network.layout.configuration)
    slab.zero()
    sample.image.withUnsafeBufferPointer { image in
      if let image = image.baseAddress { network.forward(image: image, workspace: workspace) }
    }
    let value = loss.evaluate(
      sample, side: network.layout.configuration.side,
      tissues: workspace.map(workspace.plan.tissues).base,
      levels: workspace.map(workspace.plan.levels).base, scale: 1 / Float(slabs.count))
    network.backward(workspace: workspace, gradients: slab.base)
    return value
  }

  /// gradients = sum of the slabs, first to last.
  private func reduce() {
    let parts = 4 * team.threads
    team.forEach(parts) { part, _ in
      let range = ThreadTeam.slice(of: self.gradients.count, part: part, parts: parts, step: 16)
      guard !range.isEmpty else { return }
      let target = self.gradients.base + range.lowerBound
      target.update(from: self.slabs[0].base + range.lowerBound, count: range.count)
      for slab in self.slabs.dropFirst() {
        self.network.kernels.add(target, slab.base + range.lowerBound, range.count)
      }
    }
  }
}
