import Core
import Testing

@testable import TUI

@Suite("Keys of what lies over a screen")
struct PopupKeysTests {
  private static func key(_ number: Int) -> MemoryDriver.Step { .key(KeyPress(.function(number))) }

  private static func prompt(_ purpose: TextPrompt.Purpose) -> Popup {
    .prompt(TextPrompt(purpose: purpose, title: "", text: ""))
  }

  private static let reasons = ReasonMenu(
    target: .study, verdict: .absent, reasons: ReasonMenu.whenAbsent)

  /// Everything that can lie over a screen, and what the last line says of its keys.
  private static let popups: [(popup: Popup, line: String)] = [
    (.help(HelpLook()), "j k scroll  / filter  Esc close"),
    (.help(HelpLook(filter: "a")), "j k scroll  / filter  Esc all lines"),
    (.help(HelpLook(filter: "a", isTyping: true)), "Enter keep  Esc all lines"),
    (.acts(scroll: 0), "j k scroll  Esc close"),
    (.report(ReportText(lines: [])), "j k scroll  Esc close  Shift-drag select to copy"),
    (.reasons(reasons), "1-9 reason  t own words  Esc cancel"),
    (.meanings(SignatureMeaning.allCases), "1-4 meaning  Esc cancel"),
    (.meanings([.reviewed, .adjudicated]), "1 4 meaning  Esc cancel"),
    (.list(ListMenu(kind: .sort)), "j k choose  Enter 1-9 sort; again: backwards  Esc leave"),
    (.list(ListMenu(kind: .columns)), "j k choose  Space 1-9 show or hide  Esc done"),
    (
      .list(ListMenu(kind: .views)),
      "j k choose  Enter 1-9 show  + save the present one  d delete  Esc leave"
    ),
    (
      .macros(MacroMenu(.book)),
      "j k choose  Enter 1-9 play  d delete  + of latest acts  Esc leave"
    ),
    (
      .macros(MacroMenu(.acts)),
      "j k how many  r as named or from here on  Enter name it  Esc leave"
    ),
    (
      .findings(FindingsMenu()),
      "j k choose  Enter 1-9 go there  d take back, restore  t other words  Esc leave"
    ),
    (prompt(.reopening), "Enter accept  Esc cancel"),
    (
      prompt(.command(PaletteChoice(contexts: [.study]))),
      "Up Down choose  Enter run  Tab complete  Esc leave"
    ),
  ]

  @Test("the last line names the registry's keys, and none that its context has not")
  func lines() {
    for (popup, line) in Self.popups {
      let entries = popup.hints.compactMap { $0.entry(.standard, in: popup.context) }
      #expect(entries.map { "\($0.0) \($0.1)" }.joined(separator: "  ") == line)
      for command in popup.hints.flatMap(\.commands) {
        #expect(!KeyMap.standard.keys(of: command, in: popup.context).isEmpty, "\(command)")
      }
    }
    let contexts = Set(Self.popups.map { $0.popup.context })
    #expect(contexts == Set(KeyContext.allCases.filter(\.isOfPopup)))
  }

  @Test("help has a section for every context", arguments: KeyContext.allCases)
  func sections(_ context: KeyContext) {
    let session = Session([.type("?/" + context.title), .enter])
    // Below the frame, which repeats the filter.
    #expect(session.lines[1...36].contains { $0.contains(context.title) })
  }

  @Test("texts are scrolled, filtered and closed by the keys set")
  func pages() throws {
    let keys = try KeyMap(
      text: """
        pages.next-line = n
        pages.previous-line = p
        pages.filter = f
        pages.back = F2
        pages.close =
        """, file: "k")
    func session(_ steps: MemoryDriver.Step...) -> Session {
      Session(MemoryDriver.Step.open("001") + steps, keys: keys)
    }
    let help = session(.type("?"))
    #expect(help.lines[39].contains(" n p scroll  f filter  F2 close"))
    #expect(session(.type("?n")).text != help.text)
    #expect(session(.type("?np")).text == help.text)
    #expect(session(.type("?j/q"), .escape, .enter).text == help.text)
    let filtered = session(.type("?ftrans"))
    #expect(filtered.message.contains("lines with: trans"))
    for leaving in [Self.key(2), .key(.control("c")), .type("?")] {
      #expect(!session(.type("?"), leaving).text.contains("╭─ Keys"), "\(leaving)")
    }
    #expect(session(.type("?ftrans"), .enter, Self.key(2)).text == help.text)
    #expect(session(.type("C")).lines[39].contains(" n p scroll  F2 close"))
    let report = session(.type("Y"))
    #expect(report.lines[39].contains(" n p scroll  F2 close  Shift-drag select to copy"))
    #expect(report.lines[0].contains("Study report"))
    #expect(!session(.type("Yn"), Self.key(2)).lines[0].contains("Study report"))
  }

  @Test("the wheel scrolls texts and moves in lists; a press there does nothing")
  func wheel() {
    func session(_ steps: [MemoryDriver.Step]) -> Session {
      Session(MemoryDriver.Step.open("001") + steps, columns: 80, rows: 24)
    }
    let (down, up) = (MouseAct.Kind.wheelDown, MouseAct.Kind.wheelUp)
    func turned(_ kind: MouseAct.Kind) -> MemoryDriver.Step {
      .mouse(MouseAct(kind, row: 5, column: 50))
    }
    for keys in ["?", "YG", "?/curve"] {
      let text = session([.type(keys)]).text
      if keys == "YG" {
        #expect(session([.type(keys), turned(up)]).text == session([.type(keys + "kkk")]).text)
        #expect(session([.type(keys), turned(down)]).text == text, "the end")
      } else {
        #expect(session([.type(keys), turned(up)]).text == text, "the beginning")
      }
      #expect(session([.type(keys), turned(.press)]).text == text, "a press")
    }
    #expect(session([.type("?"), turned(down)]).text == session([.type("?jjj")]).text)
    #expect(
      session([.type("?"), turned(down), turned(down), turned(up)]).text
        == session([.type("?jjj")]).text)
    let slices = session([.type("?"), turned(down), .escape])
    #expect(slices.text.contains("slice 6 of 11"), "the picture under it stays")
    let sorts = Session([.type("s"), turned(down), turned(down), turned(up), .enter])
    #expect(sorts.message.contains("by name"))
    let asked = session([.type("d")])
    #expect(session([.type("d"), turned(down), turned(.press)]).text == asked.text)
  }

  @Test("lists are moved in, chosen from, added to and left by the keys set")
  func lists() throws {
    let keys = try KeyMap(
      text: """
        lists.next-line = n
        lists.confirm = o F5
        lists.add-line = a
        lists.delete-line = x
        lists.own-words = w
        lists.back = F2
        """, file: "k")
    let library = FixtureLibrary { Session.time }
    func session(_ steps: [MemoryDriver.Step]) -> Session {
      Session(steps, library: library, keys: keys)
    }
    let views = session([.type("v")])
    #expect(
      views.lines[39].contains(
        " n k choose  o 1-9 show  a save the present one  x delete  F2 leave"))
    #expect(session([.type("c")]).lines[39].contains(" n k choose  F5 1-9 show or hide  F2 done"))
    let saved = session([.type("/sex:m"), .enter, .type("vamen"), .enter])
    #expect(saved.message.contains("view men saved"))
    #expect(session([.escape, .type("vno")]).text.contains("view men  filter: sex:m"))
    // The keys that did so mean nothing now.
    _ = session([.type("vd+j "), .enter])
    #expect(try library.worklistViews(reader: "liu").views.map(\.name) == ["men"])
    #expect(session([.type("vxx")]).message.contains("view men deleted"))

    let asked = MemoryDriver.Step.open("001") + [.type("d")]
    #expect(session(asked).lines[39].contains(" 1-9 reason  w own words  F2 cancel"))
    #expect(session(asked + [.type("w")]).message.contains("absent: reason:"))
    #expect(session(asked + [.escape, .type("tq")]).text == session(asked).text)
    #expect(session(asked + [Self.key(2)]).message.contains("nothing was saved"))
    #expect(library.records("001").isEmpty)
    _ = session(asked + [.type("1")])
    #expect(library.records("001").map(\.verdict) == [.absent])
  }

  @Test("prompts and the list of commands are accepted and left by the keys set; the rest is typed")
  func typing() throws {
    let keys = try KeyMap(
      text: """
        typing.confirm = F3
        typing.back = F4
        typing.complete = F5
        typing.next-line = Ctrl-N
        """, file: "k")
    func session(_ steps: MemoryDriver.Step...) -> Session {
      Session([.type("/001"), Self.key(3), .enter] + steps, keys: keys)
    }
    #expect(session(.type("c")).lines[39].contains(" F3 accept  F4 cancel"))
    let said = session(.type("cfaint"), .enter, .escape, Self.key(3))
    #expect(said.library.records("001").map(\.comment) == ["faint"])
    for leaving in [Self.key(4), .key(.control("c"))] {
      let left = session(.type("cfaint"), leaving)
      #expect(left.library.records("001").isEmpty && !left.text.contains("faint"))
    }
    let list = session(.type(":seg"))
    #expect(list.lines[39].contains(" Up Ctrl-N choose  F3 run  F5 complete  F4 leave"))
    #expect(session(.type(":seg"), .key(.control("n"))).text != list.text)
    #expect(session(.type(":seg"), .key(KeyPress(.down))).text == list.text)
    let completed = session(.type(":fla"), Self.key(5))
    #expect(completed.message.contains("command: flag"))
    let run = session(.type(":flag"), Self.key(3))
    #expect(run.library.records("001").map(\.action) == [.flag])
    #expect(session(.type("?/trans")).lines[39].contains(" F3 keep  F4 all lines"))
  }

  @Test("what cancels a prompt waits no longer for a signature, too")
  func signing() throws {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 80, rows: 24),
      capabilities: TerminalCapabilities(), keys: try KeyMap(text: "typing.back = F4", file: "k"))
    state.signing = SigningWait(.signature(token: 1))
    _ = Workstation.update(&state, .key(KeyPress(.escape)))
    #expect(state.signing?.keys == [KeyPress(.escape)])
    _ = Workstation.update(&state, .key(KeyPress(.function(4))))
    #expect(state.signing == nil)
  }

  @Test("a word alone means what it meant in older files: the command of the screen below")
  func olderFiles() throws {
    let keys = try KeyMap(text: "next-line = z\nfilter = e\nlists.delete-line =", file: "k")
    #expect(keys.keys(of: .nextLine, in: .worklist) == [.character("z")])
    #expect(keys.keys(of: .filter, in: .worklist) == [.character("e")])
    for context in [KeyContext.pages, .lists, .typing] {
      let standard = KeyMap.standard.keys(of: .nextLine, in: context)
      #expect(keys.keys(of: .nextLine, in: context) == standard && !standard.isEmpty)
    }
    let text = KeyMap.standard.fileText()
    #expect(text.contains("\nnext-line = j Down\n"))
    #expect(text.contains("\nlists.delete-line = d Backspace\n"))
    // Nothing runs it there: no list of commands opens.
    #expect(
      keys.markdownTable().contains(
        "| `no key` | delete the view or the macro; again: for good; take the finding back | lists |"
      ))
    let line = Session([.type("v")], keys: keys).lines[39]
    #expect(line.contains("save the present one  Esc leave"))
    // Sentences name no key that is valid elsewhere only.
    #expect(try KeyMap(text: "filter =", file: "k").name(.filter) == ":filter")
  }
}
