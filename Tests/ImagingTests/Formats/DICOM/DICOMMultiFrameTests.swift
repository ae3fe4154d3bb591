import Foundation
import Imaging
import TestSupport
import Testing

/// Enhanced multi-frame objects: geometry, echoes and scaling in functional groups.
@Suite struct DICOMMultiFrameTests {
  /// Frames of 2 x 2 pixels with the value of their number, at places and echo times.
  static func file(
    places: [Double], echoes: [Double], groups: Int? = nil
  ) throws -> [UInt8] {
    var set = TinyDICOM()
    set.add(.sopClassUID, "UI", "1.2.840.10008.5.1.4.1.1.4.1")
    set.add(.sopInstanceUID, "UI", "1.2.3")
    set.add(.modality, "CS", "MR")
    set.add(.seriesInstanceUID, "UI", "1.2")
    set.add(.samplesPerPixel, "US", [1])
    set.add(.photometricInterpretation, "CS", "MONOCHROME2")
    set.add(.numberOfFrames, "IS", "\(places.count)")
    set.add(.rows, "US", [2])
    set.add(.columns, "US", [2])
    set.add(.bitsAllocated, "US", [16])
    set.add(.bitsStored, "US", [12])
    set.add(.highBit, "US", [11])
    set.add(.pixelRepresentation, "US", [0])
    set.add(DICOMTag(0x5200, 0x9229), items: [shared])
    set.add(
      DICOMTag(0x5200, 0x9230),
      items: zip(places, echoes).prefix(groups ?? places.count).map { perFrame($0, $1) })
    set.add(.pixelData, "OW", places.indices.flatMap { [$0, $0, $0, $0] })
    return try set.file(.explicitLittle)
  }

  static var shared: TinyDICOM {
    var orientation = TinyDICOM()
    orientation.add(.imageOrientationPatient, "DS", "0\\1\\0\\0\\0\\-1")
    var measures = TinyDICOM()
    measures.add(.sliceThickness, "DS", "3")
    measures.add(.pixelSpacing, "DS", "0.5\\0.25")
    var scaling = TinyDICOM()
    scaling.add(.rescaleIntercept, "DS", "10")
    scaling.add(.rescaleSlope, "DS", "3")
    var timing = TinyDICOM()
    timing.add(.repetitionTime, "DS", "2500")
    var result = TinyDICOM()
    result.add(DICOMTag(0x0018, 0x9112), items: [timing])
    result.add(DICOMTag(0x0020, 0x9116), items: [orientation])
    result.add(DICOMTag(0x0028, 0x9110), items: [measures], defined: true)
    result.add(DICOMTag(0x0028, 0x9145), items: [scaling])
    return result
  }

  static func perFrame(_ place: Double, _ echo: Double) -> TinyDICOM {
    var echoes = TinyDICOM()
    echoes.add(DICOMTag(0x0018, 0x9082), doubles: [echo])
    var position = TinyDICOM()
    position.add(.imagePositionPatient, "DS", decimals: [place, -40, 60])
    var result = TinyDICOM()
    result.add(DICOMTag(0x0018, 0x9114), items: [echoes])
    result.add(DICOMTag(0x0020, 0x9113), items: [position])
    return result
  }

  static func scan(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> DICOMScan {
    try Data(bytes).write(to: folder("a.dcm"))
    return DICOMScan(files: [folder("a.dcm")])
  }

  @Test func framesAreSortedByPlace() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.file(places: [6, 0, 3], echoes: [90, 90, 90])
    let series = try #require(Self.scan(bytes, folder).series.first)
    #expect(series.findings == [] && series.orientation == .sagittal)
    #expect(series.description.echoTimeMS == 90 && series.description.repetitionTimeMS == 2500)
    let volume = try series.volume()
    #expect(volume.shape == [2, 2, 3])
    // The normal of posterior x inferior is the right: from the leftmost slice on.
    #expect([0, 1, 2].map { volume[0, 0, $0] } == [10, 16, 13])
    let expected = Affine(
      i: [0, -0.25, 0], j: [0, 0, -0.5], k: [3, 0, 0], origin: [-6, 40, 60])
    #expect(DICOMSeriesTests.difference(volume.affine, expected) < 1e-9)
  }

  @Test func echoesAreTakenApart() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.file(places: [0, 3, 0, 3], echoes: [20, 20, 80, 80])
    let series = try Self.scan(bytes, folder).series
    #expect(series.map(\.description.echoTimeMS) == [20, 80])
    #expect(try series.map { try $0.volume()[0, 0, 0] } == [13, 19])
  }

  @Test func framesWithoutPlacesHaveNoVolume() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.file(places: [0, 3, 6], echoes: [1, 1, 1], groups: 2)
    let series = try #require(Self.scan(bytes, folder).series.first)
    #expect(series.findings.map(\.kind) == [.missingPosition])
    // The pixels can be read all the same.
    #expect(try DICOMFile.decode(bytes).frame(2).values == [2, 2, 2, 2])
  }
}
