internal import Foundation
internal import Imaging

/// Files that were dropped by people: what they are called may be the patient's name.
extension ImportedStudy {
  /// What the origin of a label file is called where its name is not kept.
  static let unnamedOrigin = "a file beside the image"

  /// What a sidecar that lies beside a source says of how the picture was made, and nothing of whom: times
  /// and sizes, coded values, descriptions reduced to known words (`IdentityFilter`).
  ///
  /// - Returns: no keys where there is no sidecar that can be read.
  static func harmless(_ sidecar: URL) -> [String: Provenance.Value] {
    guard let object = try? Provenance.read(sidecar) else { return [:] }
    let filter = IdentityFilter()
    var result = ScannerWindow.harmless(object)
    for key in [
      "EchoTime", "RepetitionTime", "InversionTime", "FlipAngle", "MagneticFieldStrength",
      "SliceThickness", "SpacingBetweenSlices",
    ] {
      guard let value = (object[key] as? NSNumber)?.doubleValue, value.isFinite else { continue }
      result[key] = .number(value)
    }
    for key in [
      "Modality", "MRAcquisitionType", "ScanningSequence", "SequenceVariant", "ScanOptions",
      "ImageType",
    ] {
      let values = (object[key] as? [String]) ?? [object[key] as? String].compactMap(\.self)
      let kept = filter.codes(values)
      guard !kept.isEmpty else { continue }
      result[key] = object[key] is String ? .text(kept[0]) : .list(kept)
    }
    for key in ["SeriesDescription", "ProtocolName", "BodyPartExamined"] {
      result[key] = filter.description(object[key] as? String).map { .text($0) }
    }
    if let source = (object[Sidecar.levelSource] as? String).flatMap(LevelSource.init) {
      result[Sidecar.levelSource] = .text(source.rawValue)
    }
    return result
  }
}
