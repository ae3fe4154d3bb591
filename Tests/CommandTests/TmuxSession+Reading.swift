import Core
import Foundation
import TestSupport
import Testing

/// The workstation as somebody at a terminal uses it.
extension TmuxSession {
  /// Does something in a terminal in which `$PROGRAM` and `$LIBRARY` are set; whatever happens it is
  /// closed then.
  static func on(
    _ library: URL, home: TemporaryFolder, _ work: (TmuxSession) async throws -> Void
  ) async throws {
    var environment = Program.plain(home: home)
    environment["PROGRAM"] = try Program.url().path
    environment["LIBRARY"] = library.path
    let terminal = try await TmuxSession(environment: environment)
    do { try await work(terminal) } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()
  }

  /// Waits until a study or case is open and drawn: its name in the head, its picture, a segment to
  /// state something on.
  @discardableResult
  func waitForStudy(_ name: String) async throws -> String {
    var found = try await wait("the study \(name)") {
      $0.hasPrefix(" \(name) ") && $0.contains("LEVEL SCORE") && $0.contains("▀")
        && Self.marked($0) != nil
    }
    // A screen may be read while it is still being written, with the ladder of the study before.
    for _ in 0..<50 {
      try await Task.sleep(for: .milliseconds(100))
      let now = try await screen()
      if now == found { break }
      found = now
    }
    return found
  }

  /// The segment marked in the ladder.
  static func marked(_ screen: String) -> SpinalSegment? {
    SpinalSegment.allCases.first { screen.contains("▸ \($0.name) ") }
  }

  /// Goes to a segment of the ladder.
  func select(_ segment: SpinalSegment) async throws {
    while let here = Self.marked(try await screen()), here != segment {
      try await press(here < segment ? "]" : "[")
      try await wait("another segment than \(here.name)") {
        Self.marked($0).map { $0 != here } ?? false
      }
    }
  }

  /// States a verdict with a key and waits until it is saved under these words; a follower whose
  /// presenter has just moved is asked to press again.
  func state(_ key: String, _ words: String, on segment: SpinalSegment) async throws {
    try await select(segment)
    let saved = "\(segment.name) \(words): saved"
    // A key that is pressed again before "press again" has left the screen finds its verdict there.
    let done = [saved, "\(segment.name) \(words) is saved already"]
    for _ in 0..<40 {
      let screen = try await press(key, until: saved) { screen in
        (done + ["press again"]).contains { screen.contains($0) }
      }
      if done.contains(where: { screen.contains($0) }) { return }
      // What the presenter has just brought settles for a second.
      try await Task.sleep(for: .milliseconds(300))
    }
    let last = try await screen()
    throw ProgramRun.Failure("\(saved): refused again and again\n\(last)")
  }

  /// Quits the program and waits for the shell.
  func quit() async throws {
    try await press("Q")
    try await wait("the shell after the program") { $0.contains("\nrc=0") }
  }
}
