public import Imaging

/// Brings what was drawn on canonical slices back to the voxels of the source: only voxels under edited
/// pixels change.
public enum MaskWriteBack {
  /// The mask of one slice before and after an edit.
  public struct SliceChange: Equatable, Sendable {
    /// Index of the source slice (or partition), from the patient's left.
    public var index: Int
    /// The slice's plane.
    public var grid: SagittalGrid
    /// The mask that the edit began with, on the grid.
    public var before: MaskRaster
    /// The mask after it.
    public var after: MaskRaster

    /// Makes a change.
    public init(index: Int, grid: SagittalGrid, before: MaskRaster, after: MaskRaster) {
      (self.index, self.grid, self.before, self.after) = (index, grid, before, after)
    }
  }

  /// What was changed in a file.
  public struct Written: Equatable, Sendable {
    /// Slices with a changed voxel.
    public var slices = 0
    /// Voxels added to the mask.
    public var added = 0
    /// Voxels taken away from it.
    public var removed = 0

    /// Voxels changed.
    public var voxels: Int { added + removed }

    /// In words: "1 slice, 134 voxels added, 0 removed".
    public var words: String {
      "\(slices) \(slices == 1 ? "slice" : "slices"), \(added) \(added == 1 ? "voxel" : "voxels") "
        + "added, \(removed) removed"
    }
  }

  /// Writes changes into a mask of 0 and 1 on the image's voxels.
  ///
  /// A voxel takes the value of the pixel nearest to its centre where that was edited. One whose centre
  /// lies beside the edited pixels, as voxels larger than pixels may, follows them where most of the
  /// pixels over it agree. Where thin slices were averaged to partitions, all slices of one change.
  /// - Returns: the mask, and which of its voxels changed.
  /// - Throws: `EditRefusal` where a slice is none of the volume's, or its masks do not fit its grid.
  public static func write(
    _ changes: [SliceChange], into volume: LabelVolume
  ) throws -> (mask: LabelVolume, changed: Written) {
    guard let slices = SourceSlices(volume) else {
      throw EditRefusal("the image's voxels have no place in the patient")
    }
    var result = volume
    var changed = Written()
    // What was drawn on one slice may lie on several grids.
    var indices: Set<Int> = []
    for change in changes where change.before != change.after {
      guard let planes = slices.planes(change.index) else {
        throw EditRefusal("the image has no slice \(change.index + 1)")
      }
      let (rows, columns) = (change.grid.rows, SagittalGrid.side)
      guard [change.before, change.after].allSatisfy({ $0.rows == rows && $0.columns == columns })
      else { throw EditRefusal("the mask of slice \(change.index + 1) does not fit its grid") }
      let before = changed.voxels
      for (voxel, isSet) in slices.values(of: change, plane: planes.lowerBound) {
        for plane in planes {
          let n = slices.offset(voxel, plane: plane)
          guard (result.voxels[n] != 0) != isSet else { continue }
          result.voxels[n] = isSet ? 1 : 0
          if isSet { changed.added += 1 } else { changed.removed += 1 }
        }
      }
      if changed.voxels > before { indices.insert(change.index) }
    }
    changed.slices = indices.count
    return (result, changed)
  }
}

/// The sagittal slices of a volume, each with its voxels.
private struct SourceSlices {
  private let shape: SIMD3<Int>
  private let affine: Affine
  private let inverse: Affine
  private let stack: SagittalStack
  private let partitions: ThickPartitions?
  /// The voxel axes within a slice.
  private let u: Int
  private let v: Int

  init?(_ volume: LabelVolume) {
    let plan = ThickPartitions(shape: volume.shape, affine: volume.affine)
    var (shape, affine) = (volume.shape, volume.affine)
    if let plan {
      shape[plan.axis] = plan.count
      affine = plan.affine(affine)
    }
    guard let stack = SagittalStack(shape: shape, affine: affine),
      let inverse = volume.affine.inverse
    else { return nil }
    self.shape = volume.shape
    self.affine = volume.affine
    self.inverse = inverse
    self.stack = stack
    partitions = plan
    let inPlane = (0..<3).filter { $0 != stack.axis }
    (u, v) = (inPlane[0], inPlane[1])
  }

  /// The voxel indices across the slices that a slice is made of.
  func planes(_ index: Int) -> Range<Int>? {
    guard (0..<stack.count).contains(index) else { return nil }
    let place = stack.voxelIndex(ofSlice: index)
    guard let partitions else { return place..<(place + 1) }
    let first = partitions.start + place * partitions.group
    return first..<(first + partitions.group)
  }

  /// The storage offset of a voxel of a plane; voxels of a plane are counted along u, then v.
  func offset(_ voxel: Int, plane: Int) -> Int {
    var index = SIMD3<Int>.zero
    index[u] = voxel % shape[u]
    index[v] = voxel / shape[u]
    index[stack.axis] = plane
    return (index.z * shape.y + index.y) * shape.x + index.x
  }

  /// The values that the edited pixels give to the voxels of a plane.
  func values(of change: MaskWriteBack.SliceChange, plane: Int) -> [Int: Bool] {
    let columns = change.after.columns
    func isEdited(_ n: Int) -> Bool { change.before.pixels[n] != change.after.pixels[n] }
    // Voxels under the edited pixels, with what these want.
    var wishes: [Int: Set<Bool>] = [:]
    var votes: [Int: (set: Int, all: Int)] = [:]
    for n in change.after.pixels.indices where isEdited(n) {
      guard let voxel = voxel(change.grid, row: n / columns, column: n % columns) else { continue }
      wishes[voxel, default: []].insert(change.after.pixels[n])
    }
    for n in change.after.pixels.indices {
      guard let voxel = voxel(change.grid, row: n / columns, column: n % columns),
        wishes[voxel] != nil
      else { continue }
      let vote = votes[voxel] ?? (0, 0)
      votes[voxel] = (vote.set + (change.after.pixels[n] ? 1 : 0), vote.all + 1)
    }
    var result: [Int: Bool] = [:]
    for (voxel, wish) in wishes {
      guard let vote = votes[voxel] else { continue }
      let isSet = vote.set * 2 >= vote.all
      if wish.contains(isSet) { result[voxel] = isSet }
    }
    // The pixel at a voxel's centre decides, also for voxels smaller than pixels.
    for voxel in 0..<(shape[u] * shape[v]) {
      var index = SIMD3<Double>.zero
      index[u] = Double(voxel % shape[u])
      index[v] = Double(voxel / shape[u])
      index[stack.axis] = Double(plane)
      let pixel = change.grid.pixel(ras: affine(index))
      guard pixel.row.isFinite, pixel.column.isFinite, abs(pixel.row) < 1e6,
        abs(pixel.column) < 1e6
      else { continue }
      let (row, column) = (Int(pixel.row.rounded()), Int(pixel.column.rounded()))
      guard change.after.contains(row: row, column: column) else { continue }
      let n = row * columns + column
      if isEdited(n) { result[voxel] = change.after.pixels[n] }
    }
    return result
  }

  /// The voxel of a plane nearest to a pixel.
  private func voxel(_ grid: SagittalGrid, row: Int, column: Int) -> Int? {
    let index = inverse(grid.ras(row: Double(row), column: Double(column)))
    let (a, b) = (index[u].rounded(), index[v].rounded())
    guard a >= 0, b >= 0, a < Double(shape[u]), b < Double(shape[v]) else { return nil }
    return Int(a) + Int(b) * shape[u]
  }
}
