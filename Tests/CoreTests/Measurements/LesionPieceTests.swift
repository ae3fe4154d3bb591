import Testing

@testable import Core

@Suite("Pieces of lesions on several slices")
struct LesionPieceTests {
  private func piece(_ slice: Int, _ rows: ClosedRange<Int>, _ most: Double) -> LesionPiece {
    LesionPiece(slice: slice, rows: rows, most: most)
  }

  @Test("what overlaps on different slices is one, first the piece that has most of it")
  func lesions() {
    let pieces = [
      piece(4, 10...20, 1), piece(5, 15...30, 3), piece(6, 28...29, 2), piece(4, 40...50, 2),
    ]
    #expect(LesionPiece.lesions(of: pieces) == [[1, 2, 0], [3]])
    // Two on one slice are two, also where a third lies beside both.
    let both = [piece(4, 10...20, 5), piece(4, 22...30, 4), piece(5, 18...24, 1)]
    #expect(LesionPiece.lesions(of: both) == [[0, 2], [1]])
    #expect(LesionPiece.lesions(of: []) == [])
  }

  @Test("of pieces alike the earlier stays")
  func alike() {
    #expect(LesionPiece.lesions(of: [piece(6, 1...5, 2), piece(4, 3...9, 2)]) == [[0, 1]])
  }

  @Test("rows side by side adjoin on one slice alone")
  func adjoining() {
    let first = piece(4, 10...20, 1)
    #expect(first.adjoins(piece(4, 21...25, 2)) && piece(4, 21...25, 2).adjoins(first))
    #expect(!first.adjoins(piece(4, 22...25, 2)) && !first.adjoins(piece(5, 12...14, 2)))
    #expect(first.joined(with: piece(4, 21...25, 2)) == piece(4, 10...25, 2))
  }

  @Test("rows reach a segment with 3 mm, or with two fifths of them")
  func reached() {
    let borders: [SpinalSegment: ClosedRange<Int>] = [.c4c5: 100...120, .c5c6: 121...140]
    func names(_ rows: ClosedRange<Int>) -> [String] {
      LesionSegments.reached(by: rows, borders: borders).map(\.name)
    }
    // 0.78125 mm a row: three are 2.3 mm, four are 3.1 mm.
    #expect(names(110...123) == ["C4-5"] && names(110...124) == ["C4-5", "C5-6"])
    #expect(names(119...122) == ["C4-5", "C5-6"] && names(118...121) == ["C4-5"])
    #expect(names(-5...400) == ["C4-5", "C5-6"] && names(141...150) == [])
  }
}
