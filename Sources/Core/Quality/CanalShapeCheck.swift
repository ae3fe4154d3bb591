internal import Imaging

/// Whether an outline can be that of a canal: it is deep enough, and holds more than the cord.
struct CanalShapeCheck: Equatable {
  /// A canal less deep than this is none, in mm.
  ///
  /// The narrowest place of 102 phantoms of all classes is 4.7 mm deep, over a few mm of its length; that
  /// of four volunteers 9.2 mm (decision 015).
  static let leastMM = 6.0
  /// Share of rows that may be less deep, or without any fluid before and behind the cord.
  ///
  /// A severe stenosis is so at one to three discs, about 8 mm each of the 110 mm from C2 to T1. Phantoms
  /// are so on at most 10 % of their rows, volunteers on none, a mask that follows the cord on most.
  static let oddShare = 0.25
  /// Rows are judged from so many on.
  private static let leastRows = 20

  /// How many rows were judged.
  private(set) var judged = 0
  /// Depths in mm of those that no canal has.
  private(set) var odd: [Double] = []

  /// Looks at one slice.
  /// - Parameters:
  ///   - canal: The canal's mask on the canonical grid, with or without the cord in it.
  ///   - cord: The cord's, without specks and holes.
  ///   - rows: The rows to judge.
  init(_ canal: MaskRaster, cord: MaskRaster, rows: [Int]) {
    let cords = (0..<cord.rows).map { Self.run(cord, row: $0) }
    func middle(_ row: Int) -> Double? {
      guard cords.indices.contains(row), let run = cords[row] else { return nil }
      return Double(run.lowerBound + run.upperBound) / 2
    }
    for row in rows where cords.indices.contains(row) {
      guard let run = cords[row] else { continue }
      judged += 1
      var (first, last) = (run.lowerBound, run.upperBound)
      while first > 0, canal[row, first - 1] { first -= 1 }
      while last + 1 < canal.columns, canal[row, last + 1] { last += 1 }
      // The cosine of the cord's tilt over about 8 mm, as for the cord's own depth.
      var slope = 0.0
      if let above = middle(row - 5), let below = middle(row + 5) { slope = (below - above) / 10 }
      let depth =
        Double(last - first + 1) * SagittalGrid.spacing / (1 + slope * slope).squareRoot()
      if depth < Self.leastMM || first...last == run { odd.append(depth) }
    }
  }

  /// The rows of a slice that are judged: those on which the cord lies in the slice and is not cut, and,
  /// where levels are known, from C2 to T1: canals are often labelled no farther.
  static func rows(of slice: PreparedSlice) -> [Int] {
    let known = slice.anatomy.levelRows.filter { $0.key >= .c2 && $0.key <= .t1 }.map(\.value)
    return slice.rowWeight.indices.filter { row in
      guard slice.rowWeight[row] >= 1, !slice.unseenRows.contains(row) else { return false }
      guard known.count > 1, let top = known.min(), let bottom = known.max() else { return true }
      return (top...bottom).contains(Double(row))
    }
  }

  /// First and last pixel of a row.
  private static func run(_ mask: MaskRaster, row: Int) -> ClosedRange<Int>? {
    let columns = (0..<mask.columns).filter { mask[row, $0] }
    guard let first = columns.first, let last = columns.last else { return nil }
    return first...last
  }

  /// The flag, where too much of it is none of a canal.
  var flag: QualityFlag? {
    guard judged >= Self.leastRows, Double(odd.count) > Self.oddShare * Double(judged) else {
      return nil
    }
    return QualityIssue.canalImplausible.flag(
      "The canal's outline is no canal's: on \(odd.count) of \(judged) rows it is under "
        + "\(Self.leastMM.tenths) mm deep or ends where the cord does (typically "
        + "\(PlaneLine.median(odd).tenths) mm): it is drawn too narrow, or on a part only.")
  }
}
