import Foundation
import Testing

@testable import Core

/// Networks and samples small enough for finite differences.
enum TinyAnatomy {
  static let configuration = AnatomyConfiguration(widths: [4, 8, 12], side: 16)

  static func network(
    kernels: KernelTable = .best, seed: UInt64 = 3
  ) throws -> AnatomyNetwork {
    let layout = try AnatomyLayout(configuration)
    let slab = AlignedBuffer(count: layout.table.count)
    layout.table.initialise(slab.base, seed: seed)
    // Gains and biases away from where they start, so that they matter.
    var random = RandomSource(seed: seed &+ 77)
    for field in layout.table.fields where field.name.contains("norm") {
      for i in 0..<field.count { slab.base[field.offset + i] += 0.3 * random.normal() }
    }
    return AnatomyNetwork(layout: layout, parameters: slab, kernels: kernels, isTraining: true)
  }

  /// Any sample: what is drawn has stripes of all tissues and levels, and ignored pixels.
  struct Samples: AnatomySamples {
    let hash = "tiny"
    var side = TinyAnatomy.configuration.side

    func sample(_ index: Int) throws -> AnatomySample {
      var random = RandomSource(seed: 11, stream: UInt64(index))
      let pixels = side * side
      var tissues = [UInt8](repeating: 0, count: pixels)
      var levels = [UInt8](repeating: AnatomyLabel.ignored, count: pixels)
      let shift = random.below(side)
      for n in 0..<pixels {
        let column = (n % side + shift) % side
        tissues[n] = UInt8(min(6, column / 2))
        if column >= 6, column < 10 { levels[n] = UInt8(n / side * 9 / side) }
        if random.chance(0.05) { tissues[n] = AnatomyLabel.ignored }
      }
      let image = (0..<3 * pixels).map { n in
        min(1, max(0, 0.14 * Float(min(6, tissues[n / 3])) + 0.1 * random.normal()))
      }
      return AnatomySample(image: image, tissues: tissues, levels: levels)
    }
  }

  /// A map of its own with random values; a zero border where it is padded.
  static func map(
    side: Int, channels: Int, padded: Bool, seed: UInt64
  ) -> (slab: AlignedBuffer, map: FeatureMap) {
    let plan = MapPlan(side: side, channels: channels, isPadded: padded, offset: 0)
    let slab = AlignedBuffer(count: plan.count)
    let map = plan.map(slab.base)
    var random = RandomSource(seed: seed)
    for row in 0..<side {
      for n in 0..<side * channels { map.row(row)[n] = random.normal() }
    }
    return (slab, map)
  }
}

extension FeatureMap {
  /// The channels of all pixels, row by row.
  var values: [Float] {
    (0..<rows).flatMap { row in
      (0..<columns).flatMap { column in
        (0..<channels).map { self.row(row)[column * pixelStride + $0] }
      }
    }
  }

  func value(_ row: Int, _ column: Int, _ channel: Int) -> Float {
    guard (0..<rows).contains(row), (0..<columns).contains(column) else { return 0 }
    return self.row(row)[column * pixelStride + channel]
  }
}
