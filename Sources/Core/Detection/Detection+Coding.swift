public import Foundation
internal import Imaging

// A value that is not known is written as null, so that scripts always find the key; synthesised
// encoding would leave the key out.

extension Detection {
  /// The JSON of `*_detection.json`: snake_case keys, sorted.
  /// - Parameter pretty: Indented for a file; on one line for `--json`.
  /// - Throws: `EncodingError` when a number is not finite.
  public func json(pretty: Bool = true) throws -> Data {
    try SnakeCaseJSON.data(self, pretty: pretty)
  }

  /// Reads the JSON of a detection.
  /// - Parameter path: Named in the error.
  /// - Throws: `ReadError` naming the field.
  public static func read(json: Data, path: String) throws -> Detection {
    try SnakeCaseJSON.decode(
      Detection.self, from: json, path: path, kind: "detection",
      advice: "run cordscope detect again")
  }

  private enum Key: String, CodingKey {
    case subject, image, imageSha256, sliceIndex, patient, segments, curve, slices, opinions
    case absoluteLevel, outsidePeak, levelSource, quality, model, version, notice
    case mapSha256, labelSha256, secondOpinionAgrees
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(subject, forKey: .subject)
    try c.encode(image, forKey: .image)
    try c.encode(imageSha256, forKey: .imageSha256)
    try c.encode(sliceIndex, forKey: .sliceIndex)
    try c.encode(patient, forKey: .patient)
    try c.encode(segments, forKey: .segments)
    try c.encode(curve, forKey: .curve)
    try c.encode(slices, forKey: .slices)
    try c.encode(opinions, forKey: .opinions)
    try c.encode(absoluteLevel, forKey: .absoluteLevel)
    try c.encode(outsidePeak, forKey: .outsidePeak)
    try c.encode(levelSource, forKey: .levelSource)
    try c.encode(quality, forKey: .quality)
    try c.encode(model, forKey: .model)
    try c.encode(version, forKey: .version)
    try c.encode(notice, forKey: .notice)
    try c.encode(mapSha256, forKey: .mapSha256)
    try c.encode(labelSha256, forKey: .labelSha256)
    try c.encode(secondOpinionAgrees, forKey: .secondOpinionAgrees)
  }
}

extension Detection.Patient {
  private enum Key: String, CodingKey { case score, threshold, flagged, assessable, reason }

  /// Reads a decision; what could not be assessed is not flagged.
  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: Key.self)
    self.init(
      score: try c.decodeIfPresent(Double.self, forKey: .score),
      threshold: try c.decode(Double.self, forKey: .threshold),
      flagged: try c.decodeIfPresent(Bool.self, forKey: .flagged) ?? false,
      assessable: try c.decode(Bool.self, forKey: .assessable),
      reason: try c.decodeIfPresent(String.self, forKey: .reason))
  }

  /// Writes every key, unknown values as null: a script must not read "not flagged" of a study that
  /// was not assessed.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(score, forKey: .score)
    try c.encode(threshold, forKey: .threshold)
    try c.encode(assessable ? flagged : nil, forKey: .flagged)
    try c.encode(assessable, forKey: .assessable)
    try c.encode(reason, forKey: .reason)
  }
}

extension Detection.Segment {
  private enum Key: String, CodingKey {
    case name, score, threshold, flagged, assessable, reason, rowFrom, rowTo, zFromMm, zToMm
    case peakRow, lengthMm, secondOpinionAgrees, secondOpinionFlagged, secondOpinionScore
    case sliceIndex
  }

  /// Reads a segment; what could not be assessed is not flagged.
  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: Key.self)
    self.init(
      name: try c.decode(String.self, forKey: .name),
      score: try c.decodeIfPresent(Double.self, forKey: .score),
      threshold: try c.decode(Double.self, forKey: .threshold),
      flagged: try c.decodeIfPresent(Bool.self, forKey: .flagged) ?? false,
      assessable: try c.decode(Bool.self, forKey: .assessable),
      reason: try c.decodeIfPresent(String.self, forKey: .reason),
      rowFrom: try c.decodeIfPresent(Int.self, forKey: .rowFrom),
      rowTo: try c.decodeIfPresent(Int.self, forKey: .rowTo),
      zFromMm: try c.decodeIfPresent(Double.self, forKey: .zFromMm),
      zToMm: try c.decodeIfPresent(Double.self, forKey: .zToMm),
      peakRow: try c.decodeIfPresent(Int.self, forKey: .peakRow),
      lengthMm: try c.decodeIfPresent(Double.self, forKey: .lengthMm),
      secondOpinionFlagged: try c.decodeIfPresent(Bool.self, forKey: .secondOpinionFlagged),
      secondOpinionScore: try c.decodeIfPresent(Double.self, forKey: .secondOpinionScore),
      sliceIndex: try c.decodeIfPresent(Int.self, forKey: .sliceIndex))
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(name, forKey: .name)
    try c.encode(score, forKey: .score)
    try c.encode(threshold, forKey: .threshold)
    try c.encode(assessable ? flagged : nil, forKey: .flagged)
    try c.encode(assessable, forKey: .assessable)
    try c.encode(reason, forKey: .reason)
    try c.encode(rowFrom, forKey: .rowFrom)
    try c.encode(rowTo, forKey: .rowTo)
    try c.encode(zFromMm, forKey: .zFromMm)
    try c.encode(zToMm, forKey: .zToMm)
    try c.encode(peakRow, forKey: .peakRow)
    try c.encode(lengthMm, forKey: .lengthMm)
    try c.encode(secondOpinionAgrees, forKey: .secondOpinionAgrees)
    try c.encode(secondOpinionFlagged, forKey: .secondOpinionFlagged)
    try c.encode(secondOpinionScore, forKey: .secondOpinionScore)
    try c.encode(sliceIndex, forKey: .sliceIndex)
  }
}

extension Detection.Curve {
  private enum Key: String, CodingKey { case row, zMm, value, secondOpinion }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(row, forKey: .row)
    try c.encode(zMm, forKey: .zMm)
    try c.encode(value, forKey: .value)
    try c.encode(secondOpinion, forKey: .secondOpinion)
  }
}

extension Detection.Slice {
  private enum Key: String, CodingKey {
    case index, score, reason, curve, gridOriginMm, gridColumnDirection, gridRowDirection, gridRows
  }

  /// Reads a slice; a file without `grid_rows` is from before windows were joined.
  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: Key.self)
    self.init(
      index: try c.decode(Int.self, forKey: .index),
      score: try c.decodeIfPresent(Double.self, forKey: .score),
      reason: try c.decodeIfPresent(String.self, forKey: .reason),
      curve: try c.decode(Detection.Curve.self, forKey: .curve),
      gridOriginMm: try c.decode([Double].self, forKey: .gridOriginMm),
      gridColumnDirection: try c.decode([Double].self, forKey: .gridColumnDirection),
      gridRowDirection: try c.decode([Double].self, forKey: .gridRowDirection),
      gridRows: try c.decodeIfPresent(Int.self, forKey: .gridRows) ?? SagittalGrid.side)
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(index, forKey: .index)
    try c.encode(score, forKey: .score)
    try c.encode(reason, forKey: .reason)
    try c.encode(curve, forKey: .curve)
    try c.encode(gridOriginMm, forKey: .gridOriginMm)
    try c.encode(gridColumnDirection, forKey: .gridColumnDirection)
    try c.encode(gridRowDirection, forKey: .gridRowDirection)
    try c.encode(gridRows, forKey: .gridRows)
  }
}

extension Detection.Opinion {
  private enum Key: String, CodingKey {
    case detector, patientScore, threshold, segmentThreshold, thresholdSource, flagged
    case segmentScores
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(detector, forKey: .detector)
    try c.encode(patientScore, forKey: .patientScore)
    try c.encode(threshold, forKey: .threshold)
    try c.encode(segmentThreshold, forKey: .segmentThreshold)
    try c.encode(thresholdSource, forKey: .thresholdSource)
    try c.encode(flagged, forKey: .flagged)
    try c.encode(segmentScores, forKey: .segmentScores)
  }
}

extension QualityFlag {
  private enum Key: String, CodingKey { case flag, text, slices }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(flag, forKey: .flag)
    try c.encode(text, forKey: .text)
    try c.encode(slices, forKey: .slices)
  }
}

extension Detection.Model {
  private enum Key: String, CodingKey {
    case name, sha256, context, mc, seed, scoring, sampling, headSha256, kernelPath
    case thresholdSource, scoringRevision
  }

  /// Reads a model; a file without `sampling` is from before there was another than by rows, one
  /// without `scoring_revision` from before the second.
  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: Key.self)
    self.init(
      name: try c.decode(String.self, forKey: .name),
      sha256: try c.decode(String.self, forKey: .sha256),
      context: try c.decode(String.self, forKey: .context), mc: try c.decode(Int.self, forKey: .mc),
      seed: try c.decode(UInt64.self, forKey: .seed),
      scoring: try c.decode(String.self, forKey: .scoring),
      scoringRevision: try c.decodeIfPresent(Int.self, forKey: .scoringRevision) ?? 1,
      sampling: try c.decodeIfPresent(String.self, forKey: .sampling)
        ?? CurveSampling.rows.rawValue,
      headSha256: try c.decodeIfPresent(String.self, forKey: .headSha256),
      kernelPath: try c.decode(String.self, forKey: .kernelPath),
      thresholdSource: try c.decode(String.self, forKey: .thresholdSource))
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(name, forKey: .name)
    try c.encode(sha256, forKey: .sha256)
    try c.encode(context, forKey: .context)
    try c.encode(mc, forKey: .mc)
    try c.encode(seed, forKey: .seed)
    try c.encode(scoring, forKey: .scoring)
    try c.encode(scoringRevision, forKey: .scoringRevision)
    try c.encode(sampling, forKey: .sampling)
    try c.encode(headSha256, forKey: .headSha256)
    try c.encode(kernelPath, forKey: .kernelPath)
    try c.encode(thresholdSource, forKey: .thresholdSource)
  }
}
