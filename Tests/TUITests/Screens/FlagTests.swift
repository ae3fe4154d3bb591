import Core
import Testing

@testable import TUI

@Suite("The flag for discussion comes and goes by its key and by undo")
struct FlagTests {
  @Test("u right after the flag was taken off by its key puts it back, and takes no other act")
  func undoOfUnflagging() {
    func session(_ keys: String) -> Session {
      Session(MemoryDriver.Step.open("001") + [.type(keys)])
    }
    let back = session("a!!u")
    let records = back.library.records("001")
    #expect(records.map(\.action) == [.verdict, .flag, .undo, .redo])
    #expect(records.map(\.reverts) == [nil, nil, 2, 3])
    #expect(back.message.contains("flag for discussion restored: saved"))
    #expect(back.text.contains("● present"))
    // The flag may have been set long before.
    let early = session("!a!u").library.records("001")
    #expect(early.map(\.action) == [.flag, .verdict, .undo, .redo])
    #expect(early.map(\.reverts) == [nil, nil, 1, 3])
    // From there on undo goes from act to act again.
    let on = session("a!!uuu").library.records("001")
    #expect(on.map(\.reverts) == [nil, nil, 2, 3, 2, 1])
    // After undo's own key, or after another act, it is as everywhere.
    #expect(session("a!uu").library.records("001").map(\.reverts) == [nil, nil, 2, 1])
    let other = session("!!au").library.records("001")
    #expect(other.map(\.action) == [.flag, .undo, .verdict, .undo])
    #expect(other.last?.reverts == 3)
    #expect(session("!!!u").library.records("001").map(\.reverts) == [nil, 1, nil, 3])
    // Nothing else stands, and the footer has the key all the same.
    let wide = Session(MemoryDriver.Step.open("001") + [.type("!!")], columns: 200, rows: 60)
    #expect(wide.lines[59].contains("u undo"))
  }
}
