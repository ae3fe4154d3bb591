import Foundation
import Core
import Imaging
import Testing

@testable import TUI

@Suite("Macros: recorded, made of acts, played")
struct MacroTests {
  /// A library whose reader has macros.
  private static func library(_ macros: String) throws -> FixtureLibrary {
    let library = FixtureLibrary { Session.time }
    _ = try library.changeReaderText(.macros, reader: "liu") { _ in macros }
    return library
  }

  /// Opens a study and plays the first macro.
  private static func played(
    _ macro: String, on subject: String = "002", then keys: String = "",
    capabilities: TerminalCapabilities = TerminalCapabilities(), holdsWrites: Bool = false,
    startsBlind: Bool = false
  ) throws -> Session {
    Session(
      MemoryDriver.Step.open(subject) + [.type("@"), .enter, .type(keys)],
      capabilities: capabilities, library: try library("[m]\n" + macro), holdsWrites: holdsWrites,
      startsBlind: startsBlind)
  }

  private static func steps(_ library: FixtureLibrary) throws -> [String] {
    try library.macros(reader: "liu").macros.flatMap { $0.steps.map(\.text) }
  }

  private static func recorded(
    _ keys: [MemoryDriver.Step], _ map: KeyMap = .standard
  ) throws -> (session: Session, steps: [String]) {
    var script = MemoryDriver.Step.open("001") + [.type("*")]
    script += keys
    script += [.type("*it"), .enter]
    let session = Session(script, keys: map)
    return (session, try steps(session.library))
  }

  // MARK: Recording

  @Test("what is done between * and * is kept as commands, and does the same on another study")
  func recordAndPlay() throws {
    let (session, steps) = try Self.recorded([.type("+]A")])
    #expect(steps == ["zoom-in", "next-segment", "state-absent"])
    #expect(try Self.recorded([.type("]]]]]]")]).steps.count == 3)
    #expect(session.message.contains("macro it saved: @ plays it"))
    let again = Session(
      MemoryDriver.Step.open("002") + [.type("@"), .enter], library: session.library)
    #expect(again.library.records("002").map(\.verdict) == [.absent])
    #expect(again.library.records("002").map(\.segment) == ["C3-4"])
    #expect(again.message.contains("it: 3 steps played, 1 act saved"))
  }

  @Test("until a macro or a view is on disk the screen says that it is being saved")
  func savingSaysSo() throws {
    var state = AppState.opened(on: FixtureLibrary { Session.time }, columns: 80, rows: 24)
    for key in "*]*it" { _ = Workstation.update(&state, .key(.character(key))) }
    let effects = Workstation.update(&state, .key(KeyPress(.enter)))
    #expect(state.message?.text == "macro it: saving ...")
    guard case .changeMacros(.keep(let macro))? = effects.first else {
      Issue.record("not kept: \(effects)")
      return
    }
    var book = MacroBook()
    book.keep(macro)
    let reply = WorkerReply(value: .macros(.success(book), change: .keep(macro)))
    _ = Workstation.update(&state, .message(.reply(reply)))
    #expect(state.message?.text == "macro it saved: @ plays it")
    state.view = .worklist
    for key in "v+mine" { _ = Workstation.update(&state, .key(.character(key))) }
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    #expect(state.message?.text == "view mine: saving ...")
  }

  @Test("the screen says that it is recording, and of what is not recorded that it is not")
  func saysSo() {
    let recording = Session(MemoryDriver.Step.open("001") + [.type("*]")])
    #expect(recording.message.contains("RECORDING: 1 step"))
    let other = Session(MemoryDriver.Step.open("001") + [.type("*X")])
    #expect(other.message.contains("not recorded") && other.message.contains("RECORDING: 0"))
    let left = Session(MemoryDriver.Step.open("001") + [.type("*q")])
    #expect(left.message.contains("* ends it before the study is left"))
    #expect(left.text.contains("C4-5"))
    let nothing = Session(MemoryDriver.Step.open("001") + [.type("**")])
    #expect(nothing.message.contains("nothing was recorded"))
  }

  @Test("the head says so, too, at every size: a long message covers the line that does")
  func head() {
    for (columns, rows) in Snapshot.sizes {
      let session = Session(
        MemoryDriver.Step.open("001") + [.type("*")], columns: columns, rows: rows)
      #expect(session.lines[1].contains("  RECORDING  "), "\(columns)")
      #expect(session.lines[1].contains("slice 6 of 11") && session.lines[1].contains("map "))
    }
  }

  @Test("commands are kept, not keys")
  func remapped() throws {
    let keys = try KeyMap(text: "state-absent = z\nrecord-macro = $ *", file: "k")
    #expect(try Self.recorded([.type("z")], keys).steps == ["state-absent"])
  }

  @Test("reasons, comments, quality and the flag are kept as they are stated")
  func statements() throws {
    let keys: [MemoryDriver.Step] = [.type("d1cfaint"), .enter, .type("f!s")]
    #expect(
      try Self.recorded(keys).steps == [
        "state here absent because partial volume with CSF", "state here comment faint",
        "state study quality pass", "state study flag", "state here confidence 1",
      ])
  }

  @Test("what is taken back is not in the macro, what is restored is")
  func takenBack() throws {
    #expect(try Self.recorded([.type("PuA")]).steps == ["state-absent"])
    let redone = try Self.recorded([.type("]Pu"), .key(.control("r"))])
    #expect(redone.steps == ["next-segment", "state here present"])
  }

  @Test("what a press beyond the last value clears is not in the macro, recorded or made of acts")
  func cleared() throws {
    #expect(
      try Self.recorded([.type("Pyyyss")]).steps == [
        "state-present", "state here confidence 1", "state here confidence 2",
      ])
    let library = FixtureLibrary { Session.time }
    _ = Session(MemoryDriver.Step.open("001") + [.type("Pyyysf")], library: library)
    let acts = ReviewState(library.records("001")).repeatable
    #expect(acts.map(\.action) == [.verdict, .confidence, .quality])
  }

  @Test("a name that cannot be is asked for again, and Esc keeps nothing")
  func names() throws {
    let twice = Session(
      MemoryDriver.Step.open("001") + [
        .type("*]*[x]"), .enter, .key(.control("u")), .type("good"), .enter,
      ])
    #expect(try twice.library.macros(reader: "liu").macros.map(\.name) == ["good"])
    let dropped = Session(MemoryDriver.Step.open("001") + [.type("*]*x"), .escape])
    #expect(dropped.message.contains("the macro was not kept"))
    #expect(try Self.steps(dropped.library).isEmpty)
  }

  // MARK: Acts

  @Test("the latest acts make a macro, on the segments named or from the selected one on")
  func acts() throws {
    let library = FixtureLibrary { Session.time }
    let acts: [MemoryDriver.Step] = [.type("A]Pf"), .type(":macro-of-acts"), .enter]
    var first = MemoryDriver.Step.open("001") + acts
    first += [.type("jj"), .enter, .type("named"), .enter]
    let named = Session(first, library: library)
    #expect(named.message.contains("macro named saved"))
    #expect(
      try Self.steps(library) == [
        "state C4-5 absent", "state C5-6 present", "state study quality pass",
      ])
    let played = Session(
      MemoryDriver.Step.open("002") + [.type("@"), .enter, .type("uu")], library: library)
    #expect(library.records("002").prefix(3).map(\.segment) == ["C4-5", "C5-6", nil])
    #expect(library.records("002").suffix(2).map(\.action) == [.undo, .undo])
    #expect(played.message.contains("C5-6 present taken back"))
    var script = MemoryDriver.Step.open("003") + [.type("A]P"), .type(":macro-of-acts"), .enter]
    script += [.type("jr"), .enter, .type("other"), .enter]
    let relative = Session(script, library: library)
    #expect(relative.message.contains("macro other saved"))
    #expect(
      try library.macros(reader: "liu")["other"]?.steps.map(\.text) == [
        "state here absent", "next-segment", "state here present",
      ])
  }

  // MARK: Playing

  @Test("each act is written before the next step, each verdict on the picture it judges")
  func order() throws {
    let session = try Self.played(
      "zoom-in\nnext-segment\nstate-absent\nnext-segment\nstate-present")
    #expect(session.library.records("002").map(\.verdict) == [.absent, .present])
    let log = session.worker.log.filter { $0.hasPrefix("draw ") || $0 == "write" }
    #expect(log.suffix(4) == ["draw 5", "write", "draw 5", "write"])
    // The picture that each verdict judges was on the terminal when the verdict was sent.
    func crop(_ keys: String) throws -> PixelRect {
      let screen = Session(MemoryDriver.Step.open("002") + [.type(keys)]).driver.screen
      return try #require(screen.placements.first).picture.placement.crop
    }
    let seen = session.worker.screensOfWrites.map { $0.placements.first?.picture.placement.crop }
    let wanted: [PixelRect?] = [try crop("+]"), try crop("+]]")]
    #expect(seen == wanted && wanted[0] != wanted[1])
  }

  @Test(
    "the first refusal stops it with the step's number",
    arguments: [
      (
        Array(repeating: "next-segment", count: 7).joined(separator: "\n") + "\nnext-flagged",
        "step 8 of 8: the AI flags no segment"
      ),
      ("state-absent\nstate here grade 1", "step 2 of 2: C2-3: a grade needs"),
      ("state-present\nstate here grade 0", "step 2 of 2: C2-3: grade 0 is no lesion"),
      ("next-finding", "step 1 of 1: the AI flags no segment"),
      ("state study absent", "step 1 of 1: the study has segments"),
    ])
  func refusals(_ macro: String, _ words: String) throws {
    #expect(try Self.played(macro).message.contains("m stopped at \(words)"))
  }

  @Test("nothing is stated without a picture, in a blind reading nothing that the AI says")
  func sameRules() throws {
    var capabilities = TerminalCapabilities()
    capabilities.colours = 8
    let inert = try Self.played("next-segment\nstate-absent", capabilities: capabilities)
    #expect(inert.message.contains("stopped at step 2 of 2: no verdict without a picture"))
    #expect(inert.library.records("002").isEmpty)
    let blind = try Self.played("accept", startsBlind: true)
    #expect(blind.message.contains("stopped at step 1 of 1: C2-3 the AI is hidden"))
    let stated = try Self.played("state here absent", startsBlind: true)
    #expect(stated.library.records("002").map(\.blind) == [true])
  }

  @Test("a macro that begins at the first segment does so from any, and from the first")
  func fromTheTop() throws {
    let macro =
      "first-segment\nstate-absent\nnext-segment\nstate-absent\nlast-segment\nzoom-in"
    for subject in ["001", "002"] {
      let session = try Self.played(macro, on: subject)
      #expect(session.message.contains("m: 6 steps played, 2 acts saved"), "\(subject)")
      #expect(session.library.records(subject).map(\.segment) == ["C2-3", "C3-4"])
    }
    // Recorded where nothing moves, it is a step all the same; a step beyond the end is none, and says so.
    let keys: [MemoryDriver.Step] = [
      .type(":first-segment"), .enter, .type(":first-segment"), .enter, .type("A"),
    ]
    #expect(try Self.recorded(keys).steps == ["first-segment", "first-segment", "state-absent"])
    let beyond = Session(MemoryDriver.Step.open("002") + [.type("*[")])
    #expect(beyond.message.contains("highest segment; not recorded (:first-segment is)"))
  }

  @Test("a step beyond an end moves nothing and ends nothing, and the last word names it")
  func beyondAnEnd() throws {
    // As recorded by versions that kept every press of [.
    let up = Array(repeating: "previous-segment", count: 6)
    let through = Array(repeating: "state-absent", count: 6).joined(separator: "\nnext-segment\n")
    let top = up.joined(separator: "\n") + "\n" + through
    for subject in ["001", "002"] {
      let session = try Self.played(top, on: subject)
      let records = session.library.records(subject)
      #expect(records.compactMap(\.segment) == SpinalSegment.allCases.map(\.name), "\(subject)")
      #expect(records.allSatisfy { $0.verdict == .absent })
      #expect(session.message.contains("m: 17 steps played, 6 acts saved; "), "\(session.message)")
      #expect(session.message.contains("steps went no further (highest segment)"))
    }
    let once = try Self.played("previous-segment\nstate-absent")
    #expect(once.library.records("002").map(\.segment) == ["C2-3"])
    #expect(
      once.message.contains(
        "m: 2 steps played, 1 act saved; step 1 went no further (highest segment)"))
    let moved = try Self.played("next-segment\nstate-absent")
    #expect(moved.message.contains("m: 2 steps played, 1 act saved"))
    #expect(!moved.message.contains("no further"))
    let all = try Self.played(Array(repeating: "next-segment", count: 7).joined(separator: "\n"))
    #expect(
      all.message.contains(
        "m: 7 steps played, nothing new to save; 2 steps went no further (lowest segment)"))
  }

  @Test(
    "after a step beyond an end nothing that stands is changed: it was meant for another segment",
    arguments: [
      ("state-absent\nnext-segment\nstate-present", "C7-T1 absent", 1),
      ("state-absent\nnext-segment\nstate here absent because faint", "C7-T1 absent", 1),
      ("state-present\nstate here grade 1\nnext-segment\nstate here grade 2", "C7-T1 grade 1", 2),
      (
        "state-absent\nstate here confidence 1\nnext-segment\nzoom-in\nstate here confidence 3",
        "C7-T1 confidence 1", 2
      ),
      ("state here comment a\nnext-segment\nstate here comment b", "a comment on C7-T1", 1),
    ])
  func keepsWhatStands(_ macro: String, _ standing: String, _ acts: Int) throws {
    let session = try Self.played("last-segment\n" + macro)
    #expect(session.library.records("002").count == acts)
    let steps = macro.split(separator: "\n")
    let halt = (steps.firstIndex(of: "next-segment") ?? 0) + 2
    let count = steps.count + 1
    #expect(
      session.message.contains(
        "m stopped at step \(count) of \(count): \(standing) stands, and step \(halt) went no further"
      ),
      "\(session.message)")
  }

  @Test("what is the same, has a name or follows a step to an end is stated after it")
  func statedAfterAnEnd() throws {
    let same = try Self.played("last-segment\nstate-absent\nnext-segment\nstate-absent")
    #expect(same.library.records("002").count == 1)
    #expect(same.message.contains("m: 4 steps played, 1 act saved; step 3 went no further"))
    for step in ["last-segment\nstate-present", "state C7-T1 present\nstate here grade 1"] {
      let session = try Self.played("last-segment\nstate-absent\nnext-segment\n" + step)
      #expect(session.library.records("002").dropFirst().first?.verdict == .present, "\(step)")
      #expect(session.message.contains("steps played, "))
    }
    // What stood before the macro stays, too.
    let library = try Self.library("[m]\nprevious-segment\nstate-absent\n")
    let before = Session(
      MemoryDriver.Step.open("002") + [.type("P@"), .enter], library: library)
    #expect(library.records("002").map(\.verdict) == [.present])
    #expect(before.message.contains("stopped at step 2 of 2: C2-3 present stands"))
  }

  @Test("on a signed study what would state something is refused before its first step")
  func signed() throws {
    let library = try Self.library("[m]\nprevious-segment\nstate-absent\n[look]\nnext-segment\n")
    let signed = DecidingTests.signed
    let session = Session(signed + [.type("@1")], library: library)
    let before = Session(signed, library: try Self.library(""))
    #expect(session.message.contains("macro m was not played: the study is signed"))
    #expect(library.records("001").count == before.library.records("001").count)
    // Nothing was moved for it.
    #expect(before.text.contains("▸ C6-7 ") && session.text.contains("▸ C6-7 "))
    let look = Session(
      MemoryDriver.Step.open("001") + [.type("@2")], library: library)
    #expect(look.message.contains("look: 1 step played"))
  }

  @Test("an act that cannot be written stops it there")
  func notWritten() throws {
    let library = try Self.library("[m]\nstate-absent\nnext-segment\nstate-absent")
    library.failWrites("disk full")
    let session = Session(
      MemoryDriver.Step.open("002") + [.type("@"), .enter], library: library)
    #expect(session.message.contains("m stopped at step 1 of 3: NOT SAVED: disk full"))
    #expect(session.worker.log.count { $0 == "write" } == 1)
  }

  @Test(
    "a name that is refused is asked for again, apart from what was typed", arguments: [80, 120])
  func refusedName(_ columns: Int) {
    func asked(_ name: String) -> String {
      Session(
        MemoryDriver.Step.open("001") + [.type("*]A*" + name), .enter], columns: columns, rows: 40
      ).message
    }
    #expect(asked("a[b").contains("no brackets and no control characters; name: a[b"))
    let long = String(repeating: "n", count: 50)
    #expect(asked(long).contains("a name has at most \(Macro.longestName) characters; name: nn"))
    #expect(asked("").contains("a macro needs a name; name:"))
  }

  @Test("any key stops it and does nothing else")
  func stopped() throws {
    let session = try Self.played(
      "state-absent\nnext-segment\nstate-absent", then: "j", holdsWrites: true)
    #expect(session.message.contains("m stopped at step 2 of 3: you pressed something"))
    #expect(session.lines[1].contains("slice 6 of 11"))
    #expect(session.library.records("002").count == 1)
  }

  @Test("a verdict key stops it, too, before the picture comes on which it would go on")
  func stoppedByVerdict() throws {
    let script = MemoryDriver.Step.open("002") + [.await("slice 6 of 11"), .type("@"), .enter]
    let session = Session(
      script + [.type("P"), .await("you pressed something"), .terminate],
      library: try Self.library("[m]\nzoom-in\nstate-absent\n"), typesAhead: true)
    #expect(session.driver.missed.isEmpty)
    #expect(session.message.contains("m stopped at step 2 of 2: you pressed something"))
    #expect(session.library.records("002").isEmpty)
  }

  @Test("what is so already is not written again")
  func again() throws {
    let session = try Self.played("state study flag\nstate study quality fail\nstate here absent")
    let library = session.library
    #expect(library.records("002").map(\.action) == [.flag, .quality, .verdict])
    let twice = Session(MemoryDriver.Step.open("002") + [.type("@1")], library: library)
    #expect(library.records("002").count == 3)
    #expect(twice.message.contains("m: 3 steps played, nothing new to save"))
  }

  /// Study 008, opened before it was detected, with its picture on the screen.
  private static func undetected() throws -> AppState {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    state.macros.book = try MacroBook(
      text: "[m]\nstate-absent\nnext-segment\nstate-absent\n", file: "m")
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "008"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    _ = try read(&state, detected: false)
    state.drawPicture()
    let view = state.study?.shown?.view
    state.study?.presented = view
    return state
  }

  /// The study is there, for the first time or again.
  private static func read(_ state: inout AppState, detected: Bool) throws -> [Effect] {
    var study = try FixtureStudies.study("008")
    if detected { study.detection = try FixtureStudies.study("002").detection }
    let loaded = LoadedStudy(study: study, journal: JournalContents(records: []))
    let reply = WorkerReply(value: .study("008", .success(loaded)))
    return Workstation.update(&state, .message(.reply(reply)))
  }

  private static func writes(_ effects: [Effect]) -> [Effect] {
    effects.filter { if case .write = $0 { true } else { false } }
  }

  @Test("a study that is read again after detection ends what is played and recorded on it")
  func readAgain() throws {
    let detected = TerminalEvent.message(.entry(WorklistEntry(subject: "008", state: .unread)))
    var state = try Self.undetected()
    _ = Workstation.update(&state, .key(.character("@")))
    let effects = Workstation.update(&state, .key(KeyPress(.enter)))
    #expect(Self.writes(effects).count == 1 && state.macros.playing?.next == 1)
    _ = Workstation.update(&state, detected)
    #expect(state.macros.playing != nil && state.loading == "008")
    let later = try Self.read(&state, detected: true)
    #expect(Self.writes(later).isEmpty)
    #expect(state.macros.playing == nil)
    #expect(state.message?.kind == .refused)
    #expect(
      state.message?.text.contains("m stopped at step 2 of 3: the study was read again") == true)

    state = try Self.undetected()
    _ = Workstation.update(&state, .key(.character("*")))
    _ = Workstation.update(&state, .key(.character("+")))
    #expect(state.macros.recording?.entries.count == 1)
    _ = Workstation.update(&state, detected)
    _ = try Self.read(&state, detected: true)
    #expect(state.macros.recording == nil)
    #expect(
      state.message?.text.contains("the recording ended: the study was read again") == true)
  }

  @Test("no macro is played or begun on a study that is still being opened")
  func opening() throws {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    state.macros.book = try MacroBook(text: "[m]\nstate-absent\n", file: "m")
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "002"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    for key in ["*", "@"] as [Character] {
      _ = Workstation.update(&state, .key(.character(key)))
      #expect(state.message?.text.contains("not yet open: \(key) ignored") == true)
    }
    #expect(Workstation.refusal(of: .macroOfActs, state) != nil)
    _ = Workstation.update(&state, .key(.character("1")))
    #expect(state.typedAhead == [.character("1")])
    state.carryOut([.loadStudy("002")], on: FixtureLibrary { Session.time })
    #expect(state.study != nil && state.popup == nil)
    #expect(state.macros.playing == nil && state.macros.recording == nil)
  }

  @Test("a teaching session has none")
  func teaching() {
    let desk = Desk(FixtureRoom(.learner))
    desk.press("\n")
    for key in ["*", "@"] {
      desk.press(key)
      #expect(desk.message.contains("no place for macros"))
    }
  }

  // MARK: The file

  @Test("the text is read back as it was")
  func roundTrip() throws {
    let steps = [
      "accept", "next-segment", "window-cord", "state here present", "state C7-T1 cannot-tell",
      "state study absent because other: seen on T1: twice", "state here grade 0",
      "state C2-3 confidence 3", "state study quality artifact", "state study difficulty hard",
      "state study comment a = b # c", "state study flag",
    ]
    var book = MacroBook()
    book.keep(Macro(name: "all of them", steps: try steps.map { try MacroStep(text: $0) }))
    book.keep(Macro(name: "#2", steps: []))
    let read = try MacroBook(text: book.text, file: "m")
    #expect(read == book && read["all of them"]?.steps.map(\.text) == steps)
    #expect(try MacroBook(text: book.text.replacing("\n", with: "\r\n"), file: "m") == book)
  }

  @Test("a step of former versions is read, and kept under today's word")
  func formerWords() throws {
    let book = try MacroBook(text: "[m]\nnext-finding\nprevious-finding\n", file: "m")
    #expect(book["m"]?.steps.map(\.text) == ["next-flagged", "previous-flagged"])
  }

  @Test(
    "what may not be in a macro is refused with its line",
    arguments: [
      "sign-off", "sign-mode", "reopen", "quit", "back", "open", "next-unread", "undo", "redo",
      "toggle-blind", "edit-mask", "edit-labels", "add-finding", "disagree", "comment",
      "play-macro", "record-macro", "palette", "nonsense", "state", "state here",
      "state C1-2 absent",
      "state here perhaps", "state here axccm 4", "state here axccm",
      "state here grade 3", "state here confidence 0", "state here flag",
      "state here quality pass", "state study quality good", "state here absent why",
      "state here comment", "[]", "[a]", "[" + String(repeating: "x", count: 41) + "]",
      "sign\u{1b}[2J",
    ])
  func mistakes(_ line: String) {
    #expect {
      try MacroBook(text: "[a]\naccept\n\(line)\n", file: "m.txt")
    } throws: { error in
      let words = "\(error)"
      return words.contains("m.txt: line 3:") && !words.unicodeScalars.contains("\u{1b}")
    }
  }

  @Test("an Ax-CCM type is read back as it is written, from the journal, too")
  func axccm() throws {
    for type in 0...3 {
      let statement = try MacroStatement(text: "C4-5 axccm \(type)")
      #expect(statement == MacroStatement(.segment(.c4c5), .axccm(type)))
      #expect(statement.text == "C4-5 axccm \(type)" && statement.command.axccm == type)
      #expect(MacroStatement(ReviewDraft.axccm(type, on: .c4c5), here: nil) == statement)
      #expect(
        MacroStatement(ReviewDraft.axccm(type, on: .c4c5), here: .segment(.c4c5))
          == MacroStatement(.here, .axccm(type)))
    }
  }

  @Test("a damaged file is named with its line and never replaced")
  func damaged() throws {
    let library = try Self.library("[a]\nnonsense\n")
    for key in ["@", "*"] {
      let session = Session(MemoryDriver.Step.open("001") + [.type(key)], library: library)
      #expect(session.message.contains("liu.macros.txt: line 2"))
    }
    #expect(throws: (any Error).self) {
      try library.changeMacros(.delete("a"), reader: "liu")
    }
    #expect(try library.readerText(.macros, reader: "liu").text == "[a]\nnonsense\n")
  }

  @Test("reasons as long as a prompt takes are kept; what would not be read back is not written")
  func lengths() throws {
    let words = String(repeating: "x", count: TextPrompt.limit)
    let (session, steps) = try Self.recorded([.type("dt"), .paste(words), .enter])
    #expect(steps == ["state here absent because other: " + words])
    let tooLong = MacroStatement(.here, .verdict(.absent, reason: words + "x", comment: nil))
    #expect(throws: NotReadBack.self) {
      try session.library.changeMacros(
        .keep(Macro(name: "long", steps: [MacroStep(tooLong)])), reader: "liu")
    }
    #expect(try Self.steps(session.library) == steps)
  }

  @Test("a macro that cannot be kept is said, and can be played till the end")
  func notKept() throws {
    let library = FixtureLibrary { Session.time }
    library.failWrites("disk full")
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("*]*x"), .enter, .type("@")], library: library)
    #expect(session.text.contains("next-segment"))
    let said = Session(
      MemoryDriver.Step.open("001") + [.type("*]*x"), .enter], library: library)
    #expect(said.message.contains("NOT SAVED") && said.message.contains("disk full"))
  }

  // MARK: The menu

  @Test("macros are deleted in their menu; without one it says how they are made")
  func menu() throws {
    let none = Session(MemoryDriver.Step.open("001") + [.type("@")])
    #expect(none.message.contains("* records one"))
    let library = try Self.library("[one]\naccept\n[two]\nnext-segment\n")
    let deleted = Session(
      MemoryDriver.Step.open("001") + [.type("@dd"), .escape], library: library)
    #expect(deleted.message.contains("macro one deleted"))
    #expect(try library.macros(reader: "liu").macros.map(\.name) == ["two"])
  }

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let library = try Self.library(
      "[nothing seen]\n"
        + Array(repeating: "state here absent\nnext-segment\n", count: 5).joined()
        + "state here absent\nstate study quality pass\n[accept all]\naccept\nnext-segment\n"
        + "[look]\nwindow-fluid\nzoom-in\n")
    let menu = Session(
      MemoryDriver.Step.open("001") + [.type("@")], columns: size.0, rows: size.1, library: library)
    try Snapshot.check(menu.text, "macros-\(size.0)x\(size.1)")
    let acts = Session(
      MemoryDriver.Step.open("002") + [.type("A]Pf:macro-of-acts"), .enter, .type("j")],
      columns: size.0, rows: size.1, library: library)
    #expect(menu.lines.suffix(2).contains { $0.contains("Esc leave") })
    #expect(acts.lines.suffix(2).contains { $0.contains("Esc leave") })
    try Snapshot.check(acts.text, "macro-of-acts-\(size.0)x\(size.1)")
  }
}
