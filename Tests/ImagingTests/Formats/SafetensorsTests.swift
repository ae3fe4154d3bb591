import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct SafetensorsTests {
  static let sample = Safetensors(
    metadata: ["b": "2 \"quoted\" \\ \n é 🩻", "a": "1"],
    tensors: [
      "z.weight": Tensor(shape: [2, 3], floats: [0, -1.5, .infinity, 0x1p-140, 5, 6]),
      "a.ids": Tensor(shape: [4], elements: .int32([1, -2, .max, .min])),
      "m.double": Tensor(shape: [1], elements: .float64([0.1])),
      "n.long": Tensor(shape: [2], elements: .int64([.min, .max])),
      "o.short": Tensor(shape: [1], elements: .int16([-5])),
      "p.tiny": Tensor(shape: [1], elements: .int8([-5])),
      "q.bytes": Tensor(shape: [3], elements: .uint8([1, 2, 255])),
      "r.words": Tensor(shape: [1], elements: .uint16([65535])),
      "s.flags": Tensor(shape: [2], elements: .boolean([true, false])),
      "t.scalar": Tensor(shape: [], floats: [7]),
      "u.empty": Tensor(shape: [0, 5], floats: []),
    ])

  @Test func everyTypeRoundTripsAndBytesAreTheSame() throws {
    let folder = try TemporaryFolder()
    try Self.sample.write(to: folder("w.safetensors"))
    let bytes = try FileBytes.read(folder("w.safetensors"))
    #expect(try Safetensors.read(folder("w.safetensors")) == Self.sample)
    #expect(bytes == (try Self.sample.encoded()))
    #expect(bytes == (try Safetensors.decode(bytes).encoded()))
    #expect(try Safetensors.decode(try Safetensors().encoded()) == Safetensors())
  }

  @Test func readsOthersFilesWithHalfPrecision() throws {
    let header =
      "{\"h\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]},"
      + "\"b\":{\"data_offsets\":[8,12],\"shape\":[2],\"dtype\":\"BF16\"}}  "
    let data = TinyArrays.bytes([0x3C00, 0x7C00, 0x8001, 0x7BFF, 0x3F80, 0xC2F7] as [UInt16])
    let file = try Safetensors.decode(TinyArrays.safetensors(header, data: data))
    #expect(file.tensors["h"]?.floats == [1, .infinity, -0x1p-24, 65504])
    #expect(file.tensors["b"]?.floats == [1, -123.5])
    #expect(file.metadata == [:])
  }

  @Test func accessorsConvert() {
    #expect(Self.sample.tensors["a.ids"]?.integers == [1, -2, 2_147_483_647, -2_147_483_648])
    #expect(Self.sample.tensors["a.ids"]?.floats.first == 1)
    #expect(Self.sample.tensors["z.weight"]?.integers == nil)
    #expect(Self.sample.tensors["s.flags"]?.floats == [1, 0])
  }

  static func entry(_ type: String, _ shape: String, _ from: String, _ to: String) -> String {
    "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(from),\(to)]}"
  }

  @Test(arguments: [
    "", "[]", "{", "null", "{\"a\":1}", "{\"a\":{}}", "{\"__metadata__\":{\"k\":1}}",
    "{\"a\":\(entry("F32", "[2]", "0", "9"))}", "{\"a\":\(entry("F32", "[1]", "0", "8"))}",
    "{\"a\":\(entry("F32", "[2]", "8", "16"))}", "{\"a\":\(entry("F32", "[2]", "8", "0"))}",
    "{\"a\":\(entry("F32", "[2]", "-8", "0"))}", "{\"a\":\(entry("F32", "[-2]", "0", "8"))}",
    "{\"a\":\(entry("F32", "[2.5]", "0", "8"))}", "{\"a\":\(entry("F99", "[2]", "0", "8"))}",
    "{\"a\":\(entry("F32", "[4611686018427387904,4]", "0", "8"))}",
    "{\"a\":\(entry("F32", "[9223372036854775807]", "0", "8"))}",
    "{\"a\":\(entry("F32", "[2]", "0", "99999999999999999999"))}",
    "{\"a\":\(entry("F32", "[1]", "0", "4"))}", "{\"a\":\(entry("F32", "[1]", "4", "8"))}",
    "{\"a\":\(entry("F32", "[1]", "0", "4")),\"b\":\(entry("F32", "[2]", "0", "8"))}",
    "{\"a\":\(entry("F32", "[1]", "0", "4")),\"a\":\(entry("F32", "[1]", "4", "8"))}",
    "{\"a\":\(entry("U8", "[3]", "0", "3")),\"b\":\(entry("U8", "[4]", "4", "8"))}",
  ])
  func badHeadersAreErrors(header: String) {
    #expect(throws: ReadError.self) {
      try Safetensors.decode(
        TinyArrays.safetensors(header, data: [UInt8](repeating: 0, count: 8)), path: "w")
    }
  }

  @Test func lengthAndTruncationAreChecked() throws {
    for length in [UInt64.max, 1 << 62, 100_000_001, 9] {
      let error = #expect(throws: ReadError.self) {
        try Safetensors.decode(TinyArrays.safetensors("{}", data: [], length: length))
      }
      #expect(error?.offset == 0)
    }
    let good = try Self.sample.encoded()
    for count in 0..<good.count {
      #expect(throws: ReadError.self, "cut at \(count)") {
        try Safetensors.decode(Array(good[..<count]))
      }
    }
    #expect(throws: ReadError.self) { try Safetensors.decode(good + [0]) }
    // UTF-16 is not a header, even if a JSON decoder would guess it.
    let wide = "{}".utf8.flatMap { [$0, UInt8(0)] }
    #expect(throws: ReadError.self) {
      try Safetensors.decode(TinyArrays.bytes([UInt64(wide.count)]) + wide)
    }
  }

  @Test func theReservedNameIsRefused() {
    let bad = Safetensors(tensors: ["__metadata__": Tensor(shape: [], floats: [1])])
    #expect(throws: WriteError.self) { try bad.encoded() }
  }

  @Test(.enabled(if: SharedData.has("oracle/ugmae_d2.activations.safetensors")))
  func readsTheOracle() throws {
    let file = try Safetensors.read(SharedData.url("oracle/ugmae_d2.activations.safetensors"))
    let latent = try #require(file.tensors["random.latent"])
    #expect(latent.shape == [986, 128])
    let sum = latent.floats.reduce(0.0) { $0 + Double($1) }
    #expect(abs(sum - 1052.4478229194929) < 1e-6)
    let restore = try #require(file.tensors["random.ids_restore"]?.integers)
    #expect(restore.prefix(2) == [412, 279])
    #expect(restore.sorted() == Array(0..<1024))
    let filter = try Safetensors.read(SharedData.url("oracle/au_filter.safetensors"))
    guard case .float64(let input) = filter.tensors["au_filter.input"]?.elements else {
      Issue.record("au_filter.input is no float64")
      return
    }
    #expect(abs(input.reduce(0, +) - 414.41623014211655) < 1e-9)
  }
}
