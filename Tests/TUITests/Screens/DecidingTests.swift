import Foundation
import Core
import Testing

@testable import TUI

@Suite("Deciding: quality, grade, findings, blindness, sign-off")
struct DecidingTests {
  /// A verdict on each assessable segment of sub-001.
  static let read = MemoryDriver.Step.open("001") + [.type("[[A]A]P]P]A")]
  /// The first sign-off of a reader, who sets a PIN.
  static let signed =
    read + [.type("ZS1"), .enter, .type("2468"), .enter, .type("2468"), .enter]

  @Test("f cycles the quality of the images, and undo takes it back by its name")
  func quality() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("ffff")])
    #expect(session.library.records("001").map(\.quality) == [.pass, .fail, .artifact, nil])
    #expect(session.library.records("001").allSatisfy { $0.segment == nil })
    #expect(!session.text.contains("image Artifact") && !session.text.contains("image Pass"))
    let fifth = Session(MemoryDriver.Step.open("001") + [.type("fffff")])
    #expect(fifth.text.contains("image Pass"))
    let undone = Session(MemoryDriver.Step.open("001") + [.type("fffu")], columns: 80, rows: 24)
    #expect(undone.message.contains("image quality Artifact taken back: saved"))
    #expect(undone.text.contains("image Fail"))
    let again = Session(MemoryDriver.Step.open("001") + [.type("fu"), .key(.control("r"))])
    #expect(again.message.contains("image quality Pass restored: saved"))
  }

  @Test("a key that goes round its values says what is chosen and what comes next, in 80 columns")
  func whatComesNext() {
    for (keys, words) in [
      ("f", "✓ image quality Pass: saved 10:42:07; f again: Fail"),
      ("ff", "✓ image quality Fail: saved 10:42:07; f again: Artifact"),
      ("fff", "✓ image quality Artifact: saved 10:42:07; f again: none"),
      ("ffff", "✓ image quality cleared: saved 10:42:07; f again: Pass"),
      ("Py", "✓ C4-5 grade 1 of 2: saved 10:42:07; y again: 2 intense"),
      ("Pyy", "✓ C4-5 grade 2 of 2: saved 10:42:07; y again: none"),
      ("Pyyy", "✓ C4-5 grade cleared: saved 10:42:07; y again: 1 light"),
      ("Pyyyy", "✓ C4-5 grade 1 of 2: saved 10:42:07; y again: 2 intense"),
      ("s", "✓ C4-5 confidence 1 of 3: saved 10:42:07; s again: 2"),
      ("sss", "✓ C4-5 confidence 3 of 3: saved 10:42:07; s again: none"),
      ("ssss", "✓ C4-5 confidence cleared: saved 10:42:07; s again: 1"),
      ("DD", "✓ study difficulty medium: saved 10:42:07; D again: hard"),
      ("DDDD", "✓ study difficulty cleared: saved 10:42:07; D again: easy"),
    ] {
      let session = Session(
        MemoryDriver.Step.open("001") + [.type(keys)], columns: 80, rows: 24)
      #expect(session.message.contains(words), "\(keys): \(session.message)")
      #expect(!session.message.contains("…"))
    }
    // What a key does not go round with names no key.
    #expect(!Session(MemoryDriver.Step.open("001") + [.type("P")]).message.contains("again"))
    #expect(!Session(MemoryDriver.Step.open("001") + [.type("fu")]).message.contains("f again"))
  }

  @Test("that a key came too early, while an act was being saved, is still said afterwards")
  func tooEarly() {
    for (first, second) in [("f", "f"), ("P", "A"), ("s", "u")] as [(Character, Character)] {
      let library = FixtureLibrary { Session.time }
      var state = AppState(
        title: "t", reader: "liu", size: TerminalSize(columns: 80, rows: 24),
        capabilities: TerminalCapabilities(), timeZone: .gmt)
      let start = Workstation.start(&state)
      state.carryOut(start, on: library)
      state.worklist.selected = "001"
      state.play(.key(KeyPress(.enter)), on: library)
      let effects = Workstation.update(&state, .key(.character(first)))
      state.play(.key(.character(second)), on: library)
      #expect(state.message?.kind == .refused)
      state.carryOut(effects, on: library)
      #expect(library.records("001").count == 1, "\(first)")
      #expect(state.message?.text.contains("saved 10:42:07; a key came too early") == true)
      state.play(.key(.character(second)), on: library)
      #expect(library.records("001").count == 2, "\(first)")
      #expect(state.message?.text.contains("too early") == false)
    }
  }

  @Test("grade, confidence and difficulty go to the journal and beside the verdict")
  func statements() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("PyssD")])
    let records = session.library.records("001")
    #expect(
      records.map(\.action) == [.verdict, .grade, .confidence, .confidence, .difficulty])
    #expect(records[1].grade == 1 && records[1].segment == "C4-5")
    #expect(records[3].confidence == 2 && records[4].difficulty == .easy)
    #expect(records[4].segment == nil)
    #expect(session.text.contains("● present g1 s2"))
    let wide = Session(
      MemoryDriver.Step.open("001") + [.type("PyssD")], columns: 200, rows: 60)
    #expect(wide.text.contains("you: sure 2, grade 1, difficulty easy; C4-5 flagged"))
    let refused = Session(MemoryDriver.Step.open("001") + [.type("Ay")])
    #expect(refused.library.records("001").count == 1)
    #expect(refused.message.contains("a grade needs the verdict present"))
  }

  @Test("a grade goes with the verdict present, from ladder and sentence, and comes back with it")
  func gradeOfPresent() {
    let open = MemoryDriver.Step.open("001")
    let graded = Session(open + [.type("Pyy")], columns: 200, rows: 60)
    #expect(graded.text.contains("● present g2") && graded.text.contains("you: grade 2"))
    let changed = Session(open + [.type("PyyA")], columns: 200, rows: 60)
    #expect(changed.text.contains("○ absent"))
    #expect(!changed.text.contains(" g2") && !changed.text.contains("you: grade"))
    let back = Session(open + [.type("PyyAu")], columns: 200, rows: 60)
    #expect(back.text.contains("● present g2") && back.text.contains("you: grade 2"))
  }

  @Test("a finding is placed by keys, described, shown under the ladder, and taken back")
  func finding() {
    let steps =
      MemoryDriver.Step.open("001") + [.type("FKKh"), .enter, .type("syrinx"), .enter]
    let session = Session(steps, columns: 80, rows: 24)
    let record = session.library.records("001").first
    #expect(record?.action == .finding && record?.comment == "syrinx" && record?.segment == nil)
    #expect(record?.place?.slice == 5)
    let straight = Session(
      MemoryDriver.Step.open("001") + [.type("F"), .enter, .type("x"), .enter])
    let below = straight.library.records("001").first?.place
    #expect((record?.place?.row ?? 0) == (below?.row ?? 0) - 16)
    #expect((record?.place?.column ?? 0) == (below?.column ?? 0) - 1)
    #expect((record?.place?.z ?? 0) > (below?.z ?? 0))
    #expect(session.text.contains("+ finding: syrinx (slice 6"))
    let long = Session(
      MemoryDriver.Step.open("001")
        + [.type("F"), .enter, .type("an osteophyte that reaches the cord from behind"), .enter],
      columns: 80, rows: 24)
    #expect(long.message.hasPrefix(" ✓ finding \"an osteophyte that reac…\": saved 10:42:07; "))
    #expect(long.message.hasSuffix(" p lists yours"))
    let undone = Session(steps + [.type("u")])
    #expect(undone.message.contains("the finding \"syrinx\" taken back: saved"))
    #expect(!undone.text.contains("+ finding"))
    let none = Session(
      MemoryDriver.Step.open("001") + [.type("F"), .escape, .type("F"), .enter, .enter])
    #expect(none.library.records("001").isEmpty)
  }

  @Test("the case verdict follows the segments, in the head and on the worklist")
  func caseVerdict() {
    let session = Session(Self.read)
    #expect(session.lines[0].contains("case present: C4-5, C5-6"))
    #expect(session.lines[1].hasSuffix("   read"))
    let list = Session(Self.read + [.type("q"), .escape])
    #expect(list.text.contains("YOU") && list.text.contains("●read"))
    let small = Session(Self.read + [.type("q")], columns: 80, rows: 24)
    #expect(small.text.contains("●read") && !small.text.contains("YOU"))
    let absent = Session(MemoryDriver.Step.open("002") + [.type("A")], columns: 80, rows: 24)
    #expect(absent.lines[0].contains("case undecided"))
  }

  @Test("the study as a whole is commented on, too, whichever segment is selected")
  func commentOnStudy() {
    let typed: [MemoryDriver.Step] = [.type(":comment-study"), .enter, .type("bring old films")]
    let asked = Session(MemoryDriver.Step.open("001") + typed)
    #expect(asked.message.contains("comment on the study: bring old films"))
    #expect(asked.library.records("001").isEmpty)
    let session = Session(MemoryDriver.Step.open("001") + typed + [.enter])
    #expect(session.message.contains("comment on study: saved"))
    let records = session.library.records("001")
    #expect(records.map(\.action) == [.comment] && records.first?.segment == nil)
    #expect(records.first?.comment == "bring old films")
    let empty = Session(MemoryDriver.Step.open("001") + typed.prefix(2) + [.enter])
    #expect(empty.message.contains("an empty comment is not saved"))
    #expect(empty.library.records("001").isEmpty)
  }

  @Test("sign-off needs every verdict, a name and a new PIN typed twice, and shows only dots")
  func signOff() {
    let early = Session(MemoryDriver.Step.open("001") + [.type("PZS")])
    #expect(early.message.contains("not signed: no verdict yet on C2-3, C3-4"))
    let session = Session(Self.signed)
    let record = session.library.records("001").last
    #expect(record?.action == .signOff && record?.signature?.meaning == .reviewed)
    #expect(record?.signature?.name == "liu" && record?.signature?.state.count == 64)
    #expect(session.message.contains("signature (I have reviewed this study): saved"))
    #expect(session.lines[1].hasSuffix("signed"))
    let later = Session(Self.signed + [.key(KeyPress(.left))], columns: 80, rows: 24)
    #expect(
      later.message.contains(
        "signed by liu, 2026-11-20 10:42:07: I have reviewed this study"))
    let screens = session.driver.screens.map { $0.dump() }
    #expect(screens.contains { $0.contains("●●●●") })
    #expect(!screens.contains { $0.contains("2468") } && session.status == 0)
    #expect(screens.contains { $0.contains("2 reviewed as second reader") })
  }

  @Test("the mode of signing offers only what is possible, and says why not the rest")
  func signMode() {
    let opened = MemoryDriver.Step.open("001")
    func keys(_ session: Session) -> String { session.lines[39] }
    let early = Session(opened + [.type("PZ")])
    #expect(early.message.contains("no sign-off yet: 4 verdicts missing; nothing to open again"))
    #expect(!keys(early).contains("sign off") && !keys(early).contains("open again"))
    #expect(keys(early).contains("Z neither"))
    let ready = Session(Self.read + [.type("Z")])
    #expect(ready.message.contains("S signs off; nothing to open again: unsigned"))
    #expect(keys(ready).contains("S sign off") && !keys(ready).contains("open again"))
    let signed = Session(Self.signed + [.type("Z")])
    #expect(signed.message.contains("O opens the study again (signed already)"))
    #expect(keys(signed).contains("O open again") && !keys(signed).contains("sign off"))
  }

  @Test("after a refused sign-off the number of a meaning is no other key, once")
  func refusedMeaning() {
    let opened = MemoryDriver.Step.open("001")
    let refused = Session(opened + [.type("PZS")])
    let typed = Session(opened + [.type("PZS1"), .enter])
    #expect(typed.message.contains("× 1 ignored; not signed: no verdict yet on C2-3, C3-4"))
    #expect(typed.lines[1] == refused.lines[1])
    // The reader who then wants the grey window has it, and any other key goes on at once.
    let window = Session(opened + [.type("PZS11")])
    #expect(window.lines[1] != refused.lines[1] && !window.message.contains("not signed"))
    let other = Session(opened + [.type("PZSj1")])
    #expect(other.lines[1] != Session(opened + [.type("PZSj")]).lines[1])
    #expect(!other.message.contains("ignored"))
  }

  @Test("PINs that differ or are too short are asked for again; Esc signs nothing")
  func newPIN() {
    let start = Self.read + [.type("ZS2"), .enter]
    let short = Session(start + [.type("12"), .enter])
    #expect(short.message.contains("4 to 64 characters"))
    let differ = Session(start + [.type("1234"), .enter, .type("1235"), .enter])
    #expect(differ.message.contains("they differ"))
    let left = Session(start + [.type("1234"), .escape])
    #expect(left.message.contains("not signed"))
    for session in [short, differ, left] {
      #expect(session.library.records("001").last?.action == .verdict)
    }
  }

  @Test("after sign-off nothing is stated until the study is opened again, with a reason")
  func reopening() {
    for keys in ["a", "P", "x", "u", "f", "s", "D", "F", "!", "d"] {
      let session = Session(Self.signed + [.type(keys)])
      #expect(session.message.contains("the study is signed: nothing was saved"), "\(keys)")
      #expect(session.library.records("001").last?.action == .signOff)
    }
    let commented = Session(Self.signed + [.type("ctold"), .enter])
    #expect(commented.library.records("001").last?.action == .comment)
    let open = Self.signed + [.type("ZOaxial images came"), .enter]
    let session = Session(open)
    #expect(session.library.records("001").last?.action == .reopen)
    #expect(session.library.records("001").last?.comment == "axial images came")
    #expect(session.lines[1].hasSuffix("reopened"))
    let stated = Session(open + [.type("x")])
    #expect(stated.library.records("001").last?.verdict == .cannotTell)
    #expect(stated.lines[1].hasSuffix("reopened"))
    let never = Session(MemoryDriver.Step.open("001") + [.type("ZO")])
    #expect(never.message.contains("the study is not signed"))
    let empty = Session(Self.signed + [.type("ZO"), .enter])
    #expect(
      empty.message.contains("a reason is needed; open the signed study again, because:"))
    // The reason typed next is one, and runs no commands.
    let given = Session(Self.signed + [.type("ZO"), .enter, .type("xPq"), .enter])
    #expect(given.library.records("001").last?.comment == "xPq")
    let left = Session(Self.signed + [.type("ZO"), .enter, .escape])
    #expect(left.library.records("001").last?.action == .signOff)
  }

  @Test("the printed name offered is that of the latest signature, also in the next session")
  func signerName() throws {
    let library = FixtureLibrary { Session.time }
    let name: [MemoryDriver.Step] = [.type("ZS1"), .key(.control("u")), .type("Dr Liu W"), .enter]
    let pin: [MemoryDriver.Step] = [.type("2468"), .enter, .type("2468"), .enter]
    #expect(Session(Self.read + [.type("ZS1")], library: library).message.contains("name: liu"))
    // What was typed and not signed is not kept.
    _ = Session(MemoryDriver.Step.open("001") + name + [.escape], library: library)
    let before = Session(MemoryDriver.Step.open("001") + [.type("ZS1")], library: library)
    #expect(before.message.contains("name: liu"))
    _ = Session(MemoryDriver.Step.open("001") + name + pin, library: library)
    #expect(library.records("001").last?.signature?.name == "Dr Liu W")
    #expect(try library.signerName(reader: "liu") == "Dr Liu W")
    let next = Session(
      MemoryDriver.Step.open("001") + [.type("ZOagain"), .enter, .type("ZS1")], library: library)
    #expect(next.message.contains("name: Dr Liu W"))
    // What is no name is not offered.
    for text in ["", "\n", String(repeating: "x", count: 101)] {
      _ = try library.changeReaderText(.signer, reader: "liu") { _ in text }
      #expect(try library.signerName(reader: "liu") == nil)
    }
  }

  @Test("a wrong PIN signs nothing, the third makes wait, and none counts as an act that was lost")
  func wrongPIN() {
    let again = Self.signed + [.type("ZOwhy"), .enter, .type("ZS1"), .enter]
    let wrong = Session(again + [.type("1111"), .enter])
    #expect(wrong.message.contains("wrong PIN, 2 tries left"))
    let right = Session(again + [.type("1111"), .enter, .type("2468"), .enter])
    #expect(right.library.records("001").last?.action == .signOff)
    let three = Session(
      again + [.type("1111"), .enter, .type("1111"), .enter, .type("1111"), .enter])
    #expect(three.message.contains("not signed: too many wrong PINs: wait 30 s"))
    #expect(three.library.records("001").last?.action == .reopen && three.status == 0)
    let waiting = Session(
      again + [.type("1111"), .enter, .type("1111"), .enter, .type("1111"), .enter]
        + [.type("ZS1"), .enter])
    #expect(waiting.library.records("001").last?.action == .reopen)
    #expect(waiting.message.contains("not signed: locked for 30 s after too many wrong PINs"))
    #expect(!waiting.message.contains("PIN:"))
  }

  @Test("an empty name and an empty PIN are asked for again, and cost no try")
  func empty() {
    let again = Self.signed + [.type("ZOwhy"), .enter, .type("ZS1")]
    let clear = MemoryDriver.Step.key(.control("u"))
    let nameless = Session(again + [clear, .enter])
    #expect(nameless.message.contains("a name is needed; your printed name:"))
    #expect(nameless.library.records("001").last?.action == .reopen)
    let nobody: [MemoryDriver.Step] = [.enter, .enter, .enter, .enter]
    let named = Session(again + [clear, .enter, .type("Pax uAd"), .enter] + nobody)
    #expect(named.message.contains("no PIN was typed; PIN:"))
    #expect(named.library.records("001").last?.action == .reopen)
    let signed = Session(
      again + [clear, .enter, .type("Pax uAd"), .enter] + nobody + [.type("2468"), .enter])
    #expect(signed.library.records("001").last?.signature?.name == "Pax uAd")
    let long = Session(again + [.paste(String(repeating: "n", count: 300)), .enter])
    #expect(long.message.contains("characters; your printed name:"))
  }

  @Test("blind from the start: no AI on any screen until it is asked for, by a record")
  func blind() {
    let words = ["FLAG", "▲", "flagged", "0.41", "ANOCURVE", "u2ad", "LC61", "map >", "agrees"]
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("]]P")], startsBlind: true)
    for screen in session.driver.screens.map({ $0.dump() }) {
      for word in words where word != "u2ad" || screen.contains("LEVEL") {
        #expect(!screen.contains(word), "\(word)")
      }
    }
    #expect(session.text.contains("AI hidden"))
    #expect(session.library.records("001").first?.blind == true)
    #expect(session.library.records("001").first?.segment == "C4-5")
    let accepted = Session(MemoryDriver.Step.open("001") + [.type("a")], startsBlind: true)
    #expect(accepted.library.records("001").isEmpty)
    #expect(accepted.message.contains("the AI is hidden"))
    let revealed = Session(
      MemoryDriver.Step.open("001") + [.type("Pb]A")], startsBlind: true)
    let records = revealed.library.records("001")
    #expect(records.map(\.action) == [.verdict, .reveal, .verdict])
    #expect(records.map(\.blind) == [true, true, false])
    #expect(revealed.text.contains("▲ FLAG") && revealed.text.contains("ANOCURVE"))
  }

  @Test("the footer offers no answer to an AI that is hidden")
  func blindFooter() throws {
    let hidden = Session(MemoryDriver.Step.open("001"), startsBlind: true)
    let shown = Session(MemoryDriver.Step.open("001") + [.type("b")], startsBlind: true)
    let (without, with) = (try #require(hidden.lines.dropLast().last), shown.text)
    #expect(!without.contains("a accept") && !without.contains("d disagree"))
    #expect(without.contains("x cannot tell"))
    #expect(with.contains("a accept  d disagree"))
  }

  @Test("the footer names no key that is refused: signed, without pictures, or not detected")
  func refusedKeys() {
    func footer(_ session: Session) -> String { session.lines[39] }
    let fresh = footer(Session(MemoryDriver.Step.open("001")))
    #expect(fresh.contains("a accept") && fresh.contains(", . flagged") && !fresh.contains("undo"))
    let open = footer(Session(MemoryDriver.Step.open("001") + [.type("P")]))
    #expect(open.contains("a accept") && open.contains("u undo") && open.contains(", . flagged"))
    #expect(!footer(Session(MemoryDriver.Step.open("001") + [.type("Pu")])).contains("undo"))
    let signed = footer(Session(Self.signed))
    #expect(!signed.contains("accept") && !signed.contains("cannot tell"), "\(signed)")
    #expect(!signed.contains("undo") && signed.contains("j k slice"), "\(signed)")
    var inert = TerminalCapabilities()
    inert.colours = 8
    let text = footer(Session(MemoryDriver.Step.open("001") + [.type("!")], capabilities: inert))
    #expect(!text.contains("accept") && !text.contains("cannot tell"), "\(text)")
    #expect(text.contains("u undo") && text.contains(", . flagged"), "\(text)")
    let undetected = footer(Session(MemoryDriver.Step.open("008")))
    #expect(undetected.contains("P present") && !undetected.contains("flagged"), "\(undetected)")
  }

  @Test("what was revealed once is not hidden again, in another session either")
  func revealedForGood() {
    let library = FixtureLibrary { Session.time }
    _ = Session(
      MemoryDriver.Step.open("001") + [.type("b")], library: library, startsBlind: true)
    #expect(library.records("001").map(\.action) == [.reveal])
    let later = Session(
      MemoryDriver.Step.open("001") + [.type("P")], library: library, startsBlind: true)
    #expect(later.text.contains("▲ FLAG"))
    #expect(library.records("001").last?.blind == false)
  }

  @Test("b hides the AI before the first verdict; what was on the screen does not count as blind")
  func toggleBlind() {
    let hidden = Session(MemoryDriver.Step.open("001") + [.type("b")])
    #expect(hidden.text.contains("AI hidden") && !hidden.text.contains("FLAG"))
    let stated = Session(MemoryDriver.Step.open("001") + [.type("bP")])
    #expect(stated.library.records("001").first?.blind == false)
    let back = Session(MemoryDriver.Step.open("001") + [.type("bb")])
    #expect(back.text.contains("FLAG") && back.library.records("001").isEmpty)
    let late = Session(MemoryDriver.Step.open("001") + [.type("Pb")])
    #expect(late.message.contains("only before the first verdict"))
    #expect(late.text.contains("FLAG"))
    let map = Session(MemoryDriver.Step.open("001") + [.type("b ")])
    #expect(map.message.contains("the AI is hidden"))
  }

  @Test(
    "what a journal made by hand says beyond the values of a key is cleared",
    arguments: [-1, 4, Int.max])
  func beyondValues(_ value: Int) {
    func record(_ seq: Int, _ action: ReviewAction) -> ReviewRecord {
      ReviewRecord(
        seq: seq, time: Session.time, reader: "liu", action: action, segment: "C4-5", blind: false,
        detection: nil, previous: "")
    }
    var (verdict, grade, confidence) = (
      record(1, .verdict), record(2, .grade), record(3, .confidence)
    )
    verdict.verdict = .present
    (grade.grade, confidence.confidence) = (value, value)
    let keys: [(Character, ReviewAction)] = [("s", .confidence), ("y", .grade)]
    for (key, action) in keys {
      let library = FixtureLibrary { Session.time }
      var state = AppState.opened(on: library, columns: 120, rows: 40)
      state.study?.review = ReviewState([verdict, grade, confidence])
      var drafts: [ReviewDraft] = []
      for effect in Workstation.update(&state, .key(.character(key))) {
        if case .write(_, let draft, _) = effect { drafts.append(draft) }
      }
      #expect(drafts.map(\.action) == [action], "\(key)")
      #expect(drafts.allSatisfy { $0.clears }, "\(key)")
    }
  }

  @Test("screens: signing and placing a finding", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let menu = Session(Self.read + [.type("ZS")], columns: size.0, rows: size.1)
    try Snapshot.check(menu.text, "signing-\(size.0)x\(size.1)")
    let mark = Session(
      MemoryDriver.Step.open("001") + [.type("FKK")], columns: size.0, rows: size.1)
    try Snapshot.check(mark.text, "finding-\(size.0)x\(size.1)")
    let blind = Session(
      MemoryDriver.Step.open("001") + [.type("P")], columns: size.0, rows: size.1,
      startsBlind: true)
    try Snapshot.check(blind.text, "blind-\(size.0)x\(size.1)")
  }
}
