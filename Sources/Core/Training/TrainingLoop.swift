internal import Foundation
internal import Imaging
internal import Synchronization

/// The loop that pretraining and adaptation share: batches, gradients, optimiser, checkpoints.
///
/// The result depends on settings, data, start weights, course and kernel path only: neither on
/// threads nor on interruptions.
struct TrainingLoop: Sendable {
  /// What happens while it runs.
  enum Event {
    /// Goes on from a checkpoint.
    case resumed(step: Int)
    /// The course prepares a step; fraction done.
    case preparing(step: Int, Double)
    /// A step is done.
    case step(TrainingProgress)
  }

  /// How it ended.
  enum End {
    case finished(MaskedAutoencoder)
    case interrupted(step: Int)
  }

  let settings: TrainingSettings
  let data: TrainingData
  let start: NetworkWeights?
  let team: ThreadTeam
  let kernels: KernelTable
  /// Everything that decides the result; a checkpoint must agree with it.
  let identity: [String: String]

  /// A checkpoint is written after this long at the latest, however slow the steps are.
  static let longestPause: Duration = .seconds(20)

  /// Raised whenever the same settings, data and start make other weights: what was stored before is
  /// neither resumed nor taken for finished. Not told where it is 1, as in the first weights.
  static let revision = 1

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - start: weights to go on from, or `nil` for a fresh network.
  ///   - entries: what decides the course's result beside settings and data.
  /// - Throws: `NetworkError` when settings, data and start weights do not fit together.
  init(
    settings: TrainingSettings, data: TrainingData, start: NetworkWeights?, team: ThreadTeam,
    kernels: KernelTable, entries: [String: String] = [:]
  ) throws {
    try settings.validate()
    guard data.count > 0 else { throw NetworkError.invalidInput("there are no slices to learn") }
    if let start, start.configuration != settings.configuration {
      throw NetworkError.invalidInput("the start weights have another configuration")
    }
    self.settings = settings
    self.data = data
    self.start = start
    self.team = team
    self.kernels = kernels
    var identity = settings.metadata.merging(entries) { $1 }
    identity["data"] = data.hash
    identity["data_count"] = "\(data.count)"
    identity["kernels"] = kernels.path.rawValue
    if Self.revision > 1 { identity["revision"] = "\(Self.revision)" }
    identity["start"] = start.map { $0.parameters.sha256 } ?? "fresh"
    self.identity = identity
  }

  /// Runs to the end, or until asked to stop.
  ///
  /// - Parameters:
  ///   - checkpoint: where the state is kept; an existing file is resumed. `nil`: not resumable.
  ///   - interval: steps between checkpoints; one more is written when the run is interrupted.
  ///   - report: called after every step, and while the course prepares one.
  ///   - isCancelled: asked before every step and while the course prepares one.
  /// - Throws: what data and files throw, and `NetworkError`.
  func run<Course: TrainingCourse>(
    _ course: inout Course, checkpoint: URL?, interval: Int,
    report: (Event, Course) -> Void, isCancelled: () -> Bool
  ) throws -> End {
    var (network, adam) = try begin(checkpoint, &course)
    if adam.step > 0 { report(.resumed(step: adam.step), course) }
    let gradients = GradientStep(network: network, batch: settings.batch, team: team)
    var order = EpochOrder(count: data.count, seed: settings.seed)
    var stepping = Duration.zero
    let first = adam.step
    var saved = (step: adam.step, time: ContinuousClock.now)
    while true {
      let former = course
      let number = adam.step
      func goOn(_ fraction: Double) -> Bool {
        report(.preparing(step: number, fraction), former)
        return !isCancelled()
      }
      guard !isCancelled(), try course.prepare(step: number, network: network, goOn: goOn)
      else {
        try save(checkpoint, network, adam, course)
        return .interrupted(step: number)
      }
      guard number < settings.steps else { break }
      let began = ContinuousClock.now
      let loss = try step(&adam, gradients, course, &order)
      course.finished(step: adam.step - 1, loss: loss)
      stepping += ContinuousClock.now - began
      if adam.step - saved.step >= max(1, interval) || adam.step == settings.steps
        || ContinuousClock.now - saved.time > Self.longestPause
      {
        try save(checkpoint, network, adam, course)
        saved = (adam.step, .now)
      }
      let left = Double(settings.steps - adam.step) / Double(adam.step - first)
      let progress = TrainingProgress(
        step: adam.step, steps: settings.steps, loss: loss,
        secondsLeft: stepping / .seconds(1) * left + course.secondsOfPreparation(after: adam.step))
      report(.step(progress), course)
    }
    return .finished(network)
  }

  /// Gradients of one batch and a move against them.
  private func step<Course: TrainingCourse>(
    _ adam: inout Adam, _ gradients: GradientStep, _ course: Course, _ order: inout EpochOrder
  ) throws -> LossValue {
    let number = adam.step
    let (slices, masks) = try batch(step: number, course, &order)
    let loss = gradients.compute(slices: slices, masks: masks, loss: settings.loss)
    guard loss.total.isFinite else {
      throw NetworkError.invalidInput(
        "the loss of step \(number) is not a number; use a lower learning rate")
    }
    adam.update(
      parameters: gradients.network.parameters, gradients: gradients.gradients,
      learningRate: course.learningRate(step: number), kernels: kernels)
    gradients.network.repack(team: team)
    return loss
  }

  private func begin<Course: TrainingCourse>(
    _ checkpoint: URL?, _ course: inout Course
  ) throws -> (MaskedAutoencoder, Adam) {
    let layout = try NetworkLayout(settings.configuration)
    if let checkpoint, FileManager.default.fileExists(atPath: checkpoint.path) {
      let state = try TrainingCheckpoint.read(
        checkpoint, table: layout.table, steps: settings.steps, metadata: identity)
      do { try course.restore(state.memory) } catch let problem as CourseMemory.Problem {
        throw NetworkError.checkpoint(file: checkpoint.path, problem: problem.text)
      }
      let network = MaskedAutoencoder(
        layout: layout, parameters: state.parameters, kernels: kernels, isTraining: true)
      return (network, state.adam)
    }
    let slab = startParameters(layout)
    let network = MaskedAutoencoder(
      layout: layout, parameters: slab, kernels: kernels, isTraining: true)
    return (network, Adam(count: slab.count))
  }

  /// A slab with the parameters of step 0.
  func startParameters(_ layout: NetworkLayout) -> AlignedBuffer {
    if let start { return start.parameters.copy() }
    let slab = AlignedBuffer(count: layout.table.count)
    layout.table.initialise(slab.base, seed: settings.seed)
    return slab
  }

  private func save<Course: TrainingCourse>(
    _ checkpoint: URL?, _ network: MaskedAutoencoder, _ adam: Adam, _ course: Course
  ) throws {
    guard let checkpoint else { return }
    try TrainingCheckpoint.write(
      adam, table: network.layout.table, parameters: network.parameters,
      memory: try course.memory(), metadata: identity, to: checkpoint)
  }

  /// The images and masks of a step, from seed, step number and course alone.
  private func batch<Course: TrainingCourse>(
    step: Int, _ course: Course, _ order: inout EpochOrder
  ) throws -> (slices: [TokenisedSlice], masks: [PassMask]) {
    let indices = (0..<settings.batch).map { order.index(step * settings.batch + $0) }
    let results = Mutex(
      [Result<(TokenisedSlice, PassMask), any Error>?](
        repeating: nil, count: indices.count))
    team.forEach(indices.count) { image, _ in
      let result = Result { try self.prepare(indices[image], step: step, image: image, course) }
      results.withLock { $0[image] = result }
    }
    let items = try results.withLock { try $0.compactMap { try $0?.get() } }
    return (items.map(\.0), items.map(\.1))
  }

  private func prepare<Course: TrainingCourse>(
    _ index: Int, step: Int, image: Int, _ course: Course
  ) throws -> (TokenisedSlice, PassMask) {
    let slice = try data.slice(index)
    try slice.validate(index: index)
    var random = RandomSource.derived(
      settings.seed, .augmentation, UInt64(step), UInt64(image))
    let tokens = try settings.augmentation.tokenise(
      slice, context: settings.context, isConditioned: settings.configuration.isConditioned,
      random: &random)
    random = .derived(settings.seed, .masks, UInt64(step), UInt64(image))
    return (tokens, course.mask(tokens, slice: index, step: step, random: &random))
  }
}

extension AlignedBuffer {
  /// A slab of its own with the same elements.
  func copy() -> AlignedBuffer {
    let copy = AlignedBuffer(count: count)
    copy.base.update(from: base, count: count)
    return copy
  }

  /// SHA-256 of the elements' bytes.
  var sha256: String {
    SHA256.hexDigest(of: UnsafeRawBufferPointer(start: base, count: count * 4))
  }
}
