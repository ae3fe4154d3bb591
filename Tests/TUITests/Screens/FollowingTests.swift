import Core
import Imaging
import Synchronization
import Testing

@testable import TUI

@Suite(
  "Following a presenter: what is pointed with, what is held, who keeps the truth, who is there")
struct FollowingTests {
  private func tick(_ desks: Desk...) { for desk in desks { desk.send(.message(.tick)) } }

  @Test("While a finding is placed the picture stays; it is saved where its reader was told")
  func held() throws {
    let (_, teacher, desk) = try FixtureLesson().parts
    let slice = try #require(desk.state.study?.slice)
    desk.press("F")
    #expect(desk.message.hasPrefix("finding at slice \(slice + 1), "), "\(desk.message)")
    teacher.press("jj]")
    desk.look(3)
    #expect(desk.state.study?.slice == slice && desk.lines[1].contains("following: held"))
    #expect(desk.message.hasPrefix("finding at slice \(slice + 1), "), "\(desk.message)")
    #expect(desk.message.hasSuffix("; the presenter went on, your slice stays until then"))
    desk.press("k\n")
    desk.look()
    #expect(desk.state.study?.slice == slice && desk.text.contains("finding at slice \(slice + 1)"))
    desk.press("syrinx\n")
    let record = try #require(desk.room.library.records("1").last)
    #expect(record.action == .finding && record.comment == "syrinx")
    #expect(record.place?.slice == desk.state.study?.study.pictures[slice].index)
    desk.look()
    #expect(desk.state.study?.slice == slice + 2)
    #expect(desk.message.contains("saved") && desk.message.contains("; following again: "))
    #expect(!desk.lines[1].contains("held"))
    // The segment has changed with it: a verdict waits, as ever.
    desk.press("P")
    #expect(desk.message.contains("the presenter went to"))
  }

  @Test("A finding that is given up lets following go on, also to another case")
  func heldCase() throws {
    let (_, teacher, desk) = try FixtureLesson().parts
    desk.press("F")
    teacher.press("n")
    desk.look(2)
    #expect(desk.lines[0].contains("Case 1 of 4") && desk.lines[1].contains("held"))
    desk.send(.key(KeyPress(.escape)))
    #expect(desk.message == "no finding was added")
    desk.look()
    #expect(desk.lines[0].contains("Case 2 of 4"))
    #expect(desk.message.contains("following again"), "\(desk.message)")
    #expect(desk.room.library.records("1").isEmpty)
    // Nothing is said of a wait in which nothing came.
    desk.look(TeachingState.settlingLooks)
    desk.press("F")
    #expect(desk.message.hasPrefix("finding at slice "))
    desk.look(2)
    desk.send(.key(KeyPress(.escape)))
    desk.look()
    #expect(desk.message == "no finding was added")
  }

  @Test("Crosshair, distance and its read-out are on a follower's screen as on the presenter's")
  func pointing() throws {
    let (_, teacher, desk) = try FixtureLesson().parts
    teacher.press("XlllmllljjJ")
    desk.look()
    #expect(desk.state.study?.crosshair == nil && desk.state.study?.pointed != nil)
    #expect(desk.state.study?.pointed == teacher.state.study?.crosshair)
    let words = try #require(teacher.state.study?.readOut)
    #expect(words.contains("distance ") && desk.state.study?.readOut == words)
    func view(_ desk: Desk) throws -> SliceView {
      try #require(desk.state.study?.shown?.view)
    }
    #expect(try view(desk).crosshair == view(teacher).crosshair)
    #expect(try view(desk).lines == view(teacher).lines && view(desk).lines.count == 1)
    #expect(desk.state.study?.cursorRow == teacher.state.study?.cursorRow)
    teacher.press("m")
    teacher.press("X")
    desk.look()
    #expect(desk.state.study?.pointed == nil)
    #expect(try view(desk).lines.isEmpty && view(desk).crosshair == nil)
  }

  @Test(
    "Curve cursor, threshold, width, curve and pane are followed; one's own last until they change")
  func arrangement() throws {
    let (_, teacher, desk) = try FixtureLesson(teacher: (200, 60), follower: (200, 60)).parts
    teacher.press("E")
    desk.look()
    teacher.press("lllttV)v")
    desk.look()
    let (shown, seen) = (teacher.state, desk.state)
    #expect(seen.study?.cursorRow == shown.study?.cursorRow)
    #expect(seen.study?.heatFrom == 0.5 && shown.study?.heatFrom == 0.5)
    #expect(shown.isAligned == false && seen.isAligned == false)
    #expect(shown.pictureSteps > 0 && seen.pictureSteps == shown.pictureSteps)
    #expect(seen.curveGlyphs == .blocks && shown.curveGlyphs == .blocks)
    teacher.press("m")
    desk.look()
    #expect(desk.state.study?.enlarged == .picture)
    desk.press("m")
    teacher.press("j")
    desk.look()
    #expect(desk.state.study?.slice == teacher.state.study?.slice)
    #expect(desk.state.study?.enlarged == nil, "the presenter changed nothing of it")
    desk.press("z")
    #expect(desk.state.study?.enlarged == .picture)
    teacher.press("m")
    desk.look()
    #expect(desk.state.study?.enlarged == nil)
  }

  @Test("B is the picture beside for presenter and followers, and the followers' goes with it")
  func beside() throws {
    let axial = BesideChoice(.series(file: "1"), title: "axial T2w (acq-ax)")
    let other = BesideChoice(.series(file: "2"), title: "axial T2w (acq-ax)")
    let (_, teacher, desk) = try FixtureLesson(neighbours: [axial, other]).parts
    teacher.press("B")
    #expect(teacher.state.study?.beside.choice == axial, "\(teacher.message)")
    desk.look()
    #expect(desk.state.study?.beside.choice == axial)
    teacher.press("}}")
    desk.look()
    let held = try #require(teacher.state.study?.beside.own)
    #expect(desk.state.study?.beside.own == held)
    #expect(desk.state.study?.besidePlane?.number == teacher.state.study?.besidePlane?.number)
    teacher.press(")")
    desk.look()
    #expect(desk.state.study?.beside.fill == .beside)
    teacher.press(")")
    // Two of one name are told apart by their place.
    teacher.press("B")
    desk.look()
    #expect(desk.state.study?.beside.choice == other && desk.state.study?.beside.fill == .both)
    teacher.send(.key(KeyPress(.escape)))
    desk.look()
    #expect(desk.state.study?.beside.isOn == false)
    // A follower's own.
    desk.press("B")
    #expect(desk.state.study?.beside.choice == axial)
    teacher.press("j")
    desk.look()
    #expect(desk.state.study?.beside.choice == axial)
    desk.press("z")
    #expect(desk.state.study?.beside.isOn == false)
  }

  @Test("A picture beside that this reader does not have is named, and the rest is followed")
  func noBeside() throws {
    let (_, _, desk) = try FixtureLesson(neighbours: [
      BesideChoice(.series(file: "1"), title: "axial T2w")
    ]).parts
    var view = TeachingView(caseNumber: 1, slice: 2)
    view.beside = TeachingView.Beside(title: "\u{1b}[31msagittal T1w", place: .min, slice: .max)
    view.layout = TeachingView.Layout(curve: "?", glyphs: "?", width: .max, pane: "?")
    view.distance = TeachingView.Distance(slice: .min, from: [1e300, -1e300], to: [1])
    (view.point, view.cursor, view.lowest) = ([1e300, 3], .max, [-1e300, 1e300])
    _ = try desk.room.present(view, reader: "anna")
    desk.look()
    let study = try #require(desk.state.study)
    #expect(study.slice == 2 && !study.beside.isOn)
    #expect(desk.message.contains("sagittal T1w is presented beside, and is not there any more"))
    #expect(study.heatFrom == 0 && study.mapFrom == 0.9 && study.pointed?.measured?.to == nil)
    #expect(study.cursorRow < SagittalGrid.side && desk.state.pictureSteps == Hanging.mostSteps)
    #expect(!desk.text.contains("\u{1b}") && study.enlarged == nil)
    view.beside = TeachingView.Beside(title: "axial T2w", place: .max, slice: .max)
    _ = try desk.room.present(view, reader: "anna")
    desk.look()
    #expect(desk.state.study?.besidePlane?.number == 19)
  }

  @Test("A truth that the presenter keeps hidden is shown only to who stops following")
  func keptTruth() throws {
    let (session, teacher, desk) = try FixtureLesson().parts
    let refusal = "the presenter keeps the truth hidden: U stops following, then E shows it"
    for sign in [PresenterSign.unknown, .there("anna")] {
      session.sign.withLock { $0 = sign }
      tick(desk)
      for keys in ["EE", "bb"] {
        desk.press(keys)
        #expect(desk.message == refusal, "\(sign)")
      }
    }
    #expect(desk.room.library.records("1").isEmpty && !desk.text.contains("TRUTH"))
    // What needs the AI names what works here, too.
    for keys in ["o", " ", "t", "Xs"] {
      desk.press(keys)
      #expect(desk.message.hasSuffix("hidden: U stops following, then E shows it"), "\(keys)")
    }
    desk.press("X")
    desk.press("U")
    #expect(desk.message.hasPrefix("not following: z follows again"))
    desk.press("o")
    #expect(desk.message == "the AI is hidden: E shows it")
    #expect(desk.lines[1].contains("not following"))
    let slice = desk.state.study?.slice
    teacher.press("jj")
    desk.look(2)
    #expect(desk.state.study?.slice == slice)
    desk.press("EE")
    #expect(desk.text.contains("TRUTH"))
    #expect(desk.room.library.records("1").map(\.action) == [.reveal])
    #expect(desk.room.library.records("1").first?.reason == nil, "his own look")
    desk.press("z")
    #expect(desk.state.study?.slice == teacher.state.study?.slice)
    #expect(desk.lines[1].contains("following") && !desk.lines[1].contains("not following"))
    for (role, words) in [
      (TeachingRole.learner, "you follow nobody"), (.presenter, "you follow nobody"),
    ] {
      let other = Desk(FixtureRoom(role))
      other.press("\nU")
      #expect(other.message == words)
    }
    teacher.press("z")
    #expect(teacher.message == "you present: others follow you")
  }

  @Test("A presenter without a sign of life is told, keeps no truth, and is told again when back")
  func silent() throws {
    let (session, teacher, desk) = try FixtureLesson().parts
    session.sign.withLock { $0 = .there("anna") }
    tick(desk)
    #expect(desk.lines[1].contains("following") && !desk.message.contains("anna"))
    session.sign.withLock { $0 = .silent("anna") }
    tick(desk)
    #expect(
      desk.message.contains("no sign of life from anna") && desk.message.contains("n goes on"))
    #expect(desk.lines[1].contains("presenter silent"))
    desk.press("z")
    #expect(desk.message.contains("no sign of life from the presenter: shown last"))
    desk.press("EE")
    #expect(desk.room.library.records("1").map(\.action) == [.reveal])
    session.sign.withLock { $0 = .there("sup") }
    tick(desk)
    #expect(desk.message == "sup presents again" && desk.lines[1].contains("following"))
    session.sign.withLock { $0 = .there("anna") }
    tick(desk)
    #expect(desk.message == "anna presents now")
    // Over the place of a finding it is said behind that.
    teacher.press("n")
    desk.look(TeachingState.settlingLooks + 1)
    desk.press("F")
    session.sign.withLock { $0 = .silent("anna") }
    tick(desk)
    #expect(desk.message.hasPrefix("finding at slice ") && desk.message.contains("no sign of life"))
  }

  @Test("That a presenter fell silent takes no word from an answer that was not saved")
  func silentAfterError() throws {
    let (session, _, desk) = try FixtureLesson().parts
    desk.room.library.failWrites("disk full")
    desk.press("P")
    #expect(desk.message.hasPrefix("NOT SAVED"), "\(desk.message)")
    session.sign.withLock { $0 = .silent("anna") }
    tick(desk)
    #expect(desk.message.hasPrefix("NOT SAVED") && desk.message.contains("no sign of life"))
  }

  @Test("Who is replaced is told, and shows followers nothing more, not even that he leaves")
  func replaced() throws {
    let (session, teacher, desk) = try FixtureLesson().parts
    session.successor.withLock { $0 = "sup at srv2 (process 5)" }
    tick(teacher)
    #expect(teacher.message.contains("presented by sup at srv2 (process 5) now"))
    #expect(teacher.lines[1].contains("presented by another"))
    let slice = desk.state.study?.slice
    teacher.press("jjj")
    teacher.press("Q")
    desk.look(2)
    #expect(desk.state.study?.slice == slice && desk.lines[1].contains("following"))
    #expect(!desk.message.contains("left"))
  }

  @Test("Who takes a session over goes on at the case and the picture that were shown last")
  func takenOver() throws {
    let (session, teacher, desk) = try FixtureLesson().parts
    teacher.press("njj+i]E")
    desk.look(2)
    let next = Desk(FixtureRoom(.presenter, session: session, takesOver: true))
    let (before, after) = (try #require(teacher.state.study), try #require(next.state.study))
    #expect(next.lines[0].contains("Case 2 of 4"))
    #expect(after.slice == before.slice && after.target == before.target)
    #expect(after.zoom == 1 && after.isInverted)
    // The truth is not shown to the room by itself.
    #expect(after.isBlind && next.message.contains("you go on where the session stood"))
    #expect(next.message.hasSuffix("the truth was shown: E shows it"), "\(next.message)")
    desk.look(2)
    #expect(desk.lines[0].contains("Case 2 of 4") && desk.text.contains("TRUTH"))
    next.press("n")
    #expect(next.lines[0].contains("Case 3 of 4") && next.state.study?.zoom == 0)
  }

  @Test("Whole screens of following", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let axial = BesideChoice(.series(file: "1"), title: "axial T2w (acq-ax)")
    let (session, teacher, desk) = try FixtureLesson(
      neighbours: [axial], teacher: size, follower: size
    ).parts
    desk.press("F")
    teacher.press("j")
    desk.look()
    try Shot.check(desk.text, "following-held", says: "held", size)
    desk.send(.key(KeyPress(.escape)))
    desk.look()
    teacher.press("XlllmllljjJ")
    desk.look()
    try Shot.check(desk.text, "following-distance", says: "distance", size)
    teacher.press("XE")
    desk.look()
    teacher.press("B")
    desk.look()
    try Shot.check(desk.text, "following-beside", says: "axial T2w", size)
    session.sign.withLock { $0 = .silent("anna") }
    tick(desk)
    try Shot.check(desk.text, "following-silent", says: "no sign of life from anna", size)
    teacher.send(.key(KeyPress(.escape)))
    teacher.press("n")
    session.sign.withLock { $0 = .there("anna") }
    tick(desk)
    desk.look(2)
    desk.press("E")
    try Shot.check(desk.text, "following-kept", says: "keeps the truth hidden", size)
    desk.press("U")
    try Shot.check(desk.text, "following-alone", says: "not following", size)
  }
}
