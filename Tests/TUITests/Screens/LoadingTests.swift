import Foundation
import Core
import Dispatch
import Synchronization
import Testing

@testable import TUI

/// The fixture library on a disk that gives sub-001 only when it is let.
private final class SlowLibrary: FixtureBacked {
  let base = FixtureLibrary { Session.time }
  let begun = DispatchSemaphore(value: 0)
  let gate = DispatchSemaphore(value: 0)
  let held = Mutex<[String]>([])

  func loadStudy(_ subject: String) throws -> ReviewStudy {
    if subject == "001" {
      begun.signal()
      gate.wait()
    }
    return try base.loadStudy(subject)
  }

  func access(to subject: String, reader: String) throws -> StudyAccess {
    held.withLock { $0.append(subject) }
    return StudyAccess()
  }
}

@Suite("A study on a slow disk is seen being read, and can be left")
struct LoadingTests {
  /// The worklist, on which sub-001 was just asked for.
  private static func opening() -> AppState {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 80, rows: 24),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "001"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    return state
  }

  @Test("the message line says what is opened, for how long, and what leaves it")
  func said() {
    var state = Self.opening()
    #expect(state.message?.text == "opening sub-001; Esc stays here")
    #expect(!Workstation.isIdle(.message(.tick), state))
    for _ in 0..<3 { _ = Workstation.update(&state, .message(.tick)) }
    #expect(state.message?.text == "opening sub-001, 6 s so far; Esc stays here")
    // What was refused meanwhile is not covered.
    _ = Workstation.update(&state, .key(.character("P")))
    _ = Workstation.update(&state, .message(.tick))
    #expect(state.message?.text == "opening sub-001, not yet open: P ignored")
    // The next one begins anew; where nothing is opened a tick changes nothing.
    _ = Workstation.update(&state, .key(KeyPress(.escape)))
    #expect(Workstation.isIdle(.message(.tick), state))
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    _ = Workstation.update(&state, .message(.tick))
    #expect(state.message?.text == "opening sub-001, 2 s so far; Esc stays here")
  }

  @Test("Esc, Ctrl-C and q end the reading", arguments: ["\u{1b}", "c", "q"])
  func left(_ key: String) {
    var state = Self.opening()
    let press = key == "\u{1b}" ? KeyPress(.escape) : key == "c" ? .control("c") : .character("q")
    let effects = Workstation.update(&state, .key(press))
    #expect(effects.contains { if case .cancelLoading = $0 { true } else { false } })
    #expect(state.loading == nil && state.message?.text == "sub-001 is not opened")
  }

  @Test("a study that is read again says so while its picture stays")
  func again() {
    var state = AppState.opened(
      on: FixtureLibrary { Session.time }, columns: 120, rows: 40)
    state.message = nil
    #expect(!Renderer.render(state).dump().contains("reading the study again"))
    state.loading = "001"
    let text = Renderer.render(state).dump()
    #expect(text.contains("reading the study again") && text.contains("LEVEL SCORE"))
  }

  private static func reply(_ value: WorkerReply.Value) -> TerminalEvent {
    .message(.reply(WorkerReply(value: value)))
  }

  @Test("a study that is read again draws anew: no map of a former detection comes back")
  func former() throws {
    let library = FixtureLibrary { Session.time }
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    let view = try #require(state.study?.shown?.view)
    let picture = try #require(state.study?.shown?.picture)
    let entry = WorklistEntry(subject: "001", state: .unread)
    let effects = Workstation.update(&state, Self.reply(.detected("001", .success(entry))))
    state.carryOut(effects, on: library)
    #expect(state.message?.text.hasPrefix("detected again on the corrected labels") == true)
    _ = Workstation.update(&state, Self.reply(.picture(view, picture)))
    #expect(state.study?.shown?.view == nil)
    state.drawPicture()
    let fresh = try #require(state.study?.shown?.view)
    #expect(fresh != view && fresh.slice == view.slice && fresh.overlay == view.overlay)
    _ = Workstation.update(&state, Self.reply(.picture(fresh, picture)))
    #expect(state.study?.shown?.picture === picture)
  }

  @Test("what was to be read again is, when the other study is not opened; its note is its own")
  func putOff() throws {
    let library = FixtureLibrary { Session.time }
    let entry = try #require(FixtureStudies.worklist(12).first { $0.subject == "001" })
    func detected(_ state: inout AppState) -> [Effect] {
      Workstation.update(&state, Self.reply(.detected("001", .success(entry))))
    }
    func reads(_ effects: [Effect]) -> [String] {
      effects.compactMap { effect -> String? in
        guard case .loadStudy(let subject) = effect else { return nil }
        return subject
      }
    }
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    let asked = reads(Workstation.update(&state, .key(.character("n"))))
    let other = try #require(asked.first)
    #expect(other != "001")
    #expect(reads(detected(&state)).isEmpty)
    var left = state
    let effects = Workstation.update(&left, .key(KeyPress(.escape)))
    #expect(reads(effects) == ["001"])
    left.carryOut(effects, on: library)
    #expect(left.message?.text.hasPrefix("detected again on the corrected labels") == true)
    #expect(left.study?.isSuperseded == false && left.study?.isOutdated == false)
    // One that cannot be opened says so for longer than the other takes to come.
    var failed = state
    let words = WorkerFailure(words: "its image is cut")
    let again = Workstation.update(&failed, Self.reply(.study(other, .failure(words))))
    #expect(reads(again) == ["001"])
    failed.carryOut(again, on: library)
    #expect(failed.message?.kind == .error)
    #expect(failed.message?.text.contains("cannot be opened: its image is cut") == true)
    // Begun already, and ended by the other.
    var begun = AppState.opened(on: library, columns: 120, rows: 40)
    #expect(reads(detected(&begun)) == ["001"])
    #expect(reads(Workstation.update(&begun, .key(.character("n")))) == [other])
    #expect(reads(Workstation.update(&begun, .key(KeyPress(.escape)))) == ["001"])
    // What cannot be read again is not tried again and again.
    #expect(reads(Workstation.update(&begun, Self.reply(.study("001", .failure(words))))).isEmpty)
    state.carryOut([.loadStudy(other)], on: library)
    #expect(state.study?.study.subject == other && state.noteAfterLoading == nil)
    #expect(state.message?.text.contains("detected again") != true)
  }

  @Test("neither another study nor an act waits for the one that is slow")
  func nothingWaits() {
    let library = SlowLibrary()
    let driver = MemoryDriver(
      size: TerminalSize(columns: 120, rows: 40),
      script: [
        .await("sub-004"), .type("/001"), .enter, .enter, .await("opening sub-001"), .escape,
        .await("sub-001 is not opened"), .escape, .await("all studies"), .type("/002"), .enter,
        .enter, .await("ANOCURVE"), .await("20 mm"), .type("A"), .await("saved 10:42:07"),
        .type("q"), .await("STATE"),
      ])
    let status = ReviewApp.run(source: library, driver: driver, reader: "liu", timeZone: .gmt)
    library.gate.signal()
    #expect(status == 0 && driver.missed.isEmpty)
    #expect(library.base.records("002").map(\.verdict) == [.absent])
  }

  @Test("what is no longer wanted is not held, and not shown")
  func notHeld() {
    let library = SlowLibrary()
    let posted = DispatchSemaphore(value: 0)
    let mailbox = Mailbox { posted.signal() }
    let worker = Worker(source: library, reader: "liu", mailbox: mailbox)
    worker.run(.loadStudy("001"))
    library.begun.wait()
    worker.run(.cancelLoading)
    library.gate.signal()
    var opened: [String] = []
    for subject in ["002", "003"] {
      worker.run(.loadStudy(subject))
      #expect(posted.wait(timeout: .now() + 10) == .success)
      if case .reply(let reply)? = mailbox.take(), case .study(let name, .success) = reply.value {
        opened.append(name)
      }
    }
    worker.finishWrites()
    let held = library.held.withLock { $0 }
    #expect(opened == ["002", "003"] && held == ["002", "003"])
    let late = mailbox.take()
    #expect(late == nil)
  }
}
