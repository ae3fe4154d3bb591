/// The one source of chance: xoshiro256++ seeded through SplitMix64, the same numbers forever.
///
/// Everything random names its seed and a stream (one per image, pass, epoch, ...), so that results
/// depend neither on the order in which streams are used nor on the number of threads. All methods
/// use integer and correctly rounded IEEE operations only: the values are equal on every machine.
/// Changing any of them changes committed results, so golden values in the tests guard them.
/// (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021.)
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable, Codable {
  /// The four words of xoshiro256++; never all zero.
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// The generator of `stream` under `seed`.
  ///
  /// The state is four outputs of SplitMix64 started at `seed` mixed with the mixed stream number.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = SplitMix64(state: stream)
    var seeder = SplitMix64(state: seed ^ (stream == 0 ? 0 : mixer.next()))
    self.init(state: (seeder.next(), seeder.next(), seeder.next(), seeder.next()))
  }

  /// A generator in a given state; an all-zero state, which would stay zero, is replaced.
  init(state: (UInt64, UInt64, UInt64, UInt64)) {
    (s0, s1, s2, s3) = state
    if s0 | s1 | s2 | s3 == 0 { s0 = 1 }
  }

  /// A generator for a part of the work: the stream `index` below this generator's next number.
  public mutating func split(_ index: UInt64 = 0) -> RandomSource {
    RandomSource(seed: next(), stream: index)
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum << 23) | (sum >> 41)) &+ s0
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// Uniform in [0, 1): a multiple of 2^-24.
  public mutating func uniform() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  /// Uniform in [0, 1): a multiple of 2^-53.
  public mutating func uniformDouble() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform between two bounds.
  public mutating func uniform(from low: Float, to high: Float) -> Float {
    low + (high - low) * uniform()
  }

  /// Uniform in `0..<bound` without bias (Lemire 2019); `bound` at least one.
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "below(\(bound))")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let rejected = (0 &- range) % range
      while product.low < rejected { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// True with the given probability.
  public mutating func chance(_ probability: Float) -> Bool {
    uniform() < probability
  }

  /// Standard normal (Marsaglia's polar method; the second value is dropped).
  public mutating func normal() -> Float {
    while true {
      let u = 2 * uniformDouble() - 1
      let v = 2 * uniformDouble() - 1
      let s = u * u + v * v
      if s > 0 && s < 1 {
        return Float(u * (-2 * Self.naturalLog(s) / s).squareRoot())
      }
    }
  }

  /// Puts the elements in random order (Fisher and Yates, from the last element down).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, through: 1, by: -1) {
      elements.swapAt(last, below(last + 1))
    }
  }

  /// The numbers `0..<count` in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// ln x for normal positive x, from IEEE operations alone (libm differs between machines).
  ///
  /// x = m 2^e with m in [1/sqrt2, sqrt2); ln m = 2 artanh((m - 1) / (m + 1)) as a series.
  static func naturalLog(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.414_213_562_373_095_1 {
      m *= 0.5
      exponent += 1
    }
    let z = (m - 1) / (m + 1)
    let z2 = z * z
    var sum = 0.0
    for n in stride(from: 23, through: 1, by: -2) { sum = sum * z2 + 1 / Double(n) }
    return exponent * 0.693_147_180_559_945_3 + 2 * z * sum
  }
}

/// Steele, Lea and Flood's SplitMix64: turns any seed into well mixed words.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
