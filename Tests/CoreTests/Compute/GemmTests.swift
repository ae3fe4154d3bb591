import Testing

@testable import Core

@Suite struct GemmTests {
  struct Shape: CustomStringConvertible {
    var m: Int
    var n: Int
    var k: Int
    var transposedA = false
    var transposedB = false
    var bias = false
    var accumulate = false
    var description: String {
      "\(m)x\(n)x\(k) A\(transposedA ? "'" : "") B\(transposedB ? "'" : "")"
        + "\(bias ? " bias" : "")\(accumulate ? " accumulate" : "")"
    }
  }

  /// One product, with operands that end at unreadable pages; `rows` splits M.
  func product(_ table: KernelTable, _ s: Shape, seed: UInt64, split: [Int]? = nil) -> [Float] {
    var source = RandomSource(seed: seed)
    let a = Guarded(source.normals(s.m * s.k))
    let b = Guarded(source.normals(s.k * s.n))
    let bias = Guarded(source.normals(s.n))
    let c = Guarded(source.normals(s.m * s.n))
    let packed = Guarded(count: table.packedCount(s.k, s.n))
    table.pack(packed.base, b.base, s.k, s.n, s.transposedB ? 1 : s.n, s.transposedB ? s.k : 1)
    let (aRow, aColumn) = s.transposedA ? (1, s.m) : (s.k, 1)
    var row = 0
    for rows in split ?? [s.m] {
      table.gemm(
        rows, s.n, s.k, a.base + row * aRow, aRow, aColumn, packed.base, c.base + row * s.n, s.n,
        s.bias ? UnsafePointer(bias.base) : nil, s.accumulate)
      row += rows
    }
    return c.values
  }

  @Test(arguments: fastTables.map(\.path))
  func agreesWithScalar(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    var source = RandomSource(seed: 77)
    var shapes = [
      Shape(m: 1, n: 1, k: 1), Shape(m: 1, n: 64, k: 8), Shape(m: 6, n: 64, k: 128),
      Shape(m: 7, n: 65, k: 33), Shape(m: 13, n: 192, k: 64), Shape(m: 5, n: 63, k: 1),
      Shape(m: 6, n: 16, k: 0), Shape(m: 20, n: 1, k: 64), Shape(m: 300, n: 24, k: 9),
      Shape(m: 12, n: 80, k: 1030), Shape(m: 64, n: 128, k: 130, transposedA: true),
      Shape(m: 9, n: 17, k: 600, transposedA: true, accumulate: true),
    ]
    for _ in 0..<60 {
      shapes.append(
        Shape(
          m: 1 + source.below(40), n: 1 + source.below(140), k: 1 + source.below(90),
          transposedA: source.chance(0.3), transposedB: source.chance(0.5),
          bias: source.chance(0.5), accumulate: source.chance(0.5)))
    }
    for (index, shape) in shapes.enumerated() {
      let seed = UInt64(index)
      let expected = product(.scalar, shape, seed: seed)
      let actual = product(table, shape, seed: seed)
      let tolerance = 3e-7 * Float(shape.k + 4)
      #expect(difference(actual, expected) < tolerance, "\(path) \(shape) seed \(seed)")
    }
  }

  @Test(arguments: allTables.map(\.path))
  func splitsOfRowsGiveTheSameBits(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    var source = RandomSource(seed: 5)
    for n in [16, 64, 100] {
      let shape = Shape(m: 41, n: n, k: 70, bias: true, accumulate: true)
      let whole = bits(product(table, shape, seed: 3))
      for _ in 0..<6 {
        var left = shape.m
        var split: [Int] = []
        while left > 0 {
          split.append(1 + source.below(left))
          left -= split[split.count - 1]
        }
        #expect(bits(product(table, shape, seed: 3, split: split)) == whole, "\(path) \(split)")
      }
    }
  }

  @Test(arguments: fastTables.map(\.path))
  func stridesOfCAreKept(path: KernelPath) throws {
    let table = try #require(KernelTable.table(for: path))
    let (m, n, k, stride) = (8, 20, 12, 27)
    var source = RandomSource(seed: 8)
    let a = Guarded(source.normals(m * k))
    let b = Guarded(source.normals(k * n))
    let c = Guarded([Float](repeating: 7, count: m * stride))
    let packed = Guarded(count: table.packedCount(k, n))
    table.pack(packed.base, b.base, k, n, n, 1)
    table.gemm(m, n, k, a.base, k, 1, packed.base, c.base, stride, nil, false)
    for row in 0..<m {
      for column in n..<stride { #expect(c.base[row * stride + column] == 7) }
    }
  }
}
