import Foundation
import Testing

@testable import Core

@Suite struct AttentionTests {
  /// Attention in Double: [T, 3D] to [T, D].
  static func reference(_ qkv: [Double], tokens: Int, d: Int) -> [Double] {
    var out = [Double](repeating: 0, count: tokens * d)
    let width = 3 * d
    for head in 0..<(d / 8) {
      for query in 0..<tokens {
        let q = query * width + head * 8
        var scores = [Double](repeating: 0, count: tokens)
        for key in 0..<tokens {
          let k = key * width + d + head * 8
          for i in 0..<8 { scores[key] += qkv[q + i] * qkv[k + i] }
          scores[key] /= 8.0.squareRoot()
        }
        let largest = scores.max() ?? 0
        for key in 0..<tokens { scores[key] = exp(scores[key] - largest) }
        let total = scores.reduce(0, +)
        for key in 0..<tokens {
          let v = key * width + 2 * d + head * 8
          let p = scores[key] / total
          for i in 0..<8 { out[query * d + head * 8 + i] += p * qkv[v + i] }
        }
      }
    }
    return out
  }

  struct Pass {
    var out: [Float]
    var stats: [Float]
    var gradient: [Float]
  }

  /// Forward and backward on one path; `split` gives the heads of each call.
  static func run(
    _ table: KernelTable, _ qkv: [Float], _ dOut: [Float], tokens: Int, d: Int, split: [Int]? = nil
  ) -> Pass {
    let qkv = Guarded(qkv)
    let dOut = Guarded(dOut)
    let out = Guarded(count: tokens * d)
    let stats = Guarded(count: tokens * d / 8)
    let gradient = Guarded([Float](repeating: .nan, count: tokens * 3 * d))
    let size = table.attentionScratch(tokens)
    let scratch = Guarded([Float](repeating: .nan, count: size))
    var head = 0
    for heads in split ?? [d / 8] {
      table.attentionForward(
        out.base, stats.base, qkv.base, tokens, d, head, head + heads, scratch.base)
      head += heads
    }
    head = 0
    for heads in split ?? [d / 8] {
      table.attentionBackward(
        gradient.base, dOut.base, qkv.base, out.base, stats.base, tokens, d, head, head + heads,
        scratch.base)
      head += heads
    }
    return Pass(out: out.values, stats: stats.values, gradient: gradient.values)
  }

  @Test(
    arguments: fastTables.map(\.path), [1, 2, 3, 7, 8, 15, 16, 17, 31, 64, 65, 80, 81, 129, 150])
  func agreesWithScalar(path: KernelPath, tokens: Int) throws {
    let table = try #require(KernelTable.table(for: path))
    for d in [8, 16, 40] where tokens * d < 4000 {
      var source = RandomSource(seed: UInt64(tokens * 100 + d))
      let qkv = source.normals(tokens * 3 * d, deviation: 1.3)
      let dOut = source.normals(tokens * d)
      let expected = Self.run(.scalar, qkv, dOut, tokens: tokens, d: d)
      let actual = Self.run(table, qkv, dOut, tokens: tokens, d: d)
      #expect(difference(actual.out, expected.out) < 4e-6, "T \(tokens) D \(d)")
      #expect(difference(actual.stats, expected.stats) < 4e-6, "T \(tokens) D \(d)")
      #expect(difference(actual.gradient, expected.gradient) < 3e-5, "T \(tokens) D \(d)")
    }
  }

  @Test(arguments: allTables.map(\.path))
  func gradientMatchesFiniteDifferences(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let (tokens, d) = (21, 16)
    var source = RandomSource(seed: 12)
    let qkv = source.normals(tokens * 3 * d)
    let dOut = source.normals(tokens * d)
    let pass = Self.run(table, qkv, dOut, tokens: tokens, d: d)
    let exact = qkv.map(Double.init)
    #expect(difference(pass.out, Self.reference(exact, tokens: tokens, d: d)) < 2e-6)
    func loss(_ x: [Double]) -> Double {
      let out = Self.reference(x, tokens: tokens, d: d)
      return out.indices.reduce(0.0) { $0 + out[$1] * Double(dOut[$1]) }
    }
    for _ in 0..<60 {
      let index = source.below(qkv.count)
      var (up, down) = (exact, exact)
      up[index] += 1e-5
      down[index] -= 1e-5
      let slope = (loss(up) - loss(down)) / 2e-5
      #expect(abs(Double(pass.gradient[index]) - slope) < 2e-5, "\(path) element \(index)")
    }
  }

  /// Scores far below and above the range of exponents: the softmax of a few large differences.
  @Test(arguments: allTables.map(\.path))
  func survivesLargeScores(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let (tokens, d) = (70, 8)
    var source = RandomSource(seed: 6)
    let qkv = (0..<(tokens * 3 * d)).map { index -> Float in
      source.normal() * (index % (3 * d) < 2 * d ? 40 : 1)
    }
    let dOut = source.normals(tokens * d)
    let pass = Self.run(table, qkv, dOut, tokens: tokens, d: d)
    let expected = Self.reference(qkv.map(Double.init), tokens: tokens, d: d)
    #expect(difference(pass.out, expected) < 2e-3)
    #expect(pass.gradient.allSatisfy { $0.isFinite })
    // All scores equal and very negative: weights stay 1 / T.
    var flat = [Float](repeating: 0, count: tokens * 3 * d)
    for token in 0..<tokens {
      flat[token * 3 * d] = -300
      flat[token * 3 * d + d] = 300
      flat[token * 3 * d + 2 * d] = Float(token)
    }
    let even = Self.run(table, flat, dOut, tokens: tokens, d: d)
    #expect(abs(even.out[0] - Float(tokens - 1) / 2) < 1e-3)
    #expect(even.gradient.allSatisfy { $0.isFinite })
  }

  @Test(arguments: allTables.map(\.path))
  func notANumberIsNotHidden(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let (tokens, d) = (20, 8)
    var source = RandomSource(seed: 2)
    var qkv = source.normals(tokens * 3 * d)
    qkv[5 * 3 * d + d] = .nan
    let dOut = source.normals(tokens * d)
    let pass = Self.run(table, qkv, dOut, tokens: tokens, d: d)
    #expect(pass.out.allSatisfy { $0.isNaN })
  }

  @Test(arguments: allTables.map(\.path))
  func splitsOfHeadsGiveTheSameBits(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let (tokens, d) = (37, 40)
    var source = RandomSource(seed: 4)
    let qkv = source.normals(tokens * 3 * d)
    let dOut = source.normals(tokens * d)
    let whole = Self.run(table, qkv, dOut, tokens: tokens, d: d)
    for split in [[1, 1, 1, 1, 1], [2, 3], [4, 1]] {
      let parts = Self.run(table, qkv, dOut, tokens: tokens, d: d, split: split)
      #expect(bits(parts.out) == bits(whole.out))
      #expect(bits(parts.stats) == bits(whole.stats))
      #expect(bits(parts.gradient) == bits(whole.gradient))
    }
  }

  @Test(arguments: fastTables.map(\.path))
  func statsAreOptional(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    var source = RandomSource(seed: 1)
    let qkv = Guarded(source.normals(9 * 24))
    let scratch = Guarded(count: table.attentionScratch(9))
    let (with, without) = (Guarded(count: 72), Guarded(count: 72))
    let stats = Guarded(count: 9)
    table.attentionForward(with.base, stats.base, qkv.base, 9, 8, 0, 1, scratch.base)
    table.attentionForward(without.base, nil, qkv.base, 9, 8, 0, 1, scratch.base)
    #expect(bits(with.values) == bits(without.values))
  }
}
