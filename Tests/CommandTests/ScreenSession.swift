import Foundation
import TestSupport
import Testing

/// A terminal of our own: a shell in a GNU screen that nobody is attached to.
struct ScreenSession {
  /// Whether this machine has what it takes.
  static var isThere: Bool { program != nil }
  /// GNU screen, if this machine has it.
  static var program: URL? { Tool.url("screen") }

  private static let name = "cordscope"

  private let screen: URL
  private let environment: [String: String?]
  private let folder: TemporaryFolder

  /// Opens a terminal of 80 x 24 cells and waits for the shell.
  ///
  /// As it comes, screen has no alternate screen: what a program shows last stays, unless it takes it away.
  init(
    environment: [String: String?], type: String = "screen-256color",
    settings: String = ScreenSession.settings
  ) async throws {
    screen = try #require(Self.program)
    folder = try TemporaryFolder()
    // The socket lies in a folder of its own, which screen wants for itself.
    let sockets = folder("sockets")
    try FileManager.default.createDirectory(
      at: sockets, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try settings.write(to: folder("screenrc"), atomically: true, encoding: .utf8)
    var all = environment
    all["SCREENDIR"] = sockets.path
    all["ENV"] = .some(nil)
    self.environment = all
    do {
      try await run(["-c", folder("screenrc").path, "-d", "-m", "-U", "sh"])
      try await wait("the shell") { $0.contains { "#$%>".contains($0) } }
      // Nobody is attached, so that screen does not know what it is.
      try await enter("TERM=\(type); export TERM; stty cols 80 rows 24; echo ready")
      try await wait("an answer of the shell") { $0.contains("ready") }
    } catch {
      // No session may be left behind.
      await close()
      throw error
    }
  }

  /// What a session is started with.
  static let settings = "startup_message off\ndefutf8 on\n"

  /// Ends the session and whatever runs in it.
  func close() async { _ = try? await command("quit") }

  /// Types characters; a return is "\r".
  func press(_ keys: String) async throws { try await command("stuff", keys) }

  /// Has the shell run a line, which is not seen: screen would take `$` and backslashes for its own.
  func enter(_ line: String) async throws {
    let file = try folder.write(line + "\n", to: "line")
    try await press(". '\(file.path)'\r")
  }

  /// The screen as text, with what has left it at the top if that is wanted. Screen writes the last byte of
  /// each character only: what is not ASCII is "?", which half blocks are, too.
  func text(withHistory: Bool = false) async throws -> String {
    let file = folder("copy-\(UUID().uuidString)")
    try await command(["hardcopy"] + (withHistory ? ["-h"] : []) + [file.path])
    let isThere = try await Patience.holds { FileManager.default.fileExists(atPath: file.path) }
    try #require(isThere, "screen wrote no copy")
    // It has lines enough once it is written.
    let bytes = try await Patience.find { () -> Data? in
      let data = try Data(contentsOf: file)
      return data.count { $0 == 0x0A } >= 24 ? data : nil
    }
    try? FileManager.default.removeItem(at: file)
    let known = (bytes ?? Data()).map { byte -> UInt8 in
      (0x20..<0x7F).contains(byte) || byte == 0x0A ? byte : UInt8(ascii: "?")
    }
    return String(decoding: known, as: UTF8.self)
  }

  /// Waits until the screen shows something, and returns it.
  @discardableResult
  func wait(
    _ what: String, within limit: Duration = Patience.limit,
    until isThere: (String) throws -> Bool
  ) async throws -> String {
    let found = try await Patience.find(within: limit, every: .milliseconds(200)) {
      () -> String? in
      let text = try await text()
      return try isThere(text) ? text : nil
    }
    if let found { return found }
    let last = try await text()
    throw ProgramRun.Failure("\(what) did not appear:\n\(last)")
  }

  /// Types a key until the screen shows something: the picture may still be drawn when it comes first.
  func press(
    _ key: String, until what: String, isThere: (String) throws -> Bool
  ) async throws {
    for _ in 0..<12 {
      try await press(key)
      if (try? await wait(what, within: .seconds(10), until: isThere)) != nil { return }
    }
    try await wait(what, within: .zero, until: isThere)
  }

  private func command(_ words: String...) async throws { try await command(words) }

  private func command(_ words: [String]) async throws {
    try await run(["-p", "0", "-X"] + words)
  }

  private func run(_ words: [String]) async throws {
    let result = try await ProgramRun.result(
      of: screen, ["-S", Self.name] + words, environment: environment, within: Patience.limit)
    guard result.exitCode == 0 else {
      throw ProgramRun.Failure("screen \(words): \(result.text) \(result.errors)")
    }
  }
}
