import TestSupport
import Testing

@testable import Imaging

@Suite struct GZipTests {
  /// "Hello, cord!\n", compressed by another implementation.
  static let hello: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 243, 72, 205, 201, 201, 215, 81, 72, 206, 47, 74, 81, 228, 2,
    0, 211, 149, 0, 92, 13, 0, 0, 0,
  ]
  static let text = Array("Hello, cord!\n".utf8)

  @Test func readsOthersFiles() throws {
    #expect(try GZip.decompress(Self.hello) == Self.text)
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0) }
    #expect(try GZip.decompress(TinyCompressed.gzip(bytes)) == bytes)
    #expect(GZip.isGZip(Self.hello))
    #expect(!GZip.isGZip([0x1F]))
  }

  @Test func roundTripsAndIsDeterministic() throws {
    for count in [0, 1, 65535, 65536, 65537, 300_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 7) }
      let packed = try GZip.compress(bytes)
      #expect(try GZip.decompress(packed) == bytes, "\(count) bytes")
      #expect(packed == (try GZip.compress(bytes)))
      // Flags and time are zero.
      #expect(packed[3..<8].allSatisfy { $0 == 0 })
    }
  }

  @Test func membersAreJoinedAndZeroPaddingIsAllowed() throws {
    #expect(try GZip.decompress(Self.hello + Self.hello) == Self.text + Self.text)
    #expect(try GZip.decompress(Self.hello + [0, 0, 0]) == Self.text)
  }

  @Test func keepsARangeButVerifiesAll() throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let packed = try GZip.compress(bytes)
    #expect(
      try GZip.decompress(packed, keeping: 65_000..<140_000) == Array(bytes[65_000..<140_000]))
    #expect(try GZip.decompress(packed, keeping: 199_990..<300_000) == Array(bytes[199_990...]))
    #expect(try GZip.prefix(packed, count: 10) == Array(bytes[..<10]))
    #expect(try GZip.prefix(Self.hello, count: 100) == Self.text)
    var damaged = packed
    damaged[damaged.count - 6] ^= 1
    #expect(throws: ReadError.self) { try GZip.decompress(damaged, keeping: 0..<4) }
    #expect(try GZip.prefix(damaged, count: 4) == Array(bytes[..<4]))
  }

  @Test func everyTruncationIsAnError() {
    for count in 0..<Self.hello.count {
      let error = #expect(throws: ReadError.self) {
        try GZip.decompress(Array(Self.hello[..<count]), path: "f.gz")
      }
      #expect(error?.path == "f.gz")
      #expect(error?.offset == count, "cut at \(count)")
    }
  }

  @Test func trailingGarbageIsAnErrorWithItsPlace() {
    let error = #expect(throws: ReadError.self) {
      try GZip.decompress(Self.hello + [1, 2, 3])
    }
    #expect(error?.offset == Self.hello.count)
    #expect(error?.problem.contains("3 bytes") == true)
    #expect(throws: ReadError.self) { try GZip.decompress(Self.hello + [0, 0, 7]) }
    #expect(throws: ReadError.self) { try GZip.decompress(Self.hello + [0x1F, 0x8B]) }
    #expect(throws: ReadError.self) { try GZip.decompress(Self.text) }
  }

  @Test func bombsStopAtTheLimit() throws {
    let bomb = try GZip.compress([UInt8](repeating: 0, count: 4 << 20))
    #expect(bomb.count < 8192)
    #expect(throws: ReadError.self) { try GZip.decompress(bomb, limit: 1 << 20) }
    #expect(throws: ReadError.self) { try GZip.decompress(bomb, keeping: 0..<4, limit: 1 << 20) }
    #expect(try GZip.decompress(bomb, limit: 4 << 20).count == 4 << 20)
    let error = #expect(throws: ReadError.self) {
      try GZip.decompress(bomb, limit: 1 << 20, path: "bomb.gz")
    }
    #expect(error?.path == "bomb.gz" && error?.field == "gzip")
    #expect(error?.problem == "expands to more than the limit of 1048576 bytes")
    #expect(error?.advice?.contains("gunzip") == true)
  }

  @Test func rawBombsStopAtTheLimit() throws {
    // Behind gzip's ten bytes lies a raw stream; what follows it is not looked at.
    let bomb = try GZip.compress([UInt8](repeating: 7, count: 4 << 20))
    let error = #expect(throws: ReadError.self) {
      try GZip.inflateRaw(bomb, from: 10, limit: (4 << 20) - 1, path: "bomb.dcm")
    }
    #expect(error?.path == "bomb.dcm" && error?.field == "deflated data set")
    #expect(error?.problem.contains("limit of 4194303 bytes") == true)
    let whole = try GZip.inflateRaw(bomb, from: 10, limit: 4 << 20, path: "")
    #expect(whole.count == 4 << 20 && whole.allSatisfy { $0 == 7 })
  }

  @Test func anImageInGZipExpandsToTheLimitOfDICOMAndNoFurther() throws {
    // Members one behind the other: 576 MiB from half a megabyte.
    let member = try GZip.compress([UInt8](repeating: 0, count: 64 << 20))
    let bomb = [[UInt8]](repeating: member, count: 9).flatMap(\.self)
    #expect(bomb.count < 1 << 20)
    let error = #expect(throws: ReadError.self) {
      try DICOMFile.decode(bomb, path: "bomb.dcm.gz")
    }
    #expect(error?.field == "gzip")
    #expect(error?.problem.contains("limit of \(DICOMLimits.expandedBytes) bytes") == true)
  }

  @Test func whatNoMachineHasIsRefused() throws {
    #expect(MemoryRequest.canBeHad(0) && MemoryRequest.canBeHad(1 << 25))
    #expect(!MemoryRequest.canBeHad(1 << 60))
    try MemoryRequest.check(1 << 25, path: "")
    let error = #expect(throws: ReadError.self) {
      try MemoryRequest.check(1 << 60, path: "huge.nii")
    }
    #expect(error?.path == "huge.nii")
    #expect(error?.problem.contains("\(1 << 60) bytes of memory") == true)
  }
}
