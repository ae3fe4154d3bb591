internal import Foundation
internal import Imaging

/// Joins the scores of a study's slices into the stored detection.
struct DetectionReport {
  let study: PreparedStudy
  let slices: [ScoredSlice]
  let card: ModelCard
  let settings: StudyDetector.Settings
  let head: RowHead?

  private var name: String { settings.scoring.detectorName }
  private var thresholds: ModelCard.AppliedThresholds {
    card.appliedThresholds(of: settings.scoring, sampling: settings.sampling)
  }

  /// The largest value of any slice outside its assessable segments, and the slice's index; the
  /// earlier of equals.
  private var outside: (peak: Peak, slice: Int)? {
    var best: (peak: Peak, slice: Int)?
    for slice in slices {
      guard let peak = slice.score(name).outside else { continue }
      if peak.score > best?.peak.score ?? -.infinity { best = (peak, slice.slice.index) }
    }
    return best
  }

  /// Writes the detection.
  func detection(subject: String, image: String, imageSHA256: String?) -> Detection {
    let winner = slices.highest(name)
    let segments = SpinalSegment.allCases.map(segment)
    let curve = winner?.score(name).curve
    let detection = Detection(
      subject: subject, image: image, imageSha256: imageSHA256,
      sliceIndex: winner?.slice.index, patient: patient(winner, segments: segments),
      segments: segments, curve: stored(curve, of: winner), slices: slices.map(sliceEntry),
      opinions: opinions(),
      absoluteLevel: (winner ?? slices.first)?.slice.absoluteLevel.flatMap { finite(Double($0)) },
      levelSource: study.levels.source.rawValue, quality: quality,
      model: Detection.Model(
        name: card.name, sha256: card.sha256, context: settings.context, mc: settings.passes,
        seed: settings.seed, scoring: settings.scoring.rawValue,
        sampling: settings.sampling.rawValue, headSha256: head?.sha256,
        kernelPath: settings.kernelPath.rawValue, thresholdSource: thresholds.source),
      version: Notice.version, outsidePeak: (outside?.peak).map(rounded))
    return detection.callingNamedSegmentsOnly
  }

  private func patient(
    _ winner: ScoredSlice?, segments: [Detection.Segment]
  ) -> Detection.Patient {
    guard let winner, let score = finite(winner.score(name).patient) else {
      let reason =
        study.reason ?? slices.compactMap { $0.score(name).reason }.first
        ?? "no slice could be scored"
      return Detection.Patient(
        score: nil, threshold: thresholds.patient, flagged: false, assessable: false,
        reason: reason)
    }
    let isFlagged = score >= thresholds.patient
    var reasons = [winner.score(name).reason].compactMap { $0 }
    let unseen = segments.filter { !$0.assessable }.map(\.name)
    if study.levels.source != .missing {
      if isFlagged && !segments.contains(where: \.flagged) {
        reasons.append("the patient threshold is reached, but no segment reaches its own")
      }
      if !isFlagged && segments.contains(where: \.flagged) {
        reasons.append("a segment reaches its threshold, but the patient's score not its own")
      }
      if !unseen.isEmpty { reasons.append(Detection.Patient.unseen(unseen)) }
    }
    return Detection.Patient(
      score: score, threshold: thresholds.patient, flagged: isFlagged, assessable: true,
      reason: reasons.isEmpty ? nil : reasons.joined(separator: "; "))
  }

  /// The segment as the slice sees it on which it scores highest.
  private func segment(_ segment: SpinalSegment) -> Detection.Segment {
    let index = segment.rawValue
    var best: (slice: ScoredSlice, part: SegmentScore, score: Double)?
    for slice in slices {
      let part = slice.score(name).segments[index]
      guard let score = finite(part.score) else { continue }
      if score > best?.score ?? -.infinity { best = (slice, part, score) }
    }
    let second = secondOpinion(index)
    guard let best else {
      return unassessable(segment, second: second)
    }
    let isFlagged = best.score >= thresholds.segment
    let rows = best.part.rows
    return Detection.Segment(
      name: segment.name, score: best.score, threshold: thresholds.segment, flagged: isFlagged,
      assessable: true, reason: best.part.reason, rowFrom: rows?.lowerBound,
      rowTo: rows?.upperBound, zFromMm: rows.map { z($0.lowerBound, best.slice) },
      zToMm: rows.map { z($0.upperBound, best.slice) }, peakRow: best.part.peakRow,
      lengthMm: isFlagged ? lengthMM(best.slice, peak: best.part.peakRow) : nil,
      secondOpinionFlagged: second.flagged, secondOpinionScore: second.score,
      sliceIndex: best.slice.slice.index)
  }

  private func unassessable(
    _ segment: SpinalSegment, second: (score: Double?, flagged: Bool?)
  ) -> Detection.Segment {
    let parts = slices.map { $0.score(name).segments[segment.rawValue] }
    let rows = parts.compactMap(\.rows).first
    return Detection.Segment(
      name: segment.name, score: nil, threshold: thresholds.segment, flagged: false,
      assessable: false,
      reason: study.reason ?? parts.compactMap(\.reason).first ?? "no slice could be scored",
      rowFrom: rows?.lowerBound, rowTo: rows?.upperBound,
      zFromMm: slices.first.flatMap { s in rows.map { z($0.lowerBound, s) } },
      zToMm: slices.first.flatMap { s in rows.map { z($0.upperBound, s) } },
      secondOpinionFlagged: second.flagged, secondOpinionScore: second.score)
  }

  private func secondOpinion(_ index: Int) -> (score: Double?, flagged: Bool?) {
    let score = slices.compactMap {
      finite($0.score(SignalDetector.lc61.rawValue).segments[index].score)
    }.max()
    let limit = card.appliedThresholds(of: SignalDetector.lc61.rawValue)?.segment
    guard let score, let limit else { return (score, nil) }
    return (score, score >= limit)
  }

  /// Length of the run over the segment threshold around a peak, along the cord.
  private func lengthMM(_ slice: ScoredSlice, peak: Int?) -> Double? {
    let curve = slice.score(name).curve
    guard let peak, let at = curve.rows.firstIndex(of: peak) else { return nil }
    let isOver = { (n: Int) in rounded(Double(curve.values[n])) >= thresholds.segment }
    var first = at
    while first > 0, curve.rows[first - 1] == curve.rows[first] - 1, isOver(first - 1) {
      first -= 1
    }
    var last = at
    while last + 1 < curve.rows.count, curve.rows[last + 1] == curve.rows[last] + 1,
      isOver(last + 1)
    {
      last += 1
    }
    return hundredths(slice.cord.lengthMM(from: curve.rows[first], to: curve.rows[last]))
  }

  private func opinions() -> [Detection.Opinion] {
    settings.detectorNames(hasHead: head != nil).map { detector in
      let scores = slices.map { $0.score(detector) }
      let patient = scores.compactMap { finite($0.patient) }.max()
      let limits = card.appliedThresholds(of: detector, sampling: settings.sampling)
      return Detection.Opinion(
        detector: detector, patientScore: patient, threshold: limits?.patient,
        flagged: patient.flatMap { score in limits.map { score >= $0.patient } },
        segmentScores: SpinalSegment.allCases.indices.map { n in
          scores.compactMap { finite($0.segments[n].score) }.max()
        }, segmentThreshold: limits?.segment, thresholdSource: limits?.source)
    }
  }

  private func sliceEntry(_ slice: ScoredSlice) -> Detection.Slice {
    let score = slice.score(name)
    let grid = slice.slice.grid
    return Detection.Slice(
      index: slice.slice.index, score: finite(score.patient), reason: score.reason,
      curve: stored(score.curve, of: slice), gridOriginMm: list(grid.origin),
      gridColumnDirection: list(grid.columnDirection), gridRowDirection: list(grid.rowDirection),
      gridRows: grid.rows)
  }

  /// The study's flags, then those of every scored slice, which any segment's score may come from.
  private var quality: [QualityFlag] {
    var flags = study.quality
    let scored = slices.filter(\.isScored)
    // Where nothing could be scored, the chosen slice tells what is wrong with it.
    for slice in scored.isEmpty ? Array(slices.prefix(1)) : scored {
      for flag in slice.quality where !study.quality.contains(flag) {
        flags.add(flag, onSlice: slice.slice.index)
      }
    }
    if let outside, outside.peak.score >= thresholds.patient {
      let flag = QualityFlag(
        "peak-outside",
        "The curve also reaches the threshold outside the assessed segments (row "
          + "\(outside.peak.row)); this is not in the patient's score.")
      flags.add(flag, onSlice: outside.slice)
    }
    return flags
  }

  private func z(_ row: Int, _ slice: ScoredSlice) -> Double {
    let known = slice.cord.zMM.indices.contains(row) ? slice.cord.zMM[row] : .nan
    let middle = Double(SagittalGrid.side - 1) / 2
    return hundredths(
      known.isFinite ? known : slice.slice.grid.ras(row: Double(row), column: middle).z)
  }

  private func stored(_ curve: AnoCurve?, of slice: ScoredSlice?) -> Detection.Curve {
    guard let curve, let slice else { return Detection.Curve(row: [], zMm: [], value: []) }
    return Detection.Curve(
      row: curve.rows, zMm: curve.zMM.map(hundredths),
      value: curve.values.map { rounded(Double($0)) },
      secondOpinion: secondOpinion(on: curve.rows, of: slice))
  }

  /// The second opinion's values on the rows of a curve; `nil` where it has none on any of them.
  private func secondOpinion(on rows: [Int], of slice: ScoredSlice) -> [Double?]? {
    let curve = slice.score(SignalDetector.lc61.rawValue).curve
    let known = Dictionary(zip(curve.rows, curve.values), uniquingKeysWith: { first, _ in first })
    let values = rows.map { row in finite(known[row].map { Double($0) }) }
    return values.contains(where: { $0 != nil }) ? values : nil
  }

  private func list(_ v: SIMD3<Double>) -> [Double] { [v.x, v.y, v.z].map(rounded) }
  private func rounded(_ peak: Peak) -> Peak {
    Peak(row: peak.row, zMm: hundredths(peak.zMm), score: rounded(peak.score))
  }

  /// Scores are stored, and compared with thresholds, to six decimals.
  private func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
  private func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
  private func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? rounded($0) : nil }
  }
}
