import Foundation
import Core
import Synchronization
import Testing

@testable import TUI

@Suite("The work beside the workstation: seen, paused, resumed")
struct BackgroundTests {
  private static func state(
    _ progress: BackgroundProgress?, columns: Int = 80, rows: Int = 24
  ) -> AppState {
    var state = AppState(
      title: "spine-clinic", reader: "liu", size: TerminalSize(columns: columns, rows: rows),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    _ = Workstation.update(&state, .message(.background(progress)))
    return state
  }

  private static let running = BackgroundProgress(
    .detecting, done: 3, total: 12, secondsLeft: 100)

  /// What a key asks of the work, as words.
  private static func press(_ key: KeyPress, _ state: inout AppState) -> [String] {
    Workstation.update(&state, .key(key)).map { effect in
      switch effect {
      case .pauseBackground: "pause"
      case .resumeBackground: "resume"
      case .cancelDetections: "cancel"
      default: "\(effect)"
      }
    }
  }

  @Test("the same key pauses and resumes, on worklist and study", arguments: [true, false])
  func sameKey(_ isStudy: Bool) {
    var state =
      isStudy
      ? AppState.opened(on: FixtureLibrary { Session.time }, columns: 80, rows: 24)
      : Self.state(nil)
    state.background = Self.running
    #expect(Self.press(.control("x"), &state) == ["pause"])
    #expect(state.background?.phase == .pausing)
    #expect(
      state.message?.text
        == "pausing: nothing is half-written; Ctrl-X goes on with what is left")
    // A key pressed again before it has stopped takes the wish back.
    #expect(Self.press(.control("x"), &state) == ["resume"])
    #expect(state.background?.phase == .running)
    state.background?.phase = .paused
    #expect(Renderer.render(state).dump().contains("detection PAUSED, 3 of 12"))
    #expect(Self.press(.control("x"), &state) == ["resume"])
    state.background = nil
    #expect(Self.press(.control("x"), &state).isEmpty)
    #expect(state.message?.text == "nothing is being detected" && state.message?.kind == .refused)
  }

  @Test("that it goes on is said no more once it has ended; other words stay")
  func ended() {
    var state = Self.state(BackgroundProgress(.detecting, .paused, done: 3, total: 12))
    #expect(Self.press(.control("x"), &state) == ["resume"])
    _ = Workstation.update(&state, .message(.background(Self.running)))
    #expect(state.message?.text == "going on")
    _ = Workstation.update(&state, .message(.background(nil)))
    #expect(state.message == nil && state.background == nil)
    state.say(.note, "all studies")
    _ = Workstation.update(&state, .message(.background(nil)))
    #expect(state.message?.text == "all studies")
  }

  @Test("what is detected again on corrected labels is stopped first")
  func againFirst() {
    var state = Self.state(Self.running)
    state.redetecting = ["001"]
    #expect(Self.press(.control("x"), &state) == ["cancel"])
    #expect(state.background?.phase == .running)
    state.redetecting = []
    #expect(Self.press(.control("x"), &state) == ["pause"])
  }

  @Test("the list of commands pauses and resumes by name, and says what cannot be")
  func commands() {
    var state = Self.state(Self.running)
    #expect(
      Workstation.refusal(of: .resumeDetection, state) == "the detection is not paused")
    #expect(Workstation.refusal(of: .cancelDetection, state) == nil)
    for key in ":cancel-d" { _ = Self.press(.character(key), &state) }
    #expect(Self.press(KeyPress(.enter), &state) == ["pause"])
    for key in ":resume" { _ = Self.press(.character(key), &state) }
    #expect(Self.press(KeyPress(.enter), &state) == ["resume"])
    state.background = nil
    #expect(Workstation.refusal(of: .resumeDetection, state) == "nothing is being detected")
  }

  @Test("words: what is done, of how many, the time left, that it is paused")
  func words() {
    func words(
      _ work: BackgroundProgress.Work, _ phase: BackgroundProgress.Phase = .running, done: Int,
      left: Double? = nil
    ) -> String {
      BackgroundProgress(work, phase, done: done, total: 12, secondsLeft: left).words
    }
    #expect(words(.detecting, done: 0) == "detecting 12 studies")
    #expect(words(.detecting, done: 3, left: 100) == "detected 3 of 12, 2 min left")
    #expect(words(.making, done: 3) == "made 3 of 12 phantoms")
    #expect(words(.detecting, .pausing, done: 3, left: 9) == "detection pausing, 3 of 12 done")
    #expect(words(.making, .paused, done: 3) == "phantoms PAUSED, 3 of 12 done")
    #expect(BackgroundProgress(.detecting, done: 0, total: 1).words == "detecting 1 study")
    for (done, total) in [(0, 0), (5, 0), (9, 3), (-1, 3)] {
      let fraction = BackgroundProgress(.detecting, done: done, total: total).fraction
      #expect((0...1).contains(fraction))
    }
  }

  @Test("the keys reach the work, and the work is stopped at the end")
  func control() {
    let log = Mutex<[String]>([])
    let driver = MemoryDriver(
      size: TerminalSize(columns: 80, rows: 24),
      script: [
        .await("detected 3 of 12"), .key(.control("x")), .await("detection PAUSED"),
        .key(.control("x")), .await("detected 4 of 12"),
      ])
    let status = ReviewApp.run(
      source: FixtureLibrary { Session.time }, driver: driver, reader: "liu", timeZone: .gmt
    ) { post in
      post(.background(Self.running))
      return BackgroundControl(
        stop: { log.withLock { $0.append("stop") } },
        pause: {
          log.withLock { $0.append("pause") }
          post(.background(BackgroundProgress(.detecting, .paused, done: 3, total: 12)))
        },
        resume: {
          log.withLock { $0.append("resume") }
          post(.background(BackgroundProgress(.detecting, done: 4, total: 12)))
        })
    }
    #expect(status == 0 && driver.missed.isEmpty)
    let asked = log.withLock { $0 }
    #expect(asked == ["pause", "resume", "stop"])
  }

  @Test("the worklist while studies are detected, paused, and filtered", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let name = "\(size.0)x\(size.1)"
    var state = Self.state(Self.running, columns: size.0, rows: size.1)
    try Snapshot.check(Renderer.render(state).dump(), "worklist-detecting-\(name)")
    _ = Self.press(.control("x"), &state)
    let paused = BackgroundProgress(.detecting, .paused, done: 3, total: 12)
    _ = Workstation.update(&state, .message(.background(paused)))
    let entry = WorklistEntry(subject: "007", state: .waiting)
    _ = Workstation.update(&state, .message(.entry(entry)))
    try Snapshot.check(Renderer.render(state).dump(), "worklist-paused-\(name)")
    let filter = Session([.type("/flagged age>5")], columns: size.0, rows: size.1)
    try Snapshot.check(filter.text, "worklist-filter-\(name)")
  }
}
