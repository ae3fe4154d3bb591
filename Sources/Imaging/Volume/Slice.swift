/// A plane of pixels with its place in the patient: to two dimensions what ``Volume`` is to three.
///
/// Where several rasters share one plane (the prepared slice with its masks), the plane is kept once
/// beside them instead.
public struct Slice<Pixel: Sendable>: Sendable {
  /// The pixels.
  public var raster: Raster<Pixel>
  /// Where they lie; as many rows and columns as the raster.
  public let plane: SamplingPlane

  /// Makes a slice; raster and plane must have one shape.
  public init(raster: Raster<Pixel>, plane: SamplingPlane) {
    precondition(raster.rows == plane.rows && raster.columns == plane.columns, "slice shape")
    self.raster = raster
    self.plane = plane
  }

  /// RAS mm of a (fractional) pixel position.
  public func ras(row: Double, column: Double) -> SIMD3<Double> {
    plane.ras(row: row, column: column)
  }

  /// The (fractional) pixel position nearest to a RAS point, and the point's signed distance to the
  /// plane in mm; `nil` when the plane's steps span none.
  public func pixel(
    ras point: SIMD3<Double>
  ) -> (row: Double, column: Double, distanceMM: Double)? {
    plane.pixel(ras: point)
  }

  /// The slice as a volume of one plane, its thickness `stepMM`.
  public func volume(stepMM: Double) -> Volume<Pixel> {
    Volume(
      shape: [raster.columns, raster.rows, 1], voxels: raster.pixels,
      affine: plane.affine(stepMM: stepMM))
  }

  /// The slice with every pixel transformed.
  public func map<Other: Sendable>(_ transform: (Pixel) throws -> Other) rethrows -> Slice<Other> {
    Slice<Other>(raster: try raster.map(transform), plane: plane)
  }
}

extension Slice: Equatable where Pixel: Equatable {}

/// A slice of grey values.
public typealias ImageSlice = Slice<Float>
