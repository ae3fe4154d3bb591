public import Foundation

/// A training run: masked reconstruction of slices, by steps, resumable.
///
/// The result depends on settings, data, start weights and kernel path only: neither on threads nor
/// on interruptions.
public struct Pretraining: Sendable {
  /// What decides the result.
  public let settings: TrainingSettings
  /// What is learned from.
  public let data: TrainingData
  /// Weights to go on from, or `nil` for a fresh network.
  public let start: NetworkWeights?
  private let loop: TrainingLoop

  /// Prepares a run.
  ///
  /// - Throws: `NetworkError` when settings, data and start weights do not fit together.
  public init(
    settings: TrainingSettings, data: TrainingData, start: NetworkWeights? = nil, threads: Int,
    kernels: KernelTable = .best
  ) throws {
    self.settings = settings
    self.data = data
    self.start = start
    loop = try TrainingLoop(
      settings: settings, data: data, start: start, team: ThreadTeam(threads: threads),
      kernels: kernels)
  }

  /// Trains to the end, or until asked to stop.
  ///
  /// - Parameters:
  ///   - checkpoint: where the state is kept; an existing file is resumed. `nil`: not resumable.
  ///   - interval: steps between checkpoints; one more is written when the run is interrupted.
  ///   - metadata: further entries for the final weights, such as the command.
  ///   - progress: called after every step.
  ///   - isCancelled: asked before every step.
  /// - Returns: the weights, or how far the run came. Both leave the checkpoint in place.
  /// - Throws: what data and files throw, and `NetworkError`.
  public func run(
    checkpoint: URL? = nil, interval: Int = 100, metadata: [String: String] = [:],
    progress: (TrainingProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    var course = RandomCourse(settings: settings)
    let end = try loop.run(
      &course, checkpoint: checkpoint, interval: interval,
      report: { event, _ in if case .step(let step) = event { progress(step) } },
      isCancelled: isCancelled)
    switch end {
    case .interrupted(let step): return .interrupted(step: step)
    case .finished(let network):
      return .finished(
        NetworkWeights(
          layout: network.layout, parameters: network.parameters, contexts: [settings.context],
          metadata: loop.identity.merging(metadata) { $1 }))
    }
  }
}
