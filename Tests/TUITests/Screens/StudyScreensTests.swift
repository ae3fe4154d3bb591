import Core
import Testing

@testable import TUI

@Suite("Screens of the study: prompts, lists over panes, nothing drawn, waiting")
struct StudyScreensTests {
  private static let opened = MemoryDriver.Step.open("001")
  private static let twoFindings: [MemoryDriver.Step] =
    opened + [.type("FKK"), .enter, .type("syrinx"), .enter]
    + [.type("jFJJ"), .enter, .type("a mass behind the cord"), .enter]
  private static let tab = MemoryDriver.Step.key(KeyPress(.tab))

  /// Steps that lead to each of them.
  private static let shots: [Shot] = [
    // Words are asked for.
    Shot("reason-words", "reason: stir", after: opened, .type("dtstir")),
    Shot(
      "reason-none", "a reason is needed: nothing was saved", after: opened, .type("dt"), .enter),
    Shot("finding-words", ": syrinx", after: opened, .type("FKK"), .enter, .type("syrinx")),
    Shot(
      "finding-placed", "finding: syrinx", after: opened, .type("FKK"), .enter, .type("syrinx"),
      .enter, .type("h")),
    Shot("recording", "RECORDING: 2 steps", after: opened, .type("*]A")),
    Shot("macro-name", "name of the macro of 2 steps: it", after: opened, .type("*]A*it")),
    Shot("acts-none", "nothing is stated on this study yet", after: opened, .type("C")),
    // Lists and prompts over a pane that has the whole screen.
    Shot("enlarged-reasons", "partial volume", after: opened, .type("md")),
    Shot(
      "enlarged-palette", "× no verdict", after: opened, tab, tab, .type("m:state-a")),
    Shot("enlarged-comment", "comment on C4-5: seen", after: opened, .type("mcseen")),
    Shot("enlarged-help", "╭─ Keys", after: opened, .type("m?")),
    Shot("enlarged-finding", "finding at slice 6", after: opened, .type("mFKK")),
    // Lists, help and report further down.
    Shot("palette-none", "no command fits \"zzzz\"", after: opened, .type(":zzzz")),
    Shot(
      "palette-signed", "× the study is signed", after: DecidingTests.signed, .type(":accept")),
    Shot("help-study-last", "TRUTH", after: opened, .type("?G")),
    Shot("report-last", "research use only", after: opened, .type("aYG")),
    // The crosshair's tools.
    Shot("crosshair-bare", "CROSSHAIR", after: opened, .type("X")),
    Shot("distance-begun", "distance from here: move, then m again", after: opened, .type("Xm")),
    Shot("distance", "in the slice; Esc removes it", after: opened, .type("XmJJllm")),
    // What else the reader states.
    Shot("findings-several", "2 findings, p lists", after: twoFindings),
    Shot("findings-list", "─ Your findings", after: twoFindings, .type("p")),
    Shot("findings-taken-back", "taken back: slice 6: syrinx", after: twoFindings, .type("pdj")),
    Shot("findings-reword", ": syrinx", after: twoFindings, .type("pt")),
    Shot("findings-none", "you have no finding on this study", after: opened, .type("p")),
    Shot("cleared", "C4-5 confidence cleared: saved", after: opened, .type("Pssss")),
    Shot("stated", "Pass", after: opened, .type("PyssDf!")),
    Shot("zoomed", "slice 6 of 11", after: opened, .type("++i2")),
    Shot("beside-none", "no other series or session", after: opened, .type("B")),
  ]

  @Test("whole screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    for shot in Self.shots { try shot.check(size) }
  }

  @Test("where no picture is drawn the ladder and the curve stay", arguments: Snapshot.sizes)
  func withoutPictures(_ size: (Int, Int)) throws {
    var text = TerminalCapabilities()
    text.choice = .text
    var few = TerminalCapabilities()
    few.colours = 8
    var plain = TerminalCapabilities()
    (plain.unicode, plain.colours) = (false, 8)
    for (name, capabilities) in [("text", text), ("few-colours", few)] {
      try Shot("study-\(name)", "no picture on this", after: Self.opened)
        .check(size, capabilities: capabilities)
    }
    var greys = TerminalCapabilities()
    (greys.colours, greys.type) = (16, "xterm-16color")
    try Shot("study-four-greys", "4 greys: a lesion may not show", after: Self.opened)
      .check(size, capabilities: greys)
    var doubted = TerminalCapabilities.sixelTerminal
    (doubted.sixel, doubted.choice) = (false, .sixel)
    try Shot("picture-unconfirmed", "picture not confirmed: :picture-seen", after: Self.opened)
      .check(size, capabilities: doubted)
    try Shot("text-refused", "× no verdict", after: Self.opened, .type("P"))
      .check(size, capabilities: text)
    try Shot("text-blind", "AI hidden", after: Self.opened)
      .check(size, capabilities: text, startsBlind: true)
    let session = Session(
      Self.opened, columns: size.0, rows: size.1, capabilities: plain)
    let ascii = session.text.unicodeScalars.map { String(DisplayText.ascii($0)) }.joined()
    try Shot.check(ascii, "text-ascii", says: "no picture", size)
  }

  @Test("what could not be saved", arguments: Snapshot.sizes)
  func notSaved(_ size: (Int, Int)) throws {
    for (name, keys) in [("not-saved", "P"), ("not-saved-later", "P]j")] {
      let library = FixtureLibrary { Session.time }
      library.failWrites("disk full")
      try Shot(name, "NOT SAVED", after: Self.opened, .type(keys)).check(size, library: library)
    }
  }

  // MARK: Whose study it is

  @Test(
    "line 1 begins with the study's name on every screen that has its picture",
    arguments: Snapshot.sizes)
  func identity(_ size: (Int, Int)) {
    let panned = MemoryDriver.Step.key(KeyPress(.down, .control))
    let keys: [String] = [
      // Scrolled, zoomed, moved, enlarged, other greys; modes and editors; a second picture.
      "", "jj", "g", "G", "++", "m", "v", "w", "X", "F", "Z", "B", "e", "e]j", "eb", "E", "Em .",
      // Words asked for, a reason, the list of commands, the menu of macros.
      "a", "c", "d", "dt", ":", "@",
    ]
    let others: [[MemoryDriver.Step]] = [
      [.type("+++"), panned, panned], [Self.tab], [Self.tab, .type("m")], [.type("?"), .escape],
    ]
    for script in keys.map({ [MemoryDriver.Step.type($0)] }) + others {
      let session = Session(Self.opened + script, columns: size.0, rows: size.1)
      #expect(session.lines[0].hasPrefix(" sub-001 "), "\(script): \(session.lines[0])")
    }
    // These lie over all of it: acts and report are called by the study, help and messages by themselves.
    for (key, head) in [
      ("C", "╭─ Your acts on sub-001 ─"), ("Y", "Study report sub-001"), ("?", "╭─ Keys ─"),
      ("\"", "Messages, the latest first"),
    ] {
      let session = Session(
        Self.opened + [.type("a" + key)], columns: size.0, rows: size.1)
      #expect(session.lines[0].hasPrefix(head), "\(key): \(session.lines[0])")
    }
  }

  // MARK: Waiting

  /// The study, after keys whose effects are still on their way.
  private static func waiting(_ keys: String, _ size: (Int, Int)) -> AppState {
    var state = AppState.opened(
      on: FixtureLibrary { Session.time }, columns: size.0, rows: size.1)
    for key in keys { _ = Workstation.update(&state, .key(.character(key))) }
    return state
  }

  private static func text(_ state: AppState) -> String { Renderer.render(state).dump() }

  @Test("another study is being opened, or this one read again", arguments: Snapshot.sizes)
  func loading(_ size: (Int, Int)) throws {
    var state = Self.waiting("n", size)
    try Shot.check(Self.text(state), "opening", says: "Esc stays here", size)
    _ = Workstation.update(&state, .message(.tick))
    _ = Workstation.update(&state, .key(.character("P")))
    try Shot.check(Self.text(state), "opening-refused", says: "not yet open: P ignored", size)
    var again = Self.waiting("", size)
    (again.message, again.loading) = (nil, "001")
    try Shot.check(Self.text(again), "reading-again", says: "reading the study again", size)
    again.loading = nil
    again.redetecting = ["001"]
    try Shot.check(Self.text(again), "detecting-again", says: "detecting sub-001 again", size)
  }

  @Test("a verdict, and a signature's PIN, on the way to the disk", arguments: Snapshot.sizes)
  func writing(_ size: (Int, Int)) throws {
    try Shot.check(Self.text(Self.waiting("P", size)), "saving", says: "C4-5 present: saving", size)
    let library = FixtureLibrary { Session.time }
    var state = AppState.opened(on: library, columns: size.0, rows: size.1)
    for key in "[[A]A]P]P]AZS1" { state.play(.key(.character(key)), on: library) }
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    try Shot.check(Self.text(state), "pin-sought", says: "looking for your PIN", size)
  }

  @Test("a second picture is looked for, and loaded", arguments: Snapshot.sizes)
  func beside(_ size: (Int, Int)) throws {
    var state = Self.waiting("B", size)
    try Shot.check(
      Self.text(state), "beside-sought", says: "looking for other series and sessions", size)
    let choice = BesideChoice(
      .series(file: "sub-001_acq-ax_T2w.nii.gz"), title: "axial T2w (acq-ax)")
    let reply = WorkerReply(value: .besideChoices("001", .success([choice])))
    _ = Workstation.update(&state, .message(.reply(reply)))
    try Shot.check(Self.text(state), "beside-loading", says: "axial T2w (acq-ax)", size)
  }
}
