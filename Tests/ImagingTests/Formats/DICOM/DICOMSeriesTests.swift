import Foundation
import Imaging
import TestSupport
import Testing

/// Series written from a volume and put together again.
@Suite struct DICOMSeriesTests {
  static func scan(_ folder: URL) throws -> DICOMScan {
    try DICOMScan(files: DICOMScan.files(at: folder))
  }

  static func difference(_ a: Affine, _ b: Affine) -> Double {
    [a.i - b.i, a.j - b.j, a.k - b.k, a.origin - b.origin]
      .map { ($0 * $0).sum().squareRoot() }.max() ?? 0
  }

  @Test(arguments: [
    TinyDICOM.Encoding.implicitLittle, .explicitLittle, .explicitBig, .deflated, .rle,
    .jpegLossless(predictor: 1, restartRows: 0), .jpegLossless(predictor: 6, restartRows: 2),
    .jpegLS(near: 0),
  ])
  func aVolumeComesBackInItsPlace(encoding: TinyDICOM.Encoding) throws {
    let folder = try TemporaryFolder()
    let volume = DICOMSamples.volume()
    var series = TinyDICOMSeries()
    series.encoding = encoding
    try series.write(volume, to: folder.url)
    let scan = try Self.scan(folder.url)
    #expect(scan.series.count == 1 && scan.skipped.isEmpty)
    let found = try #require(scan.series.first)
    #expect(found.findings == [] && found.hasVolume)
    #expect(found.orientation == .sagittal)
    #expect(abs((found.obliquityDegrees ?? 0) - 5) < 0.01)
    #expect(found.spacingMM.map { abs($0 - 3.5) < 1e-4 } == true)
    #expect(found.pixelSpacingMM == [0.75, 0.5])
    let read = try found.volume()
    // The file's slices run along row x column, here towards the left: the volume was written so too.
    #expect(read.shape == volume.shape)
    let isTurned = (volume.affine.i.lps.cross(volume.affine.j.lps) * volume.affine.k.lps).sum() < 0
    let expected = isTurned ? volume.reversedSlices : volume
    #expect(read.voxels == expected.voxels)
    #expect(Self.difference(read.affine, expected.affine) < 1e-3)
  }

  @Test func descriptionAndPatientAreApart() throws {
    let folder = try TemporaryFolder()
    var series = TinyDICOMSeries()
    series.texts[.sequenceName] = ("SH", "*tse2d1_15")
    series.texts[.laterality] = ("CS", "R")
    series.texts[.scanOptions] = ("CS", "FS\\")
    try series.write(DICOMSamples.volume(), to: folder.url)
    let found = try #require(Self.scan(folder.url).series.first)
    let d = found.description
    #expect(d.modality == "MR" && d.seriesDescription == "t2_tse_sag" && d.bodyPart == "CSPINE")
    #expect(d.protocolName == "t2_tse_sag" && d.studyDescription == "C spine")
    #expect(d.sequenceName == "*tse2d1_15" && d.scanningSequence == ["SE"])
    #expect(d.sequenceVariant == ["SK", "SP"] && d.scanOptions == ["FS"] && d.laterality == "R")
    #expect(d.echoTimeMS == 98 && d.repetitionTimeMS == 3500 && d.inversionTimeMS == nil)
    #expect(d.fieldStrengthT == 1.5 && d.thicknessMM == 3.5 && d.seriesNumber == 3)
    #expect(d.studyDate == "2024-02-29" && d.studyTime == "10:15:30")
    #expect(d.studyUID == "1.2.3.1" && d.seriesUID == "1.2.3.1.1" && d.manufacturer == "Phantom")
    // LINEAR: a window of whole numbers loses half a step at either end (PS3.3 C.11.2.1.2.1).
    #expect(found.window?.greys == WindowLevel(window: 599, level: 299.5))
    #expect(found.window?.shape == .linear)
    #expect(found.rows == 17 && found.columns == 23 && found.slices.count == 5)
    #expect(found.patient.name?.displayed == "Doe, Jane" && found.patient.id == "P-1")
    #expect(found.patient.ageYears == 63 && found.patient.birthDate == "1960-03-01")
    let apart = found.patient.withoutIdentity
    #expect(apart.name == nil && apart.id == nil && apart.birthDate == nil)
    #expect(apart.ageYears == 63 && apart.sex == "F")
    #expect(!"\(d)".contains("Doe") && !"\(d)".contains("P-1"))
  }

  // MARK: - Geometry

  /// A scan, with the folder that must live as long as its files are read.
  @dynamicMemberLookup struct Scanned {
    let scan: DICOMScan
    let folder: TemporaryFolder
    subscript<Value>(dynamicMember path: KeyPath<DICOMScan, Value>) -> Value { scan[keyPath: path] }
  }

  static func findings(
    _ change: (inout [(volume: ImageVolume, slice: Int, series: TinyDICOMSeries)]) -> Void
  ) throws -> Scanned {
    let folder = try TemporaryFolder()
    let volume = DICOMSamples.volume([8, 8, 6])
    var slices = (0..<6).map { (volume: volume, slice: $0, series: TinyDICOMSeries()) }
    change(&slices)
    for (n, item) in slices.enumerated() {
      var series = item.series
      if series.texts[.sopInstanceUID] == nil { series.texts[.sopInstanceUID] = ("UI", "1.2.\(n)") }
      try Data(series.file(item.volume, slice: item.slice)).write(to: folder("\(n).dcm"))
    }
    return Scanned(scan: try scan(folder.url), folder: folder)
  }

  @Test func gapsAreFoundAndRefused() throws {
    let scan = try Self.findings { $0.remove(at: 3) }
    let series = try #require(scan.series.first)
    let gap = try #require(series.findings.first { $0.kind == .gap })
    #expect(gap.severity == .error && gap.text.contains("1 slice missing"))
    #expect(!series.hasVolume)
    #expect(throws: ReadError.self) { try series.volume() }
  }

  @Test func unevenSlicesAreRefused() throws {
    let scan = try Self.findings { slices in
      slices[5].volume.affine.origin += slices[5].volume.affine.k * 0.2
    }
    #expect(scan.series.first?.findings.map(\.kind) == [.varyingSpacing])
    let shifted = try Self.findings { slices in
      slices[2].volume.affine.origin += slices[2].volume.affine.j * 2
    }
    #expect(shifted.series.first?.findings.map(\.kind) == [.sheared])
    #expect(shifted.series.first?.hasVolume == false)
  }

  @Test func anEvenShearIsKeptInTheAffine() throws {
    let scan = try Self.findings { slices in
      for n in slices.indices { slices[n].volume.affine.k += slices[n].volume.affine.j * 0.5 }
    }
    let series = try #require(scan.series.first)
    #expect(series.findings.map(\.kind) == [.sheared] && series.hasVolume)
    let step = try series.volume().affine.k
    #expect(abs((step * step).sum().squareRoot() - (3.5 * 3.5 + 0.375 * 0.375).squareRoot()) < 1e-3)
  }

  @Test func copiesAndDuplicatesAreDropped() throws {
    let copied = try Self.findings { slices in
      slices[0].series.texts[.sopInstanceUID] = ("UI", "9.9")
      slices.append(slices[0])
    }
    #expect(copied.series.first?.findings.map(\.kind) == [.duplicates])
    #expect(copied.series.first?.findings.first?.severity == .note)
    let again = try Self.findings { $0.append($0[2]) }
    let series = try #require(again.series.first)
    #expect(series.findings.map(\.kind) == [.duplicates] && series.slices.count == 6)
    #expect(series.findings.first?.severity == .warning && series.hasVolume)
  }

  @Test func anObjectCompressedOtherwiseIsACopy() throws {
    let scan = try Self.findings { slices in
      slices[2].series.texts[.sopInstanceUID] = ("UI", "9.9")
      var other = slices[2]
      other.series.encoding = .rle
      slices.append(other)
    }
    let series = try #require(scan.series.first)
    #expect(series.findings.map(\.text) == ["1 file is a copy of another"] && series.hasVolume)
    #expect(scan.skipped.isEmpty && series.slices.count == 6)
  }

  @Test func oneUIDWithOtherPixelsIsRefusedAndBothFilesAreNamed() throws {
    let scan = try Self.findings { slices in
      slices[2].series.texts[.sopInstanceUID] = ("UI", "9.9")
      var other = slices[2]
      other.volume.voxels[2 * 64 + 5] += 1
      slices.append(other)
    }
    let series = try #require(scan.series.first)
    #expect(scan.series.count == 1 && !series.hasVolume)
    let finding = try #require(series.findings.first { $0.kind == .conflict })
    #expect(finding.severity == .error && finding.text.contains("1 file has the SOP Instance UID"))
    #expect(throws: ReadError.self) { try series.volume() }
    let skipped = try #require(scan.skipped.first)
    #expect(scan.skipped.count == 1 && skipped.reason == .conflict)
    for words in ["/2.dcm", "/6.dcm", "keep the right one"] {
      #expect(skipped.error.description.contains(words), "\(skipped.error)")
    }
  }

  @Test func twoObjectsOfOneUIDWithoutPixelsAreNotSaidToDifferInThem() throws {
    let folder = try TemporaryFolder()
    var series = TinyDICOMSeries()
    series.texts[.sopInstanceUID] = ("UI", "9.9")
    for (name, encoding) in [
      ("a.dcm", TinyDICOM.Encoding.implicitLittle), ("b.dcm", .explicitLittle),
    ] {
      series.encoding = encoding
      let file = try series.file(DICOMSamples.volume([8, 8, 6]), slice: 0)
      let pixels = try #require(file.firstRange(of: [0xE0, 0x7F, 0x10, 0x00] as [UInt8]))
      try Data(file[..<pixels.lowerBound]).write(to: folder(name))
    }
    let scan = try Self.scan(folder.url)
    #expect(scan.skipped.isEmpty, "\(scan.skipped)")
    let found = try #require(scan.series.first)
    #expect(scan.series.count == 1 && found.findings.contains { $0.kind == .duplicates })
    #expect(!found.findings.contains { $0.kind == .conflict })
    #expect(throws: ReadError.self) { try found.volume() }
  }

  @Test(.enabled(if: SharedData.has("data/pydicom/charset_files")))
  func realObjectsOfOneUIDWithoutPixels() throws {
    let files = ["chrJapMulti", "chrJapMultiExplicitIR6"].map {
      SharedData.url("data/pydicom/charset_files/\($0).dcm")
    }
    let scan = DICOMScan(files: files)
    #expect(scan.skipped.isEmpty && scan.series.count == 1, "\(scan.skipped)")
  }

  @Test func aCopyThatWasCutOffIsLeftOutWhicheverComesFirst() throws {
    for name in ["0a.dcm", "9.dcm"] {
      let scanned = try Self.findings { _ in }
      var series = TinyDICOMSeries()
      series.texts[.sopInstanceUID] = ("UI", "1.2.0")
      let whole = try series.file(DICOMSamples.volume([8, 8, 6]), slice: 0)
      let cut = name == "9.dcm" ? "9.dcm" : "0.dcm"
      if cut == "0.dcm" { try Data(whole).write(to: scanned.folder(name)) }
      try Data(whole.dropLast(40)).write(to: scanned.folder(cut))
      let scan = try Self.scan(scanned.folder.url)
      #expect(
        scan.skipped.map(\.url.lastPathComponent) == [cut] && scan.skipped[0].reason == .damaged)
      #expect(try scan.series.first?.volume().shape == [8, 8, 6])
    }
  }

  @Test func oneInstanceUIDForAllSlicesLosesNone() throws {
    let scan = try Self.findings { slices in
      for n in slices.indices { slices[n].series.texts[.sopInstanceUID] = ("UI", "1.2") }
    }
    #expect(scan.series.map(\.slices.count) == [6] && scan.series.first?.hasVolume == true)
  }

  @Test func acquisitionsAtTheSamePlacesAreTakenApart() throws {
    let scan = try Self.findings { slices in
      let second = slices
      for n in slices.indices { slices[n].series.texts[.acquisitionNumber] = ("IS", "1") }
      slices += second.map { item in
        var item = item
        item.series.texts[.acquisitionNumber] = ("IS", "2")
        return item
      }
    }
    #expect(scan.series.map(\.slices.count) == [6, 6])
    #expect(scan.series.allSatisfy { $0.hasVolume && $0.findings.map(\.kind) == [.taken] })
    #expect(
      scan.series.map(\.part.index) == [0, 1] && scan.series.allSatisfy { $0.part.count == 2 })
  }

  @Test func directionsAndEchoesAreTakenApart() throws {
    let scan = try Self.findings { slices in
      for n in 3..<6 {
        // The same six slices, three of them turned to lie axially.
        let a = slices[n].volume.affine
        slices[n].volume.affine = Affine(i: a.i, j: a.k / 3.5, k: a.j * 4, origin: a.origin)
      }
      slices[0].series.texts[.echoTime] = ("DS", "20")
    }
    #expect(scan.series.count == 3)
    #expect(Set(scan.series.map { $0.orientation?.rawValue }) == ["sagittal", "axial"])
    #expect(scan.series.map(\.slices.count).sorted() == [1, 2, 3])
    for series in scan.series {
      let notes = series.findings.filter { $0.severity == .note }
      #expect(notes.map(\.kind).prefix(2) == [.directions, .taken], "\(notes)")
      #expect(
        notes.first?.text
          == "its slices lie in 2 directions (3 sagittal, 3 axial), each taken by itself")
    }
    let single = try #require(scan.series.first { $0.slices.count == 1 })
    #expect(
      single.description.echoTimeMS == 20 && single.findings.contains { $0.kind == .singleSlice })
    #expect(try abs(single.volume().affine.spacing.z - 3.5) < 1e-6)
  }

  @Test func theStatedDistanceIsCheckedTheThicknessIsNot() throws {
    func kinds(_ tag: DICOMTag) throws -> [DICOMFinding.Kind]? {
      try Self.findings { slices in
        for n in slices.indices { slices[n].series.texts[tag] = ("DS", "3.0") }
      }.series.first?.findings.map(\.kind)
    }
    #expect(try kinds(.spacingBetweenSlices) == [.statedSpacing])
    #expect(try kinds(.sliceThickness) == [])
  }

  @Test func missingGeometryIsAnError() throws {
    for (tag, kind) in [
      (DICOMTag.pixelSpacing, DICOMFinding.Kind.missingSpacing),
      (.imagePositionPatient, .missingPosition), (.imageOrientationPatient, .missingPosition),
    ] {
      let scan = try Self.findings { slices in
        for n in slices.indices { slices[n].series.without = [tag] }
      }
      let series = try #require(scan.series.first)
      #expect(series.findings.map(\.kind) == [kind] && !series.hasVolume)
      #expect(throws: ReadError.self) { try series.volume() }
    }
    let odd = try Self.findings { slices in
      for n in slices.indices {
        slices[n].series.texts[.imageOrientationPatient] = ("DS", "1\\0\\0\\1\\0\\0")
      }
    }
    #expect(odd.series.first?.findings.map(\.kind) == [.missingPosition])
    let far = try Self.findings { slices in
      slices[1].series.texts[.imagePositionPatient] = ("DS", "1e300\\-1e300\\0")
    }
    #expect(Set(far.series.flatMap { $0.findings.map(\.kind) }).contains(.missingPosition))
  }

  // MARK: - Values

  @Test func rescalingInversionAndPadding() throws {
    let folder = try TemporaryFolder()
    var volume = DICOMSamples.volume([8, 8, 3], range: 0...200)
    volume[0, 0, 0] = 4095
    var series = TinyDICOMSeries()
    series.bitsStored = 12
    series.texts[.rescaleSlope] = ("DS", "2")
    series.texts[.rescaleIntercept] = ("DS", "-100")
    try series.write(volume, to: folder("a"))
    let plain = try #require(Self.scan(folder("a")).series.first).volume()
    let expected = volume.map { $0 * 2 - 100 }
    #expect(Set(plain.voxels) == Set(expected.voxels))
    #expect(plain.voxels.max() == 8090)

    series.texts[.photometricInterpretation] = ("CS", "MONOCHROME1")
    try series.write(volume, to: folder("b"))
    let turned = try #require(Self.scan(folder("b")).series.first)
    #expect(turned.findings.map(\.kind) == [.inverted])
    #expect(try turned.volume().voxels == plain.voxels.map { 4095 * 2 - 200 - $0 })
  }

  @Test(
    "the default window by its function, and none where its numbers cannot be meant",
    arguments: [
      ("300\\500", "601\\9", "", 600, 299.5), ("40", "80", "LINEAR_EXACT", 80, 40),
      ("40", "80", "SIGMOID", 80, 40), ("0.2", "0.5", "LINEAR", 0.5, 0.2), ("40", "0", "", 0, 0),
      ("40", "-80", "", 0, 0), ("NaN", "80", "", 0, 0), ("40", "inf", "", 0, 0),
      ("1e308", "80", "", 0, 0), ("40", "1e308", "", 0, 0), ("40", "80", "CUBIC", 0, 0),
      ("", "80", "", 0, 0),
    ] as [(String, String, String, Float, Float)])
  func window(
    _ centre: String, _ width: String, _ function: String, _ wide: Float, _ middle: Float
  ) throws {
    let folder = try TemporaryFolder()
    var series = TinyDICOMSeries()
    series.texts[.windowCentre] = ("DS", centre)
    series.texts[.windowWidth] = ("DS", width)
    if !function.isEmpty { series.texts[.voiLUTFunction] = ("CS", function) }
    try series.write(DICOMSamples.volume(), to: folder.url)
    let found = try #require(Self.scan(folder.url).series.first).window
    #expect(found?.greys == (wide > 0 ? WindowLevel(window: wide, level: middle) : nil))
  }

  @Test func theWindowLiesOnTheVolumesOwnValues() throws {
    let folder = try TemporaryFolder()
    var series = TinyDICOMSeries()
    series.bitsStored = 12
    series.texts[.rescaleSlope] = ("DS", "2")
    series.texts[.rescaleIntercept] = ("DS", "-100")
    series.texts[.windowCentre] = ("DS", "1000")
    series.texts[.windowWidth] = ("DS", "400")
    series.texts[.voiLUTFunction] = ("CS", "LINEAR_EXACT")
    let volume = DICOMSamples.volume([8, 8, 3], range: 100...900)
    try series.write(volume, to: folder("a"))
    // Windows are for rescaled values, which the volume has.
    let plain = try #require(Self.scan(folder("a")).series.first)
    let shown = try #require(plain.window).greys
    #expect(shown == WindowLevel(window: 400, level: 1000))
    series.texts[.photometricInterpretation] = ("CS", "MONOCHROME1")
    try series.write(volume, to: folder("b"))
    let turned = try #require(Self.scan(folder("b")).series.first)
    let other = try #require(turned.window).greys
    // What was white is black: every voxel is as bright as before, from the other end.
    for (a, b) in zip(try plain.volume().voxels, try turned.volume().voxels) {
      #expect(abs(shown.normalised(a) + other.normalised(b) - 1) < 1e-4, "\(a) \(b)")
    }
  }

  @Test func paddingBecomesTheLowestOtherValue() throws {
    let folder = try TemporaryFolder()
    var volume = DICOMSamples.volume([8, 8, 3], range: 100...900)
    volume[3, 2, 1] = 0x4141
    var series = TinyDICOMSeries()
    series.texts[DICOMTag(0x0028, 0x0120)] = ("US", "AA")
    try series.write(volume, to: folder.url)
    let read = try #require(Self.scan(folder.url).series.first).volume()
    let place = try #require(volume.reversedSlices.voxels.firstIndex(of: 0x4141))
    let isTurned = read.voxels[0] != volume.voxels[0]
    let original = isTurned ? volume.reversedSlices : volume
    let area = 64
    let slice = original.voxels[area..<2 * area].filter { $0 != 0x4141 }
    #expect(read.voxels[place] == slice.min())
    #expect(zip(read.voxels, original.voxels).count { $0 != $1 } == 1)
  }

  @Test func compressionsThatAreNotDecodedAreSaidBeforehand() throws {
    let folder = try TemporaryFolder()
    let volume = DICOMSamples.volume([8, 8, 3])
    try TinyDICOMSeries().write(volume, to: folder.url)
    for url in try DICOMScan.files(at: folder.url) {
      var bytes = [UInt8](try Data(contentsOf: url))
      // The syntax's last part, in an element of 20 bytes: 1.2.840.10008.1.2.1 becomes ...1.2.4.90.
      let stated = Array("1.2.840.10008.1.2.1\0".utf8)
      let at = try #require(bytes.indices.first { bytes[$0...].starts(with: stated) })
      bytes.replaceSubrange(at - 2..<at + 20, with: [22, 0] + Array("1.2.840.10008.1.2.4.90".utf8))
      try Data(bytes).write(to: url)
    }
    let series = try #require(Self.scan(folder.url).series.first)
    #expect(series.findings.map(\.kind) == [.notDecodable] && !series.hasVolume)
    #expect(series.findings.first?.text.contains("JPEG 2000 Lossless") == true)
    #expect(series.findings.first?.text.contains("gdcmconv") == true)
  }

  @Test(.enabled(if: SharedData.has(DICOMPixelTests.qa)))
  func mosaicsAreRefusedByName() {
    let series = DICOMScan(files: [SharedData.url("\(DICOMPixelTests.qa)/In/1.dcm")]).series
    #expect(series.first?.findings.contains { $0.kind == .mosaic } == true)
    #expect(series.first?.hasVolume == false && series.first?.orientation == .axial)
  }

  @Test(.enabled(if: SharedData.has("data/pydicom")))
  func scannersSeriesArePutTogether() throws {
    let scan = try Self.scan(SharedData.url("data/pydicom/test_files/dicomdirtests/98892001"))
    // Two scouts across each other, and five slices.
    #expect(scan.series.map(\.slices.count) == [1, 1, 5])
    let five = try #require(scan.series.first { $0.slices.count == 5 })
    #expect(five.hasVolume && five.orientation == .axial && five.spacingMM == 2.5)
    let volume = try five.volume()
    #expect(volume.orientation.code == "LPS")
    #expect(abs(volume.affine.origin.z + 1.2375) < 1e-9)
    // Stored from 136 on, rescaled by -1024.
    #expect(volume.voxels.min() == -888)
    let head = try Self.scan(SharedData.url("data/pydicom/test_files/dicomdirtests/77654033/CT2"))
    // One axial slice lies apart from three.
    #expect(head.series.map(\.slices.count) == [1, 3] && head.series.allSatisfy(\.hasVolume))
    #expect(head.series.map { $0.findings.map(\.kind) } == [[.gap, .singleSlice], [.gap]])
    // Three planes in one localiser; a rotating projection has as many directions as frames.
    let mr = try Self.scan(SharedData.url("data/pydicom/test_files/dicomdirtests/98892003"))
    #expect(
      Set(mr.series.filter { $0.part.count == 3 }.compactMap(\.orientation?.rawValue)).count == 3)
    let turning = mr.series.filter { $0.part.count == 7 }
    #expect(turning.count == 7)
    #expect(
      turning.allSatisfy { series in
        series.findings.contains { $0.kind == .directions && $0.text.contains(" and 3 more)") }
      })
  }
}

extension Volume {
  /// The same picture with its slices stored in the other order.
  var reversedSlices: Volume {
    let area = shape.x * shape.y
    let slices = (0..<shape.z).reversed().flatMap { voxels[$0 * area..<($0 + 1) * area] }
    var map = affine
    map.origin = affine([0, 0, Double(shape.z - 1)])
    map.k = -affine.k
    return Volume(shape: shape, voxels: slices, affine: map)
  }
}

extension SIMD3 where Scalar == Double {
  /// RAS and LPS differ in the signs of the first two.
  var lps: SIMD3 { [-x, -y, z] }
}
