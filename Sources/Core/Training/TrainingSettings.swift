/// Everything that decides the result of a training run.
public struct TrainingSettings: Equatable, Sendable {
  /// The shape of the network; must be the start weights' where there are some.
  public var configuration: NetworkConfiguration
  /// The context to learn; inference will accept no other.
  public var context: NetworkContext
  /// Optimiser steps.
  public var steps: Int
  /// Images per step.
  public var batch: Int
  /// The share of each image's region that is masked.
  public var maskRatio: Double
  /// The schedule of the learning rate.
  public var learningRate: LearningRate
  /// What is minimised.
  public var loss: LossKind
  /// Random changes to the slices.
  public var augmentation: Augmentation
  /// Decides start weights, order, augmentation and masks.
  public var seed: UInt64

  /// Makes settings; the defaults are pretraining's (method, section 3; evidence, section 2).
  public init(
    configuration: NetworkConfiguration = .small, context: NetworkContext = .nearest(128),
    steps: Int = 800, batch: Int = 8, maskRatio: Double = 0.75,
    learningRate: LearningRate = LearningRate(), loss: LossKind = .regionPixels(edgeWeight: 0.1),
    augmentation: Augmentation = Augmentation(), seed: UInt64 = 1
  ) {
    self.configuration = configuration
    self.context = context
    self.steps = steps
    self.batch = batch
    self.maskRatio = maskRatio
    self.learningRate = learningRate
    self.loss = loss
    self.augmentation = augmentation
    self.seed = seed
  }

  /// Throws when nothing can be trained with these settings.
  public func validate() throws {
    try configuration.validate()
    guard (1...10_000_000).contains(steps), (1...256).contains(batch) else {
      throw NetworkError.invalidInput(
        "training wants 1 to 10000000 steps of 1 to 256 images, not \(steps) of \(batch)")
    }
    guard maskRatio > 0, maskRatio < 1 else {
      throw NetworkError.invalidInput("mask ratio \(maskRatio) is not between 0 and 1")
    }
    guard (0...64).contains(augmentation.shift), augmentation.intensity >= 0,
      augmentation.noise >= 0, learningRate.peak > 0, learningRate.warmUp >= 0
    else {
      throw NetworkError.invalidInput("augmentation or learning rate is out of range")
    }
  }

  /// The settings as metadata of weights and checkpoints; a checkpoint resumes only under the same.
  public var metadata: [String: String] {
    var entries = configuration.metadata
    entries["contexts"] = context.description
    entries["steps"] = "\(steps)"
    entries["batch"] = "\(batch)"
    entries["mask_ratio"] = "\(maskRatio)"
    entries["learning_rate"] = "\(learningRate.peak) \(learningRate.warmUp) \(learningRate.floor)"
    entries["loss"] =
      switch loss {
      case .regionPixels(let weight): "region-pixels \(weight)"
      case .reference: "reference"
      }
    entries["augmentation"] =
      "shift \(augmentation.shift) intensity \(augmentation.intensity) noise \(augmentation.noise)"
    entries["seed"] = "\(seed)"
    return entries
  }
}

/// How far a training run is.
public struct TrainingProgress: Equatable, Sendable {
  /// Steps done.
  public var step: Int
  /// Steps of the run.
  public var steps: Int
  /// The last step's loss.
  public var loss: LossValue
  /// An estimate of the time left.
  public var secondsLeft: Double
}

/// How a training run ended.
public enum TrainingOutcome: Sendable {
  /// All steps done.
  case finished(NetworkWeights)
  /// Stopped on request after some steps; the checkpoint resumes it.
  case interrupted(step: Int)
}
