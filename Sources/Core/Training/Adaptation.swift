public import Foundation
internal import Imaging

/// The weights an adaptation starts from.
public struct AdaptationStart: Sendable {
  /// The weights; from scratch only their shape and contexts are used.
  public let weights: NetworkWeights
  /// Their name, for the record.
  public let name: String
  /// SHA-256 of their file.
  public let sha256: String

  /// Weights in memory; the hash is that of the file they would make.
  ///
  /// - Throws: `WriteError`.
  public init(_ weights: NetworkWeights, name: String) throws {
    self.weights = weights
    self.name = weights.metadata["name"]?.cleaned ?? name
    sha256 = SHA256.hexDigest(of: try weights.safetensors().encoded())
  }

  /// Reads a weights file.
  ///
  /// - Throws: `ReadError` or `NetworkError.weights`.
  public init(contentsOf url: URL) throws {
    weights = try NetworkWeights(contentsOf: url)
    name = weights.metadata["name"]?.cleaned ?? url.deletingPathExtension().lastPathComponent
    sha256 = try SHA256.hexDigest(ofFile: url)
  }
}

/// How far an adaptation is.
public struct AdaptationProgress: Equatable, Sendable {
  /// What it is doing.
  public enum Phase: Equatable, Sendable {
    /// Makes the maps anew; fraction done.
    case refreshing(Double)
    /// Takes steps.
    case training
  }

  /// What it is doing.
  public var phase: Phase
  /// Steps done.
  public var step: Int
  /// Steps of the run.
  public var steps: Int
  /// Whether the last stage has begun.
  public var isLastStage: Bool
  /// The last step's loss; `nil` before the first.
  public var loss: Double?
  /// Mean epistemic uncertainty at the latest refresh.
  public var meanEu: Double?
  /// Mean absolute error at the latest refresh.
  public var meanAu: Double?
  /// An estimate of the time left; `nil` before the first step.
  public var secondsLeft: Double?
}

/// How an adaptation ended.
public enum AdaptationOutcome: Sendable {
  /// All steps done; the record's command, subjects and the like are the caller's to add.
  case finished(NetworkWeights, AdaptationRecord, AdaptationFilm?)
  /// Stopped on request after some steps; the checkpoint resumes it.
  case interrupted(step: Int)
}

/// Uncertainty-guided adaptation of a network to unlabelled slices (method, section 5).
///
/// The result depends on settings, slices, start weights and kernel path only: neither on threads nor
/// on interruptions. It needs no library: evaluations adapt in memory.
public struct Adaptation: Sendable {
  /// What decides the result.
  public let settings: AdaptationSettings
  /// Which step does what.
  public let schedule: AdaptationSchedule
  /// What is learned from.
  public let data: TrainingData
  /// The weights it starts from.
  public let start: AdaptationStart
  /// The name of the resulting weights, which tells settings and data apart.
  public let name: String
  /// Steps between checkpoints unless others are wanted.
  public static let checkpointInterval = 25
  private let loop: TrainingLoop
  private let layout: NetworkLayout

  /// Prepares a run with the start weights' shape and first context.
  ///
  /// - Throws: `NetworkError` when settings, data and start weights do not fit together.
  public init(
    settings: AdaptationSettings, data: TrainingData, start: AdaptationStart, threads: Int,
    kernels: KernelTable = .best
  ) throws {
    try settings.validate()
    self.settings = settings
    self.data = data
    self.start = start
    schedule = settings.schedule(slices: data.count)
    layout = start.weights.layout
    loop = try TrainingLoop(
      settings: settings.training(
        start.weights.configuration, context: start.weights.contexts.first ?? .image,
        schedule: schedule),
      data: data, start: settings.strategy == .both ? start.weights : nil,
      team: ThreadTeam(threads: threads), kernels: kernels, entries: settings.entries(schedule))
    let text = loop.identity.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      .joined(separator: "\n")
    let word = settings.strategy == .both ? "adapted" : "clinical"
    name = "\(Self.fileName(start.name))-\(word)-\(SHA256.hexDigest(of: text).prefix(7))"
  }

  /// Everything that decides the result.
  var identity: [String: String] { loop.identity }

  /// A name as part of a file's name, whatever the weights' metadata says.
  private static func fileName(_ name: String) -> String {
    let plain = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return String(
      name.unicodeScalars.prefix(80).map { plain.contains($0) ? Character($0) : "-" })
  }

  /// Adapts to the end, or until asked to stop.
  ///
  /// - Parameters:
  ///   - checkpoint: where the state is kept; an existing file is resumed. `nil`: not resumable.
  ///   - interval: steps between checkpoints; one more is written when the run is interrupted.
  ///   - progress: called after every step and while maps are made.
  ///   - resumed: called with the step when it goes on from a checkpoint.
  ///   - isCancelled: asked before every step and while maps are made.
  /// - Returns: weights and record, or how far the run came. Both leave the checkpoint in place.
  /// - Throws: what data and files throw, and `NetworkError`.
  public func run(
    checkpoint: URL? = nil, interval: Int = checkpointInterval,
    progress: (AdaptationProgress) -> Void = { _ in }, resumed: (Int) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> AdaptationOutcome {
    var course = AdaptationCourse(
      settings: settings, schedule: schedule, loop: loop, layout: layout)
    var latest: TrainingProgress?
    let end = try loop.run(
      &course, checkpoint: checkpoint, interval: interval,
      report: { event, course in
        switch event {
        case .resumed(let step): resumed(step)
        case .preparing(let step, let fraction):
          progress(report(.refreshing(fraction), step, course, latest))
        case .step(let step):
          latest = step
          progress(report(.training, step.step, course, step))
        }
      }, isCancelled: isCancelled)
    switch end {
    case .interrupted(let step): return .interrupted(step: step)
    case .finished(let network):
      let weights = NetworkWeights(
        layout: network.layout, parameters: network.parameters, contexts: [loop.settings.context],
        metadata: loop.identity.merging(["name": name, "start_sha256": start.sha256]) { $1 })
      return .finished(weights, try record(weights, course), course.film)
    }
  }

  private func report(
    _ phase: AdaptationProgress.Phase, _ step: Int, _ course: AdaptationCourse,
    _ latest: TrainingProgress?
  ) -> AdaptationProgress {
    AdaptationProgress(
      phase: phase, step: step, steps: schedule.steps,
      isLastStage: step > schedule.lastStageStart, loss: latest?.loss.total,
      meanEu: course.curve.last?.meanEu, meanAu: course.curve.last?.meanAu,
      secondsLeft: latest?.secondsLeft)
  }

  private func record(
    _ weights: NetworkWeights, _ course: AdaptationCourse
  ) throws -> AdaptationRecord {
    AdaptationRecord(
      weights: .init(
        name: name, sha256: SHA256.hexDigest(of: try weights.safetensors().encoded())),
      start: .init(name: start.name, sha256: start.sha256), strategy: settings.strategy,
      masking: settings.masking, settings: loop.identity, seed: settings.seed,
      kernelPath: loop.kernels.path.rawValue,
      data: .init(sha256: data.hash, slices: data.count), curve: course.curve,
      seconds: course.seconds, version: Notice.version, notice: Notice.researchUse)
  }
}
