import Testing

@testable import Core
@testable import TUI

/// The fixture library in which labels changed after the study came to the screen.
private final class ChangedLibrary: FixtureBacked {
  static let words = "not signed: labels changed; state again C5-6"
  let base = FixtureLibrary { Session.time }

  func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord {
    throw JournalError.refused(Self.words)
  }
}

@Suite("Verdicts that were stated when the labels of levels were others")
struct RelabelledTests {
  private static let former = String(repeating: "cd", count: 32)

  /// A library whose labels all moved by a level after a reader stated something on each assessable segment.
  private static func library(signs: Bool) throws -> FixtureLibrary {
    let library = FixtureLibrary {
      Session.time
    } change: { study in
      guard let detection = study.detection else { return }
      let now = SegmentPlaces(detection)
      var then = now
      for segment in then.ends.keys {
        then.ends[segment]?.from += 18
        then.ends[segment]?.to += 18
      }
      study.levels = LevelHistory(
        current: study.detectionSHA256, places: now, former: [Self.former: then])
    }
    for segment in SpinalSegment.allCases where segment != .c7t1 {
      _ = try library.append(
        ReviewDraft(
          action: .verdict, segment: segment, verdict: segment == .c5c6 ? .present : .absent,
          detectionSHA256: former), subject: "001", reader: "liu")
    }
    if signs {
      _ = try library.append(.signOff(.reviewed, name: "liu"), subject: "001", reader: "liu")
    }
    return library
  }

  private static func session(
    _ keys: String, signs: Bool = false, _ size: (Int, Int) = (120, 40)
  ) throws -> Session {
    Session(
      MemoryDriver.Step.open("001") + [.type(keys)], columns: size.0, rows: size.1,
      library: try library(signs: signs))
  }

  // MARK: Whole screens

  @Test("the ladder, the sentence and the head tell such verdicts", arguments: Snapshot.sizes)
  func ladder(_ size: (Int, Int)) throws {
    let text = try Self.session("", size).text
    try Shot.check(text, "relabelled", says: "≠●", size)
    #expect(text.split(separator: "\n").count { $0.contains("≠○") } == 4)
  }

  @Test("a signed study says so before who signed it", arguments: Snapshot.sizes)
  func signed(_ size: (Int, Int)) throws {
    let text = try Self.session("h", signs: true, size).text
    let words = "labels changed since: C2-3, C3-4, C4-5, C5-6, C6-7"
    try Shot.check(text, "relabelled-signed", says: words, size)
  }

  @Test("the sentence says what is to be done, and the head says it on every screen")
  func words() throws {
    let open = AppState.opened(on: try Self.library(signs: false), columns: 120, rows: 40)
    let study = try #require(open.study)
    let words = "≠ absent was stated when the labels were others: state it again"
    #expect(WhyLine.text(study).hasPrefix(words))
    let long = StudyScreen.stateWords(study, open, room: 100).text
    #expect(long.contains("labels changed since") && !long.contains("≠"))
    let short = StudyScreen.stateWords(study, open, room: 20).text
    #expect(short.contains("≠") && !short.contains("labels"))
    let signed = AppState.opened(on: try Self.library(signs: true), columns: 120, rows: 40)
    let way = "labels were others: Z then O, then state it again"
    #expect(signed.study.map { WhyLine.text($0).contains(way) } == true)
  }

  @Test("no signature over them: the segments are named, and what to do", arguments: Snapshot.sizes)
  func refused(_ size: (Int, Int)) throws {
    let session = try Self.session("ZS", size)
    try Shot.check(
      session.text, "relabelled-refused",
      says: "not signed: labels changed; state again C2-3, C3-4, C4-5, C5-6, C6-7", size)
    #expect(session.library.records("001").allSatisfy { $0.action == .verdict })
    // Before the key is pressed the mode says it.
    let mode = try Self.session("Z", size)
    #expect(mode.message.contains("no sign-off yet: 5 verdicts on old labels"))
  }

  @Test("the reader's acts are marked", arguments: Snapshot.sizes)
  func acts(_ size: (Int, Int)) throws {
    let text = try Self.session("C", size).text
    try Shot.check(text, "relabelled-acts", says: "present on C5-6 (≠ labels changed since)", size)
  }

  @Test("the worklist marks the state, and names it among what is to be known")
  func worklist() {
    for size in Snapshot.sizes {
      var entries = FixtureStudies.worklist(12)
      entries[1].state = .signed
      entries[1].relabelled = [.c5c6]
      entries[2].state = .reopened
      (entries[2].relabelled, entries[2].isForDiscussion) = ([.c5c6], false)
      var state = AppState(
        title: "t", reader: "liu", size: TerminalSize(columns: size.0, rows: size.1),
        capabilities: TerminalCapabilities())
      state.play(.message(.worklist(entries)), on: FixtureLibrary { Session.time })
      let lines = Renderer.render(state).dump().split(separator: "\n")
      #expect(lines.count { $0.contains("signed≠") } == 1, "\(size)")
      #expect(lines.count { $0.contains("reopened≠") } == 1, "\(size)")
      #expect(lines.count { $0.contains("≠") } == 2, "\(size)")
    }
  }

  // MARK: What clears it

  @Test("stating the same again is an act of its own, and clears the mark")
  func statedAgain() throws {
    // The first flagged segment is chosen: C4-5, absent so far.
    let session = try Self.session("A")
    let last = try #require(session.library.records("001").last)
    #expect(session.library.records("001").count == 6 && last.segment == "C4-5")
    #expect(last.verdict == .absent && last.detection != Self.former)
    let library = try Self.library(signs: false)
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    // The list tells it as the study is shown, and no longer once it is stated again.
    var listed: [SpinalSegment]? {
      state.worklist.entries.first { $0.subject == "001" }?.relabelled
    }
    #expect(listed == [.c2c3, .c3c4, .c4c5, .c5c6, .c6c7])
    state.play(.key(.character("A")), on: library)
    #expect(state.study?.relabelled == ["C2-3", "C3-4", "C5-6", "C6-7"])
    #expect(listed == [.c2c3, .c3c4, .c5c6, .c6c7])
    // Once more it is a repetition.
    let twice = try Self.session("AA")
    #expect(twice.library.records("001").count == 6)
    #expect(twice.message.contains("C4-5 absent is saved already"))
  }

  @Test("all stated again, the study can be signed")
  func signable() throws {
    let session = try Self.session("[[A]A]A]P]AZS")
    #expect(!session.text.contains("≠") && session.text.contains("Sign sub-001 off"))
    #expect(session.library.records("001").count == 10)
  }

  @Test("a signature that is refused over labels reads the study again, and says why")
  func readAgain() {
    let library = ChangedLibrary()
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    #expect(state.readings == 1)
    for character in "[[A]A]P]P]AZS1\n2468\n2468\n" {
      state.play(
        .key(character == "\n" ? KeyPress(.enter) : .character(character)), on: library)
    }
    #expect(state.message?.text.contains(ChangedLibrary.words) == true)
    #expect(state.readings == 2 && state.loading == nil)
    #expect(library.base.records("001").allSatisfy { $0.action == .verdict })
    #expect(WorkerFailure(JournalError.refused("a sign-off needs the PIN")).isOfLabels == false)
  }

  @Test("nothing is signed while labels that were just saved are being detected on")
  func whileDetecting() throws {
    var state = AppState.opened(on: try Self.library(signs: false), columns: 80, rows: 24)
    state.redetecting = ["001"]
    let study = try #require(state.study)
    let words = "not signed: the study is being detected on other labels: a moment"
    #expect(Workstation.signingRefusal(study, state) == words)
    state.redetecting = ["002"]
    let now = "not signed: labels changed; state again C2-3, C3-4, C4-5, C5-6, C6-7"
    #expect(Workstation.signingRefusal(study, state) == now)
  }

  @Test("what others look on at tells nothing, and a library without former detections neither")
  func untold() throws {
    var state = AppState.opened(on: try Self.library(signs: false), columns: 120, rows: 40)
    #expect(state.study?.relabelled.count == 5)
    state.study?.isPresented = true
    state.study?.isBlind = true
    #expect(state.study?.relabelled.isEmpty == true && state.study?.relabelledNote == nil)
    #expect(state.study.map { WhyLine.text($0).contains("≠") } == false)
    let plain = Session(MemoryDriver.Step.open("001") + [.type("P")])
    #expect(!plain.text.contains("≠"))
  }

  // MARK: Going on with it

  @Test("a signed study with such verdicts is gone on with, after all that is unread")
  func goesOn() {
    var entries = FixtureStudies.worklist(12)
    for index in entries.indices { entries[index].state = .signed }
    entries[5].relabelled = [.c5c6]
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    state.play(.message(.worklist(entries)), on: FixtureLibrary { Session.time })
    #expect(
      Workstation.unread(after: nil, forward: true, in: state)?.entry.subject
        == entries[5].subject)
    // It stands before what is done.
    let names = Array(entries.indices)
    #expect(WorklistOrder.usual.places(of: entries, names: names).first == 5)
    entries[5].relabelled = []
    state.play(.message(.worklist(entries)), on: FixtureLibrary { Session.time })
    #expect(Workstation.unread(after: nil, forward: true, in: state) == nil)
  }

  @Test("beside each other, a reader's such verdict has the mark, and the rest are as they were")
  func others() {
    var reading = OtherReading(reader: "anna")
    reading.verdicts = [.c4c5: .present, .c5c6: .absent]
    reading.relabelled = [.c4c5]
    let wide = LadderOthers(readings: [reading], decided: nil, width: 13)
    #expect(wide.text(.c4c5) == "≠● present" && wide.text(.c5c6) == "○ absent")
    var other = reading
    (other.reader, other.relabelled) = ("bob", [])
    let two = LadderOthers(readings: [reading, other], decided: nil, width: 6)
    #expect(two.text(.c4c5) == "≠●" && two.text(.c5c6) == "○○" && two.text(.c6c7) == "--")
    let counted = LadderOthers(readings: [reading, other], decided: nil, width: 13)
    #expect(counted.text(.c4c5) == "1● 1≠")
    #expect(Ladder.text(.cannotTell, isRelabelled: true, room: 10) == "≠? unsure")
    #expect(Ladder.text(.present, isRelabelled: true, room: 3) == "≠●")
  }
}
