import Testing

@testable import Imaging

@Suite("HMAC-SHA-256 and PBKDF2")
struct PBKDF2Tests {
  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test("HMAC gives the codes of RFC 4231")
  func hmac() {
    let cases: [([UInt8], [UInt8], String)] = [
      (
        .init(repeating: 0x0b, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        .init(repeating: 0xaa, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ]
    for (key, message, code) in cases {
      #expect(hex(HMACSHA256(key: key).code(of: message)) == code)
    }
  }

  @Test(
    "PBKDF2 gives the keys of RFC 7914 and those published for the cases of RFC 6070",
    arguments: [
      (
        "passwd", "salt", 1, 64,
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
          + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
      ),
      (
        "Password", "NaCl", 80000, 64,
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
          + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
      ),
      (
        "password", "salt", 1, 32,
        "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"
      ),
      (
        "password", "salt", 4096, 32,
        "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"
      ),
      (
        "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 40,
        "348c89dbcbd32b2f32d814b8116e84cf2b17347ebc1800181c4e2a1fb8dd53e1c635518c7dac47e9"
      ),
    ])
  func vectors(_ password: String, _ salt: String, _ rounds: Int, _ length: Int, _ key: String) {
    let made = PBKDF2.key(
      password: Array(password.utf8), salt: Array(salt.utf8), rounds: rounds, length: length)
    #expect(hex(made) == key)
  }

  @Test("Codes are compared by all their bytes; no rounds or length give no key")
  func edges() {
    #expect(HMACSHA256.areEqual([1, 2, 3], [1, 2, 3]))
    #expect(!HMACSHA256.areEqual([1, 2, 3], [1, 2, 4]) && !HMACSHA256.areEqual([1], [1, 2]))
    #expect(PBKDF2.key(password: [1], salt: [2], rounds: 0).isEmpty)
    #expect(PBKDF2.key(password: [1], salt: [2], rounds: 1, length: 0).isEmpty)
  }
}
