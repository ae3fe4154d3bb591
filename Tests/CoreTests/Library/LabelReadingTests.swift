import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Labels of other tools")
struct LabelReadingTests {
  @Test(
    "File names of other tools are understood",
    arguments: [
      ("sub-1_T2w_label-SC_seg.nii.gz", LabelRole.cord), ("sub-1_T2w_seg-manual.nii.gz", .cord),
      ("sub-1_T2w_seg.nii", .cord), ("sub-1_T2w_label-canal_seg.nii.gz", .canal),
      ("sub-1_T2w_label-spine_dseg.nii.gz", .spine),
      ("sub-1_mod-T2w_seg-vert_msk.nii.gz", .spine),
      ("sub-1_T2w_label-discs_dlabel.nii.gz", .discs),
      ("sub-1_T2w_labels-disc-manual.nii.gz", .discs),
      ("sub-1_T2w_label-lesion_seg.nii.gz", .lesion), ("sub-1_T2w_lesion.nii.gz", .lesion),
      ("sub-1_T2w_SC_mask.nii.gz", .cord), ("sub-1_T2w_step1_cord.nii.gz", .cord),
      ("sub-1_T2w_step1_canal.nii.gz", .canal), ("sub-1_T2w_step1_levels.nii.gz", .discs),
      ("sub-1_T2w_totalspineseg_discs.nii.gz", .discs), ("sub-1_T2w_discs.nii.gz", .discs),
      ("sub-1_T2w_seg_labeled_discs.nii.gz", .discs), ("sub-1_T2w_labels-disc.nii.gz", .discs),
    ])
  func names(name: String, role: LabelRole) throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: name)
    try folder.write("", to: "sub-1_T2w_label-GM_seg.nii.gz")
    try folder.write("", to: "sub-11_T2w_label-SC_seg.nii.gz")
    let files = LabelFiles(stem: "sub-1_T2w", in: [folder("absent"), folder.url])
    #expect(files.files.keys.map(\.rawValue) == [role.rawValue])
    #expect(files[role]?.url.lastPathComponent == name)
    if name.contains("vert_msk") { #expect(files[role]?.convention == .spinepsInstance) }
  }

  /// Label files in a folder, read for the fixture's image.
  private func read(_ volumes: [LabelRole: LabelVolume]) throws -> StudyLabels {
    let folder = try TemporaryFolder()
    for (role, volume) in volumes { try NIfTI.write(volume, to: folder("x\(role.ending).nii.gz")) }
    let image = LibraryFixture.image()
    return try LabelReading.studyLabels(
      LabelFiles(stem: "x", in: [folder.url]), imageShape: image.shape, imageAffine: image.affine)
  }

  @Test("Masks are 0 and 1, the cord belongs to the canal")
  func masks() throws {
    let image = LibraryFixture.image()
    let cord = LibraryFixture.cord(like: image)
    var ring = cord.map { _ in UInt16(0) }
    for j in 5..<75 { ring[37, j, 2] = 255 }
    let labels = try read([.cord: cord.map { $0 * 7 }, .canal: ring])
    #expect(labels.cord == nil ? false : labels.cord?.voxels == cord.voxels)
    let canal = try #require(labels.canal)
    #expect(canal[37, 10, 2] == 1 && canal[39, 10, 2] == 1 && canal[36, 10, 2] == 0)
    #expect(labels.levelSource == .missing && labels.quality.isEmpty)
  }

  @Test("Soft masks are cut at a half")
  func soft() throws {
    let folder = try TemporaryFolder()
    let image = LibraryFixture.image()
    var soft = image.map { _ in Float(0) }
    soft[1, 1, 1] = 0.49
    soft[2, 2, 2] = 0.51
    soft[3, 3, 3] = .nan
    try NIfTI.write(soft, to: folder("x_seg.nii.gz"))
    let labels = try LabelReading.studyLabels(
      LabelFiles(stem: "x", in: [folder.url]), imageShape: image.shape, imageAffine: image.affine)
    #expect(labels.cord?.voxels.reduce(0) { $0 + Int($1) } == 1)
    #expect(labels.cord?[2, 2, 2] == 1)
  }

  @Test("A mask on another grid is resampled to the image's and flagged")
  func resampled() throws {
    let image = LibraryFixture.image()
    let cord = LibraryFixture.cord(like: image)
    // The same place in the patient, stored with i reversed.
    var flipped = cord
    for k in 0..<5 { for j in 0..<80 { for i in 0..<80 { flipped[79 - i, j, k] = cord[i, j, k] } } }
    flipped.affine.origin = cord.affine([79, 0, 0])
    flipped.affine.i = -cord.affine.i
    let labels = try read([.cord: flipped])
    #expect(labels.cord?.voxels == cord.voxels)
    #expect(labels.quality.map(\.flag) == ["labels-resampled"])
  }

  @Test("Disc points become levels; vertebrae win over them")
  func levels() throws {
    let image = LibraryFixture.image()
    var discs = image.map { _ in UInt16(0) }
    // SCT's 3 = C2-3 ... 8 = C7-T1, 10.5 mm apart, downwards from j = 60.
    for value in 3...8 { discs[44, 60 - 7 * (value - 3), 2] = UInt16(value) }
    let labels = try read([.discs: discs])
    #expect(labels.levelSource == .discs)
    let c4 = try #require(labels.landmarks[.c4])
    #expect(abs(c4.z - (-60 + 1.5 * (60 - 10.5))) < 1e-6)

    var spine = image.map { _ in UInt16(0) }
    for (n, level) in [VertebralLevel.c2, .c3, .c4].enumerated() {
      spine[50, 60 - 7 * n, 2] = level.totalSpineSegLabel
    }
    let both = try read([.discs: discs, .spine: spine])
    #expect(both.levelSource == .labelled && both.landmarks.isEmpty && both.spine != nil)
  }

  @Test("A damaged label file is named")
  func damaged() throws {
    let folder = try TemporaryFolder()
    try folder.write("not an image", to: "x_seg.nii.gz")
    let image = LibraryFixture.image()
    #expect {
      try LabelReading.studyLabels(
        LabelFiles(stem: "x", in: [folder.url]), imageShape: image.shape,
        imageAffine: image.affine)
    } throws: { "\($0)".contains("x_seg.nii.gz") }
  }
}
