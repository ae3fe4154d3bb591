public import Foundation
public import Imaging

/// Writes an image volume as a DICOM series, one file a slice, for tests of reading and import.
public struct TinyDICOMSeries: Sendable {
  /// How the files are encoded.
  public var encoding = TinyDICOM.Encoding.explicitLittle
  /// A transfer syntax that files state in the place of that of their encoding.
  public var stated: DICOMTransferSyntax?
  /// Whether values are two's complement.
  public var isSigned = false
  /// Bits of a value: up to 8 bits are stored in one byte, others in two.
  public var bitsStored = 16
  /// Rescale slope and intercept; stored values are `(value - intercept) / slope`, rounded.
  public var rescale: (slope: Double, intercept: Double)?
  /// Elements that replace the default ones, or are added: tag, representation, text.
  public var texts: [DICOMTag: (vr: String, text: String)] = [:]
  /// Tags left out.
  public var without: Set<DICOMTag> = []

  /// A series with the defaults: a sagittal T2 of the cervical spine.
  public init() {}

  /// The defaults and what replaces them.
  private var allTexts: [DICOMTag: (vr: String, text: String)] {
    let defaults: [DICOMTag: (vr: String, text: String)] = [
      .specificCharacterSet: ("CS", "ISO_IR 192"),
      .imageType: ("CS", "ORIGINAL\\PRIMARY\\M\\ND"),
      .sopClassUID: ("UI", "1.2.840.10008.5.1.4.1.1.4"),
      .studyDate: ("DA", "20240229"), .studyTime: ("TM", "101530.25"),
      .modality: ("CS", "MR"), .manufacturer: ("LO", "Phantom"),
      .studyDescription: ("LO", "C spine"), .seriesDescription: ("LO", "t2_tse_sag"),
      .patientName: ("PN", "Doe^Jane"), .patientID: ("LO", "P-1"),
      .patientBirthDate: ("DA", "19600301"), .patientSex: ("CS", "F"),
      .bodyPartExamined: ("CS", "CSPINE"), .scanningSequence: ("CS", "SE"),
      .sequenceVariant: ("CS", "SK\\SP"), .echoTime: ("DS", "98"),
      .repetitionTime: ("DS", "3500"), .magneticFieldStrength: ("DS", "1.5"),
      .protocolName: ("LO", "t2_tse_sag"), .studyInstanceUID: ("UI", "1.2.3.1"),
      .seriesInstanceUID: ("UI", "1.2.3.1.1"), .seriesNumber: ("IS", "3"),
      .frameOfReferenceUID: ("UI", "1.2.3.9"), .windowCentre: ("DS", "300\\500"),
      .windowWidth: ("DS", "600\\900"),
    ]
    return defaults.merging(texts) { $1 }
  }

  /// Writes every slice (along k) to a folder, named in no order of theirs.
  /// - Returns: the files by slice.
  @discardableResult
  public func write(_ volume: ImageVolume, to folder: URL) throws -> [URL] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try (0..<volume.shape.z).map { k in
      let url = folder.appendingPathComponent("IM\((k * 7919 + 13) % 10007)")
      try Data(try file(volume, slice: k)).write(to: url)
      return url
    }
  }

  /// One slice as a file.
  public func file(_ volume: ImageVolume, slice k: Int) throws -> [UInt8] {
    let syntax = encoding.syntax
    var set = TinyDICOM(syntax)
    for (tag, add) in elements(volume, k).sorted(by: { $0.key < $1.key })
    where !without.contains(tag) {
      add(&set)
    }
    if !without.contains(.pixelData) { addPixels(words(volume, k), volume.shape, to: &set) }
    return try set.file(stated ?? syntax)
  }

  private func elements(_ volume: ImageVolume, _ k: Int) -> [DICOMTag: (inout TinyDICOM) -> Void] {
    let map = volume.affine
    func lps(_ v: SIMD3<Double>) -> [Double] { [-v.x, -v.y, v.z] }
    let spacing = map.spacing
    var result: [DICOMTag: (inout TinyDICOM) -> Void] = [:]
    func decimals(_ tag: DICOMTag, _ values: [Double]) {
      result[tag] = { $0.add(tag, "DS", decimals: values) }
    }
    func words(_ tag: DICOMTag, _ value: Int) { result[tag] = { $0.add(tag, "US", [value]) } }
    decimals(.imagePositionPatient, lps(map([0, 0, Double(k)])))
    decimals(.imageOrientationPatient, lps(map.i / spacing.x) + lps(map.j / spacing.y))
    decimals(.pixelSpacing, [spacing.y, spacing.x])
    decimals(.sliceThickness, [spacing.z])
    if let rescale {
      decimals(.rescaleSlope, [rescale.slope])
      decimals(.rescaleIntercept, [rescale.intercept])
    }
    words(.samplesPerPixel, 1)
    words(.rows, volume.shape.y)
    words(.columns, volume.shape.x)
    words(.bitsAllocated, bitsStored <= 8 ? 8 : 16)
    words(.bitsStored, bitsStored)
    words(.highBit, bitsStored - 1)
    words(.pixelRepresentation, isSigned ? 1 : 0)
    let photometric = DICOMTag.photometricInterpretation
    result[photometric] = { $0.add(photometric, "CS", "MONOCHROME2") }
    // Numbered against the order in space, as scanners may.
    let number = DICOMTag.instanceNumber
    result[number] = { $0.add(number, "IS", "\(volume.shape.z - k)") }
    let uid = DICOMTag.sopInstanceUID
    let series = allTexts[.seriesInstanceUID]?.text ?? "1.2.3"
    result[uid] = { $0.add(uid, "UI", "\(series).\(k + 1)") }
    for (tag, value) in allTexts { result[tag] = { $0.add(tag, value.vr, value.text) } }
    return result
  }

  /// The stored words of a slice.
  private func words(_ volume: ImageVolume, _ k: Int) -> [UInt16] {
    let area = volume.shape.x * volume.shape.y
    let mask = UInt16(truncatingIfNeeded: (1 << bitsStored) - 1)
    let (slope, intercept) = rescale ?? (1, 0)
    return volume.voxels[k * area..<(k + 1) * area].map {
      let stored = ((Double($0) - intercept) / slope).rounded()
      return UInt16(truncatingIfNeeded: Int(stored)) & mask
    }
  }

  private func addPixels(_ words: [UInt16], _ shape: SIMD3<Int>, to set: inout TinyDICOM) {
    let bytesPerPixel = bitsStored <= 8 ? 1 : 2
    let size = (rows: shape.y, columns: shape.x)
    switch encoding {
    case .implicitLittle, .explicitLittle, .explicitBig, .deflated:
      if bytesPerPixel == 2 {
        set.add(.pixelData, "OW", words.map(Int.init))
      } else {
        set.add(.pixelData, "OB", raw: words.map { UInt8(truncatingIfNeeded: $0) })
      }
    case .rle:
      set.addFragments([TinyCodestreams.rle(words, bytesPerPixel: bytesPerPixel)])
    case .jpegLossless(let predictor, let restartRows):
      set.addFragments([
        TinyCodestreams.jpegLossless(
          words, rows: size.rows, columns: size.columns, precision: bitsStored,
          predictor: predictor, restartRows: restartRows)
      ])
    case .jpegLS(let near):
      set.addFragments([
        TinyJPEGLS.encode(
          words, rows: size.rows, columns: size.columns, precision: bitsStored, near: near)
      ])
    }
  }
}
