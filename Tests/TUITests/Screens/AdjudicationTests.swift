import Foundation
import Synchronization
import Testing

@testable import Core
@testable import TUI

/// The fixture library with what anna and bob signed, shown by the rules of a library on disk.
private final class JudgedLibrary: FixtureBacked {
  let base: FixtureLibrary
  let signed: Mutex<[OtherReading]>
  let role: ReaderRole
  let isSupervised: Bool
  let figures: ReaderAgreement?
  let asked = Mutex<[[String]]>([])
  /// Who asked.
  let askers = Mutex<Set<String>>([])
  /// Why nothing is compared, as the library refuses it where it writes it.
  let refusal = Mutex<String?>(nil)

  init(
    _ signed: [OtherReading], role: ReaderRole, isSupervised: Bool,
    figures: ReaderAgreement? = nil, base: FixtureLibrary = FixtureLibrary { Session.time }
  ) {
    self.base = base
    self.signed = Mutex(signed)
    (self.role, self.isSupervised, self.figures) = (role, isSupervised, figures)
  }

  func access(to subject: String, reader: String) throws -> StudyAccess {
    var access = StudyAccess(role: role, isSupervised: isSupervised)
    let review = ReviewState(base.records(subject))
    let signed = signed.withLock { $0 }
    if review.seesOthers { access.others = signed }
    if access.refusalToAdjudicate(review) == nil {
      access.signedByOthers = signed.count { $0.isReading }
    }
    return access
  }

  func append(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    if draft.action == .compare, let why = refusal.withLock({ $0 }) {
      throw JournalError.refused(why)
    }
    return try base.append(draft, subject: subject, reader: reader)
  }

  func agreement(of readers: [String], for reader: String) throws -> ReaderAgreement {
    asked.withLock { $0.append(readers) }
    askers.withLock { _ = $0.insert(reader) }
    guard let figures else { throw AgreementError.tooFew(1) }
    return figures
  }
}

@Suite("Adjudication: the readers' ladders side by side")
struct AdjudicationTests {
  /// They agree on three rows, differ on C5-6, and bob cannot tell on C6-7.
  private static let readings: [OtherReading] = {
    var anna = OtherReading(reader: "anna")
    anna.verdicts = [
      .c2c3: .absent, .c3c4: .absent, .c4c5: .present, .c5c6: .absent, .c6c7: .absent,
    ]
    anna.details = [
      .c4c5: OtherReading.Detail(grade: 1, confidence: 3),
      .c5c6: OtherReading.Detail(reason: "artefact"),
    ]
    anna.findings = ["syrinx at T3"]
    (anna.meaning, anna.name, anna.time) = (.reviewed, "Anna Ott", "2026-11-18T09:12:00.000Z")
    var bob = OtherReading(reader: "bob")
    bob.verdicts = anna.verdicts
    (bob.verdicts[.c5c6], bob.verdicts[.c6c7]) = (.present, .cannotTell)
    (bob.meaning, bob.name, bob.time) = (.secondReader, "Bob Rey", "2026-11-19T16:40:00.000Z")
    return [anna, bob]
  }()

  /// Studies on which anna and bob agree but for one in four.
  private static func figures(_ count: Int = 12) throws -> ReaderAgreement {
    let studies = (0..<count).map { number -> SignedStudy in
      var anna: [SpinalSegment: Verdict] = [:]
      for segment in SpinalSegment.allCases {
        anna[segment] = (number + segment.rawValue) % 3 == 0 ? .present : .absent
      }
      var bob = anna
      if number % 4 == 0 { bob[.c4c5] = anna[.c4c5] == .present ? .absent : .present }
      return SignedStudy(
        patient: "p\(number)",
        readings: [
          SignedReading(reader: "anna", verdicts: anna),
          SignedReading(reader: "bob", verdicts: bob),
        ])
    }
    return try ReaderAgreement(studies, bootstrap: Bootstrap(resamples: 200, seed: 3))
  }

  /// A workstation of which each event's effects are carried out at once.
  private struct Desk {
    let library: JudgedLibrary
    var state: AppState

    init(
      _ signed: [OtherReading] = AdjudicationTests.readings, role: ReaderRole = .supervisor,
      isSupervised: Bool = true, figures: ReaderAgreement? = nil, columns: Int = 120,
      rows: Int = 40, base: FixtureLibrary = FixtureLibrary { Session.time }
    ) {
      library = JudgedLibrary(
        signed, role: role, isSupervised: isSupervised, figures: figures, base: base)
      state = .opened(on: library, columns: columns, rows: rows)
    }

    mutating func play(_ event: TerminalEvent) { state.play(event, on: library) }

    mutating func type(_ text: String) {
      for character in text {
        switch character {
        case "\n": play(.key(KeyPress(.enter)))
        case "\u{1b}": play(.key(KeyPress(.escape)))
        default: play(.key(.character(character)))
        }
      }
    }

    var records: [ReviewRecord] { library.base.records("001") }
    var message: String { state.message?.text ?? "" }
    var text: String { Renderer.render(state).dump() }
    var lines: [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    /// The line of a segment in the table.
    func row(_ segment: String) -> String {
      let right = StudyLayout(state).ladder.column
      return lines.dropFirst(2).map { String($0.dropFirst(right)) }
        .first { $0.contains(" \(segment) ") } ?? ""
    }
  }

  @Test("A supervisor is told how many signed, then asks to see what: the journal has it")
  func opening() {
    var desk = Desk()
    var isListed: Bool? { desk.state.worklist.entries.first { $0.subject == "001" }?.isDisputed }
    #expect(!desk.text.contains("anna"))
    desk.type("O")
    #expect(desk.message.contains("2 readers signed") && desk.records.isEmpty)
    #expect(isListed == false)
    #expect(!desk.text.contains("anna") && desk.state.study?.isAdjudicating == false)
    // Any other key is no answer.
    desk.type("jO")
    #expect(desk.records.isEmpty)
    desk.type("O")
    #expect(desk.records.map(\.action) == [.compare])
    #expect(isListed == true, "the list need not be read again for it")
    #expect(desk.state.study?.isAdjudicating == true)
    #expect(desk.message.hasPrefix("1 differ, 1 cannot tell, 3 agreed; yours on 0 of 6"))
    #expect(desk.lines.contains { $0.contains("anna") && $0.contains("bob") && $0.contains("YOU") })
    #expect(desk.row("C4-5").contains("▲") && desk.row("C4-5").contains("● present g1 s3"))
    #expect(desk.row("C5-6").contains("○ absent artefact") && desk.row("C5-6").contains("×"))
    #expect(desk.row("C6-7").contains("? cannot tell"))
    #expect(desk.row("C7-T1").contains("n/a"))
    #expect(desk.text.contains("anna: 2026-11-18 09:12, Anna Ott: I have reviewed this study"))
    #expect(desk.text.contains("bob: 2026-11-19 16:40, Bob Rey: reviewed as second reader"))
    #expect(desk.text.contains("+ anna: syrinx at T3"))
    #expect(desk.lines[0].contains("research use only"))
    // What the answer opens leaves the row selected; the next one to be decided is said in full.
    #expect(desk.state.study?.target == .segment(.c4c5))
    desk.type(".")
    #expect(desk.text.contains("C5-6 differs; anna: absent (artefact); bob: present"))
    desk.type("O")
    #expect(desk.state.study?.isAdjudicating == false && desk.text.contains("OTHERS"))
    desk.type("[[O")
    #expect(desk.state.study?.isAdjudicating == true && desk.records.count == 1)
    // What a key opens begins at the first row to be decided.
    #expect(desk.state.study?.target == .segment(.c5c6))
    desk.type("q")
    #expect(desk.state.view == .study && desk.state.study?.isAdjudicating == false)
  }

  @Test("Why an interval has no width is said whole at any size", arguments: Snapshot.sizes)
  func kappaRemark(_ size: (Int, Int)) throws {
    var desk = Desk(figures: try Self.figures(), columns: size.0, rows: size.1)
    desk.type("OO[")
    #expect(desk.state.study?.target == .segment(.c3c4))
    let line = desk.lines.first { $0.contains("100.0 %") && $0.contains("C3-4") } ?? ""
    let whys = ["no verdict differs", "no verdict differs: the interval has no width"]
    #expect(whys.contains { line.contains("kappa 1.00 (\($0))") }, "\(line)")
  }

  @Test("A negative score has its sign, the flags stand in one column", arguments: Snapshot.sizes)
  func negativeScore(_ size: (Int, Int)) throws {
    let base = FixtureLibrary(clock: { Session.time }) { study in
      study.detection?.segments[0].score = -0.033
      study.detection?.segments[1].score = 0.1486
    }
    var desk = Desk(columns: size.0, rows: size.1, base: base)
    desk.type("OO")
    #expect(desk.state.study?.isAdjudicating == true)
    #expect(desk.row("C2-3").contains("C2-3  -0.03 ") && !desk.text.contains("-0.033"))
    #expect(desk.row("C3-4").contains("C3-4  0.149 "), "three decimals tell it from 0.15")
    let flags = ["C4-5", "C5-6"].map { Array(desk.row($0)).firstIndex(of: "▲") }
    #expect(flags[0] != nil && flags[0] == flags[1])
    #expect(desk.row("C4-5").contains("▲ "))
  }

  @Test("What the library refuses to note is said, opens nothing, and is asked for again")
  func notNoted() {
    var desk = Desk()
    desk.library.refusal.withLock { $0 = "unsaved edits of the lesion mask are kept" }
    desk.type("OO")
    #expect(desk.message.contains("unsaved edits of the lesion mask are kept"))
    #expect(desk.records.isEmpty && desk.state.study?.adjudication == nil)
    #expect(!desk.text.contains("anna"))
    // Nothing was lost, and nothing is in the way of a signature.
    #expect(desk.state.message?.kind == .refused && !desk.message.contains("NOT SAVED"))
    #expect(desk.state.unsaved.isEmpty)
    let refusal = desk.state.study.flatMap { Workstation.signingRefusal($0, desk.state) }
    #expect(refusal?.hasPrefix("not signed: no verdict yet on C2-3") == true)
    desk.library.refusal.withLock { $0 = nil }
    desk.type("O")
    #expect(desk.records.isEmpty && desk.state.study?.adjudication == .asking)
    desk.type("O")
    #expect(desk.records.map(\.action) == [.compare] && desk.state.unsaved.isEmpty)
    #expect(desk.state.study?.isAdjudicating == true)
  }

  @Test("Only the same command, with nothing between, says that what others signed is to be seen")
  func asking() {
    var desk = Desk()
    // Help, a key without a meaning, the list of commands left, and the mouse.
    for keys in ["?q", "9", ":zoom-in\n", ":\u{1b}"] {
      desk.type("O")
      #expect(desk.state.study?.adjudication == .asking, "\(keys)")
      desk.type(keys + "O")
      #expect(desk.records.isEmpty && desk.message.contains("2 readers signed"), "\(keys)")
      desk.type("j")
    }
    desk.type("O")
    desk.play(.mouse(MouseAct(.press, row: 0, column: 0)))
    #expect(desk.state.study?.adjudication == nil)
    desk.type("O:adjudicate\n")
    #expect(desk.records.map(\.action) == [.compare])
  }

  @Test("What an answer opens moves no selection, and waits while a place is pointed at")
  func answers() {
    var desk = Desk()
    desk.type("O")
    let effects = Workstation.update(&desk.state, .key(.character("O")))
    let (target, slice) = (desk.state.study?.target, desk.state.study?.slice)
    desk.type("X")
    desk.state.carryOut(effects, on: desk.library)
    #expect(desk.records.map(\.action) == [.compare])
    #expect(desk.state.study?.crosshair != nil && desk.state.study?.isAdjudicating == false)
    #expect(desk.message.contains("O shows what the readers signed"))
    #expect(desk.state.study?.target == target && desk.state.study?.slice == slice)
    desk.type("XO")
    #expect(desk.state.study?.isAdjudicating == true && desk.records.count == 1)
  }

  @Test("Keys go from difference to difference; the study's own keys state and sign")
  func deciding() {
    var desk = Desk()
    desk.type("OO..")
    #expect(desk.state.study?.target == .segment(.c6c7))
    desk.type(".")
    #expect(desk.message == "no difference further down")
    desk.type("x,P")
    #expect(desk.state.study?.target == .segment(.c5c6))
    desk.type("U")
    #expect(desk.records.map(\.action) == [.compare, .verdict, .verdict, .adopt])
    #expect(desk.state.study?.review.standing[.c4c5] == .present)
    #expect(desk.row("C5-6").hasSuffix("● present") && desk.row("C6-7").hasSuffix("? cannot tell"))
    desk.type("ZS")
    guard case .meanings(let offered)? = desk.state.popup else {
      Issue.record("what the signature may mean is not asked for")
      return
    }
    #expect(offered == [.supervised, .adjudicated])
    desk.type("1")
    #expect(desk.state.popup == nil && desk.message.contains("you have seen what the readers"))
    desk.type("ZS4\n2468\n2468\n")
    let signature = desk.state.study?.review.signOff?.signature
    #expect(signature?.meaning == .adjudicated && desk.state.study?.isAdjudicating == true)
    desk.type("A")
    #expect(desk.message.contains("the study is signed"))
    #expect(SignedReading(desk.records, reader: "liu") == nil)
  }

  @Test("On the smallest screen, too, every verdict of reader and adjudicator has sign and word")
  func smallest() {
    var desk = Desk(columns: 80, rows: 24)
    desk.type("OO..x,P")
    #expect(desk.row("C5-6").contains("○ absent  ● present × ● present"))
    #expect(desk.row("C6-7").contains("○ absent  ? unsure  ? ? unsure"))
    desk.type("[[A")
    #expect(desk.row("C3-4").hasSuffix("○ absent"))
    // What the short word stands for is said in full of the selected row.
    desk.type("]]]")
    #expect(desk.text.contains("C6-7 cannot tell; anna: absent; bob: cannot tell"))
    // A reason without room is there in full, and is not cut in the column.
    desk.type("[[d1")
    let own = desk.state.study?.standing(.segment(.c4c5))
    let reason = own?.reason ?? "none"
    #expect(own?.verdict == .absent && desk.row("C4-5").hasSuffix("○ absent"))
    let words = desk.lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(words.contains("you: absent (\(reason))"), "\(words)")
  }

  @Test("What all readers say is taken over as one act, where nothing is stated, and taken back")
  func takeover() {
    var desk = Desk()
    desk.type("OO[[[P")
    #expect(desk.state.study?.review.standing == [.c2c3: .present])
    desk.type("U")
    #expect(desk.message.hasPrefix("2 agreed verdicts taken over: saved"))
    #expect(
      desk.state.study?.review.standing == [.c2c3: .present, .c3c4: .absent, .c4c5: .present])
    #expect(desk.records.last?.verdicts?.map(\.segment) == ["C3-4", "C4-5"])
    #expect(desk.records.last?.comment == "anna, bob")
    desk.type("U")
    #expect(desk.message.contains("agree on no row"))
    desk.type("u")
    #expect(
      desk.message.contains(
        "the agreed verdicts (present on C4-5; absent on C3-4) taken back: saved"))
    #expect(desk.state.study?.review.standing == [.c2c3: .present])
    desk.play(.key(.control("r")))
    #expect(desk.state.study?.review.standing.count == 3)
    // What is not on the screen is not judged, nor taken over.
    desk.type("u")
    let before = desk.records.count
    for key in ["U", "P"] {
      desk.state.study?.shown = nil
      desk.type(key)
      #expect(desk.message.contains("the picture is not drawn yet"), "\(key)")
    }
    #expect(desk.records.count == before)
  }

  @Test(
    "Who does not adjudicate is refused by name, and sees nothing",
    arguments: [
      (ReaderRole.reader, "only a supervisor adjudicates"),
      (ReaderRole.guest, "a guest does not adjudicate"),
      (ReaderRole.annotator, "an annotator does not adjudicate"),
      (ReaderRole.teacher, "only a supervisor adjudicates"),
    ])
  func refused(_ role: ReaderRole, _ words: String) {
    var desk = Desk(role: role)
    desk.type("OO")
    #expect(desk.state.message?.kind == .refused && desk.message.contains(words))
    #expect(desk.records.isEmpty && !desk.text.contains("anna"))
  }

  @Test("Without a supervisor a reading that was begun stays blinded until it is signed")
  func blinded() {
    var desk = Desk(role: .reader, isSupervised: false)
    desk.type("[[A")
    desk.type("OO")
    #expect(desk.message.contains("you have begun a reading of your own"))
    #expect(!desk.text.contains("anna"))
    desk.type("]A]P]P]AZS1\n2468\n2468\n")
    #expect(desk.state.study?.review.isSigned == true)
    desk.type("O")
    // The own reading counts, and stands in the own column.
    #expect(desk.state.study?.isAdjudicating == true)
    #expect(!desk.records.contains { $0.action == .compare })
    #expect(desk.library.asked.withLock { $0 } == [["anna", "bob", "liu"]])
    // For who looks: studies that the reader has not signed tell nothing.
    #expect(desk.library.askers.withLock { $0 } == ["liu"])
    #expect(desk.row("C5-6").hasSuffix("● present") && desk.row("C5-6").contains("×"))
    desk.type("ZOdiscussed\n")
    #expect(desk.state.study?.isAdjudicating == false && !desk.text.contains("anna"))
    desk.type("OO")
    #expect(desk.records.last?.action == .compare && desk.text.contains("anna"))
    // What was signed first stands beside what is decided now.
    #expect(desk.lines.contains { $0.contains("anna") && $0.contains("liu") && $0.contains("YOU") })
  }

  @Test("One signed reading is nothing to decide between; a supervisor's word is no reading")
  func tooFew() {
    var ruling = Self.readings[1]
    ruling.meaning = .supervised
    var desk = Desk([Self.readings[0], ruling])
    desk.type("O")
    #expect(desk.message == "adjudication needs two signed readings; so far there is 1")
    desk = Desk([])
    desk.type("O")
    #expect(desk.message.hasSuffix("so far there are 0"))
  }

  @Test("Kappa of these readers in the library stands there, or how many studies there are")
  func kappa() throws {
    var desk = Desk(figures: try Self.figures())
    desk.type("OO")
    #expect(desk.library.asked.withLock { $0 } == [["anna", "bob"]])
    #expect(desk.text.contains("AGREEMENT of anna, bob on 12 studies"))
    let all = try #require(desk.lines.first { $0.contains("all    95.8 %") })
    #expect(all.contains("kappa 0.91 [") && all.contains("] Cohen"))
    #expect(desk.lines.contains { $0.contains("C4-5   75.0 %") })
    var few = Desk()
    few.type("OO")
    #expect(few.text.contains("not enough: 1 study of 2"))
    // A few studies have their figures, the interval among them, and a word.
    var seven = Desk(figures: try Self.figures(7))
    seven.type("OO")
    #expect(seven.text.contains("AGREEMENT of anna, bob on 7 studies (few: intervals are wide)"))
    #expect(seven.lines.contains { $0.contains("all    95.2 %") && $0.contains("] Cohen") })
    // Others are compared by now: what comes late is not shown.
    few.play(
      .message(.reply(WorkerReply(value: .agreement(["x", "y"], .known(try Self.figures()))))))
    #expect(few.text.contains("not enough"))
  }

  @Test("A reading that cannot be read is said; one more signature counts anew")
  func changing() {
    var broken = OtherReading(reader: "eva")
    broken.problem = "line 3 is torn"
    var desk = Desk(Self.readings + [broken])
    desk.type("OO")
    #expect(desk.text.contains("eva: unreadable: line 3 is torn"))
    #expect(desk.row("C5-6").contains("unreadable"))
    // What it says is not known: nothing is agreed on, and nothing taken over.
    desk.type("U")
    #expect(desk.message.contains("agree on no row"))
    var eva = Self.readings[0]
    eva.reader = "eva"
    desk.library.signed.withLock { $0 = Self.readings + [eva] }
    desk.play(.message(.tick))
    #expect(desk.library.asked.withLock { $0.last } == ["anna", "bob", "eva"])
    #expect(!desk.text.contains("unreadable"))
  }

  @Test("Signatures have their time; one after a reopening says so, and why")
  func reopened() {
    var again = Self.readings[0]
    (again.isAgain, again.openedBecause) = (true, "axial images came")
    again.time = "2026-11-19T16:55:00.000Z"
    var bob = Self.readings[1]
    (bob.isOpenSince, bob.openedBecause) = (true, "slip")
    for columns in [80, 200] {
      var desk = Desk([Self.readings[0], bob, again], columns: columns, rows: 40)
      desk.type("OO")
      let text = desk.lines.map { line in
        line.dropFirst(StudyLayout(desk.state).notes.column).split(separator: " ")
          .joined(separator: " ")
      }.joined(separator: " ")
      #expect(text.contains("anna: 2026-11-18 09:12, Anna Ott: I have"), "\(text)")
      #expect(
        text.contains(
          "bob: 2026-11-19 16:40, Bob Rey: reviewed as second reader; opened again (slip) since, "
            + "and not signed anew"), "\(text)")
      #expect(
        text.contains(
          "anna again: 2026-11-19 16:55, Anna Ott: I have reviewed this study; opened again "
            + "(axial images came) before it, when others may have been seen"), "\(text)")
    }
  }

  @Test("A teaching session has no place for it")
  func teaching() {
    var desk = Desk()
    desk.state.teaching = TeachingState(.learner, cases: 2)
    desk.type("O")
    #expect(desk.message.contains("a teaching session has no place for it"))
  }

  @Test("before the others are seen, without figures, with one reading", arguments: Snapshot.sizes)
  func otherScreens(_ size: (Int, Int)) throws {
    for (name, words, keys, readings) in [
      ("adjudication-asked", "2 readers signed; O again shows what", "O", Self.readings),
      ("adjudication-one", "so far there is 1", "O", Array(Self.readings.prefix(1))),
      ("adjudication-few", "3 agreed", "OO", Self.readings),
      ("adjudication-differs", "C5-6 differs; anna: absent", "OO.", Self.readings),
      ("adjudication-end", "no difference further down", "OO...", Self.readings),
    ] {
      var desk = Desk(readings, columns: size.0, rows: size.1)
      desk.type(keys)
      try Shot.check(desk.text, name, says: words, size)
    }
    var broken = OtherReading(reader: "eva")
    broken.problem = "line 3 is torn"
    var desk = Desk(Self.readings + [broken], columns: size.0, rows: size.1)
    desk.type("OO")
    try Shot.check(desk.text, "adjudication-broken", says: "eva", size)
  }

  @Test("adjudication", arguments: Snapshot.sizes)
  func snapshots(_ size: (Int, Int)) throws {
    var desk = Desk(figures: try Self.figures(), columns: size.0, rows: size.1)
    desk.type("OOU")
    #expect(desk.state.study?.shown != nil && desk.text.contains("cannot"))
    try Snapshot.check(desk.text, "adjudication-\(size.0)x\(size.1)")
  }
}
