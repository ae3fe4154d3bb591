import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4 and its companion files.
  static let vectors: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
        + "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test(arguments: vectors.indices)
  func standardVectors(_ index: Int) {
    let (text, digest) = Self.vectors[index]
    #expect(SHA256.hexDigest(of: text) == digest)
    #expect(SHA256.hexDigest(of: Data(text.utf8)) == digest)
  }

  @Test func everyLengthAroundTheBlocks() {
    // The digest of the hex digests of 300 messages, made with another implementation.
    var all = SHA256()
    for n in 0..<300 {
      let message = (0..<n).map { UInt8(truncatingIfNeeded: $0 * 7 + n) }
      all.update(Array(SHA256.hexDigest(of: message).utf8))
    }
    #expect(
      all.hexDigest() == "def85da8f53f8ad58eda585dce61c0d7bfbb3da6924badae49d32d11288c576f")
  }

  @Test(arguments: [1, 3, 63, 64, 65, 127, 200])
  func piecesGiveTheSameDigest(piece: Int) {
    let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    var hash = SHA256()
    for start in stride(from: 0, to: message.count, by: piece) {
      _ = hash.digest()
      hash.update(Array(message[start..<min(start + piece, message.count)]))
    }
    #expect(hash.hexDigest() == SHA256.hexDigest(of: message))
    #expect(hash.digest().count == 32)
  }

  @Test func filesAreHashedInPieces() throws {
    let folder = try TemporaryFolder()
    let bytes = [UInt8](repeating: 0x61, count: (1 << 20) + 5)
    try AtomicFile.write(bytes, to: folder("f"))
    #expect(try SHA256.hexDigest(ofFile: folder("f")) == SHA256.hexDigest(of: bytes))
    #expect(throws: ReadError.self) { try SHA256.hexDigest(ofFile: folder("none")) }
  }
}
