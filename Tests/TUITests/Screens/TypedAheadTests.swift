import Core
import Testing

@testable import TUI

@Suite("A name and a PIN typed ahead are never run as keys")
struct TypedAheadTests {
  /// A name and a PIN that would state, take back, comment and leave.
  private static let name = "Pax uAd!q"
  private static let pin = "cxaP:q"

  /// A library in which liu has the PIN 2468 and a verdict on each segment of sub-001, which is not signed.
  private static func reopened() -> FixtureLibrary {
    let library = FixtureLibrary { Session.time }
    _ = Session(DecidingTests.signed + [.type("ZOwhy"), .enter], library: library)
    #expect(library.records("001").last?.action == .reopen)
    return library
  }

  private static func ahead(
    _ script: [MemoryDriver.Step], _ library: FixtureLibrary, columns: Int = 120
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + script, columns: columns, rows: 40, library: library,
      typesAhead: true)
  }

  private static func isSeen(_ text: String, in session: Session) -> Bool {
    session.driver.screens.contains { $0.dump().contains(text) }
  }

  @Test("a study not complete: name and PIN are dropped, and it is said", arguments: [80, 120])
  func incomplete(_ columns: Int) {
    let library = FixtureLibrary { Session.time }
    let burst: [MemoryDriver.Step] = [
      .type("ZS1" + Self.name), .enter, .type(Self.pin), .enter,
    ]
    let session = Self.ahead(burst, library, columns: columns)
    #expect(library.records("001").isEmpty)
    let count = 1 + Self.name.count + 1 + Self.pin.count + 1
    #expect(
      session.message.contains(
        "× \(count) keys typed ahead dropped; not signed: no verdict yet on C2-3"))
    #expect(!Self.isSeen(Self.pin, in: session) && session.text.contains("LEVEL SCORE"))
    // What is typed once the input has rested is a key again.
    let later = Self.ahead(burst + [.idle, .type("P")], library)
    #expect(library.records("001").map(\.verdict) == [.present])
    #expect(later.message.contains("C4-5 present: saved"))
  }

  @Test("a wrong PIN: what follows is dropped, not typed into the prompt that asks again")
  func wrongPIN() {
    let library = Self.reopened()
    let before = library.records("001").count
    let wrong: [MemoryDriver.Step] = [
      .type("ZS1"), .enter, .type("1111"), .enter, .type(Self.pin), .enter,
    ]
    let session = Self.ahead(wrong, library)
    #expect(library.records("001").count == before)
    #expect(session.message.contains("7 keys dropped; wrong PIN, 2 tries left; PIN:"))
    #expect(!Self.isSeen(Self.pin, in: session) && !session.message.contains("●"))
    let small = Self.ahead(wrong, Self.reopened(), columns: 80)
    #expect(small.message.contains("7 keys dropped; wrong PIN, 2 tries left; PIN:"))
    let right = Self.ahead(wrong + [.idle, .type("2468"), .enter], Self.reopened())
    #expect(right.library.records("001").last?.action == .signOff)
  }

  @Test("too many wrong PINs ask for none: what follows is dropped all the same")
  func waits() {
    let library = Self.reopened()
    let before = library.records("001").count
    let again: [MemoryDriver.Step] = [.type("1111"), .enter, .idle]
    let session = Self.ahead(
      [.type("ZS1"), .enter] + again + again + [.type("1111"), .enter, .type(Self.pin), .enter],
      library)
    #expect(library.records("001").count == before)
    #expect(session.message.contains("7 keys typed ahead dropped; not signed: too many wrong"))
  }

  @Test("a prompt that is refused, or never came, takes what was typed for it along")
  func prompts() {
    for (keys, words) in [
      ([.type("c"), .enter], "an empty comment is not saved"),
      ([.type("F"), .enter, .enter], "a finding needs words"),
      ([.type("d9"), .enter], "a reason is needed"), ([.type("ZO")], "the study is not signed"),
      ([.type("]]]d")], "not assessable"), ([.type("ZX")], "neither signed nor opened again"),
    ] as [([MemoryDriver.Step], String)] {
      let library = FixtureLibrary { Session.time }
      let session = Self.ahead(keys + [.type("xaPu")], library, columns: 200)
      #expect(library.records("001").isEmpty, "\(words)")
      #expect(session.message.contains("4 keys typed ahead dropped; "), "\(session.message)")
      #expect(session.message.contains(words), "\(session.message)")
    }
  }

  @Test("pasted text goes the same way; the mouse and a changed size do not")
  func paste() {
    let library = FixtureLibrary { Session.time }
    let size = TerminalSize(columns: 100, rows: 30)
    let session = Self.ahead([.type("ZS"), .paste("2468"), .resize(size)], library)
    #expect(session.message.contains("1 key typed ahead dropped; not signed"))
    #expect(session.driver.screen.size.columns == 100)
  }

  @Test("a choice of signing left by another key drops the same burst only; a refused prompt rests")
  func rests() {
    let library = Self.reopened()
    func refused(_ keys: String) -> RefusedPrompt? {
      var state = AppState.opened(on: library, columns: 120, rows: 40)
      for key in keys { state.play(.key(.character(key)), on: library) }
      return state.refusedPrompt
    }
    let quiet = Duration.milliseconds(500)
    #expect(refused("Z]")?.rest(of: quiet) == .milliseconds(100))
    #expect(refused("Z]")?.rest(of: .zero) == .zero)
    // The study is opened again already: this refuses a prompt.
    #expect(refused("ZO")?.rest(of: quiet) == quiet)
    let session = Self.ahead([.type("Z]"), .idle, .type("]]P")], library)
    #expect(!session.message.contains("dropped") && library.records("001").last?.action == .verdict)
  }

  // MARK: While the disk is asked

  /// sub-001 open with all verdicts, and its name given: the PIN is being looked for.
  private static func looking(_ library: FixtureLibrary) -> (state: AppState, effects: [Effect]) {
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    for key in "ZS1" { _ = Workstation.update(&state, .key(.character(key))) }
    let effects = Workstation.update(&state, .key(KeyPress(.enter)))
    return (state, effects)
  }

  private static func press(_ text: String, _ state: inout AppState) -> [Effect] {
    var effects: [Effect] = []
    for key in text {
      let press = key == "\n" ? KeyPress(.enter) : KeyPress.character(key)
      effects += Workstation.update(&state, .key(press))
    }
    return effects
  }

  @Test("what is typed while the PIN is looked for is typed into its prompt")
  func kept() {
    let library = Self.reopened()
    let looking = Self.looking(library)
    var state = looking.state
    #expect(Self.press("2468\n", &state).isEmpty)
    #expect(state.popup == nil && state.inFlight.isEmpty)
    state.carryOut(looking.effects, on: library)
    #expect(library.records("001").last?.action == .signOff)
    #expect(state.signing == nil && state.message?.text.contains("saved 10:42:07") == true)
    // Nothing is run before the prompt is there: no list of commands, no comment.
    state = Self.looking(Self.reopened()).state
    #expect(Self.press(Self.pin, &state).isEmpty)
    #expect(state.popup == nil)
    #expect(!Renderer.render(state).dump().contains(Self.pin))
  }

  @Test("Esc waits for the PIN no longer, and its answer opens nothing")
  func escape() {
    let library = Self.reopened()
    let looking = Self.looking(library)
    var state = looking.state
    _ = Self.press("12", &state)
    _ = Workstation.update(&state, .key(KeyPress(.escape)))
    #expect(state.signing == nil && state.message?.text == "not signed")
    state.carryOut(looking.effects, on: library)
    #expect(state.popup == nil && library.records("001").last?.action == .reopen)
  }

  @Test("where it cannot be looked for, what was typed is dropped")
  func unknown() {
    let looking = Self.looking(Self.reopened())
    var state = looking.state
    _ = Self.press(Self.pin, &state)
    guard case .lookForPIN(let request)? = looking.effects.first else {
      Issue.record("not looked for: \(looking.effects)")
      return
    }
    let reply = WorkerReply(value: .pin(request, .failure(WorkerFailure(words: "disk gone"))))
    #expect(Workstation.update(&state, .message(.reply(reply))).isEmpty)
    #expect(state.message?.text == "6 keys typed ahead dropped; not signed: disk gone")
    #expect(state.refusedPrompt?.dropped == 6 && state.signing == nil)
  }

  @Test("a first PIN that is too short: what was kept after it is not typed into the next prompt")
  func tooShort() {
    let looking = Self.looking(Self.reopened())
    var state = looking.state
    _ = Self.press("12\n" + Self.pin + "\n", &state)
    guard case .lookForPIN(let request)? = looking.effects.first else {
      Issue.record("not looked for: \(looking.effects)")
      return
    }
    let reply = WorkerReply(value: .pin(request, .success(false)))
    #expect(Workstation.update(&state, .message(.reply(reply))).isEmpty)
    guard case .prompt(let prompt)? = state.popup else {
      Issue.record("not asked again")
      return
    }
    #expect(prompt.text.isEmpty && prompt.title.hasPrefix("7 keys dropped; too short"))
    #expect(state.inFlight.isEmpty && state.refusedPrompt?.dropped == 7)
  }

  @Test("while the PIN is checked nothing is run; one key that moves on is, after a success")
  func checked() {
    func signing(_ pin: String, then typed: String) -> (AppState, FixtureLibrary) {
      let library = Self.reopened()
      var (state, effects) = Self.looking(library)
      state.carryOut(effects, on: library)
      effects = Self.press(pin + "\n", &state)
      #expect(state.signing != nil)
      #expect(Self.press(typed, &state).isEmpty)
      #expect(state.popup == nil)
      state.carryOut(effects, on: library)
      return (state, library)
    }
    let (wrong, kept) = signing("1111", then: Self.pin + "\n")
    #expect(kept.records("001").last?.action == .reopen)
    guard case .prompt(let prompt)? = wrong.popup else {
      Issue.record("not asked again")
      return
    }
    #expect(prompt.text.isEmpty)
    #expect(prompt.title.hasPrefix("during the check: 7 keys dropped; wrong PIN, 2 tries"))
    let (twice, signed) = signing("2468", then: Self.pin + "\n")
    #expect(signed.records("001").last?.action == .signOff && twice.popup == nil)
    #expect(twice.message?.text.hasSuffix("7 keys typed ahead dropped") == true)
    let (next, _) = signing("2468", then: "n")
    #expect(next.study?.study.subject != "001" || next.loading != nil)
    let (comment, _) = signing("2468", then: "c")
    #expect(comment.popup == nil)
  }
}
