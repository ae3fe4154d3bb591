import Core
import Foundation
import TUI

/// Opens the workstation on a library, with detection beside it.
enum ReviewSession {
  /// Runs until the reader leaves.
  ///
  /// - Parameters:
  ///   - source: the library.
  ///   - prepare: work before detection, such as making the demo's studies.
  static func run(
    _ source: GrowingLibrary, root: URL,
    prepare: @escaping BackgroundDetection.Preparation = { _, _ in }
  ) throws -> ExitCode {
    let reader = try ReaderIdentity.current(library: root)
    let driver: NcursesDriver
    do {
      driver = try NcursesDriver()
    } catch let error as TerminalError {
      Output.message("cordscope: \(error)")
      return error == .gone ? .interrupted : .usage
    }
    UserFolder.remember(library: root)
    let status = ReviewApp.run(
      source: source, driver: driver, reader: reader,
      background: { post in
        let work = BackgroundDetection(source: source, reader: reader, post: post)
        SignalStack.detachNewThread { work.run(prepare: prepare) }
        return { work.cancel() }
      })
    if status != 0 { exit(status) }
    return .done
  }
}
