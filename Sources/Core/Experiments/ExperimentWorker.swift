internal import Foundation
internal import Imaging
internal import Synchronization

/// Does the work of one arm after the other; what neighbours share stays in memory.
final class ExperimentWorker {
  private let run: ExperimentRun
  private let training: ExperimentTraining
  private let isCancelled: @Sendable () -> Bool
  private let progress: @Sendable (ExperimentRun.Progress) -> Void
  /// Prepared studies of small cohorts, for the arms that want them alike.
  private var kept: (key: String, studies: [String: PreparedStudy])?

  /// The most studies that stay in memory, about 2 MB each.
  private static let mostKept = 400

  init(
    run: ExperimentRun, isCancelled: @escaping @Sendable () -> Bool,
    progress: @escaping @Sendable (ExperimentRun.Progress) -> Void
  ) {
    self.run = run
    self.isCancelled = isCancelled
    self.progress = progress
    training = ExperimentTraining(
      store: run.store, threads: run.threads, isCancelled: isCancelled, progress: progress)
  }

  /// The outcome of an arm with a seed, kept from before or made now; `nil` when cancelled.
  func outcome(of arm: ExperimentArm, seed: UInt64) throws -> ExperimentOutcome? {
    let anatomy = arm.findsAnatomy ? run.segmenter?.engine.sha256 ?? "" : "labels"
    let identity = [
      "\(arm)", "anatomy \(anatomy)", "seed \(seed)", "cohort \(run.cohort.identity)",
      "head \(run.scale.headPatients)",
      "\(run.scale.headSteps)", "training \(ExperimentTraining.version)", "build \(run.build)",
      PhantomGenerator.hash, KernelTable.best.path.rawValue,
    ].joined(separator: "; ")
    if let kept = run.store.outcome(identity) { return kept }
    let label = arm.name.isEmpty ? run.suite.rawValue : "\(arm.name), seed \(seed)"
    guard let models = try models(of: arm, seed: seed, label: label) else { return nil }
    training.forgetPhantoms()
    let began = ContinuousClock.now
    guard let items = try detect(arm, models, label: label) else { return nil }
    let scores = items.map { ($0.subject, $0.scores) }
    let leftOut = items.compactMap { item in item.leftOut.map { (item.subject, $0) } }
    let outcome = ExperimentOutcome(
      identity: identity, scores: Dictionary(scores, uniquingKeysWith: { $1 }),
      leftOut: Dictionary(leftOut, uniquingKeysWith: { $1 }), weights: models.files,
      reconstruction: ReconstructionMetrics.mean(items.compactMap(\.reconstruction)),
      adaptation: models.record?.curve, trainingSeconds: models.seconds,
      detectionSeconds: (ContinuousClock.now - began) / .seconds(1))
    try run.store.keep(outcome)
    return outcome
  }

  /// The networks of an arm; `nil` when cancelled.
  private func models(
    of arm: ExperimentArm, seed: UInt64, label: String
  ) throws -> ExperimentModels? {
    switch arm.weights {
    case .none: return ExperimentModels()
    case .pretrained(let recipe):
      guard let url = try training.pretrained(recipe, seed: seed, label: label) else { return nil }
      var models = ExperimentModels()
      try models.add(url, except: [])
      guard arm.hasHead else { return models }
      models.head = try training.head(
        weights: url, patients: run.scale.headPatients, steps: run.scale.headSteps, seed: seed,
        label: label)
      return models.head == nil ? nil : models
    case .adapted(let recipe, var settings):
      settings.seed = seed
      guard let start = try training.pretrained(recipe, seed: seed, label: label) else {
        return nil
      }
      training.forgetPhantoms()
      return try adapted(settings, arm, start: start, label: label)
    }
  }

  private func adapted(
    _ settings: AdaptationSettings, _ arm: ExperimentArm, start: URL, label: String
  ) throws -> ExperimentModels? {
    guard let slices = try slices(arm, label) else { return nil }
    var models = ExperimentModels()
    for patients in run.cohort.heldOut ?? [[]] {
      let members = run.cohort.learning(without: patients)
      let without = patients.sorted().joined(separator: ", ").cleaned
      guard
        let (url, record) = try training.adapted(
          settings, start: start,
          data: TrainingData(members.flatMap { slices[$0.study.subject] ?? [] }),
          label: patients.isEmpty ? label : "\(label), without \(without)")
      else { return nil }
      try models.add(url, except: patients)
      models.seconds += record.seconds
      if patients.isEmpty { models.record = record }
    }
    return models
  }

  /// The slices that can be learned from, by subject; `nil` when cancelled.
  private func slices(
    _ arm: ExperimentArm, _ label: String
  ) throws -> [String: [TrainingSlice]]? {
    let found = try map(arm, "reading for \(label)") { member, study in
      (member.study.subject, study?.learnableSlices ?? [])
    }
    return found.map { Dictionary($0, uniquingKeysWith: { $1 }) }
  }

  private func detect(
    _ arm: ExperimentArm, _ models: ExperimentModels, label: String
  ) throws -> [ExperimentScoring.Item]? {
    try map(arm, "detecting for \(label)") { member, study in
      guard let study else {
        return ExperimentScoring.Item(
          subject: member.study.subject, scores: [:], leftOut: "it could not be prepared")
      }
      return try ExperimentScoring.score(
        study, member, arm: arm, engine: models.engine(member.truth.group), head: models.head)
    }
  }

  /// Something of every study, side by side; `nil` when cancelled.
  ///
  /// - Parameter body: gets no study where it cannot be prepared, for whatever is in it.
  /// - Throws: what files and the body throw: nothing is left out because a disk failed.
  private func map<Item: Sendable>(
    _ arm: ExperimentArm, _ words: String,
    _ body: @Sendable (ExperimentCohort.Member, PreparedStudy?) throws -> Item
  ) throws -> [Item]? {
    let key =
      "\(arm.normalisation) \(String(describing: arm.degradation)) \(arm.findsAnatomy)"
    let segmenter = arm.findsAnatomy ? run.segmenter : nil
    if kept?.key != key { kept = nil }
    let known = kept?.studies ?? [:]
    let fresh = Mutex<[String: PreparedStudy]>([:])
    let failure = Mutex<(any Error)?>(nil)
    let (cohort, keeps) = (run.cohort, run.cohort.members.count <= Self.mostKept)
    let items: [Item?] = ThreadTeam(threads: run.threads).map(cohort.members) {
      [isCancelled, progress] member, done in
      guard !isCancelled(), failure.withLock({ $0 == nil }) else { return nil }
      let fraction = Double(done) / Double(cohort.members.count)
      progress(.init(words: words, fraction: fraction))
      do {
        var study = known[member.study.subject]
        if study == nil {
          do {
            study = try cohort.prepare(
              member, arm.normalisation, arm.degradation, segmenter: segmenter)
          } catch is PreparationError {}
          if keeps, let study { fresh.withLock { $0[member.study.subject] = study } }
        }
        return try body(member, study)
      } catch {
        failure.withLock { $0 = error }
        return nil
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    guard !isCancelled() else { return nil }
    if keeps { kept = (key, known.merging(fresh.withLock { $0 }) { $1 }) }
    return items.compactMap(\.self)
  }
}

/// The networks of one arm.
struct ExperimentModels: Sendable {
  private var common: AnomalyEngine?
  private var byPatient: [String: AnomalyEngine] = [:]
  /// Their files by the patient that they were not adapted to; "" for all others.
  private(set) var files: [String: String] = [:]
  /// The head on the one network.
  var head: RowHead?
  /// How the adaptation to the whole cohort went.
  var record: AdaptationRecord?
  /// Seconds that training took.
  var seconds = 0.0

  /// Adds a network, for all studies or for those of some patients whom it has not seen.
  mutating func add(_ url: URL, except patients: Set<String>) throws {
    let engine = try AnomalyEngine(weights: url, threads: 1)
    if patients.isEmpty {
      common = engine
      files[""] = url.lastPathComponent
      seconds += engine.metadata["seconds"].flatMap { Double($0) } ?? 0
    }
    for patient in patients {
      byPatient[patient] = engine
      files[patient] = url.lastPathComponent
    }
  }

  /// The network for a patient's studies.
  func engine(_ patient: String) -> AnomalyEngine? { byPatient[patient] ?? common }
}
