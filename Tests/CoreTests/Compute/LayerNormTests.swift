import Testing

@testable import Core

@Suite struct LayerNormTests {
  static func reference(_ x: [Double], gain: [Double], bias: [Double], rows: Int, d: Int)
    -> [Double]
  {
    var y = x
    for row in 0..<rows {
      let line = x[(row * d)..<((row + 1) * d)]
      let mean = line.reduce(0, +) / Double(d)
      let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(d)
      for i in 0..<d {
        y[row * d + i] =
          (x[row * d + i] - mean) / (variance + 1e-5).squareRoot() * gain[i] + bias[i]
      }
    }
    return y
  }

  struct Pass {
    var y: [Float]
    var mean: [Float]
    var rstd: [Float]
    var dx: [Float]
    var dGain: [Float]
    var dBias: [Float]
  }

  static func run(
    _ table: KernelTable, x: [Float], gain: [Float], bias: [Float], dy: [Float], rows: Int, d: Int
  ) -> Pass {
    let (x, gain, bias, dy) = (Guarded(x), Guarded(gain), Guarded(bias), Guarded(dy))
    let (y, mean, rstd) = (Guarded(count: rows * d), Guarded(count: rows), Guarded(count: rows))
    let dx = Guarded([Float](repeating: 0.5, count: rows * d))
    let dGain = Guarded([Float](repeating: -0.25, count: d))
    let dBias = Guarded([Float](repeating: 2, count: d))
    table.layerNormForward(
      y.base, mean.base, rstd.base, x.base, gain.base, bias.base, rows, d)
    table.layerNormBackward(
      dx.base, dGain.base, dBias.base, dy.base, x.base, mean.base, rstd.base, gain.base, rows, d)
    return Pass(
      y: y.values, mean: mean.values, rstd: rstd.values, dx: dx.values, dGain: dGain.values,
      dBias: dBias.values)
  }

  @Test(arguments: fastTables.map(\.path))
  func agreesWithScalar(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    for (rows, d) in [(1, 1), (3, 5), (2, 16), (4, 17), (7, 64), (5, 128), (3, 100), (2, 257)] {
      var source = RandomSource(seed: UInt64(rows * 1000 + d))
      let x = source.normals(rows * d, deviation: 3).map { $0 + 10 }
      let (gain, bias) = (source.normals(d), source.normals(d))
      let dy = source.normals(rows * d)
      let expected = Self.run(.scalar, x: x, gain: gain, bias: bias, dy: dy, rows: rows, d: d)
      let actual = Self.run(table, x: x, gain: gain, bias: bias, dy: dy, rows: rows, d: d)
      // A width of one leaves rstd = 316 times the rounding of the mean.
      let scale: Float = d == 1 ? 1000 : 1
      #expect(difference(actual.y, expected.y) < 1e-5 * scale, "\(rows)x\(d)")
      #expect(difference(actual.mean, expected.mean) < 1e-5, "\(rows)x\(d)")
      #expect(difference(actual.rstd, expected.rstd) < 1e-5 * scale, "\(rows)x\(d)")
      #expect(difference(actual.dx, expected.dx) < 2e-5 * scale, "\(rows)x\(d)")
      #expect(difference(actual.dGain, expected.dGain) < 3e-5 * scale, "\(rows)x\(d)")
      #expect(difference(actual.dBias, expected.dBias) < 1e-5, "\(rows)x\(d)")
    }
  }

  @Test(arguments: allTables.map(\.path))
  func gradientMatchesFiniteDifferences(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let (rows, d) = (4, 40)
    var source = RandomSource(seed: 31)
    let x = source.normals(rows * d, deviation: 2)
    let (gain, bias, dy) = (source.normals(d), source.normals(d), source.normals(rows * d))
    let pass = Self.run(table, x: x, gain: gain, bias: bias, dy: dy, rows: rows, d: d)
    func loss(_ x: [Double], _ gain: [Double], _ bias: [Double]) -> Double {
      let y = Self.reference(x, gain: gain, bias: bias, rows: rows, d: d)
      return y.indices.reduce(0.0) { $0 + y[$1] * Double(dy[$1]) }
    }
    let (x64, gain64, bias64) = (x.map(Double.init), gain.map(Double.init), bias.map(Double.init))
    let h = 1e-5
    func slope(_ values: [Double], _ index: Int, _ f: ([Double]) -> Double) -> Double {
      var (up, down) = (values, values)
      up[index] += h
      down[index] -= h
      return (f(up) - f(down)) / (2 * h)
    }
    for index in stride(from: 0, to: rows * d, by: 3) {
      let expected = slope(x64, index) { loss($0, gain64, bias64) }
      #expect(abs(Double(pass.dx[index] - 0.5) - expected) < 1e-5, "\(path) x[\(index)]")
    }
    for index in 0..<d {
      let dGain = slope(gain64, index) { loss(x64, $0, bias64) }
      let dBias = slope(bias64, index) { loss(x64, gain64, $0) }
      #expect(abs(Double(pass.dGain[index] + 0.25) - dGain) < 1e-5, "\(path) gain[\(index)]")
      #expect(abs(Double(pass.dBias[index] - 2) - dBias) < 1e-5, "\(path) bias[\(index)]")
    }
  }
}
