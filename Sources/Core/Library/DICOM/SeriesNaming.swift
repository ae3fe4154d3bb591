internal import Imaging

/// The part of a BIDS name that tells one series of a study from another: "acq-sagSTIR_T2w".
struct SeriesNaming {
  /// The name between subject and extension, without a run: entities, then the suffix.
  let entities: [String]
  let suffix: String

  /// The name of the image that lesions are looked for on.
  static let chosen = "T2w"

  /// Names a series by its plane and what is particular about it.
  init(_ series: DICOMSeries, _ verdict: SeriesVerdict) {
    let description = series.description
    let contrast = verdict.contrast.contrast
    let words = SeriesWords(
      [description.seriesDescription, description.protocolName].compactMap(\.self)
        .joined(separator: " "))
    let type = Set(description.imageType.map { $0.uppercased() })
    var acquisition =
      switch series.orientation {
      case .sagittal: "sag"
      case .axial: "ax"
      case .coronal: "cor"
      case nil: "any"
      }
    if contrast == .stir { acquisition += "STIR" }
    if contrast == .balanced { acquisition += "SSFP" }
    if let region = verdict.region?.region, region != .cervical {
      acquisition += region.rawValue.prefix(1).uppercased() + region.rawValue.dropFirst()
    }
    if description.acquisitionType == "3D" { acquisition += "3D" }
    if type.contains("FAT") || words.words.last == "f" {
      acquisition += "DixonFat"
    } else if type.contains("WATER") || words.words.last == "w" {
      acquisition += "DixonWater"
    } else if type.contains("OUT_PHASE") || type.contains("OPP_PHASE") {
      acquisition += "DixonOpp"
    } else if description.scanOptions.contains("FS") || words.first(of: ["fs", "fatsat"]) != nil {
      acquisition += "FS"
    }
    let agent: Set<String> = [
      "gd", "km", "gado", "gadolinium", "gadovist", "dotarem", "post", "ce",
    ]
    let hasAgent = contrast == .t1 && words.first(of: agent) != nil
    entities = ["acq-\(acquisition)"] + (hasAgent ? ["ce-gd"] : [])
    suffix = contrast.suffix ?? "T2w"
  }

  /// The name with a run's number, or without one.
  func text(run: Int?) -> String {
    (entities + (run.map { ["run-\($0)"] } ?? []) + [suffix]).joined(separator: "_")
  }

  /// Names for several series, each once: those that would be called the same are numbered.
  ///
  /// - Parameter isTaken: whether a study has a series of this name already.
  static func names(_ series: [SeriesNaming], isTaken: (String) -> Bool) -> [String] {
    let plain = series.map { $0.text(run: nil) }
    let counts = Dictionary(grouping: plain, by: \.self).mapValues(\.count)
    var runs: [String: Int] = [:]
    return series.indices.map { index in
      if counts[plain[index]] == 1, !isTaken(plain[index]) { return plain[index] }
      while true {
        let run = runs[plain[index], default: 0] + 1
        runs[plain[index]] = run
        let name = series[index].text(run: run)
        if !isTaken(name) { return name }
      }
    }
  }
}
