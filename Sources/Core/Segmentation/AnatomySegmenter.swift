public import Imaging

/// Finds cord, canal, vertebrae, discs and levels in a sagittal study of any field of view.
public struct AnatomySegmenter: Sendable {
  /// The network.
  public let engine: AnatomyEngine

  /// Slices farther than this from the middle of the cord, in mm, hold neither cord nor canal.
  private static let reachMM = 16.0
  /// Slices within this distance of the middle are averaged to find and name the vertebrae, in mm.
  private static let centralMM = 4.0

  /// Makes a segmenter.
  public init(engine: AnatomyEngine) { self.engine = engine }

  /// Segments a study.
  ///
  /// - Parameters:
  ///   - uppermost: the name that a reader gives to the uppermost body that is found, if any did.
  ///   - given: labels that others made of the study, on its voxels; they win, and name what is found.
  ///   - isCancelled: asked between slices.
  /// - Returns: the anatomy, or `nil` when no cord is found or when cancelled.
  /// - Throws: what the engine throws.
  public func segment(
    _ volume: ImageVolume, uppermost: VertebralLevel? = nil, given: StudyLabels? = nil,
    isCancelled: () -> Bool = { false }
  ) throws -> SegmentedStudy? {
    guard let slab = AnatomySlab(volume),
      let place = try AnatomyFinder(engine: engine, slab: slab, volume: volume).find()
    else { return nil }
    let stack = slab.stack
    let reach = max(1, Int(min(Self.reachMM / stack.spacingMM, Double(stack.count))))
    let slices = Array(max(0, place.slice - reach)...min(stack.count - 1, place.slice + reach))
    let windows = AnatomyWindows(engine: engine, slab: slab)
    var central: [AnatomyMaps] = []
    var found: [SliceEvidence] = []
    for slice in slices {
      if isCancelled() { return nil }
      let offset = Double(slice - place.slice) * stack.spacingMM
      let grid = place.grid.moved(byMM: offset)
      let maps = try windows.maps([slice], on: SamplingPlane(grid), reference: slice)[0]
      if abs(offset) <= Self.centralMM { central.append(maps) }
      found.append(SliceEvidence(index: slice, grid: grid, maps: maps))
    }
    guard let mean = AnatomyMaps.mean(central) else { return nil }
    let picture = SliceSegmentation(mean)
    let numbering = BodyNumbering(
      picture, on: place.grid, uppermost: uppermost, given: given)
    let painter = AnatomyPainter(picture: picture, numbering: numbering)
    let painting = painter.paint(found, like: volume, stack: stack, grid: place.grid)
    let study = SegmentedStudy(
      labels: painting.labels, bones: painting.bones, central: picture, grid: place.grid,
      numbering: numbering)
    return given.map(study.beside) ?? study
  }
}
