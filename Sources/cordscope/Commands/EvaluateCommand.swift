import Core
import Foundation
import Imaging

/// `evaluate LIB`: the stored detections of a library against its truth.
enum EvaluateCommand: Subcommand {
  static let name = "evaluate"
  static let summary =
    "compares detections with truth: AUC, sensitivity, specificity, F1, per class"
  static let remarks = [
    "Where the order of arms that the suites strategies and ablation expect does not hold, figures",
    "NAME-full-discordant-*.png show the studies on which it fails.",
    "Under a reader's login lesion masks of others are no truth of studies that he has not signed.",
  ]
  static let operands = "LIB"
  static let options: [Option] = [
    .value("plots", "DIR", "draws the figures as PNG into a folder"),
    .value("truth", "DIR", "folder of the truth files (default: LIB/derivatives/truth)"),
    .value("repeats", "N", "repeats of the 5 folds (default 20)"),
    .value("bootstrap", "N", "bootstrap resamples (default 2000)"),
    .value("seed", "N", "seed of folds and bootstrap (default 1)"),
    .value("card", "FILE", "writes thresholds from this library into the card of its weights"),
    .value("figures", "FILE", "writes its figures per class into the card of its weights"),
    .value(
      "suite", "NAME",
      "an experiment instead: " + ExperimentSuite.allCases.map(\.rawValue).joined(separator: ", ")),
    .flag("quick", "with --suite: minutes instead of hours"),
    .value("seeds", "N", "with --suite: only the first N training seeds (default 3, quick 1)"),
    .value(
      "per-class", "N", "with --suite: the first N studies of each class (default 20, quick 4)"),
    .value(
      "out", "DIR",
      "with --suite: keeps weights, tables and figures (default cordscope-experiments)"),
    .value(
      "threads", "N", "with --suite: threads; results do not depend on it (default: all cores)"),
    .flag("json", "prints JSON instead of tables"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    if arguments.text("suite") != nil {
      return try runSuite(try arguments.choice("suite", default: .strategies), arguments)
    }
    for option in ["quick", "seeds", "per-class", "out", "threads"]
    where arguments.has(option) || arguments.text(option) != nil {
      throw Arguments.UsageError(message: "--\(option) belongs to --suite")
    }
    let library = try StudyLibrary(opening: try arguments.onlyPath("the library"))
    let truth = try arguments.url("truth")
    let seed = try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max)
    let bootstrap = Bootstrap(
      resamples: try arguments.integer("bootstrap", default: 2000, in: 10...100_000), seed: seed)
    let validation = CrossValidation(
      repeats: try arguments.integer("repeats", default: 20, in: 1...1000), seed: seed)
    if let plots = try arguments.url("plots") {
      let rights = LibraryPlace.rights(at: plots, library: library.root)
      try EvaluationFigures.prepare(plots, rights: rights)
    }
    let viewer = try viewer(of: library, truth: truth)
    let cohort = try LibraryEvaluation.cohort(of: library, truth: truth, for: viewer)
    tell(cohort)
    guard !cohort.cases.isEmpty else {
      Output.message("there is no study with both a detection and truth")
      return .unusableInput
    }
    let (card, figures) = (try arguments.url("card"), try arguments.url("figures"))
    // Both cards are looked at before either is written.
    for url in [card, figures].compactMap(\.self) {
      try cohort.requireMatch(with: try ModelCard.read(url))
    }
    let detectors = LibraryEvaluation.detectors(in: cohort.cases)
    if let card { try calibrate(card, cohort, detectors, library) }
    let line = ProgressLine()
    var table = EvaluationTable(
      cases: cohort.cases, detectors: detectors,
      heading: ["\(words(cohort, library)), seed \(seed)"]
        + WeightsInUse.words(cohort.weightNames).map { "weights \($0)" }
        + (try cohort.adaptationRemarks(in: library)), bootstrap: bootstrap,
      validation: validation, threads: Machine.cores
    ) { line.show("evaluating", fraction: $0) }
    table.reconstruction = try PlantedReconstruction(
      library: library, truth: truth, bootstrap: bootstrap, threads: Machine.cores
    ) { line.show("comparing with the images without lesions", fraction: $0) }
    line.finish()
    if let figures {
      var card = try ModelCard.read(figures)
      card.figuresFrom = words(cohort, library)
      card.figures = table.figures(
        of: StudyDetector.Scoring.allCases.map(\.detectorName) + [DetectorEvaluation.reference])
      try card.writeWithPage(
        to: figures, rights: LibraryPlace.rights(at: figures, library: library.root))
    }
    Output.print(
      arguments.has("json") ? String(decoding: try table.json(), as: UTF8.self) : table.text)
    if let folder = try arguments.url("plots") {
      try EvaluatePlots.draw(
        cohort, detectors: detectors, library: library, truth: truth, for: viewer,
        validation: validation, into: folder)
    }
    return .done
  }

  /// Who runs the program, where lesion masks are truth and that is somebody who reads in the library; it is
  /// said.
  ///
  /// - Throws: `ReadError` where `readers.tsv` cannot be read.
  static func viewer(of library: StudyLibrary, truth: URL?) throws -> ReadingViewer? {
    // Of truth from a folder of its own no mask is a part.
    guard truth == nil, let viewer = try ViewerMessages.viewer(of: library) else { return nil }
    Output.message(
      "lesion masks of others are left out of studies that \(viewer.reader) has not signed")
    return viewer
  }

  /// What could not be used, and detections that follow an earlier definition.
  private static func tell(_ cohort: LibraryEvaluation.Cohort) {
    for remark in cohort.remarks.prefix(10) { Output.message(remark) }
    if cohort.remarks.count > 10 { Output.message("... and \(cohort.remarks.count - 10) more") }
    let outdated = cohort.models.count { $0.scoringRevision != StudyDetector.scoringRevision }
    if outdated > 0 {
      Output.message(
        "\(outdated) of \(cohort.cases.count) detections follow an earlier definition of the "
          + "scorings: run cordscope detect")
    }
  }

  /// "bench: 36 studies of 3 patients".
  private static func words(
    _ cohort: LibraryEvaluation.Cohort, _ library: StudyLibrary
  ) -> String {
    let patients = Set(cohort.cases.map(\.group)).count
    return
      "\(library.root.lastPathComponent.cleaned): \(CountText.studies(cohort.cases.count)) of "
      + CountText.patients(patients)
      + (cohort.outdated > 0 ? " (\(cohort.outdated) left out: changed since detection)" : "")
  }

  private static func calibrate(
    _ url: URL, _ cohort: LibraryEvaluation.Cohort, _ detectors: [String], _ library: StudyLibrary
  ) throws {
    var card = try ModelCard.read(url)
    let lesions = Set(cohort.cases.filter(\.hasLesion).map(\.group)).count
    let kept = card.calibrate(
      on: cohort.cases, detectors: detectors,
      source: "\(words(cohort, library)), \(lesions) with lesion; patient at sensitivity "
        + "\(ThresholdCalibration.sensitivity), segment at the largest F1")
    try card.writeWithPage(
      to: url, rights: LibraryPlace.rights(at: url, library: library.root))
    Output.message("thresholds written to \(url.path)")
    if !kept.isEmpty {
      Output.message(
        "no thresholds from these studies, former ones kept: \(kept.joined(separator: ", "))")
    }
  }
}
