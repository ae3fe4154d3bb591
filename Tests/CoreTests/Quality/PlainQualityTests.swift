import Testing

@testable import Core

@Suite("Quality flags in a reader's words")
struct PlainQualityTests {
  @Test("every fault of a study has words without figures, and none is another's")
  func issues() {
    for issue in QualityIssue.allCases {
      let words = QualityFlag(issue.rawValue, "text").plain
      #expect(words == issue.plain && !issue.plain.contains { $0.isNumber && $0 != "2" })
      #expect(issue.plain.count <= 80 && issue.plain.first?.isLowercase == true, "\(issue)")
    }
    #expect(Set(QualityIssue.allCases.map(\.plain)).count == QualityIssue.allCases.count)
  }

  @Test("name and text of a flag stay as they are; one without words speaks for itself")
  func others() {
    let flag = QualityIssue.tooCoarse.flag("Slices lie 6.0 mm apart.")
    #expect(flag.flag == "too-coarse" && flag.text == "Slices lie 6.0 mm apart.")
    #expect(flag.plain == "the picture is too coarse for small lesions")
    #expect(
      QualityFlag("levels-interpolated", "").plain == "some levels are estimated between others")
    #expect(QualityFlag("of-the-future", "Something.").plain == nil)
  }
}
