import Core
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("The workstation in a terminal")
struct WorkstationTests {
  @Test(
    "from opening the demo to a verdict in the journal",
    .enabled(if: TmuxSession.isThere, "tmux is not installed"), .timeLimit(.minutes(60)))
  func demoToVerdict() async throws {
    try Checkout.requireWeights()
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let demo = home("demo")
    var environment = Program.plain(home: home)
    environment["PROGRAM"] = try Program.url().path
    environment["DEMO"] = demo.path
    environment["NOTES"] = home.url.path
    let terminal = try await TmuxSession(environment: environment)
    do {
      try await review(in: terminal, demo: demo)
      try await checkTerminal(terminal, notes: home)
    } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()

    let check = try await Program.run("verify", demo.path)
    #expect(check.exitCode == 0, "\(check.text)")
    #expect(check.text.contains("12 studies"))
  }

  /// Opens the demo, states two verdicts on its first study and leaves.
  private func review(in terminal: TmuxSession, demo: URL) async throws {
    try await terminal.enter(
      #"stty -g > "$NOTES/before"; "$PROGRAM" demo --at "$DEMO"; echo "rc=$?""#)
    try await terminal.wait("the worklist") { $0.contains("12 studies") }
    try await terminal.wait("the first study's detection", within: ProgramRun.limit) { screen in
      let line = screen.split(separator: "\n").first { $0.contains("sub-001") } ?? ""
      try #require(!line.contains("problem") && !screen.contains("detection: "), "\(screen)")
      return line.contains("▸ unread")
    }
    try await terminal.press("Enter")
    // Half blocks: the picture is there, and what is seen may be judged.
    let opened = try await terminal.wait("the study") {
      $0.contains("LEVEL SCORE") && $0.contains("▀") && TmuxSession.marked($0) != nil
    }

    #expect(try await terminal.variable("mouse_any_flag") == "1")
    #expect(try await terminal.variable("mouse_sgr_flag") == "1")

    let library = try StudyLibrary(opening: demo)
    let stored = try #require(try library.detection(of: library.study("001")))
    let first = try #require(TmuxSession.marked(opened))
    let (second, key) = try Self.other(than: first, in: stored.detection)
    try await terminal.press("a")
    let accepted = stored.detection.flaggedSegments.contains(first) ? "present" : "absent"
    try await terminal.wait("the first verdict") {
      $0.contains("\(first.name) \(accepted): saved")
    }
    for _ in 0..<abs(second.rawValue - first.rawValue) { try await terminal.press(key) }
    try await terminal.wait("the other segment") { TmuxSession.marked($0) == second }
    try await terminal.press("x")
    try await terminal.wait("the second verdict") {
      $0.contains("\(second.name) cannot tell: saved")
    }
    try await terminal.press("q")
    try await terminal.wait("the worklist again") {
      $0.contains("12 studies") && $0.contains("reading   sub-001")
    }
    try await terminal.press("Q")

    try checkJournal(
      in: demo, detection: stored.sha256,
      expected: [(first, accepted), (second, "cannot-tell")])
  }

  /// The terminal is the shell's again, as it was.
  private func checkTerminal(_ terminal: TmuxSession, notes: TemporaryFolder) async throws {
    let screen = try await terminal.wait("the shell after the program") {
      $0.contains("\nrc=") && $0.contains("\nshell>") && !$0.contains("12 studies")
    }
    #expect(screen.contains("\nrc=0\n"), "\(screen)")
    #expect(screen.contains("stty -g"), "what stood there before is shown again")
    try await terminal.enter(#"stty -g > "$NOTES/after"; echo "done=$?""#)
    try await terminal.wait("an answer of the shell") { $0.contains("done=0") }
    let before = try String(contentsOf: notes("before"), encoding: .utf8)
    #expect(!before.isEmpty)
    #expect(try String(contentsOf: notes("after"), encoding: .utf8) == before)
    #expect(try await terminal.variable("alternate_on") == "0")
    #expect(try await terminal.variable("cursor_flag") == "1")
    #expect(try await terminal.variable("mouse_any_flag") == "0")
    #expect(try await terminal.variable("keypad_cursor_flag") == "0")
  }

  /// Reads the journal as a script would, by the description of the format alone.
  private func checkJournal(
    in demo: URL, detection: String, expected: [(SpinalSegment, String)]
  ) throws {
    let folder = demo.appendingPathComponent("derivatives/cordscope/sub-001/anat")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix("_review.jsonl") }
    let reader = try ReaderIdentity.current(library: demo)
    #expect(names == ["sub-001_T2w_reader-\(reader)_review.jsonl"])
    let file = folder.appendingPathComponent(try #require(names.first))
    let lines = try String(contentsOf: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    try #require(lines.count == expected.count + 1 && lines.last == "")
    var previous = String(repeating: "0", count: 64)
    for (index, (line, (segment, verdict))) in zip(lines, expected).enumerated() {
      let object = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(object["seq"] as? Int == index + 1)
      #expect(object["action"] as? String == "verdict")
      #expect(object["segment"] as? String == segment.name)
      #expect(object["verdict"] as? String == verdict)
      #expect(object["reader"] as? String == reader)
      #expect(object["blind"] as? Bool == false)
      #expect(object["detection"] as? String == detection)
      #expect(object["previous"] as? String == previous)
      for key in ["reason", "comment", "reverts"] { #expect(object[key] is NSNull, "\(key)") }
      let body = try #require(line.range(of: #","digest""#)).lowerBound
      #expect(object["digest"] as? String == SHA256.hexDigest(of: String(line[..<body])))
      previous = SHA256.hexDigest(of: String(line))
    }
  }

  /// Another assessable segment, further down where there is one, and the key that leads there.
  private static func other(
    than first: SpinalSegment, in detection: Detection
  ) throws -> (SpinalSegment, String) {
    let assessable = detection.assessableSegments
    try #require(assessable.contains(first))
    if let below = assessable.first(where: { $0 > first }) { return (below, "]") }
    return (try #require(assessable.last { $0 < first }), "[")
  }
}
