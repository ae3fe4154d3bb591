public import Imaging

/// One slice to learn from.
public struct TrainingSlice: Sendable {
  /// The network's input, 0...1, 256 x 256 px.
  public var normalised: ImageRaster
  /// Cord pixels.
  public var cord: MaskRaster
  /// CSF pixels.
  public var csf: MaskRaster

  /// Makes a slice.
  public init(normalised: ImageRaster, cord: MaskRaster, csf: MaskRaster) {
    self.normalised = normalised
    self.cord = cord
    self.csf = csf
  }

  /// The slice of a study.
  public init(_ slice: PreparedSlice) {
    self.init(
      normalised: slice.normalised, cord: slice.anatomy.cord, csf: slice.anatomy.csf)
  }
}

extension TrainingSlice {
  /// Throws when the slice has another shape or values that are not numbers.
  func validate(index: Int) throws {
    let side = PatchGrid.imageSide
    guard normalised.rows == side, normalised.columns == side, cord.rows == side,
      cord.columns == side, csf.rows == side, csf.columns == side
    else {
      throw NetworkError.invalidInput("training slice \(index) is not \(side) x \(side) px")
    }
    guard normalised.pixels.allSatisfy(\.isFinite) else {
      throw NetworkError.invalidInput("training slice \(index) has values that are not numbers")
    }
  }
}

/// Slices by number, made or loaded when they are needed; may be called on several threads.
public struct TrainingData: Sendable {
  /// How many slices there are.
  public let count: Int
  /// Identifies the data: a hash of its files, or the generator's name, settings and seed.
  public let hash: String
  /// The slice of a number in `0..<count`; the same number must give the same slice.
  public let slice: @Sendable (_ index: Int) throws -> TrainingSlice

  /// Data that a closure supplies.
  public init(
    count: Int, hash: String, slice: @escaping @Sendable (_ index: Int) throws -> TrainingSlice
  ) {
    self.count = count
    self.hash = hash
    self.slice = slice
  }

  /// Data held in memory.
  public init(_ slices: [TrainingSlice], hash: String) {
    self.init(count: slices.count, hash: hash) { slices[$0] }
  }

  /// Data held in memory, identified by SHA-256 over its pixels and masks.
  public init(_ slices: [TrainingSlice]) {
    var hash = SHA256()
    for slice in slices {
      slice.normalised.pixels.withUnsafeBytes { hash.update($0) }
      for mask in [slice.cord, slice.csf] { mask.pixels.withUnsafeBytes { hash.update($0) } }
    }
    self.init(slices, hash: hash.hexDigest())
  }
}

/// Random changes to a slice (method, section 3).
public struct Augmentation: Equatable, Sendable {
  /// Largest shift of the patch grid in px, along rows and columns.
  public var shift: Int
  /// Brightness and contrast are multiplied by factors in 1 - this ... 1 + this.
  public var intensity: Float
  /// Standard deviation of the added noise.
  public var noise: Float

  /// Makes an augmentation.
  public init(shift: Int = 8, intensity: Float = 0.2, noise: Float = 0.02) {
    self.shift = shift
    self.intensity = intensity
    self.noise = noise
  }

  /// No change at all.
  public static let none = Augmentation(shift: 0, intensity: 0, noise: 0)

  /// Cuts an augmented slice; only pixels that become tokens, and their border, are computed.
  func tokenise(
    _ slice: TrainingSlice, context: NetworkContext, isConditioned: Bool,
    random: inout RandomSource
  ) throws -> TokenisedSlice {
    var view = SliceView(
      image: slice.normalised.pixels, cord: slice.cord.pixels, csf: slice.csf.pixels)
    if shift > 0 {
      view.rowShift = random.below(2 * shift + 1) - shift
      view.columnShift = random.below(2 * shift + 1) - shift
    }
    let coverage = view.regionCoverage
    let tokens = try context.assessableTokens(coverage: coverage)
    vary(&view, tokens: tokens, random: &random)
    return TokenisedSlice(
      view: view, coverage: coverage, tokens: tokens, isConditioned: isConditioned,
      wantsEdges: true)
  }

  /// Brightness, contrast, noise, then a cut to 0...1, on the box around the tokens.
  private func vary(_ view: inout SliceView, tokens: [Int], random: inout RandomSource) {
    guard intensity > 0 || noise > 0, let first = tokens.first, let last = tokens.last else {
      return
    }
    let side = PatchGrid.imageSide
    let places = tokens.map { $0 % PatchGrid.side }
    func box(_ low: Int, _ high: Int, _ shift: Int) -> Range<Int> {
      let from = max(0, low * PatchGrid.patch + shift - 1)
      return from..<max(from, min(side, (high + 1) * PatchGrid.patch + shift + 1))
    }
    let rows = box(first / PatchGrid.side, last / PatchGrid.side, view.rowShift)
    let columns = box(places.min() ?? 0, places.max() ?? 0, view.columnShift)
    let brightness = 1 + intensity * (2 * random.uniform() - 1)
    let contrast = 1 + intensity * (2 * random.uniform() - 1)
    view.image.withUnsafeMutableBufferPointer { image in
      var sum: Float = 0
      for row in rows {
        for column in columns { sum += image[row * side + column] }
      }
      let mean = brightness * sum / Float(max(1, rows.count * columns.count))
      for row in rows {
        for column in columns {
          let place = row * side + column
          var value = (brightness * image[place] - mean) * contrast + mean
          if noise > 0 { value += noise * random.nearlyNormal() }
          image[place] = min(1, max(0, value))
        }
      }
    }
  }
}

extension RandomSource {
  /// The sum of four uniform numbers, scaled to unit variance: close to normal and ten times
  /// cheaper; for noise that is only there to be unlike itself.
  @inline(__always)
  mutating func nearlyNormal() -> Float {
    let bits = next()
    let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
    // Mean 4 x 65535 / 2; the variance of one is 65536^2 / 12.
    return (Float(sum) - 131_070) * (1.732_050_8 / 65_536)
  }
}
