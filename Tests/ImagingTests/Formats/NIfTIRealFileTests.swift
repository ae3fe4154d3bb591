import Foundation
import Imaging
import TestSupport
import Testing

/// Files of other programs; expected sums and matrices are nibabel's.
@Suite struct NIfTIRealFileTests {
  static let rs = "data/nifti_rs/resources"
  static let js = "data/nifti_reader_js/data"

  static func sum(_ volume: ImageVolume) -> Double {
    volume.voxels.reduce(0.0) { $0 + Double($1) }
  }

  @Test(
    .enabled(if: SharedData.has(rs)),
    arguments: [
      "uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32",
      "float64",
    ])
  func theRampInEveryType(type: String) throws {
    let image = try NIfTI.read(SharedData.url("\(Self.rs)/27/\(type).nii"))
    #expect(image.volume.shape == [3, 3, 3])
    // Written by numpy: the last index runs fastest in value, the first in the file.
    let ramp = (0..<27).map { $0 % 3 * 9 + $0 / 3 % 3 * 3 + $0 / 9 }
    #expect(image.volume.voxels == ramp.map { Float($0) })
    #expect(image.header.dataType.map { "\($0)" } == type)
    #expect(image.volume.orientation == .ras)
    let labels = try NIfTI.readLabels(SharedData.url("\(Self.rs)/27/\(type).nii"))
    #expect(labels.voxels == ramp.map { UInt16($0) })
  }

  @Test(
    .enabled(if: SharedData.has(rs)),
    arguments: [
      ("complex/complex32.nii", "complex64"), ("complex/complex64.nii", "complex128"),
      ("rgb/3D.nii", "RGB24"), ("rgb/4D.nii", "RGB24"), ("rgba/4D.nii", "RGBA32"),
    ])
  func colourAndComplexAreRefusedByName(file: String, name: String) {
    let error = #expect(throws: ReadError.self) {
      try NIfTI.read(SharedData.url("\(Self.rs)/\(file)"))
    }
    #expect(error?.field == "datatype")
    #expect(error?.problem.contains(name) == true)
  }

  @Test(
    .enabled(if: SharedData.has(rs)),
    arguments: [
      "minimal.nii", "minimal.nii.gz", "minimal.hdr", "minimal.hdr.gz", "minimal.img",
      "minimal.img.gz", "minimal2.hdr", "minimal2.img.gz",
    ])
  func pairsAndSingleFilesOfOneVolumeAgree(file: String) throws {
    let image = try NIfTI.read(SharedData.url("\(Self.rs)/\(file)"))
    #expect(image.volume.shape == [64, 64, 10])
    #expect(Self.sum(image.volume) == 1_290_240)
    #expect(image.header.order == .big)
    #expect(image.affineSource == .pixdim)
    #expect(image.volume.affine.spacing == [3, 3, 3])
  }

  @Test(.enabled(if: SharedData.has(rs)))
  func extensionsAreSkipped() throws {
    let image = try NIfTI.read(SharedData.url("\(Self.rs)/minimal_extended_hdr.nii"))
    #expect(image.volume.shape == [8, 8, 1])
    #expect(image.volume.voxels.allSatisfy { $0 == 0 })
    let small = try NIfTI.read(SharedData.url("\(Self.rs)/f32.nii.gz"))
    #expect(abs(Self.sum(small.volume) - 166.00000071525574) < 1e-9)
    let extended = try NIfTI.read(SharedData.url("\(Self.js)/with_extension.nii.gz"))
    #expect(Self.sum(extended.volume) == 1_472_871)
    #expect(extended.volume.orientation.code == "LPI")
  }

  @Test(.enabled(if: SharedData.has(js)))
  func bothByteOrdersHoldTheSameVolume() throws {
    let big = try NIfTI.read(SharedData.url("\(Self.js)/big.nii.gz"))
    let little = try NIfTI.read(SharedData.url("\(Self.js)/little.nii.gz"))
    #expect(big.header.order == .big && little.header.order == .little)
    #expect(big.volume.voxels == little.volume.voxels)
    #expect(big.volume.affine == little.volume.affine)
    #expect(big.affineSource == .qform)
    #expect(
      big.volume.affine == Affine(i: [-4, 0, 0], j: [0, 4, 0], k: [0, 0, 6], origin: .zero))
    #expect(abs(Self.sum(big.volume) - 11648.372022011292) < 1e-6)
  }

  @Test(.enabled(if: SharedData.has(js)))
  func bothVersionsHoldTheSameVolume() throws {
    let one = try NIfTI.read(SharedData.url("\(Self.js)/avg152T1_LR_nifti.nii"))
    let packed = try NIfTI.read(SharedData.url("\(Self.js)/avg152T1_LR_nifti.nii.gz"))
    let two = try NIfTI.read(SharedData.url("\(Self.js)/avg152T1_LR_nifti2.nii.gz"))
    #expect(one.header.version == .nifti1 && two.header.version == .nifti2)
    #expect(one.volume.voxels == two.volume.voxels)
    #expect(one.volume.voxels == packed.volume.voxels)
    #expect(one.volume.affine == two.volume.affine)
    #expect(one.volume.orientation.code == "LAS")
    #expect(one.volume.affine.origin == [90, -126, -72])
    #expect(Self.sum(one.volume) == 74_825_382)
  }

  @Test(.enabled(if: SharedData.has(js)))
  func fiveDimensionsAreVolumesByIndex() throws {
    let url = SharedData.url("\(Self.js)/5D_small.nii")
    let image = try NIfTI.read(url)
    #expect(image.layout.volumeCount == 3)
    #expect(image.volume.shape == [1, 2, 3])
    let all = try (0..<3).flatMap { try NIfTI.read(url, volume: $0).volume.voxels }
    let expected: [Double] = [
      0.10725857, 0.24516561, 0.71404957, 0.70853329, 0.11277485, 0.76369611, 0.78024495,
      0.71129143, 0.51546342, 0.34170055, 0.21758421, 0.07691902, 0.27826331, 0.42996106,
      0.07967716, 0.35273311, 0.39134708, 0.45478432,
    ]
    #expect(all.count == 18)
    for (a, b) in zip(all, expected) { #expect(abs(Double(a) - b) < 1e-7) }
    #expect(image.volume.orientation.code == "PSR")
    let affine = Affine(
      i: [-6.920585349234898e-08, -0.9917474985122681, 0.12820661067962646],
      j: [-0.0016480153426527977, 0.12820644676685333, 0.9917461276054382],
      k: [0.9999986290931702, 0.0002112178481183946, 0.0016344239702448249],
      origin: [-87.89346313476562, 147.39846801757812, -120.61727905273438])
    #expect(image.volume.affine == affine)
    #expect(image.findings.filter { $0.severity > .note } == [])
    let zeros = try NIfTI.read(SharedData.url("\(Self.js)/5D_zeros.nii.gz"), volume: 2)
    #expect(zeros.volume.shape == [256, 256, 170])
  }

  @Test(.enabled(if: SharedData.has(js)))
  func aPairWithAPermutedMatrix() throws {
    let image = try NIfTI.read(SharedData.url("\(Self.js)/air.hdr.gz"))
    #expect(image.volume.orientation.code == "AIR")
    #expect(abs(Self.sum(image.volume) - 11398461.247137904) < 0.01)
    #expect(throws: ReadError.self) { try NIfTI.read(SharedData.url("\(Self.js)/not-nifti.nii")) }
  }

  @Test(.enabled(if: SharedData.has("data/sct_errsm/errsm_23/t2")))
  func aCervicalSpineAndItsMasks() throws {
    let folder = "data/sct_errsm/errsm_23/t2"
    let image = try NIfTI.read(SharedData.url("\(folder)/t2.nii.gz"))
    #expect(image.volume.shape == [384, 225, 52])
    #expect(image.volume.orientation.code == "PSR")
    #expect(image.volume.orientation.sagittalAxis == 2)
    #expect(Self.sum(image.volume) == 184_338_242)
    #expect(
      AffineTests.isClose(
        image.volume.affine.origin, [-24.990367889404297, 199.73841857910156, -154.93612670898438]))
    #expect(image.findings.filter { $0.severity > .note } == [])
    let cord = try NIfTI.readLabels(
      SharedData.url("\(folder)/t2_manual_segmentation.nii.gz"))
    #expect(cord.voxels.reduce(0) { $0 + Int($1) } == 12832)
    let points = try NIfTI.readLabels(
      SharedData.url("\(folder)/t2_landmarks_C2_T2_center.nii.gz"))
    #expect(points.voxels.filter { $0 > 0 }.sorted() == [2, 9])
    // The same points stored the other way round lie at the same millimetres.
    let turned = try NIfTI.readLabels(SharedData.url("\(folder)/landmarks_rpi.nii.gz"))
    #expect(turned.orientation.code == "LAS")
    let restored = turned.reoriented(to: points.orientation)
    #expect(restored.shape == points.shape)
    #expect(restored.voxels == points.voxels)
    #expect(AffineTests.isClose(restored.affine.origin, points.affine.origin, 0.01))
  }
}
