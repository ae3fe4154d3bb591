internal import Foundation

/// The patient in the picture: the largest component above the air, holes filled.
///
/// One Otsu cut on T2 grey values falls between CSF (or fat) and all other tissue, the more so
/// under a surface coil: it kept 2 % of a real slice. So the values are smoothed and taken as
/// logarithms, and the lower of Otsu's two cuts into three classes parts air from tissue.
public enum BodyMask {
  /// The body on one slice; `nil` when the picture has no contrast at all.
  public static func of(_ image: ImageRaster) -> MaskRaster? {
    let smooth = Gaussian.blur(image.map { $0.isFinite ? $0 : 0 }, sigma: 1.5)
    guard let bright = aboveAir(smooth.pixels) else { return nil }
    let components = ConnectedComponents.label(
      Raster(rows: image.rows, columns: image.columns, pixels: bright), connectivity: .eight)
    guard let largest = components.largest else { return nil }
    return Morphology.fillHoles(components.mask(of: largest.label))
  }

  /// The body in a volume, one flag per voxel: the largest 6-connected component, with holes
  /// filled in each sagittal slice; `nil` when the volume has no contrast at all.
  public static func of(_ volume: ImageVolume) -> Volume<Bool>? {
    guard let stack = SagittalStack(volume) else { return nil }
    var sigma = SIMD3<Double>(repeating: 1.5)
    sigma[stack.axis] = 0
    let smooth = Gaussian.blur(volume.map { $0.isFinite ? $0 : 0 }, sigma: sigma)
    guard let bright = aboveAir(smooth.voxels) else { return nil }
    let components = ConnectedComponents.label(
      Volume<Bool>(shape: volume.shape, voxels: bright, affine: volume.affine),
      connectivity: .six)
    guard let largest = components.largest else { return nil }
    var body = components.labels.map { $0 == largest.label }
    for index in 0..<stack.count {
      let slice = body.slice(axis: stack.axis, index: index)
      body.setSlice(axis: stack.axis, index: index, to: Morphology.fillHoles(slice.raster))
    }
    return body
  }

  /// Which smoothed values are tissue; `nil` without contrast.
  private static func aboveAir(_ values: [Float]) -> [Bool]? {
    guard let span = Percentiles.values([0, 99], of: values), span[1] > span[0] else {
      return constantBackground(values)
    }
    // The floor keeps the noise of air from being stretched over half of the logarithms.
    let floor = 0.01 * (span[1] - span[0])
    let logarithms = values.map { Float(log(Double($0 - span[0] + floor))) }
    guard
      let cut = Otsu.twoThresholds(of: logarithms)?.lower ?? Otsu.threshold(of: logarithms)
    else { return nil }
    return logarithms.map { $0 > cut }
  }

  /// When 99 % of the picture has one value, whatever exceeds it.
  private static func constantBackground(_ values: [Float]) -> [Bool]? {
    Otsu.threshold(of: values).map { cut in values.map { $0 > cut } }
  }
}
