internal import Imaging

/// The detectors without training, computed beside every network (method, section 10).
public enum SignalDetector: String, CaseIterable, Codable, Sendable {
  /// Local contrast: row mean less its running median over 61 rows. The second opinion.
  case lc61
  /// Deviation from the cord's median in robust standard deviations; sees long lesions.
  case zScore = "z-score"
  /// 100 (max - min) / mean of the row means within a segment.
  case t2MI = "t2-mi"
  /// A segment's T2-MI over the mean of its own and its neighbours'.
  case rsci
  /// Reconstruction by the flat cord level itself, scored as `core`.
  case constant
  /// The same, scored as the paper does.
  case constantPaper = "constant-paper"
  /// The paper's Z-scoring of pixels.
  case paperZScore = "paper-z-scoring"
  /// The paper's superpixels.
  case paperSLIC = "paper-slic"
  /// The paper's density clustering.
  case paperDBSCAN = "paper-dbscan"

  /// Scores a slice.
  /// - Parameter cord: The slice's own cord, measured once for all detectors.
  public func score(_ slice: PreparedSlice, cord: CordGeometry) -> SliceScore {
    if let reason = slice.unassessableReason { return .unassessable(reason) }
    switch self {
    case .lc61: return lc61(slice, cord)
    case .zScore: return zScore(slice, cord)
    case .t2MI: return modulation(slice, cord, relative: false)
    case .rsci: return modulation(slice, cord, relative: true)
    case .constant: return constant(slice, cord)
    case .constantPaper: return constantPaper(slice, cord)
    case .paperZScore, .paperSLIC, .paperDBSCAN:
      let map =
        switch self {
        case .paperZScore: PaperDetectors.zScoring(slice.image, cord: cord.cord)
        case .paperSLIC: PaperDetectors.slic(slice.image, cord: cord.cord)
        default: PaperDetectors.dbscan(slice.image, cord: cord.cord)
        }
      // Their own thresholds replace the percentile; islands and curve are the paper's.
      return SegmentScoring.score(
        PaperScoring(percentile: 0).curve(map, cord: cord), anatomy: slice.anatomy)
    }
  }

  private func lc61(_ slice: PreparedSlice, _ cord: CordGeometry) -> SliceScore {
    guard let step = slice.step else { return .unassessable("the cord-to-CSF step is unknown") }
    return SegmentScoring.score(
      CoreScoring.curve(
        signal: slice.image, cord: cord, step: step, rowWeight: slice.rowWeight),
      anatomy: slice.anatomy)
  }

  private func zScore(_ slice: PreparedSlice, _ cord: CordGeometry) -> SliceScore {
    let pixels = cord.core.pixels
    guard let centre = Percentiles.median(of: slice.image.pixels, where: pixels),
      let spread = Percentiles.scaledMAD(of: slice.image.pixels, where: pixels), spread > 0
    else { return .unassessable("the cord's signal does not vary") }
    let rows = CoreScoring.smoothedRows(slice.image, cord: cord, rowWeight: slice.rowWeight)
    let values = rows.indices.map { (rows[$0] - centre) / spread * slice.rowWeight[$0] }
    return SegmentScoring.score(cord.curve(values), anatomy: slice.anatomy)
  }

  private func constant(_ slice: PreparedSlice, _ cord: CordGeometry) -> SliceScore {
    guard let flat = slice.flatImage(cord) else { return .unassessable("there is no flat image") }
    return SegmentScoring.score(
      CoreScoring.curve(
        input: flat, mean: flat.map { _ in FlatLevels.cordValue }, reconstructed: nil, cord: cord,
        steps: slice.flatSteps, rowWeight: slice.rowWeight), anatomy: slice.anatomy)
  }

  private func constantPaper(_ slice: PreparedSlice, _ cord: CordGeometry) -> SliceScore {
    guard let flat = slice.flatImage(cord) else { return .unassessable("there is no flat image") }
    let error = flat.map { $0 - FlatLevels.cordValue }
    return SegmentScoring.score(
      PaperScoring().curve(error, cord: cord), anatomy: slice.anatomy)
  }

  /// T2-MI, or RSCI when `relative` (clinical notes, section 4).
  private func modulation(
    _ slice: PreparedSlice, _ cord: CordGeometry, relative: Bool
  ) -> SliceScore {
    let rows = CoreScoring.smoothedRows(slice.image, cord: cord, rowWeight: slice.rowWeight)
    var base = SegmentScoring.score(cord.curve(rows), anatomy: slice.anatomy)
    base.curve = AnoCurve(rows: [], zMM: [], values: [])
    base.outside = nil
    if slice.anatomy.levelSource == .missing {
      return .unassessable("levels-missing: this index needs segments")
    }
    for n in base.segments.indices {
      guard base.segments[n].score != nil, let range = base.segments[n].rows else { continue }
      let values = range.compactMap { rows[$0].isNaN ? nil : Double(rows[$0]) }
      let mean = values.reduce(0, +) / Double(max(values.count, 1))
      guard mean > 0, let low = values.min(), let high = values.max() else {
        base.segments[n].score = nil
        base.segments[n].reason = "the cord's mean signal is not positive"
        continue
      }
      base.segments[n].score = 100 * (high - low) / mean
    }
    if relative { Self.makeRelative(&base.segments) }
    base.patient = base.segments.compactMap(\.score).max()
    return base
  }

  /// Each index over the mean of its own and its assessable neighbours'.
  private static func makeRelative(_ segments: inout [SegmentScore]) {
    let indices = segments.map(\.score)
    for n in segments.indices {
      guard let own = indices[n] else { continue }
      let group = [n - 1, n, n + 1].compactMap { indices.indices.contains($0) ? indices[$0] : nil }
      let mean = group.reduce(0, +) / Double(group.count)
      if group.count < 2 {
        segments[n].score = nil
        segments[n].reason = "no neighbouring segment can be assessed"
      } else {
        segments[n].score = mean > 0 ? own / mean : 1
      }
    }
  }
}
