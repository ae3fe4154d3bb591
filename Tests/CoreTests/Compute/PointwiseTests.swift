import Foundation
import Testing

@testable import Core

@Suite struct PointwiseTests {
  /// -12...12 in small steps, and what lies beyond.
  static let inputs: [Float] =
    (-6000...6000).map { Float($0) * 0.002 } + [
      -1e4, -100, -40, 40, 100, 1e4, 1e-20, -1e-20, 1e25, -1e25,
    ]

  static func gelu(_ x: Double) -> Double { x * 0.5 * erfc(-x / 2.0.squareRoot()) }

  @Test(arguments: allTables.map(\.path))
  func geluIsExact(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let x = Guarded(Self.inputs)
    let y = Guarded(count: x.count)
    table.geluForward(y.base, x.base, x.count)
    for i in 0..<x.count {
      let expected = Self.gelu(Double(x.base[i]))
      let tolerance = 1.2e-7 * max(1, abs(expected)) + 1.5e-7 * min(8, abs(Double(x.base[i])))
      #expect(abs(Double(y.base[i]) - expected) < tolerance, "\(path) gelu(\(x.base[i]))")
    }
  }

  @Test(arguments: allTables.map(\.path))
  func geluSlopeMatchesFiniteDifferences(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let x = Guarded(Self.inputs)
    let dx = Guarded([Float](repeating: 2, count: x.count))
    table.geluBackward(dx.base, dx.base, x.base, x.count)
    for i in 0..<x.count where abs(x.base[i]) < 50 {
      let v = Double(x.base[i])
      let slope = (Self.gelu(v + 1e-5) - Self.gelu(v - 1e-5)) / 2e-5
      #expect(abs(Double(dx.base[i]) - 2 * slope) < 2e-6, "\(path) at \(v)")
    }
  }

  @Test(arguments: allTables.map(\.path))
  func sigmoidIsExact(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let y = Guarded(Self.inputs)
    table.sigmoid(y.base, y.base, y.count)
    var worst = 0.0
    for i in 0..<y.count {
      let x = Double(Self.inputs[i])
      let expected = 1 / (1 + exp(-x))
      // The exponent is rounded: its relative error grows with |x|.
      let scale = (expected + 1e-30) * max(1, abs(x))
      worst = max(worst, abs(Double(y.base[i]) - expected) / scale)
    }
    #expect(worst < 2.5e-7, "\(path)")
  }

  @Test(arguments: allTables.map(\.path))
  func notANumberIsNotHidden(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let x = Guarded([Float](repeating: .nan, count: 20))
    let y = Guarded(count: 20)
    table.geluForward(y.base, x.base, 20)
    #expect(y.values.allSatisfy { $0.isNaN })
    table.sigmoid(y.base, x.base, 20)
    #expect(y.values.allSatisfy { $0.isNaN })
  }

  @Test(arguments: allTables.map(\.path))
  func everyLengthIsHandled(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    for count in 0...40 {
      var source = RandomSource(seed: UInt64(count))
      let x = Guarded(source.normals(count))
      let start = source.normals(count)
      let y = Guarded(start)
      table.add(y.base, x.base, count)
      #expect(y.values == zip(start, x.values).map(+), "add \(count)")
      let (g, s) = (Guarded(count: count), Guarded(count: count))
      table.geluForward(g.base, x.base, count)
      table.sigmoid(s.base, x.base, count)
      let (g0, s0) = (Guarded(count: count), Guarded(count: count))
      KernelTable.scalar.geluForward(g0.base, x.base, count)
      KernelTable.scalar.sigmoid(s0.base, x.base, count)
      #expect(difference(g.values, g0.values) < 1e-6, "gelu \(count)")
      #expect(difference(s.values, s0.values) < 1e-6, "sigmoid \(count)")
    }
  }

  @Test(arguments: fastTables.map(\.path))
  func columnSumsAgreeBitForBit(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    for (rows, d) in [(0, 4), (1, 1), (5, 3), (9, 16), (33, 64), (20, 131)] {
      var source = RandomSource(seed: UInt64(rows + d))
      let x = Guarded(source.normals(rows * d))
      let start = source.normals(d)
      let (a, b) = (Guarded(start), Guarded(start))
      table.addColumnSums(a.base, x.base, rows, d)
      KernelTable.scalar.addColumnSums(b.base, x.base, rows, d)
      #expect(bits(a.values) == bits(b.values), "\(rows)x\(d)")
    }
  }

  @Test(arguments: allTables.map(\.path))
  func adamFollowsThePublishedRecurrence(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    for count in [1, 15, 16, 37] {
      var source = RandomSource(seed: UInt64(count))
      let parameters = AlignedBuffer(source.normals(count))
      var exact = parameters.values.map(Double.init)
      var m = [Double](repeating: 0, count: count)
      var v = m
      var optimiser = Adam(count: count)
      for step in 1...20 {
        let gradients = AlignedBuffer(source.normals(count, deviation: 0.1))
        optimiser.update(
          parameters: parameters, gradients: gradients, learningRate: 0.01, kernels: table)
        for i in 0..<count {
          let g = Double(gradients[i])
          m[i] = 0.9 * m[i] + 0.1 * g
          v[i] = 0.95 * v[i] + 0.05 * g * g
          let mean = m[i] / (1 - pow(0.9, Double(step)))
          let square = v[i] / (1 - pow(0.95, Double(step)))
          exact[i] -= 0.01 * mean / (square.squareRoot() + 1e-8)
        }
      }
      #expect(optimiser.step == 20)
      #expect(difference(parameters.values, exact) < 2e-6, "\(path) \(count)")
    }
  }
}
