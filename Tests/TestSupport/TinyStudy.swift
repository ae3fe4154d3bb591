public import Foundation
public import Imaging

/// A patient's study of several series as DICOM files, for tests of import: a sagittal T2 of the neck
/// among others that are none.
public struct TinyStudy: Sendable {
  /// Elements of every file: who the patient is and which study.
  public var texts: [DICOMTag: (vr: String, text: String)] = [
    .patientName: ("PN", "Zyxwell^Quorra"), .patientID: ("LO", "PID48151623"),
    .patientBirthDate: ("DA", "19600301"), .accessionNumber: ("SH", "ACC998877"),
    .studyInstanceUID: ("UI", "1.2.840.4711.1"), .studyDate: ("DA", "20240229"),
    DICOMTag(0x0008, 0x0080): ("LO", "St Elsewhere Infirmary"),
    DICOMTag(0x0008, 0x0090): ("PN", "Referrington^Doc"),
  ]
  /// The series by number.
  public var series: [Int: Series] = [:]

  /// One series.
  public struct Series: Sendable {
    /// Its pixels and place.
    public var volume: ImageVolume
    /// What its files say.
    public var texts: [DICOMTag: (vr: String, text: String)]

    /// A series of a description and times in ms.
    public init(
      _ volume: ImageVolume, _ description: String, te: Double, tr: Double, ti: Double? = nil,
      sequence: String = "SE", bodyPart: String = "SPINE"
    ) {
      self.volume = volume
      texts = [
        .seriesDescription: ("LO", description), .protocolName: ("LO", description),
        .echoTime: ("DS", "\(te)"), .repetitionTime: ("DS", "\(tr)"),
        .scanningSequence: ("CS", sequence), .bodyPartExamined: ("CS", bodyPart),
        .studyDescription: ("LO", "MRT Wirbelsaeule"),
      ]
      if let ti { texts[.inversionTime] = ("DS", "\(ti)") }
    }
  }

  /// No series yet.
  public init() {}

  /// A localizer, the sagittal T2, T1 and STIR of the neck, an axial T2, a sagittal T2 of the lumbar
  /// spine.
  public static func withTraps() -> TinyStudy {
    var study = TinyStudy()
    study.series[2] = Series(sagittal(seed: 2), "t2_tse_sag HWS", te: 98, tr: 3500)
    study.series[3] = Series(sagittal(seed: 3), "t1_tse_sag HWS", te: 12, tr: 550)
    study.series[4] = Series(
      sagittal(seed: 4), "t2_tirm_sag HWS", te: 60, tr: 4500, ti: 160, sequence: "SE\\IR")
    study.series[5] = Series(axial(seed: 5), "t2_tse_tra HWS", te: 100, tr: 3800)
    study.series[6] = Series(sagittal(seed: 6), "t2_tse_sag LWS", te: 102, tr: 3500)
    study.series[1] = Series(
      sagittal(seed: 1, slices: 3), "localizer", te: 5, tr: 20, sequence: "GR")
    return study
  }

  /// Writes all series, each to a folder of its number.
  /// - Returns: the files by series.
  @discardableResult
  public func write(to folder: URL) throws -> [Int: [URL]] {
    var files: [Int: [URL]] = [:]
    for (number, one) in series {
      var writer = TinyDICOMSeries()
      writer.texts = texts.merging(one.texts) { $1 }
      let study = texts[.studyInstanceUID]?.text ?? "1.2.3"
      writer.texts[.seriesNumber] = ("IS", "\(number)")
      writer.texts[.seriesInstanceUID] =
        one.texts[.seriesInstanceUID] ?? ("UI", "\(study).\(number)")
      files[number] = try writer.write(one.volume, to: folder.appendingPathComponent("S\(number)"))
    }
    return files
  }

  /// Sagittal slices of a textured disc, 120 mm along the spine.
  public static func sagittal(seed: Int, slices: Int = 5) -> ImageVolume {
    volume(
      [80, 80, slices], seed: seed,
      Affine(i: [0, -1.5, 0], j: [0, 0, -1.5], k: [3.3, 0, 0], origin: [-7, 60, 60]))
  }

  /// Axial slices, 4 mm apart.
  public static func axial(seed: Int) -> ImageVolume {
    volume(
      [48, 48, 8], seed: seed,
      Affine(i: [-2, 0, 0], j: [0, -2, 0], k: [0, 0, 4], origin: [48, 48, -16]))
  }

  private static func volume(_ shape: SIMD3<Int>, seed: Int, _ affine: Affine) -> ImageVolume {
    var voxels: [Float] = []
    for k in 0..<shape.z {
      for j in 0..<shape.y {
        for i in 0..<shape.x {
          let (x, y) = (2 * i - shape.x, 2 * j - shape.y)
          let isBody = x * x + y * y < shape.x * shape.x * 4 / 5
          voxels.append(Float((isBody ? 300 : 5) + (i * 31 + j * 17 + k * 7 + seed * 13) % 40))
        }
      }
    }
    return ImageVolume(shape: shape, voxels: voxels, affine: affine)
  }
}
