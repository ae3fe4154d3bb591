public import Foundation
internal import Imaging

extension ModelCard {
  /// The card beside a weights file (`NAME.json`); without one, a card with starting thresholds.
  ///
  /// - Throws: `ReadError` when it is damaged or belongs to other weights.
  public static func beside(_ weights: URL, name: String, sha256: String) throws -> ModelCard {
    let url = weights.deletingPathExtension().appendingPathExtension("json")
    guard FileManager.default.fileExists(atPath: url.path) else {
      return ModelCard(name: name, sha256: sha256)
    }
    let card = try read(url)
    guard card.sha256 == sha256 else {
      throw ReadError(
        path: url.path, field: "sha256", problem: "belongs to other weights",
        advice: "put the card that was written with \(weights.lastPathComponent) beside it")
    }
    return card
  }

  /// The card of weights that were adapted from this card's.
  ///
  /// Thresholds are kept, as there are no others, but say that they are those of other weights;
  /// those of detectors without a network stay what they are. Figures are not kept.
  func adapted(_ record: AdaptationRecord) -> ModelCard {
    var card = ModelCard(
      name: record.weights.name, sha256: record.weights.sha256, thresholds: thresholds,
      thresholdSource: thresholdSource)
    let what = record.strategy == .both ? "before adaptation" : "of other weights"
    for scoring in StudyDetector.Scoring.allCases {
      let detector = scoring.detectorName
      guard let known = thresholds[detector] else { continue }
      card.thresholds[detector]?.source =
        "\(what) (\(name) \(sha256.prefix(8))), \(Self.otherWeights): "
        + (known.source ?? thresholdSource)
      // A head reads the errors of the weights it learned from; these have none yet.
      if scoring.needsHead { card.thresholds[detector] = nil }
    }
    card.contexts = contexts ?? record.settings["contexts"].map { [$0] }
    card.trainingCommand = record.command
    card.seeds = [record.seed]
    card.generatorHash = record.strategy == .both ? generatorHash : nil
    let subjects = record.data.subjects.map { " of \(CountText.subjects($0.count))" } ?? ""
    card.data =
      "\(record.data.slices) unlabelled slices\(subjects) (SHA-256 \(record.data.sha256.prefix(16))), "
      + (record.strategy == .both
        ? "from \(name) (\(sha256.prefix(16))), trained on: \(data ?? "not stated")"
        : "from scratch")
    card.durationSeconds = record.seconds.rounded()
    card.limits =
      [
        "Adapted to unlabelled slices of one library, those of its patients with lesions among "
          + "them; figures on the same patients are transductive.",
        "No threshold was calibrated for these weights: calibrate on the clinic's own decisions.",
      ] + (record.strategy == .both ? (limits ?? []).map { "Before adaptation: \($0)" } : [])
      + [Notice.researchUse]
    return card
  }
}
