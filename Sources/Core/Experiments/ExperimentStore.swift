internal import Foundation
internal import Imaging

/// What one arm gave with one seed: every detector's scores of every study.
public struct ExperimentOutcome: Codable, Sendable {
  /// The scores of one study by one detector.
  public struct Score: Codable, Sendable {
    /// The patient score.
    public var patient: Double?
    /// One score per segment.
    public var segments: [Double?]
  }

  /// Everything that decides the result.
  public var identity: String
  /// By study, then by detector.
  public var scores: [String: [String: Score]]
  /// Studies that could not be prepared, each with the reason.
  public var leftOut: [String: String]
  /// Files of the networks by the patient that they were not adapted to; "" for all others.
  public var weights: [String: String]
  /// Reconstruction of studies without lesion inside cord and CSF; `nil` without a network.
  public var reconstruction: ReconstructionMetrics?
  /// How the adaptation went, where there was one on the whole cohort.
  public var adaptation: [AdaptationRecord.Point]?
  /// Seconds that the arm's last training took when it was done (of pretraining the run that finished
  /// it, of adapted networks the adaptations alone), shared by all arms that use it; the head's are
  /// not counted.
  public var trainingSeconds: Double
  /// Seconds of preparation, reconstruction and scoring.
  public var detectionSeconds: Double
}

/// The folder of an experiment: weights and outcomes lie there, so that a run that was stopped goes
/// on, and suites share what they have in common.
struct ExperimentStore: Sendable {
  let folder: URL

  /// Opens or makes the folder.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  init(folder: URL) throws {
    self.folder = folder
    for name in ["weights", "outcomes"] {
      try SharedFolder.make(folder.appendingPathComponent(name), rights: .caller)
    }
  }

  /// Keeps others from working in the folder while it lives.
  ///
  /// - Throws: `LibraryError.busy`.
  func lock() throws -> FolderLock {
    guard let lock = try FolderLock(ifFree: folder, rights: .caller) else {
      throw LibraryError.busy(folder.path, "another experiment runs in this folder")
    }
    return lock
  }

  /// A weights file by its name.
  func weights(named name: String) -> URL {
    folder.appendingPathComponent("weights/\(name)")
  }

  /// The weights file of an identity.
  func weights(_ identity: String) -> URL {
    folder.appendingPathComponent("weights/\(Self.key(identity)).safetensors")
  }

  /// The record of the adaptation that made weights.
  func record(besideWeights url: URL) -> URL {
    url.deletingPathExtension().appendingPathExtension("json")
  }

  /// The stored outcome of an identity; `nil` where there is none that can be read.
  func outcome(_ identity: String) -> ExperimentOutcome? {
    guard let data = try? Data(contentsOf: url(identity)),
      let outcome = try? SnakeCaseJSON.decoder().decode(ExperimentOutcome.self, from: data),
      outcome.identity == identity
    else { return nil }
    return outcome
  }

  /// Keeps an outcome.
  ///
  /// - Throws: `WriteError`.
  func keep(_ outcome: ExperimentOutcome) throws {
    try AtomicFile.write(
      SnakeCaseJSON.data(outcome, pretty: false), to: url(outcome.identity),
      permissions: FileRights.caller.fileMode)
  }

  /// Removes the figures whose names begin with a text.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  func removeFigures(_ prefix: String) throws {
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
      where name.hasPrefix(prefix) && name.hasSuffix(".png") {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      }
    } catch {
      throw LibraryError.cannotWrite(
        folder.path, "figures of an earlier run cannot be removed: \(error)")
    }
  }

  private func url(_ identity: String) -> URL {
    folder.appendingPathComponent("outcomes/\(Self.key(identity)).json")
  }

  private static func key(_ identity: String) -> String {
    String(SHA256.hexDigest(of: identity).prefix(16))
  }
}
