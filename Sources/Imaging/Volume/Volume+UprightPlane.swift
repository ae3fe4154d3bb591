extension Volume {
  /// The axis across which slices were acquired: the one with the widest spacing, the last of equals.
  public var sliceAxis: Int {
    let spacing = affine.spacing
    return (0..<3).max { spacing[$0] <= spacing[$1] } ?? 2
  }

  /// One stored plane as it is looked at: superior up (of axial planes anterior), anterior and the
  /// patient's right at the viewer's left, with square pixels of the finer spacing; `nil` when the
  /// affine gives the volume no place or shape.
  public func uprightPlane(axis: Int, index: Int) -> SamplingPlane? {
    let (spacing, axes) = (affine.spacing, (0..<3).filter { $0 != axis })
    guard affine.isFinite, affine.inverse != nil, axes.allSatisfy({ spacing[$0] > 0 }) else {
      return nil
    }
    // The axis that runs most along the body is vertical; of an axial plane the one from front to
    // back.
    let steepness = axes.map { axis in
      let direction = affine.column(axis) / spacing[axis]
      return abs(direction.z) * 2 + abs(direction.y)
    }
    let (down, across) = steepness[0] > steepness[1] ? (axes[0], axes[1]) : (axes[1], axes[0])
    let step = min(spacing[down], spacing[across])
    var origin = affine.origin + affine.column(axis) * Double(index)
    func turned(_ axis: Int) -> SIMD3<Double> {
      let column = affine.column(axis)
      let direction = column / spacing[axis]
      // Towards inferior, else posterior, else the patient's left.
      let largest = (0..<3).max { abs(direction[$0]) < abs(direction[$1]) } ?? 2
      guard direction[largest] > 0 else { return direction * step }
      origin += column * Double(shape[axis] - 1)
      return -direction * step
    }
    let (rowStep, columnStep) = (turned(down), turned(across))
    func count(_ axis: Int) -> Int {
      let length = (Double(shape[axis] - 1) * spacing[axis] / step).rounded()
      return Int(min(max(length, 0), 8191)) + 1
    }
    return SamplingPlane(
      origin: origin, columnStep: columnStep, rowStep: rowStep, rows: count(down),
      columns: count(across))
  }
}
