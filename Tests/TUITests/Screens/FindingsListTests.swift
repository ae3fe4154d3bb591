import Core
import Imaging
import Testing

@testable import TUI

@Suite("Findings: marks on the slice, list, taking back, other words")
struct FindingsListTests {
  /// A finding on slice 6, and one on slice 7.
  private static let two =
    MemoryDriver.Step.open("001")
    + [.type("FKK"), .enter, .type("syrinx"), .enter, .type("jFJJ"), .enter, .type("mass"), .enter]

  private func state(_ keys: String, on library: FixtureLibrary) -> AppState {
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    press(keys, &state, on: library)
    return state
  }

  /// Presses keys, "\n" for Enter.
  private func press(_ keys: String, _ state: inout AppState, on library: FixtureLibrary) {
    for key in keys {
      state.play(.key(key == "\n" ? KeyPress(.enter) : .character(key)), on: library)
    }
  }

  private static let keysOfTwo = "FKK\nsyrinx\njFJJ\nmass\n"

  @Test("a finding is marked on its own slice, with its number, and not while answers are hidden")
  func marks() throws {
    let library = FixtureLibrary { Session.time }
    var state = state(Self.keysOfTwo, on: library)
    let places = library.records("001").compactMap(\.place)
    try #require(places.map(\.slice) == [5, 6])
    func shown(_ state: AppState) throws -> [PictureRequest.Marks.Point] {
      let study = try #require(state.study)
      let view = try #require(StudyLayout(state).view(study, state.capabilities))
      #expect(view.findings == study.findingMarks)
      return view.findings
    }
    #expect(try shown(state).map(\.name) == ["2"])
    #expect(try shown(state).first?.place == SIMD2(places[1].column, places[1].row))
    press("k", &state, on: library)
    #expect(try shown(state).map(\.name) == ["1"])
    press("k", &state, on: library)
    #expect(try shown(state).isEmpty)
    press("j", &state, on: library)
    state.study?.isPresented = true
    state.study?.isBlind = true
    #expect(try shown(state).isEmpty)
    press("p", &state, on: library)
    #expect(state.popup == nil && state.message?.text.contains("hidden") == true)
  }

  @Test("the mark changes pixels about the place, and none of the place itself")
  func pixels() throws {
    for capabilities in [TerminalCapabilities(), .sixelTerminal, .kittyTerminal] {
      let library = FixtureLibrary { Session.time }
      var state = state(Self.keysOfTwo, on: library)
      state.capabilities = capabilities
      let study = try #require(state.study)
      let with = try #require(StudyLayout(state).view(study, capabilities))
      var without = with
      without.findings = []
      let source = PictureSource(try #require(study.picture))
      let (one, other) = (with.draw(source), without.draw(source))
      let (a, b) = (one.pixels, other.pixels)
      let mark = try #require(with.findings.first)
      let x = Int(one.placement.x(ofColumn: mark.place.x))
      let y = Int(one.placement.y(ofRow: mark.place.y))
      #expect(a != b && a[y, x] == b[y, x] && a[y, x + 1] == b[y, x + 1])
    }
  }

  @Test("Enter and a number go to a finding's slice and leave the list")
  func goThere() {
    let library = FixtureLibrary { Session.time }
    var state = state(Self.keysOfTwo + "gp", on: library)
    #expect(state.study?.slice == 0)
    press("\n", &state, on: library)
    #expect(state.popup == nil && state.study?.slice == 5)
    #expect(state.message?.text.hasPrefix("finding 1: syrinx (slice 6, z ") == true)
    press("p2", &state, on: library)
    #expect(state.popup == nil && state.study?.slice == 6)
    press("gpj\n", &state, on: library)
    #expect(state.study?.slice == 6)
  }

  @Test("the first of two findings is taken back and restored, by acts that name it")
  func takeBack() {
    let library = FixtureLibrary { Session.time }
    var state = state(Self.keysOfTwo + "P", on: library)
    press("pd", &state, on: library)
    #expect(library.records("001").last?.action == .undo)
    #expect(library.records("001").last?.reverts == 1)
    #expect(state.study?.review.findings.compactMap(\.comment) == ["mass"])
    #expect(state.study?.review.standing(.c4c5)?.verdict == .present)
    #expect(FindingsMenu.lines(state).map(\.isTakenBack) == [false, true])
    press("jd", &state, on: library)
    #expect(library.records("001").last?.action == .redo)
    #expect(state.study?.review.findings.compactMap(\.comment) == ["syrinx", "mass"])
    // After a new act redo has ended for all else, and the finding comes back with its number.
    state.play(.key(KeyPress(.backspace)), on: library)
    press("qA", &state, on: library)
    press("pjd", &state, on: library)
    #expect(library.records("001").last?.action == .redo)
    #expect(state.study?.review.nextRedo == nil)
    #expect(state.study?.review.findings.compactMap(\.comment) == ["syrinx", "mass"])
    #expect(FindingsMenu.lines(state).map(\.isTakenBack) == [false, false])
    #expect(state.message?.text.hasPrefix("the finding \"syrinx\" restored") == true)
  }

  @Test("the list stays on the finding taken back: the same key restores that one, no other goes")
  func staysOnFinding() {
    let library = FixtureLibrary { Session.time }
    var state = state(Self.keysOfTwo, on: library)
    press("pdd", &state, on: library)
    let records = library.records("001")
    #expect(records.map(\.action) == [.finding, .finding, .undo, .redo])
    #expect(records.map(\.reverts) == [nil, nil, 1, 3])
    #expect(state.study?.review.findings.compactMap(\.comment) == ["syrinx", "mass"])
    // Restored after another act it is the same finding, and taken back again by the same number.
    press("dqA", &state, on: library)
    press("pjdd", &state, on: library)
    let last = library.records("001").suffix(2)
    #expect(last.map(\.action) == [.redo, .undo] && last.last?.reverts == 1)
    #expect(state.study?.review.findings.compactMap(\.comment) == ["mass"])
    #expect(FindingsMenu.lines(state).map(\.isTakenBack) == [false, true])
  }

  @Test("u right after a finding was taken back in the list restores it, and takes no other back")
  func undoOfTakingBack() {
    let library = FixtureLibrary { Session.time }
    var state = state(Self.keysOfTwo + "pd", on: library)
    #expect(state.message?.text.hasSuffix("; d restores it, or u outside") == true)
    press("qu", &state, on: library)
    #expect(library.records("001").map(\.action) == [.finding, .finding, .undo, .redo])
    #expect(state.message?.text.hasPrefix("the finding \"syrinx\" restored: saved") == true)
    #expect(state.study?.review.findings.compactMap(\.comment) == ["syrinx", "mass"])
    // From there on undo goes from act to act again, and says how each comes back.
    press("u", &state, on: library)
    #expect(library.records("001").last?.reverts == 1)
    #expect(state.message?.text.hasSuffix("; Ctrl-R restores it") == true)
    press("u", &state, on: library)
    #expect(library.records("001").last?.reverts == 2)
    #expect(state.study?.review.findings.isEmpty == true)
  }

  @Test("after another act, or after undo by its key, u takes back the latest act that stands")
  func undoOfOtherActs() {
    let library = FixtureLibrary { Session.time }
    var state = state(Self.keysOfTwo + "pdqAu", on: library)
    #expect(library.records("001").map(\.action).suffix(3) == [.undo, .verdict, .undo])
    #expect(library.records("001").last?.reverts == 4)
    // The verdict went by its key: the next in line goes, and the list's finding stays taken back.
    press("u", &state, on: library)
    #expect(library.records("001").last?.reverts == 2)
    #expect(state.study?.review.findings.isEmpty == true)
  }

  @Test("a finding is said in other words at the same place, and undo says the former ones")
  func otherWords() {
    let library = FixtureLibrary { Session.time }
    var state = state(Self.keysOfTwo + "pt of the cord\n", on: library)
    let records = library.records("001")
    #expect(records.last?.revises == 1 && records.last?.comment == "syrinx of the cord")
    #expect(records.last?.place == records.first?.place && state.popup == nil)
    #expect(state.study?.review.findings.first?.comment == "syrinx of the cord")
    press("u", &state, on: library)
    #expect(state.study?.review.findings.compactMap(\.comment) == ["syrinx", "mass"])
    let empty = self.state(Self.keysOfTwo + "pt", on: library)
    #expect(empty.popup != nil)
  }

  @Test("without a finding no list opens, a signed study changes none, nor what was taken back")
  func refused() {
    let none = Session(DecidingTests.signed + [.type("p")])
    #expect(none.message.contains("you have no finding"))
    let found: [MemoryDriver.Step] = [.type("F"), .enter, .type("syrinx"), .enter]
    let sign: [MemoryDriver.Step] = [
      .type("ZS1"), .enter, .type("2468"), .enter, .type("2468"), .enter,
    ]
    for key in ["d", "t"] {
      let signed = Session(DecidingTests.read + found + sign + [.type("p" + key)])
      #expect(signed.message.contains("the study is signed"), "\(key): \(signed.message)")
      #expect(signed.library.records("001").last?.action == .signOff)
    }
    let library = FixtureLibrary { Session.time }
    var state = state(Self.keysOfTwo + "pdjt", on: library)
    #expect(state.message?.kind == .refused && state.popup != nil)
    #expect(library.records("001").count == 3)
    press("q", &state, on: library)
    #expect(state.popup == nil)
  }

  @Test("the ladder names the key where there are several findings", arguments: [80, 120])
  func ladder(columns: Int) {
    let session = Session(Self.two, columns: columns, rows: columns == 80 ? 24 : 40)
    #expect(session.text.contains("+ 2 findings, p lists"))
  }
}
