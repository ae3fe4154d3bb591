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

  @Test("A label map or a CT is no picture of a study: refused at import by name")
  func noPicture() throws {
    let folder = try TemporaryFolder()
    let picture = LibraryFixture.image()
    #expect(PictureCheck.problem(picture) == nil)
    let cord = LibraryFixture.cord(like: picture)
    #expect(PictureCheck.problem(cord.map(Float.init))?.contains("1 value beside 0 (1)") == true)
    // Grey values of 0 to 79, in no areas; the same values in areas.
    #expect(PictureCheck.problem(picture.map { $0.truncatingRemainder(dividingBy: 80) }) == nil)
    var areas = picture
    for n in areas.voxels.indices { areas.voxels[n] = Float(n / 800) }
    #expect(
      PictureCheck.problem(areas)?.contains("39 values beside 0 (1, 2, 3, 4, 5, ...)") == true)
    #expect(PictureCheck.problem(areas.map { $0 + 0.5 }) == nil)
    // Air at -1000, soft tissue at 300; signed grey values of MR are no CT.
    let tomogram = picture.map { $0 < 100 ? $0 - 1000 : $0 }
    #expect(PictureCheck.problem(tomogram)?.contains("CT image") == true)
    #expect(PictureCheck.problem(picture.map { $0 * 8 - 2000 })?.contains("CT image") != true)
    for (name, volume) in [("x_T2w", cord.map(Float.init)), ("y_T2w", tomogram)] {
      let source = folder("\(name).nii.gz")
      try NIfTI.write(volume, to: source)
      let items = try Importer(library: folder("LIB")).run([source])
      guard case .refused(let why)? = items.first?.outcome else {
        Issue.record("\(name) was taken")
        continue
      }
      #expect(why.contains(name == "x_T2w" ? "--cord" : "wrong modality"), "\(why)")
      #expect(items.first?.source.contains(name) == true)
      #expect(!FileManager.default.fileExists(atPath: folder("LIB").path))
    }
  }

  @Test(
    "Masks of vertebrae are told from pictures of 8 and 16 bits",
    .enabled(if: SharedData.has("data/healthivert/datasets/raw/0007/0007_msk.nii.gz")))
  func realPictures() throws {
    for mask in [
      "healthivert/datasets/raw/0007/0007_msk", "sct_testing_data/t2/t2_seg-manual",
      "sct_testing_data/t2/labels", "sct_errsm/errsm_11/t2/t2_landmarks_C2_T2_center",
    ] {
      let volume = try NIfTI.read(SharedData.url("data/\(mask).nii.gz")).volume
      #expect(PictureCheck.problem(volume)?.contains("mask") == true, "\(mask)")
    }
    for picture in [
      "sct_errsm/errsm_23/t2/t2_crop", "sct_testing_data/t2s/t2s_uncropped",
      "sct_testing_data/t2/t2_fake_lesion", "nifti_reader_js/data/avg152T1_LR_nifti",
    ] {
      let volume = try NIfTI.read(SharedData.url("data/\(picture).nii.gz")).volume
      #expect(PictureCheck.problem(volume) == nil, "\(picture)")
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
