import Foundation

/// From a key to its complete frame: CPU time of the workstation and bytes to the terminal, slice after
/// slice, each drawn for the first time or so long ago that it is forgotten.
struct FrameBenchmark {
  /// What the terminal can do and how fast keys come.
  enum Kind: String, CaseIterable {
    case halfBlocks = "half blocks"
    case blockDrafts = "half blocks, drafts while a key repeats"
    case numbered = "half blocks in 256 colours"
    case numberedDrafts = "half blocks in 256 colours, drafts while a key repeats"
    case sixels = "sixels"
    case drafts = "sixels, drafts while a key repeats"
    case kitty = "kitty pictures"
    case kittyDrafts = "kitty pictures, drafts while a key repeats"

    var isMoving: Bool {
      [.blockDrafts, .numberedDrafts, .drafts, .kittyDrafts].contains(self)
    }
    /// Whether the terminal says that it draws sixels.
    var hasSixels: Bool { [.sixels, .drafts, .kitty, .kittyDrafts].contains(self) }
    /// Whether it is known for 24-bit colours.
    var isTrueColour: Bool { self != .numbered && self != .numberedDrafts }
    /// What is said instead of answered.
    var options: [String] {
      self == .kitty || self == .kittyDrafts ? ["--graphics", "kitty"] : []
    }
  }

  /// How large the terminal is, and which keys are pressed.
  struct Course {
    var (columns, rows) = (120, 40)
    /// The key pressed again and again, and the one once it does nothing more.
    var keys = ("j", "k")

    /// Reads "200x60" and "jk", or "o": the one key then goes round.
    init?(_ words: ArraySlice<String>) {
      if let word = words.first {
        let sides = word.split(separator: "x").compactMap { Int($0) }
        guard sides.count == 2, sides.allSatisfy({ (20...1000).contains($0) }) else { return nil }
        (columns, rows) = (sides[0], sides[1])
      }
      if let word = words.dropFirst().first, let first = word.first, let last = word.last {
        keys = (String(first), String(last))
      }
    }
  }

  /// One key's cost.
  struct Cost {
    let milliseconds: Double
    let bytes: Int
  }

  /// Opens the first study of a library and moves through its slices, inverting the greys at each end so
  /// that more pictures are seen than are kept.
  static func run(
    _ kind: Kind, program: String, library: String, keys: Int, course: Course
  ) throws -> [Cost] {
    let terminal = try PseudoTerminal(
      [program, "review", library] + kind.options, columns: course.columns, rows: course.rows,
      hasSixels: kind.hasSixels, isTrueColour: kind.isTrueColour)
    defer { terminal.close() }
    _ = terminal.output(silence: 1000, longest: 20_000)
    terminal.type("\r")
    _ = terminal.output(silence: 1000, longest: 20_000)
    // A held key repeats about every 40 ms; else a picture rests before the next key.
    let (silence, longest) = kind.isMoving ? (40, 40) : (300, 5000)
    let mostEmpty = kind.isMoving ? 5 : 1
    var (costs, isDown, empty, ends) = ([Cost](), true, 0, 0)
    while costs.count < keys, ends < 40 {
      let before = terminal.processorTime
      terminal.type(isDown ? course.keys.0 : course.keys.1)
      let bytes = terminal.output(silence: silence, longest: longest)
      let cost = Cost(
        milliseconds: Double(terminal.processorTime - before) / 1e6, bytes: bytes.count)
      guard bytes.count < 1000 else {
        costs.append(cost)
        empty = 0
        continue
      }
      empty += 1
      guard empty >= mostEmpty else { continue }
      // Without pictures it was the last slice.
      (empty, isDown) = (0, !isDown)
      ends += 1
      terminal.type("i")
      _ = terminal.output(silence: 300, longest: 5000)
    }
    return costs
  }
}

/// A terminal that answers the workstation's questions and counts what comes.
final class PseudoTerminal {
  private let master: Int32
  private let process: pid_t

  /// What went wrong.
  struct Failure: Error, CustomStringConvertible { let description: String }

  init(
    _ words: [String], columns: Int, rows: Int, hasSixels: Bool, isTrueColour: Bool = true
  ) throws {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: UInt16(columns * 8),
      ws_ypixel: UInt16(rows * 17))
    guard openpty(&master, &slave, nil, nil, &size) == 0, let name = ttyname(slave) else {
      throw Failure(description: "no pseudo terminal")
    }
    self.master = master
    self.hasSixels = hasSixels
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Opened by the leader of a new session, it is the session's terminal.
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    for descriptor in [master, slave] { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(0x80))  // POSIX_SPAWN_SETSID
    var environment = ProcessInfo.processInfo.environment
    environment["TERM"] = "xterm-256color"
    environment["COLORTERM"] = isTrueColour ? "truecolor" : nil
    environment["LC_ALL"] = "C.UTF-8"
    let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let envp: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, words[0], &actions, &attributes, argv, envp)
    Foundation.close(slave)
    guard code == 0 else {
      throw Failure(description: "cannot start \(words[0]): \(String(cString: strerror(code)))")
    }
    self.process = process
  }

  private let hasSixels: Bool

  /// Types characters.
  func type(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
  }

  /// What comes until nothing came for some milliseconds; questions are answered.
  func output(silence: Int, longest: Int) -> [UInt8] {
    let end = ContinuousClock.now + .milliseconds(longest)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while ContinuousClock.now < end {
      var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, Int32(silence)) > 0 else { break }
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
      answer(buffer.prefix(count))
    }
    return bytes
  }

  private func answer(_ bytes: ArraySlice<UInt8>) {
    let text = String(decoding: bytes, as: UTF8.self)
    if text.contains("\u{1b}[16t") { type("\u{1b}[6;17;8t") }
    if text.contains("\u{1b}[c") { type(hasSixels ? "\u{1b}[?62;4;22c" : "\u{1b}[?62;22c") }
  }

  /// Nanoseconds that all threads of the program have run.
  var processorTime: Int {
    let folder = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return threads.reduce(0) { sum, thread in
      let text =
        (try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8)) ?? ""
      return sum + (text.split(separator: " ").first.flatMap { Int($0) } ?? 0)
    }
  }

  /// Ends the program.
  func close() {
    type("Q")
    _ = output(silence: 500, longest: 3000)
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    Foundation.close(master)
  }
}
