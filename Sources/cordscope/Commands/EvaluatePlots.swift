import Core
import Foundation
import Imaging

/// `evaluate --plots`: the figures of a library's stored detections and of its pictures.
enum EvaluatePlots {
  static func draw(
    _ cohort: LibraryEvaluation.Cohort, detectors: [String], library: StudyLibrary, truth: URL?,
    for viewer: ReadingViewer?, validation: CrossValidation, into folder: URL
  ) throws {
    let line = ProgressLine()
    defer { line.finish() }
    line.show("drawing figures", fraction: 0)
    let pictures = try LibraryFigures(
      library: library, truth: truth, for: viewer, threads: Machine.cores)
    let weights = WeightsInUse.words(cohort.weightNames).joined(separator: ", ")
    var figures = EvaluationFigures(
      cases: cohort.cases, rows: detectors.map { DetectorEvaluation.Row($0) },
      note: "\(library.root.lastPathComponent.cleaned): \(CountText.studies(cohort.cases.count)). "
        + "\(weights).",
      seed: validation.seed
    ).all(repeats: validation.repeats)
    line.show("drawing the signal", fraction: 0.3)
    let signals = pictures.signals()
    figures.append(
      .init(
        name: "signals",
        picture: SignalFigure.chart(
          signals, note: "\(pictures.name), \(CountText.studies(signals.studies)) with lesion."
        ).drawn()))
    line.show("drawing examples", fraction: 0.6)
    figures += try examples(cohort, pictures, library)
    let files = try EvaluationFigures.write(
      figures, into: folder, rights: LibraryPlace.rights(at: folder, library: library.root))
    line.finish()
    for file in files { Output.message("figure \(file.path)") }
  }

  /// Curves and reconstructions by the weights that detected; none where the library uses others now.
  ///
  /// One study of each class, or where patients have several studies one of each patient, as suites show.
  private static func examples(
    _ cohort: LibraryEvaluation.Cohort, _ pictures: LibraryFigures, _ library: StudyLibrary
  ) throws -> [EvaluationFigures.Figure] {
    let weights = try LibraryModels(library: library.root).weights()
    let engine = try AnomalyEngine(weights: weights, threads: Machine.cores)
    guard cohort.models.allSatisfy({ $0.sha256 == engine.sha256 }) else {
      Output.message(
        "no curves and reconstructions are drawn: detections were made by other weights than the "
          + "library uses now (run detect)")
      return []
    }
    let card = try ModelCard.beside(weights, name: engine.name, sha256: engine.sha256)
      .calibrated(by: try LibraryCalibration.read(library: library.root), head: nil)
    let detector = StudyDetector.Scoring.core.detectorName
    let shown = cohort.cases.shownOfSeveral(detector)
    let found = try pictures.examples(of: shown) { _ in [engine] } ?? []
    let choice =
      shown == nil
      ? "" : " Of each patient the study that \(detector) gets most wrong, the worst first."
    let note =
      "\(pictures.name), \(found.count) of \(CountText.studies(cohort.cases.count)); weights "
      + "\(engine.name) \(engine.sha256.prefix(8)).\(choice)"
    let threshold = card.appliedThresholds(of: .core, sampling: .rows).segment
    return [
      .init(
        name: "curves",
        picture: ExampleFigures.curves(found, threshold: threshold, note: note)
          .drawn(width: 1200, height: 1200)),
      .init(
        name: "reconstructions",
        picture: ExampleFigures.reconstructions(found, note: note).drawn(cellHeight: 320)),
    ]
  }
}
