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
    let note = "\(library.note) Suite \(suite.rawValue), \(scale.name)."
    let first = suite.arms(scale).first?.reported.first
    let rows = result.rows.filter { suite == .signal || suite == .scoring || $0.detector == first }
    var figures = EvaluationFigures(cases: result.cases, rows: rows.map(\.row), note: note)
      .all(repeats: scale.repeats)
    let runs = result.outcomes.filter { $0.seed == scale.seeds.first }.compactMap { item in
      item.outcome.adaptation.map { AdaptationFigure.Run(name: item.arm, curve: $0) }
    }
    if !runs.isEmpty {
      let chart = AdaptationFigure.chart(runs, note: note)
      figures.append(.init(name: "adaptation", picture: chart.drawn(width: 1500, height: 900)))
    }
    if suite == .strategies {
      guard let pictures = try examplePictures(library, note, isCancelled) else { return nil }
      figures += pictures
    }
    if suite == .signal {
      let chart = SignalFigure.chart(library.signals(), note: note)
      figures.append(.init(name: "signals", picture: chart.drawn()))
    }
    return try EvaluationFigures.write(
      figures, into: store.folder, prefix: "\(suite.rawValue)-\(scale.name)-")
  }

  /// Curves and reconstructions before and after adaptation, with the first seed.
  private func examplePictures(
    _ library: LibraryFigures, _ note: String, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> [EvaluationFigures.Figure]? {
    let worker = ExperimentWorker(run: self, isCancelled: isCancelled, progress: { _ in })
    let arms = suite.arms(scale).filter { $0.name.hasPrefix("1") || $0.name.hasPrefix("3") }
    var engines: [AnomalyEngine] = []
    for arm in arms {
      guard let engine = try worker.engine(of: arm, seed: scale.seeds.first ?? 1) else {
        return nil
      }
      engines.append(engine)
    }
    guard let examples = try library.examples(engines: engines, isCancelled: isCancelled) else {
      return nil
    }
    let curves = ExampleFigures.curves(examples, threshold: nil, note: note)
    let montage = ExampleFigures.reconstructions(
      Array(examples.prefix(4)), captions: ["pretrained", "adapted"], note: note)
    return [
      .init(name: "curves", picture: curves.drawn(width: 1200, height: 1200)),
      .init(name: "reconstructions", picture: montage.drawn()),
    ]
  }
}
