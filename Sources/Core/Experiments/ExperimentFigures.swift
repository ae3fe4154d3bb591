public import Foundation
internal import Imaging

extension ExperimentRun {
  /// The suite's figures as PNG in its folder.
  ///
  /// - Returns: The files written; `nil` when cancelled.
  /// - Throws: `NetworkError`, `ReadError`, `WriteError`.
  public func drawFigures(
    of result: ExperimentResult, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> [URL]? {
    let library = LibraryFigures(cohort: cohort, truth: truth, threads: threads)
    let note = "Suite \(suite.rawValue), \(scale.name)."
    let first = suite.arms(scale).first?.reported.first
    let rows = result.rows.filter { suite == .signal || suite == .scoring || $0.detector == first }
    var figures = EvaluationFigures(
      cases: result.cases, rows: rows.map(\.row), note: "\(library.note) \(note)"
    ).all(repeats: scale.repeats)
    guard !isCancelled() else { return nil }
    if let chart = adaptationChart(result, "\(library.note) \(note)") {
      figures.append(.init(name: "adaptation", picture: chart.drawn(width: 1500, height: 900)))
    }
    if suite == .strategies {
      guard let pictures = try examples(of: result, library, note, isCancelled) else { return nil }
      figures += pictures
    }
    guard let failures = try discordances(of: result, library, isCancelled: isCancelled) else {
      return nil
    }
    figures += failures
    if suite == .signal {
      let signals = library.signals()
      let chart = SignalFigure.chart(
        signals, note: "\(library.name), \(CountText.studies(signals.studies)).")
      figures.append(.init(name: "signals", picture: chart.drawn()))
    }
    let prefix = "\(suite.rawValue)-\(scale.name)-"
    // A step that failed before and holds now must not keep its picture.
    try store.removeFigures(prefix + FailedStep.figurePrefix)
    return try EvaluationFigures.write(figures, into: store.folder, prefix: prefix)
  }

  /// The adaptations to the whole cohort with the first seed, each network once.
  private func adaptationChart(_ result: ExperimentResult, _ note: String) -> ChartGrid? {
    var seen = Set<String>()
    let runs = result.outcomes.filter { $0.seed == scale.seeds.first }.compactMap { item in
      item.outcome.adaptation.flatMap { curve in
        seen.insert(item.outcome.weights[""] ?? item.arm).inserted
          ? AdaptationFigure.Run(name: item.arm, curve: curve) : nil
      }
    }
    return runs.isEmpty ? nil : AdaptationFigure.chart(runs, note: note)
  }

  /// Curves of the first arm's networks, and reconstructions by those of all arms.
  ///
  /// Of patients with several studies, as in planted cohorts, each is shown by the study that the first
  /// row's first network gets most wrong: the first studies would all be one patient's.
  private func examples(
    of result: ExperimentResult, _ library: LibraryFigures, _ note: String,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> [EvaluationFigures.Figure]? {
    let own = result.outcomes.filter { $0.seed == scale.seeds.first }
    let weights = own.map(\.outcome.weights)
    var engines: [String: AnomalyEngine] = [:]
    for name in Set(weights.flatMap(\.values)) {
      engines[name] = try AnomalyEngine(weights: store.weights(named: name), threads: threads)
    }
    let network = result.rows.first?.row.runs.first
    let worst = cohort.patients.count < cohort.members.count ? network : nil
    let found = try library.examples(
      of: worst.map { result.cases.worstOfEachPatient($0) }, isCancelled: isCancelled
    ) { patient in
      weights.compactMap { files in (files[patient] ?? files[""]).flatMap { engines[$0] } }
    }
    guard let found else { return nil }
    let choice = worst.map {
      " Of each patient the study that \($0) gets most wrong, the worst first."
    }
    let told =
      "\(library.name), \(found.count) of \(CountText.studies(cohort.members.count)). \(note)\(choice ?? "")"
    let curves = ExampleFigures.curves(found, threshold: nil, note: told)
    let montage = ExampleFigures.reconstructions(
      Array(found.prefix(3)), captions: own.map(\.arm), note: told)
    return [
      .init(name: "curves", picture: curves.drawn(width: 1200, height: 1200)),
      .init(name: "reconstructions", picture: montage.drawn(cellHeight: 320)),
    ]
  }
}
