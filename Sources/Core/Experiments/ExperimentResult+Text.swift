public import Foundation

extension ExperimentResult {
  /// The tables in Markdown.
  public func text(_ table: EvaluationTable) -> String {
    var parts = [table.text]
    let comparisons = comparisonTable
    if !comparisons.isEmpty { parts.append(comparisons.joined(separator: "\n")) }
    let work = workTable
    if !work.isEmpty { parts.append(work.joined(separator: "\n")) }
    return parts.joined(separator: "\n\n")
  }

  private var comparisonTable: [String] {
    let rows = comparisons().map { item in
      let d = item.difference
      return [
        item.arm, item.base, item.detector, EvaluationTable.number(d?.estimate, signed: true),
        EvaluationTable.number(d?.lower, signed: true),
        EvaluationTable.number(d?.upper, signed: true), item.words,
      ]
    }
    guard !rows.isEmpty else { return [] }
    return EvaluationTable.table(
      ["arm", "less", "detector", "AUC difference", "lower", "upper", "the first is"], rows)
  }

  /// What reconstruction is like on studies without lesion, and what the arms cost.
  private var workTable: [String] {
    let rows = outcomes.filter { $0.outcome.reconstruction != nil }.map { arm, seed, outcome in
      let r = outcome.reconstruction
      return [
        arm, "\(seed)", EvaluationTable.number(r?.ssim),
        EvaluationTable.number(r?.psnrDb, digits: 2), EvaluationTable.number(r?.mse, digits: 5),
        EvaluationTable.number(r?.varianceSum, digits: 2),
        EvaluationTable.number(outcome.trainingSeconds, digits: 0),
        EvaluationTable.number(outcome.detectionSeconds, digits: 0),
      ]
    }
    guard !rows.isEmpty else { return [] }
    let head = [
      "studies without lesion", "seed", "SSIM", "PSNR (dB)", "MSE", "variance", "training (s)",
      "detection (s)",
    ]
    return EvaluationTable.table(head, rows) + [
      "",
      "SSIM, PSNR, MSE against the input inside cord and CSF; variance is summed over them. Training "
        + "is 0 s where the weights lay there already.",
    ]
  }

  /// Everything as JSON with sorted keys.
  public func json(_ table: EvaluationTable) throws -> Data {
    let base = try JSONSerialization.jsonObject(with: try table.json()) as? [String: Any]
    var root = base ?? [:]
    root["suite"] = suite.rawValue
    root["scale"] = scale.name
    root["comparisons"] = comparisons().map { item -> [String: Any] in
      var entry: [String: Any] = [
        "arm": item.arm, "base": item.base, "detector": item.detector, "says": item.words,
      ]
      entry["auc_difference"] = item.difference.map {
        ["estimate": $0.estimate, "lower": $0.lower, "upper": $0.upper]
      }
      return entry
    }
    root["arms"] = try outcomes.map { arm, seed, outcome -> [String: Any] in
      var entry: [String: Any] = [
        "arm": arm, "seed": "\(seed)", "training_seconds": outcome.trainingSeconds,
        "detection_seconds": outcome.detectionSeconds,
      ]
      entry["reconstruction"] = try outcome.reconstruction.map {
        try JSONSerialization.jsonObject(with: SnakeCaseJSON.data($0))
      }
      return entry
    }
    return try JSONSerialization.data(
      withJSONObject: root, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }
}
