/// The patient in the picture: the largest component above Otsu's threshold, holes filled.
public enum BodyMask {
  /// The body on one slice; `nil` when the picture has no contrast at all.
  public static func of(_ image: ImageRaster) -> MaskRaster? {
    guard let threshold = Otsu.threshold(of: image.pixels) else { return nil }
    let bright = image.map { $0 > threshold }
    let components = ConnectedComponents.label(bright, connectivity: .eight)
    guard let largest = components.largest else { return nil }
    return Morphology.fillHoles(components.mask(of: largest.label))
  }

  /// The body in a volume, one flag per voxel: the largest 6-connected component, with holes
  /// filled in each sagittal slice; `nil` when the volume has no contrast at all.
  public static func of(_ volume: ImageVolume) -> Volume<Bool>? {
    guard let threshold = Otsu.threshold(of: volume.voxels),
      let stack = SagittalStack(volume)
    else { return nil }
    let components = ConnectedComponents.label(
      volume.map { $0 > threshold }, connectivity: .six)
    guard let largest = components.largest else { return nil }
    var body = components.labels.map { $0 == largest.label }
    for index in 0..<stack.count {
      let slice = body.slice(axis: stack.axis, index: index)
      body.setSlice(axis: stack.axis, index: index, to: Morphology.fillHoles(slice))
    }
    return body
  }
}

extension Volume {
  /// One plane of stored voxels: rows along the later of the two remaining axes, columns along
  /// the earlier.
  public func slice(axis: Int, index: Int) -> Raster<Voxel> {
    let (u, v) = Self.planeAxes(axis)
    let strides: SIMD3<Int> = [1, shape.x, shape.x * shape.y]
    var pixels: [Voxel] = []
    pixels.reserveCapacity(shape[u] * shape[v])
    for row in 0..<shape[v] {
      let base = index * strides[axis] + row * strides[v]
      for column in 0..<shape[u] { pixels.append(voxels[base + column * strides[u]]) }
    }
    return Raster(rows: shape[v], columns: shape[u], pixels: pixels)
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
