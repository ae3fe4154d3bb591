extension MeasurementErrors {
  /// Mean absolute errors that measurements from automatic segmentation should keep to on the usual
  /// cohort (results 018).
  private static let bars = ["cobb_deg": 2.5, "mscc_percent": 3.6, "displacement_mm": 0.5]

  /// The table as text.
  public var text: String {
    var lines = ["\(studies) phantoms (\(generator)), \(masks) against the generator's plan"]
    if necks != .usual {
      lines.append(
        "cohort \(necks.rawValue): \(ossified) of \(studies) necks straight or kyphotic with a "
          + "thick ligament")
    }
    lines.append("measure            n     MAE    bias     p95     max     bar")
    for error in errors {
      let cells = [error.meanAbsolute, error.bias, error.percentile95, error.largest]
        .map { $0.hundredths.leftPadded(to: 8) }
      let bar = Self.bars[error.measure].map { $0.hundredths.leftPadded(to: 8) } ?? ""
      lines.append(
        error.measure.padded(to: 15) + String(error.count).leftPadded(to: 5) + cells.joined()
          + bar)
    }
    lines.append(
      "narrowest level found in \(narrowestFound) of \(narrowedStudies) with a planned MSCC >= 15 %"
    )
    lines += decisions.map(\.text)
    lines.append(
      "95 % intervals (Wilson) take levels as independent; those of a neck are not. F1 has that of "
        + "TP / (TP + FP + FN), with which it grows.")
    for (reason, count) in missing.sorted(by: { $0.key < $1.key }) {
      lines.append("not measured, \(count) x: \(reason)")
    }
    return (lines + [notice]).joined(separator: "\n") + "\n"
  }
}

extension MeasurementErrors.Decision {
  /// The figures on three lines.
  fileprivate var text: String {
    func words(_ name: String, _ share: Share?, _ reason: String) -> String {
      guard let share else { return "\(name) undefined (\(reason))" }
      return "\(name) \(share.value.hundredths) "
        + "[\(share.lower.hundredths)..\(share.upper.hundredths)]"
    }
    let shares = [
      words("accuracy", accuracy, "none was measured"),
      words("precision", precision, "none was called so"),
      words("recall", recall, "none is so"),
      words("F1", f1, "no precision or no recall"),
    ]
    let rest =
      undecided == 0 ? "" : "; not measured \(undecided), of which \(undecidedPositives) are so"
    return """
      \(name)
        \(positives) of \(count) are so: TP \(truePositives), FP \(falsePositives), FN \(falseNegatives), \
      TN \(trueNegatives)\(rest)
        \(shares.joined(separator: ", "))
      """
  }
}

extension String {
  /// The text filled with blanks behind it.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text filled with blanks before it.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
