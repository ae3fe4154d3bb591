import Imaging
import Testing

@testable import Core

@Suite("Discs as SCT marks them")
struct DiscPointsTests {
  @Test("one voxel at the posterior tip in the middle plane, numbered from 3 at C2-3")
  func tips() throws {
    let source = SyntheticStudy()
    let spine = try #require(source.studyLabels.spine)
    let points = try #require(DiscPoints.tips(of: spine))
    #expect(points.shape == spine.shape && points.affine == spine.affine)
    let values = points.voxels.filter { $0 != 0 }.sorted()
    #expect(values == [3, 4, 5, 6, 7, 8])
    let discs = LabelledBodies.discs(spine)
    for (voxel, value) in points.voxels.enumerated() where value != 0 {
      let (i, j) = (voxel % 5, voxel / 5 % 256)
      // The middle of five slices, and the last column of the drawn discs.
      #expect(i == 2 && j == 114)
      let level = try #require(VertebralLevel(rawValue: Int(value) - 1))
      let z = points.affine([Double(i), Double(j), Double(voxel / (5 * 256))]).z
      #expect(abs(z - (try #require(discs[level])).z) < 1)
      #expect(spine.voxels[voxel] == level.totalSpineSegDiscLabel)
    }
    // What is read back names the same vertebrae.
    let back = LabelConvention.sctDiscs.studyLabels(from: points)
    #expect(Set(back.landmarks.keys).isSuperset(of: [.c3, .c4, .c5, .c6, .c7]))
  }

  @Test("of a disc in two pieces the point lies on the larger one, not farthest back on the other")
  func pieces() throws {
    let spine = try #require(SyntheticStudy().studyLabels.spine)
    let whole = try #require(DiscPoints.tips(of: spine))
    let last = try #require(VertebralLevel.c7.totalSpineSegDiscLabel)
    var torn = spine
    // Farther down, on fewer slices, and reaching farther back.
    let drawn = spine.voxels.count { $0 == last }
    for i in 1...3 {
      for row in 229...230 {
        for column in 112...117 { torn[i, column, row] = last }
      }
    }
    let added = torn.voxels.count { $0 == last } - drawn
    try #require(added > 0 && added < drawn, "\(added) and \(drawn)")
    let points = try #require(DiscPoints.tips(of: torn))
    func places(_ points: LabelVolume) -> [Int: UInt16] {
      Dictionary(
        uniqueKeysWithValues: points.voxels.enumerated().filter { $0.element != 0 }.map {
          ($0.offset, $0.element)
        })
    }
    #expect(places(points) == places(whole))
  }

  @Test("a spine without discs has no points")
  func none() throws {
    let spine = try #require(SyntheticStudy().studyLabels.spine)
    let bodies = Set(VertebralLevel.allCases.map(\.totalSpineSegLabel))
    #expect(DiscPoints.tips(of: spine.map { bodies.contains($0) ? $0 : 0 }) == nil)
  }
}
