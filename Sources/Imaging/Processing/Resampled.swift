/// What sampling a volume gives: the slice, and where the volume had any voxels.
public struct Resampled<Pixel: Sendable>: Sendable {
  /// The sampled values and their plane; the stated fill where the volume does not reach.
  public var slice: Slice<Pixel>
  /// Whether the sample point lies inside the volume (its outermost voxel faces).
  public var covered: MaskRaster

  /// The sampled values.
  public var raster: Raster<Pixel> { slice.raster }

  /// Makes a result from values and coverage of one shape.
  public init(slice: Slice<Pixel>, covered: MaskRaster) {
    self.slice = slice
    self.covered = covered
  }
}
