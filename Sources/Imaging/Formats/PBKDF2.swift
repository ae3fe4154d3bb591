/// The key derivation PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
public enum PBKDF2 {
  /// Derives a key from a password.
  ///
  /// - Parameters:
  ///   - password: its bytes.
  ///   - salt: random bytes that make equal passwords give other keys.
  ///   - rounds: the iteration count, at least 1: what a guess costs.
  ///   - length: bytes of the key.
  /// - Returns: `length` bytes; none for a length or count of rounds below 1.
  public static func key(
    password: [UInt8], salt: [UInt8], rounds: Int, length: Int = 32
  ) -> [UInt8] {
    guard rounds > 0, length > 0 else { return [] }
    let hmac = HMACSHA256(key: password)
    var key: [UInt8] = []
    var number: UInt32 = 0
    while key.count < length {
      number += 1
      let index = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
      var round = words(hmac.code(of: salt + index))
      var block = round
      for _ in 1..<rounds {
        round = hmac.code(of: round)
        block ^= round
      }
      key += bytes(block)
    }
    return Array(key.prefix(length))
  }

  private static func words(_ bytes: [UInt8]) -> SIMD8<UInt32> {
    var words = SIMD8<UInt32>()
    for index in 0..<32 { words[index / 4] = words[index / 4] << 8 | UInt32(bytes[index]) }
    return words
  }

  private static func bytes(_ words: SIMD8<UInt32>) -> [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 4] >> UInt32(24 - $0 % 4 * 8)) }
  }
}
