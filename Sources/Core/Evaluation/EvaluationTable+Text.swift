internal import Foundation
internal import Imaging

extension EvaluationTable {
  /// The tables in Markdown, for a terminal or a file.
  public var text: String {
    let tables = [
      patientTable, segmentTable, areaByClassTable, differenceByClassTable, specificityTable,
    ]
    let remarks =
      [
        "95 % bootstrap intervals by patient; decisions by cross-validated folds, whose thresholds "
          + "the intervals keep."
      ] + coverageRemarks + groupingRemarks + [Notice.researchUse]
    let parts = heading + tables.flatMap { [""] + $0 } + reconstructionTable + [""] + remarks
    return parts.joined(separator: "\n")
  }

  /// What studies that are not independent mean for the figures; empty where all are.
  private var groupingRemarks: [String] {
    let studies = classCounts.values.reduce(0, +)
    guard patientCount < studies else { return [] }
    var remarks = [
      "\(studies) studies of \(CountText.patients(patientCount)): intervals draw whole patients, folds keep a "
        + "patient's studies together."
    ]
    if patientCount <= foldCount {
      remarks.append(
        "No more patients than folds: one patient is left out at a time, the same way in every repeat."
      )
    }
    if patientCount < 10 {
      remarks.append("So few patients say little of others: the intervals are rough.")
    }
    return remarks
  }

  /// Detectors that could not assess some segments with truth: their segment figures are of others
  /// than the rest's.
  private var coverageRemarks: [String] {
    let partial = detectors.filter { $0.assessedSegments < $0.knownSegments }
    guard !partial.isEmpty else { return [] }
    let words = partial.map { "\($0.detector) \($0.assessedSegments)/\($0.knownSegments)" }
    return ["Segment figures leave out what is not assessed: \(words.joined(separator: ", "))."]
  }

  private var patientTable: [String] {
    let head = ["detector", "assessed", "AUC", "AUC - lc61", "sens", "spec", "acc", "F1"]
    let rows = detectors.map { d in
      [
        d.detector, "\(d.assessed)/\(d.cases)", Self.words(d.area),
        Self.words(d.difference, signed: true),
      ]
        + [d.figures.sensitivity, d.figures.specificity, d.figures.accuracy, d.figures.f1]
        .map(Self.words)
    }
    return Self.table(head, rows)
  }

  private var segmentTable: [String] {
    let head = [
      "segments", "F1", "recall", "spec", "top F1", "top recall", "top spec",
    ]
    let rows = detectors.map { d in
      [d.detector]
        + [
          d.figures.segmentF1, d.figures.segmentRecall, d.figures.segmentSpecificity,
          d.figures.topSegmentF1, d.figures.topSegmentRecall, d.figures.topSegmentSpecificity,
        ].map(Self.words)
    }
    return Self.table(head, rows)
  }

  private var areaByClassTable: [String] {
    let head = ["AUC by lesion class"] + lesionClasses.map { "\($0) (\(classCounts[$0] ?? 0))" }
    return Self.table(
      head,
      detectors.map { d in [d.detector] + lesionClasses.map { Self.words(d.areaByClass[$0]) } })
  }

  private var differenceByClassTable: [String] {
    Self.table(
      ["AUC - lc61 by class"] + lesionClasses,
      detectors.filter { $0.difference != nil }.map { d in
        [d.detector] + lesionClasses.map { Self.words(d.differenceByClass[$0], signed: true) }
      })
  }

  private var specificityTable: [String] {
    let head =
      ["specificity by class"] + otherClasses.map { "\($0) (\(classCounts[$0] ?? 0))" }
    return Self.table(
      head,
      detectors.map { d in
        [d.detector] + otherClasses.map { Self.words(d.figures.specificityByClass[$0]) }
      })
  }

  /// Empty where no original is known.
  private var reconstructionTable: [String] {
    guard let reconstruction else { return [] }
    let head = [
      "against the image without lesions", "in", "studies", "SSIM", "PSNR (dB)", "MSE", "variance",
    ]
    let rows = reconstruction.rows.map { row in
      [
        Self.words(row.picture) + (row.isPlanted ? ", planted" : ", unplanted"),
        row.region == .lesion ? "lesion" : "cord and CSF", "\(row.studies)", Self.words(row.ssim),
        Self.words(row.psnrDb, digits: 1), Self.words(row.mse, digits: 4),
        Self.words(row.varianceSum, digits: 2),
      ]
    }
    let missing = reconstruction.remarks.map { "not measured: \($0.cleaned)" }
    return [""] + Self.table(head, rows) + (missing.isEmpty ? [] : [""] + missing)
  }

  private static func words(_ picture: PlantedReconstruction.Picture) -> String {
    switch picture {
    case .reconstruction: "reconstruction"
    case .image: "image itself"
    case .constant: "constant levels"
    }
  }

  static func table(_ head: [String], _ rows: [[String]]) -> [String] {
    let widths = head.indices.map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      "| "
        + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: " | ") + " |"
    }
    let rule =
      "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
    return [line(head), rule] + rows.map(line)
  }

  static func number(_ value: Double?, signed: Bool = false, digits: Int = 3) -> String {
    guard let value else { return "-" }
    return String(format: signed ? "%+.\(digits)f" : "%.\(digits)f", value)
  }

  private static func words(
    _ value: Bootstrap.Interval?, signed: Bool = false, digits: Int = 3
  ) -> String {
    guard let value else { return "-" }
    func word(_ number: Double) -> String { Self.number(number, signed: signed, digits: digits) }
    return "\(word(value.estimate)) [\(word(value.lower))..\(word(value.upper))]"
  }

  /// "0.443 [0.21..0.67]": the mean over the repeats, and its interval by patient.
  private static func words(_ value: CrossValidation.Spread?) -> String {
    guard let value else { return "-" }
    let bounds = value.interval.map { String(format: " [%.2f..%.2f]", $0.lower, $0.upper) }
    return number(value.mean) + (bounds ?? "")
  }
}
