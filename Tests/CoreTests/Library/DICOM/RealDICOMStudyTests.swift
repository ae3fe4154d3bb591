import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

/// The way from a DICOM folder of a real volume to a study of the library.
@Suite("DICOM study of a real volume")
struct RealDICOMStudyTests {
  /// A folder for measurements from the command line, not a check of anything:
  /// `DICOM_FROM=t2.nii.gz DICOM_TO=/tmp/study swift test -c release --filter writesAFolder`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["DICOM_FROM"] != nil))
  func writesAFolder() throws {
    let environment = ProcessInfo.processInfo.environment
    let source = try #require(environment["DICOM_FROM"])
    let target = try #require(environment["DICOM_TO"], "DICOM_TO names the folder to write")
    let volume = try NIfTI.read(URL(fileURLWithPath: source)).volume
    let count = try RealDICOMStudy.write(volume, to: URL(fileURLWithPath: target))
    print("wrote \(count) DICOM files to \(target)")
    #expect(count > 0)
  }

  static let errsm = "data/sct_errsm/errsm_23/t2/t2.nii.gz"

  @Test(
    "A real volume as a DICOM folder comes back voxel for voxel, sagittal chosen, axial kept",
    .enabled(if: SharedData.has(errsm)))
  func real() throws {
    let folder = try TemporaryFolder()
    let volume = try NIfTI.read(SharedData.url(Self.errsm)).volume
    try RealDICOMStudy.write(volume, to: folder("in"))
    let items = try Importer(library: folder("LIB")).run([folder("in")])
    let id = try #require(items.first?.outcome.subject)
    let library = try StudyLibrary(opening: folder("LIB"))
    let study = try library.study(id)
    #expect(study.stem == "sub-\(id)_T2w" && study.refused.map(\.path).count == 1)
    let image = try library.load(study).volume
    let expected = try RealDICOMStudy.sagittal(volume)
    let back = image.reoriented(to: expected.orientation)
    #expect(back.shape == expected.shape && back.voxels == expected.voxels)
    // Positions are written as decimal texts of singles.
    for corner in [[0, 0, 0], SIMD3<Double>(expected.shape)] as [SIMD3<Double>] {
      let off = back.affine(corner) - expected.affine(corner)
      #expect((off * off).sum().squareRoot() < 0.01)
    }
  }
}
