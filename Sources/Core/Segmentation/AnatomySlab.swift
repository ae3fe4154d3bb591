internal import Imaging

/// The sagittal slices of a volume as the anatomy network sees them: each about 3 mm thick, between
/// its neighbours about 3 mm away, whatever the spacing of the acquisition.
struct AnatomySlab {
  /// Thickness that thin slices are averaged to, and their distance, in mm.
  static let thicknessMM = ThickPartitions.targetMM

  let stack: SagittalStack
  /// Slices on each side of one that are averaged with it.
  private let reach: Int
  /// Slices from one to the neighbour that the network sees beside it.
  private let stride: Int
  private let volume: ImageVolume

  /// Prepares a volume; `nil` when its geometry is unusable.
  init?(_ volume: ImageVolume) {
    guard let stack = SagittalStack(volume), stack.spacingMM > 0 else { return nil }
    self.stack = stack
    self.volume = volume
    let isThin = stack.spacingMM < ThickPartitions.thinLimitMM
    // A damaged affine can make more slices than any number holds.
    let perSlab = isThin ? min(Self.thicknessMM / stack.spacingMM, Double(2 * stack.count + 1)) : 1
    reach = isThin ? max(0, Int(((perSlab - 1) / 2).rounded())) : 0
    stride = max(1, Int(perSlab.rounded()))
  }

  /// A slice on a grid of any shape, averaged over its thickness, with what the volume covers.
  ///
  /// - Parameters:
  ///   - plane: pixel grid in the plane of slice `reference`.
  func slice(
    _ index: Int, on plane: SamplingPlane, reference: Int
  ) -> (image: ImageRaster, covered: MaskRaster) {
    var sum = ImageRaster(rows: plane.rows, columns: plane.columns, filledWith: 0)
    var covered = MaskRaster(rows: plane.rows, columns: plane.columns, filledWith: false)
    let slices = max(0, index - reach)...min(stack.count - 1, index + reach)
    for slice in slices {
      let offset = stack.normal * (Double(slice - reference) * stack.spacingMM)
      let moved = SamplingPlane(
        origin: plane.origin + offset, columnStep: plane.columnStep, rowStep: plane.rowStep,
        rows: plane.rows, columns: plane.columns)
      let sampled = volume.resampled(on: moved, interpolation: .linear)
      for n in sum.pixels.indices {
        sum.pixels[n] += sampled.raster.pixels[n] / Float(slices.count)
        if slice == index { covered.pixels[n] = sampled.covered.pixels[n] }
      }
    }
    return (sum, covered)
  }

  /// The slices that stand beside one for the network; itself at the ends of the stack.
  func neighbours(of index: Int) -> (left: Int, right: Int) {
    (
      index - stride >= 0 ? index - stride : index,
      index + stride < stack.count ? index + stride : index
    )
  }
}
