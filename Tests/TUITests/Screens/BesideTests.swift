import Foundation
import Imaging
import Synchronization
import Testing

@testable import Core
@testable import TUI

@Suite("Pictures beside the sagittal one")
struct BesideTests {
  private static let axial = BesideChoice(
    .series(file: "sub-001_acq-ax_T2w.nii.gz"), title: "axial T2w (acq-ax)")
  private static let broken = BesideChoice(.series(file: "x.nii.gz"), title: "sagittal T1w")
  private static let prior = BesideChoice(
    .session("001_ses-1"), title: "prior ses-1, 2 years before")
  private static let made = BesideChoice(.reformat, title: "REFORMATTED axial")

  private static func library(_ choices: [BesideChoice]) throws -> FixtureLibrary {
    let library = FixtureLibrary { Session.time }
    let volume = try #require(FixtureVolumes.axialDiscs)
    let own = try #require(
      BesideVolume(
        ImageVolume(
          shape: [250, 250, 11], voxels: (0..<687_500).map { Float($0 % 97) },
          affine: Affine(
            i: [0, -0.8, 0], j: [0, 0, -0.8], k: [3.3, 0, 0], origin: [-16.5, 100, 100]))))
    var session = try FixtureStudies.study("002")
    session.subject = "001_ses-1"
    let record = ReviewRecord(
      ReviewDraft(action: .verdict, segment: .c5c6, verdict: .absent), seq: 1, time: Session.time,
      reader: "liu", previous: String(repeating: "0", count: 64), after: ReviewState())
    let contents: [BesideChoice: Result<BesideContent, FixtureError>] = [
      axial: .success(.volume(volume)), made: .success(.volume(own)),
      broken: .failure(FixtureError(description: "x.nii.gz: damaged at byte 352")),
      prior: .success(.session(session, JournalContents(records: [record]))),
    ]
    library.neighbours.withLock {
      $0["001"] = choices.compactMap { choice in contents[choice].map { (choice, $0) } }
    }
    return library
  }

  private static func session(
    _ keys: String, _ choices: [BesideChoice] = [axial, broken, prior], columns: Int = 120,
    rows: Int = 40, startsBlind: Bool = false,
    capabilities: TerminalCapabilities = TerminalCapabilities()
  ) throws -> Session {
    Session(
      MemoryDriver.Step.open("001") + [.type(keys)], columns: columns, rows: rows,
      capabilities: capabilities, library: try library(choices), startsBlind: startsBlind)
  }

  // MARK: Head

  @Test("The head tells of the second picture while that is alone", arguments: Snapshot.sizes)
  func head(_ size: (Int, Int)) throws {
    func line(_ keys: String, _ choices: [BesideChoice]) throws -> String {
      try Self.session(keys, choices, columns: size.0, rows: size.1).lines[1]
    }
    let alone = try line("B)", [Self.axial])
    #expect(alone.contains(" slice ") && alone.contains("  axial T2w"), "\(alone)")
    for word in ["sagittal", "map", " of 11", "scored"] {
      #expect(!alone.contains(word), "\(word): \(alone)")
    }
    #expect(alone.contains("  W ") && alone.contains("▲ 2 flagged"), "\(alone)")
    let made = try line("B)", [Self.made])
    #expect(made.contains("  REFORMATTED") && !made.contains("map"), "\(made)")
    // What cannot be read has its name alone; both pictures, or the sagittal one, have the slice.
    let broken = try line("B)", [Self.broken])
    #expect(broken.hasPrefix(" sagittal T1w   ") && !broken.contains("slice"), "\(broken)")
    for keys in ["B", "B))"] {
      let both = try line(keys, [Self.axial])
      #expect(both.contains("slice 6 of 11"), "\(keys): \(both)")
    }
  }

  @Test("In any room the words about the second picture alone are whole, its slice first")
  func headRoom() throws {
    var state = AppState.opened(on: try Self.library([Self.axial]), columns: 200, rows: 60)
    state.play(.key(.character("B")), on: try Self.library([Self.axial]))
    let study = try #require(state.study)
    let place = try #require(study.besidePlane(of: Self.axial)).place
    for room in 0...120 {
      let words = StudyScreen.besideWords(study, Self.axial, room: room)
      #expect(DisplayText.width(words) <= room, "\(room): \(words)")
      #expect(words.hasPrefix(place) == (room >= place.count), "\(room): \(words)")
    }
    let words = StudyScreen.besideWords(study, Self.axial)
    #expect(words.hasPrefix(place + "  axial T2w (acq-ax)  W ") && words.hasSuffix(" auto"))
  }

  // MARK: Axial

  @Test(":axccm 2 types the axial T2 on the screen; ladder, sentence and journal have it")
  func axccm() throws {
    func typed(_ keys: String, _ more: [MemoryDriver.Step], _ width: Int = 200) throws -> Session {
      Session(
        MemoryDriver.Step.open("001") + [.type(keys)] + more, columns: width,
        rows: width == 200 ? 60 : 40, library: try Self.library([Self.axial]))
    }
    let two: [MemoryDriver.Step] = [.type(":axccm 2"), .enter]
    let session = try typed("BP", two)
    let records = session.library.records("001")
    #expect(records.map(\.action) == [.verdict, .axccm])
    #expect(records.last?.axccm == 2 && records.last?.segment == "C4-5")
    #expect(session.message.contains("C4-5 Ax-CCM type 2 of 3: saved"))
    #expect(session.text.contains("ax2") && session.text.contains("you: Ax-CCM type 2"))
    let again = try typed("BP", two + two)
    #expect(again.library.records("001").count == 2 && again.message.contains("is so already"))
    let undone = try typed("BP", two + [.type("u")])
    #expect(undone.message.contains("Ax-CCM type 2 on C4-5 taken back"))
    #expect(!undone.text.contains("ax2"))
    // It needs no verdict, and each type has its word.
    for type in 0...3 {
      let stated = try typed("B", [.type(":axccm-\(type)"), .enter])
      #expect(stated.library.records("001").map(\.axccm) == [type])
    }
    // Where the axial picture alone has room, it is the one that is judged.
    let alone = try typed("B)", two, 80)
    #expect(alone.library.records("001").map(\.axccm) == [2])
    #expect(alone.message == " ✓ C4-5 Ax-CCM type 2 of 3: saved 10:42:07; u takes it back")
    // And taken back; a verdict is not.
    let back = try typed("B)", two + [.type("u")], 80)
    #expect(back.library.records("001").map(\.action) == [.axccm, .undo])
    let verdict = try typed("PB)u", [], 80)
    #expect(verdict.library.records("001").map(\.action) == [.verdict])
    #expect(verdict.message.contains("no verdict: the sagittal picture is not on the screen: )"))
  }

  @Test("what is no acquired axial T2 on the screen is not typed")
  func notAxial() throws {
    let steps: [MemoryDriver.Step] = [.type(":axccm 2"), .enter]
    for (keys, choices) in [("", [Self.axial]), ("B", [Self.made]), ("B", [Self.prior])] {
      let session = Session(
        MemoryDriver.Step.open("001") + [.type(keys)] + steps, columns: 120, rows: 40,
        library: try Self.library(choices))
      #expect(session.library.records("001").isEmpty)
      let refusal = "no axial T2 on the screen, no Ax-CCM type: B shows one"
      #expect(session.message.contains(refusal), "\(choices)")
    }
  }

  @Test("whole screens: a type of the axial picture", arguments: Snapshot.sizes)
  func axccmScreens(_ size: (Int, Int)) throws {
    // At 80 columns there is room for one picture only.
    let keys = size.0 < 120 ? "PyB)" : "PyB"
    let session = Session(
      MemoryDriver.Step.open("001") + [.type(keys), .type(":axccm 2"), .enter],
      columns: size.0, rows: size.1, library: try Self.library([Self.axial]))
    try Snapshot.check(session.text, "beside-axccm-\(size.0)x\(size.1)")
  }

  @Test("B shows the axial slice nearest to the curve's cursor, with its place and letters")
  func nearest() throws {
    let session = try Self.session("B")
    // The cursor is on row 106 of C4-5: z = 16.8 mm. Slices lie at 38, 34 ... 18, 14.
    #expect(session.text.contains("axial T2w (acq-ax)"))
    #expect(session.text.contains("slice 6/20  z +18.0 mm"))
    #expect(session.text.contains("follows C4-5"))
    let screen = session.driver.screen
    #expect(screen.placements.count == 2)
    let (left, right) = (screen.placements[0].rect, screen.placements[1].rect)
    #expect(left.columnEnd + 2 == right.column && left.rowEnd == right.rowEnd)
    #expect(screen[right.row, right.column - 1].glyph == "A")
    #expect(screen[right.rowEnd - 1, right.column - 1].glyph == "P")
    #expect(screen[right.rowEnd, right.column].glyph == "R")
    #expect(screen[right.rowEnd, right.columnEnd - 1].glyph == "L")
    #expect(session.lines[right.rowEnd].contains(" mm"))
  }

  @Test("its slices are gone through by keys of their own, and followed again")
  func steps() throws {
    #expect(try Self.session("B}").text.contains("slice 7/20  z +14.0 mm"))
    #expect(try Self.session("B}").text.contains("held"))
    #expect(try Self.session("B{{").text.contains("slice 4/20  z +26.0 mm"))
    #expect(try Self.session("B}]").text.contains("slice 7/20"))
    #expect(try Self.session("B};").text.contains("slice 6/20  z +18.0 mm"))
    let next = try Self.session("B]")
    #expect(next.text.contains("follows C5-6") && !next.text.contains("slice 6/20"))
    let first = try Self.session("B" + String(repeating: "{", count: 6))
    #expect(first.text.contains("slice 1/20") && first.message.contains("its first slice"))
    // The sagittal slice is another matter.
    #expect(try Self.session("B}").lines[1].contains("slice 6 of 11"))
  }

  private static func state(_ content: BesideState.Content?) throws -> StudyScreenState {
    let study = try FixtureStudies.study("001")
    var state = StudyScreenState(
      LoadedStudy(study: study, journal: JournalContents(records: [])))
    state.beside.isOn = true
    state.beside.choices = [axial]
    if let content { state.beside.set(content, for: axial) }
    return state
  }

  private static let layout = StudyLayout(
    size: TerminalSize(columns: 120, rows: 40), isAligned: false, capabilities: .sixelTerminal,
    fill: .both)

  @Test("each picture has a line where the other lies, open about the cord")
  func references() throws {
    let discs = try #require(FixtureVolumes.axialDiscs)
    var study = try Self.state(.volume(discs))
    let sagittal = try #require(Self.layout.view(study, .sixelTerminal))
    let beside = try #require(Self.layout.besideView(study, .sixelTerminal)).view
    // z = 18 mm is row 127.5 - 18 / 0.78125 of the slice; x = 0 is column 50 of the axial one.
    #expect(sagittal.references.count == 2 && beside.references.count == 2)
    for line in sagittal.references {
      #expect(abs(line.from.y - 104.46) < 1e-6 && abs(line.to.y - 104.46) < 1e-6)
    }
    for line in beside.references {
      #expect(abs(line.from.x - 50) < 1e-6 && abs(line.to.x - 50) < 1e-6)
    }
    let cord = study.cordPlace(atRow: 106).column
    let ends = sagittal.references.flatMap { [$0.from.x, $0.to.x] }.sorted()
    #expect(abs(ends[1] - (cord - 6 / 0.78125)) < 1e-6)
    #expect(abs(ends[2] - (cord + 6 / 0.78125)) < 1e-6)
    // Another sagittal slice, 3.3 mm to the right: the axial line moves to the viewer's left.
    study.slice += 1
    let moved = try #require(Self.layout.besideView(study, .sixelTerminal)).view
    #expect(moved.references.allSatisfy { abs($0.from.x - 46.7) < 1e-6 })
    #expect(!beside.draw(.volume(discs.volume, .nearestSlice)).sixels.isEmpty)
  }

  @Test("slices that do not cross the sagittal one, and volumes that cannot be located, say so")
  func apart() throws {
    func plane(_ affine: Affine, isPlaced: Bool = true) throws -> BesidePlane {
      let volume = ImageVolume(
        shape: [20, 20, 3], voxels: .init(repeating: 1, count: 1200), affine: affine)
      let content = BesideState.Content.volume(
        try #require(BesideVolume(volume, isPlaced: isPlaced)))
      return try #require(try Self.state(content).besidePlane)
    }
    let aside = try plane(
      Affine(i: [-1, 0, 0], j: [0, -1, 0], k: [0, 0, 4], origin: [60, 10, 14]))
    #expect(aside.meeting == .apart)
    let below = try plane(
      Affine(i: [-1, 0, 0], j: [0, -1, 0], k: [0, 0, 4], origin: [10, 10, -60]))
    // From 16.8 mm down to -52 mm.
    #expect(below.following == "68.8 mm beyond: outside its slices")
    let beside = try plane(
      Affine(i: [0, -1, 0], j: [0, 0, -1], k: [3.3, 0, 0], origin: [1, 10, 20]))
    guard case .parallel(let distance)? = beside.meeting else {
      Issue.record("not parallel")
      return
    }
    #expect(abs(distance - 1) < 1e-6)
    let lost = try plane(
      Affine(i: [-1, 0, 0], j: [0, -1, 0], k: [0, 0, 4], origin: [10, 10, 14]), isPlaced: false)
    #expect(lost.meeting == nil && lost.following.hasPrefix("NOT LOCATED"))
  }

  @Test("without an axial series a plane across the cord is shown and called reformatted")
  func reformatted() throws {
    let session = try Self.session("B", [Self.made])
    #expect(session.text.contains("REFORMATTED axial"))
    #expect(session.text.contains("voxels 0.8 x 0.8 x 3.3 mm"))
    #expect(session.text.contains("z +16.8 mm across the cord"))
    #expect(session.driver.screen.placements.count == 2)
    #expect(try Self.session("B}", [Self.made]).text.contains("held"))
    var study = try Self.state(nil)
    study.beside.choices = [Self.made]
    study.beside.set(.volume(try #require(FixtureVolumes.axialDiscs)), for: Self.made)
    let picture = try #require(study.picture)
    let here = try #require(study.besidePlane)
    let direction = try #require(picture.cordDirection(atRow: 106))
    #expect(abs((here.plane.normal * direction).sum()) > 1 - 1e-9)
    let cord = study.cordPlace(atRow: 106)
    let d = here.plane.centre - picture.grid.ras(row: 106, column: cord.column)
    #expect((d * d).sum() < 1e-9)
    // The same volume as the sagittal picture has the same grey.
    #expect(here.window == study.greyWindow)
  }

  // MARK: Sessions

  @Test("another session stands beside, its verdicts and scores on one line, and scrolls in step")
  func otherSession() throws {
    let session = try Self.session("B", [Self.prior], columns: 160, rows: 50)
    #expect(session.text.contains("prior ses-1, 2 years before"))
    // The segment selected, then what was judged or flagged there, whatever has no room.
    #expect(session.text.contains("C4-5 0.05; C5-6 absent; …"))
    #expect(session.text.contains("slice 6/11  x +0.0 mm, in step"))
    #expect(try Self.session("B]", [Self.prior]).text.contains("C5-6 absent; C2-3 0.0"))
    #expect(try Self.session("Bjj", [Self.prior]).text.contains("slice 8/11  x +6.6 mm"))
    #expect(try Self.session("B}j", [Self.prior]).text.contains("slice 7/11  x +3.3 mm"))
    // Nothing of it is stated of the study shown.
    #expect(session.library.records("001").isEmpty)
  }

  @Test("a negative score of another session has its sign and the ladder's decimals")
  func negativeScore() throws {
    let library = FixtureLibrary { Session.time }
    var session = try FixtureStudies.study("002")
    session.subject = "001_ses-1"
    session.detection?.segments[0].score = 0.1486
    session.detection?.segments[2].score = -0.033
    let content = BesideContent.session(session, JournalContents(records: []))
    library.neighbours.withLock { $0["001"] = [(Self.prior, .success(content))] }
    let shown = Session(
      MemoryDriver.Step.open("001") + [.type("B")], columns: 200, rows: 60, library: library)
    #expect(shown.text.contains("C4-5 -0.03; C2-3 0.149; C3-4 0."))
  }

  @Test("who reads blind does not see the other session's scores either")
  func blind() throws {
    let session = try Self.session("B", [Self.prior], startsBlind: true)
    #expect(session.text.contains("AI hidden; "))
    #expect(!session.text.contains("no verdict 0.") && !session.text.contains("C4-5 0."))
    #expect(session.text.contains("AI hidden; C2-3 -; …"))
  }

  @Test("the same segment lies at the same height in both")
  func segmentCentred() throws {
    var study = try Self.state(nil)
    study.beside.choices = [Self.prior]
    var other = try FixtureStudies.study("002")
    let segments = try #require(other.detection?.segments)
    for index in segments.indices {
      other.detection?.segments[index].rowFrom = segments[index].rowFrom.map { $0 + 9 }
      other.detection?.segments[index].rowTo = segments[index].rowTo.map { $0 + 9 }
    }
    study.beside.set(
      .session(LoadedStudy(study: other, journal: JournalContents(records: []))), for: Self.prior)
    study.zoom = 2
    let sagittal = try #require(Self.layout.view(study, .sixelTerminal))
    let beside = try #require(Self.layout.besideView(study, .sixelTerminal)).view
    let focus = study.focus
    let there = try #require(study.besidePlane).focus
    #expect(abs(there.y - focus.row - 9) < 1e-9)
    // Lines below the top of the sagittal picture; the other one begins three lines lower.
    func line(_ row: Double, _ crop: PixelRect, _ rect: CellRect) -> Double {
      let share = (row + 0.5 - Double(crop.rows.lowerBound)) / Double(crop.height)
      return Double(rect.row) + share * Double(rect.height)
    }
    let here = line(focus.row, sagittal.crop, Self.layout.picture)
    let same = line(there.y, beside.crop, Self.layout.beside)
    #expect(abs(here - same) < 0.5)
  }

  // MARK: Room

  @Test("either picture fills the room and gives it back; verdicts wait for the sagittal one")
  func fills() throws {
    let alone = try Self.session("B)P")
    #expect(alone.driver.screen.placements.count == 1)
    #expect(alone.text.contains("slice 6/20"))
    #expect(
      alone.message.contains("no verdict: the sagittal picture is not on the screen: ) shows"))
    #expect(alone.library.records("001").isEmpty)
    let crosshair = try Self.session("B)X")
    #expect(crosshair.message.contains("no crosshair: the sagittal picture is not on the screen"))
    let sagittal = try Self.session("B(")
    #expect(sagittal.driver.screen.placements.count == 1 && !sagittal.text.contains("slice 6/20"))
    let both = try Self.session("B))P")
    #expect(both.driver.screen.placements.count == 2)
    #expect(both.library.records("001").map(\.verdict) == [.present])
    let single = try Self.session("").driver.screen.placements[0].rect
    #expect(sagittal.driver.screen.placements[0].rect == single)
    #expect(alone.driver.screen.placements[0].rect.columnEnd == single.columnEnd)
  }

  @Test("a terminal too small for two says so, and shows either")
  func small() throws {
    let session = try Self.session("B", columns: 80, rows: 24)
    let words = " no room for two pictures: ) shows axial T2w (acq-ax), again: back"
    #expect(session.message == words)
    #expect(session.driver.screen.placements.count == 1)
    let alone = try Self.session("B)", columns: 80, rows: 24)
    #expect(alone.text.contains("slice 6/20  z +18.0 mm"))
    #expect(alone.driver.screen.placements.count == 1)
  }

  @Test("a series that cannot be loaded says so in its pane; the rest goes on")
  func failure() throws {
    let session = try Self.session("BBP")
    #expect(session.text.contains("cannot be shown:") && session.text.contains("damaged at"))
    #expect(session.driver.screen.placements.count == 1)
    #expect(session.library.records("001").map(\.verdict) == [.present])
    #expect(try Self.session("BBB").text.contains("prior ses-1"))
  }

  @Test("B goes through the choices and ends with the sagittal picture alone; Esc ends at once")
  func cycle() throws {
    let off = try Self.session("BBBB")
    #expect(off.message.contains("the sagittal picture alone"))
    #expect(off.driver.screen.placements.count == 1 && !off.text.contains("slice 6/20"))
    let library = try Self.library([Self.axial])
    let escaped = Session(
      MemoryDriver.Step.open("001") + [.type("B"), .escape], library: library)
    #expect(escaped.message.contains("the sagittal picture alone"))
    let again = Session(
      MemoryDriver.Step.open("001") + [.type("BB"), .type("B")], library: library)
    #expect(again.text.contains("slice 6/20"))
    #expect(try Self.session("B", []).message.contains("no other series or session"))
    #expect(try Self.session("B").text.contains("{ } slice"))
  }

  @Test("while a series is read its pane says so, and keys go on")
  func loading() throws {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    state.view = .study
    state.study = try Self.state(nil)
    state.study?.beside.set(.loading, for: Self.axial)
    let screen = Renderer.render(state)
    #expect(screen.dump().contains("axial T2w (acq-ax)") && screen.dump().contains("loading"))
    let effects = Workstation.update(&state, .key(.character("j")))
    #expect(effects.allSatisfy { $0.looksForDrafts } && state.study?.slice == 6)
    // An answer for a study that is no longer shown changes nothing.
    _ = Workstation.update(
      &state,
      .message(
        .reply(
          WorkerReply(
            value: .beside(Self.axial, "002", .failure(WorkerFailure(words: "late")))))))
    guard case .loading? = state.study?.beside.content else {
      Issue.record("the late answer was taken")
      return
    }
  }

  // MARK: Screens

  @Test("screens", arguments: Snapshot.sizes + [(160, 50)])
  func screens(_ size: (Int, Int)) throws {
    let axial = try Self.session("B", columns: size.0, rows: size.1)
    try Snapshot.check(axial.text, "beside-axial-\(size.0)x\(size.1)")
    let prior = try Self.session("B", [Self.prior], columns: size.0, rows: size.1)
    try Snapshot.check(prior.text, "beside-session-\(size.0)x\(size.1)")
    let alone = try Self.session("B)", columns: size.0, rows: size.1)
    try Snapshot.check(alone.text, "beside-alone-\(size.0)x\(size.1)")
    let failed = try Self.session("BB", columns: size.0, rows: size.1)
    try Snapshot.check(failed.text, "beside-failed-\(size.0)x\(size.1)")
  }
}
