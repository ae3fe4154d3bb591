import Foundation
import Imaging
import TestSupport
import Testing

@Suite("Texts in NIfTI files")
struct NIfTITextsTests {
  /// A file whose every field of text, extension and tail hold a name.
  private func named(_ version: Int, _ order: ByteOrder) -> [UInt8] {
    var file = TinyNIfTI()
    (file.version, file.order) = (version, order)
    file.set((0..<27).map { Int16($0 * 7) }, code: 4)
    (file.slope, file.intercept) = (0.5, 3)
    file.extensionBytes = Array("Mueller^Hans".utf8) + [UInt8](repeating: 0x55, count: 36)
    var bytes = file.file
    let places = version == 1 ? [4, 14, 148, 228, 328] : [240, 320, 508, 525]
    for place in places { bytes.replaceSubrange(place..<place + 7, with: Array("Mueller".utf8)) }
    return bytes + Array("Mueller".utf8)
  }

  @Test(
    "texts, extensions and what follows the voxels go; all else stays to the bit",
    arguments: [1, 2], [ByteOrder.little, .big])
  func blanked(version: Int, order: ByteOrder) throws {
    let bytes = named(version, order)
    let plain = try NIfTI.withoutTexts(bytes)
    #expect(Data(bytes).range(of: Data("Mueller".utf8)) != nil)
    #expect(Data(plain).range(of: Data("Mueller".utf8)) == nil)
    #expect(plain.count == bytes.count - 7)
    #expect(!plain.contains(0x55))
    let (before, after) = (try NIfTI.decode(bytes), try NIfTI.decode(plain))
    #expect(after.volume.voxels == before.volume.voxels)
    #expect(after.volume.affine == before.volume.affine && after.layout == before.layout)
    #expect(after.findings == before.findings && after.header.scaling?.slope == 0.5)
    #expect(try NIfTI.withoutTexts(plain) == plain)
  }

  @Test("a file without texts stays as it is, byte for byte")
  func plain() throws {
    for version in [1, 2] {
      var file = TinyNIfTI()
      file.version = version
      #expect(try NIfTI.withoutTexts(file.file) == file.file)
    }
  }

  @Test("what is no whole file is refused")
  func refused() {
    var pair = TinyNIfTI()
    pair.isPair = true
    let whole = TinyNIfTI().file
    for bytes in [pair.header, Array(whole.dropLast()), Array("no header".utf8), []] {
      #expect(throws: ReadError.self) { try NIfTI.withoutTexts(bytes) }
    }
  }
}
