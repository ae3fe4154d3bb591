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

  /// The rows on which the cord of a slice touches the front or back edge of what was acquired; none
  /// where they are few.
  static func cutRows(_ cord: MaskRaster, covered: MaskRaster) -> Set<Int> {
    var rows: Set<Int> = []
    for row in 0..<cord.rows {
      let columns = (0..<cord.columns).filter { cord[row, $0] }
      guard let first = columns.first, let last = columns.last else { continue }
      let isInside =
        first > 0 && last + 1 < cord.columns && covered[row, first - 1] && covered[row, last + 1]
      if !isInside { rows.insert(row) }
    }
    return rows.count > touchingRows ? rows : []
  }

  /// A flag where the cord of a slice touches the front or back edge of what was acquired.
  static func atEdge(_ cord: MaskRaster, covered: MaskRaster) -> QualityFlag? {
    let rows = cutRows(cord, covered: covered).count
    guard rows > 0 else { return nil }
    return QualityIssue.cordLeavesView.flag(
      "The cord touches the edge of the picture on \(CountText.of(rows, "row", "rows")); what lies outside "
        + "is not assessed."
    )
  }

  /// Whether the cord goes on beyond the outermost slices.
  /// - Parameter areas: Cord pixels of each slice.
  private static func goesOn(_ areas: [Int], spacingMM: Double) -> Bool {
    guard Double(areas.count) * spacingMM >= wholeWidthMM, let largest = areas.max(), largest > 0
    else { return false }
    let limit = edgeShare * Double(largest)
    return Double(areas[0]) > limit || Double(areas[areas.count - 1]) > limit
  }

  /// The rows on which an outermost slice shows the cord widest: its middle lies on none of them.
  /// - Parameters:
  ///   - cords: The cord on each slice's grid.
  ///   - areas: Cord pixels of each slice.
  static func rowsBeyond(_ cords: [MaskRaster], areas: [Int], spacingMM: Double) -> Set<Int> {
    guard goesOn(areas, spacingMM: spacingMM), cords.count > 2, let rows = cords.first?.rows else {
      return []
    }
    let widths = cords.indices.map { areas[$0] > 0 ? CordMask.smoothedWidths(cords[$0]) : [] }
    func widest(_ slices: some Sequence<Int>, _ row: Int) -> Float {
      slices.map { widths[$0].isEmpty ? 0 : widths[$0][row] }.filter(\.isFinite).max() ?? 0
    }
    let last = cords.count - 1
    return Set((0..<rows).filter { widest([0, last], $0) > widest(1..<last, $0) })
  }

  /// A flag where the cord goes on beyond the outermost slices.
  /// - Parameter areas: Cord pixels of each slice.
  static func sideways(_ areas: [Int], spacingMM: Double) -> QualityFlag? {
    guard goesOn(areas, spacingMM: spacingMM) else { return nil }
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
