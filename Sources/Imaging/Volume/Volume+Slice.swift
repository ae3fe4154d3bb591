extension Volume {
  /// One plane of stored voxels: rows along the later of the two remaining axes, columns along
  /// the earlier.
  public func slice(axis: Int, index: Int) -> Slice<Voxel> {
    let (u, v) = Self.planeAxes(axis)
    let strides: SIMD3<Int> = [1, shape.x, shape.x * shape.y]
    var pixels: [Voxel] = []
    pixels.reserveCapacity(shape[u] * shape[v])
    for row in 0..<shape[v] {
      let base = index * strides[axis] + row * strides[v]
      for column in 0..<shape[u] { pixels.append(voxels[base + column * strides[u]]) }
    }
    return Slice(
      raster: Raster(rows: shape[v], columns: shape[u], pixels: pixels),
      plane: SamplingPlane(
        origin: affine.origin + affine.column(axis) * Double(index), columnStep: affine.column(u),
        rowStep: affine.column(v), rows: shape[v], columns: shape[u]))
  }

  /// Replaces one plane of stored voxels; the raster is laid out as by ``slice(axis:index:)``.
  public mutating func setSlice(axis: Int, index: Int, to raster: Raster<Voxel>) {
    let (u, v) = Self.planeAxes(axis)
    precondition(raster.rows == shape[v] && raster.columns == shape[u], "slice shape")
    let strides: SIMD3<Int> = [1, shape.x, shape.x * shape.y]
    for row in 0..<shape[v] {
      let base = index * strides[axis] + row * strides[v]
      for column in 0..<shape[u] {
        voxels[base + column * strides[u]] = raster[row, column]
      }
    }
  }

  /// The two axes of the plane across an axis, the faster one first.
  private static func planeAxes(_ axis: Int) -> (Int, Int) {
    switch axis {
    case 0: (1, 2)
    case 1: (0, 2)
    default: (0, 1)
    }
  }
}
