import Foundation
import Imaging
import TestSupport
import Testing

/// The picture as a reader sees it in kitty, and in a tmux within it.
@Suite("The workstation in kitty", .serialized)
struct KittyTerminalTests {
  /// Letters are smoothed too, in few pixels; half blocks have steps between blocks only.
  private static func showsText(_ picture: RGBRaster) -> Bool {
    picture.smoothSteps < 4000 && picture.pixels.count { $0.r > 100 } > 500
  }
  private static func showsSlice(_ picture: RGBRaster) -> Bool { picture.smoothSteps > 40_000 }

  @Test(
    "the slice is seen in kitty, under its map and again after the help, and nothing of it at the end",
    .enabled("Xvfb, xwd, xdotool or a kitty with placeholders (0.28) is not installed") {
      await XtermSession.hasKitty
    }, .timeLimit(.minutes(60)))
  func direct() async throws {
    try await look { [$0, "review", $1] }
  }

  @Test(
    "the same through tmux with allow-passthrough",
    .enabled("Xvfb, xwd, xdotool, tmux or a kitty with placeholders (0.28) is not installed") {
      await XtermSession.hasKitty && TmuxSession.program != nil
    }, .timeLimit(.minutes(60)))
  func throughTmux() async throws {
    let tmux = try #require(TmuxSession.program)
    let folder = try TemporaryFolder()
    let settings = [
      "set -g allow-passthrough on", "set -g status off", "set -g default-terminal tmux-256color",
    ]
    try Data(settings.joined(separator: "\n").utf8).write(to: folder("settings"))
    let server = [
      tmux.path, "-u", "-S", folder("socket").path, "-f", folder("settings").path,
    ]
    do {
      try await look { server + ["new-session", $0, "review", $1] }
    } catch {
      // No server may be left behind.
      _ = try? await ProgramRun.result(
        of: tmux, Array(server.dropFirst()) + ["kill-server"], within: Patience.limit)
      throw error
    }
  }

  /// Opens a library, its study, the help over it, and goes back to the end.
  /// - Parameter words: What to start in the terminal, from the program and the library.
  private func look(_ words: (String, String) -> [String]) async throws {
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    try await Program.detectedLibrary(at: home("library").path)
    var environment = Program.plain(home: home)
    environment["TERM"] = .some(nil)
    environment["TMUX"] = .some(nil)
    try await XtermSession.on(
      words(try Program.url().path, home("library").path), environment: environment, in: .kitty
    ) { try await look($0) }
  }

  private func look(_ terminal: XtermSession) async throws {
    try await terminal.wait("the worklist", until: Self.showsText)
    _ = try await terminal.press(
      "Return", until: "the slice with its map", isThere: Self.showsSlice)
    // What is compared later must be there whole: on a busy machine a picture comes in parts.
    let map = try await terminal.atRest()
    try await terminal.press("space")
    try await terminal.wait("the slice alone") {
      Self.showsSlice($0) && $0.colours * 2 < map.colours
    }
    let bare = try await terminal.atRest()
    try await terminal.press("question")
    try await terminal.wait("the help over it") {
      $0.smoothSteps * 5 < bare.smoothSteps * 4
    }
    try await terminal.press("Escape")
    // The message at the bottom has gone with the key: its letters are a thousandth of the steps.
    try await terminal.wait("the slice as it was") {
      abs($0.smoothSteps - bare.smoothSteps) * 100 < bare.smoothSteps
    }
    try await terminal.press("q")
    try await terminal.wait("the worklist again", until: Self.showsText)
    try await terminal.press("Q")
    try await terminal.end()
  }
}

extension XtermSession {
  /// Whether this machine has what it takes to look at a kitty that knows placeholders.
  static var hasKitty: Bool {
    get async {
      guard ["Xvfb", "xwd", "xdotool"].allSatisfy({ Tool.url($0) != nil }),
        let kitty = Tool.url("kitty"),
        let said = try? await ProgramRun.result(of: kitty, ["--version"], within: Patience.limit)
      else { return false }
      // "kitty 0.41.1 created by ..."
      let version = said.text.split(separator: " ").dropFirst().first ?? ""
      let parts = version.split(separator: ".").map { Int($0) ?? 0 }
      return parts.count >= 2 && (parts[0] > 0 || parts[1] >= 28)
    }
  }

  /// As large as the xterm, without settings of the user's own.
  static var kittyOptions: [String] {
    let settings = [
      "shell_integration=disabled", "confirm_os_window_close=0", "remember_window_size=no",
      "initial_window_width=130c", "initial_window_height=45c", "font_size=8",
      "cursor_blink_interval=0",
      "enable_audio_bell=no", "update_check_interval=0",
    ]
    return ["--config", "NONE"] + settings.flatMap { ["-o", $0] }
  }
}

extension RGBRaster {
  /// Neighbours in a row, both grey, that differ by little: pictures in full resolution have many.
  var smoothSteps: Int {
    var count = 0
    for row in 0..<rows {
      for column in 1..<max(columns, 1) {
        let (left, right) = (self[row, column - 1], self[row, column])
        guard left.r == left.g, left.g == left.b, right.r == right.g, right.g == right.b else {
          continue
        }
        let step = abs(Int(left.r) - Int(right.r))
        if step > 0, step <= 6 { count += 1 }
      }
    }
    return count
  }
}
