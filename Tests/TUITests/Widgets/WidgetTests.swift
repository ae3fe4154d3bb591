import Core
import Foundation
import Testing

@testable import TUI

@Suite("Widgets")
struct WidgetTests {
  private func bar(_ fraction: Double, _ mark: Double, _ flagged: Bool, _ width: Int) -> String {
    var screen = Screen(size: TerminalSize(columns: width, rows: 1))
    ScoreBar(fraction: fraction, mark: mark, isFlagged: flagged)
      .draw(in: &screen, row: 0, column: 0, width: width)
    return String(screen.dump().dropLast())
  }

  @Test("a bar passes its mark exactly when it is flagged")
  func barAndMark() {
    for step in 0...100 {
      let fraction = Double(step) / 100
      for width in [5, 8, 16] {
        let flagged = fraction >= 0.4
        let text = bar(fraction, 0.4, flagged, width)
        #expect(text.count == width)
        #expect(text.contains("┿") == flagged, "\(fraction) of \(width): \(text)")
      }
    }
    #expect(bar(.nan, 0.4, false, 8).contains("┼"))
  }

  @Test("braille dots lie where they are set")
  func braille() {
    var canvas = DotCanvas(columns: 2, rows: 1, glyphs: .braille)
    canvas.set(x: 0, y: 0)
    canvas.set(x: 3, y: 3)
    canvas.set(x: 99, y: -1)
    #expect(canvas.glyph(row: 0, column: 0) == "⠁")
    #expect(canvas.glyph(row: 0, column: 1) == "⢀")
  }

  @Test("half blocks and ASCII")
  func otherGlyphs() {
    var blocks = DotCanvas(columns: 1, rows: 1, glyphs: .blocks)
    blocks.set(x: 0, y: 1)
    #expect(blocks.glyph(row: 0, column: 0) == "▄")
    var ascii = DotCanvas(columns: 2, rows: 1, glyphs: .ascii)
    ascii.set(x: 1, y: 0)
    #expect(ascii.glyph(row: 0, column: 0) == nil)
    #expect(ascii.glyph(row: 0, column: 1) == "*")
  }

  @Test("names under the curve keep apart, and the selected segment is named, at any width")
  func namesUnderTheCurve() throws {
    let study = try FixtureStudies.study("004")
    var state = StudyScreenState(
      LoadedStudy(study: study, journal: JournalContents(records: [])))
    state.select(.segment(.c6c7))
    var data = try #require(CurveData(state))
    for length in [1, 2, 3, 5, 8, 13, 26] {
      for index in data.segments.indices {
        data.segments[index].rows = (20 + index * length)...(19 + (index + 1) * length)
      }
      for width in stride(from: 20, through: 60, by: 5) {
        var screen = Screen(size: TerminalSize(columns: width, rows: 8))
        CurveChart(data: data, glyphs: .braille)
          .draw(in: &screen, CellRect(row: 0, column: 0, height: 8, width: width))
        let line = screen.dump().split(separator: "\n")[7]
        let found = line.split(separator: " ").map(String.init)
        let names = Set(data.segments.flatMap { [$0.name, String($0.name.dropFirst())] })
        #expect(found.allSatisfy(names.contains), "\(line)")
        #expect(found.contains { $0.hasSuffix("6-7") }, "\(line)")
      }
    }
  }

  @Test("text is wrapped at spaces, the last line cut")
  func wrap() {
    #expect(DisplayText.wrap("one two three", 7) == ["one two", "three"])
    #expect(DisplayText.wrap("one two three four", 7, lines: 2) == ["one two", "three…"])
    #expect(DisplayText.wrap("", 7) == [])
    #expect(DisplayText.wrap("abcdefghij", 4) == ["abc…"])
  }

  @Test("clauses are shown whole, with a mark for those left out")
  func whole() {
    let clauses = ["aa bb", "; cc", ", dd"]
    #expect(DisplayText.whole(clauses, 13) == ["aa bb; cc, dd"])
    #expect(DisplayText.whole(clauses, 12) == ["aa bb; cc, …"])
    #expect(DisplayText.whole(clauses, 11) == ["aa bb; …"])
    #expect(DisplayText.whole(clauses, 7, lines: 2) == ["aa bb;", "cc, dd"])
    // Not even the first fits.
    #expect(DisplayText.whole(clauses, 6) == ["aa bb…"])
    #expect(DisplayText.whole(["abcdefghij"], 4) == ["abc…"])
    #expect(DisplayText.whole([], 4) == [])
  }

  @Test("numbers without minus zero, dashes for nothing")
  func numbers() {
    #expect(ScoreText.number(-0.001, 2) == "0.00")
    #expect(ScoreText.number(-0.12, 2) == "-0.12")
    #expect(ScoreText.number(nil, 2) == "-")
    #expect(ScoreText.number(.nan, 2) == "-")
  }

  @Test("time stamps as clock times in a zone")
  func clock() {
    #expect(ClockTime.text(of: "2026-11-20T23:59:59.999Z", in: .gmt) == "23:59:59")
    #expect(ClockTime.text(of: "not a time\u{1b}", in: .gmt) == "not a time·")
  }

  @Test("time left in words")
  func duration() {
    #expect(TimeLeft.words(3.2) == "4 s")
    #expect(TimeLeft.words(119) == "2 min")
    #expect(TimeLeft.words(89.2) == "2 min" && TimeLeft.words(61) == "61 s")
    #expect(TimeLeft.words(7200) == "2 h 0 min" && TimeLeft.words(-1) == "0 s")
    #expect(TimeLeft.words(.infinity) == "unknown time")
  }
}
