import Core
import Foundation
import Testing

@testable import TUI

@Suite("Screens of the worklist: empty, being read, opening, quitting")
struct WorklistScreensTests {
  /// A worklist at its start, told something.
  private static func state(
    _ size: (Int, Int), _ told: [AppMessage]
  ) -> AppState {
    var state = AppState(
      title: "spine-clinic", reader: "liu", size: TerminalSize(columns: size.0, rows: size.1),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    _ = Workstation.start(&state)
    for message in told { _ = Workstation.update(&state, .message(message)) }
    return state
  }

  private static func answer(_ result: Result<[WorklistEntry], WorkerFailure>) -> AppMessage {
    .reply(WorkerReply(value: .worklist(result)))
  }

  /// Studies of which only the names are known.
  private static let named = FixtureStudies.worklist(12).map { entry in
    var line = WorklistEntry(subject: entry.subject, state: .waiting, age: entry.age)
    line.isBeingRead = true
    return line
  }

  /// What the worklist is told, by the name of the screen and the words on it.
  private static let told: [(name: String, words: String, messages: [AppMessage])] = [
    ("worklist-empty", "the library holds no studies", [answer(.success([]))]),
    (
      "worklist-unreadable", "no study is listed: the library could not be read",
      [answer(.failure(WorkerFailure(words: "/srv/spine: Permission denied")))]
    ),
    ("worklist-starting", "reading the library ...", []),
    (
      "worklist-looking", "reading the library: looked at 300 of 900 folders",
      [.reading(.looked(300, of: 900))]
    ),
    (
      "worklist-reading", "read 3 of 12 studies",
      [
        .reading(.listed(named)),
        .reading(.read(Array(FixtureStudies.worklist(12).prefix(3)), 3, of: 12)),
      ]
    ),
    (
      "worklist-problem", "! detection ended: disk full",
      [answer(.success(FixtureStudies.worklist(12))), .problem("detection ended: disk full")]
    ),
  ]

  @Test("what the worklist is told", arguments: Snapshot.sizes)
  func messages(_ size: (Int, Int)) throws {
    for screen in Self.told {
      let state = Self.state(size, screen.messages)
      let text = Renderer.render(state).dump()
      try Shot.check(text, screen.name, says: screen.words, size)
    }
  }

  @Test("an empty library is told from one that could not be read, which a later reading mends")
  func unreadable() {
    let failure = Self.answer(.failure(WorkerFailure(words: "/srv/spine: Permission denied")))
    var state = Self.state((80, 24), [failure])
    let failed = Renderer.render(state).dump()
    #expect(failed.contains("Permission denied") && !failed.contains("holds no studies"))
    _ = Workstation.update(&state, .message(Self.answer(.success([]))))
    let mended = Renderer.render(state).dump()
    #expect(mended.contains("holds no studies") && !mended.contains("could not be read"))
  }

  /// Studies of which the AI says nothing, as `detect` lists them.
  private static let unassessed: [WorklistEntry] = {
    func entry(
      _ subject: String, _ score: Double?, _ reason: String, _ flags: [String]
    ) -> WorklistEntry {
      var entry = WorklistEntry(
        subject: subject, state: .problem(reason), score: score, threshold: score.map { _ in 0.15 },
        quality: flags.map { QualityFlag($0, "") })
      entry.notAssessed = reason
      return entry
    }
    let uncalled =
      "\(Detection.notBySegment); the score is the maximum over the whole cord in the joined windows, "
      + "for which no threshold is calibrated"
    var read = entry("read", 0.31, uncalled, ["levels-missing", "out-of-plane", "noise"])
    read.state = .reading
    return [
      entry(
        "ghost0", 0.42, uncalled,
        ["levels-missing", "region-unconfirmed", "out-of-plane", "csf-effaced", "motion"]),
      entry(
        "lower", nil,
        "wrong-region: Only 23.3 mm of cord are in view (three vertebrae, 45 mm, are the least): this is "
          + "no neck, or the cord mask is a piece",
        ["levels-missing", "wrong-region", "region-unconfirmed", "noise"]),
      entry("plain", 0.22, uncalled, ["levels-missing"]),
      entry("cut", nil, "its image is truncated: 400 of 900 bytes are there; send it again", []),
      read,
    ]
  }()

  @Test("faults of studies without a call stand behind the reason", arguments: Snapshot.sizes)
  func unassessed(_ size: (Int, Int)) throws {
    let state = Self.state(size, [Self.answer(.success(Self.unassessed))])
    try Shot.check(Renderer.render(state).dump(), "worklist-unassessed", says: "sub-lower", size)
  }

  @Test("the gravest fault is seen in its column wherever there is one, and no reason is lost")
  func faults() throws {
    func lines(_ columns: Int) -> [String] {
      let state = Self.state((columns, 40), [Self.answer(.success(Self.unassessed))])
      return Renderer.render(state).dump().split(separator: "\n").map(String.init)
    }
    func line(_ subject: String, _ lines: [String]) throws -> String {
      try #require(lines.first { $0.contains("sub-\(subject)") })
    }
    for columns in [110, 120, 140, 200] {
      let all = lines(columns)
      let head = try #require(all.first { $0.contains("QUALITY") })
      let start = try #require(head.firstRange(of: "QUALITY")).lowerBound
      let place = head.distance(from: head.startIndex, to: start)
      func flags(_ subject: String) throws -> String {
        String(try line(subject, all).dropFirst(place)).trimmingCharacters(in: .whitespaces)
      }
      let ghost = try line("ghost0", all)
      #expect(ghost.contains("not assessed by segment: levels missing "), "\(ghost)")
      #expect(try flags("ghost0").hasPrefix("motion"), "\(ghost)")
      let lower = try line("lower", all)
      #expect(lower.contains("wrong-region: Only 23.3 mm of cord are in view "), "\(lower)")
      #expect(try flags("lower").hasPrefix("noise"), "\(lower)")
      #expect(try flags("read").hasPrefix("noise"))
      guard columns == 140 else { continue }
      #expect(try flags("ghost0") == "motion, region-unconfirmed +2")
      #expect(try flags("lower") == "noise, region-unconfirmed +1")
    }
    for columns in [110, 200] {
      let all = lines(columns)
      // Nothing more to tell: the reason has the whole line.
      #expect(try line("plain", all).contains("levels missing; the score"))
      #expect(try line("cut", all).contains("its image is truncated: 400 of 900 bytes"))
    }
    // At 80 columns nobody has a column of flags.
    #expect(try line("ghost0", lines(80)).contains("not assessed by segment:"))
  }

  @Test("where the AI is hidden no flag tells of its curve")
  func blindFaults() {
    var entry = Self.unassessed[0]
    entry.quality = ["peak-outside", "csf-effaced", "motion"].map { QualityFlag($0, "") }
    #expect(WorklistScreen.faults(entry, hidesAI: true) == ["motion"])
    #expect(
      WorklistScreen.faults(entry, hidesAI: false) == ["motion", "peak-outside", "csf-effaced"])
  }

  @Test(
    "a reason is cut where a part of it ends",
    arguments: [
      ("a b c", 5, "a b c"), ("not seen; it is too far away", 12, "not seen"),
      ("not seen (too far); away", 20, "not seen (too far)"),
      ("name: a long sentence", 18, "name: a long sent…"),
      ("a sentence without any end", 10, "a sentenc…"), ("", 0, ""),
    ])
  func shortened(_ reason: String, _ room: Int, _ words: String) {
    #expect(WorklistScreen.shortReason(reason, room: room) == words)
  }

  /// As a library says it whose weights were calibrated on many patients.
  private static let source =
    "calibration: 204 patients, 72 with lesion; patient at sensitivity 0.9, segment at the largest F1"

  @Test(
    "where the source of the threshold is long, it has a second line", arguments: Snapshot.sizes)
  func longSource(_ size: (Int, Int)) throws {
    let entries = FixtureStudies.worklist(100).map { entry in
      var entry = entry
      entry.thresholdSource = Self.source
      return entry
    }
    var state = Self.state(size, [Self.answer(.success(entries))])
    let text = Renderer.render(state).dump()
    #expect(text.contains("core from 0.15 (calibration:") && text.contains("sensitivity 0.9"))
    #expect(text.contains("204 patients, 72 with lesion"))
    try Shot.check(text, "worklist-source", says: " of 100", size)
    // The last study is seen, whatever the foot takes.
    _ = Workstation.update(&state, .key(.character("G")))
    let last = try #require(state.worklist.selected)
    let end = Renderer.render(state).dump()
    #expect(end.contains("▸") && end.contains("sub-\(last)") && end.contains("-100 of 100"))
  }

  @Test("the list gives a line to its foot only where that is too long for one")
  func footLines() {
    var short = Self.state((80, 24), [Self.answer(.success(FixtureStudies.worklist(12)))])
    #expect(WorklistScreen.lines(short.worklist, short.size) == 17)
    for index in short.worklist.entries.indices {
      short.worklist.entries[index].thresholdSource = Self.source
    }
    #expect(WorklistScreen.lines(short.worklist, short.size) == 16)
    #expect(WorklistScreen.lines(short.worklist, TerminalSize(columns: 200, rows: 60)) == 53)
    // A low screen keeps its studies.
    #expect(WorklistScreen.lines(short.worklist, TerminalSize(columns: 80, rows: 10)) == 3)
  }

  @Test("a study being opened for some time", arguments: Snapshot.sizes)
  func opening(_ size: (Int, Int)) throws {
    var state = Self.state(size, [Self.answer(.success(FixtureStudies.worklist(12)))])
    state.worklist.selected = "001"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    for _ in 0..<3 { _ = Workstation.update(&state, .message(.tick)) }
    try Shot.check(
      Renderer.render(state).dump(), "worklist-opening",
      says: "opening sub-001, 6 s so far; Esc stays here", size)
    _ = Workstation.update(&state, .key(.character(":")))
    for key in "state-p" { _ = Workstation.update(&state, .key(.character(key))) }
    try Shot.check(
      Renderer.render(state).dump(), "palette-opening", says: "sub-001 is not yet open", size)
  }

  /// Steps that lead to the other screens.
  private static let shots: [Shot] = [
    Shot("worklist-none", "no study passes the filter", .type("/zzz"), .enter),
    Shot("worklist-filter-wrong", "not filtered", .type("/colour:red"), .enter),
    Shot("view-name", "save this view as: Monday", .type("v+Monday")),
    Shot(
      "view-saved", "view Monday saved", .type("/flagged"), .enter, .type("v+Monday"), .enter),
    Shot("worklist-read", "●read", after: DecidingTests.read, .type("q"), .escape),
    Shot("worklist-signed", "signed", after: DecidingTests.signed, .type("q"), .escape),
    Shot(
      "worklist-quit", "q again quits WITHOUT SAVING sub-001, disc labels",
      after: MemoryDriver.Step.open("001"), .type("ejj"), .escape, .type("qq")),
    Shot("palette-nothing", "no command fits \"zzzz\"", .type(":zzzz")),
    Shot("help-last", "TRUTH", .type("?G")),
    Shot("help-nothing", "nothing here has these words", .type("?/zzzz")),
  ]

  @Test("whole screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    for shot in Self.shots { try shot.check(size) }
    let blind = Shot("worklist-blind", "AI hidden")
    try blind.check(size, startsBlind: true)
    let closed = Shot("worklist-obstacle", "! nothing can be saved here")
    try closed.check(size, obstacle: "nothing can be saved here: Permission denied")
  }
}
