import Core
import Imaging
import Testing

@testable import TUI

@Suite("The ladder, the curve and the picture")
struct LadderMovesTests {
  @Test("] and [ move the ladder's row, the curve's cursor and the zoomed picture together")
  func together() throws {
    let library = FixtureLibrary { Session.time }
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    for key in "+++" { state.play(.key(.character(key)), on: library) }
    func seen() throws -> (target: ReviewTarget, cursor: Int, top: Int) {
      let study = try #require(state.study)
      let view = try #require(StudyLayout(state).view(study, state.capabilities))
      #expect(study.rowRange(study.target)?.contains(study.cursorRow) == true)
      return (study.target, study.cursorRow, view.crop.rows.lowerBound)
    }
    let first = try seen()
    state.play(.key(.character("]")), on: library)
    let next = try seen()
    #expect(first.target == .segment(.c4c5) && next.target == .segment(.c5c6))
    #expect(next.cursor > first.cursor && next.top > first.top)
    state.play(.key(.character("[")), on: library)
    let back = try seen()
    #expect(back.target == first.target && back.cursor == first.cursor && back.top == first.top)
  }
}
