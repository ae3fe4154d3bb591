import Core
import Foundation
import Imaging

/// `report LIB`: the clinical measurements of a library's studies beside their detections.
enum ReportCommand: Subcommand {
  static let name = "report"
  static let summary =
    "measures alignment, cord and canal, K-line, discs and lesions from the library's labels"
  static let remarks = ViewerMessages.remarks
  static let operands = "LIB"
  static let options: [Option] = [
    .value("subject", "S", "only this subject"),
    .flag("json", "prints one study per line as JSON"),
    .flag("csv", "prints one row per study and measure"),
    .flag("sct-csv", "prints one row per study and vertebral level, columns named as SCT's"),
    ViewerMessages.option,
    .value(
      "phantoms", "N", "instead of LIB: errors on N phantoms against their generator's plan"),
    .value("seed", "N", "with --phantoms: seed of the cohort (default 1)"),
    .value("domain", "public|clinical", "with --phantoms: the scanner imitated (default clinical)"),
    .value(
      "cohort", "usual|kyphotic",
      "with --phantoms: its necks; kyphotic ones may cross the K-line (default usual)"),
    .flag(
      "segmented", "with --phantoms: measures what the anatomy network finds, not the true masks"),
    .value("weights", "FILE", "with --segmented: weights instead of the program's own"),
    .value("threads", "N", "with --phantoms: threads (default: all cores)"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let forms = ["json", "csv", "sct-csv"].filter(arguments.has)
    guard forms.count <= 1 else {
      throw Arguments.UsageError(message: "choose one of --json, --csv and --sct-csv")
    }
    if arguments.text("phantoms") != nil { return try runPhantoms(arguments) }
    for option in ["seed", "domain", "cohort", "threads", "segmented", "weights"]
    where arguments.text(option) != nil || arguments.has(option) {
      throw Arguments.UsageError(message: "--\(option) belongs to --phantoms")
    }
    let library = try StudyLibrary(opening: arguments.onlyPath("the library"))
    let viewer = try ViewerMessages.viewer(of: library, compares: arguments.has("compare"))
    var messages = ViewerMessages(viewer)
    defer { messages.say() }
    let studies =
      if let subject = arguments.text("subject") {
        [try library.usableStudy(subject)]
      } else {
        library.studies
      }
    if arguments.has("csv") { Output.print(MeasurementCSV.header) }
    if arguments.has("sct-csv") { Output.print(MeasurementCSV.vertebralHeader) }
    var isWhole = true
    for (n, study) in studies.enumerated() {
      do {
        if let problem = study.problem {
          throw LibraryError.unusable(subject: study.subject, problem)
        }
        let report = try library.report(of: study, for: viewer) {
          messages.add(study.subject, $0)
        }
        try show(report, arguments, isFirst: n == 0)
      } catch  where studies.count > 1 {
        // One study that cannot be used does not stop the others.
        Output.message("\(study.subject): \(error)")
        isWhole = false
      }
    }
    return isWhole ? .done : .unusableInput
  }

  private static func show(
    _ report: StudyReport, _ arguments: Arguments, isFirst: Bool
  ) throws {
    if arguments.has("json") {
      Output.print(
        String(decoding: try report.measurements.json(pretty: false), as: UTF8.self))
    } else if arguments.has("csv") {
      Output.print(MeasurementCSV.rows(report.measurements), terminator: "")
    } else if arguments.has("sct-csv") {
      Output.print(MeasurementCSV.vertebralRows(report.measurements), terminator: "")
      if report.measurements.profile == nil {
        Output.message(
          "\(report.measurements.subject): \(report.measurements.reason ?? "no cord measured")")
      }
    } else {
      Output.print((isFirst ? "" : "\n") + MeasurementText.report(report), terminator: "")
    }
  }

  private static func segmenter(_ arguments: Arguments) throws -> AnatomySegmenter? {
    guard arguments.has("segmented") else {
      guard arguments.text("weights") == nil else {
        throw Arguments.UsageError(message: "--weights belongs to --segmented")
      }
      return nil
    }
    let weights =
      try arguments.url("weights") ?? Assets.url(Assets.anatomyWeights)
    return AnatomySegmenter(engine: try AnatomyEngine(contentsOf: weights, threads: 1))
  }

  /// How well the measurements do on phantoms whose shape is known.
  private static func runPhantoms(_ arguments: Arguments) throws -> ExitCode {
    guard arguments.operands.isEmpty, arguments.text("subject") == nil, !arguments.has("csv"),
      !arguments.has("sct-csv"), !arguments.has("compare")
    else {
      throw Arguments.UsageError(message: "--phantoms takes no library, and --json only")
    }
    let plan = PhantomCohort.plan(
      patients: try arguments.integer("phantoms", default: 100, in: 1...100_000),
      seed: try arguments.integer("seed", default: 1, in: 0...UInt64.max),
      domain: try arguments.choice("domain", default: PhantomDomain.clinical))
    let generator = PhantomGenerator(
      necks: try arguments.choice("cohort", default: PhantomNecks.usual))
    let threads = try arguments.integer("threads", default: Machine.cores, in: 1...256)
    let segmenter = try segmenter(arguments)
    Interruption.listen()
    let line = ProgressLine()
    let studies = ThreadTeam(threads: threads).map(plan) { recipe, done in
      line.show("measuring phantoms", fraction: Double(done) / Double(plan.count))
      defer { line.count("measuring phantoms", of: plan.count) }
      return Interruption.isRequested
        ? nil
        : Result {
          try MeasurementErrors.study(recipe, generator: generator, segmenter: segmenter)
        }
    }
    line.finish()
    let whole = try studies.compactMap { try $0?.get() }
    guard whole.count == plan.count else { throw Interrupted(advice: "Nothing is kept.") }
    let masks = segmenter.map { "masks by the anatomy network \($0.engine.sha256.prefix(16))" }
    let errors = MeasurementErrors(
      whole, masks: masks ?? "true masks", necks: generator.necks)
    Output.print(
      arguments.has("json") ? String(decoding: try errors.json(), as: UTF8.self) : errors.text,
      terminator: arguments.has("json") ? "\n" : "")
    return .done
  }
}
