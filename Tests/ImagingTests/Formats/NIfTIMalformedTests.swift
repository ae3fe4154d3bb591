import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct NIfTIMalformedTests {
  /// The error of a changed file, which must name this field.
  private func refusal(
    _ field: String, version: Int = 1, _ change: (inout TinyNIfTI) -> Void
  ) -> ReadError? {
    var file = TinyNIfTI()
    file.version = version
    change(&file)
    let error = #expect(throws: ReadError.self) { try NIfTI.decode(file.file, path: "bad.nii") }
    #expect(error?.field == field)
    #expect(error?.path == "bad.nii")
    return error
  }

  @Test(arguments: [1, 2])
  func dimensionsAreJudged(version: Int) {
    let at = version == 1 ? 40 : 16
    let width = version == 1 ? 2 : 8
    for count in [0, -1, 8, 772] {
      #expect(refusal("dim[0]", version: version) { $0.dim[0] = count }?.offset == at)
    }
    for size in [0, -1, -32768] {
      #expect(refusal("dim[2]", version: version) { $0.dim[2] = size }?.offset == at + 2 * width)
    }
    #expect(
      refusal("dim[1]", version: version) { $0.dim = [3, 32767, 32767, 32767, 1, 1, 1, 1] } != nil)
    // Many volumes of allowed size whose bytes overflow.
    #expect(
      refusal("dim[1]", version: version) {
        $0.dim = [7, 800, 800, 800, 32767, 32767, 32767, 32767]
      } != nil)
  }

  @Test func dimensionsThatOverflowAreErrors() {
    for dim in [
      [3, Int.max, 1, 1], [3, Int.max, Int.max, Int.max], [3, 1 << 32, 1 << 32, 1],
      [4, 1, 1, 1, Int.max], [3, Int.min, 1, 1],
    ] {
      var file = TinyNIfTI()
      file.version = 2
      file.dim = dim + [Int](repeating: 1, count: 8 - dim.count)
      #expect(throws: ReadError.self, "\(dim)") { try NIfTI.decode(file.file) }
    }
  }

  @Test(arguments: [
    (0, "unknown"), (1, "binary"), (32, "complex64"), (128, "RGB24"), (1536, "float128"),
    (1792, "complex128"), (2048, "complex256"), (2304, "RGBA32"), (17, "17"), (-4, "-4"),
  ])
  func typesThatAreNotReadAreNamed(code: Int, name: String) {
    let error = refusal("datatype") { $0.dataType = code }
    #expect(error?.problem.contains(name) == true)
    #expect(error?.offset == 70)
  }

  @Test func offsetsAreJudged() {
    for offset in [-1, 351, 100, 352.5, .nan, .infinity, -.infinity, 1e30] {
      #expect(refusal("vox_offset") { $0.voxOffset = offset }?.offset == 108)
    }
    let beyond = refusal("voxels") { $0.voxOffset = 100_000 }
    #expect(beyond?.offset == 352 + 108)
    #expect(refusal("vox_offset", version: 2) { $0.voxOffset = 543 }?.offset == 168)
    #expect(refusal("vox_offset", version: 2) { $0.voxOffset = -1 } != nil)
  }

  @Test func anOffsetOfZeroMeansBehindTheHeader() throws {
    var file = TinyNIfTI()
    file.set((0..<27).map { UInt8($0) }, code: 2)
    file.voxOffset = 0
    let image = try NIfTI.decode(file.file)
    #expect(image.volume.voxels[26] == 26)
    #expect(image.findings.map(\.field) == ["vox_offset"])
    file.bitsPerVoxel = 16
    #expect(try NIfTI.decode(file.file).findings.map(\.field) == ["bitpix", "vox_offset"])
  }

  @Test(arguments: [1, 2])
  func everyTruncationIsAnErrorWithItsPlace(version: Int) throws {
    var file = TinyNIfTI()
    file.version = version
    let whole = file.file
    #expect(throws: Never.self) { try NIfTI.decode(whole) }
    let folder = try TemporaryFolder()
    let headerSize = version == 1 ? 348 : 540
    for count in 0..<whole.count {
      let cut = Array(whole[..<count])
      let error = #expect(throws: ReadError.self, "cut at \(count)") { try NIfTI.decode(cut) }
      if count >= headerSize { #expect(error?.offset == count) }
      if count % 37 == 0 {
        try AtomicFile.write(cut, to: folder("cut.nii"))
        #expect(throws: ReadError.self) { try NIfTI.read(folder("cut.nii")) }
      }
    }
    let packed = TinyCompressed.gzip(whole)
    for count in 0..<packed.count {
      #expect(throws: ReadError.self, "cut at \(count)") {
        try NIfTI.decode(Array(packed[..<count]))
      }
    }
  }

  @Test func aShortStreamInsideGoodCompressionIsTruncation() {
    let short = Array(TinyNIfTI().file.dropLast(10))
    let error = #expect(throws: ReadError.self) { try NIfTI.decode(TinyCompressed.gzip(short)) }
    #expect(error?.offset == short.count)
    #expect(error?.field == "voxels")
  }

  @Test func aStreamFarLongerThanItsHeaderSaysIsRefused() throws {
    let long = TinyNIfTI().file + [UInt8](repeating: 0, count: 2 << 20)
    let error = #expect(throws: ReadError.self) { try NIfTI.decode(try GZip.compress(long)) }
    #expect(error?.field == "gzip")
  }

  @Test func otherFilesAreRefused() {
    for magic in [
      [0, 0, 0, 0], Array("n+1\n".utf8), Array("n+2\0".utf8), Array("abcd".utf8),
      Array("n+1 ".utf8),
    ] {
      #expect(refusal("magic") { $0.magic = magic }?.offset == 344)
    }
    let analyze = refusal("magic") { $0.magic = [0, 0, 0, 0] }
    #expect(analyze?.problem.contains("ANALYZE") == true)
    #expect(refusal("magic", version: 2) { $0.magic = Array("n+2\0\n\n\n\n".utf8) }?.offset == 4)
    let error = #expect(throws: ReadError.self) { try NIfTI.decode(Array("DICM not nifti".utf8)) }
    #expect(error?.field == "sizeof_hdr")
    #expect(throws: ReadError.self) { try NIfTI.decode([]) }
  }
}
