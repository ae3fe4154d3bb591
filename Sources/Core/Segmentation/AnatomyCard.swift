public import Foundation
internal import Imaging

/// What is known of an anatomy network's weights: `NAME.json` and, to read, `NAME.md` beside them.
public struct AnatomyCard: Codable, Equatable, Sendable {
  /// The network's name.
  public var name: String
  /// SHA-256 of the weights' file.
  public var sha256: String
  /// The command that trained it.
  public var trainingCommand: String
  /// What it was trained on, in words.
  public var data: String
  /// Seeds of training and of its data.
  public var seeds: [UInt64]
  /// Hash of the generator that made the training data.
  public var generatorHash: String
  /// Optimiser steps, and images of each.
  public var steps: Int
  /// Images per step.
  public var batch: Int
  /// Wall-clock seconds of the run; `nil` when it was interrupted.
  public var durationSeconds: Double?
  /// Dice coefficients by tissue on samples that were not learned from.
  public var dice: [String: Double]
  /// The share of pixels of known level that have the right one, on the same samples.
  public var levelAccuracy: Double?
  /// The samples that the figures are of.
  public var figuresFrom: String
  /// What it must not be trusted with.
  public var limits: [String]
  /// How well it did on whole studies, measured after the training.
  public var comparisons: [Comparison]?

  /// Automatic segmentation of some studies beside their reference.
  public struct Comparison: Codable, Equatable, Sendable {
    /// The studies, in words.
    public var of: String
    /// What it reached.
    public var figures: SegmentationFigures

    /// Names the studies.
    public init(of: String, figures: SegmentationFigures) {
      self.of = of
      self.figures = figures
    }

    /// Studies of a library in words that no others have: "errsm11, errsm23 of sct", or "40 studies of
    /// sct (4f1c09aa)" with eight digits of the SHA-256 of the subjects.
    public static func words(_ subjects: [String], of library: URL) -> String {
      let name = library.standardizedFileURL.lastPathComponent.cleaned(limit: 100)
      guard subjects.count > 6 else { return subjects.joined(separator: ", ") + " of \(name)" }
      let hash = SHA256.hexDigest(of: subjects.sorted().joined(separator: "\n")).prefix(8)
      return "\(subjects.count) studies of \(name) (\(hash))"
    }
  }

  /// What no anatomy network trained on phantoms must be trusted with.
  public static let limits = [
    "Trained on procedural phantoms only; no real patient was seen.",
    "Figures on phantoms are an upper bound: the network learned the generator's own anatomy.",
    "Vertebrae are named only where C2 with its dens is seen; elsewhere the reader is asked. A neck "
      + "with a vertebra more or fewer than usual can be named wrong below it.",
    Notice.researchUse,
  ]

  /// Reads a card.
  /// - Throws: `ReadError` naming the file and what is wrong.
  public static func read(_ json: URL) throws -> AnatomyCard {
    try SnakeCaseJSON.read(
      AnatomyCard.self, from: json, kind: "anatomy network's card",
      advice: "give the .json beside the weights, as cordscope pretrain --task anatomy wrote it")
  }

  /// Reads the card of weights.
  ///
  /// - Parameter weights: SHA-256 of their file.
  /// - Throws: as ``read(_:)``, and `ReadError` when it is the card of other weights.
  @discardableResult
  public static func read(_ json: URL, of weights: String) throws -> AnatomyCard {
    let card = try read(json)
    guard card.sha256 == weights else {
      throw ReadError(
        path: json.path, field: "sha256", problem: "is not that of the weights measured",
        advice: "give the card beside those weights")
    }
    return card
  }

  /// Notes a comparison in a card on disk, instead of an earlier one of the same studies.
  /// - Throws: `ReadError` when there is no card there or it is of other weights; `WriteError`.
  public static func note(_ comparison: Comparison, in json: URL) throws {
    var card = try read(json, of: comparison.figures.weights)
    card.comparisons = (card.comparisons ?? []).filter { $0.of != comparison.of } + [comparison]
    try card.write(to: json)
  }

  /// Writes the card as data and as a page.
  ///
  /// - Parameter json: `NAME.json`; the page is `NAME.md` beside it.
  /// - Throws: `WriteError` naming the path.
  public func write(to json: URL) throws {
    let mode = FileRights.caller.fileMode
    try AtomicFile.write(SnakeCaseJSON.data(self), to: json, permissions: mode)
    try AtomicFile.write(
      markdown, to: json.deletingPathExtension().appendingPathExtension("md"),
      permissions: mode)
  }

  /// The card as a page to read.
  public var markdown: String {
    var lines = ["# Model card: \(name)", "", "\(Notice.researchUse).", "", "| | |", "|---|---|"]
    lines.append("| weights, SHA-256 | `\(sha256)` |")
    lines.append("| trained by | `\(trainingCommand)` |")
    lines.append("| data | \(data) |")
    lines.append("| seeds | \(seeds.map(String.init).joined(separator: ", ")) |")
    lines.append("| generator, hash | `\(generatorHash)` |")
    lines.append("| steps | \(steps) of \(batch) images |")
    if let durationSeconds { lines.append("| duration | \(Int(durationSeconds)) s |") }
    lines += ["", "## Figures", "", "Of \(figuresFrom).", "", "| tissue | Dice |", "|---|---|"]
    for tissue in AnatomyTissue.allCases {
      guard let value = dice[tissue.name] else { continue }
      lines.append("| \(tissue.name) | \(String(format: "%.3f", value)) |")
    }
    if let levelAccuracy {
      lines += ["", String(format: "Right level on %.1f %% of the pixels.", 100 * levelAccuracy)]
    }
    for comparison in comparisons ?? [] {
      lines += ["", "\(comparison.of.cleaned):", "", "```"]
      lines += comparison.figures.lines + ["```"]
    }
    lines += ["", "## Limits", ""] + limits.map { "- \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
