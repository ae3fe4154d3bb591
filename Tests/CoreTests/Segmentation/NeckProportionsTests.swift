import Foundation
import Testing

@testable import Core

@Suite("Where vertebrae grow speaks for their names")
struct NeckProportionsTests {
  /// Heights of C3 ... T3 and distances of their centres along the spine in mm, as they were measured.
  private struct Neck {
    var heights: [Double]
    var distances: [Double]

    /// errsm 11, a volunteer whose C7 to T2 grow much.
    static let growing = Neck(
      heights: [15.6, 14.2, 12.4, 13.1, 15.8, 17.8, 21.3, 20.2],
      distances: [17.6, 16.3, 16.9, 18.1, 19.6, 22.1, 22.8])
    /// errsm 22, one whose C7 and T1 hardly grow.
    static let even = Neck(
      heights: [14.0, 13.0, 12.3, 13.3, 13.6, 14.3, 16.3, 17.6],
      distances: [16.4, 16.3, 16.7, 17.5, 18.1, 18.5, 20.0])
    /// errsm 23.
    static let usual = Neck(
      heights: [14.1, 12.6, 11.7, 12.5, 13.8, 15.1, 16.4, 16.3],
      distances: [16.6, 16.1, 16.2, 16.8, 18.2, 19.3, 19.3])
    /// The template PAM50, a mean of many people, as the network finds its vertebrae.
    static let mean = Neck(
      heights: [15.2, 14.5, 12.5, 12.5, 14.1, 16.4, 18.0, 19.5],
      distances: [17.6, 16.9, 16.4, 17.0, 19.8, 21.4, 23.1])

    var proportions: NeckProportions? {
      NeckProportions(heights: heights, distances: distances)
    }

    /// Without the body at a place, closed up with a disc as thick as the two beside it on average.
    func without(_ place: Int) -> Neck {
      var copy = self
      let removed = copy.heights.remove(at: place)
      copy.distances.remove(at: place)
      copy.distances[place - 1] =
        (distances[place - 1] + distances[place] - removed) / 2
        + (heights[place - 1] + heights[place + 1]) / 4
      return copy
    }

    /// The first bodies alone.
    func first(_ count: Int) -> Neck {
      Neck(heights: Array(heights[..<count]), distances: Array(distances[..<(count - 1)]))
    }

    /// A column below a C2 with its dens, of which the network is sure, with T4 under it.
    var column: [BodyNumbering.Body] {
      let classes: [AnatomyLevel] =
        [.c2, .c3, .c4, .c5, .c6, .c7, .t1] + Array(repeating: .belowT1, count: 4)
      var place = 0.0
      let sizes: [Double] = [36] + heights + [18]
      let steps: [Double] = [0, 25] + distances + [21]
      return zip(zip(sizes, steps), classes).map { size, level in
        place += size.1
        return BodyNumbering.Body(
          centreMM: place, heightMM: size.0,
          evidence: AnatomyLevel.allCases.map { log($0 == level ? 0.9 : 0.0125) }, isCut: false)
      }
    }
  }

  @Test("whole necks are as they are named, however large the person and few the bodies seen")
  func whole() throws {
    for neck in [Neck.growing, .even, .usual, .mean] {
      for count in NeckProportions.counts {
        let part = neck.first(count)
        let ratio = try #require(part.proportions).ratio
        #expect(ratio < 3, "\(count) bodies: \(ratio)")
        var large = part
        large.heights = part.heights.map { $0 * 1.3 }
        large.distances = part.distances.map { $0 * 1.3 }
        let other = try #require(large.proportions).ratio
        #expect(abs(other - ratio) < 1e-6 * ratio)
      }
      #expect(BodyNumbering(neck.column).isTrusted)
    }
  }

  @Test("a vertebra that is missing shows where growth begins too early", arguments: 1...3)
  func missing(place: Int) throws {
    let cut = Neck.growing.without(place)
    let found = try #require(cut.proportions)
    #expect(found.ratio > NeckProportions.leastRatio && found.isMissing, "\(found)")
    #expect(abs(found.place - place) <= 1)
    // The network is sure of every name, as it was of the real picture, and the reader is asked.
    let numbering = BodyNumbering(cut.column)
    #expect(!numbering.isTrusted && numbering.used.isEmpty, "\(numbering)")
    #expect(numbering.margin > 1)
    #expect(numbering.doubts.count == 1)
    #expect(numbering.doubts[0].hasSuffix("one above may be missing"))
    // A reader's word names the top; what speaks against the count below it is not silenced.
    let named = BodyNumbering(cut.column, uppermost: .c2)
    #expect(named.used == cut.column.indices && named.usedLevel(0) == .c2)
    #expect(named.keptDoubts == numbering.doubts && named.doubts == named.keptDoubts)
    let flags = AnatomyPainter.kept(named)
    #expect(flags.names == ["levels-doubted"])
    #expect(flags.first?.text.contains("one above may be missing: look at the names") == true)
    let whole = BodyNumbering(Neck.growing.column, uppermost: .c2)
    #expect(whole.isTrusted && whole.keptDoubts.isEmpty && AnatomyPainter.kept(whole).isEmpty)
    // Names of others are counted from theirs.
    let given = BodyNumbering(
      cut.column, given: [.c2: cut.column[0].centreMM], own: named, namer: "to it")
    #expect(given.isGiven && given.keptDoubts.isEmpty)
  }

  @Test("a neck whose vertebrae hardly grow does not tell; it stays as it is counted")
  func untold() throws {
    for place in 1...4 {
      let cut = Neck.even.without(place)
      #expect(try #require(cut.proportions).ratio < NeckProportions.leastRatio)
    }
  }

  @Test("a vertebra that is counted twice shows where growth begins too late")
  func twice() throws {
    var neck = Neck.mean
    neck.heights.insert(12.5, at: 3)
    neck.distances.insert(16.5, at: 2)
    neck = neck.first(8)
    let found = try #require(neck.proportions)
    #expect(found.ratio > NeckProportions.leastRatio && !found.isMissing, "\(found)")
    let doubts = BodyNumbering(neck.column).doubts
    #expect(doubts.contains { $0.hasSuffix("one may be counted twice") }, "\(doubts)")
  }

  @Test("necks drawn from what is usual ask once in twenty at most, and far more without C5")
  func chance() {
    var random = RandomSource(seed: 20_261_122)
    var (asked, told) = (0, 0)
    let draws = 400
    for _ in 0..<draws {
      let growth = 1 + 0.4 * Double(random.normal())
      func drawn(_ usual: Double, _ middle: Double) -> Double {
        middle * pow(usual / middle, growth) * exp(0.05 * Double(random.normal()))
      }
      let heights = NeckProportions.heightsMM.map { drawn($0, 12.9) }
      let distances = NeckProportions.discsMM.indices.map { place in
        let upper = NeckProportions.heightsMM[place]
        let lower = NeckProportions.heightsMM[place + 1]
        return drawn(upper / 2 + NeckProportions.discsMM[place] + lower / 2, 18.3)
      }
      let neck = Neck(heights: heights, distances: distances)
      if let found = neck.first(8).proportions, found.ratio >= NeckProportions.leastRatio {
        asked += 1
      }
      if let found = neck.without(2).proportions, found.ratio >= NeckProportions.leastRatio {
        told += 1
      }
    }
    #expect(asked * 20 <= draws, "\(asked) of \(draws)")
    #expect(told * 5 >= draws && told > 5 * asked, "\(told) of \(draws)")
  }

  @Test("too few bodies, sizes that are none, and a body that is cut say nothing")
  func unusable() {
    #expect(Neck.growing.first(3).proportions == nil)
    for value in [0, -1, Double.nan, .infinity] {
      var neck = Neck.usual
      neck.heights[3] = value
      #expect(neck.proportions == nil)
      neck = .usual
      neck.distances[2] = value
      #expect(neck.proportions == nil)
    }
    #expect(NeckProportions(heights: [14, 14, 14, 14], distances: [18, 18]) == nil)
    #expect(NeckProportions(heights: [], distances: []) == nil)
    var column = Neck.growing.without(3).column
    let levels = BodyNumbering(column).levels
    #expect(NeckProportions.doubt(column, levels) != nil)
    column[4].isCut = true
    #expect(NeckProportions.doubt(column, levels) == nil)
    #expect(NeckProportions.doubt(column, levels.map { _ in nil }) == nil)
    #expect(NeckProportions.doubt(Array(column[..<2]), Array(levels[..<2])) == nil)
    #expect(NeckProportions.doubt([], []) == nil)
  }
}
