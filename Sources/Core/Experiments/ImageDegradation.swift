public import Imaging

/// What is done to images to see what a detector bears (method, section 7: robustness).
public enum ImageDegradation: Equatable, Sendable {
  /// Gaussian noise of a variance on the grey range 0...1 (0.2 to 99.8 % of the voxels).
  case noise(variance: Double)
  /// Sagittal pixels averaged in blocks of `factor` x `factor`, and interpolated back.
  case coarser(factor: Int)

  /// The degraded image on the voxels of the image itself: the masks stay as they are.
  ///
  /// - Parameter seed: decides the noise.
  public func apply(_ volume: ImageVolume, seed: UInt64) -> ImageVolume {
    switch self {
    case .noise(let variance): Self.noisy(volume, variance: variance, seed: seed)
    case .coarser(let factor): Self.coarser(volume, factor: factor)
    }
  }

  private static func noisy(_ volume: ImageVolume, variance: Double, seed: UInt64) -> ImageVolume {
    let all = [Bool](repeating: true, count: volume.voxels.count)
    guard variance > 0, let low = Percentiles.value(0.2, of: volume.voxels, where: all),
      let high = Percentiles.value(99.8, of: volume.voxels, where: all), high > low
    else { return volume }
    let deviation = Float(variance.squareRoot()) * (high - low)
    var random = RandomSource(seed: seed, stream: 0xDE6)
    return volume.map { $0 + deviation * random.normal() }
  }

  private static func coarser(_ volume: ImageVolume, factor: Int) -> ImageVolume {
    guard factor > 1, let stack = SagittalStack(volume) else { return volume }
    let coarse = (0..<3).filter { $0 != stack.axis }.reduce(volume) { volume, axis in
      let count = volume.shape[axis] / factor
      guard count > 0 else { return volume }
      let start = (volume.shape[axis] - count * factor) / 2
      return ThickPartitions(axis: axis, group: factor, start: start, count: count).image(volume)
    }
    return coarse.resampled(shape: volume.shape, affine: volume.affine)
  }
}
