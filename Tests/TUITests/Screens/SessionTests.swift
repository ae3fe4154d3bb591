import Core
import Foundation
import Testing

@testable import TUI

@Suite("Sessions: from the worklist to a verdict")
struct SessionTests {
  @Test("accept states what the AI says, and is shown only after it is written")
  func accept() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("a")])
    let records = session.library.records("001")
    #expect(records.count == 1)
    #expect(records.first?.segment == "C4-5")
    #expect(records.first?.verdict == .present)
    #expect(records.first?.blind == false)
    #expect(records.first?.detection == String(repeating: "ab", count: 32))
    #expect(session.message.contains("C4-5 present: saved 10:42:07"))
    #expect(session.text.contains("● present"))
    #expect(session.status == 0)
    #expect(session.driver.isClosed)
  }

  @Test("accepting a segment that is not flagged states absent")
  func acceptAbsent() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("[[a")])
    #expect(session.library.records("001").first?.segment == "C2-3")
    #expect(session.library.records("001").first?.verdict == .absent)
  }

  @Test("until the journal has answered, the ladder says saving")
  func saving() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("a")], holdsWrites: true)
    #expect(session.text.contains("saving present"))
    #expect(!session.text.contains("● present"))
    // Leaving waits for it all the same.
    #expect(session.library.records("001").count == 1)
  }

  @Test("a second verdict on a segment that is being saved is refused")
  func twiceWhileSaving() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("aA")], holdsWrites: true)
    #expect(session.worker.log.filter { $0 == "write" }.count == 1)
    #expect(session.message.contains("is being saved"))
  }

  @Test("disagree asks for a reason and states the opposite")
  func disagree() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("d1")])
    let record = session.library.records("001").first
    #expect(record?.verdict == .absent)
    #expect(record?.reason == "partial volume with CSF")
    let other = Session(MemoryDriver.Step.open("001") + [.type("[d9shine through"), .enter])
    #expect(other.library.records("001").first?.verdict == .present)
    #expect(other.library.records("001").first?.comment == "shine through")
  }

  @Test("leaving the reasons saves nothing")
  func cancelDisagree() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("d"), .escape])
    #expect(session.library.records("001").isEmpty)
    #expect(session.message.contains("nothing was saved"))
    let empty = Session(MemoryDriver.Step.open("001") + [.type("dt"), .enter])
    #expect(empty.library.records("001").isEmpty)
  }

  @Test("undo takes back, redo restores, and both say what")
  func undoRedo() {
    let undone = Session(MemoryDriver.Step.open("001") + [.type("a]xu")])
    #expect(undone.library.records("001").map(\.action) == [.verdict, .verdict, .undo])
    #expect(undone.message.contains("C5-6 cannot tell taken back: saved"))
    #expect(!undone.text.contains("? cannot tell"))
    let redone = Session(
      MemoryDriver.Step.open("001") + [.type("a]xu"), .key(.control("r"))])
    #expect(redone.message.contains("C5-6 cannot tell restored: saved"))
    #expect(redone.text.contains("? cannot tell"))
    let nothing = Session(MemoryDriver.Step.open("001") + [.type("u")])
    #expect(nothing.message.contains("nothing to take back"))
  }

  @Test("a failed write is said in words and stays unsaved to see")
  func failedWrite() {
    let library = FixtureLibrary { Session.time }
    library.failWrites("no space left on the device")
    let session = Session(MemoryDriver.Step.open("001") + [.type("a")], library: library)
    #expect(session.message.contains("NOT SAVED: no space left on the device, C4-5 present"))
    #expect(session.text.contains("NOT SAVED"))
    #expect(!session.text.contains("● present"))
  }

  @Test("what was not saved is known after leaving, until it is saved after all")
  func unsaved() {
    let library = FixtureLibrary { Session.time }
    library.failWrites("Permission denied")
    let lost = Session(MemoryDriver.Step.open("001") + [.type("a!")], library: library)
    #expect(lost.status == 3)
    let stopped = Session(
      MemoryDriver.Step.open("001") + [.type("a"), .terminate], library: library)
    #expect(stopped.status == 143)
    library.failWrites(nil)
    #expect(Session(MemoryDriver.Step.open("001") + [.type("a")], library: library).status == 0)
  }

  @Test("the cause of a failure comes first, a long path is cut in its middle")
  func causeFirst() {
    let path = "/data/clinic/derivatives/cordscope/sub-001/anat"
    let failure = WorkerFailure(LibraryError.cannotWrite(path, "Permission denied"))
    #expect(failure.cause == "Permission denied" && failure.detail.count < 60)
    #expect(failure.detail.hasPrefix("cannot write /data/") && failure.detail.hasSuffix("/anat"))
    #expect(DisplayText.shorten(path, 20).count == 20 && DisplayText.shorten("ab", 20) == "ab")
  }

  @Test("a library that cannot be written says so on opening, and again on a study")
  func obstacle() {
    let words = "verdicts CANNOT BE SAVED here: Read-only file system"
    #expect(Session([], obstacle: words).message.contains(words))
    #expect(Session(MemoryDriver.Step.open("001"), obstacle: words).message.contains(words))
  }

  @Test("quality is on the smallest screen, and what decides nothing says so, as the worklist does")
  func quality() {
    let library = FixtureLibrary(clock: { Session.time }) { study in
      study.detection?.quality = [
        QualityFlag("out-of-plane", "The cord leaves the slice.", slices: [4]),
        QualityFlag("out-of-plane", "Most of the cord leaves the slice.", slices: [6]),
      ]
    }
    let small = Session(
      MemoryDriver.Step.open("001"), columns: 80, rows: 24, library: library)
    #expect(small.text.contains("not decisive: out-of-plane (slices 5, 7)"))
    let least = Session(MemoryDriver.Step.open("002"), columns: 80, rows: 24)
    #expect(least.text.contains("quality: nothing to note"))
    let large = Session(MemoryDriver.Step.open("001"), library: library)
    #expect(large.text.contains("slice 5: The cord leaves the slice. (not decisive)"))
  }

  @Test("the curve names both thresholds where they differ")
  func thresholdNames() {
    let library = FixtureLibrary(clock: { Session.time }) { study in
      study.detection?.patient.threshold = 0.05
    }
    let session = Session(MemoryDriver.Step.open("001"), library: library)
    #expect(session.text.contains("segment 0.15"))
    #expect(session.text.contains("0.050┤"))
    #expect(!Session(MemoryDriver.Step.open("001")).text.contains("segment 0.15"))
  }

  @Test("help cuts nothing and explains the words of the screens", arguments: [80, 120, 160])
  func help(_ width: Int) {
    let session = Session([.type("?")], columns: width, rows: 400)
    #expect(!session.text.contains("…"))
    for word in ["patient only", "4/6 seen", "2ND", "TOP", "decision", "excludes"] {
      #expect(session.text.contains(word), "\(word)")
    }
  }

  @Test("help begins with the keys that are valid now")
  func helpOrder() {
    let size = (columns: 80, rows: 24)
    let list = Session([.type("?")], columns: size.columns, rows: size.rows)
    #expect(list.lines[1].contains("Worklist"))
    let study = Session(
      MemoryDriver.Step.open("001") + [.type("?")], columns: size.columns, rows: size.rows)
    #expect(study.lines[1].contains("Study"))
    let editor = Session(
      MemoryDriver.Step.open("001") + [.type("e?")], columns: size.columns, rows: size.rows)
    #expect(editor.lines[1].contains("Labels editing"))
  }

  @Test("what was saved is never cut for what runs in the background")
  func savedBeforeBackground() {
    var state = AppState.opened(
      on: FixtureLibrary { Session.time }, columns: 80, rows: 24)
    state.background = BackgroundProgress(
      .detecting, done: 7, total: 12, secondsLeft: 170)
    state.message = nil
    #expect(Renderer.render(state).dump().contains("detected 7 of 12"))
    state.say(.done, "cord mask corrected: 1 slice, 9 voxels added, 0 removed: saved 10:42:07")
    let screen = Renderer.render(state).dump()
    #expect(screen.contains("saved 10:42:07") && !screen.contains("detected 7"))
    state.say(.done, "C4-5 present: saved 10:42:07")
    #expect(Renderer.render(state).dump().contains("detected 7 of 12"))
  }

  @Test("a segment that cannot be assessed can be stated directly, not accepted")
  func notAssessable() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("]]]a")])
    #expect(session.library.records("001").isEmpty)
    #expect(session.message.contains("C7-T1 not assessable: state present (P), absent (A)"))
    let stated = Session(MemoryDriver.Step.open("001") + [.type("]]]P")])
    #expect(stated.library.records("001").first?.segment == "C7-T1")
    #expect(stated.library.records("001").first?.verdict == .present)
  }

  @Test("without levels the study as a whole is judged")
  func withoutLevels() {
    let library = FixtureLibrary(studies: 13) { Session.time }
    let refused = Session(MemoryDriver.Step.open("013") + [.type("a")], library: library)
    #expect(refused.message.contains("study has a score and no call: state"), "\(refused.message)")
    #expect(library.records("013").isEmpty)
    let session = Session(MemoryDriver.Step.open("013") + [.type("P")], library: library)
    #expect(session.text.contains("not assessable: the vertebrae"))
    #expect(session.text.contains("no call: levels missing"))
    #expect(library.records("013").first?.verdict == .present)
    #expect(library.records("013").first?.segment == nil)
    #expect(session.message.contains("study present: saved"))
    #expect(session.text.contains("sub-013"))
  }

  @Test("without a result of the AI only direct statements are taken, marked blind")
  func undetected() {
    let session = Session(MemoryDriver.Step.open("008") + [.type("aP")])
    #expect(session.library.records("008").count == 1)
    #expect(session.library.records("008").first?.blind == true)
    #expect(session.library.records("008").first?.segment == nil)
  }

  @Test("verdict keys do nothing where the picture cannot be drawn")
  func noPicture() {
    var capabilities = TerminalCapabilities()
    capabilities.colours = 8
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("a")], capabilities: capabilities)
    #expect(session.library.records("001").isEmpty)
    #expect(session.message.contains("no verdict without a picture"))
  }

  @Test("verdict keys do nothing in a terminal that is too small")
  func tooSmall() {
    let small = TerminalSize(columns: 60, rows: 20)
    let session = Session(MemoryDriver.Step.open("001") + [.resize(small), .type("a")])
    #expect(session.library.records("001").isEmpty)
    #expect(session.text.contains("Cordscope needs 80 x 24"))
    #expect(session.lines[19].contains(Notice.researchUse))
    // What there is no room for is left out by clauses, and covers nothing.
    let narrow = Session([], columns: 30, rows: 20)
    #expect(narrow.lines[19].trimmingCharacters(in: .whitespaces) == "research use only")
    #expect(!Session([], columns: 12, rows: 20).text.contains("research"))
    let low = Session([], columns: 62, rows: 4)
    #expect(low.lines[3].contains("Nothing can be stated") && !low.text.contains("research"))
    let back = TerminalSize(columns: 80, rows: 24)
    let again = Session(
      MemoryDriver.Step.open("001") + [.resize(small), .resize(back), .type("a")])
    #expect(again.library.records("001").count == 1)
  }

  @Test("keys typed ahead are judged against the picture they reach")
  func typeAhead() {
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("jjjka")], typesAhead: true)
    #expect(session.library.records("001").count <= 1)
    // Every key was taken: the slice moved on by two.
    #expect(session.text.contains("slice 8 of 11"))
  }

  @Test("pasted text is never run as keys")
  func paste() {
    let session = Session(MemoryDriver.Step.open("001") + [.paste("aaaPPP\rq")])
    #expect(session.library.records("001").isEmpty)
    #expect(session.message.contains("pasted text was ignored"))
    let comment = Session(
      MemoryDriver.Step.open("001") + [.type("c"), .paste("seen on\nSTIR"), .enter])
    #expect(comment.library.records("001").first?.comment == "seen on STIR")
  }

  @Test("the filter narrows the list, Esc brings it back")
  func filter() {
    let flagged = Session([.type("/flagged !read"), .enter])
    #expect(flagged.text.contains("filter: flagged !read"))
    #expect(!flagged.text.contains("sub-009"))
    #expect(flagged.text.contains("sub-004"))
    let none = Session([.type("/zzz"), .enter])
    #expect(none.text.contains("no study passes the filter"))
    let back = Session([.type("/zzz"), .enter, .escape])
    #expect(back.text.contains("sub-009"))
    let cancelled = Session([.type("/zzz"), .escape])
    #expect(cancelled.text.contains("sub-009"))
  }

  @Test("a filter and the counts share their line at 80 columns; a new filter begins empty")
  func filterLine() {
    let flag: [MemoryDriver.Step] = MemoryDriver.Step.open("002") + [.type("!aq"), .escape]
    let set = Session(flag + [.type("/flagged"), .enter], columns: 80, rows: 24)
    #expect(set.lines[1].hasSuffix("  filter: flagged"), "\(set.lines[1])")
    #expect(set.lines[1].count < 80 && !set.lines[1].contains("discussfilter"))
    let long = Session(
      [.type("/flagged" + String(repeating: "x", count: 90)), .enter], columns: 80, rows: 24)
    #expect(long.lines[1].contains("12 studies") && long.lines[1].count < 80)
    let anew = Session([.type("/flagged"), .enter, .type("/003"), .enter])
    #expect(anew.text.contains("filter: 003"))
    let kept = Session([.type("/flagged"), .enter, .type("/00"), .escape])
    #expect(kept.text.contains("filter: flagged"))
  }

  @Test("a message from the background updates one line and keeps the selection")
  func backgroundMessage() {
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "002"
    let entry = WorklistEntry(
      subject: "008", state: .unread, score: 0.9, threshold: 0.15, topSegment: .c5c6,
      flagged: [.c5c6])
    _ = Workstation.update(&state, .message(.entry(entry)))
    #expect(state.worklist.selected == "002")
    #expect(state.worklist.visible.first?.subject == "008")
    #expect(Renderer.render(state).dump().contains("sub-008"))
  }

  @Test("a study opened before its detection is read again when it is done")
  func reloadAfterDetection() {
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "008"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    let library = FixtureLibrary()
    let loaded = Worker.answer(.loadStudy("008"), library, "r")
    if let loaded { _ = Workstation.update(&state, .message(.reply(WorkerReply(value: loaded)))) }
    #expect(state.study?.detection == nil)
    let effects = Workstation.update(
      &state, .message(.entry(WorklistEntry(subject: "008", state: .unread))))
    guard case .loadStudy("008")? = effects.first else {
      Issue.record("not read again: \(effects)")
      return
    }
  }

  @Test("keys typed while a study is being opened wait for it, those that state something do not")
  func typedWhileOpening() throws {
    func state(_ typed: String) throws -> AppState {
      var state = AppState(
        title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
        capabilities: TerminalCapabilities())
      _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
      state.worklist.selected = "001"
      for key in [KeyPress(.enter)] + typed.map({ KeyPress.character($0) }) {
        _ = Workstation.update(&state, .key(key))
      }
      return state
    }
    func answer(_ state: inout AppState) throws -> [Effect] {
      let reply = try #require(Worker.answer(.loadStudy("001"), FixtureLibrary(), "r"))
      return Workstation.update(&state, .message(.reply(WorkerReply(value: reply))))
    }
    var moved = try state("]j")
    #expect(moved.worklist.selected == "001" && moved.study == nil)
    _ = try answer(&moved)
    #expect(moved.study?.target == .segment(.c5c6) && moved.study?.slice == 6)
    var stated = try state("]P")
    #expect(stated.message?.text == "opening sub-001, not yet open: P ignored")
    let effects = try answer(&stated)
    #expect(effects.allSatisfy { $0.looksForDrafts })
    #expect(stated.inFlight.isEmpty && stated.typedAhead.isEmpty)
    var left = try state("]q")
    #expect(left.loading == nil && !left.isDone)
    _ = try answer(&left)
    #expect(left.view == .worklist)
  }

  @Test("moving the selection moves nothing else")
  func nothingMoves() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("[")])
    let screens = session.driver.screens
    let (a, b) = (screens[screens.count - 2], screens[screens.count - 1])
    // Texts of the ladder and the curve's axis stay in their places.
    for needle in ["LEVEL", "ANOCURVE", "AI  ", "2ND", "YOU", "C7-T1"] {
      #expect(Self.places(of: needle, in: a) == Self.places(of: needle, in: b), "\(needle)")
    }
  }

  private static func places(of needle: String, in screen: Screen) -> [Int] {
    screen.dump().split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
      $0.element.range(of: needle) == nil ? nil : $0.offset
    }
  }

  @Test("the filter takes names as they are shown, quality flags, and exclusions of both")
  func filterWords() {
    func shown(_ filter: String) -> Set<String> {
      var list = WorklistScreenState()
      list.entries = FixtureStudies.worklist(12)
      list.entries[1].isForDiscussion = true
      list.filter = filter
      return Set(list.visible.map(\.subject))
    }
    let all = shown("")
    #expect(shown("sub-005") == ["005"] && shown("005") == ["005"])
    #expect(shown("!sub-005") == all.subtracting(["005"]))
    #expect(shown("sub-01") == ["010", "011", "012"] && shown("sub-") == all)
    #expect(shown("levels-interpolated") == ["001", "006", "011"])
    #expect(shown("!levels-interpolated") == all.subtracting(["001", "006", "011"]))
    #expect(shown("discussion") == ["002"] && shown("!discussion sub-002") == [])
    #expect(shown("!") == all && shown("! sub-003") == ["003"])
    #expect(shown("C4-5").isSuperset(of: ["001"]) && shown("out-of-plane").isEmpty)
  }

  @Test("a study flagged for discussion is marked on the worklist and found by a word")
  func discussion() {
    let session = Session(
      MemoryDriver.Step.open("002") + [.type("!q"), .escape, .type("/discussion"), .enter])
    #expect(session.text.contains("1 for discussion"))
    let lines = session.lines.filter { $0.contains("sub-0") }
    #expect(lines.count == 1 && lines[0].contains("! sub-002"), "\(lines)")
  }

  @Test("a problem study with a verdict is read, and the reason stays beside it")
  func readProblem() throws {
    func row(_ keys: String) throws -> String {
      let session = Session(MemoryDriver.Step.open("005") + [.type(keys + "q"), .escape])
      return try #require(session.lines.first { $0.contains("sub-005") })
    }
    let read = try row("P")
    #expect(read.contains("read ") && read.contains("axial slices only"), "\(read)")
    let undone = try row("Pu")
    #expect(undone.contains("problem") && undone.contains("axial slices only"), "\(undone)")
    let found = Session(MemoryDriver.Step.open("005") + [.type("xq/problem"), .enter])
    #expect(found.text.contains("sub-005"))
  }

  @Test("a second ! takes the flag back, and so does u, not an earlier verdict")
  func unflag() {
    for keys in ["a!!", "a!u"] {
      let session = Session(MemoryDriver.Step.open("001") + [.type(keys)])
      let actions = session.library.records("001").map(\.action)
      #expect(actions == [.verdict, .flag, .undo], "\(keys)")
      #expect(session.message.contains("flag for discussion taken back: saved"), "\(keys)")
      #expect(session.text.contains("● present") && !session.text.contains("for discussion  "))
    }
    let again = Session(MemoryDriver.Step.open("001") + [.type("!!!")])
    #expect(again.message.contains("study flagged for discussion: saved"))
  }

  @Test("comments can be read back, at every size", arguments: [(80, 24), (120, 40)])
  func comments(_ size: (Int, Int)) {
    let typed: [MemoryDriver.Step] = [.type("cseen on STIR"), .enter, .type("]"), .type("[")]
    let session = Session(
      MemoryDriver.Step.open("001") + typed, columns: size.0, rows: size.1)
    #expect(session.message.contains("you noted on C4-5: seen on STIR"))
    let acts = Session(
      MemoryDriver.Step.open("001") + typed + [.type("aC")], columns: size.0, rows: size.1)
    #expect(acts.text.contains("2026-11-20  10:42:07  comment on C4-5: seen on STIR"))
    #expect(acts.text.contains("present on C4-5"))
    let closed = Session(
      MemoryDriver.Step.open("001") + typed + [.type("C"), .escape], columns: size.0,
      rows: size.1)
    #expect(closed.text.contains("LEVEL SCORE"))
    let none = Session(MemoryDriver.Step.open("001") + [.type("C")])
    #expect(none.text.contains("nothing is stated on this study yet"))
  }

  @Test("Ctrl-C leaves a prompt, a menu or help; elsewhere it says what quits")
  func interrupt() {
    let interrupt = MemoryDriver.Step.key(.control("c"))
    let list = Session([interrupt])
    #expect(list.message.contains("q quits"))
    let study = Session(MemoryDriver.Step.open("001") + [interrupt])
    #expect(study.message.contains("Q quits") && study.text.contains("LEVEL SCORE"))
    for keys in ["ctyped", "d", "dt", "?", "C"] {
      let session = Session(MemoryDriver.Step.open("001") + [.type(keys), interrupt])
      #expect(session.library.records("001").isEmpty, "\(keys)")
      #expect(session.text.contains("LEVEL SCORE") && !session.text.contains("because"), "\(keys)")
    }
    let filter = Session([.type("/zzz"), interrupt])
    #expect(filter.text.contains("sub-009"))
  }

  @Test("columns that are empty for all studies give their room to the names")
  func emptyColumns() {
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 80, rows: 24),
      capabilities: TerminalCapabilities())
    var entries = FixtureStudies.worklist(2)
    for index in entries.indices {
      entries[index].subject = "private-clinic-\(index + 1)"
      (entries[index].age, entries[index].sex, entries[index].mjoa) = (nil, nil, nil)
    }
    _ = Workstation.update(&state, .message(.worklist(entries)))
    let text = Renderer.render(state).dump()
    #expect(text.contains("sub-private-clinic-1") && text.contains("sub-private-clinic-2"))
    #expect(!text.contains("AGE") && !text.contains("MJOA"))
    entries[0].sex = "F"
    _ = Workstation.update(&state, .message(.worklist(entries)))
    let some = Renderer.render(state).dump()
    #expect(some.contains("SEX") && !some.contains("AGE") && some.contains("sub-private-clinic"))
  }

  @Test("a session shows what another session of the reader wrote, and does not write over it")
  func twoSessions() throws {
    let library = FixtureLibrary { Session.time }
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    func play(_ event: TerminalEvent) { state.play(event, on: library) }
    play(.message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "001"
    play(.key(KeyPress(.enter)))
    play(.key(.character("a")))
    #expect(state.study?.standing(.segment(.c4c5))?.verdict == .present)

    // The other session states the opposite: seen with the next tick.
    func other(_ verdict: Verdict, _ segment: SpinalSegment) throws {
      _ = try library.append(
        ReviewDraft(action: .verdict, segment: segment, verdict: verdict), subject: "001",
        reader: "liu")
    }
    try other(.absent, .c4c5)
    #expect(state.study?.standing(.segment(.c4c5))?.verdict == .present)
    play(.message(.tick))
    #expect(state.study?.standing(.segment(.c4c5))?.verdict == .absent)
    #expect(state.message?.text == "another session of yours: absent on C4-5")
    state.message = nil
    play(.message(.tick))
    #expect(state.message == nil)

    // Before the next tick a key is pressed: nothing is written over what was not seen.
    try other(.cannotTell, .c4c5)
    play(.key(.character("P")))
    #expect(library.records("001").count == 3)
    #expect(state.study?.standing(.segment(.c4c5))?.verdict == .cannotTell)
    #expect(state.message?.text.contains("was not saved: another session of yours") == true)
    #expect(state.study?.failed.isEmpty == true)
    play(.key(.character("P")))
    #expect(library.records("001").last?.verdict == .present)

    // An act elsewhere is written; what the other did is shown with it.
    try other(.present, .c2c3)
    play(.key(.character("]")))
    play(.key(.character("x")))
    #expect(library.records("001").last?.segment == "C5-6")
    #expect(state.study?.standing(.segment(.c2c3))?.verdict == .present)
    #expect(state.message?.text.contains("your other session wrote 1 act before it") == true)
  }

  @Test("a hangup ends at once with 129 and writes nothing more")
  func hangup() {
    let session = Session(MemoryDriver.Step.open("001") + [.hangup])
    #expect(session.status == 129)
  }

  @Test("a request to end from outside ends with 143, after what was on its way is written")
  func terminated() {
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("a"), .terminate], holdsWrites: true)
    #expect(session.status == 143)
    #expect(session.library.records("001").count == 1 && session.driver.isClosed)
  }

  @Test("real workers give the same result")
  func realWorkers() {
    let library = FixtureLibrary { Session.time }
    let driver = MemoryDriver(
      size: TerminalSize(columns: 120, rows: 40),
      script: [
        .await("sub-004"), .type("/001"), .enter, .enter, .await("ANOCURVE"), .await("20 mm"),
        .type("a"), .await("saved 10:42:07"), .type("q"), .await("STATE"),
      ])
    let status = ReviewApp.run(source: library, driver: driver, reader: "liu", timeZone: .gmt) {
      post in
      post(.background(BackgroundProgress(.detecting, done: 1, total: 2)))
      return BackgroundControl()
    }
    #expect(status == 0)
    #expect(driver.missed.isEmpty)
    #expect(library.records("001").map(\.verdict) == [.present])
  }

  @Test("scripts of random keys never trap and never write without a picture", arguments: 0..<6)
  func randomKeys(_ seed: Int) {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
    let keys = Array("jkJKgGhlHL[],.nN oO<>tTwW01234+-=ivVadxPAuc!?q/s\r\u{1b}")
    var script: [MemoryDriver.Step] = []
    for _ in 0..<80 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let key = keys[Int((state >> 33) % UInt64(keys.count))]
      switch key {
      case "\r": script.append(.enter)
      case "\u{1b}": script.append(.escape)
      case "O":
        script.append(
          .resize(
            TerminalSize(columns: Int(state >> 50) % 140 + 30, rows: Int(state >> 45) % 40 + 10)))
      case "q" where script.count < 4: break
      default: script.append(.key(.character(key)))
      }
    }
    let session = Session(script, columns: 100, rows: 30, typesAhead: seed % 2 == 0)
    #expect(session.status == 0)
    for subject in 1...12 {
      let records = session.library.records(String(format: "%03d", subject))
      #expect(records.enumerated().allSatisfy { $0.offset + 1 == $0.element.seq }, "seed \(seed)")
    }
  }
}
