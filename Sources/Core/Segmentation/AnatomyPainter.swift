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

  /// What is written of a study.
  struct Painting {
    /// Cord, canal, and the spine where its vertebrae could be named.
    var labels: StudyLabels
    /// 1 on bodies and 2 on discs, named or not.
    var bones: LabelVolume
  }

  /// The label volumes of a study.
  func paint(
    _ slices: [SliceEvidence], like volume: ImageVolume, stack: SagittalStack, grid: SagittalGrid
  ) -> Painting {
    var found = FoundCord(like: volume)
    var spine: LabelVolume = volume.map { _ in 0 }
    var bones = spine
    let near = Morphology.dilate(picture.cord, iterations: Self.tolerance)
    let parts = AnatomyParts(picture, numbering)
    for slice in slices {
      let offset = abs(slice.grid.pixel(ras: grid.origin).distanceMM)
      let own = SliceCord(slice, near: near)
      let near = offset <= Self.bodyReachMM ? parts : nil
      let tissue = near == nil ? slice.tissue : slice.tissueWithLining
      visit(slice, stack, volume) { voxel, row, column in
        let r = Int(row.rounded())
        let c = Int(column.rounded())
        guard slice.tissue.contains(row: r, column: c) else { return }
        found.take(own.shares(row: row, column: column), at: voxel)
        if found.canal.voxels[voxel] != 0 { return }
        if let part = near?.part(tissue[r, c], row: r, column: c) {
          bones.voxels[voxel] = part.isDisc ? 2 : 1
          spine.voxels[voxel] = part.label
        } else if near != nil, slice.tissue[r, c] == AnatomyTissue.otherCompressor.rawValue {
          spine.voxels[voxel] = PhantomTissue.anteriorCompressor.rawValue
        }
      }
    }
    found.makeOne(acrossAxis: stack.axis)
    for n in spine.voxels.indices where found.canal.voxels[n] != 0 {
      spine.voxels[n] = found.cord.voxels[n] != 0 ? 1 : 2
      bones.voxels[n] = 0
    }
    var labels = StudyLabels(
      cord: found.cord, canal: found.canal, spine: numbering.used.isEmpty ? nil : spine,
      levelSource: numbering.used.isEmpty ? .missing : .segmented, quality: quality(grid))
    labels.canalIsFound = true
    labels.bodiesAreFound = labels.spine != nil
    labels.discsAreFound = labels.spine != nil
    labels.cordShare = found.cordShare
    labels.canalShare = found.canalShare
    return Painting(labels: labels, bones: bones)
  }

  /// What the reader must know of the names.
  private func quality(_ grid: SagittalGrid) -> [QualityFlag] {
    let contradicted = numbering.disagreement.map {
      QualityIssue.levelsContradicted.flag(
        "The given names are in doubt: \($0); correct them, or confirm them (segment --uppermost).")
    }
    return [contradicted].compactMap(\.self) + doubts(grid)
  }

  /// What stays in doubt of vertebrae that are named all the same.
  static func kept(_ numbering: BodyNumbering) -> [QualityFlag] {
    guard !numbering.keptDoubts.isEmpty else { return [] }
    return [
      QualityFlag(
        QualityFlag.levelsDoubted,
        "The names are counted from the uppermost vertebra that a reader named, but "
          + numbering.keptDoubts.joined(separator: "; ")
          + ": look at the names and correct them in the label editor (e).")
    ]
  }

  private func doubts(_ grid: SagittalGrid) -> [QualityFlag] {
    let kept = Self.kept(numbering)
    let open = numbering.doubts.filter { !numbering.keptDoubts.contains($0) }
    guard !open.isEmpty else { return kept }
    let doubts = open.joined(separator: "; ")
    let named = numbering.used.compactMap { numbering.usedLevel($0) }
    if !named.isEmpty {
      let names = VertebralLevel.words(named)
      return kept + [QualityFlag("levels-partial", "Only \(names) are named: \(doubts).")]
    }
    // Its likely name is not said: where names are doubted the network's is often one level off.
    let top = zip(picture.bodies, numbering.levels).first { $0.1 != nil }.map { body, _ in
      let z = grid.ras(row: body.centre.row, column: body.centre.column).z
      return " The uppermost vertebra lies at z = \(Int(z.rounded())) mm: name it with segment "
        + "--uppermost."
    }
    return [
      QualityFlag(
        "levels-missing",
        "Segments cannot be named: \(doubts).\(top ?? "")")
    ]
  }

  /// Visits every voxel of a slice with its place on the slice's grid in px.
  private func visit(
    _ slice: SliceEvidence, _ stack: SagittalStack, _ volume: ImageVolume,
    _ body: (_ voxel: Int, _ row: Double, _ column: Double) -> Void
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
        body(voxel, pixel.row, pixel.column)
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

  /// Probability of cord, and of cord or fluid, at a place; 0 away from the pieces that count.
  func shares(row: Double, column: Double) -> (cord: Float, canal: Float) {
    let r = Int(row.rounded())
    let c = Int(column.rounded())
    guard canal.contains(row: r, column: c) else { return (0, 0) }
    return (
      cord[r, c] ? cordShare(r, c, row: row, column: column) : 0,
      canal[r, c] ? slice.canal.interpolated(row: row, column: column) : 0
    )
  }

  private func cordShare(_ r: Int, _ c: Int, row: Double, column: Double) -> Float {
    // A hole that was closed has no probability to go by.
    if filled[r, c] && slice.cord[r, c] < SliceSegmentation.cordProbability { return 1 }
    return slice.cord.interpolated(row: row, column: column)
  }
}

/// Which body or disc a piece of bone or disc belongs to, told by the middle picture.
private struct AnatomyParts {
  /// One more than the place of the body, and of the disc, around each of the picture.
  private let bodies: LabelRaster
  private let discs: LabelRaster
  /// TotalSpineSeg numbers by place; 0 where there is no name.
  private let bodyLabels: [UInt16]
  private let discLabels: [UInt16]

  /// One more than the place of the disc that a protrusion belongs to.
  private let protrusions: LabelRaster

  /// Pixels beyond a part that still belong to it, and beyond a disc that its protrusion reaches.
  private static let (margin, protrusionMargin) = (5, 12)

  init(_ picture: SliceSegmentation, _ numbering: BodyNumbering) {
    bodyLabels = numbering.levels.indices.map {
      numbering.usedLevel($0)?.totalSpineSegLabel ?? 0
    }
    let named = DiscNames(picture, numbering).discs
    discLabels = named.map { $0.level?.totalSpineSegDiscLabel ?? 0 }
    let parts = named.map(\.part)
    bodies = Self.grown(picture.bodies, by: Self.margin, like: picture.cord)
    discs = Self.grown(parts, by: Self.margin, like: picture.cord)
    protrusions = Self.grown(parts, by: Self.protrusionMargin, like: picture.cord)
  }

  /// The kind and number of a pixel, by its tissue and place; `nil` where it belongs to none.
  func part(_ tissue: UInt8, row: Int, column: Int) -> (isDisc: Bool, label: UInt16)? {
    switch AnatomyTissue(rawValue: tissue) {
    case .vertebra: Self.label(bodies[row, column], bodyLabels).map { (false, $0) }
    case .disc: Self.label(discs[row, column], discLabels).map { (true, $0) }
    case .discProtrusion: Self.label(protrusions[row, column], discLabels).map { (true, $0) }
    default: nil
    }
  }

  private static func label(_ place: UInt16, _ labels: [UInt16]) -> UInt16? {
    guard place > 0 else { return nil }
    return labels.indices.contains(Int(place) - 1) ? labels[Int(place) - 1] : 0
  }

  /// The parts by their places, grown side by side.
  private static func grown(
    _ parts: [SliceSegmentation.Part], by margin: Int, like shape: MaskRaster
  ) -> LabelRaster {
    var labels = LabelRaster(rows: shape.rows, columns: shape.columns, filledWith: 0)
    var rim: [Int] = []
    for (place, part) in parts.enumerated() {
      for n in labels.pixels.indices where part.mask.pixels[n] {
        labels.pixels[n] = UInt16(place + 1)
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
