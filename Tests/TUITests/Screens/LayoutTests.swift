import Testing

@testable import TUI

@Suite("Screens: layout")
struct LayoutTests {
  @Test("nothing overlaps and nothing leaves the screen, at any size")
  func everySize() {
    for columns in stride(from: 80, through: 260, by: 9) {
      for rows in stride(from: 24, through: 90, by: 3) {
        for aligned in [false, true] {
          let size = TerminalSize(columns: columns, rows: rows)
          let layout = StudyLayout(size: size, isAligned: aligned, capabilities: .sixelTerminal)
          check(layout, size)
        }
      }
    }
  }

  private func check(_ layout: StudyLayout, _ size: TerminalSize) {
    let parts = [
      layout.gutter, layout.picture, layout.standingCurve, layout.ladder, layout.curve,
      layout.notes, layout.why,
    ].filter { !$0.isEmpty }
    for part in parts {
      #expect(
        part.row >= 2 && part.rowEnd <= size.rows - 2 && part.columnEnd <= size.columns,
        "\(part) in \(size)")
    }
    for (index, a) in parts.enumerated() {
      for b in parts.dropFirst(index + 1) {
        let apart =
          a.rowEnd <= b.row || b.rowEnd <= a.row || a.columnEnd <= b.column
          || b.columnEnd <= a.column
        if !apart { Issue.record("\(a) and \(b) overlap in \(size)") }
      }
    }
    #expect(layout.picture.width >= 24 && layout.picture.height >= 15, "\(size)")
    #expect(layout.captionRow < layout.why.row)
  }
}
