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

  /// Voxels of a slice: lines from front to back, one above the other.
  private typealias Lines = [[Bool]]

  /// The voxel axes from line to line and along a line.
  private let height: Int
  private let depth: Int
  /// The voxel axis across the slices.
  private let axis: Int

  /// Prepares for masks of slices.
  ///
  /// - Parameter axis: the voxel axis across the slices.
  init(_ affine: Affine, acrossAxis axis: Int) {
    self.axis = axis
    let back = affine.orientation.voxelAxis(along: 1)
    depth = back == axis ? (axis + 1) % 3 : back
    height = 3 - axis - depth
  }

  /// Takes the edge of a mask inside, slice by slice.
  ///
  /// - Parameter share: its probabilities.
  func take(_ mask: inout LabelVolume, by share: ImageVolume) {
    let shape = mask.shape
    let steps = [1, shape.x, shape.x * shape.y]
    for slice in 0..<shape[axis] {
      func voxel(_ line: Int, _ place: Int) -> Int {
        slice * steps[axis] + line * steps[height] + place * steps[depth]
      }
      let whole = (0..<shape[height]).map { line in
        (0..<shape[depth]).map { mask.voxels[voxel(line, $0)] != 0 }
      }
      let kept = Self.inner(whole) { share.voxels[voxel($0, $1)] >= Self.probability }
      for line in whole.indices {
        for place in whole[line].indices where whole[line][place] && !kept[line][place] {
          mask.voxels[voxel(line, place)] = 0
        }
      }
    }
  }

  /// What stays of a slice.
  private static func inner(_ whole: Lines, isSure: (Int, Int) -> Bool) -> Lines {
    var kept = whole
    for line in whole.indices {
      for place in whole[line].indices where whole[line][place] {
        kept[line][place] = !isEdge(whole, line, place) || isSure(line, place)
      }
      if !kept[line].contains(true) { kept[line] = whole[line] }
    }
    for line in whole.indices.dropFirst()
    where touch(whole[line - 1], whole[line]) && !touch(kept[line - 1], kept[line]) {
      (kept[line - 1], kept[line]) = (whole[line - 1], whole[line])
    }
    return kept
  }

  /// Whether one of the four neighbours within the slice is none of the mask; beyond the picture is nothing.
  private static func isEdge(_ whole: Lines, _ line: Int, _ place: Int) -> Bool {
    [(line - 1, place), (line + 1, place), (line, place - 1), (line, place + 1)].contains {
      whole.indices.contains($0) && whole[$0].indices.contains($1) && !whole[$0][$1]
    }
  }

  /// Whether voxels of two neighbouring lines touch, by a corner at least.
  private static func touch(_ a: [Bool], _ b: [Bool]) -> Bool {
    a.indices.contains { place in
      a[place] && (max(place - 1, 0)...min(place + 1, b.count - 1)).contains { b[$0] }
    }
  }
}
