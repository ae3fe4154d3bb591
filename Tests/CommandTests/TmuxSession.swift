import Foundation
import TestSupport
import Testing

/// A terminal of our own: a shell in a private tmux server.
struct TmuxSession {
  /// Whether this machine has what it takes.
  static var isThere: Bool { program != nil }
  /// tmux, if this machine has it.
  static var program: URL? { Tool.url("tmux") }

  private let tmux: URL
  private let environment: [String: String?]
  private let folder: TemporaryFolder

  /// Opens a terminal of 80 x 24 cells and waits for the shell.
  init(environment: [String: String?]) async throws {
    tmux = try #require(Self.program)
    folder = try TemporaryFolder()
    var all = environment
    // The socket lies in the folder, so that no other server is met.
    all["TMUX_TMPDIR"] = folder.url.path
    all["TMUX"] = .some(nil)
    all["ENV"] = .some(nil)
    self.environment = all
    do {
      try await run(["new-session", "-d", "-x", "80", "-y", "24", "sh"])
      try await wait("the shell") { $0.contains { "#$%>".contains($0) } }
      // Some shells take no prompt from the environment.
      try await enter(#"PS1="she""ll> ""#)
      try await wait("its prompt") { $0.contains("shell>") }
    } catch {
      // No server may be left behind.
      await close()
      throw error
    }
  }

  /// Ends the server and whatever runs in it.
  func close() async { _ = try? await run(["kill-server"]) }

  /// Types keys by tmux's names.
  func press(_ keys: String...) async throws { try await run(["send-keys", "--"] + keys) }

  /// Types a text and Enter.
  func enter(_ text: String) async throws {
    try await run(["send-keys", "-l", "--", text])
    try await press("Enter")
  }

  /// The screen as text, with the escape sequences of its colours if they are wanted.
  func screen(withColours: Bool = false) async throws -> String {
    try await run(["capture-pane", "-p"] + (withColours ? ["-e"] : []))
  }

  /// A format variable of tmux, such as `cursor_flag`.
  func variable(_ name: String) async throws -> String {
    try await run(["display-message", "-p", "#{\(name)}"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Waits until the screen shows something, and returns it.
  @discardableResult
  func wait(
    _ what: String, within limit: Duration = Patience.limit,
    until isThere: (String) throws -> Bool
  ) async throws -> String {
    let found = try await Patience.find(within: limit) { () -> String? in
      let screen = try await screen()
      return try isThere(screen) ? screen : nil
    }
    if let found { return found }
    let last = try await screen()
    throw ProgramRun.Failure("\(what) did not appear:\n\(last)")
  }

  /// Types a key until the screen shows something: the picture may still be drawn, or a lock taken
  /// over, when it comes first.
  @discardableResult
  func press(
    _ key: String, until what: String, isThere: (String) throws -> Bool
  ) async throws -> String {
    for _ in 0..<12 {
      try await press(key)
      if let screen = try? await wait(what, within: .seconds(10), until: isThere) { return screen }
    }
    return try await wait(what, within: .zero, until: isThere)
  }

  @discardableResult
  private func run(_ words: [String]) async throws -> String {
    let result = try await ProgramRun.result(
      of: tmux, ["-u", "-L", "cordscope", "-f", "/dev/null"] + words, environment: environment,
      within: Patience.limit)
    guard result.exitCode == 0 else {
      throw ProgramRun.Failure("tmux \(words): \(result.errors)")
    }
    return result.text
  }
}
