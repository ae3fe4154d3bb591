internal import Imaging

/// Parts vertebral bodies that ran together where a disc between them is faint.
///
/// A body much taller than those about it is looked at with ever stricter limits; the pieces that
/// appear one above the other are its bodies, and every pixel goes to the nearest.
struct BodySplitting {
  /// Probability of bone, and of disc.
  let bone: ImageRaster
  let disc: ImageRaster
  /// Smallest area in px of a body.
  let smallest: Int

  /// Height in multiples of the usual one from which a body may be several; C2 with its dens is
  /// under it.
  private static let tall = 1.6
  /// Components from above that are left as they are.
  private static let spared = 2
  /// Least area of a piece as a share of the usual body's.
  private static let leastShare = 0.5
  /// Pixels taken off all around that are tried in turn, so that a narrow bridge breaks.
  private static let erosions = 1...3
  /// Limits on bone less disc that are tried in turn.
  private static let limits: [Float] = [0.6, 0.7, 0.8, 0.9, 0.95]

  /// The bodies of a mask whose components may be several.
  func bodies(_ mask: MaskRaster) -> [MaskRaster] {
    let labelled = ConnectedComponents.label(mask, connectivity: .four)
    let found = labelled.components.filter { $0.area >= smallest }
    let heights = found.map(\.rows.count).sorted()
    guard heights.count >= 3 else { return found.map { labelled.mask(of: $0.label) } }
    // Fused bodies make the usual height too large rather than too small.
    let usual = Double(heights[(heights.count - 1) / 2])
    let area = found.map(\.area).sorted()[(found.count - 1) / 2]
    return found.sorted { $0.centroid.row < $1.centroid.row }.enumerated().flatMap {
      place, component -> [MaskRaster] in
      let own = labelled.mask(of: component.label)
      // The upper ones may be skull and C2, whose dens sits on a neck.
      guard place >= Self.spared, Double(component.rows.count) > Self.tall * usual else {
        return [own]
      }
      let parts = split(own) ?? [own]
      // A body is no sliver of another.
      let least = Int(Self.leastShare * Double(area))
      return parts.allSatisfy { $0.pixels.count { $0 } >= least } ? parts : [own]
    }
  }

  /// The pieces of one component where it first parts; `nil` where it never does.
  private func split(_ own: MaskRaster) -> [MaskRaster]? {
    for erosion in Self.erosions {
      for limit in Self.limits {
        var core = own
        for n in core.pixels.indices where core.pixels[n] {
          core.pixels[n] = bone.pixels[n] - disc.pixels[n] > limit
        }
        core = Morphology.erode(core, iterations: erosion)
        let labelled = ConnectedComponents.label(core, connectivity: .four)
        let pieces = labelled.components.filter { 2 * $0.area >= smallest }
        guard pieces.count >= 2, isStacked(pieces) else { continue }
        return shared(own, among: pieces.map { labelled.mask(of: $0.label) })
      }
    }
    return nil
  }

  /// Whether pieces lie one above the other: no centre within the rows of another piece.
  private func isStacked(_ pieces: [ConnectedComponents.Component2D]) -> Bool {
    pieces.indices.allSatisfy { i in
      pieces.indices.allSatisfy { j in
        i == j || !pieces[j].rows.contains(Int(pieces[i].centroid.row.rounded()))
      }
    }
  }

  /// The pixels of a component, each with the piece that grows to it first.
  private func shared(_ own: MaskRaster, among pieces: [MaskRaster]) -> [MaskRaster] {
    var grown = pieces
    var left = own
    for piece in pieces {
      for n in left.pixels.indices where piece.pixels[n] { left.pixels[n] = false }
    }
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for index in grown.indices {
        let rim = Morphology.dilate(grown[index], element: .cross)
        for n in rim.pixels.indices where rim.pixels[n] && left.pixels[n] {
          grown[index].pixels[n] = true
          left.pixels[n] = false
          isGrowing = true
        }
      }
    }
    return grown
  }
}
