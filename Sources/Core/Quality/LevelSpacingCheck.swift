internal import Imaging

/// Whether the distances between vertebrae are those of a neck.
enum LevelSpacingCheck {
  /// Distance between the centres of neighbouring vertebrae C3 ... T1 in mm.
  ///
  /// Measured 20 to 21 mm on a released sample (clinical.md, section 7); 10 and 30 mm lie far outside
  /// of adults, and below a lumbar vertebra's 30 to 40 mm.
  static let rangeMM = 10.0...30.0
  /// From C2, whose centre lies high because of its dens, to C3: 37.7 rows = 29.5 mm measured.
  static let c2RangeMM = 12.0...45.0

  /// A flag where the distance between two known neighbours is impossible.
  ///
  /// Levels that are missing between two known ones count with equal distances. One of two points may lie on
  /// the cord and the other in a body, 17 mm in front of it: they are too far apart only where they are so
  /// along the cord, too.
  /// - Parameter line: The cord; without it straight distances decide.
  static func flag(_ levels: StudyLevels, along line: CordCentreline? = nil) -> QualityFlag? {
    let known = levels.points.keys.filter { $0 >= .c2 && $0 <= .t1 }.sorted()
    for (upper, lower) in zip(known, known.dropFirst()) {
      guard let a = levels.points[upper], let b = levels.points[lower] else { continue }
      let d = b - a
      let straight = (d * d).sum().squareRoot()
      let along = line.map { abs($0.arcLength(beside: b) - $0.arcLength(beside: a)) } ?? straight
      let steps = Double(lower.rawValue - upper.rawValue)
      let isC2 = upper == .c2
      let least = rangeMM.lowerBound * (steps - 1) + (isC2 ? c2RangeMM : rangeMM).lowerBound
      let most = rangeMM.upperBound * (steps - 1) + (isC2 ? c2RangeMM : rangeMM).upperBound
      let gap = straight < least ? straight : min(straight, along)
      guard straight < least || gap > most else { continue }
      return QualityIssue.levelsImplausible.flag(
        "\(upper.name) and \(lower.name) lie \(gap.tenths) mm apart (\(least.tenths) to "
          + "\(most.tenths) mm is possible): the vertebrae are misnamed or the labels wrong.")
    }
    return nil
  }
}
