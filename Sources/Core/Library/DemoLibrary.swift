public import Foundation

/// The demo: twelve seeded phantom patients in the user's data folder.
public enum DemoLibrary {
  /// The patients: all lesion classes and some that look like one.
  public static let recipes: [PhantomRecipe] = {
    let kinds: [PhantomClass] = [
      .atCompression, .normal, .focalBright, .csfPulsation, .multisegmental, .compression,
      .focalFaint, .long, .coilShading, .snakeEye, .obliqueExit, .motionGhost,
    ]
    return kinds.enumerated().map { index, kind in
      PhantomRecipe(index: index, seed: 20_260 &+ UInt64(index), kind: kind, domain: .clinical)
    }
  }()

  /// The subjects that the demo holds.
  public static var subjects: [String] { recipes.map(\.subject) }

  /// Makes the folder and its description, so that the library opens at once.
  ///
  /// - Throws: `WriteError` or `LibraryError` naming the path.
  public static func found(at root: URL) throws {
    try PhantomCohort.describe(recipes, in: root)
  }

  /// Makes the studies that are missing.
  ///
  /// All patients are listed before the first is made: whenever the program is stopped, those that
  /// are there have their line in participants.tsv, and a line lost before is there again.
  /// - Parameter made: called after each study.
  /// - Throws: `WriteError` or `LibraryError` naming the path; what `made` throws.
  public static func complete(
    at root: URL, made: @escaping @Sendable (_ subject: String) throws -> Void
  ) throws {
    try PhantomCohort.list(recipes, in: root)
    let library = try StudyLibrary(opening: root)
    let present = Set(library.studies.filter { $0.problem == nil }.map(\.subject))
    let missing = recipes.filter { !present.contains($0.subject) }
    guard !missing.isEmpty else { return }
    try PhantomCohort.write(missing, to: root) { _, subject in try made(subject) }
  }
}
