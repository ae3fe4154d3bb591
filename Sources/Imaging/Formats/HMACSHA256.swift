public import Foundation

/// The keyed hash HMAC-SHA-256 (RFC 2104 with SHA-256, FIPS 198-1).
///
/// The hashes of the padded key are kept, so that one key authenticates many messages at the price of
/// the messages alone.
public struct HMACSHA256: Sendable {
  private let inner: SHA256
  private let outer: SHA256

  /// Prepares a key of any length; one longer than a block of 64 bytes is hashed first.
  public init(key: [UInt8]) {
    var block = key
    if key.count > 64 {
      var hash = SHA256()
      hash.update(key)
      block = hash.digest()
    }
    block += [UInt8](repeating: 0, count: 64 - block.count)
    var (inner, outer) = (SHA256(), SHA256())
    inner.update(block.map { $0 ^ 0x36 })
    outer.update(block.map { $0 ^ 0x5C })
    (self.inner, self.outer) = (inner, outer)
  }

  /// The code of a message: 32 bytes.
  public func code(of message: some ContiguousBytes) -> [UInt8] {
    var hash = inner
    hash.update(message)
    var result = outer
    result.update(hash.digest())
    return result.digest()
  }

  /// The code of a message of 32 bytes, both as eight big-endian words.
  func code(of message: SIMD8<UInt32>) -> SIMD8<UInt32> {
    outer.digest(endingIn: inner.digest(endingIn: message))
  }

  /// Whether two codes are equal; the time it takes tells nothing about where they differ.
  public static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for (x, y) in zip(a, b) { difference |= x ^ y }
    return difference == 0
  }
}
