internal import Imaging

/// The levels of a study in the patient, and how they were found.
public struct StudyLevels: Equatable, Sendable {
  /// RAS mm of each known vertebra's centre (or of the cord beside it).
  public var points: [VertebralLevel: SIMD3<Double>]
  /// Where they come from.
  public var source: LevelSource
  /// What the reader must know of them.
  public var quality: [QualityFlag]

  /// Makes a set of levels.
  public init(
    points: [VertebralLevel: SIMD3<Double>], source: LevelSource, quality: [QualityFlag] = []
  ) {
    self.points = points
    self.source = source
    self.quality = quality
  }

  /// No levels, with the reason.
  static func missing(_ reason: String) -> StudyLevels {
    StudyLevels(
      points: [:], source: .missing,
      quality: [QualityFlag("levels-missing", "Segments cannot be named: \(reason).")])
  }

  /// No levels, for those that are labelled contradict themselves: what rests on them is no number.
  static func implausible(_ fault: String) -> StudyLevels {
    var levels = missing(fault)
    levels.quality.append(QualityIssue.levelsImplausible.flag("\(fault): correct the labels."))
    return levels
  }
}

/// Decides the levels of a study from whatever labels it has (method, section 1).
public enum LevelRules {
  /// Landmarks first, then labelled vertebrae, then labelled discs; else none, with the reason.
  /// - Parameter line: The cord's centreline; without it nothing can be interpolated.
  public static func resolve(_ labels: StudyLabels, along line: CordCentreline?) -> StudyLevels {
    if !labels.landmarks.isEmpty { return fromLandmarks(labels, line) }
    if let spine = labels.spine {
      var levels = fromSpine(spine, line)
      // Names that were counted or found here stay so, in whatever file they are kept.
      if [.counted, .segmented].contains(labels.levelSource), levels.source == .labelled {
        levels.source = labels.levelSource
      }
      return levels
    }
    if let known = labels.quality.first(where: { $0.flag == "levels-missing" }) {
      return StudyLevels(points: [:], source: .missing, quality: [known])
    }
    return .missing("no vertebra, disc or landmark is labelled")
  }

  /// Whether the levels have no gap between the first and the last, and are at least two.
  static func isUnbroken(_ landmarks: [VertebralLevel: SIMD3<Double>]) -> Bool {
    let known = landmarks.keys.sorted()
    guard let first = known.first, let last = known.last else { return false }
    return known.count > 1 && last.rawValue - first.rawValue + 1 == known.count
  }

  private static func fromLandmarks(
    _ labels: StudyLabels, _ line: CordCentreline?
  ) -> StudyLevels {
    if let fault = misordered(labels.landmarks) { return .implausible(fault) }
    if labels.levelSource == .segmented, let spine = labels.spine,
      let levels = completed(labels.landmarks, by: spine, line)
    {
      return levels
    }
    if isUnbroken(labels.landmarks) {
      let source = labels.levelSource == .missing ? .labelled : labels.levelSource
      return StudyLevels(points: labels.landmarks, source: source)
    }
    guard let line else { return .missing("levels between landmarks need a cord mask") }
    let (levels, reason) = LevelInterpolation.interpolate(labels.landmarks, along: line)
    guard let levels else { return .missing(reason ?? "the landmarks cannot be used") }
    let names = labels.landmarks.keys.sorted().map(\.name).joined(separator: ", ")
    return StudyLevels(
      points: levels, source: .interpolated,
      quality: [
        QualityFlag(
          "levels-interpolated",
          "Levels are placed along the cord between landmarks at \(names); "
            + "a segment can be off by half a level.")
      ])
  }

  /// Landmarks that others gave, and beside them the vertebrae that were found and bear names by them;
  /// `nil` where these do not lie in order with the landmarks, or leave a gap that cannot be closed.
  private static func completed(
    _ landmarks: [VertebralLevel: SIMD3<Double>], by spine: LabelVolume, _ line: CordCentreline?
  ) -> StudyLevels? {
    let found = LabelledBodies.centres(spine, line: line).centres
    let known = landmarks.merging(found) { given, _ in given }
    guard misordered(known) == nil else { return nil }
    let added = found.keys.filter { landmarks[$0] == nil }.sorted()
    let names = VertebralLevel.words(landmarks.keys.sorted())
    var quality: [QualityFlag] = []
    if !added.isEmpty {
      quality.append(
        QualityFlag(
          "levels-completed",
          "The given places of \(names) are used; \(VertebralLevel.words(added)) beside them as found "
            + "by the anatomy network and named by them."))
    }
    if isUnbroken(known) {
      return StudyLevels(points: known, source: .segmented, quality: quality)
    }
    guard let line, let all = LevelInterpolation.interpolate(known, along: line).levels else {
      return nil
    }
    let between = VertebralLevel.words(all.keys.filter { known[$0] == nil }.sorted())
    quality.append(
      QualityFlag(
        "levels-interpolated",
        "\(between) are neither given nor found and are placed along the cord between their neighbours; "
          + "a segment can be off by half a level."))
    return StudyLevels(points: all, source: .interpolated, quality: quality)
  }

  private static func fromSpine(_ spine: LabelVolume, _ line: CordCentreline?) -> StudyLevels {
    let (bodies, quality) = LabelledBodies.centres(spine, line: line)
    if bodies.count >= 2 {
      if let fault = misordered(bodies) { return .implausible(fault) }
      guard !isUnbroken(bodies), let line else {
        return StudyLevels(points: bodies, source: .labelled, quality: quality)
      }
      let (levels, _) = LevelInterpolation.interpolate(bodies, along: line)
      guard let levels else {
        return StudyLevels(points: bodies, source: .labelled, quality: quality)
      }
      let names = VertebralLevel.words(levels.keys.filter { bodies[$0] == nil }.sorted())
      let flag = QualityFlag(
        "levels-interpolated",
        "Not labelled between vertebrae that are, and placed along the cord between these: \(names); a "
          + "segment can be off by half a level.")
      return StudyLevels(points: levels, source: .labelled, quality: quality + [flag])
    }
    let discs = LabelledBodies.discs(spine)
    let (landmarks, discQuality) = DiscLevels.landmarks(discs: discs)
    guard landmarks.count >= 2 else {
      return .missing("fewer than two vertebrae or three discs between C2 and T3 are labelled")
    }
    if let fault = misordered(landmarks) { return .implausible(fault) }
    return StudyLevels(points: landmarks, source: .discs, quality: discQuality)
  }

  /// A sentence when a lower vertebra does not lie below an upper one.
  private static func misordered(_ levels: [VertebralLevel: SIMD3<Double>]) -> String? {
    let known = levels.keys.sorted()
    for (upper, lower) in zip(known, known.dropFirst()) {
      guard let a = levels[upper], let b = levels[lower] else { continue }
      if !(a.z > b.z) { return "\(lower.name) is not below \(upper.name) in the labels" }
    }
    return nil
  }
}
