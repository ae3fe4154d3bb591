import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("A model card takes only what its own weights made")
struct CardWeightsTests {
  /// A library with a detection and truth for each subject, made by the weights given.
  private func cohort(
    _ weights: [(subject: String, sha256: String)], in folder: TemporaryFolder
  ) throws -> LibraryEvaluation.Cohort {
    let library = try LibraryFixture.library(weights.map(\.subject), in: folder)
    for (study, made) in zip(library.studies, weights) {
      var detection = LibraryFixture.detection(subject: made.subject)
      detection.model.sha256 = made.sha256
      try DerivativeWriter(library: folder.url).write(
        detection, maps: LibraryFixture.maps(), of: study)
      try folder.write(
        #"{"class": "normal", "lesion": false, "segments": []}"#,
        to: "derivatives/truth/sub-\(made.subject)_truth.json")
    }
    return try LibraryEvaluation.cohort(of: library)
  }

  @Test("a detection by other weights is refused, with the study and both hashes")
  func otherWeights() throws {
    let folder = try TemporaryFolder()
    let cohort = try cohort([("01", "aaaa"), ("02", "bbbb"), ("10", "aaaa")], in: folder)
    #expect(cohort.cases.count == 3)
    let error = #expect(throws: CalibrationError.self) {
      try cohort.requireMatch(with: ModelCard(name: "m", sha256: "aaaa"))
    }
    #expect(error == .otherWeights(subject: "02", detection: "bbbb", card: "aaaa"))
    let words = try #require(error?.description)
    #expect(words.contains("of 02 ") && words.contains("bbbb") && words.contains("aaaa"))
  }

  @Test("curves that were not taken along rows are refused too")
  func otherSampling() throws {
    let folder = try TemporaryFolder()
    var cohort = try cohort([("01", "aaaa"), ("02", "aaaa")], in: folder)
    cohort.models[1].sampling = "perpendicular"
    #expect(throws: CalibrationError.otherSampling(subject: "02", sampling: "perpendicular")) {
      try cohort.requireMatch(with: ModelCard(name: "m", sha256: "aaaa"))
    }
  }

  @Test("what has no truth is not counted and not asked")
  func uncounted() throws {
    let folder = try TemporaryFolder()
    _ = try cohort([("01", "aaaa"), ("02", "bbbb")], in: folder)
    try FileManager.default.removeItem(at: folder("derivatives/truth/sub-02_truth.json"))
    let cohort = try LibraryEvaluation.cohort(of: StudyLibrary(opening: folder.url))
    #expect(cohort.cases.map(\.subject) == ["01"] && cohort.remarks == ["02: no truth"])
    try cohort.requireMatch(with: ModelCard(name: "m", sha256: "aaaa"))
  }
}
