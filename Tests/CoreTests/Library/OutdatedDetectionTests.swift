import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Detections whose sources changed")
struct OutdatedDetectionTests {
  @Test("A mask that comes after the detection makes it outdated")
  func laterMask() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = library.studies[0]
    #expect(library.isOutdated(study), "nothing is detected yet")
    try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(), maps: LibraryFixture.maps(), of: study)
    #expect(!library.isOutdated(study))
    let mask = folder("derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz")
    try SharedFolder.make(mask.deletingLastPathComponent())
    try Data().write(to: mask)
    let later = Date(timeIntervalSinceNow: 60)
    try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: mask.path)
    #expect(library.isOutdated(study))
  }
}
