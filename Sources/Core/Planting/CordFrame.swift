internal import Foundation
internal import Imaging

/// Coordinates along and across a cord in mm, with the cord's widths: lesions are laid out in it.
struct CordFrame: Sendable {
  /// A place relative to the cord.
  struct Place: Equatable, Sendable {
    /// Arc length from the cord's upper end.
    var along: Double
    /// Distance behind the centreline, across the cord within the sagittal plane.
    var depth: Double
    /// Distance from the centreline across the sagittal plane.
    var side: Double
  }

  /// The three axes of the frame at a place of the cord, unit vectors in RAS.
  struct Axes: Equatable, Sendable {
    /// Down the cord.
    var along: SIMD3<Double>
    /// Towards posterior.
    var depth: SIMD3<Double>
    /// Across the sagittal plane.
    var side: SIMD3<Double>
  }

  /// The cord's centreline.
  let line: CordCentreline
  /// The cord's width from front to back at each point of the line.
  let depthWidths: [Double]
  /// The cord's width from side to side at each point of the line.
  let sideWidths: [Double]
  private let axes: [Axes]
  /// Points of the line within which the nearest one is looked for around a coarse guess.
  private let reach: Int
  private static let coarse = 8

  /// Half the length of cord over which its direction and widths are taken.
  private static let smoothingMM = 5.0
  /// No cord is wider.
  private static let widestMM = 25.0

  /// Lays the frame along a cord mask; `nil` when it spans fewer than two voxel steps.
  init?(cord: LabelVolume) {
    guard let line = CordCentreline(cord: cord), let inverse = cord.affine.inverse,
      line.lengthMM > 0
    else { return nil }
    self.line = line
    let step = line.lengthMM / Double(line.points.count - 1)
    let half = max(1, Int((Self.smoothingMM / step).rounded()))
    let axes = line.points.indices.map { Self.axes(of: line, at: $0, half: half) }
    self.axes = axes
    reach = max(Self.coarse, Int((12 / step).rounded(.up)))
    let probe = MaskProbe(mask: cord, inverse: inverse)
    func widths(_ axis: KeyPath<Axes, SIMD3<Double>>) -> [Double] {
      let raw = zip(line.points, axes).map { point, axes in
        probe.width(at: point, along: axes[keyPath: axis], limit: Self.widestMM)
      }
      return Self.smoothed(raw, half: half)
    }
    let depths = widths(\.depth)
    depthWidths = depths
    // A cord is wider than deep; a single slice shows only its own thickness.
    sideWidths = zip(widths(\.side), depths).map { max($0, $1) }
  }

  /// The place of a RAS point in mm.
  func place(of point: SIMD3<Double>) -> (place: Place, index: Int) {
    let n = nearest(point)
    let d = point - line.points[n]
    let a = axes[n]
    return (
      Place(
        along: line.arcLengths[n] + (d * a.along).sum(), depth: (d * a.depth).sum(),
        side: (d * a.side).sum()), n
    )
  }

  /// The index of the line's point nearest to an arc length.
  func index(atArcLength along: Double) -> Int {
    let lengths = line.arcLengths
    let after = lengths.firstIndex { $0 >= along } ?? lengths.count - 1
    guard after > 0 else { return 0 }
    return along - lengths[after - 1] < lengths[after] - along ? after - 1 : after
  }

  /// The axes at a point of the line.
  func axes(at index: Int) -> Axes { axes[index] }

  /// RAS mm of a place.
  func point(_ place: Place) -> SIMD3<Double> {
    let a = axes[index(atArcLength: place.along)]
    return line.point(atArcLength: place.along) + a.depth * place.depth + a.side * place.side
  }

  private func nearest(_ point: SIMD3<Double>) -> Int {
    let points = line.points
    func squared(_ n: Int) -> Double {
      let d = points[n] - point
      return (d * d).sum()
    }
    var (best, least) = (0, squared(0))
    func look(_ n: Int) {
      let distance = squared(n)
      if distance < least { (best, least) = (n, distance) }
    }
    for n in stride(from: 0, to: points.count, by: Self.coarse) { look(n) }
    for n in max(0, best - reach)...min(points.count - 1, best + reach) { look(n) }
    return best
  }

  private static func axes(of line: CordCentreline, at index: Int, half: Int) -> Axes {
    let points = line.points
    let from = points[max(0, index - half)]
    let to = points[min(points.count - 1, index + half)]
    let along = unit(to - from, or: [0, 0, -1])
    let posterior: SIMD3<Double> = [0, -1, 0]
    let depth = unit(posterior - along * (posterior * along).sum(), or: posterior)
    return Axes(along: along, depth: depth, side: along.cross(depth))
  }

  private static func unit(_ v: SIMD3<Double>, or fallback: SIMD3<Double>) -> SIMD3<Double> {
    let length = (v * v).sum().squareRoot()
    return length > 1e-9 ? v / length : fallback
  }

  /// The median of the measured widths (above 0) within `half` points on each side; 0 where none is.
  private static func smoothed(_ widths: [Double], half: Int) -> [Double] {
    widths.indices.map { n in
      let part = widths[max(0, n - half)...min(widths.count - 1, n + half)].filter { $0 > 0 }
      return part.sorted()[safe: part.count / 2] ?? 0
    }
  }
}

/// Measures a mask along straight lines.
private struct MaskProbe {
  let mask: LabelVolume
  let inverse: Affine
  private static let stepMM = 0.2

  /// The length in mm of the run of mask through a point; 0 when the point lies outside.
  func width(at point: SIMD3<Double>, along axis: SIMD3<Double>, limit: Double) -> Double {
    guard holds(point) else { return 0 }
    var steps = 1
    for sign in [-1.0, 1.0] {
      var distance = Self.stepMM
      while distance < limit, holds(point + axis * (sign * distance)) {
        steps += 1
        distance += Self.stepMM
      }
    }
    return Double(steps) * Self.stepMM
  }

  private func holds(_ point: SIMD3<Double>) -> Bool {
    let p = inverse(point).rounded(.toNearestOrAwayFromZero)
    // Compared as floating point: a damaged affine can give places that no integer holds.
    let size = SIMD3<Double>(mask.shape)
    guard p.x >= 0, p.y >= 0, p.z >= 0, p.x < size.x, p.y < size.y, p.z < size.z else {
      return false
    }
    return mask[Int(p.x), Int(p.y), Int(p.z)] != 0
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
