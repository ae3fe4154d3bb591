import Core
import Foundation

/// `teach LIB`: a session of numbered cases whose truth is hidden until asked for.
enum TeachCommand: Subcommand {
  static let name = "teach"
  static let summary = "opens a teaching session: numbered cases, hidden truth, scores, replay"
  static let operands = "LIB"
  static let options: [Option] = [
    .value("as", "NAME", "the session; one of this name goes on (default: a new session-N)"),
    .value("list", "FILE", "makes it of these studies, one identifier a line"),
    .value(
      "cases", "N",
      "makes it of N studies with truth, drawn at random (default 12, or what there is)"),
    .value("seed", "S", "seed of the drawing (default 1)"),
    .flag("make", "makes the session without opening it (teacher or supervisor)"),
    .flag("present", "shows followers what you see (teacher or supervisor)"),
    .flag("take-over", "with --present: in the place of who presents it, where he stands"),
    .value("follow", "SESSION", "shows what the presenter of a session shows; you may answer"),
    .value("summary", "SESSION", "prints the scores: everybody's for a teacher, else your own"),
    .flag("json", "the scores as JSON"),
    .flag("csv", "the scores as CSV"),
    .value("replay", "READER", "a reader's journal act by act, of --study, or of --as and a case"),
    .value("study", "S", "the study of --replay; with --as the number of the case"),
    .flag(
      "compare", "replays, or counts, before you have signed the study; your journal notes it"),
    ReviewSettings.keysOption, ReviewSettings.themeOption, ReviewSettings.graphicsOption,
  ]

  /// The ways to call it, of which one is chosen.
  private static let modes = ["follow", "summary", "replay"]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let root = try arguments.onlyPath("the library")
    let given = modes.filter { arguments.text($0) != nil }
    guard given.count <= 1 else {
      throw Arguments.UsageError(message: "--\(given[0]) and --\(given[1]) exclude each other")
    }
    try refuseStrays(arguments, mode: given.first)
    let library = try StudyLibrary(opening: root)
    let reader = try ReaderIdentity.current(library: root)
    if let name = arguments.text("summary") {
      return try summarise(name, library, reader, arguments)
    }
    let settings = try ReviewSettings(arguments)
    let source: any ReviewSource
    if let replayed = arguments.text("replay") {
      source = try replay(of: replayed, library, reader, arguments)
    } else if let name = arguments.text("follow") {
      let session = try TeachingSession(opening: name, library: root)
      source = try TeachingSource(session, in: library, role: .follower, reader: reader)
    } else {
      let isPresenting = arguments.has("present")
      if isPresenting { try ReaderTable(library: root).checkTeaching(reader, "presents") }
      let session = try session(library, reader, arguments)
      if arguments.has("make") {
        Output.print(Notice.researchUse)
        return .done
      }
      let room = try TeachingSource(
        session, in: library, role: isPresenting ? .presenter : .learner, reader: reader)
      if isPresenting {
        try room.beginPresenting(reader, takesOver: arguments.has("take-over"))
      }
      defer { room.endPresenting() }
      return try ReviewSession.show(room, root: root, reader: reader, settings, startsBlind: true)
    }
    return try ReviewSession.show(source, root: root, reader: reader, settings, startsBlind: true)
  }

  /// Throws for options that mean nothing in the way it is called.
  private static func refuseStrays(_ arguments: Arguments, mode: String?) throws {
    let making = ["list", "cases", "seed"].filter { arguments.text($0) != nil }
    let switches = ["make", "present"].filter(arguments.has)
    if let mode, let stray = (making + switches).first {
      throw Arguments.UsageError(message: "--\(stray) makes a session; --\(mode) takes none")
    }
    if mode != "summary", let stray = ["json", "csv"].first(where: arguments.has) {
      throw Arguments.UsageError(message: "--\(stray) belongs to --summary")
    }
    if arguments.has("json"), arguments.has("csv") {
      throw Arguments.UsageError(message: "--json and --csv exclude each other")
    }
    if mode != "replay", arguments.text("study") != nil {
      throw Arguments.UsageError(message: "--study belongs to --replay")
    }
    if arguments.has("compare"), mode != "replay", mode != "summary" {
      throw Arguments.UsageError(message: "--compare belongs to --replay and --summary")
    }
    if let mode, mode != "replay", arguments.text("as") != nil {
      throw Arguments.UsageError(message: "--\(mode) names the session: --as is not needed")
    }
    if arguments.text("list") != nil, let stray = making.first(where: { $0 != "list" }) {
      throw Arguments.UsageError(message: "--list and --\(stray) exclude each other")
    }
    if arguments.has("take-over"), !arguments.has("present") {
      throw Arguments.UsageError(message: "--take-over belongs to --present")
    }
    if arguments.has("make"), arguments.has("present") {
      throw Arguments.UsageError(message: "--make and --present exclude each other")
    }
  }

  /// The session asked for: the one of the name, or a new one of the studies asked for.
  private static func session(
    _ library: StudyLibrary, _ reader: String, _ arguments: Arguments
  ) throws -> TeachingSession {
    let known = TeachingSession.names(library: library.root)
    let choice = ["list", "cases", "seed"].first { arguments.text($0) != nil }
    if let name = arguments.text("as"), known.contains(name) {
      if choice != nil || arguments.has("make") { throw TeachingError.exists(name) }
      return try TeachingSession(opening: name, library: library.root)
    }
    let name =
      arguments.text("as")
      ?? (1...).lazy.map { "session-\($0)" }.first { !known.contains($0) } ?? "session"
    let table = try ReaderTable(library: library.root)
    // Before anything is said of the studies.
    try table.checkTeaching(reader, "makes a session; --as NAME opens one that is there")
    let usesReadings = table.mayTeachReadings(reader)
    let selection: TeachingSelection
    if let list = try arguments.url("list") {
      selection = try TeachingSelection(list: list, in: library, usesReadings: usesReadings)
    } else {
      let count = try arguments.integer("cases", default: 12, in: 1...TeachingSession.mostCases)
      selection = try TeachingSelection(
        drawing: count, seed: try arguments.integer("seed", default: 1, in: 0...UInt64.max),
        from: library, usesReadings: usesReadings)
      // Who names a number is not given another; who names none gets what there is.
      if arguments.text("cases") != nil { try selection.require(count) }
      explain(selection, wanted: count)
    }
    let session = try TeachingSession(
      making: name, of: selection.studies, in: library, by: reader, usesReadings: usesReadings)
    Output.print(
      "teaching session \(name): \(Output.count(session.cases.count, "case", "cases"))")
    if !selection.unknown.isEmpty {
      let numbers = selection.unknown.map(String.init).joined(separator: ", ")
      Output.message(
        Output.count(selection.unknown.count, "case has", "cases have")
          + " no truth by segment and cannot be scored: \(numbers)")
    }
    if selection.needsReadings {
      Output.message(
        "signed readings are the truth of cases of which the library knows none: who sees it and has not "
          + "signed the study then signs it only as supervisor or adjudicator")
    }
    if selection.undetected > 0 {
      Output.message(
        Output.count(selection.undetected, "case was", "cases were")
          + " not detected: no map and no curve beside the truth until `cordscope detect` has run")
    }
    return session
  }

  /// Says which studies were left out where fewer cases could be drawn than usual, and what is wrong with
  /// studies in any case.
  private static func explain(_ selection: TeachingSelection, wanted: Int) {
    guard selection.studies.count < wanted else {
      for problem in selection.leftOut.problems { Output.message("left out: \(problem)") }
      return
    }
    let left = selection.leftOut.lines
    Output.message(
      "\(selection.studies.count) in the place of \(Output.count(wanted, "case", "cases")): the library has no more with truth"
        + (left.isEmpty ? "" : "; left out:"))
    for line in left { Output.message("  \(line)") }
  }

  private static func summarise(
    _ name: String, _ library: StudyLibrary, _ reader: String, _ arguments: Arguments
  ) throws -> ExitCode {
    let session = try TeachingSession(opening: name, library: library.root)
    let isTeacher = try ReaderTable(library: library.root).mayTeach(reader)
    let source = try TeachingSource(
      session, in: library, role: isTeacher ? .presenter : .learner, reader: reader)
    let summary = try source.scores(reader: reader, compares: arguments.has("compare"))
    if arguments.has("json") {
      Output.write(Array(try summary.json()) + [0x0A])
    } else if arguments.has("csv") {
      Output.write(Array(summary.csv.utf8))
      Output.message(Notice.researchUse)
    } else {
      Output.print(summary.text)
    }
    return .done
  }

  private static func replay(
    of replayed: String, _ library: StudyLibrary, _ reader: String, _ arguments: Arguments
  ) throws -> JournalReplay {
    guard let study = arguments.text("study") else {
      throw Arguments.UsageError(message: "--replay needs --study S")
    }
    let compares = arguments.has("compare")
    // What cannot be shown here is not noted as seen.
    if compares, isatty(0) != 1 || isatty(1) != 1 {
      throw Arguments.UsageError(message: "--replay --compare needs a terminal: nothing was noted")
    }
    guard let name = arguments.text("as") else {
      return try JournalReplay(
        of: replayed, subject: study, in: library, for: reader, compares: compares)
    }
    let session = try TeachingSession(opening: name, library: library.root)
    let number = try arguments.integer("study", default: 1, in: 1...session.cases.count)
    return try JournalReplay(
      of: replayed, case: number, of: session, in: library, for: reader, compares: compares)
  }
}
