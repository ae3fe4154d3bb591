internal import Core

/// Seeded damage to good files, for tests that readers answer every file with a value or an error.
public enum ByteDamage {
  /// A copy with a few bytes changed, and now and then a piece cut out or the end cut off.
  public static func damaged(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    var random = RandomSource(seed: seed)
    var result = bytes
    guard !result.isEmpty else { return result }
    for _ in 0..<1 + random.below(6) {
      // Half of the hits go to the first 600 bytes: headers decide more than voxels.
      let reach = random.below(2) == 0 ? min(600, result.count) : result.count
      let at = random.below(reach)
      switch random.below(4) {
      case 0: result[at] = UInt8(random.below(256))
      case 1: result[at] ^= UInt8(1 << random.below(8))
      case 2: result[at] = [0x00, 0xFF, 0x7F, 0x80][random.below(4)]
      default: result[at] = result[at] &+ 1
      }
    }
    if random.below(8) == 0 { result.removeLast(random.below(result.count)) }
    if random.below(16) == 0, result.count > 1 { result.remove(at: random.below(result.count)) }
    return result
  }
}
