internal import Imaging

/// All detectors' scores of one slice, its windows joined.
struct ScoredSlice {
  /// The slice: the main window's where there is no other, else one with more rows.
  let slice: PreparedSlice
  let cord: CordGeometry
  /// The pictures; `nil` when nothing on the slice can be assessed.
  let maps: StudyDetector.SliceMaps?
  /// By detector name; empty when the slice cannot be assessed.
  private let scores: [String: SliceScore]
  /// Whether some patch was never reconstructed.
  private let isIncomplete: Bool

  /// Joins the windows of a slice, superior to inferior.
  /// - Parameter rows: The rows that the study's windows cover, on the main window's grid.
  init(_ windows: [ScoredWindow], covering rows: Range<Int>) {
    isIncomplete = windows.contains(where: \.isIncomplete)
    let join = WindowJoin(
      firstRows: windows.map { $0.slice.firstRow - rows.lowerBound }, rows: rows.count)
    guard windows.count > 1 else {
      slice = windows[0].slice
      cord = windows[0].cord
      maps = windows[0].maps
      scores = Self.scores(windows, join, slice.anatomy)
      return
    }
    slice = join.slice(windows.map(\.slice))
    cord = CordGeometry(slice)
    maps = Self.maps(windows, join, slice)
    scores = Self.scores(windows, join, slice.anatomy)
  }

  /// Each detector's score of its joined curve.
  private static func scores(
    _ windows: [ScoredWindow], _ join: WindowJoin, _ anatomy: SliceAnatomy
  ) -> [String: SliceScore] {
    var scores: [String: SliceScore] = [:]
    for name in Set(windows.flatMap(\.curves.keys)) {
      let results = windows.map { $0.curves[name] }
      let curves = results.map { try? $0?.get() }
      guard curves.contains(where: { $0 != nil }) else {
        let reasons = results.compactMap { result -> String? in
          if case .failure(let none) = result { none.reason } else { nil }
        }
        scores[name] = .unassessable(reasons.first ?? "not computed")
        continue
      }
      let curve = windows.count == 1 ? curves[0] : join.curve(curves)
      guard let curve else { continue }
      scores[name] =
        SignalDetector(rawValue: name)?.score(curve, anatomy: anatomy)
        ?? SegmentScoring.score(curve, anatomy: anatomy)
    }
    return scores
  }

  private static func maps(
    _ windows: [ScoredWindow], _ join: WindowJoin, _ slice: PreparedSlice
  ) -> StudyDetector.SliceMaps? {
    guard windows.contains(where: { $0.maps != nil }) else { return nil }
    func joined(_ raster: (StudyDetector.SliceMaps) -> ImageRaster) -> ImageRaster {
      join.raster(windows.map { $0.maps.map(raster) }, fill: .nan)
    }
    return StudyDetector.SliceMaps(
      index: slice.index, grid: slice.grid, anomaly: joined(\.anomaly),
      epistemic: joined(\.epistemic), aleatoric: joined(\.aleatoric),
      reconstruction: joined(\.reconstruction))
  }

  /// Whether it has scores.
  var isScored: Bool { !scores.isEmpty }

  /// What a reader must know of the slice and of its reconstruction.
  var quality: [QualityFlag] {
    guard isIncomplete else { return slice.quality }
    return slice.quality + [
      QualityFlag(
        "reconstruction-incomplete",
        "Some patches were never reconstructed; they take no part in the score.")
    ]
  }

  /// One detector's score.
  func score(_ detector: String) -> SliceScore {
    if let reason = slice.unassessableReason { return .unassessable(reason) }
    return scores[detector] ?? .unassessable("not computed")
  }
}

extension [ScoredSlice] {
  /// The slice with a detector's largest patient score; the earlier of equals.
  func highest(_ detector: String) -> ScoredSlice? {
    var best: (slice: ScoredSlice, score: Double)?
    for slice in self {
      guard let score = slice.score(detector).patient else { continue }
      if score > best?.score ?? -.infinity { best = (slice, score) }
    }
    return best?.slice
  }
}
