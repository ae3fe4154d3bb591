internal import Imaging

/// The slices beside the one that is measured (decision 020).
///
/// A found outline wavers by a pixel from slice to slice, which turns an endplate by degrees; bodies are
/// wider than three slices and hardly change across them.
extension SegmentedSlice {
  /// A slice farther away than this, in mm, shows another part of the body.
  static let neighbourReachMM = 5.0
  /// A body of which a slice beside shows less than this share of the area ends near there, or is a piece.
  static let leastNeighbourShare = 0.6

  /// The same slice with those on either side; of thin slices those about 3 mm away.
  /// - Parameter labels: The labels that it was filled from.
  func withNeighbours(of labels: StudyLabels) -> SegmentedSlice {
    guard let spine = labels.spine, let stack = SagittalStack(spine), stack.spacingMM > 0 else {
      return self
    }
    let step = Int(min(max(ThickPartitions.targetMM / stack.spacingMM, 1).rounded(), 1000))
    guard Double(step) * stack.spacingMM <= Self.neighbourReachMM else { return self }
    let middle = Double(SagittalGrid.side - 1) / 2
    let own = stack.slice(nearestTo: grid.ras(row: middle, column: middle))
    var result = self
    result.neighbours = [-1, 1].compactMap { side -> SegmentedSlice? in
      let slice = own + side * step
      guard (0..<stack.count).contains(slice) else { return nil }
      let distance = grid.pixel(ras: stack.centre(ofSlice: slice)).distanceMM
      return SegmentedSlice(
        index: index + side, grid: grid.moved(byMM: distance), labels: labels, covered: covered)
    }
    return result
  }

  /// The bodies, each the mean of what three slices have of it, and which of them are such means. A
  /// body that one neighbour does not show as well is this slice's own: of two slices the edge would
  /// lie anywhere between.
  var meanBodies: (bodies: [VertebralLevel: ImageRaster], averaged: Set<VertebralLevel>) {
    var result = bodies
    var averaged: Set<VertebralLevel> = []
    guard neighbours.count == 2 else { return (result, averaged) }
    for (level, own) in bodies {
      let beside = neighbours.compactMap { $0.bodies[level] }
      let least = Self.leastNeighbourShare * Double(Self.area(own))
      guard beside.count == 2,
        beside.allSatisfy({
          $0.pixels.count == own.pixels.count && Double(Self.area($0)) >= least
        })
      else { continue }
      var mean = own
      for n in mean.pixels.indices {
        mean.pixels[n] = (own.pixels[n] + beside[0].pixels[n] + beside[1].pixels[n]) / 3
      }
      result[level] = mean
      averaged.insert(level)
    }
    return (result, averaged)
  }

  private static func area(_ share: ImageRaster) -> Int { share.pixels.count { $0 >= 0.5 } }
}
