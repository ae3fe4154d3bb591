internal import Imaging

/// The edge of the cord, taken rather inside than outside (decision 021): a voxel at it stays only where the
/// network is surer of it than elsewhere.
///
/// One voxel at most goes on each side, never all of a line from front to back, and lines that touched each
/// other within their slice still do: a faint cord is not torn.
struct InnerEdge {
  /// Least probability of a voxel at the edge. Fluid that is taken for cord looks like a lesion, cord
  /// that is taken for fluid costs nothing (evidence, section 4); this much is the least in steps of
  /// 0.05 by which the middle of neither volunteer's cord is drawn deeper than their reference (results
  /// 017).
  static let probability: Float = 0.7

  /// The voxel axis across the slices.
  private let axis: Int
  /// Whether lines from front to back are rows of a slice's raster; else they are its columns.
  private let runsAlongRows: Bool

  /// Prepares for masks of slices.
  ///
  /// - Parameter axis: the voxel axis across the slices.
  init(_ affine: Affine, acrossAxis axis: Int) {
    self.axis = axis
    let depth = affine.orientation.voxelAxis(along: 1)
    // Columns of a slice run along the earlier of the two axes that are left.
    runsAlongRows = depth == (axis == 0 ? 1 : 0)
  }

  /// Takes the edge of a mask of ones inside, slice by slice.
  ///
  /// - Parameter share: its probabilities.
  func take(_ mask: inout LabelVolume, by share: ImageVolume) {
    for index in 0..<mask.shape[axis] {
      let whole = mask.slice(axis: axis, index: index).raster.map { $0 != 0 }
      guard whole.pixels.contains(true) else { continue }
      let sure = share.slice(axis: axis, index: index).raster.map { $0 >= Self.probability }
      mask.setSlice(axis: axis, index: index, to: inner(whole, sure: sure).map { $0 ? 1 : 0 })
    }
  }

  /// What stays of a slice.
  private func inner(_ whole: MaskRaster, sure: MaskRaster) -> MaskRaster {
    var kept = Morphology.erode(whole, element: .cross)
    for n in whole.pixels.indices where whole.pixels[n] && sure.pixels[n] { kept.pixels[n] = true }
    let lines = lines(of: whole)
    for line in lines where !line.contains(where: { kept.pixels[$0] }) {
      for n in line { kept.pixels[n] = whole.pixels[n] }
    }
    for (upper, lower) in zip(lines, lines.dropFirst())
    where Self.touch(upper, lower, in: whole) && !Self.touch(upper, lower, in: kept) {
      for n in upper + lower { kept.pixels[n] = whole.pixels[n] }
    }
    return kept
  }

  /// The pixels of each line from front to back, the lines next to each other.
  private func lines(of raster: MaskRaster) -> [[Int]] {
    let (rows, columns) = (raster.rows, raster.columns)
    return runsAlongRows
      ? (0..<rows).map { row in (0..<columns).map { row * columns + $0 } }
      : (0..<columns).map { column in (0..<rows).map { $0 * columns + column } }
  }

  /// Whether pixels of two neighbouring lines touch, by a corner at least.
  private static func touch(_ a: [Int], _ b: [Int], in mask: MaskRaster) -> Bool {
    a.indices.contains { place in
      mask.pixels[a[place]]
        && (max(place - 1, 0)...min(place + 1, b.count - 1)).contains { mask.pixels[b[$0]] }
    }
  }
}
