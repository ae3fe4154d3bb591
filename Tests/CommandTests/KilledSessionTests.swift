import Core
import Foundation
import TestSupport
import Testing

/// Workstations that end in every way there is while verdicts are stated.
@Suite("Sessions killed at random")
struct KilledSessionTests {
  /// What ends a session.
  enum End: CaseIterable {
    /// Signals to the program: asked to end, its terminal gone, killed, a trap of its own.
    case terminated, hungUp, killed, trapped
    /// The terminal with everything in it.
    case terminal
    /// The SSH client, with the line.
    case client

    /// The signal to the program, where one is sent.
    var signal: Int32? {
      switch self {
      case .terminated: SIGTERM
      case .hungUp: SIGHUP
      case .killed: SIGKILL
      case .trapped: SIGTRAP
      case .terminal, .client: nil
      }
    }

    /// Whether the program can give the terminal back.
    var restores: Bool { self == .terminated || self == .trapped }
  }

  /// How many sessions are killed: `CORDSCOPE_KILLS`, for a full run 100.
  static let count = ProcessInfo.processInfo.environment["CORDSCOPE_KILLS"].flatMap(Int.init) ?? 6

  @Test(
    "no acknowledged verdict is lost, no file half written, no orphan left, the terminal given back",
    .enabled(if: TmuxSession.isThere, "tmux is not installed"), .timeLimit(.minutes(90)))
  func sessions() async throws {
    let seed: UInt64 = 20_261_122
    var random = RandomSource(seed: seed)
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let library = home("library")
    try await Program.detectedLibrary(at: library.path)
    let ends = End.allCases.filter { $0 != .client || LoopbackSSH.isThere }
    var tally: [String: Int] = [:]
    var acknowledged = 0
    for number in 0..<Self.count {
      let end = ends[number % ends.count]
      let session = KilledSession(end: end, library: library, home: home)
      acknowledged += try await session.run(&random)
      tally["\(end)", default: 0] += 1
      let records = try session.records()
      #expect(records.count >= acknowledged, "\(end), session \(number), seed \(seed)")
      #expect(records.map(\.seq) == records.indices.map { $0 + 1 })
      // What was written but not acknowledged counts from now on.
      acknowledged = records.count
      let check = try await Program.run("verify", library.path)
      #expect(check.exitCode == 0, "\(end), session \(number), seed \(seed): \(check.text)")
    }
    print("sessions killed: \(tally), \(acknowledged) verdicts in the journal (seed \(seed))")
    #expect(acknowledged >= Self.count, "hardly a verdict was stated")
  }
}

/// One session that is killed.
private struct KilledSession {
  let end: KilledSessionTests.End
  let library: URL
  let home: TemporaryFolder

  /// Opens a study, states verdicts, is killed in the middle of it: the verdicts acknowledged.
  func run(_ random: inout RandomSource) async throws -> Int {
    let server =
      end == .client ? try await LoopbackSSH(program: try Program.url(), library: library) : nil
    var environment = Program.plain(home: home)
    environment["PROGRAM"] = try Program.url().path
    environment["LIBRARY"] = library.path
    environment["NOTES"] = home.url.path
    environment["LOGIN"] = server?.client("-tt").joined(separator: " ") ?? ""
    let terminal = try await TmuxSession(environment: environment)
    var acknowledged = 0
    do {
      try await terminal.enter(
        #"stty -g > "$NOTES/before"; \#(end == .client ? "$LOGIN" : #""$PROGRAM" review "$LIBRARY""#); echo "rc=$?""#
      )
      try await terminal.wait("the worklist") { $0.contains("sub-001") }
      try await terminal.press("Enter")
      try await terminal.wait("the study") { $0.contains("LEVEL SCORE") && $0.contains("▀") }
      var isPresent = try records().last?.verdict != .present
      for _ in 0..<(1 + random.below(3)) {
        try await state(isPresent, in: terminal)
        acknowledged += 1
        isPresent.toggle()
      }
      // One more, which may or may not be written before the end.
      try await terminal.press(isPresent ? "P" : "A")
      try await Task.sleep(for: .milliseconds(random.below(40)))
      try await kill(terminal, server)
    } catch {
      await terminal.close()
      await server?.close()
      throw error
    }
    await terminal.close()
    try await waitForTheEnd()
    await server?.close()
    return acknowledged
  }

  /// States a verdict; where the lock of a killed session is still being taken over, once more.
  private func state(_ isPresent: Bool, in terminal: TmuxSession) async throws {
    let words = isPresent ? " present: saved" : " absent: saved"
    try await terminal.press(isPresent ? "P" : "A", until: "a verdict") { $0.contains(words) }
  }

  private func kill(_ terminal: TmuxSession, _ server: LoopbackSSH?) async throws {
    if let signal = end.signal {
      let process = try #require(workstations.first, "no workstation runs")
      Foundation.kill(process, signal)
      guard end.restores else { return }
      let screen = try await terminal.wait("the shell") { $0.contains("\nrc=") }
      #expect(screen.contains(end == .terminated ? "\nrc=143" : "\nrc=133"), "\(screen)")
      try await terminal.enter(#"stty -g > "$NOTES/after"; echo "done=$?""#)
      try await terminal.wait("an answer of the shell") { $0.contains("done=0") }
      let notes = try ["before", "after"].map { try String(contentsOf: home($0), encoding: .utf8) }
      #expect(notes[0] == notes[1] && !notes[0].isEmpty, "\(end)")
      #expect(try await terminal.variable("alternate_on") == "0", "\(end)")
      #expect(try await terminal.variable("mouse_any_flag") == "0", "\(end)")
    } else if let server {
      let client = try #require(
        RunningProgram.named("ssh", on: server.folder.url).first, "no client runs")
      Foundation.kill(client, SIGKILL)
    }
  }

  /// Nothing may live on, whichever end was cut.
  private func waitForTheEnd() async throws {
    let isOver = try await Patience.holds { workstations.isEmpty }
    #expect(isOver, "\(end): the workstation lives on")
  }

  /// The workstations on the library.
  private var workstations: [pid_t] { RunningProgram.named("cordscope", "review", on: library) }

  /// What the journal holds.
  func records() throws -> [ReviewRecord] {
    let reader = try ReaderIdentity.current(library: library)
    let opened = try StudyLibrary(opening: library)
    let subject = try #require(opened.studies.first).subject
    return try opened.journal(subject, reader: reader).records
  }
}
