import Core
import Foundation
import Testing

@testable import TUI

@Suite("A detection on other labels than those that stand")
struct UndetectedTests {
  private static func library() -> FixtureLibrary {
    FixtureLibrary(
      clock: { Session.time },
      change: { $0.detection?.quality.insert(.detectionOutdated, at: 0) })
  }

  private static let current = FixtureLibrary { Session.time }

  private static func words(_ effects: [Effect]) -> [String] {
    effects.compactMap { effect in
      switch effect {
      case .detectAgain(let subject): "detect \(subject)"
      case .cancelDetections: "cancel"
      case .pauseBackground: "pause"
      case .resumeBackground: "resume"
      case .loadStudy(let subject): "load \(subject)"
      default: nil
      }
    }
  }

  private static func press(_ keys: [KeyPress], _ state: inout AppState) -> [String] {
    keys.flatMap { words(Workstation.update(&state, .key($0))) }
  }

  private static let ctrlX = KeyPress.control("x")
  private static let resume = ":resume".map { KeyPress.character($0) } + [KeyPress(.enter)]

  private static func detected(_ result: Result<WorklistEntry, WorkerFailure>) -> TerminalEvent {
    .message(.reply(WorkerReply(value: .detected("001", result))))
  }

  private static func listed(_ state: AppState) -> WorklistEntry? {
    state.worklist.entries.first { $0.subject == "001" }
  }

  @Test("head, quality and reasons say it, and a and d take no call", arguments: Snapshot.sizes)
  func said(_ size: (Int, Int)) {
    func session(_ keys: String, blind: Bool = false) -> Session {
      Session(
        MemoryDriver.Step.open("001") + [.type(keys)], columns: size.0, rows: size.1,
        library: Self.library(), startsBlind: blind)
    }
    for key in ["a", "d"] {
      let refused = session(key)
      #expect(refused.lines[1].contains(" outdated  "), "\(refused.lines[1])")
      #expect(refused.lines[1].contains("2 flagged") && refused.lines[1].hasSuffix("unread"))
      #expect(refused.text.contains("AI outdated: image or labels changed since"))
      #expect(
        refused.message.contains(
          ": the AI's result is outdated; state P, A or x; Ctrl-X detects again"))
      #expect(refused.library.records("001").isEmpty)
      #expect(!refused.text.contains("a accept"))
    }
    #expect(
      size.0 == 80
        ? session("").text.contains("quality: detection-outdated")
        : session("").text.contains("Image or labels changed after the"))
    for (key, verdict) in [("P", Verdict.present), ("A", .absent), ("x", .cannotTell)] {
      #expect(session(key).library.records("001").map(\.verdict) == [verdict])
    }
    // Who does not see the AI's result is told nothing of it.
    let blind = session("", blind: true)
    #expect(!blind.lines[1].contains("outdated") && !blind.text.contains("AI outdated"))
  }

  @Test("a stopped detection reads the study again, and the same key detects it again")
  func stopped() {
    var state = AppState.opened(on: Self.current, columns: 120, rows: 40)
    state.redetecting = ["001"]
    // A verdict would be of the labels before, and be told to be a moment later.
    func footer(_ state: AppState) -> String {
      Renderer.render(state).dump().split(separator: "\n").last.map(String.init) ?? ""
    }
    for word in ["accept", "disagree", "present", "absent", "cannot tell"] {
      #expect(!footer(state).contains(word), "\(word)")
    }
    for key: Character in ["a", "d", "P", "A", "x"] {
      state.message = nil
      #expect(Self.press([.character(key)], &state).isEmpty)
      let words = ": labels changed, it is being detected again: a moment"
      #expect(state.message?.text.hasSuffix(words) == true, "\(key)")
      #expect(state.message?.kind == .refused && state.inFlight.isEmpty && state.popup == nil)
    }
    state.play(
      Self.detected(.failure(WorkerFailure(words: "it was stopped"))), on: Self.library())
    #expect(state.message?.kind == .error)
    #expect(state.message?.text.hasSuffix("result stays; Ctrl-X detects again") == true)
    #expect(state.study?.hasOutdatedDetection == true && state.undetected == ["001"])
    // Stopped, it takes the reader's own words.
    #expect(footer(state).contains("P present") && !footer(state).contains("a accept"))
    var stated = state
    _ = Workstation.update(&stated, .key(.character("P")))
    #expect(stated.inFlight.count == 1)
    #expect(Self.listed(state)?.hasOutdatedDetection == true)
    #expect(Self.press([Self.ctrlX], &state) == ["detect 001"])
    #expect(state.message?.text == "detecting sub-001 again")
    #expect(state.redetecting == ["001"] && state.undetected.isEmpty)
    #expect(Self.press([Self.ctrlX], &state) == ["cancel"])
    // This time it is done.
    var entry = FixtureStudies.worklist(1)[0]
    entry.subject = "001"
    state.play(Self.detected(.success(entry)), on: Self.current)
    #expect(state.study?.hasOutdatedDetection == false && state.redetecting.isEmpty)
    #expect(Self.listed(state)?.hasOutdatedDetection == false)
  }

  @Test("of two detections of a study the first answer does not end the second")
  func twice() {
    var entry = FixtureStudies.worklist(1)[0]
    entry.subject = "001"
    let failure = WorkerFailure(words: "it was stopped")
    for first: Result<WorklistEntry, WorkerFailure> in [.success(entry), .failure(failure)] {
      var state = AppState.opened(on: Self.current, columns: 120, rows: 40)
      state.redetecting = ["001", "003", "001"]
      #expect(Workstation.redetectingNames(state) == "001, 003")
      #expect(Renderer.render(state).dump().contains("detecting sub-001, 003 again"))
      state.play(Self.detected(first), on: Self.current)
      #expect(state.redetecting == ["003", "001"] && state.undetected.isEmpty)
      #expect(state.message?.kind != .error)
      state.play(Self.detected(.failure(failure)), on: Self.library())
      #expect(state.redetecting == ["003"] && state.undetected == ["001"])
      #expect(state.message?.kind == .error)
    }
  }

  @Test("a study of an earlier session is detected again from its screen, by key and by name")
  func opened() {
    var state = AppState.opened(on: Self.library(), columns: 120, rows: 40)
    #expect(state.undetected.isEmpty && Self.listed(state)?.hasOutdatedDetection == true)
    // The study on the screen comes before the library's detection.
    state.background = BackgroundProgress(.detecting, done: 3, total: 12)
    var other = state
    #expect(Self.press([Self.ctrlX], &state) == ["detect 001"])
    #expect(Workstation.refusal(of: .resumeDetection, other) == nil)
    #expect(Self.press(Self.resume, &other) == ["detect 001"])
    #expect(other.background?.phase == .running)
    // In a study that is open elsewhere nothing is begun.
    var closed = AppState.opened(on: Self.library(), columns: 120, rows: 40)
    closed.study?.access.role = .guest
    #expect(Self.press([Self.ctrlX], &closed).isEmpty)
    #expect(closed.message?.text == "nothing is being detected")
  }

  @Test("from the worklist all that was stopped goes on, after the library's detection is paused")
  func worklist() {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.undetected = ["001", "003"]
    var paused = state
    #expect(Self.press([Self.ctrlX], &state) == ["detect 001", "detect 003"])
    #expect(Self.press([Self.ctrlX], &state) == ["cancel"])
    paused.background = BackgroundProgress(.detecting, done: 3, total: 12)
    #expect(Self.press([Self.ctrlX], &paused) == ["pause"])
    #expect(Self.press(Self.resume, &paused) == ["detect 001", "detect 003", "resume"])
    #expect(paused.background?.phase == .running && paused.undetected.isEmpty)
  }

  @Test("what was detected beside the workstation meanwhile is read again, once")
  func beside() {
    var state = AppState.opened(on: Self.library(), columns: 120, rows: 40)
    var entry = FixtureStudies.worklist(1)[0]
    entry.subject = "001"
    var old = entry
    old.setOutdated(true)
    #expect(Self.words(Workstation.update(&state, .message(.entry(old)))).isEmpty)
    state.play(.message(.entry(entry)), on: Self.current)
    #expect(state.study?.hasOutdatedDetection == false)
    #expect(Self.words(Workstation.update(&state, .message(.entry(entry)))).isEmpty)
  }
}
