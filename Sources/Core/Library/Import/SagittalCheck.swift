internal import Foundation
public import Imaging

/// Whether a volume's slices are sagittal: the only plane the method is made for.
public enum SagittalCheck {
  /// Edges whose lengths differ by less than this factor count as one 3-D acquisition, which has
  /// no slice plane.
  static let isotropyLimit = 1.6
  /// The largest tilt of the slices from the sagittal plane, in degrees.
  static let largestTilt = 30.0

  /// Why a grid cannot be used, or `nil` when it can.
  public static func problem(shape: SIMD3<Int>, affine: Affine) -> String? {
    guard let stack = SagittalStack(shape: shape, affine: affine) else {
      return "its voxel grid has no place in the patient (singular affine)"
    }
    let tilt = acos(min(abs(stack.normal.x), 1)) * 180 / Double.pi
    guard tilt <= largestTilt else {
      return "its slices are tilted \(Int(tilt.rounded())) degrees from sagittal"
    }
    let spacing = affine.spacing
    let inPlane = (0..<3).filter { $0 != stack.axis }
    let thickest = (0..<3).max { spacing[$0] < spacing[$1] } ?? stack.axis
    // Where both edges in the plane are long, thin partitions were acquired, or it is too coarse.
    let isOneLong =
      spacing[thickest] > isotropyLimit * (inPlane.map { spacing[$0] }.min() ?? spacing[thickest])
    if thickest != stack.axis, isOneLong, spacing[thickest] > isotropyLimit * spacing[stack.axis] {
      let direction = affine.orientation[thickest].axis
      return "its slices are \(direction == 2 ? "axial" : "coronal"), sagittal ones are needed"
    }
    let coarsest = inPlane.map { spacing[$0] }.max() ?? 0
    if coarsest > PlaneCheck.coarsestInPlaneMM {
      return "its voxels are \((coarsest * 100).rounded() / 100) mm long in the sagittal plane"
    }
    // A plane of a few voxels is no picture of a spine; a segment is about 20 mm long.
    for axis in inPlane where Double(shape[axis]) * spacing[axis] < 20 || shape[axis] < 16 {
      return "it is only \(CountText.of(shape[axis], "voxel", "voxels")) wide in the sagittal plane"
    }
    return nil
  }
}
