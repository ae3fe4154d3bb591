internal import Foundation
internal import Imaging

extension LibraryEvaluation {
  /// The classes of studies whose truth is a lesion mask: what kind it is nobody has stated.
  private static let labelled = (lesion: "labelled", none: "labelled-none")

  /// Truth from the lesion mask among a study's labels; `nil` where there is none.
  ///
  /// An empty mask says that there is no lesion. Segments are known between labelled levels only.
  /// - Parameter sight: whose mask is truth.
  /// - Throws: `ReadError` when image or labels cannot be read; `LibraryError.unusable`.
  static func labelledTruth(
    of study: LibraryStudy, in library: StudyLibrary, for sight: LesionSight
  ) throws -> StudyTruth? {
    guard let file = library.labelFiles(of: study, for: sight)[.lesion] else { return nil }
    let (image, labels) = try library.read(study)
    let lesion = try LabelReading.mask(file, shape: image.shape, affine: image.affine)
    let levels = LevelRules.resolve(
      labels, along: labels.cord.flatMap(CordCentreline.init(cord:))
    ).points
    let hasLesion = lesion.voxels.contains { $0 != 0 }
    return StudyTruth(
      className: hasLesion ? labelled.lesion : labelled.none, hasLesion: hasLesion,
      affected: Set(LesionSegments.reached(by: lesion, levels: levels)),
      known: Set(
        SpinalSegment.allCases.filter { levels[$0.upper] != nil && levels[$0.lower] != nil }),
      group: library.patient(of: study))
  }

  /// The lesion's mask beside a study's truth file, as the commands phantom and plant write it, if there
  /// is one.
  static func lesionFile(of study: LibraryStudy, in folder: URL) -> URL? {
    guard let stem = study.stem, let truth = truthFile(subject: study.subject, in: folder) else {
      return nil
    }
    let url = truth.deletingLastPathComponent()
      .appendingPathComponent("\(stem)\(LabelRole.lesion.ending).nii.gz")
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }
}
