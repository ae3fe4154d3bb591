import Core
import Foundation
import TestSupport
import Testing

@Suite("The surgeon's day in a terminal")
struct SurgeonDayTests {
  private static let pin = "2468-anna"

  @Test(
    "filter, read, decide, sign, next: what was stated is in the journal, under the name signed",
    .enabled(if: TmuxSession.isThere, "tmux is not installed"), .timeLimit(.minutes(60)))
  func day() async throws {
    try await Program.day { try await work(in: $0, home: $1) }
  }

  private func work(in library: URL, home: TemporaryFolder) async throws {
    try await Program.succeed("phantom", "--out", library.path, "--patients", "3", "--seed", "11")
    try await Program.succeed("detect", library.path)
    let opened = try StudyLibrary(opening: library)
    let reader = try ReaderIdentity.current(library: library)
    let flagged = try opened.worklist(reader: reader).filter(\.isFlagged).map(\.subject)
    try #require(flagged.count == 2, "flagged of three: \(flagged)")

    var first = ""
    try await TmuxSession.on(library, home: home) { terminal in
      try await terminal.enter(#""$PROGRAM" review "$LIBRARY"; echo "rc=$?""#)
      try await terminal.wait("the worklist") {
        $0.contains("3 studies") && $0.contains("2 flagged")
      }
      first = try await filter(terminal, opened, flagged)
      try await terminal.press("Enter")
      try await terminal.waitForStudy("sub-\(first)")
      try await decide(terminal, opened, first)
      try await sign(terminal, first)
      try await goOn(terminal, first, flagged)
      try await terminal.quit()
    }

    let records = try opened.journal(first, reader: reader).records
    #expect(records.count { $0.action == .verdict } == 6 && records.last?.action == .signOff)
    #expect(records.last?.signature?.name == "Anna Liu" && ReviewState(records).isSigned)
    #expect(records.count { $0.reason == "long, evenly bright" && $0.verdict == .present } == 1)
  }

  /// Asks for the flagged studies alone; the one that stands first.
  private func filter(
    _ terminal: TmuxSession, _ library: StudyLibrary, _ flagged: [String]
  ) async throws -> String {
    let others = library.studies.map(\.subject).filter { !flagged.contains($0) }
    try await terminal.enter("/unread flagged")
    let list = try await terminal.wait("the flagged studies alone") { screen in
      screen.contains("filter: unread flagged") && !screen.contains("Enter accept")
        && others.allSatisfy { !screen.contains("sub-\($0)") }
    }
    return try #require(flagged.first { list.contains("▸ unread    sub-\($0)") }, "\(list)")
  }

  /// Accepts what the AI says of every segment but one, which is stated with a reason.
  private func decide(
    _ terminal: TmuxSession, _ library: StudyLibrary, _ subject: String
  ) async throws {
    let stored = try #require(try library.detection(of: library.study(subject))).detection
    let assessable = stored.assessableSegments
    let doubted = try #require(assessable.first { !stored.flaggedSegments.contains($0) })
    for segment in SpinalSegment.allCases where segment != doubted {
      let words = stored.flaggedSegments.contains(segment) ? "present" : "absent"
      try await terminal.state(assessable.contains(segment) ? "a" : "A", words, on: segment)
    }
    try await terminal.select(doubted)
    try await terminal.press("d", until: "the reasons") {
      $0.contains("\(doubted.name) present, because")
    }
    try await terminal.press("2")
    let screen = try await terminal.wait("the verdict with its reason") {
      $0.contains("\(doubted.name) present (long, evenly bright): saved")
    }
    #expect(screen.contains("case present"))
  }

  /// Signs with a name and a first PIN, which is never seen.
  private func sign(_ terminal: TmuxSession, _ subject: String) async throws {
    try await terminal.press("Z")
    try await terminal.wait("the mode of signing") { $0.contains("S signs off") }
    try await terminal.press("S")
    try await terminal.wait("the meanings") { $0.contains("Sign sub-\(subject) off") }
    try await terminal.press("1")
    try await terminal.wait("the name") { $0.contains("your printed name") }
    try await terminal.press("C-u")
    try await terminal.enter("Anna Liu")
    try await terminal.wait("the PIN") { $0.contains("set your PIN") }
    try await terminal.enter(Self.pin)
    let again = try await terminal.wait("the PIN again") { $0.contains("the same PIN again") }
    try await terminal.enter(Self.pin)
    let signed = try await terminal.wait("the signature") {
      $0.contains("signature (I have reviewed this study): saved")
    }
    #expect(signed.contains("n next unread") && signed.contains("signed\n"), "\(signed)")
    for screen in [again, signed] { #expect(!screen.contains(Self.pin)) }
  }

  /// The next unread study, a verdict on it, and back to the list, where both stand as they are.
  private func goOn(
    _ terminal: TmuxSession, _ first: String, _ flagged: [String]
  ) async throws {
    let second = try #require(flagged.first { $0 != first })
    try await terminal.press("n")
    let screen = try await terminal.waitForStudy("sub-\(second)")
    try await terminal.state("P", "present", on: try #require(TmuxSession.marked(screen)))
    try await terminal.press("q")
    try await terminal.wait("the worklist again") { $0.contains("filter: unread flagged") }
    try await terminal.press("Escape")
    try await terminal.wait("all studies with their states") {
      $0.contains("signed    sub-\(first)") && $0.contains("reading   sub-\(second)")
    }
  }
}
