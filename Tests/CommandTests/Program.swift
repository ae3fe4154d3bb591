import Foundation
import TestSupport
import Testing

/// The built program, run as a user runs it, without touching the user's own folders.
enum Program {
  /// All tests begin at once: without it a hundred programs would share a few cores, and the memory.
  private static let gate = Gate(width: max(2, ProcessInfo.processInfo.activeProcessorCount))

  /// The program's file.
  static func url() throws -> URL {
    try #require(BuiltProduct.url("cordscope"), "the executable is not built")
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: String..., environment: [String: String?] = [:],
    within limit: Duration = ProgramRun.limit
  ) async throws -> ProgramRun.Result {
    try await run(arguments, environment: environment, within: limit)
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], environment: [String: String?] = [:],
    within limit: Duration = ProgramRun.limit
  ) async throws -> ProgramRun.Result {
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let program = try url()
    await gate.enter()
    do {
      let result = try await ProgramRun.result(
        of: program, arguments,
        environment: plain(home: home).merging(environment) { $1 }, within: limit)
      await gate.leave()
      return result
    } catch {
      await gate.leave()
      throw error
    }
  }

  /// Runs the program to its end, which must be a good one, and returns what it wrote.
  @discardableResult
  static func succeed(_ arguments: String...) async throws -> String {
    let result = try await run(arguments)
    try #require(result.exitCode == 0, "\(arguments): \(result.text) \(result.errors)")
    return result.text
  }

  /// Makes a library of two phantom patients with a compression and no detection.
  static func compressionLibrary(at path: String) async throws {
    try await succeed(
      "phantom", "--out", path, "--patients", "2", "--seed", "11", "--class", "compression")
  }

  /// Makes a library of one phantom patient with a bright lesion, detected.
  static func detectedLibrary(at path: String) async throws {
    try await succeed(
      "phantom", "--out", path, "--patients", "1", "--seed", "11", "--class", "focal-bright")
    try await succeed("detect", path)
  }

  /// A person's work with a library that is not there yet, after which nothing is to report of it.
  static func day(
    _ work: (_ library: URL, _ home: TemporaryFolder) async throws -> Void
  ) async throws {
    try Checkout.requireWeights()
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let library = home("library")
    try await work(library, home)
    #expect(try await succeed("verify", library.path).contains("nothing to report"))
  }

  /// An environment that does not depend on who runs the tests, and where.
  static func plain(home: TemporaryFolder) -> [String: String?] {
    [
      "HOME": home.url.path, "XDG_DATA_HOME": home("data").path,
      "XDG_CONFIG_HOME": home("config").path, "LC_ALL": "C.UTF-8",
      "TERM": "xterm-256color", "COLORTERM": nil, "NO_COLOR": nil, "CORDSCOPE_ASSETS": nil,
      "COLORFGBG": nil, "TMUX": nil, "TMUX_PANE": nil, "STY": nil,
    ]
  }
}

/// The files of the checkout that the program comes with.
enum Checkout {
  static func url(_ path: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(path)
  }

  /// Fails where the weights that come with the program are missing.
  static func requireWeights() throws {
    for name in ["cordscope-small.safetensors", "cordscope-small.json"] {
      try #require(
        FileManager.default.fileExists(atPath: url("assets/\(name)").path),
        "assets/\(name) is missing from the checkout: nothing can be detected without it")
    }
  }
}
