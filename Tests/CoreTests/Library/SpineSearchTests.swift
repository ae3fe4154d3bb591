import TestSupport
import Testing

@testable import Core

@Suite("What segment has done about vertebrae")
struct SpineSearchTests {
  @Test("the report knows whether vertebrae were looked for beside the labels that are there")
  func search() throws {
    let source = SyntheticStudy()
    let library = try PartialLibrary(
      source.image, [.cord: try #require(source.studyLabels.cord)])
    func found() throws -> StudyReport.SpineSearch {
      let (open, study) = try library.open()
      return try open.report(of: study).spineSearch
    }
    #expect(try found() == .open)
    let (open, study) = try library.open()
    let others = try open.labelsOfOthers(study).map { "\"\($0)\"" }.joined(separator: ", ")
    for (word, expected) in [
      ("cord", StudyReport.SpineSearch.unnamed), (LibrarySegmentation.noCord, .noCord),
    ] {
      try library.folder.write(
        "{\"Found\": \"\(word)\", \"LabelsOfOthers\": [\(others)]}",
        to: PartialLibrary.own + "_anatomy.json")
      #expect(try found() == expected)
    }
    // Other labels came since: it would look again.
    try library.give(.canal, try #require(source.studyLabels.canal))
    #expect(try found() == .open)
  }
}
