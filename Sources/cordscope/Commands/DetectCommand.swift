import Core
import Foundation

/// `detect LIB`: inference on every study, derivatives, the worklist.
enum DetectCommand: Subcommand {
  static let name = "detect"
  static let summary =
    "finds T2 hyperintensity in a library's studies and prints the worklist; remembers its options"
  static let operands = "LIB"
  static let options: [Option] = [
    .value("subject", "S", "only this subject"),
    .value(
      "mc", "N", "Monte-Carlo passes with balanced masks (default 7; 14 for the paper's T = 10)"),
    .value("seed", "N", "seed of the masks (default 7)"),
    .value("context", "C", "image, nearest(K), roi or default; the weights must know it"),
    .value(
      "scoring", "core|paper|z|head|joint|head-joint",
      "which scoring decides; all are stored (default: what the library was last told, else core)"),
    .value("curve", "HOW", "rows, or perpendicular to the cord's centreline (default rows)"),
    .value("weights", "FILE", "weights instead of the ones that the library uses"),
    .value("threads", "N", "studies at once (default: all cores)"),
    .flag("again", "also where an equal detection is stored already"),
    .flag("json", "prints one detection per line instead of the worklist"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let weights = try arguments.url("weights")
    let library = try StudyLibrary(opening: arguments.onlyPath("the library"))
    Leftovers.remove(from: library.root)
    let told = try choice(arguments, of: library)
    let detection = try LibraryDetection(
      library: library,
      weights: weights ?? LibraryModels(library: library.root).weights(),
      choice: told ?? DetectionChoice.read(library: library.root),
      threads: try arguments.integer("threads", default: Machine.cores, in: 1...256))
    // What the whole library was told holds for whoever detects later, with the library's weights.
    if let told, weights == nil, arguments.text("subject") == nil {
      try told.write(library: library.root)
      Output.message("this library is detected with \(told.words) from now on")
    }
    var studies =
      arguments.has("again") ? library.studies.filter { $0.problem == nil } : detection.pending()
    if let wanted = try arguments.text("subject").map(library.usableStudy) {
      studies = studies.filter { $0.subject == wanted.subject }
    }
    let asked = try named(arguments, in: library)
    for study in asked {
      if let note = study.leftOutNote { Output.message("\(study.subject): \(note)") }
    }
    let items = DetectionProgress.run(detection, on: studies, skipsDone: !arguments.has("again"))
    let failures = items.filter { if case .failure = $0.outcome { true } else { false } }
    for item in failures {
      if case .failure(let reason) = item.outcome { Output.message("\(item.subject): \(reason)") }
    }
    let result = try library.reopened()
    try printResult(result, arguments)
    if Interruption.isRequested {
      throw Interrupted(advice: "The same command goes on with the studies that are left.")
    }
    if !asked.isEmpty, !asked.contains(where: { isAssessed($0.subject, in: result) }) {
      Output.message(
        asked.count == 1
          ? "the study could not be assessed" : "none of \(asked.count) studies could be assessed")
      return .unusableInput
    }
    return failures.isEmpty ? .done : .unusableInput
  }

  /// Whether a study has a detection that says something of the patient.
  private static func isAssessed(_ subject: String, in library: StudyLibrary) -> Bool {
    guard let study = try? library.study(subject) else { return false }
    return (try? library.detection(of: study))?.detection.patient.assessable == true
  }

  /// The studies that the command is about, also those with nothing left to do.
  private static func named(
    _ arguments: Arguments, in library: StudyLibrary
  ) throws -> [LibraryStudy] {
    guard let subject = arguments.text("subject") else { return library.studies }
    return [try library.study(subject)]
  }

  /// The library's choice changed by what the options say; `nil` when none of them is given.
  private static func choice(
    _ arguments: Arguments, of library: StudyLibrary
  ) throws -> DetectionChoice? {
    guard
      ["mc", "seed", "context", "scoring", "curve"].contains(where: {
        arguments.text($0) != nil
      })
    else { return nil }
    var choice = try DetectionChoice.read(library: library.root)
    choice.scoring = try arguments.choice("scoring", default: choice.scoring)
    choice.curve = try arguments.choice("curve", default: choice.curve)
    choice.passes = try arguments.integer(
      "mc", default: choice.passes, in: 2...MonteCarloSettings.mostPasses)
    choice.seed = try arguments.integer("seed", default: choice.seed, in: 0...UInt64.max)
    if let text = arguments.text("context") {
      let context = NetworkContext(text)
      guard context != nil || text == "default" else {
        throw Arguments.UsageError(message: "--context takes image, nearest(K), roi or default")
      }
      choice.context = context?.description
    }
    return choice
  }

  private static func printResult(_ library: StudyLibrary, _ arguments: Arguments) throws {
    let subject = try arguments.text("subject").map { try library.study($0).subject }
    guard arguments.has("json") else {
      let reader = try ReaderIdentity.current(library: library.root)
      let entries = try library.worklist(reader: reader)
        .filter { subject == nil || $0.subject == subject }
      Output.print(WorklistText.table(entries), terminator: "")
      return
    }
    for study in library.studies where subject == nil || study.subject == subject {
      if let problem = study.problem { Output.message("\(study.subject): \(problem)") }
      guard let stored = try library.detection(of: study) else { continue }
      Output.print(try DetectionFile.line(stored.detection))
    }
  }
}

/// Runs a detection with progress on stderr and ^C between studies.
enum DetectionProgress {
  static func run(
    _ detection: LibraryDetection, on studies: [LibraryStudy], skipsDone: Bool = true
  ) -> [LibraryDetection.Item] {
    guard !studies.isEmpty else { return [] }
    Interruption.listen()
    let line = ProgressLine()
    defer { line.finish() }
    return detection.run(
      on: studies, skipsDone: skipsDone, isCancelled: { Interruption.isRequested }
    ) { event in
      guard case .finished(let item, let done, let of, let left) = event else { return }
      line.show(
        "detecting \(item.subject), \(done) of \(of)", fraction: Double(done) / Double(of),
        secondsLeft: left)
    }
  }
}
