public import Imaging

extension SegmentedSlice {
  /// Fills a slice from label volumes, sampled linearly within their own plane.
  ///
  /// Cord and canal are the probabilities of whoever found them, where these are known.
  /// The spine may be whole vertebrae: only what lies in front of the cord is body. Numbers that
  /// TotalSpineSeg does not know but the phantoms' tissue map does (disc protrusion, other
  /// anterior compressor, flow voids) are understood, too.
  /// - Parameters:
  ///   - index: The slice's index from the patient's left.
  ///   - grid: Its plane.
  ///   - labels: Cord, canal and spine; each may be missing.
  ///   - image: Grey values on the grid.
  ///   - covered: Where the image was acquired; `nil`: where the spine's volume reaches.
  public init(
    index: Int, grid: SagittalGrid, labels: StudyLabels, image: ImageRaster? = nil,
    covered: MaskRaster? = nil
  ) {
    let spine = labels.spine.flatMap { VoxelPlane($0, at: grid) }
    let cordPlane = labels.cord.flatMap { VoxelPlane($0, at: grid) }
    let canalPlane = labels.canal.flatMap { VoxelPlane($0, at: grid) }
    let cord =
      labels.cordShare.flatMap { VoxelPlane($0, at: grid)?.share(on: grid) }
      ?? cordPlane?.share(on: grid) { $0 != 0 } ?? spine?.share(on: grid, Self.isCord)
    let canal =
      labels.canalShare.flatMap { VoxelPlane($0, at: grid)?.share(on: grid) }
      ?? canalPlane?.share(on: grid) { $0 != 0 } ?? spine?.share(on: grid, Self.isCanal)
    var bodies: [VertebralLevel: ImageRaster] = [:]
    var discs: [VertebralLevel: ImageRaster] = [:]
    if let spine {
      for level in VertebralLevel.allCases where level > .c1 {
        if let share = spine.share(on: grid, { $0 == level.totalSpineSegLabel }),
          let front = Self.inFront(share, of: cord)
        {
          bodies[level] = front
        }
        if let disc = level.totalSpineSegDiscLabel {
          discs[level] = spine.share(on: grid) { $0 == disc }
        }
      }
      if let protrusion = spine.share(on: grid, { $0 == PhantomTissue.discProtrusion.rawValue }) {
        Self.add(protrusion, to: &discs)
      }
    }
    self.init(
      index: index, grid: grid, cord: cord, canal: canal, bodies: bodies, discs: discs,
      compressor: spine?.share(on: grid) { $0 == PhantomTissue.anteriorCompressor.rawValue },
      covered: covered ?? (spine ?? cordPlane)?.covered(grid), image: image,
      levelSource: bodies.isEmpty ? .missing : labels.levelSource)
    // A found mask may have lost its probabilities: it is no drawn one for that.
    cordIsFound = labels.cordIsFound || labels.cordShare != nil
    canalIsFound = labels.canalIsFound || labels.canalShare != nil
    bodiesAreFound = labels.bodiesAreFound
    discsAreFound = labels.discsAreFound
    quality = labels.quality
  }

  private static func isCord(_ label: UInt16) -> Bool {
    label == 1 || label == PhantomTissue.greyMatter.rawValue
  }

  private static func isCanal(_ label: UInt16) -> Bool {
    isCord(label) || label == 2 || label == PhantomTissue.csfFlowVoid.rawValue
  }

  /// Fills a slice that detection prepared from the labels of its study.
  public init(_ prepared: PreparedSlice, labels: StudyLabels) {
    self.init(
      index: prepared.index, grid: prepared.grid, labels: labels, image: prepared.image)
    rowWeight = prepared.rowWeight
    unseenRows = prepared.unseenRows
    levelRows = prepared.anatomy.levelRows
    knownLevels = Set(prepared.anatomy.levelRows.keys)
    for flag in prepared.quality where !quality.contains(flag) { quality.append(flag) }
  }

  /// The largest piece of a vertebra that lies in front of the cord; the arch lies behind it, and is no body
  /// where it alone is labelled.
  private static func inFront(_ share: ImageRaster, of cord: ImageRaster?) -> ImageRaster? {
    let labelled = ConnectedComponents.label(share.map { $0 >= 0.5 })
    let front = labelled.components.filter { piece in
      guard let cord else { return true }
      return Self.column(of: cord, near: piece.centroid.row).map { piece.centroid.column < $0 }
        ?? true
    }
    guard let kept = front.max(by: { $0.area < $1.area }) else { return nil }
    guard labelled.components.count > 1 else { return share }
    var result = share
    for n in result.pixels.indices {
      let label = labelled.labels.pixels[n]
      if label != 0 && label != kept.label { result.pixels[n] = 0 }
    }
    return result
  }

  /// The cord's mean column on the row with cord nearest to a row.
  private static func column(of cord: ImageRaster, near row: Double) -> Double? {
    var best: (distance: Double, column: Double)?
    for r in 0..<cord.rows {
      let distance = abs(Double(r) - row)
      if let best, best.distance <= distance { continue }
      var (sum, count) = (0, 0)
      for c in 0..<cord.columns where cord[r, c] >= 0.5 {
        sum += c
        count += 1
      }
      if count > 0 { best = (distance, Double(sum) / Double(count)) }
    }
    return best?.column
  }

  /// Adds every pixel of a protrusion to the nearest disc.
  private static func add(
    _ protrusion: ImageRaster, to discs: inout [VertebralLevel: ImageRaster]
  ) {
    let centres = discs.compactMapValues { share in
      ConnectedComponents.label(share.map { $0 >= 0.5 }).largest?.centroid
    }
    for row in 0..<protrusion.rows {
      for column in 0..<protrusion.columns where protrusion[row, column] > 0 {
        let nearest = centres.min {
          distance($0.value, row, column) < distance($1.value, row, column)
        }
        guard let level = nearest?.key, let old = discs[level]?[row, column] else { continue }
        discs[level]?[row, column] = min(1, old + protrusion[row, column])
      }
    }
  }
}

/// The plane of voxels of a volume that lies nearest to a sagittal grid.
struct VoxelPlane<Voxel: Sendable> {
  private let plane: Volume<Voxel>

  /// Takes the plane; `nil` where the grid's middle is more than a slice away from the volume.
  init?(_ volume: Volume<Voxel>, at grid: SagittalGrid) {
    guard let stack = SagittalStack(volume) else { return nil }
    let middle = Double(SagittalGrid.side - 1) / 2
    let centre = grid.ras(row: middle, column: middle)
    let slice = stack.slice(nearestTo: centre)
    let distance = abs(((stack.centre(ofSlice: slice) - centre) * stack.normal).sum())
    guard distance <= max(stack.spacingMM, 1) else { return nil }
    // Thick enough that the grid lies within it wherever between two slices it is.
    plane = volume.slice(axis: stack.axis, index: stack.voxelIndex(ofSlice: slice))
      .volume(stepMM: 4 * max(stack.spacingMM, 1))
  }
}

extension VoxelPlane<UInt16> {
  /// How much of each pixel some labels have; `nil` where none has half of it.
  func share(on grid: SagittalGrid, _ isWanted: (UInt16) -> Bool) -> ImageRaster? {
    var isSeen = false
    let indicator = plane.map { label -> Float in
      guard isWanted(label) else { return 0 }
      isSeen = true
      return 1
    }
    guard isSeen else { return nil }
    let sampled = indicator.resampled(on: grid, interpolation: .linear).raster
    let share = Gaussian.blur(sampled, sigma: SegmentedSlice.edgeSmoothing)
    return SegmentedSlice.isSeen(share) ? share : nil
  }

  /// Pixels that the volume reaches.
  func covered(_ grid: SagittalGrid) -> MaskRaster { plane.resampled(on: grid).covered }
}

extension VoxelPlane<Float> {
  /// The probabilities on each pixel, which need no smoothing; `nil` where none is a half.
  func share(on grid: SagittalGrid) -> ImageRaster? {
    let share = plane.resampled(on: grid, interpolation: .linear).raster
    return SegmentedSlice.isSeen(share) ? share : nil
  }
}
