import Core
import Synchronization
import Testing

@testable import TUI

@Suite("Keys typed while labels or a mask are read are the editor's, and state nothing")
struct AwaitedEditorTests {
  private let library = FixtureLibrary { Session.time }

  /// Presses keys, of which nothing is answered yet; what they ask for.
  private func press(_ keys: String, _ state: inout AppState) -> [Effect] {
    keys.flatMap { key -> [Effect] in
      switch key {
      case "\n": Workstation.update(&state, .key(KeyPress(.enter)))
      case "\u{1b}": Workstation.update(&state, .key(KeyPress(.escape)))
      default: Workstation.update(&state, .key(.character(key)))
      }
    }
  }

  /// Study 001 with C4-5 present saved, and then keys that nothing answers.
  private func awaiting(_ keys: String) -> (state: AppState, effects: [Effect]) {
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    state.play(.key(.character("P")), on: library)
    let effects = press(keys, &state)
    return (state, effects)
  }

  private func isWrite(_ effect: Effect) -> Bool {
    if case .write = effect { true } else { false }
  }

  @Test(
    "every key that states, alters or takes back waits for the editor",
    arguments: ["Ex", "eA", "Ef", "eu", "Es", "Ey", "eD", "E!", "eb", "Ed", "EZS1", "ec", "EF"])
  func nothingStated(_ keys: String) throws {
    let (before, effects) = awaiting(keys)
    var state = before
    #expect(!effects.contains(where: isWrite))
    #expect(state.inFlight.isEmpty && state.popup == nil)
    #expect(state.study?.typedForEditor.count == keys.count - 1)
    let segment = state.study?.target
    state.carryOut(effects, on: library)
    #expect(library.records("001").map(\.action) == [.verdict])
    #expect(state.study?.typedForEditor.isEmpty == true && state.study?.target == segment)
    let correction = try #require(state.study?.correction)
    #expect(correction.target.isMask == keys.hasPrefix("E"))
  }

  @Test("they are the editor's once it is there, in their order")
  func handed() {
    var (mask, labels) = (awaiting("Ex"), awaiting("ejj"))
    mask.state.carryOut(mask.effects, on: library)
    #expect(mask.state.study?.correction?.tool == .eraser)
    #expect(labels.state.study?.correction == nil)
    labels.state.carryOut(labels.effects, on: library)
    #expect(labels.state.study?.correction?.isChanged == true)
    #expect(labels.state.message?.text.contains("moved") == true)
  }

  @Test("what saves is not kept: it is said to have come too early")
  func saving() {
    let (before, effects) = awaiting("ejj\n")
    var state = before
    state.carryOut(effects, on: library)
    #expect(library.committed.withLock { $0.isEmpty })
    #expect(state.study?.correction?.isChanged == true)
    #expect(state.message?.text.contains("a key came too early: press it again") == true)
    state.play(.key(KeyPress(.enter)), on: library)
    #expect(library.committed.withLock { $0.map(\.target) } == [.discs])
  }

  @Test(
    "from one editor to the other, too",
    arguments: [("E", "m", CorrectionTarget.lesion), ("e", "b", .boundaries)])
  func otherEditor(_ first: String, _ other: String, _ target: CorrectionTarget) {
    var (state, effects) = awaiting(first)
    state.carryOut(effects, on: library)
    effects = press(other + "uxA", &state)
    #expect(!effects.contains(where: isWrite) && state.inFlight.isEmpty)
    #expect(state.study?.correction == nil && state.study?.typedForEditor.count == 3)
    state.carryOut(effects, on: library)
    #expect(state.study?.correction?.target == target)
    #expect(library.records("001").map(\.action) == [.verdict])
  }

  @Test("typed from one editor through to the next, each has its own")
  func chained() {
    let (before, effects) = awaiting("Emx")
    var state = before
    state.carryOut(effects, on: library)
    #expect(state.study?.correction?.target == .lesion)
    #expect(state.study?.correction?.tool == .eraser)
    #expect(library.records("001").map(\.action) == [.verdict])
  }

  @Test("Esc, Ctrl-C and q open none, and what was typed is gone", arguments: ["\u{1b}", "c", "q"])
  func cancelled(_ key: String) {
    let (before, effects) = awaiting("Ex")
    var state = before
    let press = key == "\u{1b}" ? KeyPress(.escape) : key == "c" ? .control("c") : .character("q")
    _ = Workstation.update(&state, .key(press))
    #expect(state.view == .study && state.study?.awaitedCorrection == nil)
    #expect(state.message?.text.contains("not corrected") == true)
    state.carryOut(effects, on: library)
    #expect(state.study?.correction == nil && state.study?.typedForEditor.isEmpty == true)
    #expect(library.records("001").map(\.action) == [.verdict])
    // From here on they are the study's again.
    state.play(.key(.character("A")), on: library)
    #expect(library.records("001").map(\.verdict) == [.present, .absent])
  }

  @Test("the last line says what is awaited and what leaves it, and no key that waits")
  func footer() {
    func line(_ state: AppState) -> String {
      Renderer.render(state).dump().split(separator: "\n").last.map(String.init) ?? ""
    }
    for (keys, words) in [("E", "cord mask"), ("e", "disc labels")] {
      let (opening, effects) = awaiting(keys)
      let said = " Esc cancel  Q quit   opening the \(words): other keys wait"
      #expect(line(opening) == said, "\(line(opening))")
      // Keys that wait change nothing of it; the one that leaves brings the study's back.
      var typed = opening
      _ = press("x?", &typed)
      #expect(line(typed) == said && typed.popup == nil)
      _ = press("\u{1b}", &typed)
      #expect(line(typed).hasSuffix("? help") && !line(typed).contains("opening"))
      var open = opening
      open.carryOut(effects, on: library)
      #expect(line(open).contains("Enter save") && line(open).hasSuffix("? help"))
    }
  }

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    var state = AppState.opened(on: library, columns: size.0, rows: size.1)
    _ = press("e", &state)
    try Shot.check(
      Renderer.render(state).dump(), "editor-awaited", says: "opening the disc labels", size)
  }

  @Test("where no editor opens what was typed for it is dropped, and it is said")
  func failed() {
    var (state, _) = awaiting("Exf")
    let reply = WorkerReply(
      value: .correction(.cord, "001", .failure(WorkerFailure(words: "the mask is cut"))))
    let effects = Workstation.update(&state, .message(.reply(reply)))
    #expect(!effects.contains(where: isWrite) && state.study?.correction == nil)
    #expect(state.message?.kind == .error)
    #expect(
      state.message?.text.contains(
        "2 keys typed ahead dropped; the cord mask cannot be corrected: the mask is cut") == true)
    // So is what is still on its way.
    #expect(state.refusedPrompt != nil)
  }

  @Test("where it is refused at once, too: what follows in the burst is not the study's")
  func refused() {
    var capabilities = TerminalCapabilities()
    capabilities.choice = .text
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    state.capabilities = capabilities
    _ = press("e", &state)
    #expect(state.message?.text.contains("nothing can be corrected without a picture") == true)
    #expect(state.refusedPrompt != nil)
  }

  @Test("a study that is read meanwhile opens no editor, and has none of its keys")
  func readAgain() {
    let (before, effects) = awaiting("Ex")
    var state = before
    state.loading = "001"
    state.carryOut([.loadStudy("001")], on: library)
    #expect(state.message?.text.contains("1 key typed ahead dropped") == true)
    #expect(state.message?.text.contains("the cord mask is not corrected") == true)
    state.carryOut(effects, on: library)
    #expect(state.study?.correction == nil)
    #expect(library.records("001").map(\.action) == [.verdict])
  }

  @Test("a verdict typed while the next study opens is said to have come too early")
  func earlyVerdict() throws {
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    let effects = press("nP", &state)
    #expect(state.message?.text.contains("not yet open: P ignored") == true)
    var moved = state
    state.carryOut(effects, on: library)
    #expect(state.opening == nil && state.inFlight.isEmpty)
    #expect(state.message?.text.contains("a key came too early: press it again") == true)
    // Keys that waited for the study cover it no more than that.
    _ = press("]", &moved)
    moved.carryOut(effects, on: library)
    #expect(moved.message?.text.contains("a key came too early") == true)
    // It is said once, and not where nothing was refused.
    let next = press("n", &state)
    state.carryOut(next, on: library)
    #expect(state.message?.text.contains("too early") != true)
    var left = AppState.opened(on: library, columns: 120, rows: 40)
    _ = press("nP\u{1b}", &left)
    #expect(!left.hasRefusedEarly)
  }
}

@Suite("Where no picture is seen nothing is corrected, taken back or restored")
struct UnseenPictureTests {
  /// `--graphics text`, and sixels that the terminal does not say that it draws.
  private static var unseen: [TerminalCapabilities] {
    var (text, doubt) = (TerminalCapabilities(), TerminalCapabilities.sixelTerminal)
    text.choice = .text
    (doubt.sixel, doubt.choice) = (false, .sixel)
    return [text, doubt]
  }

  private func session(
    _ script: [MemoryDriver.Step], _ capabilities: TerminalCapabilities, _ library: FixtureLibrary
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + script, capabilities: capabilities, library: library)
  }

  @Test("pictures in doubt open no editor before they are said to be seen", arguments: ["e", "E"])
  func editors(_ key: String) throws {
    let doubt = try #require(Self.unseen.last)
    let refused = session([.type(key)], doubt, FixtureLibrary { Session.time })
    #expect(refused.message.contains("nothing can be corrected without a picture: :picture-seen"))
    #expect(!refused.text.contains("Enter saves"))
    let seen = session(
      [.type(":picture-seen"), .enter, .type(key)], doubt, FixtureLibrary { Session.time })
    #expect(seen.message.contains("Enter saves"))
  }

  @Test(
    "verdicts, what stands beside them and findings are neither taken back nor restored",
    arguments: ["P", "Py", "Ps", "F\nsyrinx\n"])
  func turns(_ keys: String) throws {
    let steps = keys.map { $0 == "\n" ? MemoryDriver.Step.enter : .key(.character($0)) }
    for capabilities in Self.unseen {
      let library = FixtureLibrary { Session.time }
      _ = session(steps, TerminalCapabilities(), library)
      let stated = library.records("001").count
      try #require(stated > 0)
      let undo = session([.type("u")], capabilities, library)
      #expect(library.records("001").count == stated)
      #expect(undo.message.contains("no verdict"), "\(undo.message)")
      #expect(!undo.lines[39].contains("u undo"))
      _ = session([.type("u")], TerminalCapabilities(), library)
      try #require(library.records("001").count == stated + 1)
      let redo = session([.key(.control("r"))], capabilities, library)
      #expect(library.records("001").count == stated + 1)
      #expect(redo.message.contains("no verdict"), "\(redo.message)")
    }
  }

  @Test("nor is a finding by its list, nor a saved correction")
  func findingsAndCorrections() {
    for capabilities in Self.unseen {
      let library = FixtureLibrary { Session.time }
      _ = session(
        [.type("F"), .enter, .type("syrinx"), .enter], TerminalCapabilities(), library)
      for key in ["d", "t"] {
        _ = session([.type("p" + key + "x"), .enter], capabilities, library)
        #expect(library.records("001").map(\.action) == [.finding])
      }
      let corrected = FixtureLibrary { Session.time }
      _ = session([.type("ejj"), .enter], TerminalCapabilities(), corrected)
      let back = session([.type("uu")], capabilities, corrected)
      #expect(corrected.records("001").map(\.action) == [.correct])
      #expect(back.message.contains("nothing can be corrected without a picture"))
    }
  }

  @Test("a comment, a flag and the quality are taken back there as everywhere")
  func others() {
    let doings: [[MemoryDriver.Step]] = [[.type("cseen"), .enter], [.type("!")], [.type("f")]]
    for steps in doings {
      for capabilities in Self.unseen {
        let library = FixtureLibrary { Session.time }
        _ = session(steps, TerminalCapabilities(), library)
        _ = session([.type("u")], capabilities, library)
        #expect(library.records("001").last?.action == .undo)
      }
    }
  }
}
