import Core
import Testing

@testable import TUI

@Suite("Panes of the study screen: widths, focus, and one that has the whole screen")
struct PanesTests {
  private static let tab = MemoryDriver.Step.key(KeyPress(.tab))
  /// The keys that give each pane the whole screen.
  private static let enlarging: [(StudyPane, [MemoryDriver.Step])] = [
    (.picture, [.type("m")]), (.curve, [tab, .type("m")]), (.ladder, [tab, tab, .type("m")]),
  ]

  private func session(
    _ steps: [MemoryDriver.Step], columns: Int = 80, rows: Int = 24,
    capabilities: TerminalCapabilities = TerminalCapabilities(), library: FixtureLibrary? = nil,
    startsBlind: Bool = false
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + steps, columns: columns, rows: rows,
      capabilities: capabilities, library: library, startsBlind: startsBlind)
  }

  private func width(_ session: Session) -> Int? {
    session.driver.screen.placements.first?.rect.width
  }

  // MARK: Widths

  @Test("the picture becomes wider and narrower in steps, and stops where the other needs the rest")
  func widths() {
    #expect(width(session([])) == 30)
    let wider = session([.type(")")])
    #expect(width(wider) == 36 && wider.message.contains("the picture takes 36 of 80 columns"))
    let most = session([.type("))")])
    #expect(width(most) == 36 && most.message.contains("the ladder needs the rest: m gives"))
    let narrower = session([.type("(")])
    #expect(width(narrower) == 24 && narrower.message.contains("takes 24 of 80"))
    let least = session([.type("((")])
    #expect(width(least) == 24 && least.message.contains("cannot be narrower"))
    #expect(width(session([.type(")(")])) == 30)
    // On another screen with less room the steps beyond it are forgotten, not counted back.
    let small = MemoryDriver.Step.resize(TerminalSize(columns: 80, rows: 24))
    let large = session([.type("))))"), small, .type("(")], columns: 200, rows: 60)
    #expect(width(large) == 30)
  }

  @Test("the narrowed ladder keeps every word of scores, calls and verdicts", arguments: [80, 120])
  func narrowLadder(_ columns: Int) {
    let session = session([.type("))))))x")], columns: columns)
    let row = session.lines.first { $0.contains("▸ C4-5") && $0.contains("0.41") }
    #expect(row?.contains("FLAG") == true && row?.hasSuffix("? unsure") == true, "\(row ?? "")")
    for (key, words) in [("P", "● present"), ("A", "○ absent")] {
      let stated = self.session([.type("))))))" + key)], columns: columns)
      #expect(stated.lines.contains { $0.contains("▸ C4-5") && $0.contains(words) }, "\(words)")
    }
    #expect(session.lines[0].contains("research use only, not for diagnosis"))
    #expect(session.message.contains("C4-5 cannot tell: saved"))
    #expect(session.text.contains("u2ad-phantom 9f3a1c00"))
  }

  @Test("where the picture has no more room on the terminal, it says so")
  func limits() {
    var capabilities = TerminalCapabilities.sixelTerminal
    capabilities.sixelLimit = PixelSize(width: 8 * 30, height: 2000)
    let session = session([.type(")")], capabilities: capabilities)
    #expect(session.message.contains("this terminal draws no larger pictures"))
    let blocks = self.session([.type("v)")], columns: 300, rows: 100)
    #expect(blocks.message.contains("larger pictures of half blocks would be too slow to send"))
  }

  @Test("the key of the layout names the new one")
  func layoutNamed() {
    let beside = session([.type("v")], columns: 120, rows: 40)
    #expect(beside.message.contains("the curve beside the picture, row for row"))
    let under = session([.type("vv")], columns: 120, rows: 40)
    #expect(under.message.contains("the curve under the ladder"))
  }

  @Test("the comment of a row is read on the study, not under the help")
  func commentUnderHelp() {
    let noted: [MemoryDriver.Step] = [.type("cseen on STIR"), .enter, .type("]"), .type("[")]
    #expect(session(noted).message.contains("you noted on C4-5: seen on STIR"))
    #expect(!session(noted + [.type("?")]).text.contains("you noted on"))
  }

  // MARK: Focus

  @Test("Tab goes through picture, curve and ladder, each of which is marked")
  func focus() {
    let curve = session([Self.tab])
    #expect(curve.message.contains("focus on the curve: m gives it the whole screen"))
    #expect(curve.text.contains("»ANOCURVE") && !curve.text.contains("» LEVEL"))
    let ladder = session([Self.tab, Self.tab])
    #expect(ladder.text.contains("» LEVEL") && !ladder.text.contains("»ANOCURVE"))
    let picture = session([Self.tab, Self.tab, Self.tab])
    #expect(picture.message.contains("focus on the picture"))
    #expect(!picture.text.contains("» LEVEL") && !picture.text.contains("»ANOCURVE"))
  }

  @Test("what has nothing to show takes no focus, and why is said")
  func absent() {
    let blind = session([Self.tab], startsBlind: true)
    #expect(blind.message.contains("focus on the ladder"))
    var inert = TerminalCapabilities()
    inert.colours = 8
    let one = session([Self.tab], columns: 200, capabilities: inert, startsBlind: true)
    #expect(one.message.contains("only the ladder can have the focus: no picture on this terminal"))
    #expect(one.message.contains("no curve: the AI is hidden"))
    for key in ["(", ")", "m"] {
      let session = session([.type(key)], capabilities: inert, startsBlind: true)
      #expect(!session.message.allSatisfy { $0 == " " }, "\(key) is silent")
    }
  }

  // MARK: The whole screen

  @Test(
    "each pane alone leaves notice, reasons, message and keys, and comes back",
    arguments: Snapshot.sizes)
  func alone(_ size: (Int, Int)) throws {
    for (pane, keys) in Self.enlarging {
      let session = session(keys, columns: size.0, rows: size.1)
      #expect(session.lines[0].contains("research use only, not for diagnosis"))
      #expect(session.message.contains("the \(pane.rawValue) alone"))
      #expect(session.lines[size.1 - 1].hasPrefix(" m all panes"))
      #expect(session.text.contains("C4-5 flagged: peak 0.41"))
      #expect(session.text.contains("LEVEL") == (pane == .ladder))
      #expect(session.text.contains("ANOCURVE") == (pane == .curve))
      #expect((width(session) ?? 0) == (pane == .picture ? size.0 - 8 : 0))
      try Snapshot.check(session.text, "enlarged-\(pane.rawValue)-\(size.0)x\(size.1)")
      let back = self.session(keys + [.type("m")], columns: size.0, rows: size.1)
      #expect(back.text.contains("LEVEL") && width(back) != nil)
    }
  }

  @Test("Tab goes on to the next pane, which then has the whole screen")
  func tabWhileAlone() {
    let session = session([.type("m"), Self.tab])
    #expect(session.text.contains("ANOCURVE") && width(session) == nil)
    #expect(session.message.contains("the curve alone, no verdicts here"))
    let resized = self.session([.type("m)")])
    #expect(resized.message.contains("the picture has the whole screen: m shows all panes again"))
  }

  @Test("verdicts are stated on the picture alone, which then says them, and never without it")
  func verdicts() {
    let picture = session([.type("ma")])
    #expect(picture.library.records("001").map(\.verdict) == [.present])
    #expect(picture.text.contains(" you: present; C4-5 flagged"))
    #expect(session([.type("m")]).text.contains(" you: no verdict; C4-5 flagged"))
    for (pane, keys) in Self.enlarging where pane != .picture {
      let session = session(keys + [.type("aPX")])
      #expect(session.library.records("001").isEmpty)
      #expect(session.message.contains("the sagittal picture is not on the screen: m shows it"))
      #expect(!session.lines[23].contains("accept"))
    }
  }

  @Test(
    "without the picture, what its keys would not state is neither taken back nor restored",
    arguments: ["P", "Py", "Ps", "f", "D", "F\nsyrinx\n"])
  func turns(_ keys: String) throws {
    let stating = keys.map { $0 == "\n" ? MemoryDriver.Step.enter : .key(.character($0)) }
    for (pane, alone) in Self.enlarging where pane != .picture {
      let library = FixtureLibrary { Session.time }
      _ = session(stating, library: library)
      let stated = library.records("001").count
      try #require(stated > 0)
      let undo = session(alone + [.type("u")], library: library)
      #expect(library.records("001").count == stated, "\(pane)")
      #expect(undo.message.contains("no verdict: the sagittal picture is not on the screen: m"))
      #expect(!undo.lines[23].contains("u undo"))
      _ = session([.type("u")], library: library)
      try #require(library.records("001").count == stated + 1)
      let redo = session(alone + [.key(.control("r"))], library: library)
      #expect(library.records("001").count == stated + 1, "\(pane)")
      #expect(redo.message.contains("no verdict: the sagittal picture is not on the screen: m"))
      // With all panes again the same keys act.
      _ = session(alone + [.type("m"), .key(.control("r"))], library: library)
      #expect(library.records("001").count == stated + 2, "\(pane)")
    }
  }

  @Test("without the picture comments and the flag come and go, saved corrections do not")
  func otherTurns() {
    for (pane, alone) in Self.enlarging where pane != .picture {
      let flagged = session(alone + [.type("!u")])
      #expect(flagged.library.records("001").map(\.action) == [.flag, .undo], "\(pane)")
      let noted = session(alone + [.type("cseen"), .enter, .type("u")])
      #expect(noted.library.records("001").map(\.action) == [.comment, .undo], "\(pane)")
      let corrected = FixtureLibrary { Session.time }
      _ = session([.type("ejj"), .enter], library: corrected)
      let back = session(alone + [.type("uu")], library: corrected)
      #expect(corrected.records("001").map(\.action) == [.correct], "\(pane)")
      #expect(back.message.contains("no correction: the sagittal picture is not on the screen"))
    }
  }

  @Test("on the picture alone, a verdict that could not be written is said until it is")
  func notSaved() {
    let library = FixtureLibrary { Session.time }
    library.failWrites("disk full")
    let session = session([.type("mP][")], library: library)
    #expect(library.records("001").isEmpty && !session.message.contains("NOT SAVED"))
    #expect(session.text.contains(" you: no verdict; C4-5 present NOT SAVED: disk full"))
  }

  @Test("a command typed over the ladder or the curve alone is refused as its key is")
  func typedWithoutPicture() {
    for (pane, keys) in Self.enlarging where pane != .picture {
      for word in ["state-absent", "crosshair"] {
        let session = session(keys + [.type(":" + word), .enter])
        #expect(session.library.records("001").isEmpty)
        #expect(session.message.contains("not on the screen: m shows it again"), "\(word)")
        #expect(width(session) == nil)
      }
    }
  }

  @Test("the palette over the ladder alone says what is true after it")
  func wordsWhileSetAside() {
    let library = FixtureLibrary { Session.time }
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    let keys = [KeyPress(.tab), KeyPress(.tab), KeyPress.character("m")]
    for key in keys { state.play(.key(key), on: library) }
    #expect(
      Workstation.refusal(of: .stateAbsent, state)
        == "no verdict: the sagittal picture is not on the screen: m shows it again")
    state.play(.key(.character(":")), on: library)
    #expect(state.study?.setAside == .ladder && state.study?.shownPane == nil)
    #expect(
      Workstation.refusal(of: .stateAbsent, state)
        == "no verdict: after this list the ladder is alone: m shows the picture")
    state.play(.key(KeyPress(.escape)), on: library)
    #expect(state.study?.enlarged == .ladder && state.study?.setAside == nil)
  }

  @Test("lists never lie over the picture: all panes are shown until they are closed")
  func lists() throws {
    let reasons = session([.type("md")])
    let placement = try #require(reasons.driver.screen.placements.first)
    #expect(placement.rect.width == 30)
    #expect(reasons.driver.screen.visibleRects(of: placement) == [placement.rect])
    #expect(width(session([.type("md"), .escape])) == 72)
    let stated = session([.type("md1")])
    #expect(stated.library.records("001").map(\.verdict) == [.absent] && width(stated) == 72)
    let typed = session([.type("m:state-absent"), .enter])
    #expect(typed.library.records("001").map(\.verdict) == [.absent] && width(typed) == 72)
    let left = session([.type("m:enlarge-pane"), .enter])
    #expect(width(left) == 30 && left.message.contains("all panes"))
  }

  @Test("the next study shows its picture, whatever had the screen")
  func nextStudy() {
    // Opened from the whole list: the filter of other tests leaves no next study.
    func opened(_ steps: [MemoryDriver.Step]) -> Session {
      Session([.enter] + steps, columns: 80, rows: 24)
    }
    let first = opened([]).lines[0]
    let picture = opened([.type("mn")])
    #expect(picture.lines[0] != first && width(picture) == 72)
    let curve = opened([Self.tab, .type("mn")])
    #expect(curve.lines[0] == picture.lines[0] && width(curve) == 30)
  }

  @Test("pictures are erased where a pane takes their place")
  func wiped() throws {
    let keys = [Self.tab, .type("m")]
    let session = session(keys, capabilities: .sixelTerminal)
    let after = session.driver.screen
    let before = try #require(session.driver.screens.last { !$0.placements.isEmpty })
    #expect(after.placements.isEmpty)
    var sixels = SixelLayer()
    #expect(!sixels.bytes(for: before, capabilities: .sixelTerminal).isEmpty)
    #expect(sixels.wipe(for: after) == PictureWipe.bytes([before.placements[0].rect]))
    #expect(sixels.bytes(for: after, capabilities: .sixelTerminal).isEmpty)
    let text = self.session(keys)
    let drawn = try #require(text.driver.screens.last { !$0.placements.isEmpty })
    var blocks = DirectBlockLayer()
    #expect(!blocks.bytes(for: drawn).isEmpty)
    let rect = drawn.placements[0].rect
    let rows = (rect.row..<rect.rowEnd).map {
      CellRect(row: $0, column: rect.column, height: 1, width: rect.width)
    }
    #expect(blocks.wipe(for: text.driver.screen) == PictureWipe.bytes(rows))
  }

  @Test("without pictures the curve lies under the ladder, and v says why it stands beside none")
  func curveWithoutPictures() {
    var text = TerminalCapabilities()
    text.choice = .text
    for columns in [120, 200] {
      let opened = session([], columns: columns, rows: 60, capabilities: text)
      #expect(opened.text.contains("ANOCURVE") && opened.text.contains("LEVEL"))
      let refused = session([.type("v")], columns: columns, rows: 60, capabilities: text)
      #expect(refused.text.contains("ANOCURVE"))
      #expect(
        refused.message.contains(
          "no picture to stand beside: --graphics text draws none"))
    }
    let size = TerminalSize(columns: 200, rows: 60)
    for wanted in [nil, true, false] as [Bool?] {
      let layout = StudyLayout(size: size, isAligned: wanted, capabilities: text)
      #expect(!layout.isAligned && layout.standingCurve.isEmpty && !layout.curve.isEmpty)
    }
    #expect(StudyLayout(size: size, isAligned: nil, capabilities: .sixelTerminal).isAligned)
  }

  @Test("a terminal type of 8 colours: what to start with is said, whole, at 80 columns")
  func fewColours() {
    var screen = TerminalCapabilities()
    (screen.colours, screen.type) = (8, "screen")
    let opened = session([], capabilities: screen)
    #expect(opened.message.hasSuffix("quit, and start with TERM=screen-256color"))
    let refusals = [("P", "no verdict without a picture"), ("v", "no picture to stand beside")]
    for (key, what) in refusals {
      let refused = session([.type(key)], capabilities: screen)
      #expect(refused.message == " × \(what): 8 colours, 16 needed: TERM=screen-256color")
    }
    screen.choice = .text
    #expect(!session([], capabilities: screen).message.contains("TERM="))
  }

  // MARK: Hangings

  @Test("width and the picture alone are kept with the hanging; another pane alone is not")
  func hanging() throws {
    let library = FixtureLibrary { Session.time }
    let save: [MemoryDriver.Step] = [.type(":save-hanging"), .enter]
    _ = session([.type(")m")] + save, library: library)
    let kept = try #require(try library.hanging(reader: "liu"))
    #expect(kept.pictureSteps == 1 && kept.isPictureAlone)
    #expect(width(session([], library: library)) == 72)
    #expect(width(session([.type("m")], library: library)) == 36)
    let other = session(
      [.type("m"), Self.tab, .type("m")] + save, columns: 200, library: library)
    #expect(other.message.contains("that the curve is alone is not kept"))
    #expect(try library.hanging(reader: "liu")?.isPictureAlone == false)
    let old = try Hanging(text: "curve = auto\n", file: "h")
    #expect(old.pictureSteps == 0 && !old.isPictureAlone)
    for text in ["width = 21", "width = -9223372036854775808", "width = x", "alone = 1"] {
      #expect(throws: (any Error).self) { try Hanging(text: text, file: "h") }
    }
    #expect(try Hanging(text: kept.text, file: "h") == kept)
  }

  @Test("the wider and the narrower picture on whole screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    for (name, keys) in [("wider", ")"), ("narrower", "(")] {
      let session = session([.type(keys)], columns: size.0, rows: size.1)
      try Snapshot.check(session.text, "picture-\(name)-\(size.0)x\(size.1)")
    }
  }
}
