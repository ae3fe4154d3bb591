internal import Imaging

/// How well the anatomy that was found in one study agrees with a reference on the same voxels.
public struct SegmentationAgreement: Equatable, Sendable {
  /// A kind of tissue that both may hold.
  public enum Structure: String, CaseIterable, Sendable {
    case cord, csf, bodies, discs
  }

  /// Overlap of one structure.
  public struct Overlap: Equatable, Sendable {
    /// Voxels that were found.
    public var found = 0
    /// Voxels of the reference.
    public var reference = 0
    /// Voxels of both.
    public var both = 0
    /// 95th percentile of the distance between the surfaces in mm; of the cord only.
    public var edge95MM: Double?
    /// Mean depth of what was found less the reference's in mm, front to back, within 2 mm of the
    /// middle of the cord, where detection reads it; of the cord only. Negative where the edge was
    /// taken inside.
    public var depthExcessMM: Double?

    /// The Dice coefficient; `nil` where neither holds anything.
    public var dice: Double? {
      found + reference > 0 ? 2 * Double(both) / Double(found + reference) : nil
    }

    /// Voxels that were found, less the reference's, as a share of the reference's; `nil` where that
    /// holds nothing.
    public var surplus: Double? {
      reference > 0 ? Double(found - reference) / Double(reference) : nil
    }
  }

  /// Structures that the reference holds.
  public var overlaps: [Structure: Overlap] = [:]
  /// Of the reference's vertebrae C2 ... T1, whether what was found there bears the same name, used or
  /// not.
  public var levels: [VertebralLevel: Bool] = [:]
  /// Those of them whose names are used.
  public var used: Set<VertebralLevel> = []
  /// Of the reference's vertebrae C2 ... T1 those at whose place no body was found.
  public var missed: Set<VertebralLevel> = []
  /// Doubts of the numbering.
  public var doubts: [String] = []

  /// C2-3 ... C7-T1 of which both vertebrae are known to the reference, and whether both are right.
  public var segments: [SpinalSegment: Bool] {
    var result: [SpinalSegment: Bool] = [:]
    for segment in SpinalSegment.allCases {
      guard let upper = levels[segment.upper], let lower = levels[segment.lower] else { continue }
      result[segment] = upper == true && lower == true
    }
    return result
  }

  /// Compares within the rows of C2 to T1 where the reference knows its levels, else everywhere.
  ///
  /// Bodies and discs count within 10 mm of the middle of the cord: farther out, references differ
  /// in what they call a body. Names are compared by the place of the reference's vertebra along the
  /// cord: the nearest body that was found within 12 mm stands for it. The cord is the reference's, or
  /// the found one where the reference drew only a part of the neck.
  /// - Parameters:
  ///   - found: what the network made of the image.
  ///   - reference: labels on the same voxels.
  public init(_ found: SegmentedStudy, reference: StudyLabels) {
    doubts = found.numbering.doubts
    guard let shape = found.labels.cord?.shape, let affine = found.labels.cord?.affine else {
      return
    }
    let line = Self.line(reference: reference.cord, found: found.labels.cord)
    let known = LevelRules.resolve(reference, along: line).points
    let region = Region(known, line: line, shape: shape, affine: affine)
    for structure in Structure.allCases {
      guard let own = Self.mask(structure, found.labels, bones: found.bones),
        let other = Self.mask(structure, reference, bones: nil)
      else { continue }
      let isWanted = structure == .cord || structure == .csf ? region.rows : region.middle
      let a = own.indices.map { own[$0] && isWanted[$0] }
      let b = other.indices.map { other[$0] && isWanted[$0] }
      var overlap = Overlap(
        found: a.count { $0 }, reference: b.count { $0 },
        both: a.indices.count { a[$0] && b[$0] })
      if structure == .cord {
        overlap.edge95MM = SurfaceDistance.percentile95(a, b, shape: shape, affine: affine)
        overlap.depthExcessMM = MaskExcess.depthMM(
          of: a.indices.map { a[$0] && region.core[$0] },
          over: b.indices.map { b[$0] && region.core[$0] }, shape: shape, affine: affine)
      }
      overlaps[structure] = overlap
    }
    // Levels between landmarks are guesses of ours, not the reference's word.
    compareLevels(
      found, reference.landmarks.isEmpty ? known : reference.landmarks, line: line)
  }

  /// A body whose middle lies farther from the reference's than this is another vertebra.
  private static let halfVertebraMM = 12.0
  /// A reference's cord that is shorter than the found one by this, about a vertebra, is a part of it.
  private static let partMM = 20.0

  /// The line along which places are compared: the reference's, unless it is drawn over a part of the
  /// neck only. All vertebrae beyond the ends of such a part would lie at one place on it.
  private static func line(reference: LabelVolume?, found: LabelVolume?) -> CordCentreline? {
    let whole = found.flatMap(CordCentreline.init(cord:))
    guard let drawn = reference.flatMap(CordCentreline.init(cord:)) else { return whole }
    if let whole, whole.lengthMM > drawn.lengthMM + partMM { return whole }
    return drawn
  }

  private mutating func compareLevels(
    _ found: SegmentedStudy, _ known: [VertebralLevel: SIMD3<Double>], line: CordCentreline?
  ) {
    guard let line else { return }
    let numbering = found.numbering
    let bodies = zip(found.central.bodies, numbering.levels).enumerated().map { index, item in
      let centre = found.grid.ras(row: item.0.centre.row, column: item.0.centre.column)
      return (
        level: item.1, isUsed: numbering.used.contains(index), arc: line.arcLength(beside: centre)
      )
    }
    for (level, point) in known where (.c2 ... .t1).contains(level) {
      let arc = line.arcLength(beside: point)
      guard let nearest = bodies.min(by: { abs($0.arc - arc) < abs($1.arc - arc) }),
        abs(nearest.arc - arc) <= Self.halfVertebraMM
      else {
        missed.insert(level)
        continue
      }
      levels[level] = nearest.level == level
      if nearest.isUsed { used.insert(level) }
    }
  }

  /// The voxels of a structure; `nil` where nobody looked for it.
  private static func mask(
    _ structure: Structure, _ labels: StudyLabels, bones: LabelVolume?
  ) -> [Bool]? {
    let numbers: Set<UInt16>
    switch structure {
    case .cord: return labels.cord?.voxels.map { $0 != 0 }
    case .csf:
      guard let cord = labels.cord, let canal = labels.canal, cord.shape == canal.shape else {
        return nil
      }
      return canal.voxels.indices.map { canal.voxels[$0] != 0 && cord.voxels[$0] == 0 }
    case .bodies:
      if let bones { return bones.voxels.map { $0 == 1 } }
      numbers = Set(VertebralLevel.allCases.map(\.totalSpineSegLabel))
    case .discs:
      if let bones { return bones.voxels.map { $0 == 2 } }
      numbers = Set(VertebralLevel.allCases.compactMap(\.totalSpineSegDiscLabel))
    }
    return labels.spine?.voxels.map { numbers.contains($0) }
  }

  /// Where structures are compared.
  private struct Region {
    /// Voxels at the height of C2 to T1.
    var rows: [Bool]
    /// Those of them near the middle of the cord.
    var middle: [Bool]
    /// Those in the slices through the cord's middle.
    var core: [Bool]

    static let (reachMM, coreMM) = (10.0, 2.0)

    init(
      _ known: [VertebralLevel: SIMD3<Double>], line: CordCentreline?, shape: SIMD3<Int>,
      affine: Affine
    ) {
      let count = shape.x * shape.y * shape.z
      rows = [Bool](repeating: true, count: count)
      (middle, core) = (rows, rows)
      // Half a vertebra above the middle of C2, half a one below that of T1.
      var (top, bottom) = (Double.infinity, -Double.infinity)
      if let c2 = known[.c2], let c3 = known[.c3] { top = c2.z + (c2.z - c3.z) / 2 }
      if let c7 = known[.c7], let t1 = known[.t1] { bottom = t1.z - (c7.z - t1.z) / 2 }
      for n in 0..<count {
        let p = affine(
          SIMD3<Double>(
            SIMD3(n % shape.x, n / shape.x % shape.y, n / (shape.x * shape.y))))
        rows[n] = p.z <= top && p.z >= bottom
        let x = line?.point(atZ: p.z).x ?? p.x
        middle[n] = rows[n] && abs(p.x - x) <= Self.reachMM
        core[n] = rows[n] && abs(p.x - x) <= Self.coreMM
      }
    }
  }
}
