internal import Imaging

/// A labelled study as samples are drawn from it: its slices about the middle of the cord, each with
/// what is known of its pixels.
///
/// What the labels do not tell, the network that is taught says itself: a cord mask alone keeps it
/// from unlearning bones and levels.
struct LabelledAnatomyStudy: Sendable {
  /// Slices from the patient's left, spaced as in the volume.
  let planes: [PhantomAnatomyStudy.Plane]
  /// Slices from one to the neighbour that the network sees beside it.
  let stride: Int
  /// The middle of the labelled cord on the planes: column and row in px.
  let middle: SIMD2<Float>

  /// Slices within this distance of the middle of the cord are learned from, in mm.
  private static let reachMM = 12.0

  /// Prepares a study; `nil` without cord or with an unusable geometry.
  ///
  /// - Parameters:
  ///   - reference: labels of a reader or another tool, at least a cord.
  ///   - found: what the network that is taught makes of the study.
  init?(_ volume: ImageVolume, reference: StudyLabels, found: SegmentedStudy) {
    guard let slab = AnatomySlab(volume), let codes = AnatomyCodes.volume(reference, found),
      let cord = reference.cord, let line = CordCentreline(cord: cord)
    else { return nil }
    let stack = slab.stack
    let centre = line.point(atArcLength: line.lengthMM / 2)
    let nearest = stack.slice(nearestTo: centre)
    let reach = max(1, Int(min(Self.reachMM / stack.spacingMM, Double(stack.count))))
    let slices = max(0, nearest - reach)...min(stack.count - 1, nearest + reach)
    let limit = Percentiles.value(99.8, of: volume.voxels) ?? 1
    let scale = 1 / max(limit, 1e-6)
    let plane = PhantomAnatomyStudy.plane(stack, nearest, centredOn: centre)
    planes = slices.map { slice in
      let moved = PhantomAnatomyStudy.plane(stack, slice, centredOn: centre)
      return PhantomAnatomyStudy.Plane(
        image: slab.slice(slice, on: moved, reference: slice).image.pixels.map {
          UInt8((255 * min(1, max(0, $0 * scale)).squareRoot()).rounded())
        },
        tissues: codes.resampled(on: moved).raster.pixels.map {
          // Outside the volume nothing is known, and nothing is seen.
          $0 == 0 ? AnatomyCodes.background : UInt8($0 - 1)
        })
    }
    let (left, right) = slab.neighbours(of: nearest)
    stride = max(1, (right - left) / 2)
    middle = plane.pixel(ras: centre).map { [Float($0.column), Float($0.row)] } ?? .zero
  }
}

/// One number for what is known of a pixel: its tissue and its level.
enum AnatomyCodes {
  private static let tissueCount = AnatomyTissue.allCases.count
  private static let levelCount = AnatomyLevel.allCases.count

  /// A code; without a level the level is not learned from.
  static func code(_ tissue: AnatomyTissue, _ level: AnatomyLevel? = nil) -> UInt8 {
    tissue.rawValue + UInt8(tissueCount) * (level?.rawValue ?? UInt8(levelCount))
  }

  static let background = code(.background)

  /// Tissues and levels by code.
  static let tissues: [UInt8] = (0..<tissueCount * (levelCount + 1)).map {
    UInt8($0 % tissueCount)
  }
  static let levels: [UInt8] = (0..<tissueCount * (levelCount + 1)).map {
    $0 / tissueCount < levelCount ? UInt8($0 / tissueCount) : AnatomyLabel.ignored
  }

  /// One more than the code of every voxel.
  ///
  /// Above and below the reference's cord nobody looked for it: there the network's own word counts.
  static func volume(_ reference: StudyLabels, _ found: SegmentedStudy) -> LabelVolume? {
    guard let cord = reference.cord, let own = found.labels.cord, cord.shape == own.shape else {
      return nil
    }
    let spine = reference.spine ?? found.labels.spine
    let canal = reference.canal ?? found.labels.canal
    let table = spineCodes
    let isSeen = rows(of: cord)
    var result: LabelVolume = cord.map { _ in 0 }
    for n in result.voxels.indices {
      let isLooked = isSeen[n]
      let code: UInt8 =
        if (isLooked ? cord : own).voxels[n] != 0 {
          Self.code(.cord)
        } else if canal?.voxels[n] ?? 0 != 0 || own.voxels[n] != 0 {
          Self.code(.csf)
        } else if let named = spine.flatMap({ table[$0.voxels[n]] }) {
          named
        } else {
          switch found.bones.voxels[n] {
          case 1: Self.code(.vertebra)
          case 2: Self.code(.disc)
          default: background
          }
        }
      result.voxels[n] = UInt16(code) + 1
    }
    return result
  }

  /// Codes by TotalSpineSeg's numbers.
  private static let spineCodes: [UInt16: UInt8] = {
    var table: [UInt16: UInt8] = [:]
    for level in VertebralLevel.allCases where level > .c1 {
      table[level.totalSpineSegLabel] = code(.vertebra, AnatomyLevel(level))
      if let disc = level.totalSpineSegDiscLabel { table[disc] = code(.disc, AnatomyLevel(level)) }
    }
    return table
  }()

  /// Voxels at a height at which a mask holds anything.
  private static func rows(of mask: LabelVolume) -> [Bool] {
    let shape = mask.shape
    let axis = mask.affine.axis(mostAlong: 2)
    let steps = [1, shape.x, shape.x * shape.y]
    func place(_ n: Int) -> Int { n / steps[axis] % shape[axis] }
    var isHeld = [Bool](repeating: false, count: shape[axis])
    for n in mask.voxels.indices where mask.voxels[n] != 0 { isHeld[place(n)] = true }
    return mask.voxels.indices.map { isHeld[place($0)] }
  }
}
