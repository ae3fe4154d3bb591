import Core
import Foundation
import TestSupport
import Testing

@Suite("The teacher's day in three terminals")
struct TeacherDayTests {
  /// One who teaches and two who learn. One account runs all of them here: the table of readers says
  /// whose it is when a program is started.
  private static let roles = ["anna": "teacher", "bob": "reader", "carl": "reader"]

  @Test(
    "a session of a list is presented, answered by two, revealed and scored",
    .enabled(if: TmuxSession.isThere, "tmux is not installed"), .timeLimit(.minutes(60)))
  func day() async throws {
    try await Program.day { try await work(in: $0, home: $1) }
  }

  private func work(in library: URL, home: TemporaryFolder) async throws {
    try await make(library, home)
    let present = try Self.present(in: library)
    try #require(!present.isEmpty && present.count < SpinalSegment.allCases.count)

    try await TmuxSession.on(library, home: home) { teacher in
      try await open(teacher, as: "anna", "--as monday --present", home)
      try await TmuxSession.on(library, home: home) { bob in
        try await open(bob, as: "bob", "--follow monday", home)
        try await TmuxSession.on(library, home: home) { carl in
          try await open(carl, as: "carl", "--follow monday", home)
          try await answer(teacher, bob, carl, present)
          try await reveal(teacher, bob, carl)
          try await goOn(teacher, [bob, carl])
          try await carl.quit()
        }
        try await bob.quit()
      }
      try await teacher.quit()
    }

    try await checkSummary(library, home, present.count)
  }

  /// Two detected studies with lesions, and a session of both in the order of a list.
  private func make(_ library: URL, _ home: TemporaryFolder) async throws {
    try await Program.succeed(
      "phantom", "--out", library.path, "--patients", "2", "--seed", "11", "--class",
      "focal-bright")
    try await Program.succeed("detect", library.path)
    try login("anna", home)
    let list = try home.write("002\n001\n", to: "list.txt")
    let made = try await Program.succeed(
      "teach", library.path, "--as", "monday", "--list", list.path, "--make")
    #expect(made == "teaching session monday: 2 cases\n\(Notice.researchUse)\n")
  }

  /// Gives this account to somebody.
  private func login(_ reader: String, _ home: TemporaryFolder) throws {
    let rows = Self.roles.sorted { $0.key < $1.key }.map { name, role in
      "\(name)\t\(role)\t\(name == reader ? ReaderIdentity.loginName() : "n/a")\n"
    }
    try home.write("reader_id\trole\tlogin\n" + rows.joined(), to: "library/readers.tsv")
  }

  /// The segments with a lesion in the first case, as the generator put it there.
  private static func present(in library: URL) throws -> [SpinalSegment] {
    let file = "derivatives/truth/sub-002/anat/sub-002_truth.json"
    let bytes = try Data(contentsOf: library.appendingPathComponent(file))
    let truth = try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
    let names = try #require(truth?["segments"] as? [String])
    return names.compactMap(SpinalSegment.init(name:))
  }

  // MARK: At the terminals

  /// Opens the session as somebody, and waits until the program knows who that is.
  private func open(
    _ terminal: TmuxSession, as reader: String, _ options: String, _ home: TemporaryFolder
  ) async throws {
    try login(reader, home)
    try await terminal.enter(#""$PROGRAM" teach "$LIBRARY" \#(options); echo "rc=$?""#)
    let list = try await terminal.wait("the cases of \(reader)") {
      $0.contains("reader \(reader) ") && $0.contains("Case 2 of 2")
    }
    Self.expectHidden(list)
  }

  /// The teacher shows the first case; one learner is right throughout, the other calls all present.
  private func answer(
    _ teacher: TmuxSession, _ bob: TmuxSession, _ carl: TmuxSession, _ present: [SpinalSegment]
  ) async throws {
    try await teacher.press("Enter")
    #expect(try await teacher.waitForStudy("Case 1 of 2").contains("presenting"))
    for learner in [bob, carl] {
      let screen = try await learner.waitForStudy("Case 1 of 2")
      #expect(screen.contains("following"))
      Self.expectHidden(screen)
    }
    for segment in SpinalSegment.allCases {
      let isThere = present.contains(segment)
      try await bob.state(isThere ? "P" : "A", isThere ? "present" : "absent", on: segment)
      try await carl.state("P", "present", on: segment)
      Self.expectHidden(try await bob.screen())
      Self.expectHidden(try await carl.screen())
    }
  }

  /// The truth comes to all screens with one key of the teacher's, and the scores to their owners.
  private func reveal(
    _ teacher: TmuxSession, _ bob: TmuxSession, _ carl: TmuxSession
  ) async throws {
    try await teacher.press("E")
    try await teacher.wait("the truth") { $0.contains("TRUTH") }
    let right = try await bob.wait("the truth") { $0.contains("TRUTH") && $0.contains("saved") }
    #expect(!right.contains("× "), "\(right)")
    let wrong = try await carl.wait("the truth") { $0.contains("TRUTH") && $0.contains("saved") }
    #expect(wrong.contains("absent × ● present"), "\(wrong)")
    for screen in [right, wrong] { #expect(!screen.contains("sub-")) }

    for (learner, name, other) in [(bob, "bob", "carl"), (carl, "carl", "bob")] {
      try await learner.press("M")
      let scores = try await learner.wait("the scores") {
        $0.contains("2 cases, 1 learner") && $0.contains("\(name): ")
      }
      #expect(scores.contains("\(name): 1 case, ") && !scores.contains(other), "\(scores)")
      try await learner.press("Escape")
      try await learner.wait("the case again") { $0.contains("TRUTH") }
    }
  }

  /// The next case is hidden again; the teacher sees what both have reached.
  private func goOn(_ teacher: TmuxSession, _ learners: [TmuxSession]) async throws {
    try await teacher.press("n")
    try await teacher.waitForStudy("Case 2 of 2")
    for learner in learners {
      Self.expectHidden(try await learner.waitForStudy("Case 2 of 2"))
    }
    try await teacher.press("M")
    let scores = try await teacher.wait("everybody's scores") {
      // A screen may be read while it is still being written.
      $0.contains("2 cases, 2 learners") && $0.contains("bob: ") && $0.contains("carl: ")
    }
    #expect(scores.contains("bob: 1 case, ") && scores.contains("carl: 1 case, "), "\(scores)")
    try await teacher.press("Escape")
    try await teacher.wait("the case again") { $0.contains("AI hidden") }
  }

  /// Nothing of the truth, the AI or the study's name is on a screen.
  private static func expectHidden(
    _ screen: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for word in ["TRUTH", "FLAG", "flagged", "threshold", "sub-"] {
      #expect(!screen.contains(word), "\(word) in\n\(screen)", sourceLocation: sourceLocation)
    }
  }

  // MARK: After the session

  /// The summary has both learners for the teacher, and one's own for a learner.
  private func checkSummary(_ library: URL, _ home: TemporaryFolder, _ lesions: Int) async throws {
    func learners() async throws -> [String: Int] {
      let text = try await Program.succeed("teach", library.path, "--summary", "monday", "--json")
      let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      return (json?["learners"] as? [[String: Any]] ?? []).reduce(into: [:]) { found, learner in
        let right = learner["right"] as? [String: Any]
        found[learner["learner"] as? String ?? ""] = right?["count"] as? Int
      }
    }
    try login("anna", home)
    #expect(try await learners() == ["bob": 6, "carl": lesions])
    try login("bob", home)
    #expect(try await learners() == ["bob": 6])
    let text = try await Program.succeed("teach", library.path, "--summary", "monday")
    #expect(text.contains("right        6 of 6") && text.contains(Notice.researchUse))
  }
}
