public import Foundation
internal import Imaging

/// A suite's tables, computed once, as Markdown and as JSON.
public struct ExperimentReport: Sendable {
  /// What the suite gave.
  public let result: ExperimentResult
  /// The table of all rows.
  public let table: EvaluationTable
  /// The comparisons that the suite is about.
  public let comparisons: [ExperimentComparison]

  /// Computes everything.
  ///
  /// - Parameter progress: called with the fraction of the table that is done.
  public init(
    _ result: ExperimentResult, threads: Int,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
    self.result = result
    table = result.table(threads: threads, progress: progress)
    comparisons = result.comparisons(threads: threads)
  }

  /// The tables in Markdown.
  public var text: String {
    let parts = [[table.text], comparisonTable, seedTable, workTable]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  private var comparisonTable: [String] {
    let rows = comparisons.map { item in
      [item.arm, item.base, item.detector]
        + [item.difference, item.f1Difference].flatMap { d in
          [d?.estimate, d?.lower, d?.upper].map { EvaluationTable.number($0, signed: true) }
        } + [item.words]
    }
    guard !rows.isEmpty else { return [] }
    return EvaluationTable.table(
      [
        "arm", "less", "detector", "AUC difference", "lower", "upper", "F1 difference", "lower",
        "upper", "AUC of these networks",
      ], rows)
      + [
        "",
        "Intervals by patient, the networks as they are; \(rows.count) comparisons, not corrected for "
          + "their number.",
      ]
  }

  /// What other seeds change.
  private var seedTable: [String] {
    let seeds = result.scale.seeds
    guard seeds.count > 1, result.suite != .signal else { return [] }
    let rows = result.rows.map { row in
      let areas = result.areas(row)
      let known = areas.compactMap(\.self)
      let mean = known.reduce(0, +) / Double(max(known.count, 1))
      let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = known.count > 1 ? (squares / Double(known.count - 1)).squareRoot() : nil
      return [row.row.name] + areas.map { EvaluationTable.number($0) }
        + [EvaluationTable.number(deviation)]
    }
    return EvaluationTable.table(
      ["AUC by training seed"] + seeds.map(String.init) + ["standard deviation"], rows)
  }

  /// What reconstruction is like on studies without lesion, and what the arms cost.
  private var workTable: [String] {
    let rows = result.outcomes.filter { $0.outcome.reconstruction != nil }.map {
      arm, seed, outcome in
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
        + "is the last step to all networks of the arm: of adapted ones the adaptation without the "
        + "pretraining; other arms may share it; without the head's.",
    ]
  }

  /// Everything as JSON with sorted keys.
  public func json() throws -> Data {
    let base = try JSONSerialization.jsonObject(with: try table.json()) as? [String: Any]
    var root = base ?? [:]
    root["suite"] = result.suite.rawValue
    root["scale"] = result.scale.name
    root["left_out"] = result.leftOut
    root["comparisons"] = comparisons.map { item -> [String: Any] in
      var entry: [String: Any] = [
        "arm": item.arm, "base": item.base, "detector": item.detector, "says": item.words,
      ]
      for (name, difference) in [
        ("auc_difference", item.difference), ("f1_difference", item.f1Difference),
      ] {
        entry[name] = difference.map {
          ["estimate": $0.estimate, "lower": $0.lower, "upper": $0.upper]
        }
      }
      return entry
    }
    root["auc_by_seed"] = Dictionary(
      result.rows.map { ($0.row.name, result.areas($0).map { $0 as Any? ?? NSNull() }) },
      uniquingKeysWith: { $1 })
    root["arms"] = try result.outcomes.map { arm, seed, outcome -> [String: Any] in
      var entry: [String: Any] = [
        "arm": arm, "seed": "\(seed)", "training_seconds": outcome.trainingSeconds,
        "detection_seconds": outcome.detectionSeconds, "weights": outcome.weights,
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
