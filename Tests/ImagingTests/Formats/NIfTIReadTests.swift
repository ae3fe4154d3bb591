import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct NIfTIReadTests {
  static let ramp = (0..<27).map { Float($0) }

  @Test(arguments: [1, 2], [ByteOrder.little, .big])
  func everyTypeInEveryForm(version: Int, order: ByteOrder) throws {
    func values(_ fill: (inout TinyNIfTI) -> Void) throws -> [Float] {
      var file = TinyNIfTI()
      (file.version, file.order) = (version, order)
      fill(&file)
      let image = try NIfTI.decode(file.file)
      #expect(image.findings == [])
      #expect(image.header.version.rawValue == version)
      #expect(image.header.order == order)
      return image.volume.voxels
    }
    let n = 0..<27
    #expect(try values { $0.set(n.map { UInt8($0) }, code: 2) } == Self.ramp)
    #expect(try values { $0.set(n.map { Int8($0 - 13) }, code: 256) } == Self.ramp.map { $0 - 13 })
    #expect(
      try values { $0.set(n.map { Int16($0 * -1000) }, code: 4) } == Self.ramp.map { $0 * -1000 })
    #expect(
      try values { $0.set(n.map { UInt16($0 * 2500) }, code: 512) } == Self.ramp.map { $0 * 2500 })
    #expect(
      try values { $0.set(n.map { Int32($0 * -100_000) }, code: 8) }
        == Self.ramp.map { $0 * -100_000 })
    #expect(
      try values { $0.set(n.map { UInt32($0) << 27 }, code: 768) } == Self.ramp.map { $0 * 0x1p27 })
    #expect(
      try values { $0.set(n.map { Int64($0) << 40 * -1 }, code: 1024) }
        == n.map { Float(Int64($0) << 40 * -1) })
    #expect(
      try values { $0.set(n.map { UInt64($0) << 59 }, code: 1280) } == Self.ramp.map { $0 * 0x1p59 }
    )
    #expect(try values { $0.set(Self.ramp.map { $0 / 7 }) } == Self.ramp.map { $0 / 7 })
    #expect(
      try values { $0.set(n.map { Double($0) / 7 }) } == n.map { Float(Double($0) / 7) })
  }

  @Test func singlesAreKeptBitForBit() throws {
    var file = TinyNIfTI()
    let bits: [UInt32] = (0..<27).map { 0x7FC0_0001 &+ UInt32($0) &* 0x1234_5677 }
    file.set(bits, code: 16)
    #expect(try NIfTI.decode(file.file).volume.voxels.map(\.bitPattern) == bits)
  }

  @Test func scalingIsAppliedAndItsAbsenceRecognised() throws {
    var file = TinyNIfTI()
    file.set((0..<27).map { Int16($0) }, code: 4)
    func third(_ slope: Double, _ intercept: Double) throws -> Float {
      (file.slope, file.intercept) = (slope, intercept)
      return try NIfTI.decode(file.file).volume.voxels[3]
    }
    #expect(try third(0.5, -1) == 0.5)
    #expect(try third(-2, 0) == -6)
    #expect(try third(1, 10) == 13)
    #expect(try third(0, 10) == 3)
    #expect(try third(.nan, 10) == 3)
    #expect(try third(.infinity, 10) == 3)
    #expect(try NIfTI.decode(file.file).findings.map(\.field) == ["scl_slope"])
    #expect(try third(2, .nan) == 6)
    #expect(try NIfTI.decode(file.file).findings.map(\.field) == ["scl_inter"])
  }

  @Test func compressedAndExtendedFiles() throws {
    var file = TinyNIfTI()
    file.set(Self.ramp)
    file.description = "made by hand\u{1B}"
    file.extensionBytes = [UInt8](repeating: 0x55, count: 48)
    #expect(try NIfTI.decode(file.file).volume.voxels == Self.ramp)
    let image = try NIfTI.decode(TinyCompressed.gzip(file.file))
    #expect(image.volume.voxels == Self.ramp)
    #expect(image.layout.dataOffset == 400)
    #expect(image.header.descriptionText.cleaned == "made by hand·")
  }

  @Test func volumesOfAFourDimensionalFileAreChosenByIndex() throws {
    var file = TinyNIfTI()
    file.dim = [5, 3, 3, 1, 2, 3, 1, 1]
    file.set((0..<54).map { UInt8($0) }, code: 2)
    for bytes in [file.file, TinyCompressed.gzip(file.file)] {
      for index in 0..<6 {
        let image = try NIfTI.decode(bytes, volume: index)
        #expect(image.volume.shape == [3, 3, 1])
        #expect(image.layout.volumeCount == 6)
        #expect(image.volume.voxels == (0..<9).map { Float(index * 9 + $0) })
      }
      for index in [-1, 6, .max] {
        #expect(throws: ReadError.self) { try NIfTI.decode(bytes, volume: index) }
      }
    }
    #expect(try NIfTI.decode(file.file).findings.map(\.severity) == [.note])
    // Sizes behind the number of dimensions do not count.
    file.dim = [2, 3, 3, 0, 99, -5, 7, 7]
    #expect(try NIfTI.decode(file.file).volume.shape == [3, 3, 1])
  }

  @Test func theSformIsPreferredThenTheQform() throws {
    var file = TinyNIfTI()
    file.srow = [[0, 0, 1, 5], [-2, 0, 0, 6], [0, 3, 0, 7]]
    file.qformCode = 1
    file.quaternion = [0, 0, 1]
    file.pixdim = [-1, 2, 3, 4, 1, 1, 1, 1]
    file.qoffset = [9, 8, 7]
    let byMatrix = try NIfTI.decode(file.file)
    #expect(byMatrix.affineSource == .sform)
    #expect(byMatrix.volume.orientation.code == "PSR")
    #expect(byMatrix.volume.affine.origin == [5, 6, 7])
    // The two disagree, which is said.
    #expect(byMatrix.findings.contains { $0.field == "srow_x" && $0.severity == .warning })
    file.sformCode = 0
    let byQuaternion = try NIfTI.decode(file.file)
    #expect(byQuaternion.affineSource == .qform)
    // Half a turn about z, and qfac -1 mirrors k.
    let expected = Affine(i: [-2, 0, 0], j: [0, -3, 0], k: [0, 0, -4], origin: [9, 8, 7])
    #expect(byQuaternion.volume.affine == expected)
    #expect(byQuaternion.findings == [])
    file.qformCode = 0
    let bySize = try NIfTI.decode(file.file)
    #expect(bySize.affineSource == .pixdim)
    #expect(bySize.volume.affine.spacing == [2, 3, 4])
    #expect(bySize.findings.contains { $0.problem.contains("orientation is unknown") })
  }

  @Test func unusableFormsAreSkippedWithAWarning() throws {
    var file = TinyNIfTI()
    file.srow = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]]
    file.qformCode = 1
    file.quaternion = [0.5, 0.5, 0.5]
    let image = try NIfTI.decode(file.file)
    #expect(image.affineSource == .qform)
    // A third of a turn about the diagonal takes x to y, y to z, z to x.
    #expect(AffineTests.isClose(image.volume.affine.i, [0, 1, 0], 1e-6))
    #expect(AffineTests.isClose(image.volume.affine.j, [0, 0, 1], 1e-6))
    #expect(image.findings.map(\.field) == ["srow_x"])
    for quaternion in [[0.9, 0.9, 0.9], [.nan, 0, 0], [0, .infinity, 0]] {
      file.quaternion = quaternion
      #expect(try NIfTI.decode(file.file).affineSource == .pixdim)
    }
    file.pixdim = [0, 0, -2, .nan, 1, 1, 1, 1]
    let image2 = try NIfTI.decode(file.file)
    #expect(image2.volume.affine.spacing == [1, 2, 1])
    #expect(image2.findings.filter { $0.field.hasPrefix("pixdim[") }.count == 3)
    file.srow[0][3] = .nan
    #expect(try NIfTI.decode(file.file).affineSource == .pixdim)
  }

  @Test(arguments: [(1, 1000.0), (2, 1.0), (3, 0.001), (0, 1.0), (10, 1.0), (7, 1.0)])
  func unitsBecomeMillimetres(code: Int, factor: Double) throws {
    var file = TinyNIfTI()
    file.units = code
    file.srow[0] = [2, 0, 0, 4]
    let affine = try NIfTI.decode(file.file).volume.affine
    #expect(affine.i == SIMD3(2 * factor, 0, 0))
    #expect(affine.origin.x == 4 * factor)
    (file.sformCode, file.qformCode, file.qoffset) = (0, 1, [4, 0, 0])
    file.pixdim[1] = 2
    #expect(try NIfTI.decode(file.file).volume.affine == affine)
  }

  @Test func labelsAreRoundedOrRefused() throws {
    var file = TinyNIfTI()
    func label(_ value: Float) throws -> UInt16 {
      var values = [Float](repeating: 0, count: 27)
      values[14] = value
      file.set(values)
      return try NIfTI.decodeLabels(file.file, path: "seg.nii")[2, 1, 1]
    }
    #expect(try label(3) == 3)
    #expect(try label(2.9999) == 3)
    #expect(try label(-0.001) == 0)
    #expect(try label(65535) == 65535)
    for bad: Float in [0.5, -1, 65536, .nan, .infinity, -.infinity, 3.4e38] {
      let error = #expect(throws: ReadError.self) { try label(bad) }
      #expect(error?.field == "voxel (2, 1, 1)")
      #expect(error?.offset == 352 + 14 * 4)
    }
    file.set((0..<27).map { UInt16($0 * 2000) }, code: 512)
    #expect(try NIfTI.decodeLabels(file.file).voxels == (0..<27).map { UInt16($0 * 2000) })
  }

  @Test func pairsOpenByEitherHalf() throws {
    let folder = try TemporaryFolder()
    var file = TinyNIfTI()
    file.set(Self.ramp)
    file.isPair = true
    file.voxOffset = 16
    let image = [UInt8](repeating: 9, count: 16) + file.voxels
    func store(_ name: String, _ bytes: [UInt8]) throws {
      try AtomicFile.write(
        name.hasSuffix("gz") ? TinyCompressed.gzip(bytes) : bytes, to: folder(name))
    }
    for (name, header, voxels) in [
      ("a", ".hdr", ".img"), ("b", ".hdr.gz", ".img.gz"), ("c", ".hdr", ".img.gz"),
      ("d", ".HDR", ".IMG"),
    ] {
      try store(name + header, Array(file.header.prefix(348)))
      try store(name + voxels, image)
      #expect(try NIfTI.read(folder(name + header)).volume.voxels == Self.ramp)
      #expect(try NIfTI.read(folder(name + voxels)).volume.voxels == Self.ramp)
    }
    try store("e.hdr", file.header)
    let lonely = #expect(throws: ReadError.self) { try NIfTI.read(folder("e.hdr")) }
    #expect(lonely?.problem.contains("e.img") == true)
    try store("f.img", image)
    #expect(throws: ReadError.self) { try NIfTI.read(folder("f.img")) }
    try store("g.nii", file.header)
    #expect(throws: ReadError.self) { try NIfTI.read(folder("g.nii")) }
    #expect(throws: ReadError.self) { try NIfTI.decode(file.header) }
    try store("e.img", Array(image.dropLast()))
    let short = #expect(throws: ReadError.self) { try NIfTI.read(folder("e.hdr")) }
    #expect(short?.path.hasSuffix("e.img") == true)
    #expect(short?.offset == image.count - 1)
  }

  @Test func headersCanBeReadAlone() throws {
    let folder = try TemporaryFolder()
    var file = TinyNIfTI()
    file.dim = [4, 3, 3, 3, 7, 1, 1, 1]
    try AtomicFile.write(file.header, to: folder("h.nii"))
    let (header, layout) = try NIfTI.readHeader(folder("h.nii"))
    #expect(header.dim[4] == 7)
    #expect(layout.volumeCount == 7)
    #expect(layout.endOffset == 352 + 27 * 4 * 7)
    #expect(throws: ReadError.self) { try NIfTI.read(folder("h.nii")) }
  }
}
