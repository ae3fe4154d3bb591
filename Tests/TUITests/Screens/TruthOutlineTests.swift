import Core
import Imaging
import Testing

@testable import TUI

@Suite("Teaching: the lesion of the truth over the picture")
struct TruthOutlineTests {
  /// A terminal, and the words for what is drawn on it.
  private static let looks: [(isSixel: Bool, isMonochrome: Bool, words: String)] = [
    (true, false, "cyan line"), (true, true, "double line"), (false, false, "cyan"),
    (false, true, "chequered"),
  ]

  private func desk(_ look: Int, hasLesion: Bool = true) -> Desk {
    var capabilities =
      Self.looks[look].isSixel ? TerminalCapabilities.sixelTerminal : TerminalCapabilities()
    capabilities.monochrome = Self.looks[look].isMonochrome
    let desk = Desk(FixtureRoom(.learner, hasLesion: hasLesion), capabilities: capabilities)
    desk.press("\n")
    return desk
  }

  private func pixels(_ desk: Desk) throws -> RGBRaster {
    try #require(desk.state.study?.shown?.picture.pixels)
  }

  /// Pixels in which the pictures of two desks differ.
  private func differing(_ a: Desk, _ b: Desk) throws -> [SIMD2<Int>] {
    let (one, other) = (try pixels(a), try pixels(b))
    try #require(one.rows == other.rows && one.columns == other.columns)
    return one.pixels.indices.filter { one.pixels[$0] != other.pixels[$0] }
      .map { SIMD2($0 % one.columns, $0 / one.columns) }
  }

  @Test("nothing of it is drawn before the case is revealed, on any slice", arguments: 0..<4)
  func hidden(_ look: Int) throws {
    let (with, without) = (desk(look), desk(look, hasLesion: false))
    // Answers, other slices, maps, zoom, another case and back.
    for keys in ["", TeachingTests.answers, "jk", "o+", "-nN", "E"] {
      with.press(keys)
      without.press(keys)
      guard keys != "E" else { break }
      #expect(try pixels(with) == pixels(without), "\(keys)")
      #expect(with.text == without.text, "\(keys)")
      #expect(with.state.study?.shownLesion == nil)
    }
    #expect(with.state.study?.isBlind == false)
  }

  @Test(
    "once revealed it is drawn where it lies, with a legend, beside the learner's rows",
    arguments: 0..<4)
  func shown(_ look: Int) throws {
    let (with, without) = (desk(look), desk(look, hasLesion: false))
    for desk in [with, without] { desk.press(TeachingTests.answers + "E") }
    #expect(with.slice == 5)
    #expect(with.text.contains("truth: \(Self.looks[look].words), ● you"))
    #expect(!without.text.contains("truth: ") && !without.text.contains("● you"))
    let found = try differing(with, without)
    #expect(!found.isEmpty)
    let placement = try #require(with.state.study?.shown?.picture.placement)
    let left = placement.x(ofColumn: Double(FixtureRoom.lesionColumns.lowerBound) - 8)
    let right = placement.x(ofColumn: Double(FixtureRoom.lesionColumns.upperBound) + 8)
    let top = placement.y(ofRow: Double(FixtureRoom.lesionRows.lowerBound) - 8)
    let bottom = placement.y(ofRow: Double(FixtureRoom.lesionRows.upperBound) + 8)
    let around = found.filter {
      (left...right).contains(Double($0.x) + 0.5) && (top...bottom).contains(Double($0.y) + 0.5)
    }
    #expect(!around.isEmpty)
    // Sixels bear the legend's letters, too.
    if !Self.looks[look].isSixel { #expect(around.count == found.count) }
    if Self.looks[look].isSixel {
      let picture = try pixels(with)
      let line: RGB8 = Self.looks[look].isMonochrome ? .white : SliceView.truthColour
      #expect(around.contains { picture[$0.y, $0.x] == line })
    }
    // The learner said present of C4-5: its rows are marked left of its name.
    #expect(with.lines.count { $0.hasPrefix("●") } >= 2)
    #expect(!without.lines.contains { $0.hasPrefix("●") })
    // A slice that it does not reach says where it lies.
    for desk in [with, without] { desk.press("jj") }
    #expect(try pixels(with) == pixels(without))
    #expect(with.text.contains("truth on slices 6-7"))
  }

  @Test("a mask that cannot be read takes the outline alone, which is said; the case stays")
  func unreadable() throws {
    let desk = Desk(FixtureRoom(.learner, hasDamage: true))
    desk.press("\n" + TeachingTests.answers)
    #expect(desk.state.study?.shown != nil && !desk.text.contains("cannot be read"))
    desk.press("E")
    #expect(desk.text.contains("TRUTH") && desk.state.study?.showsLesion == false)
    let words = try #require(desk.state.study?.truthWords)
    #expect(words.contains("truth ") && words.hasSuffix("mask cannot be read, no outline"))
  }

  @Test("where there is little room, too, a zoomed picture names what is drawn on it")
  func smallLegend() {
    let desk = Desk(FixtureRoom(.learner, hasLesion: true), columns: 80, rows: 24)
    desk.press("\n" + TeachingTests.answers + "E")
    #expect(desk.text.contains(/truth: cyan( line)?\s/))
    desk.press("+")
    #expect(desk.text.contains(/truth: cyan( line)?( |…)/))
    desk.press("jj")
    #expect(desk.text.contains("truth on slices 6-7"))
  }

  @Test("answers, scores and the ladder are what they are without it")
  func scores() throws {
    let (with, without) = (desk(2), desk(2, hasLesion: false))
    for desk in [with, without] { desk.press(TeachingTests.answers + "E") }
    func ladder(_ desk: Desk) -> [String] {
      let left = StudyLayout(desk.state).ladder.column
      return desk.lines.map { String($0.dropFirst(left)) }
    }
    #expect(ladder(with) == ladder(without))
    for desk in [with, without] { desk.press("M") }
    guard case .report(let a)? = with.state.popup, case .report(let b)? = without.state.popup else {
      Issue.record("no scores")
      return
    }
    #expect(a == b && !a.lines.isEmpty)
  }

  @Test("a palette keeps the colour of its outlines beside a map's")
  func palette() {
    for limit in [16, 64, 256] {
      let palette = SixelPalette(
        greys: max(limit / 4, 8), colormap: .anomaly, lines: [SliceView.truthColour], limit: limit)
      #expect(palette.colours.contains(SliceView.truthColour) && palette.colours.count <= limit)
    }
  }

  @Test("the screen with the lesion", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let desk = Desk(FixtureRoom(.learner, hasLesion: true), columns: size.0, rows: size.1)
    desk.press("\n" + TeachingTests.answers + "E[[")
    try Snapshot.check(desk.text, "teaching-lesion-\(size.0)x\(size.1)")
  }
}

extension Desk {
  /// Place in the list of pictures of the slice shown.
  fileprivate var slice: Int { state.study?.slice ?? -1 }
}
