/// Vertebral levels where only discs are labelled (method, section 6).
enum DiscLevels {
  /// How far above the C2-3 disc the centre of C2 (dens included) lies, in mm.
  static let c2AboveDiscMM = 18.7

  /// Vertebral centres as midpoints of the discs above and below; C2 by its typical height.
  /// - Parameter discs: RAS mm of the disc below each vertebra.
  static func landmarks(
    discs: [VertebralLevel: SIMD3<Double>]
  ) -> (landmarks: [VertebralLevel: SIMD3<Double>], quality: [QualityFlag]) {
    var result: [VertebralLevel: SIMD3<Double>] = [:]
    var quality: [QualityFlag] = []
    for level in VertebralLevel.allCases where level > .c2 {
      guard let above = VertebralLevel(rawValue: level.rawValue - 1).flatMap({ discs[$0] }),
        let below = discs[level]
      else { continue }
      result[level] = (above + below) / 2
    }
    if let disc = discs[.c2] {
      result[.c2] = disc + [0, 0, c2AboveDiscMM]
      quality.append(c2Flag)
    }
    if result.isEmpty, !discs.isEmpty {
      let names = discs.keys.sorted().map { "below \($0.name)" }.joined(separator: ", ")
      quality.append(
        QualityFlag(
          "levels-missing",
          "Of the labelled discs (\(names)) no two bound one vertebra, so that none can be placed: label "
            + "a neighbour."))
    }
    return (result, quality)
  }

  /// Says that C2 was placed by rule.
  static let c2Flag = QualityFlag(
    "c2-estimated",
    "The centre of C2 was placed 18.7 mm above the C2-3 disc, the typical height.")
}
