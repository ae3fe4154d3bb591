public import Foundation
internal import Imaging

/// How a library's studies are detected: what `detect` was last told, which holds for everything that
/// detects later, the workstation too. Without the file the defaults hold.
public struct DetectionChoice: Codable, Equatable, Sendable {
  /// The scoring that decides.
  public var scoring = StudyDetector.Scoring.core
  /// How a row of the curves is taken across the cord.
  public var curve = CurveSampling.rows
  /// Monte-Carlo passes with balanced masks.
  public var passes = 7
  /// Seed of the masks.
  public var seed: UInt64 = 7
  /// The network's context, such as "nearest(128)"; `nil`: the weights' own.
  public var context: String?
  /// The notice of use.
  public var notice = Notice.researchUse

  /// The defaults.
  public init() {}

  /// The choice in words.
  public var words: String {
    "scoring \(scoring.rawValue), curves \(curve.rawValue), \(passes) passes, seed \(seed), context "
      + (context ?? "of the weights")
  }

  static func url(library root: URL) -> URL {
    root.appendingPathComponent("derivatives/cordscope/detection.json")
  }

  /// Reads a library's choice; the defaults where it made none.
  ///
  /// - Throws: `ReadError` when the file is damaged: a library is never detected otherwise than it was
  ///   told without a word.
  public static func read(library root: URL) throws -> DetectionChoice {
    let url = url(library: root)
    guard FileManager.default.fileExists(atPath: url.path) else { return DetectionChoice() }
    let advice = "run detect with the wanted options, or remove the file for the defaults"
    let choice = try SnakeCaseJSON.read(
      DetectionChoice.self, from: url, kind: "choice of a detection", advice: advice)
    guard (2...MonteCarloSettings.mostPasses).contains(choice.passes),
      choice.context.map({ NetworkContext($0) != nil }) ?? true
    else {
      throw ReadError(
        path: url.path, problem: "names passes or a context that there are not", advice: advice)
    }
    return choice
  }

  /// Writes the library's choice atomically.
  ///
  /// - Throws: `WriteError`.
  public func write(library root: URL) throws {
    let url = Self.url(library: root)
    try SharedFolder.make(url.deletingLastPathComponent())
    try AtomicFile.write(try SnakeCaseJSON.data(self), to: url)
  }

  /// As the engine takes it.
  var monteCarlo: MonteCarloSettings {
    MonteCarloSettings(
      scheme: .balanced(passes: passes), seed: seed, context: context.flatMap(NetworkContext.init))
  }
}

extension LibraryDetection {
  /// Prepares detection as a library was told.
  ///
  /// Cord and levels of studies that nobody has labelled are found with the anatomy network that comes
  /// with the program.
  /// - Parameter threads: studies that run at once.
  /// - Throws: `ReadError` or `NetworkError` when weights, head or card cannot be used.
  public init(
    library: StudyLibrary, weights: URL, choice: DetectionChoice, threads: Int
  ) throws {
    // A build without these weights detects where others have labelled, and says so elsewhere.
    let anatomy = try (try? Assets.url(Assets.anatomyWeights)).map {
      try LibrarySegmentation(library: library, weights: $0, threads: 1)
    }
    try self.init(
      library: library, weights: weights, settings: choice.monteCarlo, scoring: choice.scoring,
      sampling: choice.curve,
      anatomy: anatomy, threads: threads)
  }
}
