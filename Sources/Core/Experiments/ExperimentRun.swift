public import Foundation
internal import Imaging

/// Runs a suite on a library with truth: trains what is missing, reconstructs, scores, keeps.
///
/// The result depends on suite, scale, library, program and kernel path only; what a stopped run has
/// made lies in the folder and is used again.
public struct ExperimentRun: Sendable {
  /// How far it is.
  public struct Progress: Sendable {
    /// The arm and what is done for it.
    public var words: String
    /// The part of this piece of work that is done.
    public var fraction: Double
    /// Seconds left of this piece, where they are known.
    public var secondsLeft: Double?
  }

  /// What a suite is measured on and how.
  public let suite: ExperimentSuite
  /// How much work it is.
  public let scale: ExperimentScale
  let cohort: ExperimentCohort
  let truth: URL?
  let store: ExperimentStore
  let build: String
  let threads: Int
  /// Finds the anatomy for the arms that want it found.
  let segmenter: AnatomySegmenter?

  /// Plans a run; every file of the library is hashed.
  ///
  /// - Parameters:
  ///   - truth: Folder of the truth; by default the library's own.
  ///   - viewer: Who asks, as for ``LibraryEvaluation/cohort(of:truth:for:)``.
  ///   - folder: Where weights and outcomes are kept.
  ///   - anatomy: Weights of the anatomy network, for suites that need them.
  ///   - build: Names the program; outcomes of another one are made anew.
  /// - Throws: `ReadError`, `LibraryError`.
  public init(
    _ suite: ExperimentSuite, scale: ExperimentScale, library: StudyLibrary, truth: URL? = nil,
    for viewer: ReadingViewer? = nil, folder: URL, anatomy: URL? = nil, build: String, threads: Int
  ) throws {
    self.suite = suite
    self.scale = scale
    self.truth = truth
    self.build = build
    self.threads = threads
    if suite.arms(scale).contains(where: \.findsAnatomy) {
      guard let anatomy else {
        throw Assets.NotFound(name: Assets.anatomyWeights, tried: [])
      }
      segmenter = AnatomySegmenter(engine: try AnatomyEngine(contentsOf: anatomy, threads: 1))
    } else {
      segmenter = nil
    }
    cohort = try ExperimentCohort(
      library, truth: truth, perClass: scale.studiesPerClass, for: viewer,
      team: ThreadTeam(threads: threads))
    if suite.adapts, let held = cohort.heldOut, held.count < 2 {
      throw LibraryError.nothingToAdaptTo(
        library.root.path, "its planted studies are all of one patient, who is tested")
    }
    store = try ExperimentStore(folder: folder)
  }

  /// Runs all arms with all seeds.
  ///
  /// - Returns: `nil` when cancelled.
  /// - Throws: what training and files throw; `LibraryError.busy`.
  public func run(
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> ExperimentResult? {
    let lock = try store.lock()
    defer { lock.release() }
    let worker = ExperimentWorker(run: self, isCancelled: isCancelled, progress: progress)
    var result = ExperimentResult(suite: suite, scale: scale, cohort: cohort)
    for arm in suite.arms(scale) {
      for seed in arm.weights == .none ? [0] : scale.seeds {
        guard let outcome = try worker.outcome(of: arm, seed: seed) else { return nil }
        result.add(outcome, of: arm, seed: seed)
      }
    }
    return result
  }
}
