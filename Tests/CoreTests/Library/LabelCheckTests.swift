import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Masks and label maps are told from grey values")
struct LabelCheckTests {
  private func accepts(_ values: [Float], _ role: LabelRole) -> Bool {
    (try? LabelCheck.check(values, role, path: "mask.nii.gz")) != nil
  }

  @Test("Masks: one value beside 0, or parts from 0 to 1")
  func masks() {
    for role in [LabelRole.cord, .canal] {
      for legal: [Float] in [
        [0, 0, 1, 1], [0, 255, 255], [1, 1, 1], [0, 0, 0], [], [0, 0, 0, 0.2, 0.51, 0.9],
        [0, .nan, 0.5, 1], [0, 0, 0, 0.0000001, 1.000001, 0.7],
      ] { #expect(accepts(legal, role), "\(legal)") }
      let grey = (0..<4000).map { Float($0 % 700) }
      let normalised = grey.map { ($0 + 1) / 701 }
      for wrong: [Float] in [
        [0, 1, 2], [0, 0, 0, 1, 11, 12], [0, 0, 0, 0.5, 3], [-4, 0, 0, 0, 1], grey, normalised,
      ] { #expect(!accepts(wrong, role), "\(wrong.prefix(6))") }
    }
  }

  @Test("Label maps: whole numbers, not hundreds of them")
  func labels() {
    // TotalSpineSeg: cord, canal, vertebrae, discs, sacrum; SPINEPS instances go to 300.
    let map = ([0, 1, 2, 50] + Array(11...45) + Array(63...95) + [123, 250, 301]).map { Float($0) }
    for role in [LabelRole.spine, .discs, .levels, .lesion] {
      #expect(accepts(map, role))
      #expect(!accepts((0..<4000).map { Float($0 % 700) }, role))
      #expect(!accepts([0, 1.5, 2], role))
    }
  }

  @Test("An image given as a mask is refused at import, by name, and nothing is imported")
  func imported() throws {
    let folder = try TemporaryFolder()
    let image = LibraryFixture.image()
    try NIfTI.write(image, to: folder("p_T2w.nii.gz"))
    // More values than any label map has.
    var grey = image.map { UInt16($0) }
    for n in grey.voxels.indices { grey.voxels[n] = UInt16(n % 700) }
    try NIfTI.write(grey, to: folder("grey.nii.gz"))
    for role in [LabelRole.cord, .canal, .spine, .levels] {
      var options = ImportOptions()
      options.labels[role] = folder("grey.nii.gz")
      let source = folder("p_T2w.nii.gz")
      let items = try Importer(library: folder("LIB")).run([source], options: options)
      guard case .refused(let why)? = items.first?.outcome else {
        Issue.record("taken for \(role)")
        continue
      }
      #expect(why.contains("grey.nii.gz") && why.contains("different values"), "\(why)")
      #expect(!FileManager.default.fileExists(atPath: folder("LIB").path))
    }
  }

  @Test("An image that lies in a library as a mask is that study's problem, by name")
  func opened() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let mask = "derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz"
    try NIfTI.write(LibraryFixture.image(), to: folder(mask))
    #expect {
      try library.load(try library.study("01"))
    } throws: {
      "\($0)".contains("sub-01_T2w_label-SC_seg.nii.gz: is no mask of the cord")
    }
  }
}
