import Core
import Foundation
import Imaging

/// `evaluate LIB`: the stored detections of a library against its truth.
enum EvaluateCommand: Subcommand {
  static let name = "evaluate"
  static let summary =
    "compares detections with truth: AUC, sensitivity, specificity, F1, per class"
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
    .value("out", "DIR", "with --suite: keeps weights and tables (default cordscope-experiments)"),
    .value(
      "threads", "N", "with --suite: threads; results do not depend on it (default: all cores)"),
    .flag("json", "prints JSON instead of tables"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    if arguments.text("suite") != nil {
      return try runSuite(try arguments.choice("suite", default: .strategies), arguments)
    }
    for option in ["quick", "seeds", "out", "threads"]
    where arguments.has(option) || arguments.text(option) != nil {
      throw Arguments.UsageError(message: "--\(option) belongs to --suite")
    }
    let root = try arguments.onlyPath("the library")
    let library = try StudyLibrary(opening: root)
    let cohort = try LibraryEvaluation.cohort(of: library, truth: arguments.url("truth"))
    let (cases, remarks) = (cohort.cases, cohort.remarks)
    for remark in remarks.prefix(10) { Output.message(remark) }
    if remarks.count > 10 { Output.message("... and \(remarks.count - 10) more") }
    guard !cases.isEmpty else {
      Output.message("there is no study with both a detection and truth")
      return .unusableInput
    }
    // Both cards are looked at before either is written.
    for url in [try arguments.url("card"), try arguments.url("figures")].compactMap({ $0 }) {
      try cohort.requireMatch(with: try ModelCard.read(url))
    }
    let outdated = cohort.models.count {
      $0.scoringRevision != StudyDetector.scoringRevision
    }
    if outdated > 0 {
      Output.message(
        "\(outdated) of \(cases.count) detections follow an earlier definition of the scorings: "
          + "run cordscope detect")
    }
    let seed = try arguments.integer("seed", default: UInt64(1), in: 0...UInt64.max)
    let detectors = LibraryEvaluation.detectors(in: cases)
    if let card = try arguments.url("card") {
      try calibrate(card, cases, detectors, name: root.lastPathComponent)
    }
    let patients = Set(cases.map(\.group)).count
    let studies = patients < cases.count ? "\(cases.count) studies of " : ""
    let line = ProgressLine()
    let bootstrap = Bootstrap(
      resamples: try arguments.integer("bootstrap", default: 2000, in: 10...100_000), seed: seed)
    var table = EvaluationTable(
      cases: cases, detectors: detectors,
      heading: ["\(root.lastPathComponent.cleaned): \(studies)\(patients) patients, seed \(seed)"]
        + WeightsInUse.words(cohort.weightNames).map { "weights \($0)" },
      bootstrap: bootstrap,
      validation: CrossValidation(
        repeats: try arguments.integer("repeats", default: 20, in: 1...1000), seed: seed),
      threads: Machine.cores
    ) { line.show("evaluating", fraction: $0) }
    table.reconstruction = try PlantedReconstruction(
      library: library, truth: arguments.url("truth"), bootstrap: bootstrap, threads: Machine.cores
    ) { line.show("comparing with the images without lesions", fraction: $0) }
    line.finish()
    if let url = try arguments.url("figures") {
      var card = try ModelCard.read(url)
      card.figuresFrom =
        "\(root.lastPathComponent.cleaned): \(cases.count) studies of \(patients) patients"
      card.figures = table.figures(
        of: StudyDetector.Scoring.allCases.map(\.detectorName) + [DetectorEvaluation.reference])
      try card.writeWithPage(to: url)
    }
    if arguments.has("json") {
      Output.print(String(decoding: try table.json(), as: UTF8.self))
    } else {
      Output.print(table.text)
    }
    if let folder = try arguments.url("plots") {
      try EvaluatePlots.draw(
        cohort, detectors: detectors, library: library, truth: try arguments.url("truth"),
        validation: CrossValidation(
          repeats: try arguments.integer("repeats", default: 20, in: 1...1000), seed: seed),
        into: folder)
    }
    return .done
  }

  private static func calibrate(
    _ url: URL, _ cases: [EvaluationCase], _ detectors: [String], name: String
  ) throws {
    var card = try ModelCard.read(url)
    let lesions = cases.filter(\.hasLesion).count
    card.calibrate(
      on: cases, detectors: detectors,
      source: "\(name.cleaned): \(cases.count) patients, \(lesions) with lesion; patient at "
        + "sensitivity \(ThresholdCalibration.sensitivity), segment at the largest F1")
    try card.writeWithPage(to: url)
    Output.message("thresholds written to \(url.path)")
  }
}
