internal import Imaging

/// Whether a detection that was read from a file says things that fit together.
///
/// Screens and exports index by what a detection says: a file that was altered or damaged must be
/// refused here, not trap there.
enum DetectionCheck {
  /// No score or position in mm is larger than this.
  private static let largest = 1e9
  /// Rows of a grid: one window to as many as reach along any patient.
  private static let gridRows = SagittalGrid.side...(16 * SagittalGrid.side)

  /// Throws unless rows lie on the grid, arrays of one curve are equally long, planes are whole,
  /// numbers are such as can be drawn, and the six segments are listed in order.
  ///
  /// - Throws: `ReadError` naming the file and the key.
  static func check(_ detection: Detection, path: String) throws {
    func fail(_ field: String, _ problem: String) -> ReadError {
      ReadError(path: path, field: field, problem: problem, advice: "run cordscope detect again")
    }
    guard detection.segments.map(\.name) == SpinalSegment.allCases.map(\.name) else {
      throw fail("segments", "does not list C2-3 to C7-T1 in this order")
    }
    let rows = detection.slices.map(\.gridRows)
    guard rows.allSatisfy(gridRows.contains), Set(rows).count <= 1 else {
      throw fail("slices.grid_rows", "are not the rows of one grid")
    }
    let side = rows.first ?? SagittalGrid.side
    func isRow(_ row: Int) -> Bool { (0..<side).contains(row) }
    let patient = detection.patient
    guard areDrawable([patient.score, patient.threshold]) else {
      throw fail("patient", "has a number out of all bounds")
    }
    if let peak = detection.outsidePeak {
      guard isRow(peak.row), areDrawable([peak.score, peak.zMm]) else {
        throw fail("outside_peak", "lies nowhere on the grid")
      }
    }
    for segment in detection.segments {
      guard
        areDrawable([
          segment.score, segment.threshold, segment.zFromMm, segment.zToMm, segment.lengthMm,
          segment.secondOpinionScore,
        ])
      else { throw fail("segments \(segment.name)", "has a number out of all bounds") }
      let rows = [segment.rowFrom, segment.rowTo, segment.peakRow].compactMap { $0 }
      guard rows.allSatisfy(isRow) else {
        throw fail("segments \(segment.name)", "has a row outside 0 to \(side - 1)")
      }
      if let from = segment.rowFrom, let to = segment.rowTo, from > to {
        throw fail("segments \(segment.name)", "ends above where it begins")
      }
    }
    if let problem = problem(detection.curve, rows: side) { throw fail("curve", problem) }
    for (number, slice) in detection.slices.enumerated() {
      let field = "slices.\(number)"
      if let problem = problem(slice.curve, rows: side) { throw fail("\(field).curve", problem) }
      guard slice.grid != nil, areDrawable(slice.gridOriginMm) else {
        throw fail("\(field).grid", "is no plane")
      }
      guard isSlice(slice.index) else {
        throw fail("\(field).index", "is no slice number")
      }
    }
    try checkSliceNumbers(detection, fail)
    for opinion in detection.opinions
    where opinion.segmentScores.count != SpinalSegment.allCases.count {
      throw fail("opinions \(opinion.detector)", "does not give six segment scores")
    }
  }

  /// Throws unless what names slices names such as there can be: pages count them from 1.
  private static func checkSliceNumbers(
    _ detection: Detection, _ fail: (_ field: String, _ problem: String) -> ReadError
  ) throws {
    guard detection.sliceIndex.map(isSlice) ?? true else {
      throw fail("slice_index", "is no slice number")
    }
    for segment in detection.segments where segment.sliceIndex.map(isSlice) == false {
      throw fail("segments \(segment.name)", "has a slice that is no slice number")
    }
    for flag in detection.quality where flag.slices?.allSatisfy(isSlice) == false {
      throw fail("quality \(flag.flag)", "has a slice that is no slice number")
    }
  }

  private static func problem(_ curve: Detection.Curve, rows: Int) -> String? {
    guard curve.row.count == curve.value.count, curve.row.count == curve.zMm.count else {
      return "row, z_mm and value are not equally long"
    }
    if let second = curve.secondOpinion, second.count != curve.row.count {
      return "row and second_opinion are not equally long"
    }
    guard areDrawable(curve.value), areDrawable(curve.zMm),
      areDrawable(curve.secondOpinion ?? [])
    else {
      return "has a number out of all bounds"
    }
    guard curve.row.allSatisfy((0..<rows).contains) else {
      return "has a row outside 0 to \(rows - 1)"
    }
    return zip(curve.row, curve.row.dropFirst()).allSatisfy(<) ? nil : "its rows do not rise"
  }

  private static func isSlice(_ index: Int) -> Bool { (0..<65_536).contains(index) }

  private static func areDrawable(_ numbers: [Double?]) -> Bool {
    numbers.allSatisfy { $0.map(isDrawable) ?? true }
  }

  /// Whether a number is one, and such as can be drawn and written.
  static func isDrawable(_ number: Double) -> Bool { abs(number) <= largest }
}
