import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite struct AnatomyTrainingTests {
  private func settings(steps: Int) -> AnatomySettings {
    var settings = AnatomySettings()
    settings.configuration = TinyAnatomy.configuration
    settings.steps = steps
    settings.batch = 3
    settings.learningRate = LearningRate(peak: 1e-2, warmUp: 2, floor: 0.1)
    return settings
  }

  private func weights(_ outcome: AnatomyOutcome) throws -> AnatomyWeights {
    guard case .finished(let weights) = outcome else { throw Stopped() }
    return weights
  }

  private struct Stopped: Error {}

  @Test func itLearns() throws {
    var losses: [Double] = []
    let training = try AnatomyTraining(
      settings: settings(steps: 240), samples: TinyAnatomy.Samples(), threads: 2)
    let weights = try weights(training.run(progress: { losses.append($0.loss.total) }))
    #expect(losses.count == 240)
    let (first, last) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
    #expect(last < 0.5 * first)
    let engine = AnatomyEngine(weights: weights, sha256: "", threads: 2)
    let agreement = try AnatomyAgreement.measure(
      engine, on: TinyAnatomy.Samples(), indices: 1000..<1020)
    for tissue in AnatomyTissue.allCases {
      let dice = try #require(agreement.dice(tissue))
      #expect(dice > 0.6, "\(tissue.name): \(dice)")
    }
    #expect(try #require(agreement.levelAccuracy) > 0.6)
  }

  @Test func anInterruptedRunEndsAlike() throws {
    let folder = try TemporaryFolder()
    let checkpoint = folder("run.checkpoint")
    let samples = TinyAnatomy.Samples()
    let whole = try weights(
      AnatomyTraining(settings: settings(steps: 7), samples: samples, threads: 1).run())
    let training = try AnatomyTraining(
      settings: settings(steps: 7), samples: samples, threads: 2)
    var steps = 0
    let first = try training.run(
      checkpoint: checkpoint, progress: { _ in steps += 1 }, isCancelled: { steps == 3 })
    guard case .interrupted(step: 3) = first else { throw Stopped() }
    var seen: [Int] = []
    let resumed = try weights(
      training.run(checkpoint: checkpoint, progress: { seen.append($0.step) }))
    #expect(seen == [4, 5, 6, 7])
    #expect(bits(resumed.parameters.values) == bits(whole.parameters.values))
    // Other settings do not go on from it.
    var other = settings(steps: 7)
    other.seed = 9
    #expect(throws: NetworkError.self) {
      try AnatomyTraining(settings: other, samples: samples, threads: 1)
        .run(checkpoint: checkpoint)
    }
  }

  @Test func settingsThatTrainNothingAreRefused() {
    var noSteps = settings(steps: 0)
    #expect(throws: NetworkError.self) { try noSteps.validate() }
    noSteps = settings(steps: 1)
    noSteps.loss.tissueWeights = [1]
    #expect(throws: NetworkError.self) { try noSteps.validate() }
    for (widths, side) in [([4], 16), ([4, 6], 16), ([4, 8, 8], 18), ([4, 8], 0)] {
      #expect(throws: NetworkError.self) {
        try AnatomyConfiguration(widths: widths, side: side).validate()
      }
    }
  }

  @Test func weightsComeBack() throws {
    let folder = try TemporaryFolder()
    let network = try TinyAnatomy.network()
    let url = folder("a.safetensors")
    let weights = AnatomyWeights(
      layout: network.layout, parameters: network.parameters, metadata: ["name": "a"])
    try weights.safetensors.write(to: url)
    let read = try AnatomyWeights(contentsOf: url)
    #expect(read.configuration == TinyAnatomy.configuration)
    #expect(read.metadata["name"] == "a")
    for field in read.layout.table.fields {
      let range = field.offset..<field.offset + field.count
      #expect(range.allSatisfy { read.parameters[$0] == network.parameters[$0] })
    }
  }

  @Test func weightsThatDoNotFitAreRefused() throws {
    let folder = try TemporaryFolder()
    let network = try TinyAnatomy.network()
    let good = AnatomyWeights(layout: network.layout, parameters: network.parameters).safetensors
    let url = folder("a.safetensors")
    func expectRefusal(_ change: (inout Safetensors) -> Void) throws {
      var file = good
      change(&file)
      try file.write(to: url)
      #expect(throws: NetworkError.self) { try AnatomyWeights(contentsOf: url) }
    }
    try expectRefusal { $0.metadata["format"] = "cordscope-mae-1" }
    try expectRefusal { $0.metadata["widths"] = "4 8 1000000" }
    try expectRefusal { $0.metadata["widths"] = nil }
    try expectRefusal { $0.metadata["tissues"] = "cord" }
    try expectRefusal { $0.metadata["side"] = "-16" }
    try expectRefusal { $0.tensors["tissues.weight"] = nil }
    try expectRefusal { $0.tensors["levels.bias"] = Tensor(shape: [2], floats: [0, 0]) }
    try expectRefusal { $0.tensors["extra"] = Tensor(shape: [1], floats: [0]) }
  }
}
