import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct NumPyTests {
  static func file(
    _ descr: String, _ data: [UInt8], shape: String = "(3,)", fortran: Bool = false,
    version: Int = 1
  ) -> [UInt8] {
    TinyArrays.npy(
      TinyArrays.npyHeader(descr: descr, fortran: fortran, shape: shape), version: version,
      data: data)
  }

  @Test(arguments: [ByteOrder.little, .big])
  func everyTypeInBothOrders(order: ByteOrder) throws {
    let mark = order == .little ? "<" : ">"
    func values(_ code: String, _ data: [UInt8]) throws -> [Double] {
      try NumPy.decode(Self.file(mark + code, data)).values
    }
    #expect(
      try values("i2", TinyArrays.bytes([-1, 300, -32768] as [Int16], order: order)) == [
        -1, 300, -32768,
      ])
    #expect(
      try values("i4", TinyArrays.bytes([-1, 70000, .min] as [Int32], order: order)) == [
        -1, 70000, -2_147_483_648,
      ])
    #expect(
      try values("i8", TinyArrays.bytes([-1, 1 << 53, 7] as [Int64], order: order)) == [
        -1, 0x1p53, 7,
      ])
    #expect(
      try values("u2", TinyArrays.bytes([0, 1, 65535] as [UInt16], order: order)) == [0, 1, 65535])
    #expect(
      try values("u4", TinyArrays.bytes([0, 1, .max] as [UInt32], order: order)) == [
        0, 1, 4_294_967_295,
      ])
    #expect(
      try values("u8", TinyArrays.bytes([0, 1, 1 << 63] as [UInt64], order: order)) == [
        0, 1, 0x1p63,
      ])
    let singles: [Float] = [1.5, -0.1, .infinity]
    #expect(
      try values("f4", TinyArrays.bytes(singles.map(\.bitPattern), order: order))
        == singles.map { Double($0) })
    let doubles = [1.1, -2e300, .leastNonzeroMagnitude]
    #expect(
      try values("f8", TinyArrays.bytes(doubles.map(\.bitPattern), order: order)) == doubles)
    // 1.0, -2.0 and the smallest subnormal of IEEE binary16.
    #expect(
      try values("f2", TinyArrays.bytes([0x3C00, 0xC000, 1] as [UInt16], order: order)) == [
        1, -2, 0x1p-24,
      ])
  }

  @Test func oneByteTypes() throws {
    #expect(try NumPy.decode(Self.file("|i1", [0, 255, 128])).values == [0, -1, -128])
    #expect(try NumPy.decode(Self.file("|u1", [0, 255, 128])).values == [0, 255, 128])
    #expect(try NumPy.decode(Self.file("|b1", [0, 1, 1])).values == [0, 1, 1])
  }

  @Test func fortranOrderIsTurned() throws {
    // numpy.asfortranarray(numpy.arange(24, dtype='u1').reshape(2, 3, 4)) in memory order.
    let data = (0..<24).map { (n: UInt8) -> UInt8 in (n % 2) * 12 + (n / 2 % 3) * 4 + n / 6 }
    let array = try NumPy.decode(Self.file("|u1", data, shape: "(2, 3, 4)", fortran: true))
    #expect(array.shape == [2, 3, 4])
    #expect(array.values == (0..<24).map { Double($0) })
    let plain = try NumPy.decode(Self.file("|u1", Array(0..<24), shape: "(2, 3, 4)"))
    #expect(plain == array)
    #expect(plain.plane(1)?.pixels == (12..<24).map { Float($0) })
    #expect(plain.plane(1)?.rows == 3)
    #expect(plain.plane(2) == nil)
    #expect(plain.plane(-1) == nil)
  }

  @Test func versionsRanksAndWritingStyles() throws {
    for version in 1...3 {
      #expect(try NumPy.decode(Self.file("|u1", [1, 2, 3], version: version)).values == [1, 2, 3])
    }
    #expect(try NumPy.decode(Self.file("|u1", [7], shape: "()")).shape == [])
    #expect(try NumPy.decode(Self.file("|u1", [], shape: "(0,)")).values == [])
    #expect(try NumPy.decode(Self.file("|u1", [], shape: "(3, 0)")).shape == [3, 0])
    #expect(try NumPy.decode(Self.file("|u1", [1, 2], shape: "(2L, 1L)")).shape == [2, 1])
    let other = "{\"shape\":(2,1),\"fortran_order\":False,\"descr\":\"|u1\"}"
    #expect(try NumPy.decode(TinyArrays.npy(other, data: [5, 6])).values == [5, 6])
  }

  @Test(arguments: [
    ("|O", "Python objects"), ("<U3", "texts"), ("|S3", "texts"), ("<c8", "complex"),
    ("<M8[ns]", "dates"), ("|V8", "records"), ("<f16", "extended"), ("<q8", "unknown"),
    ("", "unknown"),
    ("?f4", "byte order"),
  ])
  func refusesByName(descr: String, word: String) {
    let error = #expect(throws: ReadError.self) {
      try NumPy.decode(Self.file(descr, [UInt8](repeating: 0, count: 64)), path: "a.npy")
    }
    #expect(error?.field == "descr")
    #expect(error.map { "\($0)".contains(word) && $0.path == "a.npy" } == true)
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f\\x34', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}",
    "((((((((((((((((((((((((((((((((((((((((", "{'a': {'a': {'a': {'a': {'a': {'a': {'a': {",
    "__import__('os')", "{1: 2}", "é",
  ])
  func badHeadersAreErrors(header: String) {
    #expect(throws: ReadError.self) {
      try NumPy.decode(TinyArrays.npy(header, data: [0, 0, 0, 0]))
    }
  }

  @Test func everyTruncationAndTrailingBytesAreErrors() throws {
    let good = NumPy.encode(NumPyArray(shape: [2, 2], values: [1, 2, 3, 4]), as: .float32)
    #expect(try NumPy.decode(good).values == [1, 2, 3, 4])
    for count in 0..<good.count {
      #expect(throws: ReadError.self, "cut at \(count)") {
        try NumPy.decode(Array(good[..<count]))
      }
    }
    let error = #expect(throws: ReadError.self) { try NumPy.decode(good + [0]) }
    #expect(error?.offset == good.count)
    #expect(throws: ReadError.self) {
      try NumPy.decode(TinyArrays.npy("{}", version: 2, data: [], length: Int(UInt32.max)))
    }
    #expect(throws: ReadError.self) { try NumPy.decode(TinyArrays.npy("{}", version: 4, data: [])) }
  }

  @Test func writingRoundTrips() throws {
    let folder = try TemporaryFolder()
    let array = NumPyArray(
      shape: [2, 1, 3], values: [0.1, -0.0, .infinity, 1e300, .leastNonzeroMagnitude, 3])
    try NumPy.write(array, to: folder("a.npy"))
    let bytes = try FileBytes.read(folder("a.npy"))
    #expect(try NumPy.read(folder("a.npy")) == array)
    #expect((bytes.count - 6 * 8) % 64 == 0)
    for shape in [[], [6], [6, 1]] {
      let count = shape.reduce(1, *)
      let a = NumPyArray(shape: shape, values: (0..<count).map { Double($0) })
      #expect(try NumPy.decode(NumPy.encode(a, as: .float32)) == a)
    }
  }

  @Test(.enabled(if: SharedData.has("data/u2ad/private1.npy")))
  func realSlices() throws {
    // Sums as numpy gives them.
    let array = try NumPy.read(SharedData.url("data/u2ad/private1.npy"))
    #expect(array.shape == [3, 256, 256])
    let sums = (0..<3).map { p in array.values[p * 65536..<(p + 1) * 65536].reduce(0, +) }
    #expect(abs(sums[0] - 16033.20081608) < 1e-6)
    #expect(sums[1] == 1530)
    #expect(sums[2] == 16162)
    #expect(array.values[100 * 256 + 100] == 0.2768528210947713)
  }
}
