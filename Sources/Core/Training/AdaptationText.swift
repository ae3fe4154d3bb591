internal import Foundation
internal import Imaging

/// The record of an adaptation as plain text.
public enum AdaptationText {
  /// What was adapted from what, and the curve as a table, one line a refresh. Ends in a newline.
  public static func table(_ record: AdaptationRecord) -> String {
    let subjects = record.data.subjects.map { " of \(CountText.subjects($0.count))" } ?? ""
    let start =
      record.strategy == .both
      ? "from \(record.start.name.cleaned) \(record.start.sha256.prefix(8))" : "from scratch"
    var lines = [
      "adapted weights \(record.weights.name.cleaned) \(record.weights.sha256.prefix(8)), \(start)",
      "\(CountText.slices(record.data.slices))\(subjects), masking \(record.masking.rawValue), seed "
        + "\(record.seed), \(record.curve.last?.step ?? 0) steps in "
        + "\(Int(record.seconds.rounded())) s",
      "",
    ]
    let header = [
      "step", "rate", "loss", "EU", "AU", "SSIM", "PSNR dB", "MSE", "variance", "candidates",
      "drift",
    ]
    let rows = [header] + record.curve.map(row)
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for cells in rows {
      lines.append(
        zip(cells, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
          .joined(separator: "  "))
    }
    return (lines + ["", Notice.researchUse]).joined(separator: "\n") + "\n"
  }

  private static func row(_ point: AdaptationRecord.Point) -> [String] {
    let r = point.reconstruction
    func fixed(_ value: Double?, _ decimals: Int) -> String {
      value.map { String(format: "%.\(decimals)f", $0) } ?? "-"
    }
    return [
      "\(point.step)", number(point.learningRate.map(Double.init)), number(point.maskedLoss),
      number(point.meanEu), number(point.meanAu), fixed(r?.ssim, 4), fixed(r?.psnrDb, 2),
      number(r?.mse), fixed(r?.varianceSum, 3), fixed(point.candidatePatches, 1),
      fixed(point.drift, 3),
    ]
  }

  /// A figure with three significant digits, "0.00123", "1.2e-05"; "-" where there is none.
  public static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    return String(format: "%.3g", value)
  }
}
