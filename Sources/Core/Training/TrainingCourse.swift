internal import Imaging

/// What one kind of training decides inside the common loop: masks, learning rates, and what it does
/// between steps.
///
/// Decisions may depend on settings, data, the step's number and the network as it was at earlier
/// steps only; what is taken from earlier steps belongs into ``memory``.
protocol TrainingCourse: Sendable {
  /// The learning rate of step 0, 1, ...
  func learningRate(step: Int) -> Float

  /// The mask of one image of a step.
  ///
  /// - Parameters:
  ///   - tokens: the slice as the step sees it, shifted and augmented.
  ///   - slice: its number in the data.
  ///   - random: the image's own numbers.
  func mask(
    _ tokens: TokenisedSlice, slice: Int, step: Int, random: inout RandomSource
  ) -> PassMask

  /// Does what is due before a step; called once more with the number of steps at the end.
  ///
  /// - Parameters:
  ///   - network: as the steps so far have made it.
  ///   - goOn: told the fraction done now and then; `false` asks to stop.
  /// - Returns: `false` when it was asked to stop; nothing is changed then.
  mutating func prepare(
    step: Int, network: MaskedAutoencoder, goOn: (Double) -> Bool
  ) throws -> Bool

  /// Takes note of a step's loss.
  mutating func finished(step: Int, loss: LossValue)

  /// An estimate of the time that `prepare` will still take after a step.
  func secondsOfPreparation(after step: Int) -> Double

  /// All that later decisions take from earlier steps.
  func memory() throws -> CourseMemory

  /// Goes on from a checkpoint's memory.
  ///
  /// - Throws: a sentence's worth of `CourseMemory.Problem` when it is not this course's.
  mutating func restore(_ memory: CourseMemory) throws
}

/// What a course keeps in a checkpoint.
struct CourseMemory: Sendable {
  /// What is wrong with a memory, for the message.
  struct Problem: Error {
    let text: String
  }

  /// A former state of the network's parameters, where later decisions depend on one.
  var parameters: AlignedBuffer?
  /// Anything else, as text.
  var text: String?
  /// Anything else, as tensors.
  var tensors: [String: Tensor] = [:]
}

/// Pretraining's course: random masks, one schedule, nothing between steps.
struct RandomCourse: TrainingCourse {
  let settings: TrainingSettings

  func learningRate(step: Int) -> Float {
    settings.learningRate.rate(step: step, of: settings.steps)
  }

  func mask(
    _ tokens: TokenisedSlice, slice: Int, step: Int, random: inout RandomSource
  ) -> PassMask {
    RandomMasks.make(tokens, ratio: settings.maskRatio, random: &random)
  }

  func prepare(step: Int, network: MaskedAutoencoder, goOn: (Double) -> Bool) -> Bool { true }

  func finished(step: Int, loss: LossValue) {}

  func secondsOfPreparation(after step: Int) -> Double { 0 }

  func memory() -> CourseMemory { CourseMemory() }

  func restore(_ memory: CourseMemory) {}
}

extension RandomMasks {
  /// The random mask of a slice.
  static func make(
    _ slice: TokenisedSlice, ratio: Double, random: inout RandomSource
  ) -> PassMask {
    let noise = slice.tokens.indices.map { _ in random.uniform() }
    return make(noise: noise, regionCounts: slice.regionCounts, ratio: ratio)
  }
}
