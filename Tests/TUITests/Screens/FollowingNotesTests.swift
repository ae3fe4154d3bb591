import Core
import Synchronization
import Testing

@testable import TUI

@Suite("What followers and a replaced presenter are told, and for how long; what is not followed")
struct FollowingNotesTests {
  private func tick(_ desks: Desk...) { for desk in desks { desk.send(.message(.tick)) } }

  // MARK: Words that end

  @Test("That a picture beside has no room ends when there is room, or it is presented no more")
  func noRoom() throws {
    let axial = BesideChoice(.series(file: "1"), title: "axial T2w (acq-ax)")
    let (_, teacher, desk) = try FixtureLesson(neighbours: [axial], follower: (80, 24)).parts
    let words = "no room for axial T2w (acq-ax), presented beside: ) shows it"
    teacher.press("B")
    desk.look()
    #expect(desk.message == words)
    teacher.press("j")
    desk.look(3)
    #expect(desk.message == words, "it is as true as before")
    desk.resize(columns: 200, rows: 60)
    #expect(desk.message.isEmpty && desk.state.study?.beside.choice == axial)
    teacher.send(.key(KeyPress(.escape)))
    desk.look()
    desk.resize(columns: 80, rows: 24)
    teacher.press("B")
    desk.look()
    #expect(desk.message == words)
    teacher.send(.key(KeyPress(.escape)))
    desk.look()
    #expect(desk.message.isEmpty && desk.state.study?.beside.isOn == false)
    // Behind an error it comes and goes, and the error stays.
    desk.room.library.failWrites("disk full")
    desk.press("P")
    let error = desk.message
    #expect(error.hasPrefix("NOT SAVED"))
    teacher.press("B")
    desk.look()
    #expect(desk.message == "\(error); \(words)")
    teacher.send(.key(KeyPress(.escape)))
    desk.look()
    #expect(desk.message == error && desk.state.message?.kind == .error)
  }

  @Test("That what is presented beside is not there ends with its being presented")
  func notThere() throws {
    let (_, _, desk) = try FixtureLesson().parts
    var view = TeachingView(caseNumber: 1, slice: 2)
    view.beside = TeachingView.Beside(title: "sagittal T1w", place: 1)
    _ = try desk.room.present(view, reader: "anna")
    desk.look()
    let words = "is presented beside, and is not there any more"
    #expect(desk.message.contains(words), "\(desk.message)")
    view.slice = 3
    _ = try desk.room.present(view, reader: "anna")
    desk.look()
    #expect(desk.message.contains(words))
    view.beside = nil
    view.layout = TeachingView.Layout(curve: "auto", glyphs: nil, width: 0)
    _ = try desk.room.present(view, reader: "anna")
    desk.look()
    #expect(desk.message.isEmpty)
  }

  // MARK: Errors

  @Test("No notice takes the line from an act not saved: another case, a truth, a leaving")
  func errorStays() throws {
    let (_, teacher, desk) = try FixtureLesson().parts
    desk.room.library.failWrites("disk full")
    desk.press("P")
    let error = desk.message
    #expect(error.hasPrefix("NOT SAVED"))
    desk.room.library.failWrites(nil)
    teacher.press("n")
    desk.look(2)
    #expect(desk.lines[0].contains("Case 2 of 4"))
    #expect(desk.message == error && desk.state.message?.kind == .error)
    teacher.press("E")
    desk.look()
    #expect(desk.room.library.records("2").map(\.action) == [.reveal])
    #expect(desk.message.hasPrefix("\(error); showing truth and AI: saved"), "\(desk.message)")
    teacher.press("Q")
    desk.look(2)
    #expect(desk.message.hasPrefix(error) && desk.state.message?.kind == .error)
    #expect(desk.message.contains("; the presenter has left: n goes on to the next case"))
    // Who has pressed a key has read it.
    desk.press("j")
    #expect(!desk.message.contains("NOT SAVED") && desk.lines[1].contains("presenter left"))
  }

  @Test("That nothing can be saved in the case that is brought stands behind an act not saved")
  func obstacleStays() throws {
    let (_, teacher, desk) = try FixtureLesson().parts
    desk.room.library.failWrites("disk full")
    desk.press("P")
    let error = desk.message
    #expect(error.hasPrefix("NOT SAVED"))
    let other = StudyOwner(reader: "liu", host: "srv1", pid: 4711, session: "a", heartbeat: 0)
    desk.room.granted.withLock { $0.hold = .elsewhere(other) }
    teacher.press("n")
    desk.look(2)
    let held = "read-only: the study is open by liu at srv1 (process 4711)"
    #expect(desk.lines[0].contains("Case 2 of 4"))
    #expect(desk.message == "\(error); \(held)" && desk.state.message?.kind == .error)
    teacher.press("n")
    desk.look(2)
    #expect(desk.lines[0].contains("Case 3 of 4") && desk.message == "\(error); \(held)")
    // Of the next case it is not true.
    desk.room.granted.withLock { $0.hold = .free }
    teacher.press("n")
    desk.look(2)
    #expect(desk.lines[0].contains("Case 4 of 4") && desk.message == error)
    // Of the library it is of all cases, and is said once.
    var state = desk.state
    state.obstacle = "the library may only be read"
    for (key, name) in [("N", "Case 3 of 4"), ("N", "Case 2 of 4")] {
      teacher.press(key)
      state.play(.message(.follow), on: desk.room)
      #expect(Renderer.render(state).dump().contains(name))
      #expect(state.message?.text == "\(error); the library may only be read")
    }
  }

  @Test("A presenter's answer that was not saved stays on the line when views are not, either")
  func presenterError() throws {
    let room = FixtureRoom(.presenter)
    let teacher = Desk(room)
    teacher.press("\n")
    room.library.failWrites("disk full")
    teacher.press("P")
    let error = teacher.message
    #expect(error.hasPrefix("NOT SAVED"))
    for _ in 0..<2 {
      let failure = WorkerReply(value: .presented(.failure(WorkerFailure(words: "disk full"))))
      teacher.send(.message(.reply(failure)))
    }
    #expect(teacher.message == "\(error); followers do not see this: disk full")
  }

  @Test("A case that cannot be opened is asked for once, and its error stays to be read")
  func notOpened() throws {
    let (_, _, desk) = try FixtureLesson().parts
    var state = desk.state
    state.teaching?.presented = PresentedView(
      seq: 99, view: TeachingView(caseNumber: 2, slice: 0))
    state.teaching?.isUnapplied = true
    _ = Workstation.update(&state, .message(.follow))
    #expect(state.loading == "2")
    let failure = WorkerReply(value: .study("2", .failure(WorkerFailure(words: "damaged"))))
    _ = Workstation.update(&state, .message(.reply(failure)))
    let said = state.messageLog
    for _ in 0..<5 { _ = Workstation.update(&state, .message(.follow)) }
    #expect(state.loading == nil && state.messageLog == said)
    #expect(state.message?.text == "Case 2 of 4 cannot be opened: damaged")
    // By hand it is asked for again.
    _ = Workstation.update(&state, .key(.character("z")))
    #expect(state.loading == "2")
  }

  // MARK: Who is there

  @Test("Who was replaced hears as followers do that the next one fell silent, is back, or left")
  func replacedWatches() throws {
    let (session, teacher, desk) = try FixtureLesson().parts
    session.successor.withLock { $0 = "sup at srv2 (process 5)" }
    session.sign.withLock { $0 = .there("sup") }
    tick(teacher, desk)
    #expect(teacher.message.contains("presented by sup at srv2 (process 5) now"))
    tick(teacher)
    #expect(teacher.lines[1].contains("presented by another"))
    teacher.press("z")
    #expect(teacher.message == "you present no longer: --follow shows who does")
    session.sign.withLock { $0 = .silent("sup") }
    tick(teacher, desk)
    let words = "no sign of life from sup, who presents: "
    #expect(teacher.message == words + "quit, then --present goes on there")
    #expect(desk.message == words + "n goes on to the next case")
    #expect(teacher.lines[1].contains("presenter silent"))
    session.sign.withLock { $0 = .there("sup") }
    tick(teacher)
    #expect(teacher.message == "sup presents again")
    #expect(teacher.lines[1].contains("presented by another"))
    session.sign.withLock { $0 = .unknown }
    tick(teacher)
    #expect(teacher.message == "sup presents no longer: quit, then --present shows yours again")
  }

  @Test("What took the presenter's place makes room for the news, an answer not saved does not")
  func replacedWithError() throws {
    let (session, teacher, _) = try FixtureLesson().parts
    teacher.room.library.failWrites("disk full")
    teacher.press("P")
    let error = teacher.message
    #expect(error.hasPrefix("NOT SAVED"))
    session.successor.withLock { $0 = "sup at srv2 (process 5)" }
    session.sign.withLock { $0 = .there("sup") }
    tick(teacher)
    #expect(teacher.message.hasPrefix("\(error); presented by sup at srv2"))
    tick(teacher)
    session.sign.withLock { $0 = .silent("sup") }
    tick(teacher)
    #expect(teacher.message.hasPrefix("\(error); no sign of life from sup"), "\(teacher.message)")
  }

  @Test("The footer offers a follower the truth only where it may be shown")
  func footer() throws {
    let (session, teacher, desk) = try FixtureLesson().parts
    var keys: String { desk.lines[39] }
    #expect(!keys.contains("truth") && keys.contains("n next case"))
    desk.press("U")
    #expect(keys.contains("E truth"))
    desk.press("z")
    #expect(!keys.contains("truth"))
    session.sign.withLock { $0 = .silent("anna") }
    tick(desk)
    #expect(keys.contains("E truth"))
    session.sign.withLock { $0 = .there("anna") }
    tick(desk)
    #expect(!keys.contains("truth"))
    teacher.press("Q")
    desk.look()
    #expect(keys.contains("E truth"))
  }

  // MARK: What is not followed

  @Test("A view of an earlier showing is not followed: neither its case nor any place in it")
  func stale() throws {
    let session = FixtureRoom.Session()
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    teacher.press("\nnjj]3i+E")
    session.staleUntil.withLock { $0 = .max }
    let desk = Desk(FixtureRoom(.follower, session: session))
    desk.look(3)
    #expect(desk.state.view == .worklist && desk.message.isEmpty)
    desk.press("\n")
    desk.look(3)
    desk.press("z")
    #expect(desk.lines[0].contains("Case 1 of 4") && desk.message == "nobody presents")
    // Somebody is there who has shown nothing yet; what the rehearsal revealed is his to show.
    session.sign.withLock { $0 = .there("anna") }
    tick(desk)
    desk.press("z")
    #expect(desk.message == "the presenter shows nothing yet")
    desk.press("nEE")
    #expect(desk.message.hasPrefix("the presenter keeps the truth hidden"), "\(desk.message)")
    #expect(!desk.lines[39].contains("truth"))
    // He is seen to be at it: of what was shown before, the case alone is followed.
    let before = try #require(desk.state.study)
    let shown = try #require(teacher.state.study)
    try #require(before.slice != shown.slice && before.target != shown.target)
    try #require(before.window != shown.window && shown.zoom == 1 && shown.isInverted)
    session.staleUntil.withLock { $0 = 0 }
    desk.look(2)
    let after = try #require(desk.state.study)
    #expect(desk.lines[0].contains("Case 2 of 4") && desk.message.contains("before you came: E"))
    #expect(after.slice == before.slice && after.target == before.target && after.zoom == 0)
    #expect(!after.isInverted && after.isBlind && after.window == before.window)
    desk.press("z")
    #expect(desk.state.study?.slice == before.slice)
    #expect(desk.room.library.records("2").isEmpty && !desk.text.contains("TRUTH"))
    teacher.press("j")
    desk.look()
    #expect(desk.text.contains("TRUTH") && desk.state.study?.slice == teacher.state.study?.slice)
    #expect(desk.state.study?.isInverted == true)
  }

  @Test("Who joins a showing sees what it shows, as long as no truth was shown there")
  func late() throws {
    let session = FixtureRoom.Session()
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    teacher.press("\njj+")
    session.staleUntil.withLock { $0 = .max }
    let desk = Desk(FixtureRoom(.follower, session: session))
    desk.look(3)
    #expect(desk.state.view == .worklist && teacher.state.study?.slice != 5)
    session.staleUntil.withLock { $0 = 0 }
    desk.look(2)
    #expect(desk.lines[0].contains("Case 1 of 4") && desk.state.study?.zoom == 1)
    #expect(desk.state.study?.slice == teacher.state.study?.slice)
  }

  @Test("A verdict meant for the case before is not taken on the one that the presenter brings")
  func nextCase() throws {
    let (_, teacher, desk) = try FixtureLesson().parts
    teacher.press("n")
    desk.look()
    #expect(desk.lines[0].contains("Case 2 of 4"))
    desk.press("P")
    #expect(desk.message.contains("the presenter went to"), "\(desk.message)")
    #expect(desk.room.library.records("2").isEmpty)
    desk.look(TeachingState.settlingLooks)
    desk.press("P")
    #expect(desk.room.library.records("2").map(\.verdict) == [.present])
  }

  @Test("What waited while a finding was placed is drawn with the look that brings it")
  func drawnAfterHold() throws {
    let (_, teacher, desk) = try FixtureLesson().parts
    func isIdle() -> Bool { Workstation.isIdle(.message(.follow), desk.state) }
    desk.press("F")
    teacher.press("[[]")
    desk.look(2)
    #expect(desk.lines[1].contains("held") && isIdle())
    desk.send(.key(KeyPress(.escape)))
    #expect(!isIdle())
    #expect(desk.state.study?.target != teacher.state.study?.target)
    desk.look()
    #expect(desk.state.study?.target == teacher.state.study?.target && isIdle())
    // Who is alone waits for nothing.
    desk.press("U")
    teacher.press("j")
    desk.look(2)
    #expect(isIdle())
  }
}
