import Core
import Testing

@Suite("Numbers with what is counted")
struct CountTextTests {
  @Test("one is one, all else are many")
  func words() {
    #expect(CountText.studies(0) == "0 studies" && CountText.studies(1) == "1 study")
    #expect(CountText.studies(2) == "2 studies" && CountText.studies(21) == "21 studies")
    #expect(CountText.patients(1) == "1 patient" && CountText.subjects(2) == "2 subjects")
    #expect(CountText.slices(1) == "1 slice" && CountText.of(1, "case", "cases") == "1 case")
  }

  @Test("a lesson of one case says so")
  func lesson() {
    let one = TeachingSummary(session: "monday", caseCount: 1, scores: [])
    #expect(one.lines.first == "Teaching session monday: 1 case, 0 learners")
    let two = TeachingSummary(session: "monday", caseCount: 2, scores: [])
    #expect(two.lines.first == "Teaching session monday: 2 cases, 0 learners")
  }
}
