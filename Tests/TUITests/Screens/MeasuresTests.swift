import Core
import Foundation
import Synchronization
import Testing

@testable import TUI

@Suite("Measurements in the ladder and in one line")
struct MeasuresTests {
  private static func library(
    _ result: Result<StudyMeasures, FixtureError> = .success(FixtureMeasures.study)
  ) -> FixtureLibrary {
    let library = FixtureLibrary { Session.time }
    library.measured.withLock { $0["001"] = result }
    return library
  }

  private static func session(
    _ keys: String, columns: Int = 120, rows: Int = 40, library: FixtureLibrary? = nil,
    capabilities: TerminalCapabilities = TerminalCapabilities(), startsBlind: Bool = false
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + [.type(keys)], columns: columns, rows: rows,
      capabilities: capabilities, library: library ?? Self.library(), startsBlind: startsBlind)
  }

  /// The ladder's line of a segment, from its column on.
  private static func row(_ segment: String, _ session: Session) throws -> Substring {
    let layout = StudyLayout(
      size: session.driver.size, isAligned: nil, capabilities: TerminalCapabilities())
    let lines = session.lines.map { $0.dropFirst(layout.ladder.column) }
    return try #require(lines.first { $0.contains(" \(segment) ") })
  }

  // MARK: Columns

  @Test("from 120 columns on every row has cord, MSCC and SCR, with marks of doubt and dashes")
  func columns() throws {
    for (columns, rows) in [(120, 40), (140, 45), (200, 60)] {
      let session = Self.session("", columns: columns, rows: rows)
      #expect(session.text.contains("CORD MSCC   SCR"), "\(columns)")
      #expect(try Self.row("C2-3", session).hasSuffix("  7.9    2     -"), "\(columns)")
      #expect(try Self.row("C4-5", session).hasSuffix(" ?5.6  ?33  1.62"), "\(columns)")
      #expect(try Self.row("C5-6", session).hasSuffix("  6.2   21 ?1.31"), "\(columns)")
      #expect(try Self.row("C6-7", session).hasSuffix("  7.1   -4     -"), "\(columns)")
      #expect(try Self.row("C7-T1", session).hasSuffix("    -    -     -"), "\(columns)")
    }
    #expect(!Self.session("", columns: 119, rows: 40).text.contains("CORD"))
  }

  @Test("a curve that is put beside the picture takes its room from the picture, not from them")
  func besideStandingCurve() {
    for (columns, rows) in [(120, 40), (140, 45), (160, 50)] {
      let session = Self.session("v", columns: columns, rows: rows)
      #expect(session.text.contains("CORD MSCC   SCR"), "\(columns)")
    }
    // A picture that was made wider, too.
    for keys in [")", ")v", ")vv"] {
      let session = Self.session(keys, columns: 140, rows: 45)
      #expect(session.text.contains("CORD MSCC   SCR"), "\(keys)")
    }
    let wider = Self.session("v)", columns: 140, rows: 45)
    #expect(!wider.text.contains("CORD") && wider.message.contains("of 140 columns"))
    let back = Self.session("v)(", columns: 140, rows: 45)
    #expect(back.text.contains("CORD MSCC   SCR"))
  }

  @Test("verdicts stay whole beside them, with sign and marks")
  func verdicts() throws {
    let session = Self.session("Pyss[x")
    #expect(try Self.row("C4-5", session).contains("● present g1 s2"))
    #expect(try Self.row("C3-4", session).contains("? cannot tell"))
    #expect(try Self.row("C3-4", session).hasSuffix("  7.4    8     -"))
  }

  @Test("where nothing is measured the ladder is as it was")
  func unmeasured() {
    let none = Session(MemoryDriver.Step.open("001"))
    #expect(!none.text.contains("CORD") && !none.text.contains("MSCC"))
    #expect(none.text.contains("▲ FLAG"))
  }

  // MARK: The line

  @Test("the selected level's values, what speaks against them, and why one is missing")
  func line() {
    // From 160 columns on the line has the whole width, and the sentence under it one row.
    let wide = Self.session("", columns: 200, rows: 60).text
    #expect(wide.contains("cord ?5.6 mm, MSCC ?33 %, SCR 1.62; cord, MSCC in doubt: "))
    #expect(wide.contains("in doubt: compression-understated; canal 9.1 mm, MCC ?30 %"))
    #expect(wide.contains("cord in canal ?62 %, suggested Kang grade ?3, suggested Yukawa grade 2"))
    let lost = Self.session("]]]", columns: 200, rows: 60).text
    #expect(lost.contains("cord -, MSCC -, SCR -; cord, MSCC not measured: out-of-plane: the cord"))
    let wide6 = Self.session("]]", columns: 200, rows: 60).text
    #expect(wide6.contains("suggested Kang grade 0; MSCC below 0: wider here than beside"))
    #expect(!wide.contains("below 0"))
    let healthy = Self.session("[[", columns: 200, rows: 60).text
    #expect(healthy.contains("SCR -; SCR not measured: \(FixtureMeasures.noLesion); canal 13.2 mm"))
    #expect(healthy.contains("; MCC below 0: wider here than beside"))
  }

  @Test("at 80 columns the line is the ladder's last, and its reasons stand in the sentence, too")
  func narrow() {
    let session = Self.session("", columns: 80, rows: 24)
    #expect(session.lines[9].hasSuffix("cord ?5.6 mm, MSCC ?33 %, SCR 1.62; …"))
    #expect(session.lines[10].contains("u2ad-phantom 9f3a1c00"))
    #expect(session.lines.allSatisfy { DisplayText.width($0) <= 80 })
    let why = Self.session("]]]", columns: 80, rows: 24).lines[20...21].joined(separator: " ")
    let words = why.split(separator: " ").joined(separator: " ")
    #expect(words.hasSuffix("; cord, MSCC not measured: \(FixtureMeasures.lost); …"), "\(words)")
  }

  @Test("with a finding of one's own, line, finding and the hash of the weights are all there")
  func finding() {
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("F"), .enter, .type("osteophyte"), .enter],
      columns: 80, rows: 24, library: Self.library())
    #expect(session.lines[9].contains("+ finding: osteophyte"))
    #expect(session.lines[10].contains("cord ?5.6 mm, MSCC ?33 %, … "))
    #expect(session.lines[10].hasSuffix(" 9f3a1c00"))
  }

  @Test("a failure is said with its words, a study without anything measured with its reason")
  func failures() {
    let failure = FixtureError(description: "x.nii is cut")
    let failed = Self.session("", library: Self.library(.failure(failure)))
    #expect(failed.text.contains("not measured: x.nii is cut"))
    let nothing = StudyMeasures(unmeasured: "there is no cord\u{1b}[2J mask")
    let none = Self.session("", library: Self.library(.success(nothing)))
    #expect(none.text.contains("not measured: there is no cord·[2J mask"))
  }

  @Test("where a pane alone leaves no line for them, values stand before the doubts on them")
  func alone() {
    for (columns, rows) in [(120, 40), (200, 60)] {
      let text = Self.session("m", columns: columns, rows: rows).text
      #expect(!text.contains("CORD MSCC") && text.contains("cord ?5.6 mm, MSCC ?33 %"))
    }
    let keys: [MemoryDriver.Step] = [.key(KeyPress(.tab)), .type("m")]
    let curve = Session(MemoryDriver.Step.open("001") + keys, library: Self.library()).text
    #expect(curve.contains("ANOCURVE") && curve.contains("cord ?5.6 mm, MSCC ?33 %"))
    #expect(Self.session("m").text.contains("SCR 1.62; …"))
  }

  /// All that is measured of C4-5.
  private static let all =
    "cord ?5.6 mm, MSCC ?33 %, SCR 1.62; cord, MSCC in doubt: compression-understated; canal 9.1 mm, "
    + "MCC ?30 %, cord in canal ?62 %, suggested Kang grade ?3, suggested Yukawa grade 2"

  @Test(
    "curve or ladder alone have rows to spare: all of it is there, wrapped",
    arguments: Snapshot.sizes)
  func wrapped(_ size: (Int, Int)) throws {
    let tab = MemoryDriver.Step.key(KeyPress(.tab))
    for (pane, tabs) in [("picture", 0), ("curve", 1), ("ladder", 2)] {
      let keys = [MemoryDriver.Step](repeating: tab, count: tabs) + [.type("m")]
      let session = Session(
        MemoryDriver.Step.open("001") + keys, columns: size.0, rows: size.1,
        library: Self.library())
      let words = session.text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      if pane != "picture" || size.0 >= 160 { #expect(words.contains(Self.all), "\(pane)") }
      #expect(session.lines[0].contains("research use only, not for diagnosis"))
      try Snapshot.check(session.text, "measured-\(pane)-\(size.0)x\(size.1)")
    }
  }

  @Test("beside all panes the whole of it follows the notes where rows are free")
  func inNotes() {
    let session = Self.session("", columns: 140, rows: 56)
    let layout = StudyLayout(
      size: session.driver.size, isAligned: nil, capabilities: TerminalCapabilities())
    let notes = session.lines[layout.notes.row..<layout.notes.rowEnd]
      .map { String($0.dropFirst(layout.notes.column)) }
    let words = notes.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(words.contains("LABELS") && words.contains("MEASURED \(Self.all)"), "\(words)")
    #expect(session.lines[layout.measures.row].hasSuffix("SCR 1.62; …"))
  }

  @Test("where only a drawn mask would help, the keys that draw it are named")
  func outlineAdvice() {
    var study = FixtureMeasures.study
    for index in study.levels.indices {
      study.levels[index].scrRatio = FixtureMeasures.missing(
        "a reader sees it, nothing outlines it: \(LesionSignal.outlineAdvice)")
    }
    let session = Self.session("", columns: 200, rows: 60, library: Self.library(.success(study)))
    #expect(
      session.text.contains(
        "SCR not measured: a reader sees it, nothing outlines it: draw a lesion mask (E, then m), "
          + "or import one"))
  }

  @Test("the pane of labels names a mask of lesions, and not to who reads blind")
  func lesionOrigin() {
    func session(_ keys: String) -> Session {
      let library = FixtureLibrary(clock: { Session.time }) {
        $0.labels.append(LabelOrigin(role: .lesion, file: "l.nii.gz", maker: "a person"))
      }
      return Session(
        MemoryDriver.Step.open("001") + [.type(keys)], columns: 200, rows: 60, library: library)
    }
    let shown = session("").text
    #expect(shown.contains("LABELS") && shown.contains("lesion: a person"))
    #expect(!session("b").text.contains("lesion: a person"))
  }

  @Test("a mask of lesions that another drew is named and measured once the reader has compared")
  func unseenLesion() throws {
    let library = FixtureLibrary(clock: { Session.time }) {
      $0.ownLabels = $0.labels
      $0.labels.append(LabelOrigin(role: .lesion, file: "l.nii.gz", maker: "a person"))
    }
    let session = Session(
      MemoryDriver.Step.open("001"), columns: 200, rows: 60, library: library)
    #expect(session.text.contains("LABELS"))
    #expect(!session.driver.screens.contains { $0.dump().contains("lesion: a person") })
    var study = StudyScreenState(
      LoadedStudy(
        study: try library.loadStudy("001"), journal: JournalContents(records: [])))
    let before = MeasureOrder(study)
    #expect(!study.labels.contains { $0.role == .lesion })
    let record = try library.append(
      ReviewDraft(action: .compare), subject: "001", reader: "liu")
    study.review = ReviewState([record])
    #expect(study.labels.contains { $0.role == .lesion })
    // Another mask is to be measured, on the same anatomy.
    let after = MeasureOrder(study)
    #expect(after != before && after.hasSameAnatomy(as: before))
  }

  // MARK: Blind

  /// What rests on what the AI, a mask or the truth says of lesions.
  private static let hidden = ["SCR", "1.62", "1.31", "Kang", "Yukawa", FixtureMeasures.noLesion]

  @Test("who reads blind is not told which file could not be read: it may be a mask of lesions")
  func blindFailure() {
    let words = "sub-001_label-lesion_seg.nii.gz is cut"
    func library() -> FixtureLibrary { Self.library(.failure(FixtureError(description: words))) }
    let blind = Self.session("", columns: 200, rows: 60, library: library(), startsBlind: true)
    #expect(blind.text.contains("not measured: why is shown with the AI"))
    #expect(!blind.driver.screens.contains { $0.dump().contains("lesion_seg") })
    let shown = Self.session("b", columns: 200, rows: 60, library: library(), startsBlind: true)
    #expect(shown.text.contains("not measured: \(words)"))
  }

  @Test(
    "who reads blind sees what a ruler tells, and nothing of lesions", arguments: Snapshot.sizes)
  func blind(_ size: (Int, Int)) throws {
    let session = Self.session(
      "]]", columns: size.0, rows: size.1, startsBlind: true)
    for screen in session.driver.screens.map({ $0.dump() }) {
      for word in Self.hidden { #expect(!screen.contains(word), "\(word)") }
    }
    #expect(session.text.contains("cord ?5.6 mm, MSCC ?33 %"))
    try Snapshot.check(session.text, "study-measured-blind-\(size.0)x\(size.1)")
    let shown = Self.session("]]Pb", columns: size.0, rows: size.1, startsBlind: true)
    #expect(shown.text.contains("SCR 1.62"))
  }

  @Test(
    "a case of a teaching session shows nothing of lesions before its truth", arguments: [80, 120])
  func teaching(_ columns: Int) {
    let room = FixtureRoom(.learner)
    room.library.measured.withLock { $0["001"] = .success(FixtureMeasures.study) }
    let desk = Desk(room, columns: columns, rows: columns == 80 ? 24 : 40)
    desk.press("\n" + TeachingTests.answers + "[[[")
    #expect(desk.text.contains("cord ?5.6 mm"))
    for word in Self.hidden { #expect(!desk.text.contains(word), "\(word)") }
    desk.press("E")
    #expect(desk.text.contains("TRUTH") && desk.text.contains("SCR 1.62"))
    #expect(!desk.text.contains("CORD"), "the truth has the columns' room")
  }

  // MARK: When

  /// A study on the screen that can be measured, and what was asked of workers for it.
  private static func waiting() -> (state: AppState, orders: [MeasureOrder]) {
    var state = AppState.opened(on: FixtureLibrary { Session.time }, columns: 120, rows: 40)
    state.study?.loaded.isMeasured = true
    let effects = Workstation.update(&state, .message(.follow))
    return (state, orders(effects))
  }

  private static func orders(_ effects: [Effect]) -> [MeasureOrder] {
    effects.compactMap { effect in
      if case .measure(let order) = effect { order } else { nil }
    }
  }

  private static func answer(
    _ order: MeasureOrder, _ state: inout AppState,
    _ measures: StudyMeasures = FixtureMeasures.study
  ) {
    let reply = WorkerReply(value: .measured(order, .success(measures)))
    _ = Workstation.update(&state, .message(.reply(reply)))
  }

  @Test("a study is measured once when it opens, and until then the screen says that it is")
  func loading() throws {
    let opened = Self.waiting()
    var state = opened.state
    let order = try #require(opened.orders.first)
    #expect(opened.orders.count == 1 && order.subject == "001" && order.confirmed.isEmpty)
    let again = Self.orders(Workstation.update(&state, .message(.follow)))
    #expect(again.isEmpty)
    let waiting = Renderer.render(state).dump()
    #expect(waiting.contains("measuring cord, compression, signal"))
    #expect(waiting.contains("…    …     …"))
    Self.answer(order, &state)
    #expect(Renderer.render(state).dump().contains("cord ?5.6 mm, MSCC ?33 %, SCR 1.62"))
  }

  @Test("an SCR in doubt names its reference and what that spares; a sure one does not")
  func reference() throws {
    let opened = Self.waiting()
    let order = try #require(opened.orders.first)
    var state = opened.state
    var measures = FixtureMeasures.study
    let inputs = ["reference 100.0 grey values: mid-C6, left out: C4-5 (lesion)"]
    measures.levels[2].scrRatio.inputs = inputs
    Self.answer(order, &state, measures)
    let study = try #require(state.study)
    let sure = try #require(MeasureLine.text(study))
    #expect(sure.contains("SCR 1.62") && !sure.contains("reference"))
    measures.levels[2].scrRatio = FixtureMeasures.value(1.62, "reference-substituted")
    measures.levels[2].scrRatio.inputs = inputs
    let again = Self.waiting()
    var other = again.state
    Self.answer(try #require(again.orders.first), &other, measures)
    let otherStudy = try #require(other.study)
    let doubted = try #require(MeasureLine.text(otherStudy))
    #expect(
      doubted.contains(
        "SCR in doubt: reference-substituted; SCR's reference 100.0: mid-C6, left out: C4-5 (lesion)"
      ))
  }

  @Test("a lesion that the reader confirms is measured anew; diameters stay meanwhile")
  func confirmed() throws {
    let opened = Self.waiting()
    let first = try #require(opened.orders.first)
    var state = opened.state
    Self.answer(first, &state)
    func stated(_ verdict: Verdict, _ seq: Int) -> [MeasureOrder] {
      let draft = ReviewDraft(action: .verdict, segment: .c4c5, verdict: verdict)
      let record = ReviewRecord(
        draft, seq: seq, time: Session.time, reader: "liu",
        previous: String(repeating: "0", count: 64), after: state.study?.review ?? ReviewState())
      state.study?.review.apply(record)
      return Self.orders(Workstation.update(&state, .message(.follow)))
    }
    let afterAbsent = stated(.absent, 1)
    #expect(afterAbsent.isEmpty, "no lesion is confirmed or taken back")
    let afterPresent = stated(.present, 2)
    let order = try #require(afterPresent.first)
    #expect(order.confirmed == [.c4c5])
    let text = Renderer.render(state).dump()
    #expect(text.contains("cord ?5.6 mm, MSCC ?33 %, SCR …") && !text.contains("1.62"))
    // An answer to what is wanted no longer is not shown.
    var other = FixtureMeasures.study
    other.levels[2].cordApMm = FixtureMeasures.value(9.9)
    Self.answer(first, &state, other)
    #expect(!Renderer.render(state).dump().contains("9.9 mm"))
    Self.answer(order, &state)
    #expect(Renderer.render(state).dump().contains("SCR 1.62"))
  }

  @Test("what is measured follows verdicts and corrections of the session")
  func recomputed() {
    func count(_ keys: String) -> Int {
      let library = Self.library()
      _ = Self.session(keys, library: library)
      return library.measurings.withLock { $0 }
    }
    let once = count("")
    #expect(once == 1)
    #expect(count("jj]]oo++") == once, "moving measures nothing")
    #expect(count("A") == once)
    #expect(count("P") == once + 1)
    #expect(count("Pu") == once + 2)
  }

  @Test("a corrected mask is measured anew, its old diameters are not shown")
  func corrected() throws {
    let opened = Self.waiting()
    let first = try #require(opened.orders.first)
    var state = opened.state
    Self.answer(first, &state)
    let record = ReviewRecord(
      .correct(CorrectionNote(.cord, change: "1 stroke", skips: nil)), seq: 1, time: Session.time,
      reader: "liu", previous: String(repeating: "0", count: 64), after: ReviewState())
    state.study?.review.apply(record)
    let next = Self.orders(Workstation.update(&state, .message(.follow)))
    #expect(next.map(\.corrections) == [1] && !(next.first?.hasSameAnatomy(as: first) ?? true))
    #expect(Renderer.render(state).dump().contains("measuring cord"))
  }

  @Test("of what is asked for only the latest is still wanted")
  func latest() {
    let latest = Latest<Int>()
    #expect(!latest.isWanted(1))
    latest.want(1)
    latest.want(2)
    #expect(!latest.isWanted(1) && latest.isWanted(2))
  }

  // MARK: Screens

  @Test("screens with measurements", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let session = Self.session("P]", columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "study-measured-\(size.0)x\(size.1)")
  }

  @Test("a terminal without UTF-8 writes them in ASCII", arguments: Snapshot.sizes)
  func ascii(_ size: (Int, Int)) throws {
    var capabilities = TerminalCapabilities.sixelTerminal
    capabilities.unicode = false
    let session = Self.session(
      "]]]", columns: size.0, rows: size.1, capabilities: capabilities)
    let ascii = session.text.unicodeScalars.map { String(DisplayText.ascii($0)) }.joined()
    #expect(!ascii.unicodeScalars.contains { !$0.isASCII })
    try Snapshot.check(ascii, "study-measured-ascii-\(size.0)x\(size.1)")
  }
}
