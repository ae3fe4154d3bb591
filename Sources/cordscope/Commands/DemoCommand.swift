import Core
import Foundation
import TUI

/// `demo`: the workstation on twelve phantom patients, made and detected while it is open.
enum DemoCommand: Subcommand {
  static let name = "demo"
  static let summary = "opens the workstation on twelve phantom patients"
  static let options: [Option] =
    [
      .value("at", "DIR", "where the demo library lies (default: the user's data folder)")
    ] + ReviewSettings.options

  /// The demo cannot be made in the user's own folder.
  private struct NoPlace: Error, CustomStringConvertible {
    let why: String
    var description: String { "\(why); --at DIR makes the demo in another folder" }
  }

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let settings = try ReviewSettings(arguments)
    let chosen = try arguments.url("at")
    let root = chosen ?? UserFolder.demoLibrary
    do { try DemoLibrary.found(at: root) } catch {
      guard chosen == nil else { throw error }
      throw NoPlace(why: "\(error)")
    }
    let total = DemoLibrary.subjects.count
    let source = try GrowingLibrary(opening: root, expected: DemoLibrary.subjects)
    return try ReviewSession.run(source, root: root, settings) { isCancelled, post in
      try DemoLibrary.complete(at: root) { subject in
        if isCancelled() { throw CancellationError() }
        let place = DemoLibrary.subjects.firstIndex(of: subject) ?? 0
        post(.background(BackgroundProgress(.making, done: place + 1, total: total)))
      }
    }
  }
}
