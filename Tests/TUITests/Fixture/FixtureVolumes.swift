import Core
import Imaging

/// Volumes that stand beside the drawn studies.
enum FixtureVolumes {
  /// Twenty axial slices from z = 38 mm down to -38 mm, a bright disc of 500 on 80...99 in the middle
  /// of each: automatically W 420 L 290.
  static let axialDiscs: BesideVolume? = {
    var voxels: [Float] = []
    for _ in 0..<20 {
      for j in 0..<100 {
        for i in 0..<100 {
          let (x, y) = (i - 50, j - 50)
          voxels.append(x * x + y * y < 400 ? 500 : 80 + Float((i * 7 + j * 3) % 20))
        }
      }
    }
    return BesideVolume(
      ImageVolume(
        shape: [100, 100, 20], voxels: voxels,
        affine: Affine(i: [-1, 0, 0], j: [0, -1, 0], k: [0, 0, 4], origin: [50, 50, -38])))
  }()
}
