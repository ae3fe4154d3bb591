internal import Imaging

/// Writes what was found on slices back to the voxels of the study.
struct AnatomyPainter {
  /// The picture that tells which pieces of other slices are cord, and which body is which.
  let picture: SliceSegmentation
  let numbering: BodyNumbering

  /// Pixels that a slice's cord may lie beside the middle picture's.
  private static let tolerance = 6
  /// Bone and disc are named within this distance of the middle of the cord, in mm.
  private static let bodyReachMM = 14.0

  /// The label volumes of a study.
  func labels(
    _ slices: [SliceEvidence], like volume: ImageVolume, stack: SagittalStack, grid: SagittalGrid
  ) -> StudyLabels {
    var cord: LabelVolume = volume.map { _ in 0 }
    var canal = cord
    var spine = cord
    let near = Morphology.dilate(picture.cord, iterations: Self.tolerance)
    let names = numbering.isTrusted ? AnatomyNames(picture, numbering) : nil
    for slice in slices {
      let offset = abs(slice.grid.pixel(ras: grid.origin).distanceMM)
      let own = SliceCord(slice, near: near)
      let bones = offset <= Self.bodyReachMM ? names : nil
      paint(slice, stack, volume) { voxel, row, column in
        let r = Int(row.rounded())
        let c = Int(column.rounded())
        guard slice.tissue.contains(row: r, column: c) else { return }
        let isCord = own.isCord(row: row, column: column)
        let isCanal = isCord || own.isCanal(row: row, column: column)
        if isCord { cord.voxels[voxel] = 1 }
        if isCanal { canal.voxels[voxel] = 1 }
        if isCanal {
          spine.voxels[voxel] = isCord ? 1 : 2
        } else if let bones, let label = bones.label(slice.tissue[r, c], row: r, column: c) {
          spine.voxels[voxel] = label
        }
      }
    }
    return StudyLabels(
      cord: cord, canal: canal, spine: numbering.isTrusted ? spine : nil,
      levelSource: numbering.isTrusted ? .segmented : .missing, quality: quality)
  }

  /// What the reader must know of the names.
  private var quality: [QualityFlag] {
    guard !numbering.isTrusted else { return [] }
    let top = numbering.levels.compactMap(\.self).first.map {
      " The uppermost body looks like \($0.name)."
    }
    return [
      QualityFlag(
        "levels-missing",
        "Segments cannot be named: \(numbering.doubts.joined(separator: "; ")).\(top ?? "")")
    ]
  }

  /// Visits every voxel of a slice with its place on the slice's grid in px.
  private func paint(
    _ slice: SliceEvidence, _ stack: SagittalStack, _ volume: ImageVolume,
    _ visit: (_ voxel: Int, _ row: Double, _ column: Double) -> Void
  ) {
    let (u, v) = ((stack.axis + 1) % 3, (stack.axis + 2) % 3)
    var index = SIMD3<Int>.zero
    index[stack.axis] = stack.voxelIndex(ofSlice: slice.index)
    for a in 0..<volume.shape[u] {
      for b in 0..<volume.shape[v] {
        index[u] = a
        index[v] = b
        let pixel = slice.grid.pixel(ras: volume.affine(SIMD3<Double>(index)))
        let voxel = index.x + volume.shape.x * (index.y + volume.shape.y * index.z)
        visit(voxel, pixel.row, pixel.column)
      }
    }
  }
}

/// Cord and canal of one slice: what continues the middle picture's.
private struct SliceCord {
  /// Where voxels of cord and canal can lie: the masks and one pixel around them.
  private let cord: MaskRaster
  private let canal: MaskRaster
  /// The cord's mask without holes.
  private let filled: MaskRaster
  private let slice: SliceEvidence

  init(_ slice: SliceEvidence, near: MaskRaster) {
    self.slice = slice
    let likely = slice.cord.map { $0 >= SliceSegmentation.cordProbability }
    let main = CordMask.cleaned(Self.touching(likely, near))
    cord = Morphology.dilate(main)
    var whole = slice.canal.map { $0 > 0.5 }
    for n in whole.pixels.indices where main.pixels[n] { whole.pixels[n] = true }
    canal = Morphology.dilate(Morphology.fillHoles(Self.touching(whole, near)))
    filled = main
  }

  /// The pieces of a mask that touch another.
  private static func touching(_ mask: MaskRaster, _ other: MaskRaster) -> MaskRaster {
    let labelled = ConnectedComponents.label(mask)
    var kept = Set<Int32>()
    for n in mask.pixels.indices where mask.pixels[n] && other.pixels[n] {
      kept.insert(labelled.labels.pixels[n])
    }
    return labelled.labels.map { kept.contains($0) }
  }

  func isCord(row: Double, column: Double) -> Bool {
    let r = Int(row.rounded())
    let c = Int(column.rounded())
    guard cord.contains(row: r, column: c), cord[r, c] else { return false }
    // A hole that was closed has no probability to go by.
    if filled[r, c] && slice.cord[r, c] < SliceSegmentation.cordProbability { return true }
    return slice.cord.interpolated(row: row, column: column) >= SliceSegmentation.cordProbability
  }

  func isCanal(row: Double, column: Double) -> Bool {
    let r = Int(row.rounded())
    let c = Int(column.rounded())
    guard canal.contains(row: r, column: c), canal[r, c] else { return false }
    return slice.canal.interpolated(row: row, column: column) > 0.5
  }
}

/// Which body or disc a piece of bone or disc belongs to, told by the middle picture.
private struct AnatomyNames {
  /// TotalSpineSeg numbers around the bodies and around the discs of the picture.
  private let bodies: LabelRaster
  private let discs: LabelRaster

  /// Pixels beyond a part that still belong to it.
  private static let margin = 5

  init(_ picture: SliceSegmentation, _ numbering: BodyNumbering) {
    let named = zip(picture.bodies, numbering.levels).compactMap { body, level in
      level.map { (body, $0) }
    }
    var below: [(SliceSegmentation.Part, UInt16)] = []
    for disc in picture.discs {
      let upper = named.last { $0.0.centre.row < disc.centre.row }
      let hasLower = named.contains { $0.0.centre.row > disc.centre.row }
      guard let upper, hasLower, let label = upper.1.totalSpineSegDiscLabel else { continue }
      below.append((disc, label))
    }
    bodies = Self.grown(named.map { ($0.0, $0.1.totalSpineSegLabel) }, like: picture.cord)
    discs = Self.grown(below, like: picture.cord)
  }

  /// The number of a pixel, by its tissue and place.
  func label(_ tissue: UInt8, row: Int, column: Int) -> UInt16? {
    let label =
      switch AnatomyTissue(rawValue: tissue) {
      case .vertebra: bodies[row, column]
      case .disc: discs[row, column]
      default: UInt16(0)
      }
    return label == 0 ? nil : label
  }

  /// The parts with their numbers, grown side by side.
  private static func grown(
    _ parts: [(SliceSegmentation.Part, UInt16)], like shape: MaskRaster
  ) -> LabelRaster {
    var labels = LabelRaster(rows: shape.rows, columns: shape.columns, filledWith: 0)
    var rim: [Int] = []
    for (part, label) in parts {
      for n in labels.pixels.indices where part.mask.pixels[n] {
        labels.pixels[n] = label
        rim.append(n)
      }
    }
    for _ in 0..<margin {
      var next: [Int] = []
      for n in rim {
        let (row, column) = (n / shape.columns, n % shape.columns)
        for (r, c) in [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
        where labels.contains(row: r, column: c) && labels[r, c] == 0 {
          labels[r, c] = labels.pixels[n]
          next.append(r * shape.columns + c)
        }
      }
      rim = next
    }
    return labels
  }
}
