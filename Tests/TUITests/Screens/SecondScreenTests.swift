import Core
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
}
