import Foundation
import Imaging
import Synchronization
import Testing

@testable import Core
@testable import TUI

@Suite("A hanging of the reader's own")
struct HangingTests {
  private static let axial = BesideChoice(
    .series(file: "x_acq-ax_T2w.nii.gz"), title: "axial T2w (acq-ax)")
  private static let prior = BesideChoice(
    .session("001_ses-1"), title: "prior ses-1, 2 years before")

  /// A library in which every study has these beside it, and the reader wants to see them so.
  private static func library(
    _ choices: [BesideChoice], _ hanging: String = ""
  ) throws -> FixtureLibrary {
    let library = FixtureLibrary { Session.time }
    let volume = try #require(
      BesideVolume(
        ImageVolume(
          shape: [40, 40, 10], voxels: (0..<16_000).map { Float($0 % 97) },
          affine: Affine(i: [-2, 0, 0], j: [0, -2, 0], k: [0, 0, 8], origin: [40, 40, -38]))))
    let beside = choices.map { choice -> (BesideChoice, Result<BesideContent, FixtureError>) in
      if choice == axial { return (choice, .success(.volume(volume))) }
      return (choice, .failure(FixtureError(description: "damaged")))
    }
    library.neighbours.withLock {
      for subject in ["001", "002", "003"] { $0[subject] = beside }
    }
    if !hanging.isEmpty {
      _ = try library.changeReaderText(.hanging, reader: "liu") { _ in hanging }
    }
    return library
  }

  private static func opened(
    _ choices: [BesideChoice], _ hanging: String, columns: Int = 120, rows: Int = 40,
    then keys: [MemoryDriver.Step] = [],
    capabilities: TerminalCapabilities = TerminalCapabilities()
  ) throws -> Session {
    Session(
      MemoryDriver.Step.open("001") + keys, columns: columns, rows: rows,
      capabilities: capabilities, library: try library(choices, hanging))
  }

  private static func command(_ word: String) -> [MemoryDriver.Step] {
    [.type(":" + word), .enter]
  }

  @Test("a hanging with the scanner's window says where no file states one")
  func scannerWindow() throws {
    let session = try Self.opened([], "window = scanner\n")
    #expect(session.message.contains("no file states the grey window scanner: auto"))
    #expect(session.lines[1].contains(" auto"))
  }

  @Test("what is shown is saved, and every study is opened so")
  func saveAndOpen() throws {
    let library = try Self.library([Self.prior, Self.axial])
    let saved = Session(
      MemoryDriver.Step.open("001") + [.type("BB2 ")] + Self.command("save-hanging"),
      library: library)
    #expect(saved.message.contains("beside it axial T2w; no map; window cord"))
    for subject in ["001", "002"] {
      let opened = Session(MemoryDriver.Step.open(subject), library: library)
      #expect(opened.driver.screen.placements.count == 2)
      #expect(opened.text.contains("axial T2w (acq-ax)"))
      #expect(opened.lines[1].contains(" cord") && opened.lines[1].contains("no map"))
      #expect(!opened.message.contains("axial"))
    }
    // What was wanted before is wanted where the new first choice is missing.
    _ = Session(
      MemoryDriver.Step.open("001") + [.escape, .type("B")] + Self.command("save-hanging"),
      library: library)
    #expect(
      try library.hanging(reader: "liu")?.beside == [.prior, .picture("axial T2w")])
  }

  @Test("a hidden map is no part of what is saved: the one wanted before stays, as is said")
  func savedBlind() throws {
    let library = try Self.library([], "map = difference\n")
    let saved = Session(
      MemoryDriver.Step.open("001") + [.type("2")] + Self.command("save-hanging"), columns: 200,
      rows: 60, library: library, startsBlind: true)
    #expect(saved.message.contains("map as before (hidden); window cord"))
    let kept = try #require(try library.hanging(reader: "liu"))
    #expect(kept.overlay == .difference && kept.window == .cord)
    // Nothing was wanted before: the program's own map, whatever the study would have shown.
    let fresh = try Self.library([])
    _ = Session(
      MemoryDriver.Step.open("001") + Self.command("save-hanging"), library: fresh,
      startsBlind: true)
    #expect(try fresh.hanging(reader: "liu")?.overlay == Hanging().overlay)
    // Once the AI is shown, its map is chosen as ever.
    let shown = Session(
      MemoryDriver.Step.open("001") + [.type("b ")] + Self.command("save-hanging"),
      library: fresh, startsBlind: true)
    #expect(shown.message.contains("no map"))
    #expect(try fresh.hanging(reader: "liu")?.overlay == OverlayKind.none)
  }

  @Test("without the first choice the next that the study has is shown, and said")
  func fallsThrough() throws {
    let wanted = "beside = prior\nbeside = picture axial T2w\nbeside = picture REFORMATTED axial\n"
    let second = try Self.opened([Self.axial], wanted)
    #expect(second.message.contains("no prior session: axial T2w (acq-ax) beside"))
    #expect(second.driver.screen.placements.count == 2)
    let none = try Self.opened([], wanted)
    #expect(
      none.message.contains(
        "no prior session, no axial T2w, no REFORMATTED axial: the sagittal picture alone"))
    #expect(none.driver.screen.placements.count == 1)
    let first = try Self.opened([Self.axial, Self.prior], wanted)
    #expect(!first.message.contains("no prior"))
  }

  @Test("where there is no room or no map for it, it says so")
  func obstacles() throws {
    let narrow = try Self.opened(
      [Self.axial], "beside = picture axial T2w\n", columns: 80, rows: 24)
    #expect(narrow.message.contains("no room for two pictures at 80 columns"))
    let map = try Self.opened([], "map = epistemic\n")
    #expect(map.message.contains("epistemic uncertainty: not stored"))
    #expect(map.message.contains("anomaly map instead"))
    let curve = try Self.opened([], "curve = beside\n", columns: 100)
    #expect(curve.message.contains("no room for the curve beside the picture"))
    let aligned = try Self.opened([], "curve = beside\n")
    #expect(aligned.text != Session(MemoryDriver.Step.open("001")).text)
    var capabilities = TerminalCapabilities()
    capabilities.colours = 8
    let inert = try Self.opened(
      [Self.axial], "beside = picture axial T2w\n", capabilities: capabilities)
    #expect(inert.message.contains("8 colours, 16 needed, or sixel: the sagittal picture alone"))
    let alone = try Self.opened([], "alone = yes\n", capabilities: capabilities)
    #expect(alone.message.contains("the picture is not alone: no picture on this terminal"))
    #expect(alone.text.contains("LEVEL SCORE") && alone.text.contains("ANOCURVE"))
  }

  @Test("a study is shown as saved or as the program does on demand")
  func onDemand() throws {
    let wanted = "beside = picture axial T2w\nwindow = fluid\n"
    let standard = try Self.opened([Self.axial], wanted, then: Self.command("hang-default"))
    #expect(standard.message.contains("shown as the program does"))
    #expect(standard.driver.screen.placements.count == 1)
    #expect(standard.lines[1].contains(" auto"))
    let again = try Self.opened(
      [Self.axial], wanted, then: Self.command("hang-default") + Self.command("hang-saved"))
    #expect(again.driver.screen.placements.count == 2 && again.lines[1].contains(" fluid"))
    let none = try Self.opened([], "", then: Self.command("hang-saved"))
    #expect(none.message.contains(":save-hanging keeps what is shown now"))
  }

  @Test("what is chosen by hand before the answer comes stays")
  func byHand() throws {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    state.hanging.saved = try Hanging(text: "beside = picture axial T2w", file: "h")
    state.loading = "001"
    let loaded = LoadedStudy(
      study: try FixtureStudies.study("001"), journal: JournalContents(records: []))
    func tell(_ value: WorkerReply.Value) -> [Effect] {
      Workstation.update(&state, .message(.reply(WorkerReply(value: value))))
    }
    let effects = tell(.study("001", .success(loaded)))
    #expect(effects.contains { if case .listBeside("001") = $0 { true } else { false } })
    _ = Workstation.update(&state, .key(.character("B")))
    _ = tell(.besideChoices("001", .success([Self.prior, Self.axial])))
    #expect(state.study?.beside.choice == Self.prior && state.study?.wishes == nil)
    // Read again after detection, it is not hung again.
    state.loading = "001"
    _ = tell(.study("001", .success(loaded)))
    #expect(state.study?.beside.choice == Self.prior)
  }

  @Test("while a place is pointed at, labels are corrected or readers compared, no picture comes")
  func busy() throws {
    let loaded = LoadedStudy(
      study: try FixtureStudies.study("001"), journal: JournalContents(records: []))
    let basis = try FixtureLibrary().correctionBasis(
      .discs, of: "001", grids: [], reader: "r", isBlind: false)
    let acts: [(inout StudyScreenState) -> Void] = [
      { $0.mark = [120, 100] }, { $0.adjudication = .waiting },
      { $0.correction = CorrectionMode(basis, grids: $0.correctionGrids, at: [120, 100]) },
    ]
    for act in acts {
      var study = StudyScreenState(loaded)
      study.wishes = [.picture("axial T2w")]
      act(&study)
      var state = AppState(
        title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
        capabilities: TerminalCapabilities(), timeZone: .gmt)
      state.view = .study
      state.study = study
      let picture = StudyLayout(state).picture
      let reply = WorkerReply(value: .besideChoices("001", .success([Self.axial])))
      _ = Workstation.update(&state, .message(.reply(reply)))
      #expect(state.study?.beside.isOn == false && state.study?.wishes == nil)
      #expect(StudyLayout(state).picture == picture)
      #expect(state.message?.text.contains("B shows one later") == true)
    }
  }

  @Test("a damaged file is named with its line and never replaced")
  func damaged() throws {
    let text = "beside = prior\nmap = colour\n"
    let session = try Self.opened([Self.axial], text, columns: 200)
    #expect(session.message.contains("liu.hanging.txt: line 2"))
    let kept = try Self.opened([Self.axial], text, then: Self.command("save-hanging"))
    #expect(kept.message.contains("NOT SAVED"))
    #expect(try kept.library.readerText(.hanging, reader: "liu").text == text)
  }

  @Test("a teaching session shows every case in the same way")
  func teaching() {
    let desk = Desk(FixtureRoom(.learner))
    desk.press("\n:save-hanging\n")
    #expect(desk.message.contains("every case is shown in the same way"))
  }

  @Test("the text is read back as it was")
  func roundTrip() throws {
    var hanging = Hanging()
    #expect(try Hanging(text: hanging.text, file: "h") == hanging)
    hanging.beside = [.prior, .picture("axial T2w"), .picture("REFORMATTED axial"), .later]
    hanging.overlay = .none
    hanging.window = .fluid
    for isAligned in [true, false, nil] {
      hanging.isAligned = isAligned
      #expect(try Hanging(text: hanging.text, file: "h") == hanging)
    }
  }

  @Test("a name too long for the file is cut; what would not be read back is not written")
  func lengths() throws {
    let title = String(repeating: "long ", count: 40)
    let choice = BesideChoice(.series(file: "l"), title: title)
    let library = FixtureLibrary { Session.time }
    var hanging = Hanging()
    hanging.beside = [BesideWish(choice)]
    #expect(try library.keep(hanging, reader: "liu") == hanging)
    #expect(BesideWish(choice).isMet(by: choice))
    var other = Hanging()
    other.beside = [.picture(title)]
    #expect(throws: NotReadBack.self) { try library.keep(other, reader: "liu") }
    #expect(try library.hanging(reader: "liu") == hanging)
  }

  @Test(
    "mistakes name file and line",
    arguments: [
      "beside = left", "beside = picture", "beside =", "map = red", "window = 3", "curve = up",
      "colour = red", "beside", "map = \u{1b}[2J",
      (0..<11).map { "beside = picture \($0)" }.joined(separator: "\n"),
    ])
  func mistakes(_ text: String) {
    #expect {
      try Hanging(text: text, file: "h.txt")
    } throws: { error in
      let words = "\(error)"
      return words.contains("h.txt: line ") && !words.unicodeScalars.contains("\u{1b}")
    }
  }

  @Test("series are known again without what tells those of one study apart")
  func wishes() {
    let run = BesideChoice(.series(file: "y"), title: "axial T2w (acq-ax run-2)")
    let volumes = BesideChoice(.series(file: "z"), title: "3D T2w, first of 2 volumes")
    #expect(BesideWish(run) == .picture("axial T2w") && BesideWish(run).isMet(by: Self.axial))
    #expect(BesideWish(volumes) == .picture("3D T2w") && !BesideWish(volumes).isMet(by: run))
    #expect(BesideWish.picture("AXIAL t2W").isMet(by: run))
    #expect(BesideWish(Self.prior) == .prior)
    let cut = BesideChoice(.reformat, title: "REFORMATTED axial")
    #expect(BesideWish(cut) == .picture("REFORMATTED axial"))
    let later = BesideChoice(.session("a"), title: "later ses-2, 1 year after")
    #expect(BesideWish(later) == .later && !BesideWish.prior.isMet(by: later))
  }
}
