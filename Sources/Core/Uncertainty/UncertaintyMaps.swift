public import Imaging

/// What Monte-Carlo reconstruction of one slice yields (method, section 4); 256 x 256 px each.
public struct UncertaintyMaps: Sendable {
  /// Mean reconstruction inside the region of interest, the input elsewhere.
  public var mean: ImageRaster
  /// Epistemic uncertainty: population variance over the reconstructions; NaN where not reconstructed.
  public var epistemic: ImageRaster
  /// Aleatoric uncertainty: |input - mean|; NaN where not reconstructed.
  public var aleatoric: ImageRaster
  /// Pixels that were reconstructed at least once.
  public var reconstructed: MaskRaster
  /// Forward passes made.
  public var passes: Int
  /// The smallest number of reconstructions any patch of the region received.
  public var fewestReconstructions: Int

  /// Makes a set of maps.
  public init(
    mean: ImageRaster, epistemic: ImageRaster, aleatoric: ImageRaster, reconstructed: MaskRaster,
    passes: Int, fewestReconstructions: Int
  ) {
    self.mean = mean
    self.epistemic = epistemic
    self.aleatoric = aleatoric
    self.reconstructed = reconstructed
    self.passes = passes
    self.fewestReconstructions = fewestReconstructions
  }
}
