public import Imaging

/// The anatomy of one sagittal slice as far as it makes sense: one cord in its canal, bodies in front
/// of it in order, discs between bodies.
public struct SliceSegmentation: Sendable {
  /// A vertebral body or a disc.
  public struct Part: Equatable, Sendable {
    /// Its pixels.
    public var mask: MaskRaster
    /// Its centre of gravity in px.
    public var centre: (row: Double, column: Double)
    /// The rows it spans.
    public var rows: ClosedRange<Int>
    /// Whether it reaches the edge of what was seen.
    public var isCut: Bool
    /// Mean log-probability of each ``AnatomyLevel`` over its pixels.
    public var evidence: [Double]

    /// Whether all agrees.
    public static func == (a: Part, b: Part) -> Bool {
      a.mask == b.mask && a.centre == b.centre && a.rows == b.rows && a.isCut == b.isCut
        && a.evidence == b.evidence
    }
  }

  /// The spinal cord, without holes.
  public var cord: MaskRaster
  /// Cord and fluid together, without holes.
  public var canal: MaskRaster
  /// Vertebral bodies, superior to inferior.
  public var bodies: [Part]
  /// Discs, superior to inferior.
  public var discs: [Part]
  /// Disc behind the line of the posterior walls.
  public var protrusion: MaskRaster
  /// Other compressors in front of the canal.
  public var otherCompressor: MaskRaster

  /// Least probability of a pixel of the cord; at its edge more is asked for
  /// (``InnerEdge/probability``).
  static let cordProbability: Float = 0.55
  /// Smallest area in px of a body (31 mm²) and of a disc (7 mm²).
  static let (smallestBody, smallestDisc) = (50, 12)
  /// A vertebral body lies within this distance of the canal's front wall, in px (35 mm).
  static let farthestBody = 45.0

  /// Makes sense of a maps.
  public init(_ maps: AnatomyMaps) {
    let cord = Self.oneCord(maps[.cord].map { $0 >= Self.cordProbability })
    canal = Self.canal(maps.canal.map { $0 > 0.5 }, around: cord)
    self.cord = cord
    let wall = FrontWall(canal)
    let bone = Morphology.open(maps[.vertebra].map { $0 > 0.5 }, element: .cross)
    let splitting = BodySplitting(
      bone: maps[.vertebra], disc: maps[.disc], smallest: Self.smallestBody)
    bodies = Self.parts(splitting.bodies(bone), maps).filter { wall.isBody($0) }
    discs = Self.parts(
      Self.components(maps[.disc].map { $0 > 0.5 }, smallest: Self.smallestDisc), maps
    ).filter { wall.isBody($0) }
    protrusion = maps[.discProtrusion].map { $0 > 0.5 }
    otherCompressor = maps[.otherCompressor].map { $0 > 0.5 }
  }

  /// The component on most rows, with what continues it above and below.
  static func oneCord(_ mask: MaskRaster) -> MaskRaster {
    let labelled = ConnectedComponents.label(Morphology.fillHoles(mask))
    guard let main = labelled.components.max(by: { $0.rows.count < $1.rows.count }) else {
      return mask
    }
    var kept: Set<Int32> = [main.label]
    for part in labelled.components where part.label != main.label && part.rows.count >= 4 {
      if continues(part, main) { kept.insert(part.label) }
    }
    return CordMask.cleaned(labelled.labels.map { kept.contains($0) })
  }

  /// Whether a piece lies in the line of the cord, above or below it.
  private static func continues(
    _ part: ConnectedComponents.Component2D, _ main: ConnectedComponents.Component2D
  ) -> Bool {
    let gap = max(
      main.rows.lowerBound - part.rows.upperBound, part.rows.lowerBound - main.rows.upperBound)
    let isBeside =
      part.columns.upperBound < main.columns.lowerBound - 12
      || part.columns.lowerBound > main.columns.upperBound + 12
    return gap > 0 && gap <= 30 && !isBeside
  }

  /// The pieces of the canal that touch the cord, and the cord.
  private static func canal(_ mask: MaskRaster, around cord: MaskRaster) -> MaskRaster {
    var whole = mask
    for index in whole.pixels.indices where cord.pixels[index] { whole.pixels[index] = true }
    let labelled = ConnectedComponents.label(whole)
    var touches = Set<Int32>()
    for index in cord.pixels.indices where cord.pixels[index] {
      touches.insert(labelled.labels.pixels[index])
    }
    return Morphology.fillHoles(labelled.labels.map { touches.contains($0) })
  }

  /// The components of a mask.
  private static func components(_ mask: MaskRaster, smallest: Int) -> [MaskRaster] {
    let labelled = ConnectedComponents.label(mask, connectivity: .four)
    return labelled.components.filter { $0.area >= smallest }.map { labelled.mask(of: $0.label) }
  }

  /// Connected masks as parts, superior first.
  private static func parts(_ masks: [MaskRaster], _ maps: AnatomyMaps) -> [Part] {
    masks.compactMap { mask in
      guard let component = ConnectedComponents.label(mask).largest else { return nil }
      return Part(
        mask: Morphology.fillHoles(mask), centre: component.centroid, rows: component.rows,
        isCut: isCut(mask, component, maps),
        evidence: maps.levels.map { map in
          var sum = 0.0
          for index in mask.pixels.indices where mask.pixels[index] {
            sum += Double(map.pixels[index])
          }
          return sum / Double(component.area)
        })
    }.sorted { $0.centre.row < $1.centre.row }
  }

  /// Whether a component ends where the slice was not seen any more.
  private static func isCut(
    _ mask: MaskRaster, _ component: ConnectedComponents.Component2D,
    _ maps: AnatomyMaps
  ) -> Bool {
    let background = maps.tissues
    func isSeen(_ row: Int, _ column: Int) -> Bool {
      guard mask.contains(row: row, column: column) else { return false }
      return background.contains { $0[row, column] > 0 }
    }
    for column in component.columns {
      for (edge, beyond) in [
        (component.rows.lowerBound, component.rows.lowerBound - 2),
        (component.rows.upperBound, component.rows.upperBound + 2),
      ] where mask[edge, column] && !isSeen(beyond, column) { return true }
    }
    return false
  }
}

/// The front wall of the canal, row by row; beyond its ends that of the nearest row.
private struct FrontWall {
  private let column: [Int?]

  init(_ canal: MaskRaster) {
    let found = (0..<canal.rows).map { row in
      (0..<canal.columns).first { canal[row, $0] }
    }
    column = found
  }

  /// Whether a part lies in front of the canal and near it; everything does where there is none.
  func isBody(_ part: SliceSegmentation.Part) -> Bool {
    let row = Int(part.centre.row.rounded())
    let nearest = column.indices.filter { column[$0] != nil }
      .min { abs($0 - row) < abs($1 - row) }
    guard let nearest, let wall = column[nearest] else { return true }
    let ahead = Double(wall) - part.centre.column
    return ahead > 0 && ahead <= SliceSegmentation.farthestBody
  }
}
