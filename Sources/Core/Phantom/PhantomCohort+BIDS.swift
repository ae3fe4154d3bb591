public import Foundation
internal import Imaging
internal import Synchronization

extension PhantomCohort {
  /// Makes the folder of a dataset and its descriptions, so that it opens as an empty library.
  ///
  /// - Throws: `LibraryError` or `WriteError` naming the path that cannot be written.
  public static func describe(_ recipes: [PhantomRecipe], in folder: URL) throws {
    try PhantomDatasetWriter(root: folder, generator: PhantomGenerator())
      .writeDescriptions(recipes)
  }

  /// Lists the imaginary patients of recipes in participants.tsv where they are not listed yet.
  ///
  /// - Throws: `ReadError` or `WriteError` naming the file.
  static func list(_ recipes: [PhantomRecipe], in folder: URL) throws {
    let generator = PhantomGenerator()
    try Participants.add(
      recipes.map { (label: $0.subject, cells: generator.demographics($0).cells) },
      library: folder, replacing: false)
  }

  /// Writes studies as a BIDS dataset: images, tool labels in `derivatives/labels`, and the truth
  /// apart in `derivatives/truth`.
  ///
  /// Each study is made, written and let go before the next; files that exist are replaced.
  /// `participants.tsv` holds no truth, so that readers can be blinded by hiding one folder.
  /// - Parameters:
  ///   - folder: the dataset's folder, made if missing.
  ///   - recipes: from `plan`.
  ///   - configuration: slices and coarseness (the recipes state domain and class).
  ///   - team: threads that work on studies; the files do not depend on it.
  ///   - progress: called after every study with the number done, never twice at once; throw to
  ///     stop (`CancellationError`).
  /// - Throws: `LibraryError` or `WriteError` naming the path that cannot be written.
  public static func write(
    _ recipes: [PhantomRecipe], to folder: URL,
    configuration: PhantomConfiguration = PhantomConfiguration(),
    team: ThreadTeam = ThreadTeam(threads: 1),
    progress: @escaping @Sendable (_ done: Int, _ subject: String) throws -> Void = { _, _ in }
  ) throws {
    let writer = PhantomDatasetWriter(root: folder, generator: PhantomGenerator(configuration))
    try writer.writeDescriptions(recipes)
    let state = Mutex(WritingState())
    team.forEach(recipes.count) { index, _ in
      guard state.withLock({ $0.failure == nil }) else { return }
      let recipe = recipes[index]
      let result = Result {
        let study = writer.generator.study(recipe)
        try writer.write(study)
        return study.demographics.cells
      }
      state.withLock { state in
        guard state.failure == nil else { return }
        do {
          state.participants[index] = try result.get()
          try progress(state.participants.count, recipe.subject)
        } catch {
          state.failure = error
        }
      }
    }
    let final = state.withLock { ($0.participants, $0.failure) }
    let subjects = final.0.sorted { $0.key < $1.key }.map {
      (label: recipes[$0.key].subject, cells: $0.value)
    }
    try Participants.add(subjects, library: folder, replacing: true)
    if let failure = final.1 { throw failure }
  }

  /// What the threads of `write` share.
  private struct WritingState {
    /// Cells of participants.tsv by place in the list of recipes.
    var participants: [Int: [String: String]] = [:]
    var failure: (any Error)?
  }
}

/// What `_truth.json` states of a study.
public struct PhantomTruthRecord: Codable, Equatable, Sendable {
  /// The primary class, as in `PhantomClass`.
  public var kind: String
  /// Whether the cord carries a lesion.
  public var lesion: Bool
  /// Names of the segments that the lesion reaches.
  public var segments: [String]
  /// Names of the segments narrowed on purpose.
  public var narrowed: [String]
  /// Strength of the strongest lesion as a share of the cord-to-CSF step.
  public var lesionStrength: Double?
  /// "public" or "clinical".
  public var domain: String
  /// The study's own seed, as decimal digits (JSON numbers lose the low bits).
  public var seed: String
  /// Place in the cohort, from 0.
  public var index: Int
  /// `PhantomGenerator.version`.
  public var generator: String
  /// `PhantomGenerator.hash`.
  public var generatorHash: String
  /// Body centres by level name, RAS mm.
  public var landmarksMm: [String: [Double]]

  enum CodingKeys: String, CodingKey {
    case kind = "class"
    case lesion, segments, narrowed
    case lesionStrength = "lesion_strength"
    case domain, seed, index, generator
    case generatorHash = "generator_hash"
    case landmarksMm = "landmarks_mm"
  }

  /// The record of a study's truth.
  public init(_ truth: PhantomTruth) {
    kind = truth.recipe.kind.rawValue
    lesion = truth.hasLesion
    segments = truth.segments.map(\.name)
    narrowed = truth.narrowed.map(\.name)
    lesionStrength = truth.lesionStrength
    domain = truth.recipe.domain.rawValue
    seed = String(truth.recipe.seed)
    index = truth.recipe.index
    generator = PhantomGenerator.version
    generatorHash = PhantomGenerator.hash
    landmarksMm = Dictionary(
      uniqueKeysWithValues: truth.landmarks.map {
        ($0.key.name, [$0.value.x, $0.value.y, $0.value.z])
      })
  }
}
