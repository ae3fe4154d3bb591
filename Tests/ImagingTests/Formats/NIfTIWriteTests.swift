import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct NIfTIWriteTests {
  /// Voxels with every kind of float, on an oblique grid.
  static let volume: ImageVolume = {
    var voxels = (0..<60).map { Float($0) * 0.1 - 2 }
    voxels.replaceSubrange(
      0..<6,
      with: [-0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan])
    return Volume(shape: [3, 4, 5], voxels: voxels, affine: AffineTests.oblique)
  }()

  static func isClose(_ a: Affine, _ b: Affine, _ tolerance: Double = 1e-5) -> Bool {
    AffineTests.isClose(a.i, b.i, tolerance) && AffineTests.isClose(a.j, b.j, tolerance)
      && AffineTests.isClose(a.k, b.k, tolerance)
      && AffineTests.isClose(a.origin, b.origin, tolerance)
  }

  @Test(arguments: ["v.nii", "v.nii.gz"])
  func singlesRoundTripBitForBit(name: String) throws {
    let folder = try TemporaryFolder()
    try NIfTI.write(Self.volume, to: folder(name), description: "anomaly map, é")
    let image = try NIfTI.read(folder(name))
    #expect(image.volume.voxels.map(\.bitPattern) == Self.volume.voxels.map(\.bitPattern))
    #expect(Self.isClose(image.volume.affine, Self.volume.affine))
    #expect(image.header.descriptionText == "anomaly map, é")
    #expect(image.findings == [])
    #expect(image.affineSource == .sform)
    // Once the matrix is rounded to singles, reading and writing change nothing.
    try NIfTI.write(image.volume, to: folder(name))
    let first = try FileBytes.read(folder(name))
    let again = try NIfTI.read(folder(name))
    #expect(again.volume.affine == image.volume.affine)
    try NIfTI.write(again.volume, to: folder(name))
    #expect(try FileBytes.read(folder(name)) == first)
  }

  @Test func bothFormsAgreeForAllOrientationsAndTilts() throws {
    for (n, orientation) in Orientation.all.enumerated() {
      for affine in [
        OrientationTests.affine(orientation),
        Self.volume.reoriented(to: orientation).affine,
      ] {
        let volume = Volume<Float>(
          shape: [2, 2, 2], voxels: (0..<8).map { Float($0) }, affine: affine)
        var bytes = try NIfTI.encode(volume)
        let bySform = try NIfTI.decode(bytes)
        #expect(bySform.findings == [], "\(n) \(orientation)")
        #expect(bySform.header.qformCode == 1 && bySform.header.sformCode == 1)
        // Without its sform code the qform alone must give the same place.
        bytes.replaceSubrange(254..<256, with: [0, 0])
        let byQform = try NIfTI.decode(bytes)
        #expect(byQform.affineSource == .qform)
        #expect(Self.isClose(byQform.volume.affine, affine), "\(orientation)")
        #expect(Self.isClose(bySform.volume.affine, affine, 1e-5), "\(orientation)")
      }
    }
  }

  @Test func aShearedAffineHasNoQform() throws {
    var affine = AffineTests.oblique
    affine.k += affine.i * 0.5
    let volume = Volume<Float>(shape: [1, 1, 2], voxels: [1, 2], affine: affine)
    let image = try NIfTI.decode(try NIfTI.encode(volume))
    #expect(image.header.qformCode == 0)
    #expect(Self.isClose(image.volume.affine, affine))
  }

  @Test(arguments: NIfTIDataType.allCases)
  func wholeValuesAreStoredAsTheyAre(type: NIfTIDataType) throws {
    let voxels = (0..<60).map { Float($0) }
    let volume = Volume(shape: [3, 4, 5], voxels: voxels, affine: .identity)
    let bytes = try NIfTI.encode(volume, as: type)
    let image = try NIfTI.decode(bytes)
    #expect(image.header.dataType == type)
    #expect(image.header.scaling == nil)
    #expect(image.volume.voxels == voxels)
    #expect(bytes.count == 352 + 60 * type.bytesPerVoxel)
  }

  static let forms: [NIfTIFileForm] = [NIfTIHeader.Version.nifti1, .nifti2].flatMap { version in
    [ByteOrder.little, .big].map { NIfTIFileForm(version: version, order: $0) }
  }

  @Test(arguments: NIfTIDataType.allCases, forms)
  func everyTypeVersionAndOrderRoundTrips(type: NIfTIDataType, form: NIfTIFileForm) throws {
    let lowest: Float = type.rawValue == 2 || type.rawValue >= 512 && type != .int64 ? 0 : -30
    let voxels = (0..<60).map { Float($0) + lowest }
    let volume = Volume(shape: [3, 4, 5], voxels: voxels, affine: AffineTests.oblique)
    let bytes = try NIfTI.encode(volume, as: type, form: form, description: "form")
    let size: [UInt8] = form.version == .nifti1 ? [0x5C, 1, 0, 0] : [0x1C, 2, 0, 0]
    #expect(Array(bytes[..<4]) == (form.order == .little ? size : size.reversed()))
    let folder = try TemporaryFolder()
    for name in ["v.nii", "v.nii.gz", "pair.hdr", "pair.img.gz"] {
      try NIfTI.write(volume, to: folder(name), as: type, form: form, description: "form")
      let image = try NIfTI.read(folder(name))
      #expect(image.header.version == form.version && image.header.order == form.order)
      #expect(image.header.dataType == type && image.findings == [], "\(image.findings)")
      #expect(image.header.descriptionText == "form" && image.affineSource == .sform)
      #expect(image.volume.voxels == voxels, "\(name)")
      #expect(Self.isClose(image.volume.affine, AffineTests.oblique))
    }
  }

  @Test(arguments: forms)
  func scaledValuesAndLabelsKeepTheirForm(form: NIfTIFileForm) throws {
    let voxels = (0..<60).map { Float($0) * 0.01 - 0.3 }
    let volume = Volume(shape: [3, 4, 5], voxels: voxels, affine: .identity)
    let image = try NIfTI.decode(try NIfTI.encode(volume, as: .int16, form: form))
    #expect(image.header.order == form.order && image.header.version == form.version)
    #expect(image.header.scaling != nil)
    for (a, b) in zip(image.volume.voxels, voxels) { #expect(abs(a - b) <= 0.59 / 65535 + 1e-7) }
    for largest: UInt16 in [255, 40_000] {
      let labels = LabelVolume(
        shape: [2, 2, 2], voxels: [0, 1, 2, 3, 4, 5, 6, largest], affine: .identity)
      let back = try NIfTI.decodeLabels(try NIfTI.encode(labels, form: form))
      #expect(back.voxels == labels.voxels)
    }
  }

  @Test func longDimensionsAreRefusedAsTheFirstVersion() {
    let long = Volume<Float>(
      shape: [1, 32_768, 1], voxels: [Float](repeating: 1, count: 32_768), affine: .identity)
    let form = NIfTIFileForm(version: .nifti1)
    #expect(throws: WriteError.self) { try NIfTI.encode(long, form: form) }
  }

  @Test(arguments: [NIfTIDataType.uint8, .int8, .int16, .uint16, .int32, .uint32, .int64, .uint64])
  func otherValuesAreSpreadOverTheRange(type: NIfTIDataType) throws {
    for voxels: [Float] in [
      (0..<60).map { Float($0) * 0.01 - 0.3 }, (0..<60).map { Float($0) * 1e6 - 3e7 },
      [Float](repeating: 0.3, count: 60), (0..<60).map { 1000 + Float($0) * 0.001 },
    ] {
      let volume = Volume(shape: [3, 4, 5], voxels: voxels, affine: .identity)
      let image = try NIfTI.decode(try NIfTI.encode(volume, as: type))
      let span = (voxels.max() ?? 0) - (voxels.min() ?? 0)
      let step = span / Float(1 << min(16, type.bytesPerVoxel * 8))
      let largest = voxels.reduce(0) { max($0, abs($1)) }
      for (a, b) in zip(image.volume.voxels, voxels) {
        #expect(abs(a - b) <= step + largest * 2e-7, "\(type)")
      }
    }
  }

  @Test func valuesThatDoNotFitAreRefused() {
    #expect(throws: WriteError.self) { try NIfTI.encode(Self.volume, as: .int16) }
    var bad = Self.volume
    bad.affine.k = .zero
    #expect(throws: WriteError.self) { try NIfTI.encode(bad) }
    bad.affine.k = [0, 0, .nan]
    #expect(throws: WriteError.self) { try NIfTI.encode(bad) }
    let empty = Volume<Float>(shape: [0, 1, 1], voxels: [], affine: .identity)
    #expect(throws: WriteError.self) { try NIfTI.encode(empty) }
    let folder = URL(fileURLWithPath: "/tmp/nowhere.mgz")
    #expect(throws: WriteError.self) { try NIfTI.write(Self.volume, to: folder) }
  }

  @Test func labelsTakeTheSmallestType() throws {
    let folder = try TemporaryFolder()
    var labels = LabelVolume(
      shape: [2, 2, 2], voxels: [0, 1, 2, 3, 4, 5, 6, 255], affine: Self.volume.affine)
    try NIfTI.write(labels, to: folder("l.nii.gz"))
    #expect(try NIfTI.readLabels(folder("l.nii.gz")).voxels == labels.voxels)
    #expect(try NIfTI.readHeader(folder("l.nii.gz")).layout.dataType == .uint8)
    labels.voxels[7] = 65535
    try NIfTI.write(labels, to: folder("l.nii"))
    #expect(try NIfTI.readLabels(folder("l.nii")).voxels == labels.voxels)
    #expect(try NIfTI.readHeader(folder("l.nii")).layout.dataType == .uint16)
  }

  @Test func longDimensionsTakeTheSecondVersion() throws {
    let volume = Volume<Float>(
      shape: [40_000, 1, 2], voxels: (0..<80_000).map { Float($0) }, affine: AffineTests.oblique)
    let bytes = try NIfTI.encode(volume, description: "long")
    let image = try NIfTI.decode(bytes)
    #expect(image.header.version == .nifti2)
    #expect(image.header.descriptionText == "long")
    #expect(image.volume.shape == volume.shape)
    #expect(image.volume.voxels == volume.voxels)
    #expect(image.volume.affine == volume.affine)
    #expect(image.findings == [])
    #expect(bytes.count == 544 + 320_000)
  }

  @Test func theDescriptionIsCutToItsField() throws {
    let volume = Volume<Float>(shape: [1, 1, 1], voxels: [1], affine: .identity)
    let long = String(repeating: "x", count: 200)
    let image = try NIfTI.decode(try NIfTI.encode(volume, description: long))
    #expect(image.header.descriptionText == String(repeating: "x", count: 79))
    #expect(image.affineSource == .sform)
  }
}
