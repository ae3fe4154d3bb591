import Core
import Foundation
import TUI

/// Opens the workstation on a library, with detection beside it.
enum ReviewSession {
  /// Runs until the reader leaves.
  ///
  /// - Parameters:
  ///   - source: the library.
  ///   - settings: keys, colours, and whether the AI is hidden at first.
  ///   - prepare: work before detection, such as making the demo's studies.
  static func run(
    _ source: GrowingLibrary, root: URL, _ settings: ReviewSettings,
    prepare: BackgroundDetection.Preparation? = nil
  ) throws -> ExitCode {
    let reader = try ReaderIdentity.current(library: root)
    let startsBlind = try ReadingSettings.read(library: root).blind || settings.isBlind
    return try show(source, root: root, reader: reader, settings, startsBlind: startsBlind) {
      post in
      let work = BackgroundDetection(source: source, reader: reader, post: post)
      SignalStack.detachNewThread { work.run(prepare: prepare) }
      return BackgroundControl(
        stop: { work.stop() }, pause: { work.pause() }, resume: { work.resume() })
    }
  }

  /// Shows studies, or the cases of a teaching session, until the reader leaves.
  static func show(
    _ source: any ReviewSource, root: URL, reader: String, _ settings: ReviewSettings,
    startsBlind: Bool, background: BackgroundWork? = nil
  ) throws -> ExitCode {
    let driver: NcursesDriver
    do {
      driver = try NcursesDriver(theme: settings.theme, graphics: settings.graphics)
    } catch let error as TerminalError {
      Output.message("cordscope: \(error)")
      return error == .gone ? .interrupted : .usage
    }
    // `cordscope` alone goes on reading, not teaching.
    let isTeaching = source.teaching != nil
    if !isTeaching { UserFolder.remember(library: root) }
    let status = ReviewApp.run(
      source: source, driver: driver, reader: reader,
      obstacle: isTeaching ? nil : obstacle(to: root), startsBlind: startsBlind,
      keys: settings.keys, background: background)
    if status != 0 { exit(status) }
    return .done
  }

  /// Why verdicts cannot be saved in a library, in words; `nil` where nothing speaks against it.
  private static func obstacle(to root: URL) -> String? {
    let stored = root.appendingPathComponent("derivatives/cordscope")
    let subjects = (try? FileManager.default.contentsOfDirectory(atPath: stored.path)) ?? []
    let journals = subjects.filter { $0.hasPrefix("sub-") }.min().map {
      stored.appendingPathComponent($0).appendingPathComponent("anat")
    }
    for folder in [root, stored, journals].compactMap(\.self)
    where access(folder.path, F_OK) == 0 && access(folder.path, W_OK) != 0 {
      let why = String(cString: strerror(errno))
      // A library may have been given to its readers without the right to write beside its folders.
      if folder == root, access(stored.path, W_OK) == 0 { continue }
      return "verdicts CANNOT BE SAVED here: \(why)"
    }
    return nil
  }
}
