import Foundation
import Imaging
import Synchronization
import Testing

@testable import Core
@testable import TUI

@Suite("Window, level and inversion of the picture with the focus")
struct GreyFocusTests {
  private static let axial = BesideChoice(
    .series(file: "sub-001_acq-ax_T2w.nii.gz"), title: "axial T2w (acq-ax)")
  private static let made = BesideChoice(.reformat, title: "REFORMATTED axial")

  private static func session(
    _ keys: String, _ choice: BesideChoice = axial, then steps: [MemoryDriver.Step] = [],
    columns: Int = 120, rows: Int = 40, macros: String = ""
  ) throws -> Session {
    let library = FixtureLibrary { Session.time }
    if !macros.isEmpty {
      _ = try library.changeReaderText(.macros, reader: "liu") { _ in macros }
    }
    let volume = try #require(FixtureVolumes.axialDiscs)
    library.neighbours.withLock { $0["001"] = [(choice, .success(.volume(volume)))] }
    return Session(
      MemoryDriver.Step.open("001") + [.type(keys)] + steps, columns: columns, rows: rows,
      library: library)
  }

  @Test("the scanner's window is shown where a file states it, and its absence is said")
  func scanner() throws {
    let without = Session(MemoryDriver.Step.open("001") + [.type("5")])
    #expect(without.message.contains("no file states the scanner's grey window"))
    #expect(without.lines[1].contains(" auto"))
    var study = try FixtureStudies.study("001")
    #expect(!WindowPresets(study).has(.scanner))
    #expect(WindowPresets(study)(.scanner) == WindowPresets(study)(.automatic))
    study.scannerWindow = WindowLevel(window: 333, level: 77)
    var state = AppState(
      title: "t", reader: "r", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities())
    state.view = .study
    state.study = StudyScreenState(
      LoadedStudy(study: study, journal: JournalContents(records: [])))
    _ = Workstation.update(&state, .key(KeyPress(.character("5"))))
    #expect(state.study?.greyWindow == WindowLevel(window: 333, level: 77))
    #expect(Renderer.render(state).dump().contains("W 333 L 77 scanner"))
    _ = Workstation.update(&state, .key(KeyPress(.character("0"))))
    #expect(state.study?.window == .preset(.automatic))
  }

  @Test("keys of greys act on the picture gone through last, which is marked")
  func scrolled() throws {
    let first = try Self.session("B3")
    #expect(first.text.contains("W 420 L 290 auto") && !first.text.contains("▸ W 420"))
    #expect(first.lines[1].contains("wide"))
    let beside = try Self.session("B}3")
    #expect(beside.text.contains("▸ W 672 L 290 wide"))
    #expect(beside.lines[1].contains("auto") && !beside.lines[1].contains("wide"))
    let back = try Self.session("B}3j2")
    #expect(back.text.contains("W 672 L 290 wide") && !back.text.contains("▸ W 672"))
    #expect(back.lines[1].contains(" cord"))
    let again = try Self.session("B}3W")
    #expect(again.text.contains("▸ W 420 L 290 auto"))
    #expect(try Self.session("B}1").text.contains("▸ W 500 L 250 full"))
  }

  @Test("Tab and a press of the mouse choose the picture; fine steps and inversion go there")
  func chosen() throws {
    let tab = MemoryDriver.Step.key(KeyPress(.tab))
    let inverted = try Self.session("B", then: [tab, .type("i")])
    #expect(inverted.text.contains("▸ inverted W 420 L 290"))
    #expect(!inverted.lines[1].contains("inverted"))
    let twice = try Self.session("B", then: [tab, tab, .type("i")])
    #expect(twice.lines[1].contains("inverted"))
    #expect(!twice.text.contains("inverted W 420"))
    let fine = try Self.session("B", then: [tab, .type("wl")])
    #expect(fine.text.contains("▸ W 441 L 290 set"))
    let rect = fine.driver.screen.placements[1].rect
    let press = MemoryDriver.Step.mouse(
      MouseAct(.press, row: rect.row + 3, column: rect.column + 3))
    let pressed = try Self.session("B", then: [press, .type("4")])
    #expect(pressed.text.contains("fluid") && !pressed.lines[1].contains("fluid"))
    let single = try Self.session("B(", then: [tab])
    #expect(single.message.contains("there is one picture on the screen"))
  }

  @Test("a second picture alone has the keys; one that is not on the screen has none")
  func alone() throws {
    let alone = try Self.session("B)3", columns: 80, rows: 24)
    #expect(alone.text.contains("▸ W 672 L 290 wide"))
    // No room for both: the keys act on what is seen.
    let hidden = try Self.session("B}3", columns: 80, rows: 24)
    #expect(hidden.lines[1].contains("wide"))
  }

  @Test("a macro changes the greys of the sagittal picture, and keeps no others")
  func macros() throws {
    let played = try Self.session("B}@", then: [.enter], macros: "[m]\nwindow-wide\ninvert\n")
    #expect(played.lines[1].contains("wide") && played.lines[1].contains("inverted"))
    #expect(played.text.contains("▸ W 420 L 290 auto"))
    let beside = try Self.session("B}*3")
    #expect(beside.message.contains("not recorded: the greys of axial T2w (acq-ax)"))
    #expect(beside.message.contains("RECORDING: 0 steps"))
    let sagittal = try Self.session("B*3")
    #expect(sagittal.message.contains("RECORDING: 1 step"))
  }

  @Test("planes made from the sagittal volume share its greys")
  func shared() throws {
    let session = try Self.session("B}2", Self.made)
    #expect(session.text.contains("▸ greys of the sagittal") && session.lines[1].contains(" cord"))
  }

  @Test("greys of a series are drawn, and kept while others are looked at")
  func drawn() throws {
    var study = StudyScreenState(
      LoadedStudy(
        study: try FixtureStudies.study("001"), journal: JournalContents(records: [])))
    study.beside.isOn = true
    study.beside.choices = [Self.axial]
    study.beside.set(.volume(try #require(FixtureVolumes.axialDiscs)), for: Self.axial)
    Workstation.adjustGrey(.invert, of: Self.axial, &study)
    Workstation.adjustGrey(.windowWide, of: Self.axial, &study)
    #expect(!study.isInverted && study.window == .preset(.automatic))
    let layout = StudyLayout(
      size: TerminalSize(columns: 120, rows: 40), isAligned: false, capabilities: .sixelTerminal,
      fill: .both)
    let view = try #require(layout.besideView(study, .sixelTerminal)).view
    #expect(view.isInverted && abs(view.window.window - 672) < 0.01)
    study.beside.isOn = false
    #expect(study.besideGrey(of: Self.axial).isInverted)
  }
}
