import Imaging
import Testing

@testable import Core

/// Small adaptations that tests share.
enum AdaptationCase {
  static let slices = (1...5).map { TinyCase.slice(seed: $0, rows: 40) }
  static let data = TrainingData(slices)

  /// Tiny weights after a short pretraining on other slices; the usual ones are made once.
  static func start(seed: UInt64 = 3, steps: Int = 60) throws -> AdaptationStart {
    seed == 3 && steps == 60 ? try usual.get() : try made(seed: seed, steps: steps)
  }

  private static let usual = Result { try made(seed: 3, steps: 60) }

  private static func made(seed: UInt64, steps: Int) throws -> AdaptationStart {
    let settings = TrainingSettings(
      configuration: TinyCase.configuration, context: .nearest(70), steps: steps, batch: 4,
      learningRate: LearningRate(peak: 5e-3, warmUp: 5), seed: seed)
    let other = TrainingData((11...14).map { TinyCase.slice(seed: $0, rows: 40) })
    let outcome = try Pretraining(settings: settings, data: other, threads: 2).run()
    guard case .finished(let weights) = outcome else {
      throw NetworkError.invalidInput("the pretraining did not finish")
    }
    return try AdaptationStart(weights, name: "tiny")
  }

  static func settings(
    steps: Int = 16, masking: AdaptationSettings.Masking = .epistemicAleatoric,
    strategy: AdaptationSettings.Strategy = .both
  ) -> AdaptationSettings {
    AdaptationSettings(
      strategy: strategy, masking: masking, passes: 4, steps: steps, batch: 4, seed: 9)
  }

  static func finished(
    _ outcome: AdaptationOutcome
  ) throws -> (weights: NetworkWeights, record: AdaptationRecord, film: AdaptationFilm?) {
    guard case .finished(let weights, let record, let film) = outcome else {
      throw NetworkError.invalidInput("the adaptation did not finish")
    }
    return (weights, record, film)
  }

  /// A course whose maps were made with the start weights.
  static func course(
    _ settings: AdaptationSettings, data: TrainingData, start: AdaptationStart, threads: Int = 2
  ) throws -> AdaptationCourse {
    let schedule = settings.schedule(slices: data.count)
    let layout = start.weights.layout
    let loop = try TrainingLoop(
      settings: settings.training(
        start.weights.configuration, context: .nearest(70), schedule: schedule),
      data: data, start: start.weights, team: ThreadTeam(threads: threads), kernels: .best)
    var course = AdaptationCourse(
      settings: settings, schedule: schedule, loop: loop, layout: layout)
    let network = MaskedAutoencoder(
      layout: layout, parameters: start.weights.parameters, kernels: .best, isTraining: false)
    let isReady = try course.prepare(step: 0, network: network) { _ in true }
    #expect(isReady)
    return course
  }
}
