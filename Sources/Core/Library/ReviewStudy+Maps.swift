public import Imaging

extension ReviewStudy.Picture {
  /// A stored map of the slice; `nil` where none is stored.
  public func map(_ kind: DerivativeMaps.Kind) -> ImageRaster? {
    kind == .anomaly ? anomaly : maps[kind]
  }

  /// The normalised picture less its reconstruction, in normalised grey: the stored absolute error
  /// with the sign of the anomaly; NaN where either says nothing, `nil` where either is not stored.
  public var difference: ImageRaster? {
    guard var result = anomaly, let size = maps[.aleatoric],
      size.pixels.count == result.pixels.count
    else { return nil }
    for n in result.pixels.indices {
      let sign = result.pixels[n]
      result.pixels[n] = sign.isNaN ? .nan : sign < 0 ? -size.pixels[n] : size.pixels[n]
    }
    return result
  }
}
