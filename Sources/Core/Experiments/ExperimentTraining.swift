internal import Foundation
internal import Imaging

/// Makes the weights of experiments, each once: they lie in the experiment's folder by what decides
/// them, with a checkpoint beside them while they are made.
final class ExperimentTraining {
  /// Raised whenever the same recipe makes other weights: what lies in folders is not used then.
  static let version = 1

  private let store: ExperimentStore
  private let threads: Int
  private let isCancelled: @Sendable () -> Bool
  private let progress: @Sendable (ExperimentRun.Progress) -> Void
  private var latest: (hash: String, data: TrainingData)?

  init(
    store: ExperimentStore, threads: Int, isCancelled: @escaping @Sendable () -> Bool,
    progress: @escaping @Sendable (ExperimentRun.Progress) -> Void
  ) {
    self.store = store
    self.threads = threads
    self.isCancelled = isCancelled
    self.progress = progress
  }

  /// Lets go of the phantoms before something else needs the memory.
  func forgetPhantoms() { latest = nil }

  /// The weights of a recipe and a seed; `nil` when cancelled.
  func pretrained(_ recipe: NetworkRecipe, seed: UInt64, label: String) throws -> URL? {
    let (settings, plan) = (recipe.settings(seed: seed), recipe.plan(seed: seed))
    let url = store.weights(
      "\(settings.metadata.sorted { $0.key < $1.key }) \(plan.hash) version \(Self.version) "
        + KernelTable.best.path.rawValue)
    guard !FileManager.default.fileExists(atPath: url.path) else { return url }
    if let shipped = shipped(settings, plan) { return try store(shipped, at: url) }
    guard let data = try phantoms(plan, label: label) else { return nil }
    let began = ContinuousClock.now
    let outcome = try Pretraining(settings: settings, data: data, threads: threads).run(
      checkpoint: checkpoint(url),
      progress: { [progress] in
        progress(
          .init(
            words: "training for \(label)", fraction: Double($0.step) / Double($0.steps),
            secondsLeft: $0.secondsLeft))
      }, isCancelled: isCancelled)
    guard case .finished(let weights) = outcome else { return nil }
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    return try store(Self.noted(weights, seconds: seconds), at: url)
  }

  /// The weights that come with the program, where they are of this very recipe.
  private func shipped(
    _ settings: TrainingSettings, _ plan: PhantomTrainingData.Plan
  ) -> NetworkWeights? {
    guard let url = try? Assets.url("\(Assets.defaultModel).safetensors"),
      let weights = try? NetworkWeights(contentsOf: url),
      let card = try? ModelCard.read(url.deletingPathExtension().appendingPathExtension("json"))
    else { return nil }
    let wanted = settings.metadata.merging(
      ["data": plan.hash, "kernels": KernelTable.best.path.rawValue, "start": "fresh"]) { $1 }
    guard wanted.allSatisfy({ weights.metadata[$0.key] == $0.value }) else { return nil }
    return Self.noted(weights, seconds: card.durationSeconds ?? 0)
  }

  /// Weights that know how long their training took.
  private static func noted(_ weights: NetworkWeights, seconds: Double) -> NetworkWeights {
    NetworkWeights(
      layout: weights.layout, parameters: weights.parameters, contexts: weights.contexts,
      metadata: weights.metadata.merging(
        ["generator": PhantomGenerator.hash, "seconds": "\(seconds.rounded())"]) { $1 })
  }

  /// Weights adapted to slices, with the record of how it went; `nil` when cancelled.
  func adapted(
    _ settings: AdaptationSettings, start: URL, data: TrainingData, label: String
  ) throws -> (weights: URL, record: AdaptationRecord)? {
    let adaptation = try Adaptation(
      settings: settings, data: data, start: try AdaptationStart(contentsOf: start),
      threads: threads)
    let url = store.weights(
      "\(adaptation.identity.sorted { $0.key < $1.key }) version \(Self.version)")
    let recordURL = store.record(besideWeights: url)
    if FileManager.default.fileExists(atPath: url.path),
      let record = try? AdaptationRecord.read(recordURL)
    {
      return (url, record)
    }
    let outcome = try adaptation.run(
      checkpoint: checkpoint(url),
      progress: { [progress] in
        progress(
          .init(
            words: "adapting for \(label)",
            fraction: Double($0.step) / Double(max($0.steps, 1)), secondsLeft: $0.secondsLeft))
      }, isCancelled: isCancelled)
    guard case .finished(let weights, let record, _) = outcome else { return nil }
    try record.write(to: recordURL, rights: .caller)
    return (try store(weights, at: url), record)
  }

  /// The head on weights; `nil` when cancelled.
  func head(
    weights: URL, patients: Int, steps: Int, seed: UInt64, label: String
  ) throws -> RowHead? {
    let url = RowHead.url(besideWeights: weights)
    let engine = try AnomalyEngine(weights: weights, threads: 1)
    var settings = RowHeadTraining.Settings()
    settings.steps = steps
    // The seed of the shipped head is 1000 more than that of its network.
    settings.seed = 1000 + seed
    let plan = RowHeadPretraining.Plan(
      patients: patients, seed: 1000 + seed, domains: [.public, .clinical])
    let wanted = plan.metadata.merging(settings.metadata) { $1 }
    if let head = try? RowHead(contentsOf: url), head.networkSHA256 == engine.sha256,
      wanted.allSatisfy({ head.metadata[$0.key] == $0.value })
    {
      return head
    }
    let training = RowHeadPretraining(
      plan: plan, settings: settings, engine: engine, threads: threads)
    let head = try training.run(command: "", isCancelled: isCancelled) { [progress] stage in
      let fraction =
        switch stage {
        case .data(let fraction): fraction
        case .step(let step, let steps, _): Double(step) / Double(steps)
        }
      progress(.init(words: "training the head for \(label)", fraction: fraction))
    }
    try head?.write(to: url)
    return head
  }

  private func store(_ weights: NetworkWeights, at url: URL) throws -> URL {
    try weights.safetensors().write(to: url, rights: .caller)
    try? FileManager.default.removeItem(at: checkpoint(url))
    return url
  }

  private func checkpoint(_ url: URL) -> URL { url.appendingPathExtension("checkpoint") }

  /// The phantoms of a plan; the latest are kept, since neighbouring arms share them.
  private func phantoms(
    _ plan: PhantomTrainingData.Plan, label: String
  ) throws -> TrainingData? {
    if let latest, latest.hash == plan.hash { return latest.data }
    latest = nil
    let data = try PhantomTrainingData.make(
      plan, team: ThreadTeam(threads: threads),
      progress: { [progress] in
        progress(.init(words: "making phantoms for \(label)", fraction: $0))
      }, isCancelled: isCancelled)
    latest = data.map { (plan.hash, $0) }
    return data
  }
}
