public import Imaging

/// Counts vertebral bodies of one unnamed class downwards from C2 (method, section 1).
///
/// A level that is off by one is worse than none: whatever casts doubt on the count ends it.
public enum BodyCounting {
  /// What counting gives.
  public enum Outcome: Sendable {
    /// The centre of each body in RAS mm, and the bodies and discs in TotalSpineSeg numbering.
    case counted(landmarks: [VertebralLevel: SIMD3<Double>], spine: LabelVolume)
    /// Why the bodies cannot be named.
    case doubtful(String)
  }

  /// Counts on the slice with the most cord (or, without cord, the most bone).
  /// - Parameters:
  ///   - bodies: Non-zero where a vertebra is.
  ///   - discs: Non-zero where a disc is; must lie on the same voxel grid.
  ///   - cord: Non-zero where cord is, on the same grid.
  public static func count(
    bodies: LabelVolume, discs: LabelVolume?, cord: LabelVolume?
  ) -> Outcome {
    guard let stack = SagittalStack(bodies) else { return .doubtful("the geometry is unusable") }
    let guide = cord?.shape == bodies.shape ? cord ?? bodies : bodies
    let areas = (0..<stack.count).map { slice in
      guide.slice(axis: stack.axis, index: stack.voxelIndex(ofSlice: slice))
        .raster.pixels.count { $0 != 0 }
    }
    guard let slice = areas.indices.max(by: { areas[$0] < areas[$1] }), areas[slice] > 0,
      let top = highest(bodies)
    else { return .doubtful("there is no vertebra") }
    // The topmost bone 10 mm below the window's upper edge.
    let centre = top - [0, 0, 90]
    guard
      let window = SagittalWindow(shape: bodies.shape, affine: bodies.affine, centre: centre)
    else { return .doubtful("the geometry is unusable") }
    let grid = window.grid(slice: slice)
    let sampled = bodies.resampled(on: grid)
    let picture = Picture(
      bodies: sampled.raster.map { $0 != 0 },
      discs: discs.map { $0.resampled(on: grid).raster.map { $0 != 0 } },
      covered: sampled.covered)
    switch name(picture) {
    case .failure(let doubt): return .doubtful(doubt.reason)
    case .success(let found):
      var landmarks: [VertebralLevel: SIMD3<Double>] = [:]
      for (level, centre) in found.centres {
        landmarks[level] = grid.ras(row: centre.row, column: centre.column)
      }
      return .counted(
        landmarks: landmarks,
        spine: paint(found.labels, grid: grid, like: bodies, slice: slice, stack: stack))
    }
  }

  /// One sagittal slice to count on; row 0 superior.
  struct Picture {
    var bodies: MaskRaster
    var discs: MaskRaster?
    /// Where the volume has voxels.
    var covered: MaskRaster
  }

  /// The named bodies of a picture.
  struct Named {
    var centres: [VertebralLevel: (row: Double, column: Double)]
    /// TotalSpineSeg numbers of bodies and discs.
    var labels: LabelRaster
  }

  /// A reason not to trust the count.
  struct Doubt: Error, Equatable {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// The RAS point with the largest z among the non-zero voxels.
  private static func highest(_ volume: LabelVolume) -> SIMD3<Double>? {
    var best: SIMD3<Double>?
    var index = 0
    for k in 0..<volume.shape.z {
      for j in 0..<volume.shape.y {
        for i in 0..<volume.shape.x {
          defer { index += 1 }
          guard volume.voxels[index] != 0 else { continue }
          let p = volume.affine([Double(i), Double(j), Double(k)])
          if p.z > best?.z ?? -.infinity { best = p }
        }
      }
    }
    return best
  }

  /// Carries the names from the picture back to the voxels of the counted slice.
  private static func paint(
    _ labels: LabelRaster, grid: SagittalGrid, like volume: LabelVolume, slice: Int,
    stack: SagittalStack
  ) -> LabelVolume {
    var result = volume.map { _ in UInt16(0) }
    let at = stack.voxelIndex(ofSlice: slice)
    for k in 0..<volume.shape.z {
      for j in 0..<volume.shape.y {
        for i in 0..<volume.shape.x {
          let index: SIMD3<Int> = [i, j, k]
          guard index[stack.axis] == at else { continue }
          let pixel = grid.pixel(ras: volume.affine(SIMD3<Double>(index)))
          let row = Int(pixel.row.rounded())
          let column = Int(pixel.column.rounded())
          guard labels.contains(row: row, column: column) else { continue }
          result[i, j, k] = labels[row, column]
        }
      }
    }
    return result
  }
}
