/// How well predictions agree with the truth, pooled over samples.
public struct AnatomyAgreement: Equatable, Sendable {
  /// Pixels of each tissue: predicted, true, and both.
  private var predicted = [Int](repeating: 0, count: AnatomyTissue.allCases.count)
  private var truth = [Int](repeating: 0, count: AnatomyTissue.allCases.count)
  private var both = [Int](repeating: 0, count: AnatomyTissue.allCases.count)
  private var levelsRight = 0
  private var levelsKnown = 0

  /// Nothing counted yet.
  public init() {}

  /// Counts one sample; levels count where the truth knows one.
  public mutating func add(_ prediction: AnatomyPrediction, _ sample: AnatomySample) {
    for (own, label) in zip(prediction.tissueLabels, sample.tissues)
    where label != AnatomyLabel.ignored {
      predicted[Int(own)] += 1
      truth[Int(label)] += 1
      if own == label { both[Int(own)] += 1 }
    }
    let known = AnatomyLoss.halved(sample.levels, side: prediction.side)
    for (own, label) in zip(prediction.levelLabels, known) where label != AnatomyLabel.ignored {
      levelsKnown += 1
      if own == label { levelsRight += 1 }
    }
  }

  /// The Dice coefficient of a tissue; `nil` where neither truth nor prediction has any.
  public func dice(_ tissue: AnatomyTissue) -> Double? {
    let n = Int(tissue.rawValue)
    let sum = predicted[n] + truth[n]
    return sum > 0 ? 2 * Double(both[n]) / Double(sum) : nil
  }

  /// The share of pixels of known level that have the right one; `nil` without any.
  public var levelAccuracy: Double? {
    levelsKnown > 0 ? Double(levelsRight) / Double(levelsKnown) : nil
  }

  /// Measures an engine on samples.
  ///
  /// - Throws: what the samples throw.
  public static func measure(
    _ engine: AnatomyEngine, on samples: some AnatomySamples, indices: Range<Int>
  ) throws -> AnatomyAgreement {
    var result = AnatomyAgreement()
    // In blocks, so that few samples are in memory at once.
    for first in stride(from: indices.lowerBound, to: indices.upperBound, by: 16) {
      let block = Array(first..<min(first + 16, indices.upperBound))
      let drawn = try engine.team.map(block) { index, _ in Result { try samples.sample(index) } }
        .map { try $0.get() }
      for (prediction, sample) in zip(try engine.predict(drawn.map(\.image)), drawn) {
        result.add(prediction, sample)
      }
    }
    return result
  }
}
