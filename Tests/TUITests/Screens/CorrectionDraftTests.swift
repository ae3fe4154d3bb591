import Core
import Foundation
import Imaging
import Synchronization
import Testing

@testable import TUI

@Suite("Unsaved corrections and a hang-up")
struct CorrectionDraftTests {
  private let library = FixtureLibrary { Session.time }

  private func kept(_ target: CorrectionTarget) -> CorrectionDraft? {
    library.keptDrafts.withLock { $0["001 \(target.rawValue)"] }
  }

  private func content(_ target: CorrectionTarget) -> LabelCorrection.Content? {
    kept(target)?.correction.content
  }

  /// A new session of the reader that opens the study and presses keys.
  private func again(_ keys: String) -> EditorDesk {
    library.endSession()
    return EditorDesk(keys, library: library)
  }

  @Test("a hang-up in the editor keeps what is drawn, and the next session goes on with it")
  func hangUp() throws {
    let desk = EditorDesk("Ex ", library: library)
    let drawn = try #require(desk.correction?.mask)
    #expect(drawn.isChanged && kept(.cord) == nil)
    desk.send(.hangup)
    #expect(kept(.cord)?.correction == desk.correction?.correction)
    let next = again("")
    #expect(next.correction == nil)
    #expect(
      next.message
        == "unsaved corrections are back: cord mask of 2026-11-20 10:42 (E); Enter saves")
    next.press("E")
    #expect(next.message.contains("the cord mask as you left it: "))
    #expect(next.correction?.mask?.masks == drawn.masks)
    #expect(next.correction?.mask?.original == drawn.original)
    #expect(next.correction?.mask?.undoName == "edits of 2026-11-20 10:42")
    next.press("u")
    #expect(next.correction?.mask?.isChanged == false)
    next.send(.message(.tick))
    #expect(kept(.cord) == nil)
  }

  @Test("a hang-up of the terminal waits until all of it is on the disk")
  func ended() {
    let script = MemoryDriver.Step.open("001") + [.type("Ex "), .hangup]
    #expect(Session(script, library: library).status == 129)
    #expect(kept(.cord) != nil)
    let none = FixtureLibrary { Session.time }
    Session(MemoryDriver.Step.open("001") + [.type("E"), .hangup], library: none)
    #expect(none.keptDrafts.withLock { $0.isEmpty })
  }

  @Test("keys of the examiner: mask and labels, left and in the editor, are back after a kill")
  func examined() throws {
    let desk = EditorDesk("Ex \u{1b}ejj", library: library)
    // The mask was kept when its editor was left; the labels with the next tick.
    #expect(kept(.cord) != nil && kept(.discs) == nil)
    desk.send(.message(.tick))
    let points = try #require(desk.correction?.labels?.points)
    #expect(content(.discs) == .points(points))
    // Killed: nothing more is asked of this session.
    let next = again("")
    for words in ["disc labels of 2026-11-20 10:42 (e)", "cord mask of 2026-11-20 10:42 (E)"] {
      #expect(next.message.contains(words))
    }
    next.press("e")
    #expect(next.correction?.labels?.points == points)
    #expect(next.correction?.labels?.changes == "C2-3 moved 1.6 mm")
    next.press("u")
    #expect(next.correction?.isChanged == false)
    // What was taken back wholly is gone when the editor is left, the other one is not.
    next.press("\u{1b}")
    #expect(kept(.discs) == nil && kept(.cord) != nil)
  }

  @Test("while it is drawn on, a correction is kept with the ticks, and only where it has changed")
  func coalesced() {
    let desk = EditorDesk("ej", library: library)
    desk.press("jjj")
    #expect(library.draftsKept.withLock { $0 } == 0)
    desk.send(.message(.tick))
    desk.send(.message(.tick))
    desk.press("]")
    desk.send(.message(.tick))
    #expect(library.draftsKept.withLock { $0 } == 1)
    desk.press("j")
    desk.send(.message(.tick))
    #expect(library.draftsKept.withLock { $0 } == 2)
    desk.press("\u{1b}")
    #expect(library.draftsKept.withLock { $0 } == 2)
  }

  @Test("what is saved is kept until it is, and not after")
  func saved() {
    let desk = EditorDesk("ejj", library: library)
    #expect(kept(.discs) == nil)
    library.failWrites("disk full")
    library.draftFailure.withLock { $0 = "disk full" }
    desk.press("\n")
    #expect(kept(.discs) == nil)
    #expect(desk.message.contains("NOT SAVED"))
    #expect(desk.message.contains("against a hang-up cannot be written: disk full"))
    library.failWrites(nil)
    library.draftFailure.withLock { $0 = nil }
    desk.send(.message(.tick))
    #expect(kept(.discs) != nil)
    desk.press("\n")
    #expect(library.records("001").map(\.action) == [.correct])
    #expect(kept(.discs) == nil)
    #expect(again("").message.contains("unsaved corrections") == false)
  }

  @Test("what came back is saved as it was drawn, and gone then")
  func savedAgain() throws {
    EditorDesk("ejj", library: library).send(.terminate(status: 143))
    let before = try #require(content(.discs))
    let next = again("e\n")
    #expect(library.committed.withLock { $0.map(\.content) } == [before])
    #expect(library.records("001").map(\.correction?.change) == ["C2-3 moved 1.6 mm"])
    #expect(kept(.discs) == nil && next.correction == nil)
  }

  @Test("who quits and chooses to lose the edits finds none; who is asked only still does")
  func quit() {
    let desk = EditorDesk("ejj\u{1b}Q", library: library)
    #expect(desk.message.contains("again quits WITHOUT SAVING") && kept(.discs) != nil)
    desk.press("Q")
    #expect(desk.state.isDone && kept(.discs) == nil)
    #expect(again("").message.contains("unsaved corrections") == false)
  }

  @Test("typing e at once opens the editor with what was left, not beside it")
  func typedAhead() throws {
    EditorDesk("ejj", library: library).send(.hangup)
    let points = try #require(kept(.discs)?.correction.content)
    library.endSession()
    // The answer on what was left comes after the key that asks for the editor.
    let desk = EditorDesk("", library: FixtureLibrary { Session.time })
    var state = desk.state
    let effects = Workstation.update(&state, .key(.character("e")))
    #expect(state.editorAwaited == .discs)
    let grids = try #require(state.study?.correctionGrids)
    for effect in [Effect.loadDrafts("001", grids: grids, isBlind: false, except: [])] + effects {
      guard let answer = Worker.answer(effect, library, "liu") else { continue }
      _ = Workstation.update(&state, .message(.reply(WorkerReply(value: answer))))
    }
    #expect(state.study?.correction?.correction.content == points)
    #expect(state.message?.text.contains("as you left them") == true)
  }

  @Test("what does not go on is said with the reason, and is not in the editor")
  func refused() {
    EditorDesk("ejj", library: library).send(.hangup)
    library.draftRefusal.withLock { $0 = "the disc labels were changed since" }
    let next = again("")
    #expect(
      next.message
        == "NOT BACK: unsaved edits of 2026-11-20 10:42, disc labels: the disc labels were changed "
        + "since; kept as aside-1.json")
    next.press("e")
    #expect(next.correction?.isChanged == false)
  }

  @Test("edits of slices that are others now go on in the editor, and stay kept")
  func otherSlices() throws {
    EditorDesk("Ex \u{1b}", library: library).send(.hangup)
    let next = again("")
    var state = next.state
    state.study?.loaded.study.pictures.removeLast()
    state.carryOut(Workstation.update(&state, .key(.character("E"))), on: library)
    #expect(state.message?.text.contains("as you left it") == true)
    #expect(state.study?.correction?.isChanged == true)
    #expect(kept(.cord) != nil)
    #expect(library.draftsAside.withLock { $0.isEmpty })
  }

  @Test("a session that only opens a study keeps nothing and asks for nothing to be removed")
  func idle() {
    let desk = EditorDesk("e\u{1b}E\u{1b}", library: library)
    desk.send(.message(.tick))
    desk.send(.hangup)
    #expect(library.draftsKept.withLock { $0 } == 0)
    #expect(library.keptDrafts.withLock { $0.isEmpty })
  }

  @Test("what came back is this session's at once, with its time, and is written once")
  func untouched() {
    EditorDesk("ejj", library: library).send(.hangup)
    #expect(library.draftsKept.withLock { $0 } == 1)
    let next = again("")
    #expect(kept(.discs)?.session == CorrectionDraft.session)
    #expect(kept(.discs)?.time == Session.time)
    next.press("e\u{1b}")
    next.send(.hangup)
    #expect(library.draftsKept.withLock { $0 } == 2 && kept(.discs)?.time == Session.time)
    #expect(library.draftsAside.withLock { $0.isEmpty })
  }

  @Test("what was taken over of one study is not of another")
  func takenOver() throws {
    let desk = EditorDesk("Ex ", library: library)
    let mode = try #require(desk.correction)
    let (one, two) = (
      CorrectionKeeping.Key(subject: "001", target: .cord),
      CorrectionKeeping.Key(subject: "002", target: .cord)
    )
    var keeping = CorrectionKeeping()
    keeping.take(mode, one, from: "former")
    #expect(keeping.sessions(of: one) == [CorrectionDraft.session, "former"])
    #expect(keeping.sessions(of: two) == [CorrectionDraft.session])
    // What could not be removed is removed with the next try.
    keeping.remove(one)
    #expect(
      keeping.settle(one, failure: "disk full", isRemoval: true) == "disk full" && !keeping.isEmpty)
    keeping.remove(one)
    #expect(keeping.settle(one, failure: nil, isRemoval: true) == nil && keeping.isEmpty)
  }

  @Test("a removal that fails is tried again, whatever else was answered before")
  func removals() throws {
    let desk = EditorDesk("Ex ", library: library)
    let mode = try #require(desk.correction)
    let key = CorrectionKeeping.Key(subject: "001", target: .cord)
    var keeping = CorrectionKeeping()
    keeping.keep(mode, key)
    keeping.remove(key)
    // The answer to keeping comes first.
    #expect(keeping.settle(key, failure: nil, isRemoval: false) == nil)
    #expect(keeping.removing == [key])
    #expect(keeping.settle(key, failure: "disk full", isRemoval: true) == "disk full")
    #expect(keeping.removing == [key] && keeping.failures[key] == "disk full")
    // Removed, drawn anew and removed again: the first removal's answer says nothing of the second.
    keeping.remove(key)
    keeping.keep(mode, key)
    keeping.remove(key)
    #expect(keeping.settle(key, failure: nil, isRemoval: true) == nil)
    #expect(keeping.settle(key, failure: nil, isRemoval: false) == nil)
    #expect(keeping.removing == [key])
    #expect(keeping.settle(key, failure: "disk full", isRemoval: true) == "disk full")
    #expect(keeping.removing == [key])
    keeping.remove(key)
    #expect(keeping.settle(key, failure: nil, isRemoval: true) == nil && keeping.isEmpty)
  }

  /// Another session of the reader takes over what is kept of the mask, and draws on or not.
  private func takeOver(drawing: Bool) throws {
    var draft = try #require(kept(.cord))
    draft.session = "other"
    if drawing, case .mask(var changes) = draft.correction.content {
      changes[0].after.pixels[7].toggle()
      draft.correction.content = .mask(changes)
    }
    library.keptDrafts.withLock { $0["001 cord"] = draft }
  }

  @Test("edits that another session left meanwhile give way to those here, aside, and it is said")
  func leftMeanwhile() throws {
    let desk = EditorDesk("Ex \u{1b}", library: library)
    let own = try #require(content(.cord))
    try takeOver(drawing: true)
    let grids = try #require(desk.state.study?.correctionGrids)
    let search = try library.drafts(
      of: "001", grids: grids, isBlind: false, except: [CorrectionDraft.session], reader: "liu")
    #expect(search.found.count == 1)
    desk.send(
      .message(.reply(WorkerReply(value: .drafts("001", grids, .success(search))))))
    #expect(library.draftsAside.withLock { $0 } == ["001 cord"])
    #expect(kept(.cord)?.session == CorrectionDraft.session && content(.cord) == own)
    #expect(desk.message.contains("kept aside as 001 cord"))
    // Saved without another stroke: what is removed is this session's.
    desk.press("E\n")
    #expect(library.committed.withLock { $0.map(\.content) } == [own] && kept(.cord) == nil)
  }

  @Test("a session that ends leaves what another put in the place of what it had kept")
  func endedAfterOther() throws {
    let desk = EditorDesk("Ex \u{1b}", library: library)
    try takeOver(drawing: true)
    let others = try #require(content(.cord))
    desk.send(.hangup)
    #expect(kept(.cord)?.session == "other" && content(.cord) == others)
    #expect(library.draftsAside.withLock { $0 } == ["own 001 cord"])
  }

  @Test("what was not kept before a session ends is kept then, and another's is set aside")
  func endedDrawing() throws {
    let desk = EditorDesk("Ex \u{1b}", library: library)
    try takeOver(drawing: true)
    desk.press("Ejjj ")
    desk.send(.hangup)
    #expect(kept(.cord)?.session == CorrectionDraft.session)
    #expect(library.draftsAside.withLock { $0 } == ["001 cord"])
  }

  @Test("boundaries that wait are kept with the discs that were saved meanwhile")
  func savedDiscs() throws {
    let desk = EditorDesk("Ex ", library: library)
    var mode = try #require(desk.correction)
    let key = CorrectionKeeping.Key(subject: "001", target: .cord)
    var keeping = CorrectionKeeping()
    keeping.keep(mode, key)
    #expect(keeping.holds(mode, key))
    mode.savedDiscs = String(repeating: "0", count: 64)
    #expect(!keeping.holds(mode, key) && mode.draft.savedDiscs == mode.savedDiscs)
  }

  @Test("the screen says what is back", arguments: 0..<Snapshot.sizes.count)
  func screen(_ at: Int) throws {
    EditorDesk("Ex \u{1b}ejj", library: library).send(.hangup)
    library.endSession()
    let shot = Shot(
      "corrections-back", "unsaved corrections are back", after: MemoryDriver.Step.open("001"))
    try shot.check(Snapshot.sizes[at], library: library)
  }
}
