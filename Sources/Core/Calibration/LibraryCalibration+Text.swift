internal import Foundation

extension LibraryCalibration {
  /// The file's JSON.
  /// - Throws: `EncodingError` when a number is not finite.
  public func json() throws -> String {
    String(decoding: try SnakeCaseJSON.data(self), as: UTF8.self)
  }

  /// A table for the terminal.
  public var text: String {
    let head = [
      "detector", "patient", "95 %", "sensitivity", "specificity", "segment", "95 %",
    ]
    let rows = detectors.sorted { $0.key < $1.key }.map { detector, entry in
      [
        detector, number(entry.patient),
        "\(number(entry.patientLow))..\(number(entry.patientHigh))", entry.sensitivity.words,
        entry.specificity.words, number(entry.segment),
        "\(number(entry.segmentLow))..\(number(entry.segmentHigh))",
      ]
    }
    var advice = (notCalibrated ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key) keeps the model card's thresholds: it \($0.value).\n" }.joined()
    if hasSeveralStudies {
      advice +=
        "Sensitivity and specificity count studies: where patients have several, their intervals are "
        + "too narrow. The thresholds' intervals draw whole patients.\n"
    }
    if blindPatients < studies ?? lesionPatients + otherPatients {
      advice += "Reads that were not blind may have followed the AI: these figures flatter it.\n"
    }
    return """
      \(source)
      readers: \(readers.joined(separator: ", "))

      \(EvaluationTable.table(head, rows).joined(separator: "\n"))
      Sensitivity and specificity are of these same patients, Wilson intervals; new patients will differ.
      \(advice)\(notice)
      """
  }

  private func number(_ value: Double) -> String { String(format: "%.3f", value) }
}
