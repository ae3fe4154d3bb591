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

  /// A flag where points that are not used call a place otherwise than what is used does.
  ///
  /// - Parameters:
  ///   - points: RAS mm by level.
  ///   - file: The name of the points' file.
  ///   - labels: What is used: points, vertebrae, or discs.
  static func flag(
    _ points: [VertebralLevel: SIMD3<Double>], of file: String, against labels: StudyLabels
  ) -> QualityFlag? {
    guard let line = labels.lineOfNames else { return nil }
    return wrongNames(of: points, beside: labels.namedPoints(along: line), along: line)
      .map { wrong in
        QualityIssue.levelsContradicted.flag(
          "\(file) contradicts the names that are used: what it calls \(wrong.given) is called "
            + "\(wrong.found) there. Correct whichever is wrong, or take the file away.")
      }
  }

  /// The names of points that lie nearer to a place of another name, and those names; `nil` without
  /// any.
  private static func wrongNames(
    of points: [VertebralLevel: SIMD3<Double>], beside places: [VertebralLevel: SIMD3<Double>],
    along line: CordCentreline
  ) -> (given: String, found: String)? {
    // C1 has no body: its middle lies beside the dens of C2.
    let places = places.filter { $0.key > .c1 }.mapValues { line.arcLength(beside: $0) }
    var wrong: [(given: VertebralLevel, found: VertebralLevel)] = []
    for (level, point) in points.sorted(by: { $0.key < $1.key }) where level > .c1 {
      let arc = line.arcLength(beside: point)
      // Where the point's own name has no place, its vertebra may be the next one.
      let reach = places[level] == nil ? halfBodyMM : reachMM
      guard
        let nearest = places.min(by: {
          (abs($0.value - arc), $0.key) < (abs($1.value - arc), $1.key)
        }),
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

extension StudyLabels {
  /// The line that names are compared along: the cord, or the vertebrae where there is none.
  fileprivate var lineOfNames: CordCentreline? {
    if let line = cord.flatMap(CordCentreline.init(cord:)) { return line }
    let points =
      landmarks.isEmpty
      ? spine.map { LabelledBodies.centres($0, line: nil).centres } ?? [:] : landmarks
    return CordCentreline(points: points.sorted { $0.key < $1.key }.map(\.value))
  }
}
