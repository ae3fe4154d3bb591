import Core
import Testing

@testable import TUI

@Suite("The value axis of the curve")
struct CurveScaleTests {
  typealias Glyphs = StudyScreenState.CurveGlyphs

  /// Forty rows outside of all segments, with these values in turn.
  private static func data(_ values: [Double], threshold: Double) throws -> CurveData {
    let study = StudyScreenState(
      LoadedStudy(study: try FixtureStudies.study("002"), journal: JournalContents(records: [])))
    var data = try #require(CurveData(study))
    data.rows = Array(0..<40)
    data.values = (0..<40).map { values[$0 % values.count] }
    data.second = []
    (data.segments, data.threshold, data.cursorRow, data.decimals) = ([], threshold, 39, 3)
    return data
  }

  /// The curve of a study with errors of both signs, as real ones have.
  private static func signed(_ study: inout ReviewStudy) {
    guard var detection = study.detection else { return }
    detection.curve.value = zip(detection.curve.row, detection.curve.value).map { row, value in
      value < 0.05 && row % 23 < 9 ? -0.19 : value
    }
    detection.segments[0].score = -0.033
    detection.segments[1].score = 0.1486
    study.detection = detection
  }

  // MARK: Where a value lies

  @Test("a value lies before the threshold's cell exactly when it is under it")
  func sides() throws {
    for threshold in [0.001, 0.01, 0.094, 0.2, 0.27] {
      let data = try Self.data([0.27], threshold: threshold)
      for (cells, perCell) in [(3, 1), (4, 1), (4, 4), (5, 2), (8, 2), (12, 4), (26, 2), (60, 4)] {
        let scale = CurveScale(data, cells: cells, perCell: perCell)
        let line = scale.cell(ofThreshold: threshold)
        #expect(line >= 1 && line < cells)
        var last = 0
        for value in stride(from: -0.02, through: 0.6, by: 0.0031) {
          let dot = scale.dot(value, threshold: threshold)
          let what = "\(value) at \(threshold) of \(data.top) in \(cells) x \(perCell)"
          #expect((dot / perCell < line) == (value < threshold), "\(what)")
          #expect(scale.cell(value, threshold: threshold) == dot / perCell)
          #expect(dot >= last && dot < cells * perCell, "\(what)")
          last = dot
          // Nothing is moved further than the boundary of cells that was taken for the threshold's.
          let exact = min(max(value / data.top, 0), 1) * Double(cells * perCell)
          let moved = abs(exact - Double(dot)) - 1
          #expect(moved <= Double(perCell) * (line == 1 ? 1 : 0.5) + 1e-9, "\(what)")
        }
      }
    }
  }

  @Test("the axis begins at 0, or where curves and thresholds do that lie visibly under it")
  func bottom() throws {
    #expect(try Self.data([0, 0.3], threshold: 0.1).bottom == 0)
    #expect(try Self.data([0.05, 0.3], threshold: 0.1).bottom == 0)
    #expect(try Self.data([-0.19, .nan, -.infinity, 0.3], threshold: 0.1).bottom == -0.19)
    // Less than a dot.
    #expect(try Self.data([-0.006, 0.3], threshold: 0.1).bottom == 0)
    #expect(try Self.data([-0.007, 0.3], threshold: 0.1).bottom == -0.007)
    // Log-odds, of which thresholds may be negative.
    #expect(try Self.data([-0.5, 0.3], threshold: -1.5).bottom == -1.5)
    var data = try Self.data([0.1], threshold: 0.1)
    data.second = [-0.4, nil]
    #expect(data.bottom == -0.4)
    for value in [Double.nan, .infinity, -.infinity] {
      let odd = CurveScale(data, cells: 4, perCell: 4)
      #expect((0..<16).contains(odd.dot(value, threshold: 0.1)))
    }
  }

  // MARK: Drawing

  @Test("lying in four rows, values under the threshold leave its line", arguments: Glyphs.allCases)
  func underTheLine(_ glyphs: Glyphs) throws {
    // As of a real study: a peak, and the rest near a tenth of the threshold.
    let data = try Self.data([0.01, 0.06, 0.02, 0.055], threshold: 0.094)
    var peak = data
    peak.values[20] = 0.4
    var screen = Screen(size: TerminalSize(columns: 46, rows: 6))
    CurveChart(data: peak, glyphs: glyphs).draw(
      in: &screen, CellRect(row: 0, column: 0, height: 6, width: 46))
    let lines = screen.dump().split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.first { $0.hasPrefix("0.094┤") })
    #expect(line.count { $0 == "╌" } >= 36, "\(line)")
    #expect(lines[4].hasPrefix("0.000└"))
    // The row under it has the curve, the ones above only the peak.
    #expect(lines[3].dropFirst(6).count { $0 != " " } >= 36)
    #expect(lines[0].dropFirst(6).count { $0 != " " } <= 3)
  }

  @Test("lying, an axis that begins below 0 says so, and where 0 is", arguments: Glyphs.allCases)
  func lyingBelowZero(_ glyphs: Glyphs) throws {
    let data = try Self.data([-0.19], threshold: 0.1)
    var high = data
    high.values[20] = 0.3
    var screen = Screen(size: TerminalSize(columns: 46, rows: 12))
    CurveChart(data: high, glyphs: glyphs).draw(
      in: &screen, CellRect(row: 0, column: 0, height: 12, width: 46))
    let lines = screen.dump().split(separator: "\n", omittingEmptySubsequences: false)
    // Ten rows for -0.19...0.324: 0 in the fourth from below, 0.1 from the seventh on.
    #expect(lines[10].hasPrefix("-0.19└"))
    #expect(lines[6].hasPrefix("0.000┤"))
    #expect(lines[3].hasPrefix("0.100┤"))
    #expect(lines[0].hasPrefix("0.324│"))
    let columns = (6..<46).filter { screen[9, $0].glyph != " " }
    #expect(columns.count >= 38, "the lowest values lie in the lowest row")
  }

  @Test("standing, negative values lie apart from those over 0", arguments: Glyphs.allCases)
  func standingBelowZero(_ glyphs: Glyphs) throws {
    var data = try Self.data([0.05], threshold: 0.1)
    for row in 10..<20 { data.values[row] = -0.19 }
    var screen = Screen(size: TerminalSize(columns: 20, rows: 40))
    AlignedCurve(data: data, glyphs: glyphs) { $0 * 40 }.draw(
      in: &screen, CellRect(row: 0, column: 0, height: 40, width: 20))
    func first(_ row: Int) -> Int? {
      (0..<20).first { !" │┊─◂".unicodeScalars.contains(screen[row, $0].glyph) }
    }
    #expect(first(15) == 0)
    // 0.05 of -0.19...0.16 in 20 columns.
    #expect(first(5) == 13 && first(35) == 13)
    #expect(screen[5, 17].glyph == "┊")
  }

  @Test("the curve's end below 0 stands under it, beside the picture, too")
  func captions() {
    let library = FixtureLibrary(clock: { Session.time }) { Self.signed(&$0) }
    let lying = Session(MemoryDriver.Step.open("001"), library: library)
    #expect(lying.text.contains("-0.19└"))
    let standing = Session(MemoryDriver.Step.open("001") + [.type("v")], library: library)
    #expect(standing.lines.contains { $0.contains(" P -0.190 ") })
  }

  // MARK: Scores

  @Test("a negative score keeps a space after it, with a bar and without")
  func negativeScore() {
    let library = FixtureLibrary(clock: { Session.time }) { Self.signed(&$0) }
    for (columns, rows) in Snapshot.sizes {
      for keys in ["", ")", "))))"] {
        let session = Session(
          MemoryDriver.Step.open("001") + [.type(keys)], columns: columns, rows: rows,
          library: library)
        #expect(session.text.contains("0.149 "), "three decimals tell it from 0.15")
        #expect(session.text.contains("C2-3  -0.03 "), "\(columns) \(keys)")
        #expect(!session.text.contains("-0.033"), "\(columns) \(keys)")
      }
    }
    #expect(ScoreText.number(-0.033, 3, cells: 5) == "-0.03")
    #expect(ScoreText.number(-12.345, 3, cells: 5) == "-12.3")
    #expect(ScoreText.number(0.033, 3, cells: 5) == "0.033")
    #expect(ScoreText.number(-123456, 2, cells: 5) == "-123\u{2026}")
    #expect(ScoreText.number(-0.0004, 3, cells: 5) == "0.000")
    #expect(ScoreText.number(nil, 3, cells: 5) == "-")
  }

  @Test("in ASCII a bar tells what is filled, and whether it passes its mark")
  func bars() {
    func bar(_ fraction: Double, flagged: Bool) -> String {
      var screen = Screen(size: TerminalSize(columns: 8, rows: 1))
      ScoreBar(fraction: fraction, mark: 0.4, isFlagged: flagged)
        .draw(in: &screen, row: 0, column: 0, width: 8)
      return (0..<8).map { String(DisplayText.ascii(screen[0, $0].glyph)) }.joined()
    }
    #expect(bar(0, flagged: false) == "---+----")
    #expect(bar(0.25, flagged: false) == "==-+----")
    #expect(bar(0.39, flagged: false) == "===+----")
    #expect(bar(0.4, flagged: true) == "===#----")
    #expect(bar(1, flagged: true) == "===#====")
  }

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let library = FixtureLibrary(clock: { Session.time }) { Self.signed(&$0) }
    let open = MemoryDriver.Step.open("001")
    for shot in [
      Shot("study-signed", "-0.03 ", after: open),
      Shot("study-signed-turned", "-0.03 ", after: open, .type("v")),
      Shot("study-signed-blocks", "-0.03 ", after: open, .type("V")),
    ] { try shot.check(size, library: library) }
  }
}
