import Core
import Foundation

/// `watch DIR --into LIB`: imports and detects what appears in a drop folder.
enum WatchCommand: Subcommand {
  static let name = "watch"
  static let summary = "imports and detects what appears in a drop folder, until ^C"
  static let operands = "DIR --into LIB"
  static let options: [Option] = [
    .value("into", "LIB", "the library; made when missing"),
    .value("settle", "S", "seconds for which nothing of a delivery may have changed (default 10)"),
    .value("every", "S", "seconds between two looks (default 5)"),
    .flag("once", "ends when all that lies there is done (for cron)"),
    .flag(
      "list",
      "prints which delivery the log calls what, what became of it, and all that was left out with the reasons; "
        + "imports nothing"),
    .flag("no-detect", "imports only"),
    .flag("keep-identity", "keeps name, birth date and ids in the library's private part"),
    .value("threads", "N", "studies detected at once (default: all cores)"),
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    guard let into = try arguments.url("into") else {
      throw Arguments.UsageError(message: "--into LIB is missing")
    }
    let folder = try arguments.onlyPath("the folder to watch")
    if arguments.has("list") { return try list(folder, into) }
    var settings = LibraryWatch.Settings()
    settings.quietFor = .seconds(try arguments.number("settle", in: 0...86_400) ?? 10)
    settings.pause = .seconds(try arguments.number("every", in: 0.05...86_400) ?? 5)
    settings.isOnce = arguments.has("once")
    settings.options.keepsIdentity = arguments.has("keep-identity")
    let threads = try arguments.integer("threads", default: Machine.cores, in: 1...256)
    let detects = !arguments.has("no-detect")
    settings.options.pictureLook = PictureLook.byAnatomyNetwork(threads: threads)
    Interruption.listen()
    var watch = try LibraryWatch(folder, into: into, settings: settings)
    defer { watch.close() }
    let failures = try watch.run(
      isCancelled: { Interruption.isRequested }, report: { say($0.line, isError: $0.isPostponed) },
      detect: { subjects in !detects || detect(subjects, in: into, threads: threads) })
    if Interruption.isRequested, settings.isOnce {
      throw Interrupted(advice: "The same command goes on with what is left.")
    }
    return failures == 0 || !settings.isOnce ? .done : .unusableInput
  }

  private static func list(_ folder: URL, _ root: URL) throws -> ExitCode {
    let columns = Output.columns
    for entry in try LibraryWatch.deliveries(in: folder, of: root) {
      for line in entry.lines(columns: columns) { Output.print(line) }
    }
    return .done
  }

  /// One line for each event, with the time in UTC.
  private static func say(_ text: String, isError: Bool = false) {
    let line = "\(UTCTime.text(Date())) \(text)"
    if isError { Output.message(line) } else { Output.print(line) }
  }

  /// Detects as `detect` would; what goes wrong is said, and the next study waits for nothing.
  ///
  /// - Returns: whether it went as far as it can: a study that cannot be used stays so.
  private static func detect(_ subjects: [String], in root: URL, threads: Int) -> Bool {
    do {
      let library = try StudyLibrary(opening: root)
      let detection = try LibraryDetection(
        library: library, weights: LibraryModels(library: root).weights(),
        choice: DetectionChoice.read(library: root), threads: threads)
      let studies = detection.pending().filter { subjects.contains($0.subject) }
      for item in DetectionProgress.run(detection, on: studies) {
        switch item.outcome {
        case .success(let result): say("\(item.subject): \(WorklistText.words(result))")
        case .failure(let reason):
          say("\(item.subject): not detected: \(reason)", isError: true)
        }
      }
      return true
    } catch {
      say("not detected: \(error)", isError: true)
      return false
    }
  }
}
