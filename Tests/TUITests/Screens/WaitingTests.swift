import Core
import Synchronization
import Testing

@testable import TUI

@Suite("A follower who has nothing to follow: who presents, and that the screen follows then")
struct WaitingTests {
  private static let follows = ": this screen follows when somebody presents"

  private func tick(_ desk: Desk) { desk.send(.message(.tick)) }

  /// A follower of a session whose last view, if there is one, is of an earlier showing.
  private func follower(
    _ session: FixtureRoom.Session, after view: TeachingView? = nil, by reader: String = "anna"
  ) throws -> Desk {
    if let view {
      _ = try FixtureRoom(.presenter, session: session).present(view, reader: reader)
      session.staleUntil.withLock { $0 = .max }
    }
    return Desk(FixtureRoom(.follower, session: session))
  }

  /// A view with which its presenter left, or fell silent.
  private func last(hasLeft: Bool) -> TeachingView {
    var view = TeachingView(caseNumber: 2, slice: 1)
    if hasLeft { view.hasLeft = true }
    return view
  }

  @Test("Before anybody has presented he is told so once, then who presents, then he follows")
  func nobodyYet() throws {
    let session = FixtureRoom.Session()
    let desk = try follower(session)
    tick(desk)
    #expect(desk.message.isEmpty, "nothing was looked for yet")
    desk.look()
    tick(desk)
    #expect(desk.state.view == .worklist && desk.message == "nobody presents yet" + Self.follows)
    desk.press("j")
    desk.look()
    tick(desk)
    #expect(!desk.message.contains("presents"), "\(desk.message)")
    desk.press("k\n")
    #expect(desk.lines[1].contains("nobody presents") && !desk.lines[1].contains("following"))
    session.sign.withLock { $0 = .there("anna") }
    tick(desk)
    #expect(desk.message == "anna presents: this screen follows as soon as a case is shown")
    #expect(desk.lines[1].contains("following"))
    Desk(FixtureRoom(.presenter, session: session)).press("\nn")
    desk.look(2)
    #expect(desk.lines[0].contains("Case 2 of 4") && !desk.message.contains("anna presents"))
  }

  @Test("Who comes after a lesson is told who has left, or that nobody presents now")
  func after() throws {
    let named = FixtureRoom.Session(namesPresenter: true)
    for (session, hasLeft, words) in [
      (named, true, "anna has left"), (FixtureRoom.Session(), true, "the presenter has left"),
      (FixtureRoom.Session(namesPresenter: true), false, "nobody presents now"),
    ] {
      let desk = try follower(session, after: last(hasLeft: hasLeft))
      desk.look(2)
      tick(desk)
      #expect(desk.state.view == .worklist && desk.message == words + Self.follows)
      // The next one is no news of the one before.
      session.sign.withLock { $0 = .there("sup") }
      tick(desk)
      #expect(desk.message == "sup presents: this screen follows as soon as a case is shown")
    }
  }

  @Test("A presenter who leaves without having shown anything is named; a silent one as ever")
  func leftUnseen() throws {
    let session = FixtureRoom.Session()
    let desk = try follower(session)
    session.sign.withLock { $0 = .there("anna") }
    desk.look()
    tick(desk)
    #expect(desk.message.hasPrefix("anna presents: "))
    session.sign.withLock { $0 = .silent("anna") }
    tick(desk)
    #expect(desk.message.hasPrefix("no sign of life from anna"), "\(desk.message)")
    session.sign.withLock { $0 = .unknown }
    tick(desk)
    #expect(desk.message == "anna has left" + Self.follows)
  }

  @Test("In the list of cases no key is named that goes on to the next case")
  func listed() throws {
    let session = FixtureRoom.Session(namesPresenter: true)
    let desk = try follower(session)
    var view = last(hasLeft: false)
    _ = try desk.room.present(view, reader: "anna")
    desk.look(TeachingState.settlingLooks + 1)
    #expect(desk.lines[0].contains("Case 2 of 4"))
    desk.press("q")
    try #require(desk.state.view == .worklist)
    view.hasLeft = true
    _ = try desk.room.present(view, reader: "anna")
    desk.look()
    #expect(desk.message == "anna has left" + Self.follows)
  }

  @Test("Who stopped following is promised nothing; an act not saved stays before all")
  func aloneAndError() throws {
    let alone = try follower(FixtureRoom.Session())
    alone.press("\nU")
    alone.look()
    tick(alone)
    #expect(alone.message == "nobody presents yet" && alone.lines[1].contains("not following"))
    let session = FixtureRoom.Session()
    let desk = try follower(session)
    desk.press("\n")
    desk.room.library.failWrites("disk full")
    desk.press("P")
    let error = desk.message
    #expect(error.hasPrefix("NOT SAVED"))
    desk.look()
    tick(desk)
    #expect(desk.message == "\(error); nobody presents yet\(Self.follows)")
    // It is true no longer, and the error stays.
    session.sign.withLock { $0 = .there("anna") }
    tick(desk)
    #expect(desk.message.hasPrefix("\(error); anna presents: ") && !desk.message.contains("nobody"))
    #expect(desk.state.message?.kind == .error)
  }

  @Test("Who follows, presents or learns alone is told nothing of it")
  func others() throws {
    let (session, _, desk) = try FixtureLesson().parts
    for sign in [PresenterSign.unknown, .there("anna")] {
      session.sign.withLock { $0 = sign }
      tick(desk)
      #expect(!desk.message.contains("presents") && desk.lines[1].contains("following"))
    }
    for role in [TeachingRole.learner, .presenter] {
      let other = Desk(FixtureRoom(role))
      other.look()
      tick(other)
      #expect(other.message.isEmpty, "\(role)")
    }
  }

  @Test("Whole screens of waiting", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let desk = Desk(FixtureRoom(.follower), columns: size.0, rows: size.1)
    desk.look()
    tick(desk)
    try Shot.check(desk.text, "follower-waiting", says: "nobody presents yet", size)
    desk.press("\n")
    try Shot.check(desk.text, "follower-unpresented", says: "nobody presents", size)
  }
}
