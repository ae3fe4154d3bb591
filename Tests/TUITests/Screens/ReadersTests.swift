import Core
import Foundation
import Synchronization
import Testing

@testable import TUI

/// The fixture library with a say in what its reader may do and see.
private final class SharedLibrary: FixtureBacked {
  let base = FixtureLibrary { Session.time }
  let granted = Mutex(StudyAccess())
  let calls = Mutex<[String]>([])

  func access(to subject: String, reader: String) throws -> StudyAccess {
    calls.withLock { $0.append("access \(subject)") }
    return granted.withLock { $0 }
  }

  var measuresStudies: Bool { base.measuresStudies }
  func measures(of subject: String, reader: String) throws -> StudyMeasures {
    try base.measures(of: subject, reader: reader)
  }

  func leave() { calls.withLock { $0.append("leave") } }
}

@Suite("Several readers on the screen: roles, holds, what others signed")
struct ReadersTests {
  private let library = SharedLibrary()
  private let owner = StudyOwner(
    reader: "liu", host: "srv1", pid: 4711, session: "a", heartbeat: 0)

  /// A workstation of which each event's effects are carried out at once.
  private struct Desk {
    let library: SharedLibrary
    var state: AppState

    init(_ library: SharedLibrary, columns: Int = 120, rows: Int = 40) {
      self.library = library
      state = .opened(on: library, columns: columns, rows: rows)
    }

    mutating func play(_ event: TerminalEvent) { state.play(event, on: library) }

    mutating func type(_ text: String) {
      for character in text {
        play(.key(character == "\n" ? KeyPress(.enter) : .character(character)))
      }
    }

    var records: [ReviewRecord] { library.base.records("001") }
    var lines: [String] {
      Renderer.render(state).dump().split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init)
    }
  }

  @Test("A study that is open elsewhere is read-only with its owner's name, until it is free")
  func readOnly() {
    library.granted.withLock { $0.hold = .elsewhere(owner) }
    for (columns, rows) in [(80, 24), (120, 40)] {
      var desk = Desk(library, columns: columns, rows: rows)
      let owner = columns == 80 ? "READ-ONLY (liu)" : "READ-ONLY: open by liu at srv1"
      #expect(desk.lines[1].contains(owner) && desk.lines[1].contains(" W 472 L 238"))
      #expect(desk.lines[1].contains("flagged  ") && desk.lines[1].hasSuffix(" unread"))
      #expect(desk.state.message?.text.contains("liu at srv1 (process 4711)") == true)
      #expect(!desk.lines.contains { $0.contains("a accept") })
      for key in ["a", "d", "x", "P", "A", "u", "c", "!", "f", "y", "s", "D", "F", "b"] {
        desk.type(key)
        #expect(desk.state.message?.kind == .refused, "\(key)")
        #expect(desk.state.message?.text.contains("read-only") == true, "\(key)")
        #expect(desk.state.popup == nil && desk.state.study?.mark == nil)
      }
      #expect(desk.records.isEmpty)
      // What is typed on for a comment that is not taken goes on being dropped: "n" would open the next
      // study, where letters state verdicts.
      desk.type("jc")
      #expect(desk.state.refusedPrompt?.rest(of: .milliseconds(500)) == .milliseconds(500))
    }
    var desk = Desk(library)
    library.granted.withLock { $0.hold = .mine(recovered: nil) }
    desk.play(.message(.tick))
    #expect(desk.state.message?.text.contains("free again") == true)
    // What the other session did may be seen at once, and is read once.
    #expect(desk.state.readings == 2 && desk.state.loading == nil)
    desk.play(.message(.tick))
    #expect(desk.state.readings == 2)
    #expect(!desk.lines[1].contains("READ-ONLY"))
    #expect(desk.lines.contains { $0.contains("a accept") })
    desk.type("P")
    #expect(desk.records.count == 1)
    // Taken over while a comment is being typed: it is not written.
    desk.type("cfaint")
    library.granted.withLock { $0.hold = .elsewhere(owner) }
    desk.play(.message(.tick))
    desk.type("\n")
    #expect(desk.records.count == 1 && desk.state.unsaved.isEmpty)
    #expect(desk.state.message?.text.contains("read-only") == true)
  }

  @Test("A lock left behind is taken over with a word; leaving the study gives it back")
  func recovered() {
    library.granted.withLock { $0.hold = .mine(recovered: owner) }
    var desk = Desk(library)
    #expect(
      desk.state.message?.text
        == "taken over from a session that ended: liu at srv1 (process 4711)")
    desk.type("P")
    #expect(desk.records.count == 1)
    desk.type("q")
    #expect(library.calls.withLock { $0.last } == "leave")
    // A study that comes after the reader has left is not kept.
    let effects = Workstation.update(&desk.state, .key(KeyPress(.enter)))
    _ = Workstation.update(&desk.state, .key(KeyPress(.escape)))
    desk.state.carryOut(effects, on: library)
    #expect(desk.state.view == .worklist && library.calls.withLock { $0.last } == "leave")
  }

  @Test("A guest states nothing and an annotator no verdict; the head has the role")
  func roles() {
    library.granted.withLock { $0.role = .guest }
    var guest = Desk(library)
    #expect(guest.lines[1].contains("guest"))
    for key in ["P", "c", "!", "f", "u", "Z"] {
      guest.type(key)
      #expect(guest.state.message?.text.contains("a guest states nothing") == true, "\(key)")
    }
    #expect(guest.records.isEmpty && guest.state.unsaved.isEmpty)
    library.granted.withLock { $0.role = .annotator }
    var annotator = Desk(library)
    for key in ["a", "x", "y", "s", "F"] {
      annotator.type(key)
      #expect(annotator.state.message?.text.contains("annotator states no verdicts") == true)
    }
    annotator.type("fcmoved\n")
    #expect(annotator.records.map(\.action) == [.quality, .comment])
  }

  @Test("Only a supervisor signs as one, where there is one")
  func supervising() {
    library.granted.withLock { $0.isSupervised = true }
    var desk = Desk(library)
    desk.type("[[A]A]P]P]AZS")
    // What would be refused is not offered; the others keep their numbers.
    let menu = desk.lines.joined(separator: "\n")
    #expect(menu.contains("1 I have reviewed") && menu.contains("2 reviewed as second reader"))
    #expect(!menu.contains("reviewed as supervisor") && !menu.contains("adjudicated between"))
    #expect(desk.lines[39].contains("1 2 meaning"))
    desk.type("4")
    #expect(desk.state.popup == nil)
    #expect(desk.state.message?.text.contains("only a supervisor signs") == true)
    desk.type("ZS1liu\n")
    guard case .prompt = desk.state.popup else {
      Issue.record("a reader cannot sign as one")
      return
    }
  }

  @Test("screens: signing for who is no supervisor", arguments: Snapshot.sizes)
  func menus(_ size: (Int, Int)) throws {
    library.granted.withLock { ($0.isSupervised, $0.otherSigners) = (true, 1) }
    var desk = Desk(library, columns: size.0, rows: size.1)
    desk.type("[[A]A]P]P]AZS")
    try Snapshot.check(
      desk.lines.joined(separator: "\n"), "signing-reader-\(size.0)x\(size.1)")
  }

  @Test(
    "A second reader needs a first, an adjudicator two readings",
    arguments: [(0, [false, false]), (1, [true, false]), (2, [true, true])])
  func alone(_ others: Int, _ taken: [Bool]) {
    library.granted.withLock { $0.otherSigners = others }
    var desk = Desk(library)
    desk.type("[[A]A]P]P]A")
    for (key, isTaken) in zip(["2", "4"], taken) {
      desk.type("ZS")
      let line = key == "2" ? "2 reviewed as second" : "4 adjudicated between"
      #expect(desk.lines.contains { $0.contains(line) } == isTaken, "\(key) beside \(others)")
      desk.type(key)
      var isAsked = false
      if case .prompt = desk.state.popup { isAsked = true }
      #expect(isAsked == isTaken, "\(key) beside \(others)")
      if isTaken {
        desk.play(.key(KeyPress(.escape)))
        continue
      }
      let words = key == "2" ? "nobody else has signed" : "two others must have signed first"
      #expect(desk.state.message?.kind == .refused)
      #expect(desk.state.message?.text.contains(words) == true)
    }
  }

  @Test("After one's own signature the ladder shows what others signed, and where they differ")
  func others() {
    var anna = OtherReading(reader: "anna")
    anna.verdicts = [.c4c5: .absent, .c5c6: .present]
    let bob = OtherReading(reader: "bob")
    library.granted.withLock { $0.others = [anna] }
    var desk = Desk(library)
    desk.type("[[A]A]P]P]A")
    // Whatever the library says, nothing is shown before.
    #expect(!desk.lines.joined().contains("2ND READER"))
    #expect(!desk.lines.joined().contains("anna"))
    desk.type("ZS1\n2468\n2468\n[[")
    #expect(desk.state.study?.review.isSigned == true)
    #expect(desk.lines.contains { $0.contains("YOU") && $0.hasSuffix("2ND READER") })
    #expect(desk.lines.contains { $0.contains("C4-5") && $0.contains("● present     ○ absent") })
    #expect(desk.lines.contains { $0.hasPrefix(" anna: absent; C4-5 flagged") })

    library.granted.withLock { $0.others = [anna, bob] }
    desk.play(.message(.tick))
    #expect(desk.lines.contains { $0.contains("YOU") && $0.hasSuffix("OTHERS") })
    #expect(desk.lines.contains { $0.contains(" C4-5 ") && $0.hasSuffix("1○") })

    desk.state.size = TerminalSize(columns: 80, rows: 24)
    #expect(!desk.lines.joined().contains("OTHERS"))
    #expect(desk.lines.contains { $0.hasPrefix(" anna: absent, bob: no verdict; C4-5") })
    desk.type("ZOslip\n")
    #expect(!desk.lines.joined().contains("anna"))
  }

  /// The reader's own day up to the signature, on a study that is measured, beside what others signed.
  private func signed(
    beside others: [OtherReading], columns: Int = 120, rows: Int = 40
  ) -> Desk {
    library.base.measured.withLock { $0["001"] = .success(FixtureMeasures.study) }
    library.granted.withLock { $0.others = others }
    var desk = Desk(library, columns: columns, rows: rows)
    desk.type("[[A]A]P]P]AZS1\n2468\n2468\n[[")
    return desk
  }

  private static func readings(
    _ count: Int, _ verdict: (Int) -> Verdict?
  ) -> [OtherReading] {
    (0..<count).map { index in
      var one = OtherReading(reader: "reader\(index)")
      one.verdicts[.c4c5] = verdict(index)
      return one
    }
  }

  @Test("At 120 columns other readers' signs stand beside the measurements, one for each reader")
  func othersBesideMeasures() throws {
    var anna = OtherReading(reader: "anna")
    anna.verdicts = [.c4c5: .absent, .c5c6: .present, .c7t1: .cannotTell]
    var carl = OtherReading(reader: "carl")
    carl.problem = "line 3 is damaged"
    let one = signed(beside: [anna])
    let head = try #require(one.lines.first { $0.contains("LEVEL SCORE") })
    #expect(head.hasSuffix("YOU       OTHERS  CORD MSCC   SCR"), "\(head)")
    func row(_ segment: String, _ desk: Desk) throws -> String {
      try #require(desk.lines.dropFirst(3).first { $0.contains(" \(segment) ") })
    }
    let c4 = try row("C4-5", one)
    #expect(c4.hasSuffix("FLAG -    ● present ○       ?5.6  ?33  1.62"), "\(c4)")
    #expect(try row("C5-6", one).hasSuffix("FLAG FLAG ● present ●        6.2   21 ?1.31"))
    #expect(try row("C7-T1", one).hasSuffix("-         ?          -    -     -"))
    let three = signed(beside: [anna, OtherReading(reader: "bob"), carl])
    let many = try row("C4-5", three)
    #expect(many.hasSuffix("● present ○-!     ?5.6  ?33  1.62"), "\(many)")
    // The line of reasons says whose they are, in their order.
    #expect(three.lines.contains { $0.hasPrefix(" anna: absent, bob: no verdict, carl: line 3") })
  }

  @Test("A wide ladder has other readers' words beside the measurements")
  func wordsBesideMeasures() throws {
    var anna = OtherReading(reader: "anna")
    anna.verdicts = [.c4c5: .cannotTell]
    var desk = signed(beside: [anna])
    for _ in 0..<2 { desk.play(.key(KeyPress(.tab))) }
    desk.type("m")
    let row = try #require(desk.lines.dropFirst(3).first { $0.contains(" C4-5 ") })
    #expect(row.hasSuffix("? cannot tell  ?5.6  ?33  1.62"), "\(row)")
    #expect(row.contains("● present") && desk.lines.contains { $0.contains("2ND READER     CORD") })
  }

  @Test(
    "More readers than signs have room are counted, and no verdict is without its sign",
    arguments: [
      (6, "●●●○○?"), (7, "4●2○1?"), (12, "9●2○1?"), (13, "●○?…"), (30, "●○?…"),
    ])
  func many(_ count: Int, _ wanted: String) throws {
    let others = Self.readings(count) { index in
      index < count - 3 ? .present : index < count - 1 ? .absent : .cannotTell
    }
    let desk = signed(beside: others)
    let row = try #require(desk.lines.dropFirst(3).first { $0.contains(" C4-5 ") })
    let signs = wanted.padding(toLength: 6, withPad: " ", startingAt: 0)
    #expect(row.hasSuffix("● present \(signs)  ?5.6  ?33  1.62"), "\(row)")
  }

  @Test("Among very many readers a column of words is closer before a count is cut")
  func veryMany() {
    func text(_ each: Int) -> String {
      var others = Self.readings(3 * each + 1) { Verdict.allCases[$0 % 3] }
      others[3 * each].problem = "line 3 is damaged"
      others[3 * each].verdicts = [:]
      return LadderOthers(readings: others, decided: nil, width: LadderOthers.wordsWidth)
        .text(.c4c5)
    }
    let signs = Verdict.allCases.map(Ladder.sign)
    #expect(text(9) == signs.map { "9\($0)" }.joined(separator: " ") + " 1!")
    #expect(text(10) == signs.map { "10\($0)" }.joined() + "1!")
    #expect(text(100) == signs.joined() + "!…")
  }

  @Test("Whole screens: measurements beside what two readers signed", arguments: Snapshot.sizes)
  func measuredScreens(_ size: (Int, Int)) throws {
    var anna = OtherReading(reader: "anna")
    anna.verdicts = [.c4c5: .absent, .c5c6: .present, .c7t1: .cannotTell]
    var bob = OtherReading(reader: "bob")
    bob.verdicts = [.c4c5: .present, .c5c6: .present]
    let desk = signed(beside: [anna, bob], columns: size.0, rows: size.1)
    let isMeasured = desk.lines.contains { $0.contains("CORD MSCC   SCR") }
    #expect(isMeasured == (size.0 >= 120))
    try Snapshot.check(
      Renderer.render(desk.state).dump(), "second-reader-measured-\(size.0)x\(size.1)")
  }

  /// Anna and bob differ, sup has adjudicated.
  private static let adjudicated: [OtherReading] = {
    var anna = OtherReading(reader: "anna")
    (anna.meaning, anna.verdicts) = (.reviewed, [.c4c5: .absent, .c5c6: .present])
    var bob = OtherReading(reader: "bob")
    (bob.meaning, bob.verdicts) = (.secondReader, [.c4c5: .present, .c5c6: .present])
    var sup = OtherReading(reader: "sup")
    (sup.meaning, sup.name) = (.adjudicated, "Dr Sup")
    sup.verdicts = [.c4c5: .absent, .c5c6: .cannotTell]
    return [anna, bob, sup]
  }()

  @Test(
    "What was adjudicated is marked FINAL in ladder, line of reasons and head, after the signature")
  func decided() throws {
    library.granted.withLock { $0.others = Self.adjudicated }
    var desk = Desk(library)
    desk.type("[[A]A]P]P]A")
    #expect(!desk.lines.joined().contains("FINAL"))
    desk.type("ZS1\n2468\n2468\n[[")
    #expect(desk.lines.contains { $0.contains("YOU") && $0.hasSuffix("FINAL") })
    func row(_ segment: String) throws -> String {
      try #require(desk.lines.dropFirst(3).first { $0.contains(" \(segment) ") })
    }
    #expect(try row("C4-5").hasSuffix("● present     ○ absent"))
    #expect(try row("C5-6").hasSuffix("? cannot tell"))
    #expect(try row("C2-3").hasSuffix("open"))
    let words = " FINAL absent (adjudicated by sup); anna: absent, bob: present, sup: absent (adj"
    #expect(desk.lines.contains { $0.hasPrefix(words) })
    #expect(desk.lines[1].contains("FINAL case undecided"))
    // The page for copying tells the reader's own acts, and this.
    desk.type("Y")
    let page = desk.lines.joined(separator: " ")
    #expect(page.contains("FINAL (adjudicated by sup): C2-3 open"))
    #expect(page.contains("Below: your own acts."))
    desk.type("q")
    // Opened again, nothing of others is shown.
    desk.type("ZOslip\n")
    #expect(!desk.lines.joined().contains("FINAL"))
  }

  @Test(
    "Adjudicators who differ decide nothing; a journal that cannot be read is marked beside FINAL",
    arguments: [(false, ["differ !", "? unsure !"]), (true, ["× !", "? !"])])
  func decidedInDoubt(_ isMeasured: Bool, _ wanted: [String]) throws {
    var max = OtherReading(reader: "max")
    (max.meaning, max.verdicts) = (.adjudicated, [.c4c5: .present])
    var carl = OtherReading(reader: "carl")
    carl.problem = "line 3 is damaged"
    let others = Self.adjudicated + [max, carl]
    library.granted.withLock { $0.others = others }
    var desk = Desk(library)
    if isMeasured {
      desk = signed(beside: others)
    } else {
      desk.type("[[A]A]P]P]AZS1\n2468\n2468\n[[")
    }
    for (segment, words) in zip(["C4-5", "C5-6"], wanted) {
      let row = try #require(desk.lines.dropFirst(3).first { $0.contains(" \(segment) ") })
      #expect(row.contains("● present") && row.contains(words), "\(row)")
    }
    #expect(
      desk.lines.contains { $0.contains("FINAL adjudicators differ (adjudicated by max, sup)") })
  }

  @Test("In a head without room what was adjudicated gives way to the slice and what is flagged")
  func decidedInNarrowHead() {
    library.granted.withLock { ($0.others, $0.role) = (Self.adjudicated, .supervisor) }
    for (columns, rows) in [(80, 24), (120, 40)] {
      var desk = Desk(library, columns: columns, rows: rows)
      if columns == 80 { desk.type("![[A]A]P]P]AZS1\n2468\n2468\n[[") }
      let head = desk.lines[1]
      #expect(head.contains(" slice 6 of 11"), "\(head)")
      let (role, mark) = columns == 80 ? (" sup", " discuss ") : ("supervisor ", "supervisor")
      #expect(head.contains(role) && head.contains(mark), "\(head)")
      #expect(head.contains(" W 472 L 238") && head.contains(" map "), "\(head)")
      #expect(head.contains(" flagged") && !head.contains("…"), "\(head)")
      #expect(head.contains("FINAL") == (columns > 80), "\(head)")
      #expect(desk.lines.contains { $0.contains("FINAL absent (adjudicated by sup)") })
    }
  }

  @Test("Whole screens: what was adjudicated", arguments: Snapshot.sizes)
  func finalScreens(_ size: (Int, Int)) throws {
    library.granted.withLock { $0.others = Self.adjudicated }
    var desk = Desk(library, columns: size.0, rows: size.1)
    desk.type("[[A]A]P]P]AZS1\n2468\n2468\n[[")
    #expect(desk.lines.contains { $0.hasPrefix(" FINAL absent (adjudicated by sup)") })
    let final = size.0 == 80 ? " FINAL undecided  " : " FINAL case undecided  "
    #expect(desk.lines[1].contains(final) && desk.lines[1].contains(" W 472 L 238"))
    try Snapshot.check(Renderer.render(desk.state).dump(), "final-\(size.0)x\(size.1)")
  }

  @Test(
    "Whole screens: a study that is open elsewhere, and another reader's ladder",
    arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let name = "\(size.0)x\(size.1)"
    library.granted.withLock { $0.hold = .elsewhere(owner) }
    let closed = Desk(library, columns: size.0, rows: size.1)
    #expect(closed.lines[1].contains("READ-ONLY"))
    try Snapshot.check(Renderer.render(closed.state).dump(), "read-only-\(name)")

    var anna = OtherReading(reader: "anna")
    anna.verdicts = [.c4c5: .absent, .c5c6: .present, .c7t1: .cannotTell]
    library.granted.withLock { $0 = StudyAccess() }
    library.granted.withLock { $0.others = [anna] }
    var desk = Desk(library, columns: size.0, rows: size.1)
    desk.type("[[A]A]P]P]AZS1\n2468\n2468\n[[")
    // At 80 columns the ladder alone has room for the column; its line of reasons always says it.
    #expect(desk.lines.contains { $0.contains("anna: absent; C4-5") })
    if size.0 == 80 {
      for _ in 0..<2 { desk.play(.key(KeyPress(.tab))) }
      desk.type("m")
    }
    #expect(desk.lines.contains { $0.contains("YOU") && $0.hasSuffix("2ND READER") })
    try Snapshot.check(Renderer.render(desk.state).dump(), "second-reader-\(name)")
  }

  @Test("A table of readers that is damaged while a study is open is said")
  func damaged() {
    var desk = Desk(library)
    desk.play(
      .message(
        .reply(
          WorkerReply(
            value: .access("001", .failure(WorkerFailure(words: "readers.tsv: line 3"))))))
    )
    #expect(desk.state.message?.kind == .error)
    #expect(desk.state.message?.text == "readers.tsv: line 3")
  }
}
