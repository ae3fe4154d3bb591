public import Imaging

extension AdaptationFilm {
  /// How guided masks are drawn in a run: how many patches are hidden, and how much uncertainty counts.
  public struct Masking: Equatable, Sendable {
    /// The part of the patches that is hidden.
    public var ratio: Double
    /// tau: large values approach uniform masks.
    public var temperature: Double

    /// Makes it from its parts.
    public init(ratio: Double, temperature: Double) {
      self.ratio = ratio
      self.temperature = temperature
    }

    /// Of a run's record; `nil` where its masks were random.
    public init?(_ record: AdaptationRecord) {
      guard record.masking != .random,
        let ratio = record.settings["mask_ratio"].flatMap(Double.init), (0...1).contains(ratio),
        let temperature = record.settings["temperature"].flatMap(Double.init), temperature > 0
      else { return nil }
      self.init(ratio: ratio, temperature: temperature)
    }
  }

  /// How often the masks after a refresh hide each patch: the part of many draws, of the slice as it lies.
  ///
  /// Random masks would hide every patch in the same part of draws, the ratio. In the last stage of a run with
  /// AU, candidate lesions are taken out and the rest is masked evenly, which is not shown.
  ///
  /// - Parameters:
  ///   - frame: One of the film's.
  ///   - draws: How many masks are drawn; the seed is fixed.
  /// - Returns: A raster of the film's box, NaN where nothing was reconstructed.
  public func maskFrequency(
    in frame: Frame, _ masking: Masking, draws: Int = 400
  ) -> ImageRaster {
    let patches = frame.aleatoric.pixels.indices.map { patch(ofPixel: $0) }
    var sums: [Int: Double] = [:]
    for (n, patch) in patches.enumerated() where frame.aleatoric.pixels[n] > 0 {
      sums[patch, default: 0] += Double(frame.epistemic.pixels[n])
    }
    let region = sums.keys.sorted()
    let uncertainty = region.map { sums[$0] ?? 0 }
    // Around cord and CSF there is always a patch that is never masked.
    let masked = RandomMasks.maskedCount(region: region.count, rest: 1, ratio: masking.ratio)
    var counts: [Int: Int] = [:]
    var random = RandomSource(seed: 1)
    for _ in 0..<draws {
      let chosen = GuidedMasks.make(
        uncertainty: uncertainty, temperature: masking.temperature, masked: masked, random: &random)
      for n in chosen { counts[region[n], default: 0] += 1 }
    }
    var frequency = frame.aleatoric
    for (n, patch) in patches.enumerated() {
      let isKnown = frame.aleatoric.pixels[n] > 0
      frequency.pixels[n] = isKnown ? Float(counts[patch] ?? 0) / Float(draws) : .nan
    }
    return frequency
  }
}
