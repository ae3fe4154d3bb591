import Imaging
import Testing

@testable import Core

@Suite("One cord in one canal, on the voxels of a study")
struct FoundCordTests {
  private static let shape: SIMD3<Int> = [3, 12, 20]
  private static let image = ImageVolume(
    shape: shape, voxels: [Float](repeating: 0, count: 3 * 12 * 20),
    affine: Affine(i: [3, 0, 0], j: [0, -1, 0], k: [0, 0, -1], origin: .zero))

  /// What is found where places have probabilities of cord and canal.
  private static func found(
    _ share: (SIMD3<Int>) -> (cord: Float, canal: Float)
  ) -> FoundCord {
    var found = FoundCord(like: image)
    for k in 0..<shape.z {
      for j in 0..<shape.y {
        for i in 0..<shape.x {
          found.take(share([i, j, k]), at: i + shape.x * (j + shape.y * k))
        }
      }
    }
    found.makeOne(acrossAxis: 0)
    return found
  }

  /// A cord 3 px wide in a canal of 7 px on every slice and row.
  private static func neck(_ p: SIMD3<Int>) -> (cord: Float, canal: Float) {
    (abs(p.y - 5) <= 1 ? 0.9 : 0.1, abs(p.y - 5) <= 3 ? 0.95 : 0.05)
  }

  @Test("what is whole stays as it is; the mask is cut at 0.55 and the share kept")
  func whole() {
    let found = Self.found { p in
      p.y == 7 ? (0.5, 0.95) : Self.neck(p)
    }
    #expect(found.cord.voxels.count { $0 == 1 } == 3 * 3 * 20)
    #expect(found.canal.voxels.count { $0 == 1 } == 3 * 7 * 20)
    #expect(found.cordShare[1, 7, 4] == 0.5 && found.cordShare[1, 4, 4] == 0.9)
  }

  @Test(
    "a piece apart goes with its probability; what is joined across slices or by a corner stays")
  func pieces() {
    let found = Self.found { p in
      // Rows 12 and 13 are lost, so that below them lies a smaller piece.
      (12...13).contains(p.z) ? (0.2, 0.2) : Self.neck(p)
    }
    #expect(found.cord.voxels.count { $0 == 1 } == 3 * 3 * 12)
    #expect(found.canal.voxels.count { $0 == 1 } == 3 * 7 * 12)
    #expect(found.cord[1, 5, 15] == 0 && found.cordShare[1, 5, 15] == 0)
    #expect(found.canalShare[1, 5, 15] == 0)
    let bent = Self.found { p in
      // The left slices hold the upper part, the right ones the lower, joined by a corner.
      (p.x < 2) == (p.z < 10) ? Self.neck([p.x, p.y - (p.z < 10 ? 0 : 3), p.z]) : (0, 0)
    }
    #expect(bent.cord[0, 5, 0] == 1 && bent.cord[2, 8, 19] == 1)
  }

  @Test("holes are closed on each slice, and a cord outside the canal that is kept goes")
  func holes() {
    let found = Self.found { p in
      if p == [1, 5, 6] { return (0.3, 0.3) }
      // A second, smaller cord behind it.
      if p.y == 10, p.x == 1, p.z > 16 { return (0.9, 0.9) }
      return Self.neck(p)
    }
    #expect(found.cord[1, 5, 6] == 1 && found.canal[1, 5, 6] == 1)
    #expect(found.cordShare[1, 5, 6] == 1)
    #expect(found.cord[1, 10, 18] == 0 && found.canal[1, 10, 18] == 0)
    #expect(found.cord.voxels.count { $0 == 1 } == 3 * 3 * 20)
  }

  @Test("the edge is taken inside by a voxel at most, and no faint row is torn")
  func edge() {
    let found = Self.found { p in
      let away = abs(p.y - 5)
      // Two voxels around a sure core are unsure; the lower rows are unsure throughout.
      if p.z >= 16 { return (away <= 1 ? 0.6 : 0.1, 0.95) }
      return (away == 0 ? 0.9 : away <= 2 ? 0.65 : 0.1, 0.95)
    }
    for z in 0..<20 {
      let drawn = (0..<12).filter { found.cord[1, $0, z] == 1 }
      #expect(drawn == (z < 16 ? [4, 5, 6] : [5]), "row \(z): \(drawn)")
    }
    #expect(found.cordShare[1, 3, 4] == 0.65 && found.canal[1, 3, 4] == 1)
    // A row that would be lost wholly stays as it was.
    let faint = Self.found { p in (abs(p.y - 5) <= 0 ? 0.6 : 0.1, 0.95) }
    #expect(faint.cord.voxels.count { $0 == 1 } == 3 * 20)
    // What is sure is not touched.
    let sure = Self.found(Self.neck)
    #expect(sure.cord.voxels.count { $0 == 1 } == 3 * 3 * 20)
  }

  @Test("an oblique faint cord is not torn, though a voxel of each line is left")
  func oblique() {
    let found = Self.found { p in
      // Two voxels a line, which lie one further forward on every second line; the outer one is unsure.
      let front = 4 - p.z % 2
      guard p.y == front || p.y == front + 1 else { return (0.1, 0.95) }
      return ((p.y == front) == (p.z % 2 == 0) ? 0.6 : 0.9, 0.95)
    }
    let labelled = ConnectedComponents.label(
      found.cord.map { $0 != 0 }, connectivity: .twentySix)
    #expect(labelled.components.count == 1)
    // Even lines keep 5 alone and odd ones 3: they would not touch.
    #expect(found.cord[1, 4, 0] == 1 && found.cord[1, 4, 1] == 1)
  }
}
