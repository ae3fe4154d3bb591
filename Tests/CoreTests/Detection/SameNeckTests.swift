import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

/// One volunteer's picture as it was stored twice, in PSR (`t2`) and cut in LAS (`t2_crop`): results 020.
@Suite(
  "The same neck in PSR and LAS",
  .enabled(if: SharedData.has("data/sct_errsm/errsm_23/t2/t2_crop.nii.gz")),
  .enabled(if: (try? Assets.url("\(Assets.defaultModel).safetensors")) != nil))
struct SameNeckTests {
  private static func file(_ name: String) -> URL {
    SharedData.url("data/sct_errsm/errsm_23/t2/\(name).nii.gz")
  }

  /// The planes of `t2` that the crop holds, along its second axis, towards the head.
  private static let cropped = 48..<192

  /// A volume's planes along its second axis, each where it was.
  private static func planes(_ range: Range<Int>, of volume: ImageVolume) -> ImageVolume {
    var voxels: [Float] = []
    voxels.reserveCapacity(volume.shape.x * range.count * volume.shape.z)
    for k in 0..<volume.shape.z {
      let first = (k * volume.shape.y + range.lowerBound) * volume.shape.x
      voxels += volume.voxels[first..<(first + range.count * volume.shape.x)]
    }
    var affine = volume.affine
    affine.origin = volume.affine([0, Double(range.lowerBound), 0])
    return ImageVolume(
      shape: [volume.shape.x, range.count, volume.shape.z], voxels: voxels, affine: affine)
  }

  /// What `import --cord --landmarks` and `detect` make of a picture of this neck.
  private static func segments(
    _ subject: String, _ picture: URL, in root: URL
  ) throws -> [Detection.Segment] {
    var options = ImportOptions()
    options.subject = subject
    options.labels = [
      .cord: file("t2_manual_segmentation"), .levels: file("t2_landmarks_C2_T2_center"),
    ]
    let imported = try Importer(library: root).run([picture], options: options)
    #expect(imported.map(\.outcome.subject) == [subject])
    let library = try StudyLibrary(opening: root)
    let weights = try Assets.url("\(Assets.defaultModel).safetensors")
    let detection = try LibraryDetection(library: library, weights: weights, threads: 1)
    let items = detection.run(on: [try library.study(subject)])
    return try #require(items.first).outcome.get().segments
  }

  private static func length(_ segment: Detection.Segment) throws -> Double {
    let from = try #require(segment.zFromMm)
    let to = try #require(segment.zToMm)
    return from - to
  }

  @Test("the crop is planes 48 to 191 of t2, voxel for voxel and in the same place")
  func sameVoxels() throws {
    let cut = Self.planes(Self.cropped, of: try NIfTI.read(Self.file("t2")).volume)
    let crop = try NIfTI.read(Self.file("t2_crop")).volume
    #expect(cut.orientation != crop.orientation)
    let turned = cut.reoriented(to: crop.orientation)
    let isSame = turned.voxels == crop.voxels
    #expect(turned.shape == crop.shape && isSame)
    for corner in [[0, 0, 0], SIMD3<Double>(crop.shape)] as [SIMD3<Double>] {
      let off = turned.affine(corner) - crop.affine(corner)
      #expect((off * off).sum().squareRoot() < 0.01)
    }
  }

  @Test("over one field of view scores agree within 2 %, lengths within 0.3 mm")
  func orientation() throws {
    let folder = try TemporaryFolder()
    let cut = Self.planes(Self.cropped, of: try NIfTI.read(Self.file("t2")).volume)
    try NIfTI.write(cut, to: folder("cut_T2w.nii.gz"))
    let psr = try Self.segments("cut", folder("cut_T2w.nii.gz"), in: folder("LIB"))
    let las = try Self.segments("crop", Self.file("t2_crop"), in: folder("LIB"))
    let whole = try Self.segments("whole", Self.file("t2"), in: folder("LIB"))
    // The crop begins within C3.
    #expect(psr.map(\.assessable) == [false, true, true, true, true, true])
    #expect(las.map(\.assessable) == psr.map(\.assessable))
    for n in 1..<6 {
      let one = try #require(psr[n].score)
      let other = try #require(las[n].score)
      #expect(one > 0 && abs(one - other) <= 0.02 * one, "\(psr[n].name): \(one), \(other)")
      let lengths = try [las[n], psr[n], whole[n]].map { try Self.length($0) }
      #expect(lengths.allSatisfy { abs($0 - lengths[0]) < 0.3 }, "\(psr[n].name): \(lengths)")
      // Another field of view is another window: within 2 % of the cord-to-CSF step.
      let uncut = try #require(whole[n].score)
      #expect(abs(uncut - other) < 0.02, "\(psr[n].name): \(uncut), \(other)")
    }
  }
}
