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

  /// The upper edge of the picture, in rows of the grid.
  private static func top(_ desk: EditorDesk) throws -> Int {
    try #require(desk.state.study?.shown?.view.crop.rows.lowerBound)
  }

  @Test("the crosshair takes ladder and curve along, while the zoomed picture stays")
  func crosshair() throws {
    let desk = EditorDesk("+++X")
    let before = try #require(desk.state.study)
    let top = try Self.top(desk)
    let edge = try #require(before.rowRange(.segment(.c5c6))?.lowerBound)
    let start = try #require(before.crosshair?.place.y)
    #expect(before.target == .segment(.c4c5) && Double(edge) > start)
    desk.press(String(repeating: "j", count: edge - 1 - Int(start)))
    #expect(desk.state.study?.target == .segment(.c4c5))
    #expect(desk.state.study?.cursorRow == edge - 1)
    desk.press("j")
    #expect(desk.state.study?.target == .segment(.c5c6) && desk.state.study?.cursorRow == edge)
    #expect(try Self.top(desk) == top)
    #expect(desk.library.records("001").isEmpty)
    // The next segment chosen in the ladder takes the picture along again, as does zoom.
    desk.press("X]")
    #expect(desk.state.study?.target == .segment(.c6c7))
    #expect(try Self.top(desk) > top)
    let zoomed = EditorDesk("+++X" + String(repeating: "j", count: edge - Int(start)) + "=+++")
    #expect(try Self.top(zoomed) > top)
    #expect(zoomed.state.study?.target == .segment(.c5c6))
  }

  @Test("a press on the picture, or on a name beside it, selects the segment there")
  func pressOnPicture() throws {
    for segment in SpinalSegment.allCases {
      let desk = EditorDesk("")
      let rows = try #require(desk.state.study?.rowRange(.segment(segment)))
      let middle = Double(rows.lowerBound + rows.upperBound) / 2
      desk.mouse(.press, [128, middle])
      #expect(desk.state.study?.target == .segment(segment))
      let cursor = try #require(desk.state.study?.cursorRow)
      #expect(rows.contains(cursor), "\(segment)")
      let beside = EditorDesk("")
      let cell = try #require(beside.cell([128, middle]))
      beside.send(.mouse(MouseAct(.press, row: cell.row, column: 2)))
      #expect(beside.state.study?.target == .segment(segment))
      #expect(desk.library.records("001").isEmpty)
    }
    // Beyond the segments nothing is selected, and by the right button neither.
    let desk = EditorDesk("")
    let cursor = desk.state.study?.cursorRow
    desk.mouse(.press, [128, 30])
    desk.mouse(.press, [128, 180], .right)
    #expect(desk.state.study?.target == .segment(.c4c5) && desk.state.study?.cursorRow == cursor)
  }

  @Test("a press on the curve moves its cursor there, and the ladder's row with it")
  func pressOnCurve() throws {
    let desk = EditorDesk("")
    let rect = StudyLayout(desk.state).curve
    var seen: [SpinalSegment] = []
    var rows: [Int] = []
    for column in rect.column..<rect.columnEnd {
      let before = desk.state.study?.cursorRow
      desk.send(.mouse(MouseAct(.press, row: rect.row + 4, column: column)))
      let study = try #require(desk.state.study)
      // The numbers of the axis, and the cord above and below the segments, leave it where it is.
      guard study.cursorRow != before, let segment = study.target.segment else { continue }
      #expect(column >= rect.column + 6)
      #expect(study.rowRange(study.target)?.contains(study.cursorRow) == true)
      rows.append(study.cursorRow)
      if seen.last != segment { seen.append(segment) }
    }
    #expect(seen == SpinalSegment.allCases)
    #expect(rows.count > 30 && rows == rows.sorted())
    #expect(desk.state.study?.pane == .curve)
  }

  @Test("beside the picture the curve has the picture's rows")
  func pressOnStandingCurve() throws {
    for segment in SpinalSegment.allCases {
      let desk = EditorDesk("v")
      let layout = StudyLayout(desk.state)
      try #require(layout.isAligned)
      let rows = try #require(desk.state.study?.rowRange(.segment(segment)))
      let middle = Double(rows.lowerBound + rows.upperBound) / 2
      let cell = try #require(desk.cell([128, middle]))
      desk.send(
        .mouse(MouseAct(.press, row: cell.row, column: layout.standingCurve.column + 3)))
      #expect(desk.state.study?.target == .segment(segment))
      let cursor = try #require(desk.state.study?.cursorRow)
      // Not further from it than a cell is high.
      #expect(abs(Double(cursor) - middle) <= 8, "\(segment)")
    }
  }
}
