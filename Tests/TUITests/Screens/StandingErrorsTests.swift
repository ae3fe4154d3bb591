import Core
import Testing

@testable import TUI

@Suite("Errors stand beside each other until a key is pressed")
struct StandingErrorsTests {
  private let library = FixtureLibrary { Session.time }

  private static func reply(_ value: WorkerReply.Value) -> TerminalEvent {
    .message(.reply(WorkerReply(value: value)))
  }

  /// An act on study 001 and the next study asked for, of which nothing is answered yet.
  private func asked(
    _ size: (Int, Int) = (120, 40)
  ) throws -> (state: AppState, write: [Effect], load: [Effect], other: String) {
    var state = AppState.opened(on: library, columns: size.0, rows: size.1)
    let write = Workstation.update(&state, .key(.character("P")))
    let load = Workstation.update(&state, .key(.character("n")))
    let other = try #require(state.opening)
    #expect(!state.inFlight.isEmpty)
    return (state, write, load, other)
  }

  private func failLoad(_ other: String, _ state: inout AppState) {
    let failure = WorkerFailure(words: "its image is cut")
    _ = Workstation.update(&state, Self.reply(.study(other, .failure(failure))))
  }

  @Test("a failed save and a failed load are both read, what was lost first", arguments: [0, 1])
  func both(_ first: Int) throws {
    let before = try asked()
    let other = before.other
    var state = before.state
    library.failWrites("disk full")
    if first == 1 { failLoad(other, &state) }
    state.carryOut(before.write, on: library)
    if first == 0 { failLoad(other, &state) }
    let text = try #require(state.message?.text)
    #expect(state.message?.kind == .error)
    #expect(text.hasPrefix("NOT SAVED: disk full, C4-5 present; "), "\(text)")
    #expect(text.hasSuffix("; sub-\(other) cannot be opened: its image is cut"), "\(text)")
    #expect(state.messageLog.messages.last?.text == text)
    // The same again is there once.
    failLoad(other, &state)
    state.say(.error, "sub-\(other) cannot be opened: its image is cut")
    #expect(state.message?.text == text)
    // A key has read them.
    _ = Workstation.update(&state, .key(.character("]")))
    #expect(state.message == nil)
  }

  @Test("an act that was not saved stays to be read when the next study is there")
  func opened() throws {
    let lost = try asked()
    var state = lost.state
    library.failWrites("disk full")
    state.carryOut(lost.write, on: library)
    state.carryOut(lost.load, on: library)
    #expect(state.study?.study.subject == lost.other)
    #expect(state.message?.kind == .error)
    let text = try #require(state.message?.text)
    #expect(text.hasPrefix("NOT SAVED: disk full, ") && text.contains("C4-5 present"), "\(text)")
    // What is no error makes room for the study.
    library.failWrites(nil)
    let written = try asked()
    state = written.state
    state.carryOut(written.write, on: library)
    #expect(state.message?.text.contains("saved 10:42:07") == true)
    state.carryOut(written.load, on: library)
    #expect(state.message?.text.contains("saved") != true)
  }

  @Test("news take no word from an error, and an error goes before them")
  func news() {
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    state.say(.note, "reading")
    state.say(.error, "first")
    #expect(state.message == StatusMessage(kind: .error, text: "first"))
    state.sayUnasked(.done, "saved")
    #expect(state.message == StatusMessage(kind: .error, text: "first; saved"))
    // One that goes on from what stands takes its place.
    state.say(.error, "m stopped: first; saved")
    #expect(state.message?.text == "m stopped: first; saved")
    state.say(.refused, "asked for")
    #expect(state.message == StatusMessage(kind: .refused, text: "asked for"))
  }

  @Test("a line that is full takes no more; what comes then is among the messages in full")
  func full() {
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    let long = String(repeating: "x", count: AppState.longestErrors - 10)
    state.say(.error, long)
    state.say(.error, "short")
    #expect(state.message?.text == "\(long); short")
    state.say(.error, "and one more")
    #expect(state.message?.text == "\(long); short")
    #expect(state.messageLog.messages.last?.text == "and one more")
    state.say(.error, "one more still")
    #expect(state.messageLog.messages.suffix(2).map(\.text) == ["and one more", "one more still"])
  }

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let before = try asked(size)
    var state = before.state
    library.failWrites("disk full")
    state.carryOut(before.write, on: library)
    failLoad(before.other, &state)
    try Shot.check(
      Renderer.render(state).dump(), "errors-beside", says: "NOT SAVED: disk full, ", size)
  }
}
