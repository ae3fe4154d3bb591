import Imaging

@testable import Core

/// Small networks and seeded slices for tests that need no oracle.
enum TinyCase {
  static let configuration = NetworkConfiguration(
    encoderDepth: 2, encoderWidth: 16, decoderDepth: 2, decoderWidth: 8, isConditioned: true,
    normalisation: "flat")

  /// A cord of `rows` rows with CSF on both sides, slightly tilted, over seeded texture.
  static func slice(seed: UInt64, rows: Int = 60) -> TrainingSlice {
    var random = RandomSource(seed: seed, stream: 3)
    var image = Raster<Float>(rows: 256, columns: 256, filledWith: 0)
    for index in image.pixels.indices { image.pixels[index] = 0.2 + 0.1 * random.uniform() }
    var cord = Raster(rows: 256, columns: 256, filledWith: false)
    var csf = cord
    let first = 80 + random.below(24)
    for row in first..<first + rows {
      let left = 110 + row / 20
      for column in left..<left + 14 {
        let isCord = (3..<11).contains(column - left)
        cord[row, column] = isCord
        csf[row, column] = !isCord
        image[row, column] = (isCord ? 0.35 : 0.75) + 0.05 * random.uniform()
      }
    }
    return TrainingSlice(normalised: image, cord: cord, csf: csf)
  }

  static func tokens(
    seed: UInt64, context: NetworkContext = .nearest(70), conditioned: Bool = true, rows: Int = 60
  ) throws -> TokenisedSlice {
    let slice = slice(seed: seed, rows: rows)
    return try TokenisedSlice(
      image: slice.normalised, cord: slice.cord, csf: slice.csf, context: context,
      isConditioned: conditioned, edges: true)
  }

  static func mask(_ slice: TokenisedSlice, seed: UInt64) -> PassMask {
    var random = RandomSource(seed: seed, stream: 4)
    let noise = slice.tokens.map { _ in random.uniform() }
    return RandomMasks.make(noise: noise, regionCounts: slice.regionCounts, ratio: 0.75)
  }

  static func network(
    _ configuration: NetworkConfiguration = configuration, seed: UInt64 = 5,
    kernels: KernelTable = .best, training: Bool = true
  ) throws -> MaskedAutoencoder {
    let network = try MaskedAutoencoder(
      configuration: configuration, seed: seed, kernels: kernels, isTraining: training)
    // Every bias and gain must matter.
    var random = RandomSource(seed: seed, stream: 6)
    for field in network.layout.table.fields {
      for i in field.offset..<field.offset + field.count {
        network.parameters.base[i] += 0.1 * random.normal()
      }
    }
    network.repack(team: ThreadTeam(threads: 1))
    return network
  }
}
