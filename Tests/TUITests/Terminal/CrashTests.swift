import Core
import Foundation
import Testing

@testable import TUI

/// A terminal whose other end the test holds.
private struct Terminal {
  let master: Int32
  /// Held open, so that settings and output outlive the program that used it.
  let slave: Int32
  let path: String

  init() throws {
    var ends: (master: Int32, slave: Int32) = (-1, -1)
    try #require(openpty(&ends.master, &ends.slave, nil, nil, nil) == 0)
    (master, slave) = ends
    // `ttyname` keeps its answer where the next terminal of another test writes its own.
    var name = [CChar](repeating: 0, count: Int(PATH_MAX))
    try #require(ttyname_r(slave, &name, name.count) == 0)
    path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func close() {
    _ = Foundation.close(slave)
    _ = Foundation.close(master)
  }

  /// Whether it echoes and collects lines, as for a shell.
  var isSane: Bool {
    var settings = termios()
    let wanted = tcflag_t(ICANON | ECHO | ISIG)
    return tcgetattr(slave, &settings) == 0 && settings.c_lflag & wanted == wanted
  }

  /// What was written to it.
  func output() -> String {
    var bytes: [UInt8] = []
    var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    while poll(&ready, 1, 0) > 0, ready.revents & Int16(POLLIN) != 0 {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A library that takes more stack than there is.
private struct BottomlessLibrary: ReviewSource {
  let title = "bottomless"

  func worklist(reader: String) throws -> [WorklistEntry] {
    _ = CrashTests.dive(0)
    return []
  }

  func loadStudy(_ subject: String) throws -> ReviewStudy {
    throw FixtureError(description: "no studies")
  }

  func journal(_ subject: String, reader: String) throws -> JournalContents {
    JournalContents(records: [])
  }

  func append(_ draft: ReviewDraft, subject: String, reader: String) throws -> ReviewRecord {
    throw FixtureError(description: "no journal")
  }

  func hasPIN(reader: String) throws -> Bool { false }

  func setPIN(_ pin: PIN, reader: String) throws {
    throw FixtureError(description: "no readers")
  }

  func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord {
    throw FixtureError(description: "no journal")
  }
}

@Suite("Terminal: a crash gives it back")
struct CrashTests {
  /// Calls itself until the stack is full.
  @inline(never) static func dive(_ depth: UInt64) -> UInt64 {
    if depth == .max { return 0 }
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 128) { room in
      room.initialize(repeating: depth)
      return dive(depth + 1) &+ room[Int(depth % 128)]
    }
  }

  /// Takes the terminal over and overflows the stack of a thread of some kind.
  static func crash(on thread: String, terminal path: String) throws {
    let slave = open(path, O_RDWR | O_NOCTTY)
    dup2(slave, STDIN_FILENO)
    dup2(slave, STDOUT_FILENO)
    try TerminalDevice.open()
    TerminalDevice.setFarewell(KittyNumbers(pane: nil).farewell)
    try TerminalDevice.write(Array("\u{1b}[?1049h\u{1b}[?25l".utf8))
    let worker = Worker(source: BottomlessLibrary(), reader: "r", mailbox: Mailbox {})
    switch thread {
    case "thread": SignalStack.detachNewThread { _ = dive(0) }
    case "queue": worker.run(.loadWorklist)
    default:
      // The thread that opened the terminal has a stack for signals in any case: the others first.
      let opener = pthread_self()
      ThreadTeam(threads: 4).forEach(4) { _, _ in
        if pthread_equal(pthread_self(), opener) != 0 { sleep(5) }
        _ = dive(0)
      }
    }
    while true { sleep(1) }
  }

  @Test(
    "a stack overflow on any thread restores screen and settings",
    arguments: ["thread", "queue", "team"])
  func overflow(_ thread: String) async throws {
    let terminal = try Terminal()
    defer { terminal.close() }
    try #require(terminal.isSane)
    let path = terminal.path
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      [thread = thread as String, path = path as String] in
      try CrashTests.crash(on: thread, terminal: path)
    }
    let output = terminal.output()
    #expect(output.contains("\u{1b}[?1049h"), "the terminal was never taken over")
    #expect(output.contains("\u{1b}[?25h\u{1b}[?1049l"))
    #expect(output.contains("\u{1b}_Ga=d,d=I,i=16,q=2\u{1b}\\"), "pictures are left behind")
    #expect(terminal.isSane)
  }
}

@Suite("Signal stacks")
struct SignalStackTests {
  @Test("a thread has one from its first moment, and the same one ever after")
  func ensured() async {
    let stacks: [UInt] = await withCheckedContinuation { continuation in
      SignalStack.detachNewThread {
        var found: [UInt] = []
        for _ in 0..<2 {
          SignalStack.ensure()
          var stack = stack_t()
          sigaltstack(nil, &stack)
          found.append(
            stack.ss_flags & Int32(SS_DISABLE) == 0 ? UInt(bitPattern: stack.ss_sp) : 0)
        }
        continuation.resume(returning: found)
      }
    }
    #expect(stacks.count == 2 && stacks[0] != 0 && stacks[0] == stacks[1])
  }
}
