public import Foundation

/// The SHA-256 hash of a stream of bytes (FIPS 180-4, sections 4.1.2, 4.2.2, 5.1.1, 6.2).
public struct SHA256: Sendable {
  private var state: [UInt32]
  /// Bytes that do not yet fill a block of 64.
  private var pending: [UInt8] = []
  /// Bytes hashed so far, without padding.
  private var length: UInt64 = 0

  /// Starts an empty hash.
  public init() {
    state = Self.initialState
    pending.reserveCapacity(64)
  }

  /// Appends bytes.
  public mutating func update(_ bytes: some ContiguousBytes) {
    bytes.withUnsafeBytes { update(raw: $0) }
  }

  /// The digest of all bytes so far: 32 bytes. More may be appended afterwards.
  public func digest() -> [UInt8] {
    var last = self
    // Padding: a one bit, zeros up to 56 modulo 64, then the length in bits, big-endian.
    let zeros = (119 - Int(length % 64)) % 64
    var padding = [0x80] + [UInt8](repeating: 0, count: zeros)
    let bits = length &* 8
    for shift in stride(from: 56, through: 0, by: -8) {
      padding.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    last.update(padding)
    return last.state.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  /// The digest of all bytes so far as 64 lower-case hexadecimal digits.
  public func hexDigest() -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  /// The hexadecimal digest of bytes.
  public static func hexDigest(of bytes: some ContiguousBytes) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexDigest()
  }

  /// The hexadecimal digest of a text's UTF-8.
  public static func hexDigest(of text: String) -> String {
    hexDigest(of: Array(text.utf8))
  }

  /// The hexadecimal digest of a file, read in pieces of 1 MiB.
  /// - Throws: `ReadError` when the file cannot be read.
  public static func hexDigest(ofFile url: URL) throws -> String {
    var hash = SHA256()
    var offset = 0
    while true {
      let piece = try FileBytes.read(url, range: offset..<offset + 1 << 20)
      if piece.isEmpty { return hash.hexDigest() }
      hash.update(piece)
      offset += piece.count
    }
  }

  /// The digest after one last piece of 32 bytes, both as eight big-endian words; the hash has taken
  /// whole blocks so far.
  ///
  /// One compression without memory of its own: what derives keys calls it hundreds of thousands of
  /// times.
  func digest(endingIn piece: SIMD8<UInt32>) -> SIMD8<UInt32> {
    precondition(pending.isEmpty, "whole blocks come first")
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 72) { memory in
      let w = UnsafeMutableBufferPointer(rebasing: memory[..<64])
      let sum = UnsafeMutableBufferPointer(rebasing: memory[64...])
      let bits = (length &+ 32) &* 8
      for index in 0..<8 {
        w[index] = piece[index]
        w[8 + index] = 0
        sum[index] = state[index]
      }
      w[8] = 0x8000_0000
      w[14] = UInt32(truncatingIfNeeded: bits >> 32)
      w[15] = UInt32(truncatingIfNeeded: bits)
      Self.extend(w)
      Self.roundConstants.withUnsafeBufferPointer { Self.mix(sum, w, $0) }
      var words = SIMD8<UInt32>()
      for index in 0..<8 { words[index] = sum[index] }
      return words
    }
  }

  private mutating func update(raw bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let taken = rest.prefix(64 - pending.count)
      pending.append(contentsOf: taken)
      rest = rest.dropFirst(taken.count)
      guard pending.count == 64 else { return }
      let block = pending
      block.withUnsafeBytes { compress($0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / 64 * 64
    if whole > 0 { compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole))) }
    pending.append(contentsOf: rest.dropFirst(whole))
  }

  /// Hashes whole blocks; `blocks.count` is a multiple of 64.
  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      Self.roundConstants.withUnsafeBufferPointer { k in
        state.withUnsafeMutableBufferPointer { state in
          for start in stride(from: 0, to: blocks.count, by: 64) {
            Self.expand(blocks, from: start, into: w)
            Self.mix(state, w, k)
          }
        }
      }
    }
  }

  /// The message schedule W(0...63) of one block (section 6.2.2, step 1).
  @inline(__always)
  private static func expand(
    _ blocks: UnsafeRawBufferPointer, from start: Int, into w: UnsafeMutableBufferPointer<UInt32>
  ) {
    for t in 0..<16 {
      w[t] = UInt32(
        bigEndian: blocks.loadUnaligned(fromByteOffset: start + 4 * t, as: UInt32.self))
    }
    extend(w)
  }

  /// W(16...63) from W(0...15).
  @inline(__always)
  private static func extend(_ w: UnsafeMutableBufferPointer<UInt32>) {
    for t in 16..<64 {
      let a = w[t - 15]
      let b = w[t - 2]
      let s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >> 3)
      let s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >> 10)
      w[t] = w[t - 16] &+ s0 &+ w[t - 7] &+ s1
    }
  }

  /// The 64 rounds of one block (section 6.2.2, steps 2 to 4).
  @inline(__always)
  private static func mix(
    _ state: UnsafeMutableBufferPointer<UInt32>, _ w: UnsafeMutableBufferPointer<UInt32>,
    _ k: UnsafeBufferPointer<UInt32>
  ) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for t in 0..<64 {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let choice = (e & f) ^ (~e & g)
      let t1 = h &+ s1 &+ choice &+ k[t] &+ w[t]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      (h, g, f, e) = (g, f, e, d &+ t1)
      (d, c, b, a) = (c, b, a, t1 &+ s0 &+ majority)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  @inline(__always)
  private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { (x >> n) | (x << (32 - n)) }

  private static let initialState: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}
