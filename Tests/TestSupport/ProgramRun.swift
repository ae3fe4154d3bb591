public import Foundation

/// A program under test: started with its output in files, watched, signalled, waited for.
///
/// It is spawned with no signal blocked or ignored, which the threads that run tests do not grant; it is
/// waited for on a thread of its own.
public struct ProgramRun: Sendable {
  /// How long a program may take that is not told otherwise: many run at once on few cores.
  public static let limit = Duration.seconds(900)

  /// How a program ended and what it wrote.
  public struct Result: Sendable {
    /// The exit code, or 128 and the signal's number when a signal ended it.
    public let exitCode: Int32
    /// What it wrote to stdout.
    public let output: [UInt8]
    /// What it wrote to stderr.
    public let errors: String
    /// What it wrote to stdout, as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Why there is no result.
  public struct Failure: Error, CustomStringConvertible {
    /// What happened.
    public let description: String

    /// Makes it from what happened.
    public init(_ description: String) { self.description = description }
  }

  private let name: String
  private let identifier: pid_t
  private let folder: TemporaryFolder

  /// Starts a program; its standard input is empty.
  ///
  /// - Parameters:
  ///   - environment: added to this process's environment; `nil` takes a variable away.
  /// - Throws: `Failure` when it cannot be started.
  public init(
    starting program: URL, _ arguments: [String], environment: [String: String?] = [:]
  ) throws {
    name = ([program.lastPathComponent] + arguments).joined(separator: " ")
    folder = try TemporaryFolder()
    identifier = try Self.spawn(
      [program.path] + arguments, Self.environment(changed: environment), folder)
  }

  /// Runs a program to its end.
  ///
  /// - Throws: `Failure` when it cannot be started, or was killed because it took too long.
  public static func result(
    of program: URL, _ arguments: [String], environment: [String: String?] = [:],
    within limit: Duration = ProgramRun.limit
  ) async throws -> Result {
    try await ProgramRun(starting: program, arguments, environment: environment)
      .result(within: limit)
  }

  /// Sends a signal.
  public func send(_ signal: Int32) { kill(identifier, signal) }

  /// Sends a signal as soon as something holds, or the time is over.
  ///
  /// - Parameter delay: how long to wait after that.
  /// - Returns: whether it held.
  @discardableResult
  public func send(
    _ signal: Int32, once holds: @escaping @Sendable () -> Bool, after delay: Duration = .zero,
    within limit: Duration = Patience.limit
  ) async throws -> Bool {
    try await OwnThread.run {
      let end = ContinuousClock.now + limit
      var isThere = holds()
      while !isThere, ContinuousClock.now < end {
        Self.pause()
        isThere = holds()
      }
      usleep(UInt32(delay / .microseconds(1)))
      send(signal)
      return isThere
    }
  }

  /// A moment between two looks at a program.
  private static func pause() { usleep(2000) }

  /// What it has written to stderr so far.
  public var errors: String { String(decoding: contents("errors"), as: UTF8.self) }

  /// Waits for the end.
  ///
  /// - Throws: `Failure` when the time is over; the program is killed then.
  public func result(within limit: Duration = ProgramRun.limit) async throws -> Result {
    try await OwnThread.run { try reaped(within: limit) }
  }

  private func reaped(within limit: Duration) throws -> Result {
    let end = ContinuousClock.now + limit
    var status: Int32 = 0
    while waitpid(identifier, &status, WNOHANG) == 0 {
      if ContinuousClock.now >= end {
        kill(identifier, SIGKILL)
        waitpid(identifier, &status, 0)
        throw Failure("\(name) did not end within \(limit): \(errors)")
      }
      Self.pause()
    }
    let signal = status & 0x7F
    return Result(
      exitCode: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: contents("output"),
      errors: errors)
  }

  private func contents(_ file: String) -> [UInt8] {
    (try? Data(contentsOf: folder(file))).map { Array($0) } ?? []
  }

  private static func environment(changed: [String: String?]) -> [String] {
    var all = ProcessInfo.processInfo.environment
    for (name, value) in changed { all[name] = value }
    return all.map { "\($0.key)=\($0.value)" }
  }

  private static func spawn(
    _ words: [String], _ environment: [String], _ folder: TemporaryFolder
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (descriptor, file) in [(Int32(1), "output"), (2, "errors")] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, folder(file).path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    // Files that the runner has open, locks among them, are not for programs that may outlive it.
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var identifier: pid_t = 0
    let code = posix_spawn(&identifier, words[0], &actions, &attributes, argv, envp)
    guard code == 0 else {
      throw Failure("cannot start \(words[0]): \(String(cString: strerror(code)))")
    }
    return identifier
  }
}
