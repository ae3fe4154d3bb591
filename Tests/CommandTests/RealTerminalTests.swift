import Core
import Foundation
import Imaging
import TestSupport
import Testing

/// The picture as a reader sees it, and the login as a reader has it.
@Suite("The workstation in an xterm and over SSH", .serialized)
struct RealTerminalTests {
  /// A slice of MRI has far more greys than letters have.
  private static func showsSlice(_ picture: RGBRaster) -> Bool { picture.greys > 24 }
  private static func showsText(_ picture: RGBRaster) -> Bool {
    picture.greys < 16 && picture.pixels.count { $0.r > 100 } > 500
  }

  /// From the worklist to the slice with its map in an xterm, and back.
  private func look(_ terminal: XtermSession) async throws {
    try await terminal.wait("the worklist", until: Self.showsText)
    _ = try await terminal.press("Return", until: "the slice with its map") {
      Self.showsSlice($0) && $0.colours > 20
    }
    // What is compared later must be there whole: on a busy machine a picture comes in parts.
    let map = try await terminal.atRest()
    try await terminal.press("space")
    let bare = try await terminal.wait("the slice alone") {
      Self.showsSlice($0) && $0.colours * 2 < map.colours
    }
    #expect(bare.greys > 24)
    try await terminal.press("space")
    try await terminal.wait("the map again") { $0.colours == map.colours }
    try await nothingStays(terminal)
    try await terminal.press("q")
    try await terminal.wait("the worklist again", until: Self.showsText)
    try await terminal.press("Q")
    try await terminal.end()
  }

  /// What was drawn change by change is what is drawn when the whole screen is sent again: pictures move
  /// and shrink, and nothing of them stays where they were. Messages at the bottom go with the key; bold
  /// letters leave single pixels in the cells beside them, a cell has 78.
  private func nothingStays(_ terminal: XtermSession) async throws {
    for keys in [["B"], ["B"], ["question"], ["Escape"], ["plus"], ["bracketright", "k"]] {
      for key in keys { try await terminal.press(key) }
      let before = try await terminal.atRest()
      try await terminal.press("ctrl+l")
      let after = try await terminal.atRest()
      let above = 0..<(40 * 13 * before.columns)
      let different = zip(before.pixels[above], after.pixels[above]).count { $0 != $1 }
      #expect(different < 20, "after \(keys.joined(separator: " "))")
    }
  }

  /// Does something in an xterm in which a library of one detected study is reviewed.
  private func inXterm(_ work: (XtermSession) async throws -> Void) async throws {
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    try await Program.detectedLibrary(at: home("library").path)
    var environment = Program.plain(home: home)
    environment["TERM"] = .some(nil)
    try await XtermSession.on(
      [try Program.url().path, "review", home("library").path], environment: environment, work)
  }

  @Test(
    "sixels are seen in xterm: the slice, its map, the slice alone, and nothing of them after",
    .enabled(if: XtermSession.isThere, "Xvfb, xterm, xwd or xdotool is not installed"),
    .timeLimit(.minutes(60)))
  func sixels() async throws {
    try await inXterm { try await look($0) }
  }

  @Test(
    "a popup, a picture beside and a smaller terminal leave nothing of the picture that was there",
    .enabled(if: XtermSession.isThere, "Xvfb, xterm, xwd or xdotool is not installed"),
    .timeLimit(.minutes(60)))
  func leftovers() async throws {
    try await inXterm { try await coverAndMove($0) }
  }

  /// Help over the slice, a second picture beside it, and another size.
  private func coverAndMove(_ terminal: XtermSession) async throws {
    // The right half of the slice's room, where a second picture has its head and itself.
    let (half, head, body) = (230..<402, 40..<78, 82..<470)
    func fills(_ picture: RGBRaster) -> Bool {
      Self.showsSlice(picture) && picture.greys(rows: head, columns: half) > 24
    }
    try await terminal.wait("the worklist", until: Self.showsText)
    _ = try await terminal.press("Return", until: "the slice", isThere: fills)
    try await terminal.press("question")
    try await terminal.wait("help and nothing of the slice", until: Self.showsText)
    try await terminal.press("Escape")
    try await terminal.wait("the slice again", until: fills)
    try await terminal.press("B")
    try await terminal.wait("two pictures") {
      $0.greys(rows: head, columns: half) < 16 && $0.greys(rows: body, columns: half) > 24
        && $0.greys(rows: body, columns: 45..<215) > 24
    }
    try await terminal.press("Escape")
    try await terminal.wait("one picture again", until: fills)
    // 100 x 35 cells: ladder and curve stand where the slice was.
    try await terminal.resize(width: 604, height: 459)
    try await terminal.wait("a smaller slice, and words where it was") {
      $0.greys(rows: body, columns: 45..<295) > 24
        && $0.greys(rows: 0..<455, columns: 312..<600) < 16
    }
    try await terminal.press("q")
    try await terminal.wait("the worklist again", until: Self.showsText)
    try await terminal.press("Q")
    try await terminal.end()
  }

  @Test(
    "sixels are seen over SSH, too, with the guide's locked login",
    .enabled(
      if: XtermSession.isThere && LoopbackSSH.isThere,
      "Xvfb, xterm, xwd, xdotool, ssh or sshd is not installed"), .timeLimit(.minutes(60)))
  func sixelsOverSSH() async throws {
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    try await Program.detectedLibrary(at: home("library").path)
    let server = try await LoopbackSSH(program: try Program.url(), library: home("library"))
    var environment = Program.plain(home: home)
    environment["TERM"] = .some(nil)
    do {
      try await XtermSession.on(server.client("-tt"), environment: environment) {
        try await look($0)
      }
    } catch {
      await server.close()
      throw error
    }
    await server.close()
  }

  @Test(
    "the locked login gives the workstation and nothing else, and leaves no orphan",
    .enabled(
      if: TmuxSession.isThere && LoopbackSSH.isThere, "tmux, ssh or sshd is not installed"),
    .timeLimit(.minutes(60)))
  func locked() async throws {
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    try await Program.detectedLibrary(at: home("library").path)
    let server = try await LoopbackSSH(program: try Program.url(), library: home("library"))
    do { try await tryEverything(server, home) } catch {
      await server.close()
      throw error
    }
    await server.close()
  }

  private func tryEverything(_ server: LoopbackSSH, _ home: TemporaryFolder) async throws {
    func outcome(_ words: [String]) async throws -> ProgramRun.Result {
      try await ProgramRun.result(
        of: URL(fileURLWithPath: words[0]), Array(words.dropFirst()), within: Patience.limit * 2)
    }
    // Without a terminal there is no workstation, and no other program either.
    let command = try await outcome(server.client("-T") + ["echo", "broken", "out"])
    #expect(command.exitCode != 0 && !command.text.contains("broken"), "\(command.text)")
    #expect(command.errors.contains("needs a terminal"), "\(command.errors)")
    let copied = try await outcome(server.client("-s") + ["sftp"])
    #expect(copied.exitCode != 0)
    let forward = try await outcome(server.client("-W", "127.0.0.1:22"))
    #expect(forward.exitCode != 0)
    let reverse = try await outcome(
      server.client("-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22"))
    #expect(reverse.exitCode != 0)

    var environment = Program.plain(home: home)
    environment["LOGIN"] = server.client("-tt").joined(separator: " ")
    let terminal = try await TmuxSession(environment: environment)
    do {
      try await terminal.enter(#"$LOGIN "echo broken; sh"; echo "rc=$?""#)
      let worklist = try await terminal.wait("the worklist") { $0.contains("sub-001") }
      #expect(!worklist.contains("broken\n"))
      // Keys that would leave other programs.
      for key in ["C-z", "C-c", "C-\\", "!"] { try await terminal.press(key) }
      try await terminal.press("Enter")
      try await terminal.wait("the study") { $0.contains("LEVEL SCORE") }
      try await terminal.press("Q")
      try await terminal.wait("the shell after it") { $0.contains("rc=0") }
      // The connection is lost with the workstation open.
      try await terminal.enter("clear; $LOGIN")
      try await terminal.wait("the worklist") { $0.contains("sub-001") }
      #expect(Self.isRunning(on: home("library")))
    } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()
    let isOver = try await Patience.holds { !Self.isRunning(on: home("library")) }
    #expect(isOver, "the workstation outlived its connection")
  }

  /// Whether a workstation runs on a library.
  private static func isRunning(on library: URL) -> Bool {
    !RunningProgram.named("cordscope", "review", on: library).isEmpty
  }
}
