internal import Foundation
internal import Imaging

extension CaseTruth {
  /// The mask of the lesion that a library's truth of a study tells of, in the partitions that thin slices
  /// are averaged to: beside its truth file, or else labelled, where no reader drew it; `nil` where there
  /// is none.
  ///
  /// Readings that are truth name segments, and no pixels.
  /// - Throws: `ReadError` where the mask or the image cannot be read; `LibraryError`.
  static func lesion(of study: LibraryStudy, in library: StudyLibrary) throws -> LabelVolume? {
    guard let mask = try storedLesion(of: study, in: library) else { return nil }
    let plan = ThickPartitions(shape: mask.shape, affine: mask.affine)
    return plan.map { $0.labels(mask) } ?? mask
  }

  private static func storedLesion(
    of study: LibraryStudy, in library: StudyLibrary
  ) throws -> LabelVolume? {
    let folder = library.root.appendingPathComponent("derivatives/truth")
    // As the verdicts are taken: a truth file wins, also where no mask lies beside it.
    if LibraryEvaluation.truthFile(subject: study.subject, in: folder) != nil {
      let url = LibraryEvaluation.lesionFile(of: study, in: folder)
      return try url.map { try NIfTI.readLabels($0) }
    }
    guard let file = library.labelFiles(of: study, for: .given)[.lesion] else { return nil }
    let (image, _) = try library.read(study)
    return try LabelReading.mask(file, shape: image.shape, affine: image.affine)
  }
}
