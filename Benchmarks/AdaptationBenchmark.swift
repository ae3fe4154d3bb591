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
    var steps: [Double] = []
    var refreshing = Duration.zero
    var last = ContinuousClock.now
    _ = try adaptation.run { progress in
      let now = ContinuousClock.now
      if case .training = progress.phase {
        steps.append((now - last) / .milliseconds(1))
      } else {
        refreshing += now - last
      }
      last = now
    }
    let pieces = (0...pieceSteps).count(where: adaptation.schedule.refreshes(before:))
    return Estimate(
      stepMilliseconds: steps.sorted()[steps.count / 2],
      refreshMilliseconds: refreshing / .milliseconds(1) / Double(pieces * piece),
      steps: whole.steps, refreshes: (0...whole.steps).count(where: whole.refreshes(before:)),
      slices: slices)
  }
}
