/// Random masks as the reference draws them.
public enum RandomMasks {
  /// Patches to mask so that `floor((1 - ratio) x region + rest)` tokens stay visible.
  ///
  /// - Parameters:
  ///   - region: tokens that can be masked.
  ///   - rest: tokens that cannot; without any, one token of the region always stays visible.
  public static func maskedCount(region: Int, rest: Int, ratio: Double) -> Int {
    let visible = Int(((1 - ratio) * Double(region) + Double(rest)).rounded(.down))
    return min(region + rest - visible, rest == 0 ? region - 1 : region)
  }

  /// Tokens in the reference's keep order: ascending uniform noise, tokens of the region last.
  ///
  /// - Parameters:
  ///   - noise: uniform in 0..<1 per token.
  ///   - regionCounts: pixels of the region per token.
  public static func keepOrder(noise: [Float], regionCounts: [Int]) -> [Int] {
    let most = Float(regionCounts.max() ?? 0)
    let keys = zip(noise, regionCounts).map { $0 + ($1 > 0 ? most : 0) }
    return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }

  /// The mask of one pass.
  public static func make(noise: [Float], regionCounts: [Int], ratio: Double) -> PassMask {
    let region = regionCounts.count { $0 > 0 }
    let masked = maskedCount(region: region, rest: regionCounts.count - region, ratio: ratio)
    let order = keepOrder(noise: noise, regionCounts: regionCounts)
    return PassMask(masked: order.suffix(masked), of: regionCounts.count)
  }
}
