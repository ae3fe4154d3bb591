internal import Foundation

/// Whether the vertebrae below C2 grow from where their names say: a witness that does not count.
///
/// The network counts from C2 as we do: with a vertebra cut out of the picture it is as sure of the wrong names
/// as of the right ones (results 017). Sizes are independent of that. C3 to C6 are about equally tall, C5
/// least; from C7 on every vertebra is taller, and farther from the one above it (Katz et al., Am J Phys
/// Anthropol 1975;43:319). So what is missing or counted twice moves the place where growth begins.
///
/// The heights and distances seen are compared with the usual ones under the counted names and under all
/// names with one vertebra left out, or one counted twice. How large a person is says nothing, and how much the
/// vertebrae grow differs; both are integrated out.
struct NeckProportions {
  /// Usual heights of the bodies C3 ... T4 in mm, and of the discs below C3 ... T3; phantoms are drawn
  /// around the same.
  static let heightsMM = [13.2, 12.9, 12.6, 12.8, 14.2, 16.0, 17.0, 17.5, 18.0]
  static let discsMM = [5.2, 5.5, 5.6, 5.6, 5.2, 4.6, 4.2, 4.0]
  /// Deviation of a height or distance from what size and growth lead to expect, as a share of it: people
  /// differ, discs wear, and a pixel is 6 % of a body.
  static let spread = 0.05
  /// Deviation of a person's growth from C7 on, as a share of the usual one.
  static let growthSpread = 0.4
  /// From this likelihood ratio on the reader is asked. By Markov's inequality a mean of likelihood ratios
  /// reaches 20 for at most 1 of 20 rightly counted necks, if these vary as stated here.
  static let leastRatio = 20.0
  /// Fewest and most bodies from C3 on that are looked at: below T3 vertebrae hardly grow.
  static let counts = 4...8

  /// How often likelier the bodies are with one vertebra skipped or counted twice than as counted; the
  /// mean over all places where that can be.
  let ratio: Double
  /// The body, counted from C3, from which on names are off in the likeliest case.
  let place: Int
  /// Whether a vertebra is missing above it, not one too many.
  let isMissing: Bool

  /// Weighs bodies from C3 on; `nil` where there are too few or too many, or sizes are none.
  ///
  /// - Parameters:
  ///   - heights: along the spine, in mm.
  ///   - distances: of each body's centre from the one above it, in mm; one fewer than heights.
  init?(heights: [Double], distances: [Double]) {
    guard Self.counts.contains(heights.count), distances.count + 1 == heights.count,
      (heights + distances).allSatisfy({ $0.isFinite && $0 > 0 })
    else { return nil }
    let bodies = heights.indices
    func evidence(_ levels: [Int]) -> Double {
      Self.evidence(heights: heights, distances: distances, levels: levels)
    }
    let counted = evidence(Array(bodies))
    let missing: [(Int, Bool, Double)] = bodies.map { place in
      (place, true, evidence(bodies.map { $0 < place ? $0 : $0 + 1 }) - counted)
    }
    let extra: [(Int, Bool, Double)] = bodies.dropFirst().map { place in
      (place, false, evidence(bodies.map { $0 < place ? $0 : $0 - 1 }) - counted)
    }
    let others = missing + extra
    guard let best = others.max(by: { $0.2 < $1.2 }) else { return nil }
    place = best.0
    isMissing = best.1
    ratio = others.reduce(0) { $0 + exp($1.2) } / Double(others.count)
  }

  /// What speaks against the names of a column, in words; `nil` where its sizes agree with them.
  ///
  /// The lowermost body is left out, which fades or is cut, and all below a body that is cut.
  static func doubt(
    _ bodies: [BodyNumbering.Body], _ levels: [VertebralLevel?]
  ) -> String? {
    guard let first = levels.firstIndex(of: .c3) else { return nil }
    let end = min(first + counts.upperBound, bodies.count - 1)
    let seen = Array(bodies[first..<max(first, end)].prefix(while: { !$0.isCut }))
    let found = NeckProportions(
      heights: seen.map(\.heightMM),
      distances: zip(seen, seen.dropFirst()).map { $1.centreMM - $0.centreMM })
    guard let found, found.ratio >= leastRatio, let level = levels[first + found.place] else {
      return nil
    }
    return found.isMissing
      ? "from \(level.name) on vertebrae are sized as one level lower: one above may be missing"
      : "from \(level.name) on vertebrae are sized as one level higher: one may be counted twice"
  }

  /// Log-likelihood of the sizes where each body is that of a place in the table, up to a constant.
  ///
  /// ln(size) = ln(usual size) + scale + (growth - 1) g + noise, where g is the usual size's own log over
  /// that of C3 to C6; scale may be anything, growth is normal around 1 with `growthSpread`, noise normal
  /// with `spread`. Both are integrated in closed form.
  private static func evidence(
    heights: [Double], distances: [Double], levels: [Int]
  ) -> Double {
    let usual = levels.map { heightsMM[$0] }
    let apart = zip(levels, levels.dropFirst()).map { distance($0, $1) }
    let growth: [Double] =
      usual.map { log($0 / usualHeight) } + apart.map { log($0 / usualDistance) }
    let misfit: [Double] =
      zip(heights, usual).map { log($0 / $1) } + zip(distances, apart).map { log($0 / $1) }
    let weight = 1 / (spread * spread)
    let (g, d) = (centred(growth), centred(misfit))
    let along = weight * dot(g, d)
    let certainty = weight * dot(g, g) + 1 / (growthSpread * growthSpread)
    return -0.5 * (weight * dot(d, d) - along * along / certainty + log(certainty))
  }

  /// Usual height of C3 to C6, and their usual distance.
  private static let usualHeight = heightsMM[0..<4].reduce(0, +) / 4
  private static let usualDistance =
    (0..<3).map { Self.distance($0, $0 + 1) }
    .reduce(0, +) / 3

  /// Usual distance in mm of the centres of two bodies that stand one below the other.
  private static func distance(_ upper: Int, _ lower: Int) -> Double {
    heightsMM[upper] / 2 + discsMM[upper] + heightsMM[lower] / 2
  }

  private static func centred(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
