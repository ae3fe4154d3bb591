/// The phantom's use of `RandomSource`: named streams that do not disturb each other.
struct PhantomRandom: Sendable {
  private let seed: UInt64
  private var source: RandomSource

  init(seed: UInt64) {
    self.seed = seed
    source = RandomSource(seed: seed)
  }

  private init(seed: UInt64, stream: UInt64) {
    self.seed = seed ^ stream
    source = RandomSource(seed: seed, stream: stream)
  }

  /// An independent stream of a name, so that a new draw in one part leaves the others as they are.
  func stream(_ name: StaticString, _ index: Int = 0) -> PhantomRandom {
    // FNV-1a: the name's bytes, then the index.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    name.withUTF8Buffer { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 } }
    hash = (hash ^ UInt64(truncatingIfNeeded: index)) &* 0x100_0000_01B3
    return PhantomRandom(seed: seed, stream: hash | 1)
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 { source.next() }

  /// Uniform in 0..<1.
  mutating func unit() -> Double { source.uniformDouble() }

  /// Uniform between two bounds.
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// Uniform integer in a closed range.
  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + source.below(range.count)
  }

  /// True with a probability.
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// -1 or 1.
  mutating func sign() -> Double { chance(0.5) ? -1 : 1 }

  /// Standard normal.
  mutating func normal() -> Double { Double(source.normal()) }

  /// Normal, limited to +-2 deviations.
  mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
    mean + deviation * max(-2, min(2, normal()))
  }

  /// One element.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[source.below(elements.count)]
  }

  /// The elements in random order.
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    source.shuffle(&result)
    return result
  }

  /// Nearly normal with deviation 1, within +-3.46 (four uniforms of 16 bits): for voxel noise.
  @inline(__always)
  mutating func voxelNoise() -> Float {
    let bits = source.next()
    let low = (bits & 0x0000_FFFF_0000_FFFF) &+ ((bits >> 16) & 0x0000_FFFF_0000_FFFF)
    let sum = Int64(low & 0xFFFF_FFFF) &+ Int64(low >> 32)
    return Float(sum - 131_070) * (1 / 37_837.23)
  }
}
