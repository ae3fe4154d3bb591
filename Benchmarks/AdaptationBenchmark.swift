import Core

/// How long the product's adaptation takes on a cohort, extrapolated from a measured piece.
struct AdaptationBenchmark: Sendable {
  /// What was measured and what follows from it.
  struct Estimate: Sendable {
    /// Median time of one optimiser step in ms.
    var stepMilliseconds: Double
    /// Time of one refresh of the maps per slice in ms.
    var refreshMilliseconds: Double
    /// Steps of the whole adaptation.
    var steps: Int
    /// Refreshes of the maps of the whole adaptation.
    var refreshes: Int
    /// Slices of the cohort.
    var slices: Int

    /// Minutes of the whole adaptation.
    var minutes: Double {
      (Double(steps) * stepMilliseconds + Double(refreshes * slices) * refreshMilliseconds) / 60_000
    }
  }

  /// Slices of the piece that is measured.
  private static let piece = 24
  private static let pieceSteps = 24

  /// Measures a short adaptation of random weights with the default settings.
  ///
  /// - Parameter slices: Slices of the cohort that is extrapolated to.
  static func run(_ bench: EngineBenchmark, slices: Int, threads: Int) throws -> Estimate {
    let slice = bench.slice
    var settings = AdaptationSettings()
    let whole = settings.schedule(slices: slices)
    settings.steps = pieceSteps
    settings.refreshInterval = pieceSteps / 4
    let adaptation = try Adaptation(
      settings: settings,
      data: TrainingData(Array(repeating: slice, count: piece), hash: "synthetic"),
      start: AdaptationStart(bench.weights, name: "random"), threads: threads)
    // A step that follows a step is a step alone; what is left of the whole are the refreshes.
    var steps: [Double] = []
    var wasStep = false
    let began = ContinuousClock.now
    var last = began
    _ = try adaptation.run { progress in
      let now = ContinuousClock.now
      let isStep = progress.phase == .training
      if isStep, wasStep { steps.append((now - last) / .milliseconds(1)) }
      (wasStep, last) = (isStep, now)
    }
    let total = (ContinuousClock.now - began) / .milliseconds(1)
    let step = steps.sorted()[steps.count / 2]
    let pieces = (0...pieceSteps).count(where: adaptation.schedule.refreshes(before:))
    return Estimate(
      stepMilliseconds: step,
      refreshMilliseconds: max(0, total - Double(pieceSteps) * step) / Double(pieces * piece),
      steps: whole.steps, refreshes: (0...whole.steps).count(where: whole.refreshes(before:)),
      slices: slices)
  }
}
