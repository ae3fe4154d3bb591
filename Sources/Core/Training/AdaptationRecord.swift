public import Foundation
public import Imaging

/// The stored record of an adaptation: what was learned from what, how, and how it went.
public struct AdaptationRecord: Codable, Equatable, Sendable {
  /// Weights by name and hash.
  public struct Weights: Codable, Equatable, Sendable {
    /// Their name.
    public var name: String
    /// SHA-256 of the weights file.
    public var sha256: String

    /// Makes it from its parts.
    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// What was learned from.
  public struct Data: Codable, Equatable, Sendable {
    /// SHA-256 over the slices' pixels and masks.
    public var sha256: String
    /// How many slices.
    public var slices: Int
    /// The subjects they are of, where they come from a library.
    public var subjects: [String]?
    /// Subjects without a slice to learn from, each with the reason.
    public var leftOut: [String: String]?
  }

  /// One refresh of the maps: how things stood before a step.
  public struct Point: Codable, Equatable, Sendable {
    /// Steps done.
    public var step: Int
    /// The learning rate of the step before; `nil` at the start.
    public var learningRate: Float?
    /// Mean training loss of the steps since the last point; `nil` at the start.
    public var maskedLoss: Double?
    /// Mean epistemic uncertainty over the regions, mean over slices.
    public var meanEu: Double?
    /// Mean absolute error over the regions, mean over slices.
    public var meanAu: Double?
    /// Reconstruction inside the regions, mean over slices.
    public var reconstruction: ReconstructionMetrics?
    /// Patches that candidate lesions touch, mean over slices.
    public var candidatePatches: Double
    /// Distance of the parameters from those at the start, as a part of their length.
    public var drift: Double
  }

  /// The result.
  public var weights: Weights
  /// The weights it started from; from scratch, those whose shape and contexts it took.
  public var start: Weights
  /// "2" from scratch or "3" from the start weights.
  public var strategy: AdaptationSettings.Strategy
  /// Which patches were masked.
  public var masking: AdaptationSettings.Masking
  /// Everything else that decided the result, as in the weights' metadata.
  public var settings: [String: String]
  /// Seed of everything random.
  public var seed: UInt64
  /// The kernels that computed.
  public var kernelPath: String
  /// What was learned from.
  public var data: Data
  /// How it went, refresh by refresh.
  public var curve: [Point]
  /// Seconds of work, interruptions left out.
  public var seconds: Double
  /// The command line, where there was one.
  public var command: String?
  /// The program's version.
  public var version: String
  /// The notice of use.
  public var notice: String

  /// Reads a record.
  /// - Throws: `ReadError` naming the file and what is wrong.
  public static func read(_ url: URL) throws -> AdaptationRecord {
    try SnakeCaseJSON.read(
      AdaptationRecord.self, from: url, kind: "record of an adaptation",
      advice: "run cordscope adapt again")
  }

  /// The record on one line without a newline, for `--json`.
  public func line() throws -> String {
    String(decoding: try SnakeCaseJSON.data(self, pretty: false), as: UTF8.self)
  }

  /// Writes the record atomically.
  /// - Throws: `WriteError` naming the path.
  public func write(to url: URL, rights: FileRights = .group) throws {
    try AtomicFile.write(SnakeCaseJSON.data(self), to: url, permissions: rights.fileMode)
  }
}
