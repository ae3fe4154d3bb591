public import Imaging

/// The anatomy that was found in a study.
public struct SegmentedStudy: Sendable {
  /// Raised whenever the same weights make other labels: 2 since the edge of the cord is taken inside
  /// (decision 021).
  public static let revision = 2

  /// Cord, canal and spine (TotalSpineSeg numbers) on the image's own grid; the spine only where the
  /// vertebrae could be named.
  public var labels: StudyLabels
  /// 1 on vertebral bodies and 2 on discs near the middle of the cord, named or not.
  public var bones: LabelVolume
  /// The picture that vertebrae were found and named on: the mean over the middle of the cord.
  public var central: SliceSegmentation
  /// Where that picture lies; its rows may be more than one window's.
  public var grid: SagittalGrid
  /// The names of `central.bodies`, and the doubts of them.
  public var numbering: BodyNumbering
}
