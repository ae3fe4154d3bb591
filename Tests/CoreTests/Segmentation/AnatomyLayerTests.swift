import Testing

@testable import Core

@Suite struct AnatomyLayerTests {
  private struct Norm {
    let norm: ChannelNorm
    let parameters: AlignedBuffer

    init(channels: Int) {
      var table = ParameterTable()
      norm = ChannelNorm(
        channels: channels, gain: table.add("gain", [channels], .normal(1)),
        bias: table.add("bias", [channels], .normal(0.5)))
      parameters = AlignedBuffer(count: table.count)
      table.initialise(parameters.base, seed: 8)
    }
  }

  /// The layer in doubles, written out.
  private func expected(_ layer: Norm, _ z: FeatureMap) -> [Double] {
    let channels = layer.norm.channels
    let values = z.values.map(Double.init)
    let count = Double(z.pixels)
    var result = values
    for channel in 0..<channels {
      let own = stride(from: channel, to: values.count, by: channels)
      let mean = own.reduce(0) { $0 + values[$1] } / count
      let variance = own.reduce(0) { $0 + (values[$1] - mean) * (values[$1] - mean) } / count
      let gain = Double(layer.parameters[layer.norm.gain.offset + channel])
      let bias = Double(layer.parameters[layer.norm.bias.offset + channel])
      for n in own {
        let h = gain * (values[n] - mean) / (variance + 1e-5).squareRoot() + bias
        result[n] = h < 0 ? 0.01 * h : h
      }
    }
    return result
  }

  @Test func normIsTheDefinition() {
    let layer = Norm(channels: 12)
    let (slab, z) = TinyAnatomy.map(side: 10, channels: 12, padded: false, seed: 1)
    // A mean far from zero must not cost the deviation its digits.
    for n in stride(from: 0, to: slab.count, by: 12) { slab.base[n] += 30 }
    let (target, wide) = TinyAnatomy.map(side: 10, channels: 16, padded: true, seed: 2)
    let y = wide.slice(4..<16)
    let statistics = AlignedBuffer(count: 24)
    layer.norm.measure(z, statistics: statistics.base)
    layer.norm.apply(layer.parameters.base, z, statistics: statistics.base, y: y)
    for (found, wanted) in zip(y.values, expected(layer, z)) {
      #expect(abs(Double(found) - wanted) < 2e-4)
    }
    withExtendedLifetime(target) {}
  }

  @Test func normBackwardAgreesWithDifferences() {
    let layer = Norm(channels: 8)
    let (slab, z) = TinyAnatomy.map(side: 6, channels: 8, padded: false, seed: 3)
    let (other, dy) = TinyAnatomy.map(side: 6, channels: 8, padded: false, seed: 4)
    let (target, dz) = TinyAnatomy.map(side: 6, channels: 8, padded: true, seed: 5)
    let statistics = AlignedBuffer(count: 16)
    let gradients = AlignedBuffer(count: layer.parameters.count)
    layer.norm.measure(z, statistics: statistics.base)
    layer.norm.backward(
      layer.parameters.base, z, statistics: statistics.base, dy: dy, dz: dz,
      gradients: gradients.base)
    let direction = dy.values
    func loss() -> Double {
      zip(expected(layer, z), direction).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    func check(_ slab: AlignedBuffer, _ place: Int, _ analytic: Float) {
      let kept = slab[place]
      let h: Float = 1e-3
      slab[place] = kept + h
      let above = loss()
      slab[place] = kept - h
      let below = loss()
      slab[place] = kept
      let numeric = (above - below) / Double(2 * h)
      #expect(abs(numeric - Double(analytic)) < 2e-2 * max(1, abs(numeric)))
    }
    let values = dz.values
    for n in stride(from: 0, to: values.count, by: 7) { check(slab, n, values[n]) }
    for channel in 0..<8 {
      for field in [layer.norm.gain, layer.norm.bias] {
        check(layer.parameters, field.offset + channel, gradients[field.offset + channel])
      }
    }
    withExtendedLifetime((other, target)) {}
  }

  @Test func resolutionsAreTransposes() {
    let (a, large) = TinyAnatomy.map(side: 8, channels: 5, padded: true, seed: 1)
    let (b, small) = TinyAnatomy.map(side: 4, channels: 5, padded: false, seed: 2)
    let (c, halved) = TinyAnatomy.map(side: 4, channels: 5, padded: false, seed: 3)
    let (d, doubled) = TinyAnatomy.map(side: 8, channels: 5, padded: false, seed: 4)
    func dot(_ x: FeatureMap, _ y: FeatureMap) -> Double {
      zip(x.values, y.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    Resolution.halve(large, into: halved)
    let four = [(2, 4), (2, 5), (3, 4), (3, 5)].map { large.value($0.0, $0.1, 3) }
    let mean = 0.25 * four.reduce(0, +)
    #expect(abs(halved.value(1, 2, 3) - mean) < 1e-6)
    for row in 0..<8 { doubled.row(row).update(repeating: 0, count: 40) }
    Resolution.halveBackward(small, addingTo: doubled)
    #expect(abs(dot(halved, small) - dot(large, doubled)) < 1e-4)
    Resolution.double(small, into: doubled)
    #expect(doubled.value(5, 2, 4) == small.value(2, 1, 4))
    Resolution.doubleBackward(large, into: halved)
    #expect(abs(dot(doubled, large) - dot(small, halved)) < 1e-4)
    withExtendedLifetime((a, b, c, d)) {}
  }
}
