extension Volume where Voxel == Float {
  /// Samples the canonical grid: its rows x 256 grey values.
  ///
  /// Sagittal acquisitions are thick, so by default the nearest acquired slice is taken and
  /// only the plane itself is interpolated. Inside the volume taps beyond its edge repeat the
  /// edge voxel; sample points outside get `outside` and are not covered.
  /// - Parameters:
  ///   - grid: The plane in the patient.
  ///   - offsetMM: Distance from the grid's plane along its normal (towards the right).
  ///   - interpolation: In-plane interpolation.
  ///   - throughPlane: What is done across the plane.
  ///   - outside: The value where the volume does not reach.
  /// - Complexity: 16 taps a pixel (64 with `.cubic` and `.interpolated`).
  public func resampled(
    on grid: SagittalGrid, offsetMM: Double = 0, interpolation: Interpolation = .cubic,
    throughPlane: ThroughPlane = .nearestSlice, outside: Float = 0
  ) -> Resampled<Float> {
    resampled(
      on: SamplingPlane(grid, offsetMM: offsetMM), interpolation: interpolation,
      throughPlane: throughPlane, outside: outside)
  }

  /// Samples any plane; see ``resampled(on:offsetMM:interpolation:throughPlane:outside:)``.
  public func resampled(
    on plane: SamplingPlane, interpolation: Interpolation = .cubic,
    throughPlane: ThroughPlane = .nearestSlice, outside: Float = 0
  ) -> Resampled<Float> {
    if interpolation == .nearest { return nearest(on: plane, outside: outside) }
    var values = Raster(rows: plane.rows, columns: plane.columns, filledWith: outside)
    var covered = Raster(rows: plane.rows, columns: plane.columns, filledWith: false)
    guard let index = IndexPlane(plane, shape: shape, affine: affine) else {
      return Resampled(slice: Slice(raster: values, plane: plane), covered: covered)
    }
    let across: Interpolation = throughPlane == .interpolated ? interpolation : .nearest
    voxels.withUnsafeBufferPointer { source in
      values.pixels.withUnsafeMutableBufferPointer { out in
        covered.pixels.withUnsafeMutableBufferPointer { inside in
          for row in 0..<plane.rows {
            for column in 0..<plane.columns {
              let w = index.through.position(row, column)
              let v = index.v.position(row, column)
              let u = index.u.position(row, column)
              guard index.through.holds(w), index.v.holds(v), index.u.holds(u) else { continue }
              let at = row * plane.columns + column
              inside[at] = true
              out[at] = Self.weighted(
                source,
                Taps(u, count: index.u.count, stride: index.u.stride, interpolation),
                Taps(v, count: index.v.count, stride: index.v.stride, interpolation),
                Taps(w, count: index.through.count, stride: index.through.stride, across))
            }
          }
        }
      }
    }
    return Resampled(slice: Slice(raster: values, plane: plane), covered: covered)
  }

  /// The value at one RAS point, or `nil` outside the volume.
  public func sample(
    atRAS point: SIMD3<Double>, interpolation: Interpolation = .linear
  ) -> Float? {
    let plane = SamplingPlane(
      origin: point, columnStep: affine.i, rowStep: affine.j, rows: 1, columns: 1)
    let result = resampled(on: plane, interpolation: interpolation, throughPlane: .interpolated)
    return result.covered.pixels.first == true ? result.raster.pixels.first : nil
  }

  /// Resamples the whole volume onto another voxel grid.
  /// - Complexity: 64 taps a voxel with `.cubic`.
  public func resampled(
    shape target: SIMD3<Int>, affine targetAffine: Affine,
    interpolation: Interpolation = .linear, outside: Float = 0
  ) -> ImageVolume {
    var voxels: [Float] = []
    voxels.reserveCapacity(target.x * target.y * target.z)
    for plane in SamplingPlane.stack(shape: target, affine: targetAffine) {
      let slice = resampled(
        on: plane, interpolation: interpolation, throughPlane: .interpolated, outside: outside)
      voxels.append(contentsOf: slice.raster.pixels)
    }
    return ImageVolume(shape: target, voxels: voxels, affine: targetAffine)
  }

  /// The weighted sum over a block of taps; the four innermost are one vector.
  @inline(__always)
  private static func weighted(
    _ source: UnsafeBufferPointer<Float>, _ u: Taps, _ v: Taps, _ w: Taps
  ) -> Float {
    var sum = SIMD4<Float>.zero
    for c in 0..<w.count {
      for b in 0..<v.count {
        let base = w.offsets[c] + v.offsets[b]
        let line: SIMD4<Float> = [
          source[base + u.offsets[0]], source[base + u.offsets[1]],
          source[base + u.offsets[2]], source[base + u.offsets[3]],
        ]
        sum += line * (w.weights[c] * v.weights[b])
      }
    }
    return (sum * u.weights).sum()
  }
}

extension Volume where Voxel == UInt16 {
  /// Samples the canonical grid by nearest voxel: its rows x 256 labels, `outside` beyond the volume.
  public func resampled(
    on grid: SagittalGrid, offsetMM: Double = 0, outside: UInt16 = 0
  ) -> Resampled<UInt16> {
    nearest(on: SamplingPlane(grid, offsetMM: offsetMM), outside: outside)
  }

  /// Samples any plane by nearest voxel.
  public func resampled(on plane: SamplingPlane, outside: UInt16 = 0) -> Resampled<UInt16> {
    nearest(on: plane, outside: outside)
  }

  /// Resamples the whole volume onto another voxel grid by nearest voxel.
  public func resampled(
    shape target: SIMD3<Int>, affine targetAffine: Affine, outside: UInt16 = 0
  ) -> LabelVolume {
    var voxels: [UInt16] = []
    voxels.reserveCapacity(target.x * target.y * target.z)
    for plane in SamplingPlane.stack(shape: target, affine: targetAffine) {
      voxels.append(contentsOf: nearest(on: plane, outside: outside).raster.pixels)
    }
    return LabelVolume(shape: target, voxels: voxels, affine: targetAffine)
  }
}

extension Volume {
  /// Samples a plane by nearest voxel, whatever the voxels are.
  func nearest(on plane: SamplingPlane, outside: Voxel) -> Resampled<Voxel> {
    var values = Raster(rows: plane.rows, columns: plane.columns, filledWith: outside)
    var covered = Raster(rows: plane.rows, columns: plane.columns, filledWith: false)
    guard let index = IndexPlane(plane, shape: shape, affine: affine) else {
      return Resampled(slice: Slice(raster: values, plane: plane), covered: covered)
    }
    for row in 0..<plane.rows {
      for column in 0..<plane.columns {
        let w = index.through.position(row, column)
        let v = index.v.position(row, column)
        let u = index.u.position(row, column)
        guard index.through.holds(w), index.v.holds(v), index.u.holds(u) else { continue }
        let at = row * plane.columns + column
        covered.pixels[at] = true
        values.pixels[at] =
          voxels[
            Self.nearestOffset(u, index.u) + Self.nearestOffset(v, index.v)
              + Self.nearestOffset(w, index.through)]
      }
    }
    return Resampled(slice: Slice(raster: values, plane: plane), covered: covered)
  }

  /// The storage offset of the voxel nearest to a fractional index along one axis.
  @inline(__always)
  private static func nearestOffset(_ x: Double, _ axis: IndexPlane.Axis) -> Int {
    Int(min(max(x.rounded(), 0), Double(axis.count - 1))) * axis.stride
  }
}

extension SamplingPlane {
  /// The k-planes of a voxel grid, in order.
  static func stack(shape: SIMD3<Int>, affine: Affine) -> [SamplingPlane] {
    (0..<max(shape.z, 0)).map { k in
      SamplingPlane(
        origin: affine([0, 0, Double(k)]), columnStep: affine.i, rowStep: affine.j,
        rows: shape.y, columns: shape.x)
    }
  }
}
