internal import Imaging

/// Whether points that others named lie in the vertebrae of those names.
enum GivenNamesCheck {
  /// Points farther than this along the cord from every vertebra say nothing of its name, in mm.
  private static let reachMM = 12.0

  /// A flag where a point lies nearer to another vertebra than to that of its name: the points came or
  /// were moved after the vertebrae were named.
  ///
  /// - Parameters:
  ///   - points: RAS mm by level.
  ///   - spine: Vertebrae in TotalSpineSeg numbers that the anatomy network found.
  ///   - line: The cord.
  static func flag(
    _ points: [VertebralLevel: SIMD3<Double>], on spine: LabelVolume, along line: CordCentreline
  ) -> QualityFlag? {
    let places = LabelledBodies.centres(spine, line: line).centres
      .mapValues { line.arcLength(beside: $0) }
    var wrong: [(given: VertebralLevel, found: VertebralLevel)] = []
    for (level, point) in points.sorted(by: { $0.key < $1.key }) {
      let arc = line.arcLength(beside: point)
      guard let nearest = places.min(by: { abs($0.value - arc) < abs($1.value - arc) }),
        nearest.key != level, abs(nearest.value - arc) <= reachMM
      else { continue }
      wrong.append((level, nearest.key))
    }
    guard !wrong.isEmpty else { return nil }
    let given = wrong.map(\.given.name).joined(separator: ", ")
    let found = wrong.map(\.found.name).joined(separator: ", ")
    return QualityIssue.levelsContradicted.flag(
      "What is given as \(given) lies in the vertebrae that were named \(found) before: run segment "
        + "again, or correct the given names.")
  }
}
