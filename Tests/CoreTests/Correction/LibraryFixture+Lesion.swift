import Foundation
import Imaging
import TestSupport

@testable import Core

/// Lesion masks that readers draw, on slice 2 of the fixture's studies.
extension LibraryFixture {
  static let lesionGrids = [CorrectionGrid(index: 2, grid: grid(slice: 2))]

  /// A dot of 7 px on the mask that a reader's editor opens on.
  static func dot(
    _ library: StudyLibrary, _ subject: String, at column: Double = 100, by reader: String
  ) throws -> LabelCorrection {
    let basis = try library.correctionBasis(
      .lesion, of: subject, grids: lesionGrids, reader: reader, isBlind: false)
    var edit = MaskEdit(basis.masks)
    try edit.draw(.brush, size: 7, on: 0, from: [column, 128], to: [column, 128])
    let change = MaskWriteBack.SliceChange(
      index: 2, grid: lesionGrids[0].grid, before: edit.original[0], after: edit.masks[0])
    return LabelCorrection(target: .lesion, files: basis.files, content: .mask([change]))
  }

  /// Saves such a dot.
  static func drawLesion(
    _ library: StudyLibrary, _ subject: String, by reader: String
  ) throws {
    _ = try library.correct(
      try dot(library, subject, by: reader),
      .correct(CorrectionNote(.lesion, change: "dot")), subject: subject, reader: reader)
  }

  /// Keeps such a dot unsaved, as a session called "first".
  static func keepLesion(
    _ library: StudyLibrary, _ subject: String, by reader: String
  ) throws {
    let draft = CorrectionDraft(try dot(library, subject, by: reader), session: "first")
    _ = try library.keepDraft(draft, over: ["first"], subject: subject, reader: reader)
  }

  /// A lesion mask as another tool or an import leaves it, 6 mm above the level at row 42.
  static func giveLesion(_ subject: String, in folder: TemporaryFolder) throws {
    var mask = image().map { _ in UInt16(0) }
    for j in 44..<48 { mask[40, j, 2] = 1 }
    let name = "sub-\(subject)_T2w_label-lesion_seg.nii.gz"
    try write(mask, to: folder("derivatives/labels/sub-\(subject)/anat/\(name)"))
  }
}
