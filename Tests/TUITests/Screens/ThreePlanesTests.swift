import Foundation
import Imaging
import Synchronization
import Testing

@testable import Core
@testable import TUI

@Suite("Three planes and one crosshair")
struct ThreePlanesTests {
  private static let across = BesideChoice(.reformat, title: "REFORMATTED axial")
  private static let along = BesideChoice(.coronal, title: "REFORMATTED coronal")

  /// Eleven sagittal slices 3.3 mm apart, 10 grey values brighter from each to the next on the right.
  private static let volume: BesideVolume? = {
    var voxels: [Float] = []
    for k in 0..<11 { voxels += [Float](repeating: 100 + 10 * Float(k), count: 62_500) }
    return BesideVolume(
      ImageVolume(
        shape: [250, 250, 11], voxels: voxels,
        affine: Affine(
          i: [0, -0.8, 0], j: [0, 0, -0.8], k: [3.3, 0, 0], origin: [-16.5, 100, 100])))
  }()

  private static func session(
    _ script: [MemoryDriver.Step], columns: Int = 120, rows: Int = 40, hanging: String = ""
  ) throws -> Session {
    let library = FixtureLibrary { Session.time }
    if !hanging.isEmpty {
      _ = try library.changeReaderText(.hanging, reader: "liu") { _ in hanging }
    }
    let volume = try #require(volume)
    library.neighbours.withLock {
      $0["001"] = [
        (across, .success(.volume(volume))), (along, .success(.volume(volume))),
      ]
    }
    return Session(
      MemoryDriver.Step.open("001") + script, columns: columns, rows: rows, library: library)
  }

  private static func state() throws -> StudyScreenState {
    var state = StudyScreenState(
      LoadedStudy(
        study: try FixtureStudies.study("001"), journal: JournalContents(records: [])))
    state.beside.isOn = true
    state.beside.choices = [across, along]
    state.beside.chosen = 1
    let volume = try #require(volume)
    state.beside.set(.volume(volume), for: across)
    state.beside.set(.volume(volume), for: along)
    return state
  }

  private static let layout = StudyLayout(
    size: TerminalSize(columns: 120, rows: 40), isAligned: false, capabilities: .sixelTerminal,
    fill: .both, stacks: true)

  @Test("the coronal plane runs along the cord and is interpolated between slices, which it says")
  func coronal() throws {
    var study = try Self.state()
    let here = try #require(study.besidePlane)
    let picture = try #require(study.picture)
    let direction = try #require(picture.cordDirection(atRow: 106))
    #expect(abs((here.plane.normal * direction).sum()) < 1e-9 && abs(here.plane.normal.x) < 1e-9)
    let cord = study.cordPlace(atRow: 106)
    let d = here.plane.centre - picture.grid.ras(row: 106, column: cord.column)
    #expect((d * d).sum() < 1e-9)
    #expect(here.place == "slices 3.3 mm apart" && here.following.hasSuffix("follows C4-5"))
    let image = here.source.image(on: here.plane)
    let row = here.plane.rows / 2
    var seen = 0
    for column in 0..<here.plane.columns {
      let x = here.plane.ras(row: Double(row), column: Double(column)).x
      guard abs(x) <= 16.5 else { continue }
      seen += 1
      #expect(abs(Double(image[row, column]) - (100 + 10 * (x + 16.5) / 3.3)) < 0.01)
    }
    #expect(seen > 30)
    // Beyond the outer faces of the slices nothing is made up.
    #expect(image[row, 0] == 0 && image[row, here.plane.columns - 1] == 0)
    let letters = PictureRequest.Orientation(here.plane)
    #expect(letters == PictureRequest.Orientation(top: "H", bottom: "F", left: "R", right: "L"))
    // A column further to posterior: a parallel plane.
    study.beside.held[Self.along] = here.number + 1
    let held = try #require(study.besidePlane)
    #expect(held.plane.normal == here.plane.normal && held.following.contains("held"))
    #expect(held.plane.centre.y < here.plane.centre.y)
  }

  @Test("each of the three planes has lines where the other two lie; none covers the cord")
  func references() throws {
    let study = try Self.state()
    let sagittal = try #require(Self.layout.view(study, .sixelTerminal))
    let views = Self.layout.besideViews(study, .sixelTerminal).map(\.view)
    #expect(views.map(\.choice) == [Self.across, Self.along])
    #expect(views.map(\.isAbove) == [true, false])
    #expect(sagittal.references.count == 4)
    #expect(views.allSatisfy { $0.references.count == 4 })
    func along(
      _ lines: [PictureRequest.Marks.Line]
    ) -> [PictureRequest.Marks.Line] {
      lines.filter { abs($0.to.y - $0.from.y) > abs($0.to.x - $0.from.x) }
    }
    for (lines, crop) in [
      (sagittal.references, sagittal.crop), (views[1].references, views[1].crop),
    ] {
      let upright = along(lines)
      #expect(upright.count == 2)
      let middle = Double(crop.rows.lowerBound + crop.rows.upperBound) / 2
      for line in upright {
        for y in [line.from.y, line.to.y] {
          #expect(abs(y - middle) > 0.3 * Double(crop.height))
        }
      }
    }
  }

  @Test("the crosshair stands at one place in all pictures, and not on one that does not hold it")
  func crosshair() throws {
    var study = try Self.state()
    let cord = study.cordPlace(atRow: 120)
    study.crosshair = Crosshair(place: [cord.column - 4, 120])
    let picture = try #require(study.picture)
    let ras = picture.grid.ras(row: 120, column: cord.column - 4)
    let views = Self.layout.besideViews(study, .sixelTerminal).map(\.view)
    #expect(views.count == 2)
    for view in views {
      let at = try #require(view.crosshair)
      let d = view.plane.ras(row: at.y, column: at.x) - ras
      #expect((d * d).sum() < 1e-9)
    }
    #expect(study.besidePlane?.following.hasSuffix("follows the crosshair") == true)
    study.beside.held[Self.across] = 90
    let held = Self.layout.besideViews(study, .sixelTerminal).map(\.view)
    #expect(held[0].crosshair == nil && held[1].crosshair != nil)
    // Another session has no common place.
    let plane = BesidePlane(
      plane: SamplingPlane(picture.grid), source: .raster(picture.image),
      window: study.greyWindow, isInverted: false, meeting: nil, focus: .zero, place: "",
      following: "", numbers: 0..<1, number: 0)
    #expect(study.crosshairPlace(on: plane) == nil)
  }

  @Test("three planes stand on a screen with room; on a small one the coronal plane alone")
  func room() throws {
    let session = try Self.session([.type("BB")])
    let places = session.driver.screen.placements.map(\.rect)
    #expect(places.count == 3)
    #expect(places[1].rowEnd < places[2].row && places[1].column == places[2].column)
    #expect(places[2].rowEnd == places[0].rowEnd)
    let screen = session.driver.screen
    #expect(screen[places[1].row, places[1].column - 1].glyph == "A")
    #expect(screen[places[2].row, places[2].column - 1].glyph == "H")
    #expect(screen[places[1].rowEnd, places[1].column].glyph == "R")
    #expect(session.text.contains("REFORMATTED axial"))
    #expect(session.text.contains("slices 3.3 mm apart"))
    #expect(session.text.contains("greys of the sagittal"))
    // The axial plane alone, then smaller, and the coronal one.
    #expect(session.worker.log.count { $0 == "draw beside" } >= 3)
    let small = try Self.session([.type("BB)")], columns: 80, rows: 24)
    #expect(small.driver.screen.placements.count == 1)
    #expect(small.text.contains("REFORMATTED coronal"))
    #expect(!small.text.contains("REFORMATTED axial"))
  }

  @Test("the wheel and keys go through the plane under them; a press moves the crosshair there")
  func mouse() throws {
    let rects = try Self.session([.type("BB")]).driver.screen.placements.map(\.rect)
    func act(_ kind: MouseAct.Kind, _ rect: CellRect, _ share: Double = 0.5) -> MemoryDriver.Step {
      .mouse(
        MouseAct(
          kind, row: rect.row + rect.height / 2,
          column: rect.column + Int(Double(rect.width) * share)))
    }
    let wheeled = try Self.session([.type("BB"), act(.wheelDown, rects[1])])
    #expect(wheeled.text.contains("held across"))
    #expect(wheeled.text.contains("follows C4-5"))
    let keys = try Self.session([.type("BB}")])
    #expect(keys.text.contains("held") && !keys.text.contains("held across"))
    let followed = try Self.session([.type("BB"), act(.wheelDown, rects[1]), .type(";")])
    #expect(!followed.text.contains("held"))
    // To the viewer's right of the middle lies the patient's left: a slice of a lower number.
    let moved = try Self.session([.type("BBX"), act(.press, rects[2], 0.6)])
    #expect(moved.lines[1].contains("CROSSHAIR"))
    #expect(["3", "4", "5"].contains { moved.lines[1].contains("slice \($0) of 11") })
    // No slice was acquired 35 mm aside.
    let outside = try Self.session([.type("BBX"), act(.press, rects[2], 0.99)])
    #expect(outside.message.contains("no sagittal slice lies there"))
    let away = try Self.session([.type("BBX}")])
    #expect(away.text.contains("held"))
  }

  @Test("the third plane is loaded where there is room for it, also when the room comes later")
  func companion() throws {
    func loads(_ session: Session) -> [String] {
      session.worker.log.filter { $0.hasPrefix("load ") }
    }
    let hanging = "beside = picture REFORMATTED coronal\n"
    let low = try Self.session([], rows: 30, hanging: hanging)
    #expect(loads(low) == ["load REFORMATTED coronal"])
    #expect(low.driver.screen.placements.count == 2)
    let high = MemoryDriver.Step.resize(TerminalSize(columns: 120, rows: 40))
    let grown = try Self.session([high], rows: 30, hanging: hanging)
    #expect(grown.driver.screen.placements.count == 3)
    let tall = try Self.session([], hanging: hanging)
    #expect(loads(tall) == ["load REFORMATTED coronal", "load REFORMATTED axial"])
    #expect(tall.driver.screen.placements.count == 3)
  }

  @Test("no place is taken from a plane that is about to be drawn anew")
  func stale() throws {
    let study = try Self.state()
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: .sixelTerminal, timeZone: .gmt)
    state.view = .study
    state.study = study
    let layout = StudyLayout(state)
    for (view, source) in layout.besideViews(study, .sixelTerminal) {
      state.study?.beside.shown[view.choice] = (view, view.draw(source))
    }
    let rect = layout.besideRoom(of: Self.across, study).picture
    let act = MouseAct(
      .press, row: rect.row + rect.height / 2, column: rect.column + rect.width / 2)
    #expect(state.besidePoint(at: act, of: Self.across) != nil)
    state.study?.beside.held[Self.across] = 90
    #expect(state.besidePoint(at: act, of: Self.across) == nil)
    state.study?.beside.held[Self.across] = nil
    state.size = TerminalSize(columns: 160, rows: 50)
    let other = StudyLayout(state).besideRoom(of: Self.across, study).picture
    let there = MouseAct(.press, row: other.row + 5, column: other.column + 5)
    #expect(state.besidePoint(at: there, of: Self.across) == nil)
  }

  @Test("screens", arguments: [(120, 40), (200, 60)])
  func screens(_ size: (Int, Int)) throws {
    let session = try Self.session([.type("BBX")], columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "planes-\(size.0)x\(size.1)")
  }

  @Test("the screen where there is room for one plane")
  func smallScreen() throws {
    let session = try Self.session([.type("BB)")], columns: 80, rows: 24)
    try Snapshot.check(session.text, "planes-80x24")
  }
}
