extension MeasurementErrors {
  /// Decisions made of measurements, against the truth; what has no cases is `nil`, neither 0 nor 1.
  public struct Decision: Codable, Equatable, Sendable {
    /// A share with its 95 % interval.
    public struct Share: Codable, Equatable, Sendable {
      /// The share, 0...1.
      public var value: Double
      /// Lower bound.
      public var lower: Double
      /// Upper bound.
      public var upper: Double
    }

    /// "herniation level: disc displaced >= 2.0 mm", "K-line (-): INTmin <= 0, against the plan".
    public var name: String
    /// Number of decisions.
    public var count: Int
    /// How many of them should be positive.
    public var positives: Int
    /// Positive, and rightly so.
    public var truePositives: Int
    /// Positive, and wrongly so.
    public var falsePositives: Int
    /// Negative, and rightly so.
    public var trueNegatives: Int
    /// Negative, and wrongly so.
    public var falseNegatives: Int
    /// Cases without a decision, as nothing was measured; they are in no share.
    public var undecided: Int
    /// How many of these should be positive.
    public var undecidedPositives: Int
    /// Share of right decisions.
    public var accuracy: Share?
    /// Share of right ones among the positive; `nil` without any.
    public var precision: Share?
    /// Share found of those that should be positive; `nil` without any.
    public var recall: Share?
    /// Harmonic mean of precision and recall; `nil` where one of them is.
    public var f1: Share?

    /// Counts decisions, each with the truth; `nil` where there was none.
    init(_ name: String, _ decisions: [(measured: Bool?, planned: Bool)]) {
      var counts = Confusion()
      var missed = (all: 0, positive: 0)
      for decision in decisions {
        if let measured = decision.measured {
          counts.add(flagged: measured, truth: decision.planned)
        } else {
          missed.all += 1
          if decision.planned { missed.positive += 1 }
        }
      }
      self.name = name
      count = counts.count
      positives = counts.truePositives + counts.falseNegatives
      truePositives = counts.truePositives
      falsePositives = counts.falsePositives
      trueNegatives = counts.trueNegatives
      falseNegatives = counts.falseNegatives
      undecided = missed.all
      undecidedPositives = missed.positive
      accuracy = Share(counts.truePositives + counts.trueNegatives, of: counts.count)
      precision = Share(
        counts.truePositives, of: counts.truePositives + counts.falsePositives)
      recall = Share(counts.truePositives, of: counts.truePositives + counts.falseNegatives)
      f1 = precision != nil && recall != nil ? Share(f1: counts) : nil
    }
  }
}

extension MeasurementErrors.Decision.Share {
  /// A proportion with Wilson's interval; `nil` without trials.
  fileprivate init?(_ count: Int, of total: Int) {
    let interval = WilsonInterval(count, of: total)
    guard let share = interval.share else { return nil }
    self.init(value: share, lower: interval.lower, upper: interval.upper)
  }

  /// F1, which is 2 J / (1 + J) of the proportion J = TP / (TP + FP + FN), and so are its bounds.
  fileprivate init?(f1 counts: Confusion) {
    let union = counts.truePositives + counts.falsePositives + counts.falseNegatives
    guard let part = Self(counts.truePositives, of: union) else { return nil }
    func f1(_ j: Double) -> Double { 2 * j / (1 + j) }
    self.init(value: f1(part.value), lower: f1(part.lower), upper: f1(part.upper))
  }
}
