import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite(
  "Necks with a vertebra cut out of the picture",
  .enabled(if: SharedData.has("data/sct_errsm/errsm_11/t2/t2.nii.gz")),
  .enabled(if: (try? Assets.url(Assets.anatomyWeights)) != nil))
struct CutNecksTests {
  /// A volunteer's picture and what is found in it.
  private struct Volunteer {
    let volume: ImageVolume
    let found: SegmentedStudy

    init(_ path: String, _ segmenter: AnatomySegmenter) throws {
      let picture = try NIfTI.read(SharedData.url("data/" + path)).volume
      let study = try #require(try segmenter.segment(picture))
      volume = picture
      found = study
    }

    /// The picture without the planes from the middle of the disc above a vertebra to that of the disc
    /// below it, moved by some mm towards the head, and closed up.
    func without(_ level: VertebralLevel, movedBy offset: Int = 0) throws -> ImageVolume {
      let index = try #require(found.numbering.levels.firstIndex(of: level))
      let axis = volume.affine.axis(mostAlong: 2)
      let inverse = try #require(volume.affine.inverse)
      func plane(below upper: SliceSegmentation.Part, above lower: SliceSegmentation.Part) -> Int {
        let place = found.grid.ras(
          row: Double(upper.rows.upperBound + lower.rows.lowerBound) / 2,
          column: (upper.centre.column + lower.centre.column) / 2)
        return Int(inverse(place + [0, 0, Double(offset)])[axis].rounded())
      }
      let bodies = found.central.bodies
      let first = plane(below: bodies[index - 1], above: bodies[index])
      let last = plane(below: bodies[index], above: bodies[index + 1])
      return Self.without(volume, axis: axis, planes: min(first, last)..<max(first, last))
    }

    private static func without(
      _ volume: ImageVolume, axis: Int, planes: Range<Int>
    ) -> ImageVolume {
      var shape = volume.shape
      shape[axis] -= planes.count
      var voxels: [Float] = []
      voxels.reserveCapacity(shape.x * shape.y * shape.z)
      for k in 0..<volume.shape.z {
        for j in 0..<volume.shape.y {
          for i in 0..<volume.shape.x where !planes.contains([i, j, k][axis]) {
            voxels.append(volume[i, j, k])
          }
        }
      }
      return ImageVolume(shape: shape, voxels: voxels, affine: volume.affine)
    }
  }

  private func prepared() throws -> AnatomySegmenter {
    AnatomySegmenter(
      engine: try AnatomyEngine(contentsOf: try Assets.url(Assets.anatomyWeights), threads: 2))
  }

  @Test("errsm 11 without C6 asks; whole it is named")
  func asks() throws {
    let segmenter = try prepared()
    let whole = try Volunteer("sct_errsm/errsm_11/t2/t2.nii.gz", segmenter)
    #expect(whole.found.numbering.isTrusted, "\(whole.found.numbering.doubts)")
    let cut = try #require(try segmenter.segment(try whole.without(.c6)))
    #expect(!cut.numbering.isTrusted && cut.numbering.used.isEmpty, "\(cut.numbering)")
    #expect(cut.numbering.doubts.contains { $0.hasSuffix("one above may be missing") })
    #expect(cut.labels.spine == nil)
    let picture = try whole.without(.c6)
    let named = try #require(try segmenter.segment(picture, uppermost: .c2))
    #expect(named.labels.spine != nil && named.labels.quality.names.contains("levels-doubted"))
  }

  @Test(
    "figures of results 017: four volunteers without C4 to C7, at three places each",
    .enabled(if: ProcessInfo.processInfo.environment["CORDSCOPE_NUMBERING_FIGURES"] != nil),
    .enabled(if: SharedData.has("data/sct_testing_data/history/data_t2/t2.nii.gz")))
  func figures() throws {
    let segmenter = try prepared()
    for path in [
      "sct_errsm/errsm_11/t2/t2.nii.gz", "sct_errsm/errsm_22/t2/t2.nii.gz",
      "sct_errsm/errsm_23/t2/t2.nii.gz", "sct_testing_data/history/data_t2/t2.nii.gz",
    ] {
      let whole = try Volunteer(path, segmenter)
      print("FIG numbering", path, Self.summary(whole.found))
      #expect(whole.found.numbering.used.count >= 6, "\(path) \(whole.found.numbering.doubts)")
      for level in VertebralLevel.allCases where (.c4 ... .c7).contains(level) {
        for offset in [0, 2, -2] {
          let cut = try #require(
            try segmenter.segment(try whole.without(level, movedBy: offset)))
          print("FIG numbering", path, "without", level.name, offset, "mm", Self.summary(cut))
        }
      }
    }
  }

  /// The likelihood ratio of a column with C2 at its top, and the doubts of it.
  private static func summary(_ study: SegmentedStudy) -> String {
    let bodies = BodyNumbering.Body.column(study.central.bodies)
    guard let first = study.numbering.levels.firstIndex(of: .c3) else { return "no C3" }
    let seen = Array(bodies[first...].dropLast().prefix(NeckProportions.counts.upperBound))
    let found = NeckProportions(
      heights: seen.map(\.heightMM),
      distances: zip(seen, seen.dropFirst()).map { $1.centreMM - $0.centreMM })
    return "ratio \(found?.ratio ?? 0), used \(study.numbering.used), \(study.numbering.doubts)"
  }
}
