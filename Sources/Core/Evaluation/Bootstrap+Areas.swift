extension Bootstrap {
  /// One study's scores by the detectors compared.
  public struct Sample: Equatable, Sendable {
    /// The score of each detector.
    public var scores: [Double]
    /// Whether the study holds a lesion.
    public var isPositive: Bool
    /// The patient.
    public var group: String

    /// Makes a sample.
    public init(scores: [Double], isPositive: Bool, group: String) {
      self.scores = scores
      self.isPositive = isPositive
      self.group = group
    }
  }

  /// The interval of the mean area under the curve of all scores that the samples hold (those of one
  /// detector, or of its repetitions), by patient.
  public func area(_ samples: [Sample]) -> Interval? {
    areas(samples, combine: Self.mean)
  }

  /// The interval of the difference of two detectors' areas, first minus second, by patient; each is
  /// the mean over its repetitions.
  ///
  /// - Parameter first: How many of the scores are the first detector's; the rest are the second's.
  public func areaDifference(_ samples: [Sample], first: Int = 1) -> Interval? {
    areas(samples) { Self.mean($0.prefix(first)) - Self.mean($0.dropFirst(first)) }
  }

  /// The interval of a mean over studies, by patient; `nil` without values.
  public func mean(_ values: [(value: Double, group: String)]) -> Interval? {
    interval(
      groups: values.map(\.group), isPositive: Array(repeating: true, count: values.count)
    ) { drawn in
      drawn.isEmpty ? nil : drawn.reduce(0) { $0 + values[$1].value } / Double(drawn.count)
    }
  }

  private static func mean(_ values: some Collection<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The interval of what the detectors' areas give together; `nil` unless each has an area.
  private func areas(_ samples: [Sample], combine: ([Double]) -> Double) -> Interval? {
    let detectors = samples.first?.scores.indices ?? 0..<0
    return interval(groups: samples.map(\.group), isPositive: samples.map(\.isPositive)) { drawn in
      let positives = drawn.filter { samples[$0].isPositive }
      let negatives = drawn.filter { !samples[$0].isPositive }
      let areas = detectors.compactMap { detector in
        ROC.area(
          positives: positives.map { samples[$0].scores[detector] },
          negatives: negatives.map { samples[$0].scores[detector] })
      }
      return areas.isEmpty || areas.count < detectors.count ? nil : combine(areas)
    }
  }
}
