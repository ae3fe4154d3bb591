public import Foundation
internal import Imaging

extension PhantomCohort {
  /// Refuses a folder that holds phantoms of other settings than those planned: writing would mix two
  /// cohorts, or put other studies in the place of those that were detected and read.
  ///
  /// Studies of the same recipe and generator may be there: writing them again changes nothing.
  /// - Parameter replacing: whether other studies of the same names may be replaced; those that the
  ///   plan does not have are refused all the same.
  /// - Throws: `LibraryError.cannotWrite` naming the folder and what is there.
  public static func checkEarlier(
    _ recipes: [PhantomRecipe], in folder: URL, replacing: Bool
  ) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let planned = Dictionary(uniqueKeysWithValues: recipes.map { ("sub-\($0.subject)", $0) })
    let subjects = names.filter { $0.hasPrefix("sub-") }.sorted(by: NaturalOrder.precedes)
    if let extra = subjects.first(where: { planned[$0] == nil }) {
      throw LibraryError.cannotWrite(
        folder.path,
        "it holds \(extra.cleaned(limit: 100)), which this cohort does not have; "
          + "choose another folder")
    }
    guard !replacing else { return }
    for subject in subjects {
      guard let recipe = planned[subject], !isWritten(recipe, in: folder) else { continue }
      throw LibraryError.cannotWrite(
        folder.path,
        "its \(subject) is of another cohort; choose another folder, or --replace to lose it")
    }
  }

  /// Whether the study of a recipe is what a folder holds under its name.
  private static func isWritten(_ recipe: PhantomRecipe, in folder: URL) -> Bool {
    let subject = "sub-\(recipe.subject)"
    let truth = folder.appendingPathComponent(
      "derivatives/truth/\(subject)/anat/\(subject)_truth.json")
    guard let bytes = try? FileBytes.read(truth, limit: 1 << 20),
      let record = try? JSONDecoder().decode(PhantomTruthRecord.self, from: Data(bytes))
    else {
      // Stopped before its truth was written: there is nothing to lose but its folder.
      let image = folder.appendingPathComponent("\(subject)/anat/\(subject)_T2w.nii.gz")
      return !FileManager.default.fileExists(atPath: image.path)
    }
    return record.kind == recipe.kind.rawValue && record.seed == String(recipe.seed)
      && record.domain == recipe.domain.rawValue && record.index == recipe.index
      && record.generatorHash == PhantomGenerator.hash
  }
}
