/// How a network is adapted to a clinic's own unlabelled slices (method, section 5).
public struct AdaptationSettings: Equatable, Sendable {
  /// The paper's training strategies; its first, pretraining only, is to adapt nothing.
  public enum Strategy: Int, CaseIterable, Codable, Sendable {
    /// From a fresh network on the clinic's slices alone.
    case clinicalOnly = 2
    /// From pretrained weights.
    case both = 3
  }

  /// Which patches are masked; for the ablation.
  public enum Masking: String, CaseIterable, Codable, Sendable {
    /// Uniformly, as in pretraining: the paper's baseline.
    case random
    /// The more uncertain the more often, to the end.
    case epistemic = "eu"
    /// The same, and in the last stage candidate lesions are neither masked nor learned.
    case epistemicAleatoric = "eu+au"
  }

  /// Where the network starts.
  public var strategy: Strategy
  /// Which patches are masked.
  public var masking: Masking
  /// Tau of the EU-guided masks; large values approach random ones.
  public var temperature: Double
  /// Balanced Monte-Carlo passes of a refresh (evidence, section 5: 8 give a usable variance).
  public var passes: Int
  /// The share of a slice's patches that is masked, in training and in refreshes.
  public var maskRatio: Double
  /// Optimiser steps; `nil`: 40 passes over the slices, at least 300 (from scratch 800).
  public var steps: Int?
  /// Steps between refreshes of the maps; `nil`: at every quarter of the steps, 10 passes by default.
  public var refreshInterval: Int?
  /// The share of the steps that makes the last stage.
  public var lastStage: Double
  /// The schedule of the first stage; `nil`: ``LearningRate/adaptation``, from scratch pretraining's.
  public var learningRate: LearningRate?
  /// The schedule of the last stage, under every masking, so that ablations differ in masks only.
  public var restart: LearningRate
  /// What counts as a candidate lesion.
  public var filter: AleatoricFilter
  /// Images per step.
  public var batch: Int
  /// What is minimised.
  public var loss: LossKind
  /// Random changes to the slices.
  public var augmentation: Augmentation
  /// Decides order, augmentation, masks, refreshes, and from scratch the start weights.
  public var seed: UInt64

  /// Makes settings; the defaults are the method's.
  public init(
    strategy: Strategy = .both, masking: Masking = .epistemicAleatoric, temperature: Double = 1,
    passes: Int = 8, maskRatio: Double = 0.75, steps: Int? = nil, refreshInterval: Int? = nil,
    lastStage: Double = 0.25, learningRate: LearningRate? = nil,
    restart: LearningRate = .restart, filter: AleatoricFilter = AleatoricFilter(), batch: Int = 8,
    loss: LossKind = .regionPixels(edgeWeight: 0.1), augmentation: Augmentation = Augmentation(),
    seed: UInt64 = 1
  ) {
    self.strategy = strategy
    self.masking = masking
    self.temperature = temperature
    self.passes = passes
    self.maskRatio = maskRatio
    self.steps = steps
    self.refreshInterval = refreshInterval
    self.lastStage = lastStage
    self.learningRate = learningRate
    self.restart = restart
    self.filter = filter
    self.batch = batch
    self.loss = loss
    self.augmentation = augmentation
    self.seed = seed
  }

  /// Passes over the slices by default.
  public static let passesOverCohort = 40
  /// The fewest steps by default.
  public static let fewestSteps: [Strategy: Int] = [.both: 300, .clinicalOnly: 800]

  /// Throws when nothing can be adapted with these settings.
  public func validate() throws {
    guard temperature.isFinite, temperature > 0 else {
      throw NetworkError.invalidInput("tau \(temperature) is not above 0")
    }
    guard lastStage.isFinite, (0..<1).contains(lastStage) else {
      throw NetworkError.invalidInput("last stage \(lastStage) is not a share from 0 to below 1")
    }
    guard refreshInterval ?? 1 >= 1 else {
      throw NetworkError.invalidInput(
        "maps cannot be refreshed every \(refreshInterval ?? 0) steps")
    }
    guard passes >= 2 else {
      throw NetworkError.invalidInput("uncertainty wants 2 passes or more, not \(passes)")
    }
    try monteCarlo(context: .image).validate()
  }

  /// The plan of steps for a number of slices.
  public func schedule(slices: Int) -> AdaptationSchedule {
    let fewest = Self.fewestSteps[strategy] ?? 1
    let wanted = (Self.passesOverCohort * slices + batch - 1) / max(1, batch)
    let steps = steps ?? max(fewest, wanted)
    let rate = learningRate ?? (strategy == .both ? .adaptation : LearningRate())
    return AdaptationSchedule(
      steps: steps, refreshInterval: refreshInterval ?? max(1, steps / 4),
      isQuartered: refreshInterval == nil && steps % 4 != 0,
      lastStageStart: steps - Int((Double(steps) * lastStage).rounded()), learningRate: rate,
      restart: restart)
  }

  /// How maps are made in a refresh.
  func monteCarlo(context: NetworkContext) -> MonteCarloSettings {
    MonteCarloSettings(
      scheme: .balanced(passes: passes), ratio: maskRatio, seed: seed, context: context)
  }

  /// The settings of the common training loop.
  func training(
    _ configuration: NetworkConfiguration, context: NetworkContext, schedule: AdaptationSchedule
  ) -> TrainingSettings {
    TrainingSettings(
      configuration: configuration, context: context, steps: schedule.steps, batch: batch,
      maskRatio: maskRatio, learningRate: schedule.learningRate, loss: loss,
      augmentation: augmentation, seed: seed)
  }

  /// What a checkpoint and the weights' metadata say beside the loop's settings.
  func entries(_ schedule: AdaptationSchedule) -> [String: String] {
    [
      "strategy": "\(strategy.rawValue)", "masking": masking.rawValue,
      "temperature": "\(temperature)", "refresh_passes": "\(passes)",
      "refresh_interval": schedule.isQuartered ? "quarters" : "\(schedule.refreshInterval)",
      "last_stage_start": "\(schedule.lastStageStart)",
      "restart": "\(restart.peak) \(restart.warmUp) \(restart.floor)",
      "candidates":
        "percentile \(filter.percentile) pixels \(filter.fewestPixels) "
        + "components \(filter.mostComponents)",
    ]
  }
}

/// Which step of an adaptation does what.
public struct AdaptationSchedule: Equatable, Sendable {
  /// Optimiser steps.
  public let steps: Int
  /// Steps between refreshes; of quarters that are no whole steps, rounded down.
  public let refreshInterval: Int
  /// Whether maps are made anew at the quarters, each at its nearest step: multiples of the interval
  /// would fall a step or two before the last stage and before the end.
  let isQuartered: Bool
  /// The first step of the last stage; `steps` where there is none.
  public let lastStageStart: Int
  /// The rate of the first stage.
  public let learningRate: LearningRate
  /// The rate of the last stage.
  public let restart: LearningRate

  /// The learning rate of a step; a warm-up takes half of a stage at most.
  public func rate(step: Int) -> Float {
    func rate(_ schedule: LearningRate, _ step: Int, of steps: Int) -> Float {
      var schedule = schedule
      schedule.warmUp = min(schedule.warmUp, steps / 2)
      return schedule.rate(step: step, of: steps)
    }
    return step < lastStageStart
      ? rate(learningRate, step, of: lastStageStart)
      : rate(restart, step - lastStageStart, of: steps - lastStageStart)
  }

  /// Whether maps are made anew before a step: at the beginning, in every interval, when the last
  /// stage begins, and at the end for the record.
  public func refreshes(before step: Int) -> Bool {
    guard isQuartered else {
      return step % refreshInterval == 0 || step == lastStageStart || step == steps
    }
    let quarter = Int((Double(steps) / 4).rounded())
    let half = Int((Double(steps) / 2).rounded())
    return [0, quarter, half, steps - quarter, lastStageStart, steps].contains(step)
  }

  /// The steps before which maps are made anew: all, or as many of them as wanted, spread evenly from
  /// the first to the last.
  ///
  /// - Parameter most: 2 or more.
  func refreshes(atMost most: Int) -> [Int] {
    let all = (0...steps).filter(refreshes(before:))
    guard all.count > most else { return all }
    return (0..<most).map { all[$0 * (all.count - 1) / (most - 1)] }
  }

  /// Refreshes after a step.
  func refreshes(after step: Int) -> Int {
    guard step < steps else { return 0 }
    return (step + 1...steps).count(where: refreshes(before:))
  }
}
