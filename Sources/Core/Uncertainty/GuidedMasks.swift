internal import Foundation

/// Uncertainty-guided masks (method, section 5); `SliceGuide` sums EU per patch.
public enum GuidedMasks {
  /// Draws `masked` of the patches without replacement; the more uncertain, the more often.
  ///
  /// Gumbel-top-k with logits EU_i / (tau x mean EU), which is sampling by softmax weight. The
  /// reference code's key is inverted: there, certain patches are masked.
  /// - Parameters:
  ///   - uncertainty: summed EU of every patch, not negative.
  ///   - temperature: tau; large values approach uniform masks.
  /// - Returns: positions in `uncertainty`, ascending.
  public static func make(
    uncertainty: [Double], temperature: Double, masked: Int, random: inout RandomSource
  ) -> [Int] {
    let known = uncertainty.map { $0.isFinite ? max(0, $0) : 0 }
    let mean = known.reduce(0, +) / Double(max(1, known.count))
    let unit = max(temperature * mean, 1e-12)
    let keys = known.map { value in
      // A draw of zero would make an infinite key.
      let draw = max(random.uniformDouble(), 0x1p-60)
      return value / unit - log(-log(draw))
    }
    let order = keys.indices.sorted { (-keys[$0], $0) < (-keys[$1], $1) }
    return order.prefix(max(0, masked)).sorted()
  }
}
