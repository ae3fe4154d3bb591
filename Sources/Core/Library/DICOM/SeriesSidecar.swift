internal import Foundation
internal import Imaging

/// What the sidecar of an image made from DICOM says, in the terms of BIDS: a list of what is kept, so
/// that whatever else stands in the files stays there.
///
/// Dates, times, names, numbers and institutions are not kept (DICOM PS3.15 Annex E, Basic Profile);
/// unique identifiers only as keyed hashes.
enum SeriesSidecar {
  /// The series by the library's keyed hash of its UID and part.
  static let seriesKey = "SeriesKey"
  /// The library's keyed hash of the series' files: whoever has the originals cannot tell the image by it
  /// without the key. Versions before it wrote `Sidecar.sourceHash`.
  static let sourceKey = "SourceKey"
  /// Why the image was chosen for detection; only the chosen one has it.
  static let chosen = "ChosenForDetection"
  /// Why an image was not chosen.
  static let notChosen = "NotForDetection"
  /// In the sidecar of the plain T2w image: the name of the image that a reader wished for in its place.
  static let detectOn = "DetectOn"
  /// What a reader must know, "flag: text".
  static let flags = "QualityFlags"

  /// The keys of a series.
  static func values(
    _ series: DICOMSeries, _ filter: IdentityFilter
  ) -> [String: Provenance.Value] {
    let d = series.description
    var result: [String: Provenance.Value] = [
      "SourceFormat": .text("DICOM"),
      "DeidentificationMethod": .list([
        "DICOM PS3.15 Annex E Basic Profile: written anew, only listed attributes are kept",
        "Clean Descriptors Option: descriptions reduced to known words",
      ]),
    ]
    func text(_ key: String, _ value: String?) { result[key] = value.map { .text($0) } }
    func number(_ key: String, _ value: Double?, in range: ClosedRange<Double>, scale: Double = 1) {
      guard let value, range.contains(value) else { return }
      // Differences of positions bring in rounding errors.
      result[key] = .number((value / scale * 1e6).rounded() / 1e6)
    }
    func list(_ key: String, _ values: [String]) {
      let kept = filter.codes(values)
      if !kept.isEmpty { result[key] = .list(kept) }
    }
    text("Modality", filter.codes([d.modality].compactMap(\.self)).first)
    text("Manufacturer", filter.device(d.manufacturer))
    text("ManufacturersModelName", filter.device(d.model))
    text("BodyPartExamined", filter.description(d.bodyPart)?.uppercased())
    text("SeriesDescription", filter.description(d.seriesDescription))
    text("ProtocolName", filter.description(d.protocolName))
    text("MRAcquisitionType", filter.codes([d.acquisitionType].compactMap(\.self)).first)
    list("ScanningSequence", d.scanningSequence)
    list("SequenceVariant", d.sequenceVariant)
    list("ScanOptions", d.scanOptions)
    list("ImageType", d.imageType)
    number("MagneticFieldStrength", d.fieldStrengthT, in: 0...30)
    // BIDS has seconds where DICOM has milliseconds.
    number("EchoTime", d.echoTimeMS, in: 0...10_000, scale: 1000)
    number("RepetitionTime", d.repetitionTimeMS, in: 0...100_000, scale: 1000)
    number(
      "InversionTime", d.inversionTimeMS.flatMap { $0 > 0 ? $0 : nil }, in: 0...100_000, scale: 1000
    )
    number("SliceThickness", d.thicknessMM, in: 0...1000)
    number("SpacingBetweenSlices", series.spacingMM, in: 0...1000)
    number("SeriesNumber", d.seriesNumber.map(Double.init), in: 0...1e9)
    return result.merging(ScannerWindow.values(series.window)) { $1 }
  }

  /// Why a series is the one that lesions are looked for on.
  static func choice(
    _ verdict: SeriesVerdict, _ filter: IdentityFilter
  ) -> [String: Provenance.Value] {
    [
      chosen: .list(verdict.reasons.map(filter.sentence)),
      flags: .list(verdict.flags.map { "\($0.flag): \(filter.sentence($0.text))" }),
    ]
  }

  /// The quality flags that an image's sidecar states.
  static func flags(in object: [String: Any]) -> [QualityFlag] {
    (object[flags] as? [String] ?? []).prefix(20).compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      return QualityFlag(
        String(parts[0]).cleaned(limit: 60), String(parts[1]).trimmed.cleaned(limit: 400))
    }
  }
}
