internal import Imaging

/// Whether the cord is cut by the edge of what was acquired, or ends before the levels do.
enum ViewCheck {
  /// Rows on which the cord may touch the edge.
  static let touchingRows = 5
  /// Stacks narrower than this in mm show the middle of a cord (13 mm wide) by intention.
  static let wholeWidthMM = 20.0
  /// The area of the cord on an outermost slice, as a share of the largest, by which it goes on
  /// beyond.
  static let edgeShare = 0.3
  /// How far in mm the cord may end short of a labelled level.
  static let shortMM = 6.0

  /// A flag where the cord of a slice touches the front or back edge of what was acquired.
  static func atEdge(_ cord: MaskRaster, covered: MaskRaster) -> QualityFlag? {
    var rows = 0
    for row in 0..<cord.rows {
      let columns = (0..<cord.columns).filter { cord[row, $0] }
      guard let first = columns.first, let last = columns.last else { continue }
      let isInside =
        first > 0 && last + 1 < cord.columns && covered[row, first - 1] && covered[row, last + 1]
      if !isInside { rows += 1 }
    }
    guard rows > touchingRows else { return nil }
    return QualityIssue.cordLeavesView.flag(
      "The cord touches the edge of the picture on \(rows) rows; what lies outside is not assessed."
    )
  }

  /// A flag where the cord goes on beyond the outermost slices.
  /// - Parameter areas: Cord pixels of each slice.
  static func sideways(_ areas: [Int], spacingMM: Double) -> QualityFlag? {
    guard Double(areas.count) * spacingMM >= wholeWidthMM, let largest = areas.max(), largest > 0
    else { return nil }
    let limit = edgeShare * Double(largest)
    guard Double(areas[0]) > limit || Double(areas[areas.count - 1]) > limit else { return nil }
    return QualityIssue.cordLeavesView.flag(
      "The cord goes on beyond the outermost slice: it is not seen as a whole.")
  }

  /// A flag where the cord ends above C7-T1, or begins below C2, though these levels are labelled.
  static func lengthwise(_ levels: StudyLevels, line: CordCentreline?) -> QualityFlag? {
    let known = levels.points.filter { $0.key >= .c2 && $0.key <= .t1 }
    guard let line, let top = line.points.first, let bottom = line.points.last else { return nil }
    let unseen = known.filter { $0.value.z > top.z + shortMM || $0.value.z < bottom.z - shortMM }
    guard !unseen.isEmpty else { return nil }
    let names = unseen.keys.sorted().map(\.name).joined(separator: ", ")
    return QualityIssue.cordLeavesView.flag(
      "The cord is not labelled beside \(names): segments there are not assessed.")
  }
}
