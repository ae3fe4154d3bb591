/// Levels between landmarks, placed along the cord by typical body spacing (method, section 1).
enum LevelInterpolation {
  /// Typical distances in mm from the centre of each vertebra to that of the next, along the cord.
  ///
  /// Only their proportions matter: they are stretched between the landmarks. Read from sagittal
  /// T2 images of adults. C2-C3 is a compromise, because some tools mark the middle of C2 with
  /// its dens and others the middle of its body.
  static let typicalSpacingMM: [(below: VertebralLevel, distance: Double)] = [
    (.c1, 20), (.c2, 25), (.c3, 20.5), (.c4, 19.5), (.c5, 19.5), (.c6, 21), (.c7, 22),
    (.t1, 23), (.t2, 23.5),
  ]

  /// The typical place of a level in mm below C1.
  static func typicalPositionMM(_ level: VertebralLevel) -> Double {
    typicalSpacingMM.filter { $0.below < level }.reduce(0) { $0 + $1.distance }
  }

  /// All levels between the outermost landmarks; `nil` and a reason when they are implausible.
  static func interpolate(
    _ landmarks: [VertebralLevel: SIMD3<Double>], along line: CordCentreline
  ) -> (levels: [VertebralLevel: SIMD3<Double>]?, reason: String?) {
    let known = landmarks.keys.sorted()
    guard known.count >= 2 else { return (nil, "fewer than two level landmarks") }
    if let reason = farFromCord(landmarks, line) { return (nil, reason) }
    var levels: [VertebralLevel: SIMD3<Double>] = [:]
    for (upper, lower) in zip(known, known.dropFirst()) {
      guard let a = landmarks[upper], let b = landmarks[lower] else { continue }
      let start = line.arcLength(beside: a)
      let length = line.arcLength(beside: b) - start
      let from = typicalPositionMM(upper)
      let typical = typicalPositionMM(lower) - from
      let stretch = length / typical
      guard stretch > 0.6, stretch < 1.5 else {
        // A damaged affine can make lengths that no whole number holds.
        let apart = length.isFinite ? Int(min(max(length, -1e6), 1e6).rounded()) : 0
        return (
          nil,
          "\(upper.name) and \(lower.name) lie \(apart) mm apart along the cord, "
            + "\(Int(typical.rounded())) mm would be typical"
        )
      }
      levels[upper] = a
      levels[lower] = b
      for level in VertebralLevel.allCases where level > upper && level < lower {
        levels[level] = line.point(
          atProlongedArcLength: start + (typicalPositionMM(level) - from) * stretch)
      }
    }
    return (levels, nil)
  }

  /// Landmarks may lie this far beyond an end of the cord mask, in mm: about a vertebra.
  static let beyondMM = 25.0

  /// A sentence when a landmark lies too far above or below the cord mask to go by it.
  private static func farFromCord(
    _ landmarks: [VertebralLevel: SIMD3<Double>], _ line: CordCentreline
  ) -> String? {
    for level in landmarks.keys.sorted() {
      guard let point = landmarks[level] else { continue }
      let arc = line.arcLength(beside: point)
      let beyond = max(-arc, arc - line.lengthMM)
      if beyond > beyondMM {
        return
          "the landmark of \(level.name) lies \(Int(min(beyond, 1e6).rounded())) mm beyond the end of "
          + "the cord mask"
      }
    }
    return nil
  }
}
