public import Foundation
public import Imaging

/// What is known of a set of weights: a JSON file beside them.
public struct ModelCard: Codable, Equatable, Sendable {
  /// The thresholds of one detector.
  public struct Thresholds: Codable, Equatable, Sendable {
    /// A patient score at or above it is flagged.
    public var patient: Double
    /// A segment score at or above it is flagged.
    public var segment: Double
    /// Where these two come from; `nil` when that is the card's `thresholdSource`.
    public var source: String?

    /// Makes a pair of thresholds.
    public init(patient: Double, segment: Double, source: String? = nil) {
      self.patient = patient
      self.segment = segment
      self.source = source
    }
  }

  /// The figures of one class of patients, as measured.
  public struct ClassFigure: Codable, Equatable, Sendable {
    /// Lesion or confounder class, or "all".
    public var name: String
    /// Which detector.
    public var detector: String
    /// AUC against all lesion-free studies, with its interval; for lesion classes.
    public var auc: Double?
    /// Lower bound of the AUC.
    public var aucLow: Double?
    /// Upper bound of the AUC.
    public var aucHigh: Double?
    /// Part of the class not flagged; for lesion-free classes.
    public var specificity: Double?

    /// Makes a figure.
    public init(
      name: String, detector: String, auc: Double? = nil, aucLow: Double? = nil,
      aucHigh: Double? = nil, specificity: Double? = nil
    ) {
      self.name = name
      self.detector = detector
      self.auc = auc
      self.aucLow = aucLow
      self.aucHigh = aucHigh
      self.specificity = specificity
    }
  }

  /// What is known of the head that belongs to the weights.
  public struct Head: Codable, Equatable, Sendable {
    /// SHA-256 of its file.
    public var sha256: String
    /// The command that trained it.
    public var trainingCommand: String
    /// What it was trained on, in words.
    public var data: String
    /// Seed of training and of its data.
    public var seed: UInt64
    /// Wall-clock seconds of the training.
    public var durationSeconds: Double?
    /// What it must not be trusted with.
    public var limits: [String]

    /// Makes it from its parts.
    public init(
      sha256: String, trainingCommand: String, data: String, seed: UInt64, durationSeconds: Double?,
      limits: [String]
    ) {
      self.sha256 = sha256
      self.trainingCommand = trainingCommand
      self.data = data
      self.seed = seed
      self.durationSeconds = durationSeconds
      self.limits = limits
    }
  }

  /// The model's name.
  public var name: String
  /// SHA-256 of the weights file.
  public var sha256: String
  /// Thresholds by detector name: "u2ad-core", "u2ad-paper", "lc61", ...
  public var thresholds: [String: Thresholds]
  /// The cohort the thresholds come from that do not name another source themselves.
  public var thresholdSource: String
  /// Contexts the network was trained on, such as "nearest(128)".
  public var contexts: [String]?
  /// The command that trained it.
  public var trainingCommand: String?
  /// Seeds of training and of its data.
  public var seeds: [UInt64]?
  /// Hash of the generator that made the training data.
  public var generatorHash: String?
  /// What it was trained on, in words.
  public var data: String?
  /// Wall-clock seconds of the training.
  public var durationSeconds: Double?
  /// What it must not be trusted with.
  public var limits: [String]?
  /// Figures per class.
  public var figures: [ClassFigure]?
  /// The cohort that the figures come from.
  public var figuresFrom: String?
  /// The head beside the weights, if there is one.
  public var head: Head?

  /// Makes a card.
  public init(
    name: String, sha256: String, thresholds: [String: Thresholds] = ModelCard.startThresholds,
    thresholdSource: String = ModelCard.startSource
  ) {
    self.name = name
    self.sha256 = sha256
    self.thresholds = thresholds
    self.thresholdSource = thresholdSource
  }

  /// Reads a card.
  /// - Throws: `ReadError` naming the file and what is wrong.
  public static func read(_ url: URL) throws -> ModelCard {
    let card = try SnakeCaseJSON.read(
      ModelCard.self, from: url, kind: "model card",
      advice: "write it again with the training command")
    try card.check(url)
    return card
  }

  /// Writes the card atomically.
  /// - Throws: `WriteError` naming the path.
  public func write(to url: URL, rights: FileRights = .group) throws {
    try AtomicFile.write(SnakeCaseJSON.data(self), to: url, permissions: rights.fileMode)
  }

  private func check(_ url: URL) throws {
    for (detector, t) in thresholds where !t.patient.isFinite || !t.segment.isFinite {
      throw ReadError(
        path: url.path, field: "thresholds.\(detector)", problem: "is not a finite number")
    }
  }
}
