internal import Foundation
internal import Imaging

/// What the BIDS sidecar of an image says of contrast and region, as quality flags.
///
/// Images made from DICOM bring their flags with them (`SeriesSidecar`); this is for sidecars of other
/// converters, which have the same keys.
struct StatedSeries {
  private let words: SeriesWords
  private let bodyPart: String?
  private let texts: [String?]
  private let sequence: Set<String>
  private let options: Set<String>
  private let echoMS: Double?
  private let repetitionMS: Double?
  private let inversionMS: Double?

  /// Reads the keys of a sidecar; what is missing or of another kind says nothing.
  init(_ object: [String: Any]) {
    func text(_ key: String) -> String? { object[key] as? String }
    func codes(_ key: String) -> Set<String> {
      let list = (object[key] as? [String]) ?? text(key).map { [$0] } ?? []
      return Set(
        list.flatMap { $0.uppercased().split { !$0.isLetter && !$0.isNumber } }.map(String.init))
    }
    /// Seconds in BIDS; what cannot be seconds is taken for ms.
    func milliseconds(_ key: String, most: Double) -> Double? {
      guard let value = (object[key] as? NSNumber)?.doubleValue, value.isFinite, value > 0 else {
        return nil
      }
      return value > most ? value : value * 1000
    }
    texts = [text("SeriesDescription"), text("ProtocolName")]
    words = SeriesWords(texts.compactMap(\.self).joined(separator: " "))
    bodyPart = text("BodyPartExamined")
    sequence = codes("ScanningSequence")
    options = codes("ScanOptions")
    echoMS = milliseconds("EchoTime", most: 5)
    repetitionMS = milliseconds("RepetitionTime", most: 60)
    inversionMS = milliseconds("InversionTime", most: 20)
  }

  /// The flags, but for kinds of which one is known already.
  func flags(beside known: [QualityFlag]) -> [QualityFlag] {
    let names = Set(known.names)
    var result: [QualityFlag] = []
    if names.isDisjoint(with: [QualityIssue.wrongContrast.rawValue, "contrast-doubtful"]),
      let flag = contrast
    {
      result.append(flag)
    }
    if names.isDisjoint(with: [QualityIssue.wrongRegion.rawValue, "region-doubtful"]),
      let flag = region
    {
      result.append(flag)
    }
    return result
  }

  private var times: String {
    [("TE", echoMS), ("TR", repetitionMS), ("TI", inversionMS)]
      .compactMap { name, value in value.map { "\(name) \(SeriesText.number($0)) ms" } }
      .joined(separator: ", ")
  }

  private var region: QualityFlag? {
    guard let found = ([bodyPart] + texts).lazy.compactMap({ SeriesRegion.named(in: $0) }).first,
      found.region != .cervical
    else { return nil }
    return QualityIssue.wrongRegion.flag(
      "The sidecar names the \(found.region.rawValue) region (\(found.word.cleaned(limit: 40))).")
  }

  /// Contrasts on which CSF is dark or nothing was learned are wrong; those that look like T2 and are
  /// not what the weights learned are doubts.
  private var contrast: QualityFlag? {
    func wrong(_ name: SeriesContrast, _ why: String) -> QualityFlag {
      QualityIssue.wrongContrast.flag("The sidecar says \(name.rawValue) (\(why)), not T2.")
    }
    func doubt(_ name: String, _ why: String) -> QualityFlag {
      QualityFlag(
        "contrast-doubtful",
        "The sidecar says \(name) (\(why)): weights and thresholds are those of plain T2.")
    }
    if sequence.contains("EP") { return wrong(.echoPlanar, "ScanningSequence EP") }
    if let found = byInversion(wrong, doubt) { return found }
    if sequence.contains("GR"), !sequence.contains("SE") {
      guard let echoMS, echoMS < 8 else {
        return doubt(SeriesContrast.t2Star.rawValue, "ScanningSequence GR")
      }
      return wrong(.t1, "gradient echo, \(times)")
    }
    if let echoMS, let repetitionMS {
      if repetitionMS < ContrastFinding.repetitionMS.t1, echoMS < ContrastFinding.t2EchoMS.doubtful
      {
        return wrong(.t1, times)
      }
      if repetitionMS >= ContrastFinding.repetitionMS.t2, echoMS < ContrastFinding.t2EchoMS.doubtful
      {
        return wrong(.protonDensity, times)
      }
      if echoMS < ContrastFinding.t2EchoMS.sure { return doubt("a short echo time", times) }
    } else if let found = byName(wrong, doubt) {
      return found
    }
    let isSuppressed =
      !options.isDisjoint(with: ["FS", "FATSAT"])
      || words.first(of: ["fs", "fatsat", "spair", "spir"]) != nil
    return isSuppressed ? doubt("suppressed fat", "ScanOptions or its name") : nil
  }

  private func byInversion(
    _ wrong: (SeriesContrast, String) -> QualityFlag, _ doubt: (String, String) -> QualityFlag
  ) -> QualityFlag? {
    let stir = words.first(of: ["stir", "tirm", "tir"])
    let flair = words.first(of: ["flair"])
    if let inversionMS, sequence.contains("IR") || stir != nil || flair != nil {
      if ContrastFinding.inversionMS.stir.contains(inversionMS) {
        return doubt(SeriesContrast.stir.rawValue, times)
      }
      return wrong(
        inversionMS >= ContrastFinding.inversionMS.flair ? .flair : .t1,
        "inversion recovery, \(times)")
    }
    if let flair { return wrong(.flair, "its name says \(flair)") }
    return stir.map { doubt(SeriesContrast.stir.rawValue, "its name says \($0)") }
  }

  /// Where times are missing, by the name.
  private func byName(
    _ wrong: (SeriesContrast, String) -> QualityFlag, _ doubt: (String, String) -> QualityFlag
  ) -> QualityFlag? {
    if let word = words.first(of: ["t2star", "t2s", "medic", "merge", "mffe", "swi"]) {
      return doubt(SeriesContrast.t2Star.rawValue, "its name says \(word)")
    }
    guard words.first(beginning: ["t2"]) == nil else { return nil }
    if let word = words.first(beginning: ["t1"]) { return wrong(.t1, "its name says \(word)") }
    return words.first(of: ["pd", "pdw"]).map { wrong(.protonDensity, "its name says \($0)") }
  }
}
