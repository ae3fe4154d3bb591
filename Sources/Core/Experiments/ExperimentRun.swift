public import Foundation
internal import Imaging
internal import Synchronization

/// Runs a suite on a library with truth: trains what is missing, reconstructs, scores, keeps.
///
/// The result depends on suite, scale, library and kernel path only; what a stopped run has made
/// lies in the folder and is used again.
public struct ExperimentRun: Sendable {
  /// How far it is.
  public struct Progress: Sendable {
    /// The arm and what is done for it.
    public var words: String
    /// The part of this piece of work that is done.
    public var fraction: Double
    /// Seconds left of this piece, where they are known.
    public var secondsLeft: Double?
  }

  /// What a suite is measured on and how.
  public let suite: ExperimentSuite
  /// How much work it is.
  public let scale: ExperimentScale
  let cohort: ExperimentCohort
  let truth: URL?
  let store: ExperimentStore
  let build: String
  let threads: Int

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - truth: Folder of the truth; by default the library's own.
  ///   - folder: Where weights and outcomes are kept.
  ///   - build: Names the program; outcomes of another one are made anew.
  /// - Throws: `ReadError`, `LibraryError`, `WriteError`.
  public init(
    _ suite: ExperimentSuite, scale: ExperimentScale, library: StudyLibrary, truth: URL? = nil,
    folder: URL, build: String, threads: Int
  ) throws {
    self.suite = suite
    self.scale = scale
    cohort = try ExperimentCohort(library, truth: truth, perClass: scale.studiesPerClass)
    store = try ExperimentStore(folder: folder)
    self.truth = truth
    self.build = build
    self.threads = threads
  }

  /// Runs all arms with all seeds.
  ///
  /// - Returns: `nil` when cancelled.
  /// - Throws: what training and files throw.
  public func run(
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> ExperimentResult? {
    let worker = ExperimentWorker(run: self, isCancelled: isCancelled, progress: progress)
    var result = ExperimentResult(suite: suite, scale: scale, cohort: cohort)
    for arm in suite.arms(scale) {
      for seed in arm.weights == .none ? [0] : scale.seeds {
        guard let outcome = try worker.outcome(of: arm, seed: seed) else { return nil }
        result.add(outcome, of: arm, seed: seed)
      }
    }
    return result
  }
}

/// Does the work of one arm after the other; what neighbours share stays in memory.
final class ExperimentWorker {
  private typealias Prepared = [String: PreparedStudy]

  private let run: ExperimentRun
  private let training: ExperimentTraining
  private let isCancelled: @Sendable () -> Bool
  private let progress: @Sendable (ExperimentRun.Progress) -> Void
  private var latest: (key: String, studies: Prepared)?

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
    let identity = [
      "\(arm)", "seed \(seed)", "cohort \(run.cohort.identity)", "head \(run.scale.headPatients)",
      "\(run.scale.headSteps)", "build \(run.build)", KernelTable.best.path.rawValue,
    ].joined(separator: "; ")
    if let kept = run.store.outcome(identity) { return kept }
    let label = arm.name.isEmpty ? run.suite.rawValue : arm.name
    let began = ContinuousClock.now
    guard let studies = prepared(arm.normalisation, arm.degradation, label),
      let models = try models(of: arm, seed: seed, studies: studies, label: label)
    else { return nil }
    let trained = ContinuousClock.now
    guard let scored = try detect(arm, models, studies, label: "\(label), seed \(seed)") else {
      return nil
    }
    let outcome = ExperimentOutcome(
      identity: identity, scores: scored.scores, reconstruction: scored.reconstruction,
      adaptation: models.record?.curve, trainingSeconds: (trained - began) / .seconds(1),
      detectionSeconds: (ContinuousClock.now - trained) / .seconds(1))
    try run.store.keep(outcome)
    return outcome
  }

  /// The engine of an arm; of one adapted to several cohorts, the first patient's. `nil` when
  /// cancelled.
  func engine(of arm: ExperimentArm, seed: UInt64) throws -> AnomalyEngine? {
    guard let studies = prepared(arm.normalisation, arm.degradation, arm.name),
      let models = try models(of: arm, seed: seed, studies: studies, label: arm.name)
    else { return nil }
    return models.common ?? models.byHeldOut.min { $0.key < $1.key }?.value
  }

  private func prepared(
    _ normalisation: Normalisation, _ degradation: ImageDegradation?, _ label: String
  ) -> Prepared? {
    let key = "\(normalisation) \(String(describing: degradation))"
    if let latest, latest.key == key { return latest.studies }
    latest = nil
    let studies = run.cohort.prepared(
      normalisation, degradation, team: ThreadTeam(threads: run.threads),
      finished: { [progress] in
        progress(.init(words: "reading for \(label)", fraction: $0))
      }, isCancelled: isCancelled)
    latest = studies.map { (key, $0) }
    return studies
  }

  /// The engines of an arm by the patient they must not have seen; `nil` when cancelled.
  private func models(
    of arm: ExperimentArm, seed: UInt64, studies: Prepared, label: String
  ) throws -> ExperimentModels? {
    let words = "\(label), seed \(seed)"
    switch arm.weights {
    case .none: return ExperimentModels()
    case .pretrained(let recipe):
      guard let url = try training.pretrained(recipe, seed: seed, label: words) else { return nil }
      var models = ExperimentModels()
      models.common = try training.engine(url)
      if arm.hasHead {
        guard
          let head = try training.head(
            weights: url, patients: run.scale.headPatients, steps: run.scale.headSteps, seed: seed,
            label: words)
        else { return nil }
        models.head = head
      }
      return models
    case .adapted(let recipe, var settings):
      settings.seed = seed
      guard let start = try training.pretrained(recipe, seed: seed, label: words) else {
        return nil
      }
      return try adapted(settings, start: start, studies, label: words)
    }
  }

  private func adapted(
    _ settings: AdaptationSettings, start: URL, _ studies: Prepared, label: String
  ) throws -> ExperimentModels? {
    var models = ExperimentModels()
    for patient in run.cohort.heldOut.map({ $0.map(Optional.some) }) ?? [nil] {
      let members = run.cohort.learning(without: patient)
      let slices = members.compactMap { studies[$0.study.subject] }.flatMap { study in
        study.reason == nil
          ? study.scoredSlices.filter { $0.unassessableReason == nil }.map(TrainingSlice.init) : []
      }
      guard
        let (url, record) = try training.adapted(
          settings, start: start, data: TrainingData(slices),
          label: patient.map { "\(label), without \($0)" } ?? label)
      else { return nil }
      if let patient {
        models.byHeldOut[patient] = try training.engine(url)
      } else {
        models.common = try training.engine(url)
        models.record = record
      }
    }
    return models
  }

  private typealias Scored = (
    scores: [String: [String: ExperimentOutcome.Score]], reconstruction: ReconstructionMetrics?
  )

  private func detect(
    _ arm: ExperimentArm, _ models: ExperimentModels, _ studies: Prepared, label: String
  ) throws -> Scored? {
    let members = run.cohort.members.filter { studies[$0.study.subject] != nil }
    let failure = Mutex<(any Error)?>(nil)
    let count = Double(members.count)
    let found: [ExperimentScoring.Item?] = ThreadTeam(threads: run.threads).map(members) {
      [isCancelled, progress] member, done in
      guard !isCancelled(), failure.withLock({ $0 == nil }),
        let study = studies[member.study.subject]
      else { return nil }
      progress(.init(words: "detecting for \(label)", fraction: Double(done) / count))
      do {
        return try ExperimentScoring.score(
          study, member, arm: arm, engine: models.engine(member.truth.group), head: models.head)
      } catch {
        failure.withLock { $0 = error }
        return nil
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    guard !isCancelled() else { return nil }
    let scores = found.compactMap { $0.map { ($0.subject, $0.scores) } }
    return (
      Dictionary(scores, uniquingKeysWith: { $1 }),
      ReconstructionMetrics.mean(found.compactMap { $0?.reconstruction })
    )
  }
}

/// The networks of one arm.
struct ExperimentModels: Sendable {
  /// For every study.
  var common: AnomalyEngine?
  /// For the studies of one patient, whom they have not seen.
  var byHeldOut: [String: AnomalyEngine] = [:]
  /// The head on ``common``.
  var head: RowHead?
  /// How the adaptation to the whole cohort went.
  var record: AdaptationRecord?

  func engine(_ patient: String) -> AnomalyEngine? { byHeldOut[patient] ?? common }
}
