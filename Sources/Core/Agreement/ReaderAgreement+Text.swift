public import Foundation

extension ReaderAgreement {
  /// The tables as text.
  public var text: String {
    let names = readers.joined(separator: ", ")
    var lines = [
      "Agreement of \(readers.count) readers (\(names)) on \(studies) studies that two or more signed",
      "Categories: present, absent, cannot tell. What stood under each reader's first signature counts.",
      "95 % intervals: bootstrap by patient, \(bootstrap.resamples) resamples, seed \(bootstrap.seed).",
    ]
    if let leftOut { lines.append(leftOut) }
    if studies < Self.few {
      lines.append(
        "Fewer than \(Self.few) studies: the intervals are wide, and the figures may be chance.")
    }
    lines += ["", line("SEGMENT", "STUDIES", "AGREE %", "KAPPA")]
    lines += segments.map { line($0) }
    if !pairs.isEmpty { lines += ["", line("READERS", "STUDIES", "AGREE %", "KAPPA")] }
    lines += pairs.map { line($0) }
    return (lines + ["", Notice.researchUse]).joined(separator: "\n")
  }

  private func line(_ row: Row) -> String {
    func words(_ value: Bootstrap.Interval?, _ scale: Double, _ digits: Int) -> String {
      guard let value else { return "-" }
      func number(_ x: Double) -> String { String(format: "%.\(digits)f", x * scale) }
      return "\(number(value.estimate)) [\(number(value.lower))..\(number(value.upper))]"
    }
    let remark = row.remark.map { "  (\($0))" } ?? ""
    let kappa = row.kappa == nil ? "-" : "\(words(row.kappa, 1, 2)) \(row.method.rawValue)"
    return line(row.name, "\(row.studies)", words(row.agreement, 100, 1), kappa) + remark
  }

  private func line(_ name: String, _ studies: String, _ agree: String, _ kappa: String) -> String {
    func fill(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    let widest = (pairs.map(\.name.count) + [8]).max() ?? 8
    return fill(name, widest + 2) + fill(studies, 9) + fill(agree, 22) + kappa
  }

  /// The tables as JSON with sorted keys; what cannot be stated is left out, with the `remark`.
  public func json() throws -> Data {
    let said: [String] = [leftOut].compactMap(\.self) + remarks
    let root: [String: Any] = [
      "readers": readers, "studies": studies, "segments": segments.map(Self.object),
      "pairs": pairs.map(Self.object), "remarks": said,
      "categories": Verdict.allCases.map(\.rawValue), "least_studies": Self.least,
      "few_studies": Self.few,
      "bootstrap": ["resamples": bootstrap.resamples, "coverage": bootstrap.coverage],
      "seed": "\(bootstrap.seed)", "notice": Notice.researchUse,
    ]
    return try JSONSerialization.data(
      withJSONObject: root, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }

  private static func object(_ row: Row) -> [String: Any] {
    var entry: [String: Any] = [
      "name": row.name, "studies": row.studies, "segments": row.segments,
      "method": row.method.rawValue,
    ]
    entry["agreement"] = row.agreement.map(object)
    entry["kappa"] = row.kappa.map(object)
    entry["remark"] = row.remark
    return entry
  }

  private static func object(_ value: Bootstrap.Interval) -> [String: Double] {
    ["estimate": value.estimate, "lower": value.lower, "upper": value.upper]
  }
}
