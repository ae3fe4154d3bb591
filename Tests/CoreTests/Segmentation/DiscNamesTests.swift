import Imaging
import Testing

@testable import Core

@Suite("Names of discs between bodies")
struct DiscNamesTests {
  /// A box of pixels as a body or a disc.
  private static func part(_ rows: Range<Int>, _ columns: Range<Int>) -> SliceSegmentation.Part {
    var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
    for row in rows {
      for column in columns { mask[row, column] = true }
    }
    return SliceSegmentation.Part(
      mask: mask,
      centre: (
        Double(rows.lowerBound + rows.upperBound - 1) / 2,
        Double(columns.lowerBound + columns.upperBound - 1) / 2
      ),
      rows: rows.lowerBound...rows.upperBound - 1, isCut: false, evidence: [])
  }

  /// Rows of body n and of the disc below it: 16 mm and 5 mm tall.
  private static func body(_ n: Int) -> Range<Int> { 20 + 26 * n..<40 + 26 * n }
  private static func disc(_ n: Int) -> Range<Int> { 40 + 26 * n..<46 + 26 * n }

  /// C2 to C7, and below them one body as tall as T1, the disc and T2 together.
  private static func fused(discs: [Range<Int>]) -> SliceSegmentation {
    let empty = ImageRaster(rows: 256, columns: 256, filledWith: 0)
    var picture = SliceSegmentation(
      AnatomyMaps(
        tissues: Array(repeating: empty, count: AnatomyTissue.allCases.count),
        levels: Array(repeating: empty, count: AnatomyLevel.allCases.count)))
    picture.bodies =
      (0..<6).map { part(body($0), 90..<112) }
      + [part(body(6).lowerBound..<body(7).upperBound, 90..<112)]
    picture.discs = discs.map { part($0, 91..<113) }
    return picture
  }

  /// Names from C2 on, used as far as a place in the column.
  private static func numbering(used: Range<Int>) -> BodyNumbering {
    var numbering = BodyNumbering([], uppermost: .c2)
    numbering.levels = [.c2, .c3, .c4, .c5, .c6, .c7, .t1]
    numbering.used = used
    return numbering
  }

  /// The disc between T1 and T2, of which the middle of the fused body lies a little lower.
  private static let inner = disc(6).lowerBound - 3..<disc(6).upperBound - 3

  @Test("of two discs above a fused pair the one next to C7 is C7-T1, the other has no name")
  func fusedPair() {
    let picture = Self.fused(discs: (0..<6).map(Self.disc) + [Self.inner])
    // The lower vertebra has no name, or somebody gave it one.
    for used in [0..<6, 0..<7] {
      let discs = DiscNames(picture, Self.numbering(used: used)).discs
      #expect(discs.map(\.level) == [.c2, .c3, .c4, .c5, .c6, .c7, nil], "\(used)")
      // Without a name it is a disc all the same.
      #expect(discs.map(\.part) == picture.discs)
    }
  }

  @Test("where the disc next to C7 was not found the one inside the pair does not take its name")
  func onlyInner() {
    let picture = Self.fused(discs: (0..<5).map(Self.disc) + [Self.inner])
    let discs = DiscNames(picture, Self.numbering(used: 0..<6)).discs
    #expect(discs.map(\.level) == [.c2, .c3, .c4, .c5, .c6, nil])
  }

  @Test("both pieces of one disc bear its name, what lies above or below all bodies is no disc")
  func pieces() {
    var picture = Self.fused(discs: [4..<10] + (0..<6).map(Self.disc) + [230..<236])
    let whole = picture.discs[3]
    picture.discs[3] = Self.part(whole.rows.lowerBound..<whole.rows.upperBound - 1, 91..<100)
    picture.discs.insert(
      Self.part(whole.rows.lowerBound + 2..<whole.rows.upperBound + 1, 103..<113), at: 4)
    let discs = DiscNames(picture, Self.numbering(used: 0..<6)).discs
    #expect(discs.map(\.level) == [.c2, .c3, .c4, .c4, .c5, .c6, .c7])
    #expect(DiscNames(picture, Self.numbering(used: 0..<0)).discs.allSatisfy { $0.level == nil })
  }
}
