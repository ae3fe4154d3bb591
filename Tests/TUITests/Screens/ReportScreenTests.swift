import Core
import Testing

@testable import TUI

@Suite("Screens: the report as plain text")
struct ReportScreenTests {
  private func session(_ keys: String, columns: Int = 80, rows: Int = 24) -> Session {
    Session(
      MemoryDriver.Step.open("001") + [.type("a"), .type(keys)], columns: columns, rows: rows)
  }

  @Test("Y shows the report from the left edge, with nothing beside the lines")
  func shown() {
    let session = session("Y", columns: 120, rows: 40)
    #expect(session.lines[0] == "Study report sub-001")
    #expect(session.lines[1] == "research use only, not for diagnosis")
    #expect(session.text.contains("AI call       flagged: C4-5, C5-6; score 0.41"))
    let words = session.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("signed no") && words.contains("liu: case present"))
    for line in session.lines.prefix(37) {
      #expect(!line.unicodeScalars.contains { (0x2500...0x259f).contains($0.value) }, "\(line)")
    }
    #expect(session.lines[39].contains("lines 1-33 of 33"))
  }

  @Test("it scrolls to the end and closes to the study", arguments: ["Y", "q"])
  func scrolls(_ key: String) {
    let end = session("YG")
    #expect(end.lines[20] == "research use only, not for diagnosis")
    #expect(end.lines[0] != "Study report sub-001")
    let closed = session("YG" + key)
    // But for the message line the study is as it was.
    #expect(closed.lines.prefix(22) == session("").lines.prefix(22))
  }

  @Test("a section that goes on at the top of the screen has its heading again")
  func continued() throws {
    let session = session("Y" + String(repeating: "j", count: 10))
    #expect(session.lines[0] == "Study report sub-001, continued")
    #expect(session.lines[1].hasPrefix("C2-3  "))
    #expect(session.lines[23].contains("lines 11-30 of"))
    // Its own heading has none above it.
    #expect(!self.session("Y").text.contains("continued"))
  }

  @Test("keys that state something mean nothing while it is open")
  func inert() {
    #expect(session("YPAx").library.records("001").count == 1)
  }

  @Test("a report that comes after another key does not take the screen")
  func late() {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 80, rows: 24),
      capabilities: TerminalCapabilities())
    state.view = .study
    Workstation.show(.success(["line"]), of: "001", &state)
    #expect(state.popup == nil)
  }

  /// A study with the report asked for, and the answer that comes later.
  private func asked() -> (state: AppState, library: FixtureLibrary, answer: WorkerReply.Value?) {
    let library = FixtureLibrary { Session.time }
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    let effects = Workstation.update(&state, .key(KeyPress(.character("Y"))))
    let answer = effects.compactMap { Worker.answer($0, library, "liu") }.first
    #expect(state.message?.text == "making the report of sub-001")
    return (state, library, answer)
  }

  @Test("a key while it is being made drops nothing: it is said to be ready, and Y shows it")
  func keptWhileGoneOn() throws {
    let (start, library, answer) = asked()
    var state = start
    let reply = TerminalEvent.message(.reply(WorkerReply(value: try #require(answer))))
    state.play(.key(KeyPress(.character("j"))), on: library)
    _ = Workstation.update(&state, reply)
    #expect(state.popup == nil)
    #expect(state.message?.text.hasSuffix("the report is ready: Y shows it") == true)
    let effects = Workstation.update(&state, .key(KeyPress(.character("Y"))))
    guard case .report(let report)? = state.popup else {
      Issue.record("not shown: \(String(describing: state.message))")
      return
    }
    #expect(report.lines.first == "Study report sub-001" && effects.isEmpty)
    #expect(state.message?.text == "what stands; your acts one by one: C on the study")
  }

  @Test("asked for once more while it is being made, it is made once and shown")
  func askedTwice() throws {
    let (start, library, answer) = asked()
    var state = start
    state.play(.key(KeyPress(.character("j"))), on: library)
    #expect(Workstation.update(&state, .key(KeyPress(.character("Y")))).isEmpty)
    let reply = TerminalEvent.message(.reply(WorkerReply(value: try #require(answer))))
    _ = Workstation.update(&state, reply)
    guard case .report? = state.popup else {
      Issue.record("not shown")
      return
    }
  }

  @Test("one of before a verdict, or of a study that was left, is not shown, and that is said")
  func outdated() throws {
    for (key, words) in [
      ("a", "the report is not shown, as more was stated: Y makes it again"),
      ("q", "the report of sub-001 is not shown, as the study was left: Y there makes it again"),
    ] {
      let (start, library, answer) = asked()
      var state = start
      state.play(.key(KeyPress(.character(Character(key)))), on: library)
      let reply = TerminalEvent.message(.reply(WorkerReply(value: try #require(answer))))
      _ = Workstation.update(&state, reply)
      #expect(state.popup == nil && state.message?.text.hasSuffix(words) == true, "\(key)")
    }
  }

  /// Leaves the study shown for another one.
  private func open(_ subject: String, _ state: inout AppState, on library: FixtureLibrary) {
    state.play(.key(KeyPress(.character("q"))), on: library)
    state.worklist.selected = subject
    state.play(.key(KeyPress(.enter)), on: library)
  }

  /// Asks for the report of the study shown; the answer comes later.
  private func ask(_ state: inout AppState, on library: FixtureLibrary) throws -> TerminalEvent {
    let effects = Workstation.update(&state, .key(KeyPress(.character("Y"))))
    let answer = effects.compactMap { Worker.answer($0, library, "liu") }.first
    return .message(.reply(WorkerReply(value: try #require(answer))))
  }

  @Test("of two studies asked for one after the other both are told of: none is dropped")
  func twoStudies() throws {
    let (start, library, answer) = asked()
    var state = start
    let first = TerminalEvent.message(.reply(WorkerReply(value: try #require(answer))))
    open("002", &state, on: library)
    try #require(state.study?.study.subject == "002")
    let second = try ask(&state, on: library)
    #expect(state.message?.text == "making the report of sub-002, after that of sub-001")
    _ = Workstation.update(&state, first)
    #expect(state.popup == nil)
    #expect(
      state.message?.text.hasSuffix(
        "the report of sub-001 is not shown, as the study was left: Y there makes it again") == true
    )
    _ = Workstation.update(&state, second)
    guard case .report(let report)? = state.popup else {
      Issue.record("not shown: \(String(describing: state.message))")
      return
    }
    #expect(report.lines.first == "Study report sub-002" && state.reports.isEmpty)
  }

  @Test("asked for again from another study, it is made after those asked for before it alone")
  func askedForFirst() throws {
    let (start, library, answer) = asked()
    var state = start
    let first = TerminalEvent.message(.reply(WorkerReply(value: try #require(answer))))
    open("002", &state, on: library)
    let second = try ask(&state, on: library)
    open("001", &state, on: library)
    try #require(state.study?.study.subject == "001")
    #expect(Workstation.update(&state, .key(KeyPress(.character("Y")))).isEmpty)
    #expect(state.message?.text == "making the report of sub-001")
    _ = Workstation.update(&state, first)
    guard case .report(let report)? = state.popup else {
      Issue.record("not shown: \(String(describing: state.message))")
      return
    }
    #expect(report.lines.first == "Study report sub-001")
    _ = Workstation.update(&state, second)
    #expect(state.message?.text.contains("the report of sub-002 is not shown") == true)
    // More was stated: another one of the first study is made, after that of the second.
    state = start
    state.play(.key(KeyPress(.character("a"))), on: library)
    open("002", &state, on: library)
    _ = try ask(&state, on: library)
    open("001", &state, on: library)
    _ = try ask(&state, on: library)
    #expect(state.message?.text == "making the report of sub-001, after that of sub-002")
  }

  @Test("one of before a verdict is not taken for the one asked for after another study's")
  func countedPerStudy() throws {
    let (start, library, answer) = asked()
    var state = start
    let first = TerminalEvent.message(.reply(WorkerReply(value: try #require(answer))))
    state.play(.key(KeyPress(.character("a"))), on: library)
    open("002", &state, on: library)
    let other = try ask(&state, on: library)
    open("001", &state, on: library)
    try #require(state.study?.study.subject == "001")
    let later = try ask(&state, on: library)
    _ = Workstation.update(&state, first)
    #expect(state.popup == nil && state.message?.text.contains("ready") == false)
    _ = Workstation.update(&state, other)
    #expect(state.message?.text.contains("the report of sub-002 is not shown") == true)
    _ = Workstation.update(&state, later)
    guard case .report(let report)? = state.popup else {
      Issue.record("not shown: \(String(describing: state.message))")
      return
    }
    let words = report.lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(
      words.contains("Study report sub-001") && words.contains("1 of 6 segments stated; not signed")
    )
  }

  @Test("a failure is said")
  func failure() throws {
    let library = FixtureLibrary { Session.time }
    let worker = Worker.answer(.loadReport("none"), library, "liu")
    guard case .report("none", .failure(let failure))? = worker else {
      Issue.record("no failure: \(String(describing: worker))")
      return
    }
    #expect(failure.words.contains("no sub-none"))
  }

  @Test("the whole screen", arguments: Snapshot.sizes)
  func screen(_ size: (Int, Int)) throws {
    try Snapshot.check(
      session("Y", columns: size.0, rows: size.1).text, "report-\(size.0)x\(size.1)")
  }

  @Test("the reasons that the export's lists know are those of the menus")
  func reasons() {
    let menus = ReasonMenu.whenAbsent + ReasonMenu.whenPresent
    for reason in VerdictReasons.againstLabels { #expect(menus.contains(reason), "\(reason)") }
  }
}
