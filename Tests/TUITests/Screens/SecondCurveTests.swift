import Core
import Testing

@testable import TUI

@Suite("The second opinion's curve beside the AI's")
struct SecondCurveTests {
  typealias Glyphs = StudyScreenState.CurveGlyphs

  private static func open(
    _ keys: String = "", columns: Int = 120, rows: Int = 40,
    capabilities: TerminalCapabilities = TerminalCapabilities(), startsBlind: Bool = false
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + [.type(keys)], columns: columns, rows: rows,
      capabilities: capabilities, library: FixtureSecondOpinion.library(), startsBlind: startsBlind)
  }

  /// A terminal that draws no more than ASCII.
  private static var plain: TerminalCapabilities {
    var capabilities = TerminalCapabilities.sixelTerminal
    capabilities.unicode = false
    return capabilities
  }

  /// Forty rows outside of all segments on which the AI's curve is flat; LC61 is a tenth over its threshold
  /// on row 10, and at half of it on row 20.
  private static func data() throws -> CurveData {
    let study = StudyScreenState(
      LoadedStudy(study: try FixtureStudies.study("002"), journal: JournalContents(records: [])))
    var data = try #require(CurveData(study))
    data.rows = Array(0..<40)
    data.values = Array(repeating: 0, count: 40)
    data.second = (0..<40).map { row -> Double? in row == 10 ? 1.1 : row == 20 ? 0.5 : nil }
    (data.segments, data.threshold, data.cursorRow) = ([], 1, 39)
    return data
  }

  private func marks(_ screen: Screen, _ glyphs: Glyphs) -> Int {
    screen.cells.count { $0.glyph == glyphs.secondMark }
  }

  // MARK: Drawing

  @Test("lying: one mark of its own shape a column, at its height", arguments: Glyphs.allCases)
  func lying(_ glyphs: Glyphs) throws {
    var screen = Screen(size: TerminalSize(columns: 46, rows: 10))
    let data = try Self.data()
    #expect(data.top == 1.6)
    CurveChart(data: data, glyphs: glyphs).draw(
      in: &screen, CellRect(row: 0, column: 0, height: 10, width: 46))
    // Eight rows for 1.6: 1.1 is in the sixth from below, 0.5 in the third. The numbers take 6 columns.
    #expect(screen[2, 16] == Cell(glyphs.secondMark, style: .accent))
    #expect(screen[5, 26] == Cell(glyphs.secondMark, style: .normal))
    #expect(marks(screen, glyphs) == 2)
  }

  @Test("standing: one mark a row, at its distance", arguments: Glyphs.allCases)
  func standing(_ glyphs: Glyphs) throws {
    var screen = Screen(size: TerminalSize(columns: 20, rows: 40))
    let chart = AlignedCurve(data: try Self.data(), glyphs: glyphs) { $0 * 40 }
    chart.draw(in: &screen, CellRect(row: 0, column: 0, height: 40, width: 20))
    #expect(screen[10, 13] == Cell(glyphs.secondMark, style: .accent))
    #expect(screen[20, 6] == Cell(glyphs.secondMark, style: .normal))
    #expect(marks(screen, glyphs) == 2)
  }

  @Test("where both say the same, two of three cells are the AI's", arguments: Glyphs.allCases)
  func shared(_ glyphs: Glyphs) throws {
    var data = try Self.data()
    data.values = (0..<40).map { Double(($0 * 7) % 13) / 10 }
    data.second = data.values.map { Optional($0) }
    // Nothing else lies over the curve.
    data.cursorRow = 1000
    var alone = data
    alone.second = []
    func lying(_ data: CurveData, _ length: Int) -> Screen {
      var screen = Screen(size: TerminalSize(columns: length, rows: 9))
      CurveChart(data: data, glyphs: glyphs).draw(
        in: &screen, CellRect(row: 0, column: 0, height: 9, width: length))
      return screen
    }
    func standing(_ data: CurveData, _ length: Int) -> Screen {
      var screen = Screen(size: TerminalSize(columns: 12, rows: length))
      AlignedCurve(data: data, glyphs: glyphs) { $0 * 40 }.draw(
        in: &screen, CellRect(row: 0, column: 0, height: length, width: 12))
      return screen
    }
    for length in [18, 20, 33, 46, 60, 91] {
      // The numbers take 6 columns.
      for (both, one, cells) in [
        (lying(data, length), lying(alone, length), length - 6),
        (standing(data, length), standing(alone, length), length),
      ] {
        let changed = both.cells.indices.filter { both.cells[$0] != one.cells[$0] }
        #expect(changed.count == (cells + 1) / 3, "\(length) cells")
        #expect(changed.allSatisfy { both.cells[$0].glyph == glyphs.secondMark })
        #expect(marks(both, glyphs) == changed.count)
      }
    }
  }

  @Test("the axis reaches over the higher of the two")
  func axis() throws {
    var data = try Self.data()
    data.second[10] = 10
    #expect(abs(data.top - 10.8) < 1e-9)
    data.second = []
    #expect(data.top == 1.6)
  }

  // MARK: Legend

  @Test("the legend names it, and its own value stands with its own threshold where there is room")
  func legend() throws {
    let session = Self.open()
    let line = try #require(session.lines.first { $0.contains("cursor 0.41") })
    #expect(line.contains("\u{25e6} LC61  cursor 0.41  C4-5"))
    // 0.41 x 0.8, over 0.20; drawn at 0.33 / 0.20 x 0.15.
    #expect(line.contains("LC61 0.33 >= 0.20"))
    let small = Self.open(columns: 80, rows: 24)
    #expect(small.text.contains("\u{25e6} LC61  cursor 0.41  C4-5  z "))
    #expect(!small.text.contains(">="))
    #expect(Self.open("v").text.contains("0  \u{25e6} LC61"))
  }

  @Test("letters in place of rings where there is no braille")
  func letters() {
    for session in [Self.open(capabilities: Self.plain), Self.open("V"), Self.open("VV")] {
      #expect(session.text.contains("o LC61  cursor") && !session.text.contains("\u{25e6}"))
    }
    let standing = Self.open("v", capabilities: Self.plain)
    #expect(standing.text.contains("0  o LC61"))
    #expect(DisplayText.ascii("\u{25e6}") == "o")
  }

  @Test("under a standing curve whose slice is not the one shown both are named as room allows")
  func caption() {
    let mark = "\u{25e6} LC61"
    #expect(CurvePane.caption(ofSlice: 6, mark, room: 18) == "of slice 6  \u{25e6} LC61")
    #expect(CurvePane.caption(ofSlice: 6, mark, room: 17) == "of slice 6 \u{25e6} LC61")
    #expect(CurvePane.caption(ofSlice: 6, mark, room: 16) == "slice 6 \u{25e6} LC61")
    #expect(CurvePane.caption(ofSlice: 6, mark, room: 4) == "of slice 6")
    #expect(CurvePane.caption(ofSlice: 6, nil, room: 16) == "of slice 6")
    #expect(CurvePane.caption(ofSlice: nil, mark, room: 16) == mark)
    #expect(CurvePane.caption(ofSlice: nil, nil, room: 16).isEmpty)
  }

  @Test("a detection from before it was kept, or without a common scale, has neither nor a legend")
  func old() {
    let without = FixtureLibrary(clock: { Session.time }) {
      FixtureSecondOpinion.add(to: &$0)
      $0.detection?.curve.secondOpinion = nil
    }
    let odds = FixtureLibrary(clock: { Session.time }) {
      FixtureSecondOpinion.add(to: &$0)
      $0.detection?.patient.threshold = 0
    }
    for library in [without, odds] {
      for keys in ["", "v"] {
        let session = Session(
          MemoryDriver.Step.open("001") + [.type(keys)], library: library)
        #expect(session.text.contains("LEVEL") && !session.text.contains("\u{25e6}"))
      }
    }
  }

  // MARK: Blindness

  @Test("who reads blind sees nothing of it until the AI is shown")
  func blind() {
    for keys in ["]]P", "v]P", "VV]P", "vVlH"] {
      let session = Self.open(keys, startsBlind: true)
      for screen in session.driver.screens.map({ $0.dump() }) {
        #expect(!screen.contains("LC61") && !screen.contains("\u{25e6}"), "\(keys)")
      }
    }
    let hidden = Self.open("b")
    #expect(hidden.text.contains("AI hidden") && !hidden.text.contains("LC61"))
    #expect(Self.open("b", startsBlind: true).text.contains("\u{25e6} LC61"))
  }

  @Test("in a teaching session it comes with the truth")
  func teaching() {
    let room = FixtureRoom(.learner, change: { FixtureSecondOpinion.add(to: &$0) })
    let desk = Desk(room)
    desk.press("\n" + TeachingTests.answers)
    #expect(desk.text.contains("AI hidden"))
    #expect(!desk.text.contains("LC61") && !desk.text.contains("\u{25e6}"))
    desk.press("E")
    #expect(desk.text.contains("TRUTH") && desk.text.contains("\u{25e6} LC61"))
  }

  // MARK: Screens

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let name = "\(size.0)x\(size.1)"
    let session = Self.open(columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "study-second-\(name)")
    // Beside the picture where it was below, and below where it was beside.
    let turned = Self.open("v", columns: size.0, rows: size.1)
    try Snapshot.check(turned.text, "study-second-turned-\(name)")
    let plain = Self.open(columns: size.0, rows: size.1, capabilities: Self.plain)
    let ascii = plain.text.unicodeScalars.map { String(DisplayText.ascii($0)) }.joined()
    try Snapshot.check(ascii, "study-second-ascii-\(name)")
  }
}
