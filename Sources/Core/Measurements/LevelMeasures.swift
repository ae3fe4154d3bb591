/// What is measured of one disc level, as a screen shows it beside the level's score and verdict.
public struct LevelMeasures: Equatable, Sendable {
  /// The level.
  public var segment: SpinalSegment
  /// Smallest cord diameter in mm.
  public var cordApMm: MeasuredValue
  /// Smallest canal diameter in mm.
  public var canalApMm: MeasuredValue
  /// MSCC in percent against the adjacent mid-bodies.
  public var msccPercent: MeasuredValue
  /// MCC in percent against the same.
  public var mccPercent: MeasuredValue
  /// Cord over canal diameter in percent.
  public var occupationPercent: MeasuredValue
  /// Suggested grade 0...3 (Kang 2011); it knows of what is flagged.
  public var kangGrade: MeasuredValue
  /// Signal change ratio of the level's brightest lesion.
  public var scrRatio: MeasuredValue
  /// Suggested grade 1 or 2 (Yukawa 2007) of the same lesion.
  public var yukawaGrade: MeasuredValue
}

extension LevelMeasures {
  /// Takes a level out of a study's measurements.
  init(_ segment: SpinalSegment, of study: CervicalMeasurements) {
    let narrowing =
      study.levels.first { $0.level == segment.name }?.narrowing
      ?? NarrowingReader.missing(study.reason ?? "the level was not measured")
    let own = study.lesions.filter { $0.segments.contains(segment.name) }
    let brightest = own.max {
      ($0.scrRatio.value ?? -.infinity) < ($1.scrRatio.value ?? -.infinity)
    }
    let absence = Self.lesionAbsence(study)
    self.init(
      segment: segment, cordApMm: narrowing.cordApMm, canalApMm: narrowing.canalApMm,
      msccPercent: narrowing.msccAdjacentPercent, mccPercent: narrowing.mccAdjacentPercent,
      occupationPercent: narrowing.cordOccupationPercent, kangGrade: narrowing.kangGrade,
      scrRatio: brightest?.scrRatio ?? SignalReader.scr.missing(absence),
      yukawaGrade: brightest?.yukawaGrade ?? SignalReader.yukawa.missing(absence))
  }

  /// Why a level has no lesion's values; "none" only where it is known that there is none.
  private static func lesionAbsence(_ study: CervicalMeasurements) -> String {
    if let reason = study.reason { return reason }
    let voiding = study.quality.first { flag in
      flag.issue.map { $0.voids.contains(.signal) || $0.voids.contains(.cord) } ?? false
    }
    if let voiding { return voiding.reason }
    guard let signal = study.signal else {
      return "the cord is not labelled, or the slice has no grey values"
    }
    if study.lesions.contains(where: \.segments.isEmpty) {
      return "no lesion is placed here; one lies outside the levels or cannot be placed"
    }
    if study.lesions.isEmpty, let reason = signal.combinedType.reason { return reason }
    // What is flagged has a lesion of its own: this level is not, or nobody asked a detection. Only what
    // has a value is called measured: the ladder shows "-" for the others.
    let seen = study.lesions.filter { $0.source != .reader }
    if seen.isEmpty { return "no lesion is flagged or outlined here" }
    let measured = SpinalSegment.allCases.map(\.name).filter { name in
      seen.contains { $0.scrRatio.value != nil && $0.segments.contains(name) }
    }
    return "no lesion reaches far enough into this level"
      + (measured.isEmpty ? "" : "; measured in \(measured.joined(separator: ", "))")
  }

  /// The same with other words for reasons and flags, which may hold what a file says.
  func reworded(_ words: (String) -> String) -> LevelMeasures {
    var result = self
    result.cordApMm = cordApMm.reworded(words)
    result.canalApMm = canalApMm.reworded(words)
    result.msccPercent = msccPercent.reworded(words)
    result.mccPercent = mccPercent.reworded(words)
    result.occupationPercent = occupationPercent.reworded(words)
    result.kangGrade = kangGrade.reworded(words)
    result.scrRatio = scrRatio.reworded(words)
    result.yukawaGrade = yukawaGrade.reworded(words)
    return result
  }
}

extension MeasuredValue {
  fileprivate func reworded(_ words: (String) -> String) -> MeasuredValue {
    var result = self
    result.reason = reason.map(words)
    result.quality = quality.map { QualityFlag($0.flag, words($0.text), slices: $0.slices) }
    return result
  }
}
