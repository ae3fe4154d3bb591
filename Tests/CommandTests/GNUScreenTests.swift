import Core
import Foundation
import TestSupport
import Testing

/// The workstation on a server, in a screen that outlives the connection.
@Suite("The workstation in GNU screen")
struct GNUScreenTests {
  @Test(
    "the demo takes a verdict, draws with the colours that screen has, and leaves nothing on it",
    .enabled(if: ScreenSession.isThere, "GNU screen is not installed"), .timeLimit(.minutes(60)))
  func demo() async throws {
    try Checkout.requireWeights()
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let demo = home("demo")
    let terminal = try await ScreenSession(environment: try Self.environment(home, demo))
    do {
      try await review(in: terminal)
      try await checkTerminal(terminal, notes: home)
    } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()

    let library = try StudyLibrary(opening: demo)
    let reader = try ReaderIdentity.current(library: demo)
    let records = try library.journal("001", reader: reader).records
    #expect(!records.isEmpty)
    #expect(records.allSatisfy { $0.action == .verdict && $0.verdict == .present })
    let check = try await Program.run("verify", demo.path)
    #expect(check.exitCode == 0, "\(check.text)")
  }

  @Test(
    "where screen has 8 colours there is no picture, in words, and no verdict",
    .enabled(if: ScreenSession.isThere, "GNU screen is not installed"), .timeLimit(.minutes(60)))
  func fewColours() async throws {
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let library = home("library")
    try await Program.detectedLibrary(at: library.path)
    let terminal = try await ScreenSession(
      environment: try Self.environment(home, library), type: "screen")
    do {
      try await terminal.enter(#""$PROGRAM" review "$LIBRARY"; echo "rc=$?""#)
      try await terminal.wait("the worklist") { $0.contains("unread    sub-001") }
      try await terminal.press("\r")
      let study = try await terminal.wait("the study") { $0.contains("LEVEL SCORE") }
      #expect(study.contains("TERM=screen-256color"), "\(study)")
      try await terminal.press("P")
      try await terminal.wait("a refusal") { $0.contains("no verdict without a picture") }
      try await terminal.press("Q")
      try await terminal.wait("the shell after the program") { $0.contains("rc=0") }
    } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()
    let reader = try ReaderIdentity.current(library: library)
    #expect(try StudyLibrary(opening: library).journal("001", reader: reader).records.isEmpty)
  }

  @Test(
    "doctor loses no line, its own or an older one, with and without another screen to go back to",
    .enabled(if: ScreenSession.isThere, "GNU screen is not installed"), .timeLimit(.minutes(60)),
    arguments: ["", "altscreen on\n"])
  func doctor(_ more: String) async throws {
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let terminal = try await ScreenSession(
      environment: try Self.environment(home, home("none")),
      settings: ScreenSession.settings + more)
    do {
      try await terminal.enter(
        #"clear; echo line-before-1; echo line-before-2; "$PROGRAM" doctor; echo "rc=$?""#)
      let text = try await terminal.wait("the end of doctor", within: ProgramRun.limit) {
        $0.contains(/rc=[0-9]/)
      }
      let history = try await terminal.text(withHistory: true)
      let lines = history.split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      for line in [
        "line-before-1", "line-before-2", "cordscope \(Notice.version), \(Notice.researchUse)",
        "TERM       screen-256color", "terminal   gives no name",
        "link       not measured: GNU screen answers for itself",
      ] {
        #expect(lines.contains(line), "\(line) is not in\n\(history)\nshown:\n\(text)")
      }
    } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()
  }

  @Test(
    "screen in a terminal of 24-bit colours: the slice is grey, not what screen makes of such colours",
    .enabled(
      if: ScreenSession.isThere && TmuxSession.isThere, "GNU screen or tmux is not installed"),
    .timeLimit(.minutes(60)))
  func attached() async throws {
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    try await Program.detectedLibrary(at: home("library").path)
    var environment = try Self.environment(home, home("library"))
    environment["SCREEN"] = ScreenSession.program?.path
    // Nothing may live on where tmux is ended.
    let settings = ScreenSession.settings + "autodetach off\n"
    environment["SETTINGS"] = try home.write(settings, to: "screenrc").path
    environment["SCREENDIR"] = home("sockets").path
    try FileManager.default.createDirectory(
      at: home("sockets"), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    let terminal = try await TmuxSession(environment: environment)
    do {
      let start = #"PS1=; "$SCREEN" -c "$SETTINGS" -U -T screen-256color sh"#
      try await terminal.enter(start + "; echo ended")
      // Screen has the whole terminal: the line that starts it is not seen any more.
      try await terminal.wait("the shell in screen") { text in
        !text.contains("PS1=") && text.contains { "#$%>".contains($0) }
      }
      try await terminal.enter(#""$PROGRAM" review "$LIBRARY"; echo "rc=$?"; exit"#)
      try await terminal.wait("the worklist") { $0.contains("unread    sub-001") }
      try await terminal.press("Enter")
      try await terminal.waitForStudy("sub-001")
      let colours = SGR(try await terminal.screen(withColours: true))
      #expect(colours.greys.count > 8, "\(colours)")
      // Blinking is what screen makes of "38;2;r;5;b".
      #expect(!colours.attributes.contains(5), "\(colours)")
      // The mouse is off: while screen tracks it, it keeps a lone Esc to itself.
      #expect(try await terminal.variable("mouse_any_flag") == "0")
      try await terminal.press("?")
      try await terminal.wait("the help") { $0.contains("─ Keys ─") }
      try await terminal.press("Escape")
      try await terminal.waitForStudy("sub-001")
      try await terminal.press("Q")
      try await terminal.wait("the shell around screen") { $0.contains("ended") }
    } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()
  }

  /// What the terminal around screen hands on: it draws 24-bit colours, screen does not.
  private static func environment(
    _ home: TemporaryFolder, _ library: URL
  ) throws -> [String: String?] {
    var environment = Program.plain(home: home)
    environment["COLORTERM"] = "truecolor"
    environment["PROGRAM"] = try Program.url().path
    environment["LIBRARY"] = library.path
    environment["NOTES"] = home.url.path
    return environment
  }

  /// Opens the demo, states a verdict on its first study and leaves.
  private func review(in terminal: ScreenSession) async throws {
    try await terminal.enter(
      #"stty -g > "$NOTES/before"; "$PROGRAM" demo --at "$LIBRARY"; echo "rc=$?""#)
    try await terminal.wait("the worklist") { $0.contains("12 studies") }
    try await terminal.wait("the first study's detection", within: ProgramRun.limit) {
      $0.contains("unread    sub-001")
    }
    try await terminal.press("\r")
    let study = try await terminal.wait("the study and its picture") {
      $0.contains("LEVEL SCORE") && $0.count { $0 == "?" } > 200
    }
    // What a terminal of sixels, kitty pictures or replies of its own would be sent or would send.
    for garbage in ["P0;1;0q", "#0;2;", "_Ga=", "_Gi=", "$qm", "1$r"] {
      #expect(!study.contains(garbage), "\(garbage) in\n\(study)")
    }
    try await terminal.press("P", until: "the verdict") { $0.contains(" present: saved") }
    try await terminal.press("q")
    try await terminal.wait("the worklist again") { $0.contains("reading   sub-001") }
    try await terminal.press("Q")
    try await terminal.wait("the shell after the program") { $0.contains("rc=0") }
  }

  /// The terminal is the shell's again, and nothing of a patient is seen on it.
  private func checkTerminal(_ terminal: ScreenSession, notes: TemporaryFolder) async throws {
    try await terminal.enter(#"stty -g > "$NOTES/after"; echo "done=$?""#)
    let screen = try await terminal.wait("an answer of the shell") { $0.contains("done=0") }
    #expect(!screen.contains("sub-0") && !screen.contains("12 studies"), "\(screen)")
    let before = try String(contentsOf: notes("before"), encoding: .utf8)
    #expect(!before.isEmpty)
    #expect(try String(contentsOf: notes("after"), encoding: .utf8) == before)
    // Half blocks, no sixels: none of those ever passed.
    let history = try await terminal.text(withHistory: true)
    #expect(!history.contains("#0;2;") && !history.contains("P0;1;0q"), "\(history)")
  }
}

/// The colours and attributes that a screen with its escape sequences has.
private struct SGR {
  /// Attributes and basic colours.
  var attributes: Set<Int> = []
  /// Numbers of the grey ramp of 256 colours.
  var greys: Set<Int> = []

  init(_ text: String) {
    for part in text.split(separator: "\u{1b}[", omittingEmptySubsequences: true).dropFirst() {
      guard let end = part.firstIndex(where: { $0.isLetter }), part[end] == "m" else { continue }
      var codes = part[..<end].split(separator: ";", omittingEmptySubsequences: false)
        .map { Int($0) ?? 0 }[...]
      while let code = codes.popFirst() {
        guard code == 38 || code == 48 else {
          attributes.insert(code)
          continue
        }
        if codes.popFirst() == 5 {
          if let colour = codes.popFirst(), colour >= 232 { greys.insert(colour) }
        } else {
          codes = codes.dropFirst(3)
        }
      }
    }
  }
}
