import Core
import Synchronization
import Testing

@testable import TUI

@Suite("A follower under the presenter's own login, and what of his answers is shown when")
struct SecondScreenTests {
  @Test("A second screen hides anew what was looked at alone, and nothing once another presents")
  func otherPresenter() throws {
    let session = FixtureRoom.Session(namesPresenter: true)
    let room = FixtureRoom(.follower, session: session)
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    teacher.press("\n")
    let desk = Desk(room)
    desk.look(TeachingState.settlingLooks + 1)
    desk.press("P")
    let answered = try #require(desk.state.study?.target.segment).name
    #expect(room.library.records("1").map(\.verdict) == [.present])
    #expect(desk.row(answered).hasSuffix("hidden"), "\(desk.text)")
    // Its reader looks at the truth alone; the presenter goes on.
    desk.press("EE")
    #expect(desk.row(answered).contains("● present"), "\(desk.text)")
    #expect(desk.state.messageLog.messages.contains { $0.text.contains("truth and AI") })
    teacher.press("j")
    desk.look()
    #expect(desk.row(answered).hasSuffix("hidden") && !desk.text.contains("TRUTH"))
    #expect(desk.state.messageLog.messages.isEmpty)
    // A colleague takes over: this reader is a follower as any other.
    let view = try #require(teacher.state.teaching?.sent)
    _ = try room.present(view, reader: "bob")
    desk.look()
    #expect(desk.row(answered).contains("● present") && desk.text.contains("AI hidden"))
    #expect(!desk.text.contains("hidden until"))
  }

  @Test("One's own rehearsal, presented by nobody now, makes no second screen")
  func ownRehearsal() throws {
    let session = FixtureRoom.Session(namesPresenter: true)
    Desk(FixtureRoom(.presenter, session: session)).press("\nn")
    session.staleUntil.withLock { $0 = .max }
    session.sign.withLock { $0 = .there("sup") }
    let desk = Desk(FixtureRoom(.follower, session: session))
    desk.press("\n" + TeachingTests.answers + "E")
    let own = try #require(desk.state.worklist.entries.first)
    try #require(own.conclusion != nil && own.caseResult != nil)
    desk.send(.message(.tick))
    desk.look(2)
    // Somebody is there, and has shown nothing yet: the truth is his to show.
    try #require(desk.state.teaching?.presented?.reader == desk.state.reader)
    #expect(desk.state.teaching?.isSecondScreen == false)
    #expect(desk.state.worklist.entries.first == own)
    desk.press("n")
    desk.look()
    desk.press("EE")
    #expect(desk.lines[0].contains("Case 2 of 4"))
    #expect(desk.message.hasPrefix("the presenter keeps the truth hidden"), "\(desk.message)")
    #expect(desk.room.library.records("2").isEmpty && !desk.text.contains("TRUTH"))
    // Seen to be at it, it is a lesson, and this its second screen.
    session.staleUntil.withLock { $0 = 0 }
    desk.look()
    #expect(desk.state.teaching?.isSecondScreen == true)
    #expect(desk.state.worklist.entries.first?.caseResult == nil)
  }

  @Test("What a second screen leaves out of the list is listed again once another presents")
  func listedAgain() throws {
    let session = FixtureRoom.Session(namesPresenter: true)
    let room = FixtureRoom(.follower, session: session)
    let desk = Desk(room)
    desk.press("\n" + TeachingTests.answers + "E")
    let own = try #require(desk.state.worklist.entries.first)
    try #require(own.conclusion != nil && own.caseResult != nil)
    let teacher = Desk(FixtureRoom(.presenter, session: session))
    teacher.press("\nn")
    desk.look(TeachingState.settlingLooks + 1)
    #expect(desk.lines[0].contains("Case 2 of 4"))
    desk.press("P")
    #expect(room.library.records("2").map(\.verdict) == [.present])
    var listed: [WorklistEntry] { desk.state.worklist.entries }
    #expect(listed.allSatisfy { $0.conclusion == nil && $0.caseResult == nil })
    // Also where it is read again.
    desk.send(.message(.worklist([own] + listed.dropFirst())))
    #expect(listed.allSatisfy { $0.conclusion == nil && $0.caseResult == nil })
    // A finding is being placed: the list does not wait for it, though following does.
    desk.press("F")
    let view = try #require(teacher.state.teaching?.sent)
    _ = try room.present(view, reader: "bob")
    desk.look()
    #expect(desk.state.teaching?.isHeld == true && desk.state.study?.isPresented == false)
    #expect(listed.first == own)
    #expect(listed[1].conclusion?.verdict == .present && listed[1].caseResult == nil)
    #expect(listed.dropFirst(2).allSatisfy { $0.conclusion == nil })
  }
}
