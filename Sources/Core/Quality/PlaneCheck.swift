internal import Foundation
internal import Imaging

/// Whether the voxels of an image are those of a sagittal acquisition, and fine enough for a cord.
enum PlaneCheck {
  /// In-plane voxel edges in mm above which nothing can be assessed: a cord is 7 mm deep.
  static let coarsestInPlaneMM = 2.0
  /// Distance between slices in mm above which a slice shows more than the cord's middle; as for
  /// series of a DICOM study.
  static let coarsestSliceMM = 5.5
  /// The cosine of the largest angle (30 degrees) between slices and the sagittal plane.
  static let largestTiltCosine = 0.866
  /// Longer by this factor in plane than between sagittal slices: another plane was acquired.
  static let anisotropy = 1.6

  /// Why the slices are not usable, with the fault; `nil` when they are.
  static func fault(_ affine: Affine, _ stack: SagittalStack) -> (QualityIssue, reason: String)? {
    let spacing = affine.spacing
    let coarsest = (0..<3).filter { $0 != stack.axis }.map { spacing[$0] }.max() ?? 0
    if coarsest > coarsestInPlaneMM {
      let length = String(format: "%.1f mm", coarsest)
      guard coarsest > anisotropy * stack.spacingMM else {
        return (
          .tooCoarse,
          "the image is too coarse: its voxels are \(length) long within the sagittal plane, "
            + String(format: "%.1f mm are the most", coarsestInPlaneMM)
        )
      }
      return (
        .wrongPlane,
        "the image was not acquired sagittally: its voxels are \(length) "
          + "long within the sagittal plane; choose the sagittal T2 series"
      )
    }
    if stack.normal.x < largestTiltCosine {
      return (
        .wrongPlane, "the slices are tilted by more than 30 degrees from the sagittal plane"
      )
    }
    return nil
  }

  /// The flag of a fault.
  static func flag(_ fault: (QualityIssue, reason: String)) -> QualityFlag {
    fault.0.flag(fault.reason.prefix(1).uppercased() + fault.reason.dropFirst() + ".")
  }

  /// A warning where slices lie far apart.
  static func thickness(_ stack: SagittalStack) -> QualityFlag? {
    guard stack.count > 1, stack.spacingMM > coarsestSliceMM else { return nil }
    return QualityIssue.tooCoarse.flag(
      String(
        format: "Slices lie %.1f mm apart: edges and small lesions are blurred (%.1f mm at most).",
        stack.spacingMM, coarsestSliceMM))
  }
}
