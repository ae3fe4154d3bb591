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
    do { return score(try curve(slice, cord: cord), anatomy: slice.anatomy) } catch {
      return .unassessable(error.reason)
    }
  }

  /// The detector's curve on a slice or on one window of it; for T2-MI and RSCI the rows' signal,
  /// of which ``score(_:anatomy:)`` makes the index.
  /// - Throws: `NoCurve` with the reason why there is none.
  public func curve(
    _ slice: PreparedSlice, cord: CordGeometry
  ) throws(NoCurve) -> AnoCurve {
    switch self {
    case .lc61: return try lc61(slice, cord)
    case .zScore: return try zScore(slice, cord)
    case .t2MI, .rsci:
      return cord.curve(
        CoreScoring.smoothedRows(slice.image, cord: cord, rowWeight: slice.rowWeight))
    case .constant: return try constant(slice, cord)
    case .constantPaper: return try constantPaper(slice, cord)
    case .paperZScore, .paperSLIC, .paperDBSCAN:
      let map =
        switch self {
        case .paperZScore: PaperDetectors.zScoring(slice.image, cord: cord.cord)
        case .paperSLIC: PaperDetectors.slic(slice.image, cord: cord.cord)
        default: PaperDetectors.dbscan(slice.image, cord: cord.cord)
        }
      // Their own thresholds replace the percentile; islands and curve are the paper's.
      return PaperScoring(percentile: 0).curve(map, cord: cord)
    }
  }

  /// The score of a curve that ``curve(_:cord:)`` made, joined or not.
  public func score(_ curve: AnoCurve, anatomy: SliceAnatomy) -> SliceScore {
    switch self {
    case .t2MI: modulation(curve, anatomy, relative: false)
    case .rsci: modulation(curve, anatomy, relative: true)
    default: SegmentScoring.score(curve, anatomy: anatomy)
    }
  }

  private func lc61(
    _ slice: PreparedSlice, _ cord: CordGeometry
  ) throws(NoCurve) -> AnoCurve {
    guard let step = slice.step else { throw NoCurve("the cord-to-CSF step is unknown") }
    return CoreScoring.curve(
      signal: slice.image, cord: cord, step: step, rowWeight: slice.rowWeight)
  }

  private func zScore(
    _ slice: PreparedSlice, _ cord: CordGeometry
  ) throws(NoCurve) -> AnoCurve {
    let pixels = cord.core.pixels
    guard let centre = Percentiles.median(of: slice.image.pixels, where: pixels),
      let spread = Percentiles.scaledMAD(of: slice.image.pixels, where: pixels), spread > 0
    else { throw NoCurve("the cord's signal does not vary") }
    let rows = CoreScoring.smoothedRows(slice.image, cord: cord, rowWeight: slice.rowWeight)
    return cord.curve(rows.indices.map { (rows[$0] - centre) / spread * slice.rowWeight[$0] })
  }

  private func constant(
    _ slice: PreparedSlice, _ cord: CordGeometry
  ) throws(NoCurve) -> AnoCurve {
    guard let flat = slice.flattened(cord) else { throw NoCurve("there is no flat image") }
    return CoreScoring.curve(
      input: flat.normalised, mean: flat.normalised.map { _ in FlatLevels.cordValue },
      reconstructed: nil, cord: cord, steps: flat.flatSteps, levels: flat.inputLevels,
      rowWeight: slice.rowWeight)
  }

  private func constantPaper(
    _ slice: PreparedSlice, _ cord: CordGeometry
  ) throws(NoCurve) -> AnoCurve {
    guard let flat = slice.flattened(cord) else { throw NoCurve("there is no flat image") }
    return PaperScoring().curve(flat.normalised.map { $0 - FlatLevels.cordValue }, cord: cord)
  }

  /// T2-MI, or RSCI when `relative` (clinical notes, section 4), of the rows' signal.
  private func modulation(
    _ signal: AnoCurve, _ anatomy: SliceAnatomy, relative: Bool
  ) -> SliceScore {
    var base = SegmentScoring.score(signal, anatomy: anatomy)
    base.curve = AnoCurve(rows: [], zMM: [], values: [])
    base.outside = nil
    if anatomy.levelSource == .missing {
      return .unassessable("levels-missing: this index needs segments")
    }
    for n in base.segments.indices {
      guard base.segments[n].score != nil, let range = base.segments[n].rows else { continue }
      let values = signal.rows.indices.filter { range.contains(signal.rows[$0]) }
        .map { Double(signal.values[$0]) }
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

/// Why a detector has no curve on a slice.
public struct NoCurve: Error, Equatable {
  /// The reason, in words for the reader.
  public var reason: String

  /// Makes it.
  public init(_ reason: String) { self.reason = reason }
}
