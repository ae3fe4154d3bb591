import Core
import Foundation
import TUI

/// `demo`: the workstation on twelve phantom patients, made and detected while it is open.
enum DemoCommand: Subcommand {
  static let name = "demo"
  static let summary = "opens the workstation on twelve phantom patients"
  static let options: [Option] = [
    .value("at", "DIR", "where the demo library lies (default: the user's data folder)")
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let root = try arguments.url("at") ?? UserFolder.demoLibrary
    try DemoLibrary.found(at: root)
    let total = DemoLibrary.subjects.count
    let source = try GrowingLibrary(opening: root, expected: DemoLibrary.subjects)
    return try ReviewSession.run(source, root: root) { isCancelled, post in
      try DemoLibrary.complete(at: root) { subject in
        if isCancelled() { throw CancellationError() }
        post(.background("made phantom \(subject) of \(total)"))
      }
    }
  }
}
