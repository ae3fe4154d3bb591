internal import Imaging

/// Whether points that others named lie in the vertebrae of those names.
enum GivenNamesCheck {
  /// Points farther than this along the cord from every vertebra say nothing of its name, in mm.
  private static let reachMM = 12.0
  /// A point this near to a vertebra's middle, in mm, lies in it.
  private static let halfBodyMM = 6.0

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
    wrongNames(of: points, beside: LabelledBodies.centres(spine, line: line).centres, along: line)
      .map { wrong in
        QualityIssue.levelsContradicted.flag(
          "What is given as \(wrong.given) lies in the vertebrae that were named \(wrong.found) "
            + "before: run segment again, or correct the given names.")
      }
  }

  /// A flag where two files that others gave name the same places differently.
  ///
  /// - Parameters:
  ///   - points: RAS mm by level, of the file that is not used.
  ///   - file: That file's name.
  ///   - labels: What is used: vertebrae, or points.
  ///   - line: The cord.
  static func flag(
    _ points: [VertebralLevel: SIMD3<Double>], of file: String, against labels: StudyLabels,
    along line: CordCentreline
  ) -> QualityFlag? {
    let places =
      labels.landmarks.isEmpty
      ? labels.spine.map { LabelledBodies.centres($0, line: line).centres } ?? [:]
      : labels.landmarks
    return wrongNames(of: points, beside: places, along: line).map { wrong in
      QualityIssue.levelsContradicted.flag(
        "Two label files contradict each other: what \(file) calls \(wrong.given) is \(wrong.found) in "
          + "the other: correct one of them, or take it away.")
    }
  }

  /// The names of points that lie nearer to a place of another name, and those names; `nil` without
  /// any.
  private static func wrongNames(
    of points: [VertebralLevel: SIMD3<Double>], beside places: [VertebralLevel: SIMD3<Double>],
    along line: CordCentreline
  ) -> (given: String, found: String)? {
    let places = places.mapValues { line.arcLength(beside: $0) }
    var wrong: [(given: VertebralLevel, found: VertebralLevel)] = []
    for (level, point) in points.sorted(by: { $0.key < $1.key }) {
      let arc = line.arcLength(beside: point)
      // Where the point's own name has no place, its vertebra may be the next one.
      let reach = places[level] == nil ? halfBodyMM : reachMM
      guard let nearest = places.min(by: { abs($0.value - arc) < abs($1.value - arc) }),
        nearest.key != level, abs(nearest.value - arc) <= reach
      else { continue }
      wrong.append((level, nearest.key))
    }
    guard !wrong.isEmpty else { return nil }
    return (
      wrong.map(\.given.name).joined(separator: ", "),
      wrong.map(\.found.name).joined(separator: ", ")
    )
  }
}
