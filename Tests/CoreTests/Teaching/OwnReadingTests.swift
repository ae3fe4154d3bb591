import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Nobody is scored against his own reading")
struct OwnReadingTests {
  /// Studies whose truth is what bob, carla and max signed, and a session of them.
  private struct Class {
    static let signed: [[String: [SpinalSegment: Verdict]]] = [
      ["bob": [.c4c5: .present]],
      ["bob": [.c4c5: .present, .c5c6: .present], "carla": [.c4c5: .present, .c5c6: .absent]],
      ["bob": [.c4c5: .present], "carla": [.c4c5: .present], "max": [.c4c5: .present]],
      ["bob": [.c4c5: .present], "carla": [.c4c5: .present], "max": [.c4c5: .absent]],
      ["bob": [.c4c5: .present], "carla": [.c4c5: .present, .c6c7: .absent]],
    ]

    let folder: TemporaryFolder
    let library: StudyLibrary
    let session: TeachingSession

    init() throws {
      folder = try TemporaryFolder()
      let subjects = ["zebra01", "yak02", "xerus03", "wolf04", "viper05"]
      let library = try LibraryFixture.library(subjects, in: folder)
      try folder.write("reader_id\trole\nanna\tteacher\n", to: "readers.tsv")
      for (subject, readings) in zip(subjects, Self.signed) {
        for (reader, verdicts) in readings.sorted(by: { $0.key < $1.key }) {
          let journal = try library.openJournal(library.study(subject), reader: reader)
          for (segment, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
            _ = try journal.append(
              ReviewDraft(action: .verdict, segment: segment, verdict: verdict))
          }
          _ = try journal.append(.signOff(.reviewed, name: reader))
        }
      }
      self.library = library
      session = try TeachingSession(
        making: "monday", of: subjects.map { try library.study($0) }, in: library, by: "anna",
        usesReadings: true)
    }

    func room(_ reader: String, _ role: TeachingRole = .learner) throws -> TeachingSource {
      try TeachingSource(session, in: library, role: role, reader: reader)
    }

    /// Takes all cases: present at C4-5, in the second at C5-6, too.
    func learn(_ reader: String) throws {
      let room = try room(reader)
      for number in 1...Self.signed.count {
        let segments: [SpinalSegment] = number == 2 ? [.c4c5, .c5c6] : [.c4c5]
        for segment in segments {
          _ = try room.append(
            ReviewDraft(action: .verdict, segment: segment, verdict: .present),
            subject: "\(number)", reader: reader)
        }
        _ = try room.append(
          ReviewDraft(action: .reveal), subject: "\(number)", reader: reader)
      }
    }
  }

  @Test(
    "A learner's own reading is left out for him alone, and a truth of one reader is said to be")
  func scores() throws {
    let lesson = try Class()
    for reader in ["bob", "dave"] { try lesson.learn(reader) }
    let summary = try lesson.room("anna", .presenter).scores(reader: "anna", compares: true)
    let bob = try #require(summary.scores.first { $0.learner == "bob" })
    #expect(bob.cases.keys.sorted() == [2, 3, 5])
    #expect(bob.cases.mapValues(\.known) == [2: 2, 3: 1, 5: 2])
    #expect(bob.right == WilsonInterval(3, of: 4))
    let dave = try #require(summary.scores.first { $0.learner == "dave" })
    #expect(dave.cases.mapValues(\.known) == [1: 1, 2: 1, 3: 1, 4: 1, 5: 2])
    #expect(dave.cases.values.allSatisfy { $0.truth?.leftOut == nil })
    #expect(
      summary.remarks == [
        "case 1 is not counted for bob: his own reading alone is its truth",
        "case 4 is not counted for bob: without his own reading it has no truth",
        "the truth of case 1 is bob's reading alone",
        "the truth of case 5 at C6-7 is carla's reading alone",
        "for bob, whose own reading is left out, the truth of cases 2 and 5 is carla's reading alone",
      ])
    // Long sentences are broken in the text, and whole.
    #expect(summary.lines.allSatisfy { $0.count <= 80 })
    let unbroken = summary.text.replacingOccurrences(of: "\n  ", with: " ")
    #expect(!summary.lines.contains(summary.remarks[4]))
    for remark in summary.remarks { #expect(unbroken.contains("\(remark)\n"), "\(remark)") }
    #expect(summary.text.contains("Nobody is scored against his own reading"))
    // Who looks at his own sees nothing said of the others.
    let own = try lesson.room("dave").scores(reader: "dave")
    #expect(own.scores == [dave] && !own.text.contains("Nobody is scored"))
    #expect(own.remarks == Array(summary.remarks[2...3]))
  }

  @Test("JSON says of each case whose readings its truth is")
  func json() throws {
    let lesson = try Class()
    try lesson.learn("bob")
    let summary = try lesson.room("bob").scores(reader: "bob")
    let json = try JSONSerialization.jsonObject(with: summary.json()) as? [String: Any]
    let learner = try #require((json?["learners"] as? [[String: Any]])?.first)
    let cases = try #require(learner["cases"] as? [[String: Any]])
    let truths = cases.compactMap { $0["truth"] as? [String: Any] }
    try #require(truths.count == 3)
    #expect(truths.map { $0["source"] as? String } == ["readings", "readings", "readings"])
    #expect(truths.map { $0["readers"] as? [String] } == [["carla"], ["carla", "max"], ["carla"]])
    #expect(truths.map { $0["left_out"] as? String } == ["bob", "bob", "bob"])
    #expect((truths[0]["alone"] as? [String: [String]]) == ["carla": ["C4-5", "C5-6"]])
    #expect(truths[1]["alone"] == nil)
    let remarks = try #require(json?["remarks"] as? [String])
    #expect(remarks == summary.remarks && remarks.count == 3)
  }

  @Test("The list of cases counts as the scores do")
  func results() throws {
    let lesson = try Class()
    try lesson.learn("bob")
    let results = try lesson.room("bob").worklist(reader: "bob").compactMap(\.caseResult)
    try #require(results.count == 5)
    #expect(results[0].words() == "not scored: no truth without your own reading")
    #expect(
      results[0].words(room: 20) == "not scored" && results[3].words(room: 20) == "not scored")
    #expect(results[1].words() == "1/2 right, overcalled C5-6")
    #expect(results[2].words() == "1/1 right")
    #expect(results[4].words() == "1/1 right, unanswered C6-7")
  }

  @Test("An adjudicator is scored against the others' first signatures, all others against him")
  func adjudicated() throws {
    var decided = OtherReading(reader: "sup")
    (decided.meaning, decided.verdicts) = (.adjudicated, [.c4c5: .absent])
    let carla = SignedReading(reader: "carla", verdicts: [.c4c5: .present])
    let truth = try #require(CaseTruth(CaseTruth.Ground(first: [carla], deciding: [decided])))
    #expect(truth.source == .adjudicated && truth.readers() == ["sup"] && truth.alone.isEmpty)
    #expect(truth.sourceWords() == "adjudicated")
    let others = try #require(truth.truth(for: "sup"))
    #expect(others.verdicts == [.c4c5: .present] && others.leftOut == "sup")
    #expect(others.sourceWords() == "carla's reading alone")
    for learner in ["carla", "dave"] {
      let held = try #require(truth.truth(for: learner))
      #expect(held.verdicts == truth.verdicts && held.leftOut == nil, "\(learner)")
    }
    // The library's truth is nobody's.
    let known = CaseTruth(present: [.c4c5], known: [.c4c5])
    #expect(known.truth(for: "sup") == known && known.readers().isEmpty)
  }

  @Test("A remark is one whole sentence for all cases that it is said of")
  func sentences() {
    var remarks = TeachingRemarks()
    #expect(remarks.sentences.isEmpty)
    remarks.uncounted = [3, 2]
    remarks.withoutTruth = [10, 9, 1]
    remarks.problems = ["bob, case 4: it cannot be read", "bob, case 4: it cannot be read"]
    #expect(
      remarks.sentences == [
        "cases 1, 9 and 10 have no truth",
        "cases 2 and 3 are not counted: their truth is what readers signed, and you have not signed "
          + "their studies; see them in the session, or use --summary --compare, which your journals "
          + "of the studies note",
        "bob, case 4: it cannot be read",
      ])
    (remarks.uncounted, remarks.withoutTruth) = ([2], [1])
    #expect(remarks.sentences.first == "case 1 has no truth")
    #expect(
      remarks.sentences.dropFirst().first?.hasPrefix("case 2 is not counted: its truth") == true)
  }
}
