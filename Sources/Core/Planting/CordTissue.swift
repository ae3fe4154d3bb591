internal import Foundation
internal import Imaging

/// The voxels of cord and CSF of one image with their places, and what their grey values are.
struct CordTissue: Sendable {
  /// A voxel of the cord or of the CSF around it.
  struct Voxel: Sendable {
    /// Index into the volume's voxels.
    var index: Int
    /// Where it lies relative to the cord.
    var place: CordFrame.Place
    /// The point of the centreline next to it.
    var station: Int
    /// Whether a neighbour in the grid is no cord: such voxels hold CSF by partial volume.
    var isBorder = false
  }

  let image: ImageVolume
  let frame: CordFrame
  /// All voxels of the cord mask.
  let cord: [Voxel]
  /// Voxels of the cord's core: the inner 60 % of its widths.
  let core: [Voxel]
  /// Voxels of the CSF: canal without cord, or a ring in front of and behind the cord.
  let csf: [Voxel]

  /// Share of the cord's half widths that is core.
  private static let coreShare = 0.6
  /// Distance in mm from the cord's edge at which CSF begins: what is nearer is part cord.
  private static let edgeMM = 0.5
  /// Width in mm of the ring that stands for CSF where the canal is not labelled (method, section 1).
  private static let ringMM = 3.0
  /// Share of the cord's half width, beside the midline, within which the ring is read.
  private static let ringShare = 0.6

  /// Sorts the voxels around a cord; the masks lie on the image's grid.
  init(image: ImageVolume, cord mask: LabelVolume, canal: LabelVolume?, frame: CordFrame) {
    self.image = image
    self.frame = frame
    var cord: [Voxel] = []
    var core: [Voxel] = []
    var csf: [Voxel] = []
    for (index, place) in Self.neighbourhood(of: mask, marginMM: 2 * Self.ringMM) {
      let isCord = mask.voxels[index] != 0
      if !isCord, let canal, canal.voxels[index] == 0 { continue }
      guard image.voxels[index].isFinite else { continue }
      let (place3, station) = frame.place(of: image.affine(SIMD3<Double>(place)))
      var voxel = Voxel(index: index, place: place3, station: station)
      let halfDepth = frame.depthWidths[station] / 2
      let halfSide = frame.sideWidths[station] / 2
      if isCord {
        voxel.isBorder = Self.isBorder(place, mask)
        cord.append(voxel)
        if abs(place3.depth) <= Self.coreShare * halfDepth,
          abs(place3.side) <= Self.coreShare * halfSide
        {
          core.append(voxel)
        }
      } else {
        let gap = abs(place3.depth) - halfDepth
        let isNear = gap > Self.edgeMM && abs(place3.side) <= Self.ringShare * halfSide
        if isNear, canal != nil || gap <= Self.edgeMM + Self.ringMM { csf.append(voxel) }
      }
    }
    self.cord = cord
    self.core = core
    self.csf = csf
  }

  /// The voxels in the mask's bounding box widened by a margin, with their grid places.
  private static func neighbourhood(
    of mask: LabelVolume, marginMM: Double
  ) -> [(index: Int, place: SIMD3<Int>)] {
    var low = mask.shape
    var high = SIMD3<Int>(repeating: -1)
    for index in mask.voxels.indices where mask.voxels[index] != 0 {
      let p = place(index, mask.shape)
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    guard high.x >= 0 else { return [] }
    let spacing = mask.affine.spacing
    for axis in 0..<3 {
      let margin = Int(min((marginMM / max(spacing[axis], 1e-6)).rounded(.up), 100))
      low[axis] = max(0, low[axis] - margin)
      high[axis] = min(mask.shape[axis] - 1, high[axis] + margin)
    }
    var result: [(index: Int, place: SIMD3<Int>)] = []
    for k in low.z...high.z {
      for j in low.y...high.y {
        for i in low.x...high.x {
          result.append(((k * mask.shape.y + j) * mask.shape.x + i, [i, j, k]))
        }
      }
    }
    return result
  }

  private static func isBorder(_ p: SIMD3<Int>, _ mask: LabelVolume) -> Bool {
    for axis in 0..<3 {
      for step in [-1, 1] {
        var q = p
        q[axis] += step
        // The cord goes on beyond the picture's edge.
        if mask.contains(q.x, q.y, q.z), mask[q.x, q.y, q.z] == 0 { return true }
      }
    }
    return false
  }

  private static func place(_ index: Int, _ shape: SIMD3<Int>) -> SIMD3<Int> {
    [index % shape.x, index / shape.x % shape.y, index / (shape.x * shape.y)]
  }
}
