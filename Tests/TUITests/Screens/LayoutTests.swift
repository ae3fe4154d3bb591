import Testing

@testable import TUI

@Suite("Screens: layout")
struct LayoutTests {
  @Test("nothing overlaps and nothing leaves the screen, at any size")
  func everySize() {
    for columns in stride(from: 80, through: 305, by: 9) {
      for rows in stride(from: 24, through: 102, by: 3) {
        for aligned in [false, true] {
          let size = TerminalSize(columns: columns, rows: rows)
          let layout = StudyLayout(size: size, isAligned: aligned, capabilities: .sixelTerminal)
          check(layout, size)
          let ladders = StudyLayout(
            size: size, isAligned: aligned, capabilities: .sixelTerminal, isAdjudicating: true)
          check(ladders, size)
          // Two readers, the accord, the own verdict; and who signed what.
          #expect(ladders.ladder.width >= 47 && ladders.notes.height >= 9, "\(size)")
        }
      }
    }
  }

  @Test("a wider picture and a pane alone overlap nothing and leave the other lines")
  func panes() {
    for columns in stride(from: 80, through: 260, by: 9) {
      for rows in stride(from: 24, through: 90, by: 6) {
        let size = TerminalSize(columns: columns, rows: rows)
        func layout(
          _ steps: Int, _ pane: StudyPane? = nil, aligned: Bool? = nil
        ) -> StudyLayout {
          StudyLayout(
            size: size, isAligned: aligned, capabilities: .sixelTerminal, steps: steps,
            enlarged: pane)
        }
        for steps in [-20, -3, -1, 1, 3, 20] {
          for aligned in [false, true] {
            let wider = layout(steps, aligned: aligned)
            check(wider, size)
            #expect(wider.ladder.width >= 35 && wider.ladder.height == 8, "\(size)")
          }
        }
        #expect(layout(1).picture.width >= layout(0).picture.width, "\(size)")
        let all = layout(0)
        for pane in StudyPane.allCases {
          let alone = layout(2, pane, aligned: true)
          let rects: [StudyPane: CellRect] = [
            .picture: alone.picture, .curve: alone.curve, .ladder: alone.ladder,
          ]
          let rect = rects[pane] ?? alone.why
          let others = rects.filter { $0.key != pane }.values
          #expect(!rect.isEmpty && others.allSatisfy(\.isEmpty), "\(pane) in \(size)")
          #expect(rect.width >= columns - 8 && rect.columnEnd <= columns && rect.row >= 2)
          #expect(alone.why == all.why && rect.rowEnd <= alone.why.row && !alone.isAligned)
          #expect(alone.standingCurve.isEmpty && alone.quality.isEmpty)
        }
        #expect(layout(0, .ladder).notes.rowEnd <= layout(0).why.row)
      }
    }
  }

  @Test("where the ladder has its measurements, a curve put beside the picture leaves them to it")
  func measuredLadder() {
    for columns in 110...260 {
      for steps in 0...6 {
        func ladder(_ isAligned: Bool) -> Int {
          StudyLayout(
            size: TerminalSize(columns: columns, rows: 45), isAligned: isAligned,
            capabilities: .sixelTerminal, steps: steps
          ).ladder.width
        }
        let (lying, standing) = (ladder(false), ladder(true))
        #expect(standing <= lying && (lying < 57 || standing >= 57), "\(columns), \(steps)")
      }
    }
  }

  @Test("under a curve that is alone two or three lines hold what is measured")
  func measuredCurve() {
    for columns in stride(from: 80, through: 260, by: 9) {
      for rows in stride(from: 24, through: 90, by: 6) {
        let layout = StudyLayout(
          size: TerminalSize(columns: columns, rows: rows), isAligned: nil,
          capabilities: .sixelTerminal, enlarged: .curve, isMeasured: true)
        #expect(layout.measures.height == (columns < 120 ? 3 : 2), "\(columns) x \(rows)")
        #expect(layout.curve.height >= 12 && layout.curve.rowEnd <= layout.measures.row)
        #expect(layout.measures.rowEnd == layout.why.row && layout.notes.isEmpty)
      }
    }
  }

  @Test("two pictures lie side by side in the room of one, or none where it is too small")
  func twoPictures() {
    for columns in stride(from: 80, through: 260, by: 9) {
      for rows in stride(from: 24, through: 90, by: 6) {
        let size = TerminalSize(columns: columns, rows: rows)
        func layout(_ fill: BesideState.Fill?) -> StudyLayout {
          StudyLayout(size: size, isAligned: nil, capabilities: .sixelTerminal, fill: fill)
        }
        let (one, both, beside) = (layout(nil), layout(.both), layout(.beside))
        #expect(one.beside.isEmpty && layout(.sagittal).picture == one.picture)
        #expect(beside.picture.isEmpty && beside.beside.columnEnd == one.picture.columnEnd)
        #expect(beside.beside.rowEnd == one.picture.rowEnd && beside.besideHead.height == 4)
        guard one.picture.width >= 42 else {
          #expect(both.beside.isEmpty && both.picture == one.picture, "\(size)")
          continue
        }
        #expect(both.picture.width >= 20 && both.beside.width >= 20, "\(size)")
        #expect(both.picture.columnEnd + 2 == both.beside.column)
        #expect(both.beside.columnEnd == one.picture.columnEnd)
        #expect(both.besideHead.rowEnd == both.beside.row)
        #expect(both.standingCurve == one.standingCurve && both.captionRow == one.captionRow)
      }
    }
  }

  @Test("three planes: two pictures over each other where there are rows enough, else one")
  func threePlanes() {
    for columns in stride(from: 80, through: 260, by: 15) {
      for rows in stride(from: 24, through: 90, by: 3) {
        let size = TerminalSize(columns: columns, rows: rows)
        func layout(_ stacks: Bool) -> StudyLayout {
          StudyLayout(
            size: size, isAligned: nil, capabilities: .sixelTerminal, fill: .beside,
            stacks: stacks)
        }
        let (one, two) = (layout(false), layout(true))
        #expect(one.above.isEmpty)
        guard one.picture.isEmpty, one.besideHead.height + one.beside.height >= 30 else {
          #expect(two.above.isEmpty && two.beside == one.beside, "\(size)")
          continue
        }
        #expect(two.above.height >= 10 && two.beside.height >= 10, "\(size)")
        #expect(two.above.rowEnd < two.besideHead.row && two.aboveHead.rowEnd == two.above.row)
        #expect(two.beside.rowEnd == one.beside.rowEnd && two.above.width == two.beside.width)
      }
    }
  }

  @Test("without pictures ladder, curve and notes have the whole width, under why")
  func bare() {
    var text = TerminalCapabilities()
    text.choice = .text
    var long = TerminalCapabilities()
    long.choice = .sixel
    for columns in stride(from: 80, through: 305, by: 9) {
      for rows in stride(from: 24, through: 102, by: 3) {
        let size = TerminalSize(columns: columns, rows: rows)
        for (capabilities, lines) in [(text, 1), (long, columns < 100 ? 2 : 1)] {
          let layout = StudyLayout(size: size, isAligned: true, capabilities: capabilities)
          checkApart(layout, size)
          #expect(layout.warning.height == lines && layout.warning.row == 2, "\(size)")
          #expect(layout.picture.isEmpty && layout.gutter.isEmpty && layout.beside.isEmpty)
          #expect(layout.standingCurve.isEmpty && !layout.isAligned, "\(size)")
          #expect(layout.curve.column == 1 && layout.curve.columnEnd == columns - 1, "\(size)")
          #expect(layout.curve.height >= 7 && layout.ladder.height == 8, "\(size)")
          let bottom = layout.why.row - (layout.hasFreeLine ? 1 : 0)
          if columns < 110 {
            #expect(layout.ladder.columnEnd == columns - 1, "\(size)")
            let under = [layout.curve, layout.notes, layout.quality].filter { !$0.isEmpty }
            #expect(under.map(\.rowEnd).max() == bottom, "\(size)")
          } else {
            #expect(layout.ladder.width >= LadderColumns.leastMeasured, "\(size)")
            #expect(layout.notes.row == layout.ladder.row && layout.notes.width >= 40, "\(size)")
            #expect(layout.notes.columnEnd == columns - 1 && layout.curve.rowEnd == bottom)
          }
          let ladders = StudyLayout(
            size: size, isAligned: true, capabilities: capabilities, isAdjudicating: true)
          checkApart(ladders, size)
          #expect(ladders.ladder.columnEnd == columns - 1 && ladders.picture.isEmpty, "\(size)")
        }
      }
    }
  }

  @Test("without pictures the parts lie where they are known to")
  func bareParts() {
    func rect(_ row: Int, _ column: Int, _ height: Int, _ width: Int) -> CellRect {
      CellRect(row: row, column: column, height: height, width: width)
    }
    func layout(_ columns: Int, _ rows: Int, isAdjudicating: Bool = false) -> StudyLayout {
      var text = TerminalCapabilities()
      text.choice = .text
      return StudyLayout(
        size: TerminalSize(columns: columns, rows: rows), isAligned: true, capabilities: text,
        fill: .both, stacks: true, isAdjudicating: isAdjudicating)
    }
    let small = layout(80, 24)
    #expect(small.ladder == rect(3, 1, 8, 78) && small.measures == rect(10, 1, 1, 78))
    #expect(small.curve == rect(12, 1, 7, 78) && small.quality == rect(19, 1, 1, 78))
    #expect(small.notes.isEmpty && small.why == rect(20, 1, 2, 78))
    let wide = layout(120, 40)
    #expect(wide.ladder == rect(3, 1, 8, 63) && wide.measures == rect(10, 1, 1, 63))
    #expect(wide.notes == rect(3, 66, 9, 53) && wide.curve == rect(12, 1, 24, 118))
    #expect(wide.quality.isEmpty && wide.why == rect(36, 1, 2, 118))
    let large = layout(200, 60)
    #expect(large.ladder == rect(3, 1, 8, 63) && large.measures == rect(56, 1, 1, 198))
    #expect(large.notes == rect(3, 66, 9, 133) && large.curve == rect(12, 1, 44, 198))
    // Ladders of several readers have the whole width, over curve and notes.
    let ladders = layout(200, 60, isAdjudicating: true)
    #expect(ladders.ladder == rect(3, 1, 8, 198) && ladders.curve == rect(12, 1, 15, 198))
    #expect(ladders.notes == rect(28, 1, 28, 198))
    for one in [small, wide, large, ladders] {
      #expect(one.picturesWidth == 0 && one.beside.isEmpty && one.above.isEmpty)
    }
  }

  @Test("with a picture and with a pane alone the parts lie where they are known to")
  func picturedParts() {
    func rect(_ row: Int, _ column: Int, _ height: Int, _ width: Int) -> CellRect {
      CellRect(row: row, column: column, height: height, width: width)
    }
    func layout(
      _ columns: Int, _ rows: Int, aligned: Bool, _ pane: StudyPane? = nil
    ) -> StudyLayout {
      StudyLayout(
        size: TerminalSize(columns: columns, rows: rows), isAligned: aligned,
        capabilities: .sixelTerminal, enlarged: pane, isMeasured: true)
    }
    let lying = layout(120, 40, aligned: false)
    #expect(lying.ladder == rect(3, 62, 8, 57) && lying.curve == rect(12, 62, 15, 57))
    #expect(lying.notes == rect(28, 62, 8, 57) && lying.standingCurve.isEmpty)
    #expect(lying.gutter == rect(3, 0, 32, 7) && lying.captionRow == 35)
    let standing = layout(120, 40, aligned: true)
    #expect(standing.standingCurve.width == 24 && standing.standingCurve.height == 32)
    #expect(standing.curve.isEmpty && standing.notes == rect(12, 62, 24, 57))
    let curve = layout(120, 40, aligned: true, .curve)
    #expect(curve.curve == rect(3, 1, 31, 118) && curve.measures == rect(34, 1, 2, 118))
    let ladder = layout(120, 40, aligned: true, .ladder)
    #expect(ladder.ladder == rect(3, 1, 8, 118) && ladder.notes == rect(12, 1, 24, 118))
    let picture = layout(120, 40, aligned: true, .picture)
    #expect(picture.gutter == rect(3, 0, 32, 7) && picture.ladder.isEmpty)
  }

  @Test("pictures that nobody has confirmed keep their room under the line that says so")
  func unconfirmed() {
    var capabilities = TerminalCapabilities.sixelTerminal
    (capabilities.sixel, capabilities.choice) = (false, .sixel)
    for (columns, rows) in Snapshot.sizes {
      let size = TerminalSize(columns: columns, rows: rows)
      let layout = StudyLayout(size: size, isAligned: false, capabilities: capabilities)
      check(layout, size)
      #expect(layout.warning.height == 1 && layout.picture.row == 3, "\(size)")
      capabilities.isPictureSeen = true
      let seen = StudyLayout(size: size, isAligned: false, capabilities: capabilities)
      #expect(seen.warning.isEmpty && seen.picture.row == (rows >= 30 ? 3 : 2), "\(size)")
      capabilities.isPictureSeen = false
    }
  }

  /// No part overlaps another or leaves the screen.
  private func checkApart(_ layout: StudyLayout, _ size: TerminalSize) {
    let parts = [
      layout.warning,
      layout.gutter, layout.picture, layout.standingCurve, layout.ladder, layout.curve,
      layout.notes, layout.why,
      // On screens that are not tall it is a line of the ladder.
      layout.hasFreeLine ? layout.measures : CellRect(row: 0, column: 0, height: 0, width: 0),
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
  }

  private func check(_ layout: StudyLayout, _ size: TerminalSize) {
    checkApart(layout, size)
    #expect(layout.picture.width >= 24 && layout.picture.height >= 15, "\(size)")
    #expect(layout.captionRow < layout.why.row)
    if layout.hasFreeLine {
      #expect(layout.captionRow < layout.measures.row && layout.measures.width == size.columns - 2)
    } else {
      #expect(layout.measures.rowEnd == layout.ladder.rowEnd, "\(size)")
      #expect(layout.measures.width == layout.ladder.width, "\(size)")
    }
  }
}
