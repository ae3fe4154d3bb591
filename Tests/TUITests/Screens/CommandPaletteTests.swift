import Core
import Testing

@testable import TUI

@Suite("The list of commands")
struct CommandPaletteTests {
  @Test("its screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let worklist = Session([.type(":")], columns: size.0, rows: size.1)
    try Snapshot.check(worklist.text, "palette-worklist-\(size.0)x\(size.1)")
    let study = Session(
      MemoryDriver.Step.open("001") + [.type(":seg")], columns: size.0, rows: size.1)
    try Snapshot.check(study.text, "palette-study-\(size.0)x\(size.1)")
  }

  @Test(
    "every command has its own word, and typing it puts it first", arguments: KeyContext.allCases)
  func words(_ context: KeyContext) {
    #expect(Set(Command.allCases.map(\.word)).count == Command.allCases.count)
    #expect(Command.nextSegment.word == "next-segment" && Command.signOff.word == "sign-off")
    let contexts = context == .everywhere ? [context] : [context, .everywhere]
    let all = CommandPalette.entries("", in: contexts, .standard)
    let bound = Set(KeyBindings.all.filter { contexts.contains($0.context) }.map(\.command))
    #expect(Set(all.map(\.command)) == bound.subtracting([.palette]))
    for entry in all {
      let found = CommandPalette.entries(entry.command.word, in: contexts, .standard)
      #expect(found.first == entry)
    }
  }

  @Test("words, their later parts, descriptions and letters in order are found, the best first")
  func ranking() {
    func find(_ text: String) -> [Command] {
      CommandPalette.entries(text, in: [.study, .everywhere], .standard).map(\.command)
    }
    #expect(find("sign").first == .signMode)
    #expect(find("segment").prefix(2) == [.nextSegment, .previousSegment])
    #expect(find("next seg").first == .nextSegment)
    #expect(find("yukawa") == [.cycleGrade])
    #expect(find("nxsg") == [.nextSegment])
    #expect(find("no such thing").isEmpty)
  }

  @Test("Enter does what the key does: records, message and screen are the same")
  func sameAsKey() {
    for (word, key) in [
      ("accept", "a"), ("state-absent", "A"), ("cycle-quality", "f"), ("flag", "!"),
    ] {
      let typed = Session(MemoryDriver.Step.open("001") + [.type(":" + word), .enter])
      let pressed = Session(MemoryDriver.Step.open("001") + [.type(key)])
      #expect(typed.library.records("001").count == 1, "\(word)")
      #expect(typed.library.records("001") == pressed.library.records("001"), "\(word)")
      #expect(typed.text == pressed.text, "\(word)")
    }
    let sorted = Session([.type(":so"), .enter])
    #expect(sorted.text.contains("Sort by") && sorted.text.contains("unread first"))
  }

  @Test("a verdict stays inert where no picture is drawn, and the list says why")
  func inert() {
    var capabilities = TerminalCapabilities()
    capabilities.colours = 8
    let listed = Session(
      MemoryDriver.Step.open("001") + [.type(":state-p")], capabilities: capabilities)
    #expect(listed.text.contains("× no verdict without a picture"))
    #expect(listed.text.contains("8 colours, 16 needed, or sixel; verdicts need one"))
    let run = Session(
      MemoryDriver.Step.open("001") + [.type(":state-p"), .enter], capabilities: capabilities)
    #expect(run.library.records("001").isEmpty)
    #expect(run.message.contains("no verdict without a picture"))
  }

  @Test("pictures in doubt, asked for all the same, are judged after a word only")
  func pictureInDoubt() {
    var capabilities = TerminalCapabilities.sixelTerminal
    (capabilities.sixel, capabilities.choice) = (false, .sixel)
    let refused = Session(
      MemoryDriver.Step.open("001") + [.type("P")], capabilities: capabilities)
    #expect(refused.library.records("001").isEmpty)
    #expect(refused.message.contains("does not say that it draws sixels; :picture-seen"))
    // That is said before anything is refused, whole at 80 columns, until it is confirmed.
    let warning = " picture not confirmed: :picture-seen if you see it, no verdict before"
    let opened = Session(MemoryDriver.Step.open("001"), capabilities: capabilities)
    #expect(opened.lines[2] == warning && refused.lines[2] == warning)
    let taken = Session(
      MemoryDriver.Step.open("001")
        + [.type(":picture-seen"), .enter, .type("P")], capabilities: capabilities)
    #expect(!taken.text.contains("not confirmed"))
    #expect(taken.library.records("001").count == 1)
  }

  @Test("a verdict from the list waits for the picture it judges, as the key does")
  func waitsForPicture() throws {
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("j:state-present"), .enter], typesAhead: true)
    #expect(session.library.records("001").map(\.verdict) == [.present])
    #expect(session.worker.log.last { $0 != "write" } == "draw 6")
  }

  @Test("what cannot run now is dim, with a sign and the reason")
  func unavailable() throws {
    let session = Session(MemoryDriver.Step.open("001") + [.type(":undo")])
    let row = try #require(session.lines.firstIndex { $0.contains("× nothing to take back") })
    let screen = session.driver.screen
    let column = try #require(
      (0..<screen.size.columns).first { screen[row, $0].glyph == "×" })
    #expect(screen[row, column].style == .dim)
    let after = Session(MemoryDriver.Step.open("001") + [.type("a:undo")])
    #expect(!after.text.contains("× nothing to take back"))
  }

  @Test("the list never covers the picture", arguments: Snapshot.sizes)
  func besidePicture(_ size: (Int, Int)) {
    let before = Session(MemoryDriver.Step.open("001"), columns: size.0, rows: size.1)
    let after = Session(
      MemoryDriver.Step.open("001") + [.type(":")], columns: size.0, rows: size.1)
    let (a, b) = (before.driver.screen, after.driver.screen)
    let layout = StudyLayout(size: a.size, isAligned: nil, capabilities: .init())
    for row in layout.picture.row..<layout.picture.rowEnd {
      for column in 0..<layout.picture.columnEnd { #expect(a[row, column] == b[row, column]) }
    }
  }

  @Test("Esc leaves; Up and Down choose; Tab completes; pasted lines are typed, not run")
  func keys() {
    let left = Session(MemoryDriver.Step.open("001") + [.type(":acc"), .escape])
    #expect(left.library.records("001").isEmpty && !left.text.contains("Commands"))
    let moved = Session([
      .type(":"), .key(KeyPress(.down)), .key(KeyPress(.down)), .key(KeyPress(.up)),
      .key(KeyPress(.tab)),
    ])
    let second = CommandPalette.entries("", in: [.worklist, .everywhere], .standard)[1]
    #expect(moved.message.contains("command: \(second.command.word)"))
    let pasted = Session(MemoryDriver.Step.open("001") + [.type(":"), .paste("accept\n")])
    #expect(pasted.library.records("001").isEmpty)
    #expect(pasted.message.contains("command: accept"))
  }

  @Test("the wheel moves in the list by one line, and chooses nothing")
  func wheel() {
    func session(_ steps: MemoryDriver.Step...) -> Session {
      Session(MemoryDriver.Step.open("001") + [.type(":")] + steps)
    }
    func turned(_ kind: MouseAct.Kind) -> MemoryDriver.Step {
      .mouse(MouseAct(kind, row: 5, column: 50))
    }
    let down = MemoryDriver.Step.key(KeyPress(.down))
    #expect(session(turned(.wheelDown)).text == session(down).text)
    #expect(session(down).text != session().text)
    #expect(session(turned(.wheelDown), turned(.wheelUp)).text == session().text)
    #expect(session(turned(.wheelUp)).text == session().text, "the beginning")
    // What is typed stays, and the words of a comment are no list.
    let typed = session(.type("seg"), turned(.wheelDown))
    #expect(typed.text == session(.type("seg"), down).text && typed.library.records("001").isEmpty)
    let comment = Session(MemoryDriver.Step.open("001") + [.type("cab"), turned(.wheelDown)])
    #expect(
      comment.text == Session(MemoryDriver.Step.open("001") + [.type("cab")]).text)
  }

  private func state() -> AppState {
    AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 80, rows: 24),
      capabilities: TerminalCapabilities())
  }

  private func type(_ text: String, _ state: inout AppState) -> [Effect] {
    text.flatMap { Workstation.update(&state, .key(.character($0))) }
  }

  @Test("while a study is being opened its acts are refused, and the list outlives typed keys")
  func whileOpening() {
    var state = state()
    state.loading = "002"
    #expect(type("]:flag", &state).isEmpty)
    #expect(state.typedAhead == [.character("]")])
    #expect(Workstation.update(&state, .key(KeyPress(.enter))).isEmpty)
    #expect(state.popup == nil && state.inFlight.isEmpty)
    #expect(state.message?.kind == .refused)
    #expect(state.message?.text.contains("not yet open") == true)
  }

  @Test("a screen that changed under the list runs nothing")
  func changedScreen() {
    var state = state()
    _ = type(":quit", &state)
    state.view = .study
    #expect(Workstation.update(&state, .key(KeyPress(.enter))).isEmpty)
    #expect(!state.isDone && state.popup == nil)
    #expect(state.message?.text.contains("was not run") == true)
  }
}
