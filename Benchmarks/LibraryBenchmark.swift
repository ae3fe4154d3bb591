import Core
import Foundation
import TUI

/// Times the workstation's start on a large library on disk, each start in a process of its own.
enum LibraryBenchmark {
  /// What one start took.
  struct Figures {
    /// Milliseconds from the start to the screen that names how many studies there are.
    var list: Double
    /// Milliseconds to the screen with the states of all.
    var states: Double
  }

  /// Why a start gave no figures.
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Writes a library of so many studies, starts twice on it, and removes it; each start prints its figures.
  static func run(studies count: Int) throws {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("cordscope-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    try SyntheticLibrary(root: root, count: count).write()
    // What was written a moment ago is not remembered.
    Thread.sleep(forTimeInterval: 3)
    for start in ["first", "second"] {
      let session = Process()
      session.executableURL = Bundle.main.executableURL
      session.arguments = ["--worklist-session", root.path, "\(count)", start]
      try session.run()
      session.waitUntilExit()
      guard session.terminationStatus == 0 else {
        throw Failure(description: "the \(start) start on \(count) studies failed")
      }
    }
  }

  /// One start in this process.
  static func session(_ library: SyntheticLibrary) throws -> Figures {
    let texts = ["\(library.count) studies", "\(library.unread) unread"]
    let driver = StopwatchDriver(
      MemoryDriver(
        size: TerminalSize(columns: 120, rows: 40), script: texts.map { .await($0) }),
      texts: texts)
    let source = try GrowingLibrary(opening: library.root)
    _ = ReviewApp.run(source: source, driver: driver, reader: SyntheticLibrary.reader)
    guard driver.times.count == 2 else {
      throw Failure(description: "the screen never showed \(texts[driver.times.count])")
    }
    return Figures(list: driver.times[0], states: driver.times[1])
  }
}
