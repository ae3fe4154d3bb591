import Core
import Foundation
import Imaging
import Testing

@testable import TUI

/// A person at a terminal in a teaching session; what is asked of workers is done at once.
final class Desk {
  private(set) var state: AppState
  let room: FixtureRoom

  init(
    _ room: FixtureRoom, columns: Int = 120, rows: Int = 40,
    capabilities: TerminalCapabilities = TerminalCapabilities()
  ) {
    self.room = room
    state = AppState(
      title: room.title, reader: "liu", size: TerminalSize(columns: columns, rows: rows),
      capabilities: capabilities, timeZone: .gmt, startsBlind: true)
    state.teaching = TeachingState(
      room.role, cases: room.caseCount, takenOver: room.takenOver)
    state.worklist.begin(in: .ofCases)
    let effects = Workstation.start(&state)
    state.carryOut(effects, on: room)
  }

  func press(_ keys: String) {
    for key in keys { send(.key(key == "\n" ? KeyPress(.enter) : .character(key))) }
  }

  func send(_ event: TerminalEvent) { state.play(event, on: room) }

  /// Gives the terminal another size.
  func resize(columns: Int, rows: Int) {
    state.size = TerminalSize(columns: columns, rows: rows)
    send(.resized)
  }

  /// Looks at what is presented so many times.
  func look(_ times: Int = 1) { for _ in 0..<times { send(.message(.follow)) } }

  var text: String { Renderer.render(state).dump() }
  var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
  var message: String { state.message?.text ?? "" }
  /// The line of a segment in the ladder.
  func row(_ segment: String) -> String {
    let words = [" \(segment) ", " \(segment)"]
    return lines.dropFirst(2).first { line in words.contains { line.contains($0) } } ?? ""
  }
}

@Suite("Teaching: cases, hidden truth, presenter and followers")
struct TeachingTests {
  /// Answers all six segments of the case on the screen, from the highest down.
  static let answers = "[[[[[[A]A]P]A]x]A"

  private func learner(_ columns: Int = 120, _ rows: Int = 40) -> Desk {
    let desk = Desk(FixtureRoom(.learner), columns: columns, rows: rows)
    desk.press("\n")
    return desk
  }

  @Test("A case has a number and nothing else; AI and truth are not drawn until asked for")
  func hidden() {
    let desk = learner()
    #expect(desk.lines[0].contains("Case 1 of 4"))
    #expect(desk.text.contains("AI hidden") && !desk.text.contains("TRUTH"))
    #expect(!desk.text.contains("FLAG") && !desk.text.contains("0.41"))
    desk.press(Self.answers)
    #expect(!desk.text.contains("TRUTH") && !desk.text.contains("FLAG"))
    #expect(desk.room.library.records("1").allSatisfy { $0.blind && $0.action == .verdict })
    desk.press("E")
    #expect(desk.text.contains("TRUTH") && desk.text.contains("FLAG"))
    #expect(desk.text.contains("ANOCURVE") && desk.text.contains("━"))
    #expect(desk.row("C4-5").contains("● present") && !desk.row("C4-5").contains("×"))
    #expect(desk.row("C5-6").contains("×"))
    let count = desk.room.library.records("1").count
    desk.press("P")
    #expect(desk.message.contains("answers stand") && desk.room.library.records("1").count == count)
  }

  @Test("The truth is shown early only when asked for twice")
  func early() {
    let desk = learner()
    let words = "E again shows the truth and ends your answers: C"
    for keys in ["PE", "jE", "?qE", "9E"] {
      desk.press(keys)
      #expect(desk.message.contains(words) && !desk.text.contains("TRUTH"), "\(keys)")
    }
    desk.press("E")
    #expect(desk.text.contains("TRUTH"))
    #expect(desk.room.library.records("1").map(\.action) == [.verdict, .reveal])
  }

  @Test("The reveal of a case says what it shows; that of a library's study is the AI's as ever")
  func revealWords() {
    let desk = learner()
    desk.press(Self.answers + "E")
    #expect(desk.message.hasPrefix("showing truth and AI: saved"))
    desk.press("C")
    #expect(desk.text.contains("saw truth and AI") && !desk.text.contains("saw the AI"))
    let undetected = Desk(FixtureRoom(.learner) { $0.detection = nil })
    undetected.press("\n" + Self.answers + "E")
    #expect(undetected.message.hasPrefix("showing the truth: saved"))
    undetected.press("C")
    #expect(undetected.text.contains("saw the truth"))
    let opened = MemoryDriver.Step.open("001")
    let clinical = Session(opened + [.type("b")], startsBlind: true)
    #expect(clinical.message.contains("showing the AI: saved"))
    let acts = Session(opened + [.type("bC")], startsBlind: true)
    #expect(acts.text.contains("saw the AI's result") && !acts.text.contains("truth"))
  }

  @Test(
    "No screen of a session names a study, its patient or their age",
    arguments: [(80, 24), (120, 40)])
  func pseudonymous(_ size: (Int, Int)) {
    let desk = learner(size.0, size.1)
    var screens = [desk.text]
    for keys in [Self.answers, "E", "C", "q", "?", "q", ":", "\u{8}"] {
      desk.press(keys)
      screens.append(desk.text)
    }
    desk.send(.key(KeyPress(.escape)))
    for keys in ["n", "Pb", "b", "Y", "Z", "!", "M", "q", "q", "/2\n", "\n"] {
      desk.press(keys)
      screens.append(desk.text)
    }
    for screen in screens {
      for word in ["sub-", " 001", " 002", "mJOA", "spine-clinic", " F 47", "_T2w"] {
        #expect(!screen.contains(word), "\(word) in\n\(screen)")
      }
    }
  }

  @Test("n and N go through the cases; after the last it is said what is left")
  func cases() {
    let desk = learner()
    desk.press(Self.answers + "EN")
    #expect(desk.message == "first case")
    desk.press("nnn")
    #expect(desk.lines[0].contains("Case 4 of 4"))
    desk.press("n")
    #expect(desk.message == "this was the last case; 3 not answered; M scores")
    desk.press("Pn")
    #expect(desk.message == "this was the last case; 2 not answered, 1 begun; M scores")
    #expect(desk.state.popup == nil && desk.lines[0].contains("Case 4 of 4"))
    desk.press("M")
    #expect(desk.text.contains("Teaching session monday: 4 cases, 1 learner"))
    #expect(desk.text.contains("sensitivity  1 of 2"))
    desk.press("M")
    #expect(desk.lines[0].contains("Case 4 of 4"))
    for key in ["Z", "Y", "!"] {
      desk.press(key)
      #expect(desk.message.contains("has no place"), "\(key)")
    }
  }

  @Test("After the last case a presenter is told nothing of answers, and nobody of none left")
  func lastCase() {
    let teacher = Desk(FixtureRoom(.presenter, cases: 1))
    teacher.press("\nn")
    #expect(teacher.message == "this was the last case; M scores")
    let desk = Desk(FixtureRoom(.learner, cases: 1))
    desk.press("\n" + Self.answers + "En")
    #expect(desk.message == "this was the last case; M scores")
  }

  @Test("Followers see case, slice, segment, window, overlay and truth as the presenter does")
  func follows() throws {
    let session = FixtureRoom.Session()
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    let desk = Desk(FixtureRoom(.follower, session: session), columns: 80, rows: 24)
    desk.look()
    #expect(desk.state.view == .worklist && desk.lines[1].contains("4 cases"))
    teacher.press("\nnjj]3i+o")
    desk.look()
    let (shown, seen) = (try #require(teacher.state.study), try #require(desk.state.study))
    #expect(desk.lines[0].contains("Case 2 of 4") && desk.text.contains("following"))
    #expect(seen.slice == shown.slice && seen.target == shown.target)
    #expect(seen.greyWindow == shown.greyWindow && seen.isInverted && seen.zoom == 1)
    #expect(seen.overlayKind == shown.overlayKind && seen.isBlind)
    // The segment has just changed: what is pressed now was meant for another.
    desk.press("P")
    #expect(desk.message.contains("the presenter went to"))
    #expect(desk.room.library.records("2").isEmpty)
    desk.look(TeachingState.settlingLooks)
    desk.press("P")
    #expect(desk.room.library.records("2").map(\.verdict) == [.present])
    #expect(teacher.room.library.records("2").isEmpty)
    // Moves of the follower's own last until the presenter moves, or z.
    desk.press("k")
    desk.look()
    #expect(desk.state.study?.slice == shown.slice - 1)
    desk.press("z")
    #expect(desk.state.study?.slice == shown.slice)
    teacher.press("X")
    desk.look()
    #expect(desk.state.study?.pointed == teacher.state.study?.crosshair)
    teacher.press("XE")
    desk.look()
    #expect(desk.text.contains("TRUTH") && desk.state.study?.pointed == nil)
    let acts = desk.room.library.records("2")
    #expect(acts.map(\.action) == [.verdict, .reveal])
    // It is the presenter's: the learner's time does not go on until then.
    #expect(acts.last?.reason == ReviewRecord.presentedReason)
  }

  @Test("A follower is told that the presenter has left, by a key or a signal, and is back")
  func leaves() {
    for event in [TerminalEvent.key(.character("Q")), .terminate(status: 143), .hangup] {
      let session = FixtureRoom.Session()
      let teacher = Desk(FixtureRoom(.presenter, session: session))
      let desk = Desk(FixtureRoom(.follower, session: session))
      teacher.press("\nj")
      desk.look()
      #expect(desk.lines[1].contains("following") && !desk.message.contains("left"))
      desk.press("k")
      let slice = desk.state.study?.slice
      teacher.send(event)
      desk.look(2)
      #expect(desk.message.contains("the presenter has left: n goes on"), "\(desk.message)")
      #expect(desk.lines[1].contains("presenter left") && !desk.lines[1].contains("following"))
      // Leaving moves nothing, and ends no answers.
      #expect(desk.state.study?.slice == slice && desk.state.study?.isBlind == true)
      desk.look(TeachingState.settlingLooks)
      desk.press("P")
      #expect(desk.room.library.records("1").map(\.verdict) == [.present])
      Desk(FixtureRoom(.presenter, session: session)).press("\nn")
      desk.look()
      #expect(desk.lines[0].contains("Case 2 of 4") && desk.lines[1].contains("following"))
      #expect(desk.message.contains("the presenter is back"), "\(desk.message)")
    }
  }

  @Test("A presenter who leaves after a reveal ends no answers of who came later")
  func leavesRevealed() {
    let session = FixtureRoom.Session()
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    teacher.press("\nE")
    let desk = Desk(FixtureRoom(.follower, session: session))
    desk.look(2)
    teacher.press("Q")
    desk.look(2)
    #expect(desk.lines[1].contains("presenter left") && desk.state.study?.isBlind == true)
    desk.press("z")
    #expect(desk.message.contains("before you came") && desk.state.study?.isBlind == true)
    #expect(desk.room.library.records("1").isEmpty)
  }

  @Test("The list of cases says how right a case is once its truth was shown, and nothing before")
  func results() {
    for width in [80, 120] {
      let desk = learner(width, 24)
      desk.press(Self.answers + "q")
      #expect(desk.lines[3].contains("CASE") && desk.lines[3].contains("RESULT"))
      #expect(!desk.lines[3].contains("SCORE") && !desk.text.contains(" right"))
      let hidden = desk.lines[4...7].allSatisfy { $0.contains("truth hidden") }
      #expect(hidden && desk.lines[4].contains("reading"), "\(desk.text)")
      desk.press("\nEq")
      #expect(
        desk.lines[4].contains("3/5 right, missed C5-6, cannot tell C6-7"), "\(desk.lines[4])")
      #expect(desk.lines[4].contains("read ") && desk.lines[5].contains("truth hidden"))
      #expect(!desk.text.contains(" - "), "\(desk.text)")
    }
    // A presenter's list may be seen by the room: it has neither answers nor a result.
    let teacher = Desk(FixtureRoom(.presenter))
    teacher.press("\nPEq")
    #expect(teacher.lines[4].contains("truth shown") && !teacher.text.contains("right"))
    #expect(teacher.state.worklist.entries[0].conclusion == nil)
    #expect(!teacher.lines[4].contains("present"), "\(teacher.lines[4])")
  }

  @Test("A grade stands beside its verdict, and ends with the truth as the verdicts do")
  func grades() {
    let desk = learner()
    desk.press("[[[[[[]]Py")
    #expect(desk.room.library.records("1").map(\.action) == [.verdict, .grade])
    #expect(desk.room.library.records("1").last?.grade == 1)
    desk.press("EEy")
    #expect(desk.message.contains("answers stand"))
    #expect(desk.room.library.records("1").map(\.action) == [.verdict, .grade, .reveal])
  }

  @Test("A presenter who has tried a session shows its cases hidden, and as nobody has seen them")
  func rehearsed() throws {
    let session = FixtureRoom.Session()
    let room = FixtureRoom(.presenter, session: session)
    let first = Desk(room)
    first.press("\n" + Self.answers + "E")
    // The program is started again for the lesson.
    let teacher = Desk(room)
    let desk = Desk(FixtureRoom(.follower, session: session))
    desk.look()
    teacher.press("\n")
    desk.look(TeachingState.settlingLooks + 1)
    #expect(teacher.text.contains("AI hidden") && !teacher.text.contains("TRUTH"))
    #expect(teacher.state.study?.slice == 5)
    #expect(desk.text.contains("AI hidden") && desk.room.library.records("1").isEmpty)
    desk.press("P")
    #expect(desk.room.library.records("1").map(\.action) == [.verdict])
    teacher.press("P")
    #expect(teacher.message.contains("seen the truth before"))
    let count = room.library.records("1").count
    #expect(teacher.lines[39].contains("E truth"))
    teacher.press("E")
    #expect(teacher.text.contains("TRUTH") && room.library.records("1").count == count)
    desk.look()
    #expect(desk.text.contains("TRUTH"))
    #expect(desk.room.library.records("1").map(\.action) == [.verdict, .reveal])
    // Back on a case it has shown, the presenter's screen shows it.
    teacher.press("nN")
    #expect(teacher.text.contains("TRUTH"))
  }

  /// Words of an answer, of which no screen of a hidden case that is presented has one.
  private static let answered = [
    "● present", "○ absent", "? cannot tell", "? unsure", "present on", "absent on",
    "cannot tell on", "C4-5 present", "C7-T1 absent", "case present", "case undecided",
    "you noted", "YOUR ACTS", "grade 1", "image Pass",
  ]

  @Test(
    "A presenter's own answers are on no screen of a hidden case, and are back with its truth",
    arguments: [(80, 24), (120, 40), (200, 60)])
  func hidesAnswers(_ size: (Int, Int)) throws {
    let session = FixtureRoom.Session()
    let room = FixtureRoom(.presenter, session: session)
    func desk(_ room: FixtureRoom) -> Desk { Desk(room, columns: size.0, rows: size.1) }
    var screens: [String] = []
    let first = desk(room)
    first.press("\n")
    for keys in ["[[[[[[A", "]A", "]P", "]A", "]x", "]A", "A", "f", "u", "P", "cseen\n"] {
      first.press(keys)
      screens.append(first.text)
    }
    #expect(room.library.records("1").count(where: { $0.action == .verdict }) == 7)
    #expect(room.library.records("1").last?.comment == "seen")
    // The program is started again for the lesson.
    let teacher = desk(room)
    let follower = desk(FixtureRoom(.follower, session: session))
    follower.look()
    teacher.press("\n[[[[[[]]")
    for keys in ["", "P", "y", "C", "m", "m", "@", "@a"] {
      teacher.press(keys)
      screens.append(teacher.text)
      if keys == "C" { #expect(teacher.text.contains("your acts are hidden until the truth")) }
      for _ in 0..<3 where teacher.state.popup != nil { teacher.send(.key(KeyPress(.escape))) }
    }
    #expect(teacher.state.view == .study)
    for screen in screens {
      for word in Self.answered { #expect(!screen.contains(word), "\(word) in\n\(screen)") }
    }
    follower.look(TeachingState.settlingLooks + 1)
    #expect(!follower.text.contains("● present") && !follower.text.contains("hidden until"))
    follower.press("P")
    #expect(follower.row("C4-5").contains("● present"))
    teacher.press("E")
    #expect(teacher.text.contains("TRUTH") && teacher.text.contains("● present"))
    #expect(!teacher.text.contains("hidden until"))
  }

  @Test("The ladder of a hidden case says that the presenter's answers are, on every row alike")
  func hiddenLadder() {
    for keys in ["", Self.answers] {
      let desk = Desk(FixtureRoom(.presenter))
      desk.press("\n" + keys)
      for segment in SpinalSegment.allCases {
        #expect(desk.row(segment.name).hasSuffix("   hidden"), "\(desk.row(segment.name))")
      }
      #expect(desk.text.contains("your answers are hidden until the truth is shown (E); C"))
    }
    // A learner's own stand there as ever.
    let alone = learner()
    alone.press(Self.answers)
    #expect(alone.row("C4-5").contains("● present") && !alone.text.contains("hidden until"))
  }

  @Test("What of a presenter's answer is not saved is said without the answer")
  func unsavedAnswer() {
    let room = FixtureRoom(.presenter)
    let desk = Desk(room)
    desk.press("\n")
    room.library.failWrites("disk full")
    desk.press("P")
    #expect(desk.message.hasPrefix("NOT SAVED: ") && desk.message.contains("answer"))
    #expect(desk.text.contains("NOT SAVED") && !desk.text.contains("present NOT"))
    #expect(!desk.message.contains("present"))
  }

  @Test("A second screen under the presenter's own login hides what the presenter's screen hides")
  func secondScreen() {
    let session = FixtureRoom.Session(namesPresenter: true)
    let room = FixtureRoom(.follower, session: session)
    let alone = Desk(room)
    alone.press("\n" + Self.answers + "E")
    #expect(alone.text.contains("TRUTH"))
    let desk = Desk(room)
    desk.look()
    desk.press("\n")
    #expect(desk.text.contains("TRUTH"), "nobody presents: he is alone")
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    teacher.press("\n")
    desk.look()
    #expect(desk.text.contains("AI hidden") && desk.text.contains("hidden until the truth"))
    for word in Self.answered + ["TRUTH"] { #expect(!desk.text.contains(word), "\(word)") }
    let count = room.library.records("1").count
    teacher.press("E")
    desk.look()
    #expect(desk.text.contains("TRUTH") && desk.row("C4-5").contains("● present"))
    #expect(room.library.records("1").count == count, "the presenter's own screen writes it")
    teacher.press("n")
    desk.look()
    #expect(desk.lines[0].contains("Case 2 of 4") && desk.text.contains("AI hidden"))
    teacher.press("N")
    desk.look()
    #expect(desk.text.contains("TRUTH"))
    desk.press("q")
    #expect(desk.lines[3].contains("CASE") && !desk.text.contains(" right"))
    #expect(desk.state.worklist.entries.allSatisfy { $0.conclusion == nil })
  }

  @Test("What a presenter showed before a follower came ends none of his answers")
  func late() {
    let session = FixtureRoom.Session()
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    teacher.press("\nE")
    let desk = Desk(FixtureRoom(.follower, session: session))
    desk.look(2)
    #expect(desk.lines[0].contains("Case 1 of 4") && desk.text.contains("AI hidden"))
    #expect(desk.message.contains("before you came: E"), "\(desk.message)")
    desk.press("z")
    #expect(desk.room.library.records("1").isEmpty && !desk.text.contains("TRUTH"))
    // The presenter is there, and goes on.
    teacher.press("j")
    desk.look()
    #expect(desk.text.contains("TRUTH"))
    #expect(desk.room.library.records("1").map(\.action) == [.reveal])
  }

  @Test("A case that the AI has not seen is asked for by the segments that its truth knows")
  func undetected() {
    let desk = Desk(FixtureRoom(.learner) { $0.detection = nil })
    desk.press("\n")
    #expect(desk.state.study?.rows.count == SpinalSegment.allCases.count)
    #expect(desk.state.study?.target == .segment(.c2c3) && !desk.text.contains("TRUTH"))
    desk.press(Self.answers + "E")
    #expect(desk.text.contains("TRUTH") && desk.message.contains("saved"))
    desk.press("q")
    #expect(desk.lines[4].contains("3/5 right"))
  }

  @Test("What a follower types is not carried to another case")
  func typing() {
    let session = FixtureRoom.Session()
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    let desk = Desk(FixtureRoom(.follower, session: session))
    teacher.press("\n")
    desk.look()
    desk.press("cwhy")
    teacher.press("n")
    desk.look(2)
    #expect(desk.lines[0].contains("Case 1 of 4"))
    desk.press("\n")
    #expect(desk.room.library.records("1").map(\.comment) == ["why"])
    desk.look()
    #expect(desk.lines[0].contains("Case 2 of 4"))
  }

  @Test("A presented view out of all bounds is kept within the screen's own")
  func hostile() throws {
    let desk = Desk(FixtureRoom(.follower))
    var view = TeachingView(caseNumber: 1, slice: Int.max)
    (view.segment, view.overlay) = ("\u{1b}[31mC9-9", "\u{1b}]0;x")
    (view.window, view.level) = (1e300, -1e300)
    (view.zoom, view.pan, view.opacity) = (Int.min, [1e300, -1e300], -5)
    view.point = [1e300, -1]
    _ = try desk.room.present(view, reader: "anna")
    desk.look()
    let study = try #require(desk.state.study)
    #expect(study.slice == study.study.pictures.count - 1 && study.zoom == 0)
    #expect(study.greyWindow.window.isFinite && study.opacity == 0.1)
    #expect(study.pan == SIMD2(128, -128) && study.overlayKind == .heat)
    #expect(!desk.text.contains("\u{1b}"))
  }

  @Test("A guest sees cases and truth, states nothing, and is not asked to")
  func guest() {
    let session = FixtureRoom.Session()
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    let desk = Desk(FixtureRoom(.follower, session: session).of(.guest))
    teacher.press("\n")
    desk.look(TeachingState.settlingLooks + 1)
    #expect(desk.lines[1].contains("guest") && !desk.text.contains("state present"))
    for key in "PAxycFsDu" {
      desk.press(String(key))
      #expect(desk.message == "a guest states nothing: nothing was saved", "\(key)")
    }
    for word in ["present", "absent", "cannot tell"] {
      #expect(!desk.lines[39].contains(word), "\(word)")
    }
    teacher.press("E")
    desk.look()
    #expect(desk.text.contains("TRUTH") && desk.room.library.records("1").isEmpty)
    #expect(desk.state.unsaved.isEmpty)
    // Alone he sees the truth at once: no answers end by it.
    let alone = Desk(FixtureRoom(.learner).of(.guest))
    alone.press("\nE")
    #expect(alone.text.contains("TRUTH") && alone.message == "the truth is shown")
    #expect(alone.room.library.records("1").isEmpty)
    alone.press("P")
    #expect(alone.message == "a guest states nothing: nothing was saved")
  }

  @Test("The smallest screen names the keys that answer; no screen names keys that do nothing")
  func footers() {
    let desk = learner(80, 24)
    var keys: String { desk.lines[23] }
    for word in [
      "x cannot tell", "P present", "A absent", "E truth", "n next case", "[ ] segment", "? help",
    ] {
      #expect(keys.contains(word), "\(word) in \(keys)")
    }
    #expect(!keys.contains("map") && !keys.contains("flagged") && !keys.contains("accept"))
    desk.press(Self.answers + "E")
    for word in ["present", "absent", "accept", "undo", "truth"] {
      #expect(!keys.contains(word), "\(word) in \(keys)")
    }
    #expect(keys.contains("n next case") && keys.contains("M scores"))
    let replay = Desk(
      FixtureRoom(.replay, cases: 1, replayed: ReplayTests.acts([(.verdict, "C3-4", .absent)])),
      columns: 200, rows: 60)
    replay.press("\n")
    for word in ["present", "cannot tell", "undo", "truth", "scores"] {
      #expect(!replay.lines[59].contains(word), "\(word) in \(replay.lines[59])")
    }
  }

  @Test("Whole screens of a session", arguments: Snapshot.sizes)
  func snapshots(_ size: (Int, Int)) throws {
    let name = "\(size.0)x\(size.1)"
    let desk = learner(size.0, size.1)
    desk.press(Self.answers)
    try Snapshot.check(desk.text, "teaching-\(name)")
    desk.press("E[[")
    try Snapshot.check(desk.text, "teaching-truth-\(name)")
    desk.press("M")
    try Snapshot.check(desk.text, "teaching-scores-\(name)")
    desk.press("Mq")
    try Snapshot.check(desk.text, "teaching-cases-\(name)")
  }
}
