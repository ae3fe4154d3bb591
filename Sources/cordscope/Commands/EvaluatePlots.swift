import Core
import Foundation
import Imaging

/// `evaluate --plots`: the figures of a library's stored detections and of its pictures.
enum EvaluatePlots {
  static func draw(
    _ cohort: LibraryEvaluation.Cohort, detectors: [String], library: StudyLibrary, truth: URL?,
    repeats: Int, into folder: URL
  ) throws {
    let line = ProgressLine()
    defer { line.finish() }
    let pictures = try LibraryFigures(library: library, truth: truth, threads: Machine.cores)
    line.show("drawing figures of the scores", fraction: 0)
    let note = "\(pictures.note) \(WeightsInUse.words(cohort.weightNames).joined(separator: ", "))."
    var figures = EvaluationFigures(
      cases: cohort.cases, rows: detectors.map { DetectorEvaluation.Row($0) }, note: note
    ).all(repeats: repeats)
    line.show("drawing figures of the signal", fraction: 0.3)
    let signals = SignalFigure.chart(pictures.signals(), note: pictures.note)
    figures.append(.init(name: "signals", picture: signals.drawn()))
    line.show("drawing examples", fraction: 0.6)
    let weights = try LibraryModels(library: library.root).weights()
    let engine = try AnomalyEngine(weights: weights, threads: Machine.cores)
    let examples = try pictures.examples(engines: [engine]) ?? []
    let card = try ModelCard.beside(weights, name: engine.name, sha256: engine.sha256)
      .calibrated(by: try LibraryCalibration.read(library: library.root))
    let exampleNote = "\(pictures.note) Weights \(engine.name) \(engine.sha256.prefix(8))."
    let curves = ExampleFigures.curves(
      examples, threshold: card.appliedThresholds(of: .core, sampling: .rows).segment,
      note: exampleNote)
    let montage = ExampleFigures.reconstructions(examples, note: exampleNote)
    figures += [
      .init(name: "curves", picture: curves.drawn(width: 1200, height: 1200)),
      .init(name: "reconstructions", picture: montage.drawn()),
    ]
    let files = try EvaluationFigures.write(figures, into: folder)
    line.finish()
    for file in files { Output.message("figure \(file.path)") }
  }
}
