import Imaging
import Testing

import Core

@Suite("Phantom hash")
struct PhantomHashTests {
  /// Model cards and benchmark tables state this hash. It changes with the pictures and with the
  /// truth: then raise `PhantomGenerator.version`; if the pictures changed, retrain, and make the
  /// reported tables anew.
  @Test("The generator still makes the studies that models were trained on")
  func pinned() {
    #expect(PhantomGenerator.version == "cordscope-phantom 4")
    #expect(
      PhantomGenerator.hash
        == "1b506a049bdf8ff7e39be4ef092d2439562a24833b2aa6107dc457ed3ca184a3")
  }

  /// Pinned apart from the truth: a new map must not shift a random stream.
  @Test("The pictures alone are still the same")
  func pictures() {
    var sha = SHA256()
    for domain in PhantomDomain.allCases {
      let generator = PhantomGenerator(
        PhantomConfiguration(domain: domain, slices: 3, coarseness: 3))
      for (index, kind) in PhantomClass.allCases.enumerated() {
        let study = generator.study(
          PhantomRecipe(index: index, seed: 77 + UInt64(index), kind: kind, domain: domain))
        sha.update(
          study.image.voxels.flatMap { grey -> [UInt8] in
            let whole = UInt16(grey)
            return [UInt8(whole & 255), UInt8(whole >> 8)]
          })
      }
    }
    #expect(
      sha.hexDigest() == "0a82702365c1f729f8917d0373d5ed6855088388d1c91f5c31bcda8c85e4fd22")
  }
}
