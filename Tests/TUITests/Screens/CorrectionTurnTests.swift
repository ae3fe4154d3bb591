import Core
import Foundation
import Synchronization
import Testing

@testable import TUI

@Suite("Taking a saved correction back and restoring it on the study screen")
struct CorrectionTurnTests {
  private static let redoKey = MemoryDriver.Step.key(.control("r"))
  private static let saved: [MemoryDriver.Step] = [.type("ejj"), .enter]
  private static let verdictAndSaved: [MemoryDriver.Step] = [.type("P"), .type("ejj"), .enter]
  private static let takenBack: [MemoryDriver.Step] = [.type("ejj"), .enter, .type("uu")]

  private func session(
    _ script: [MemoryDriver.Step], library: FixtureLibrary? = nil, columns: Int = 120,
    rows: Int = 40
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + script, columns: columns, rows: rows, library: library)
  }

  private func actions(_ session: Session) -> [ReviewAction] {
    session.library.records("001").map(\.action)
  }

  @Test("u names the correction with its time and reader, u again takes it back and detects again")
  func undo() {
    let asked = session(Self.saved + [.type("u")], columns: 80, rows: 24)
    #expect(
      asked.message.contains(
        "u again takes back: disc labels, corrected 2026-11-20 10:42 by liu: C"))
    #expect(asked.message.hasSuffix("(\" all)"), "the rest is a key away")
    #expect(actions(asked) == [.correct])
    let done = session(Self.saved + [.type("uu")])
    #expect(actions(done) == [.correct, .undo])
    let record = done.library.records("001").last
    #expect(record?.reverts == 1 && record?.correction?.target == .discs)
    #expect(done.worker.log.count { $0 == "detect 001" } == 2)
    #expect(done.message.contains("detected again on the former labels"))
    #expect(session(Self.saved + [.type("uuu")]).message.contains("nothing to take back"))
  }

  @Test("any other key forgets the question", arguments: ["j", "?q", "9"])
  func forgotten(_ keys: String) {
    let once = session(Self.saved + [.type("u" + keys + "u")])
    #expect(actions(once) == [.correct] && once.message.contains("u again takes back"))
    #expect(actions(session(Self.saved + [.type("u" + keys + "uu")])) == [.correct, .undo])
  }

  @Test("redo names it, too, restores it on the second press, and undo takes it back again")
  func redo() {
    let back = Self.takenBack
    let asked = session(back + [Self.redoKey])
    #expect(
      asked.message.contains(
        "Ctrl-R again restores: disc labels, corrected 2026-11-20 10:42 by liu"))
    #expect(actions(asked) == [.correct, .undo])
    let done = session(back + [Self.redoKey, Self.redoKey])
    #expect(actions(done) == [.correct, .undo, .redo])
    #expect(done.library.records("001").last?.reverts == 2)
    #expect(done.message.contains("detected again on the corrected labels"))
    // The answer to one question is none to the other.
    #expect(
      actions(session(back + [Self.redoKey, .type("u"), Self.redoKey])) == [.correct, .undo])
    let again = session(back + [Self.redoKey, Self.redoKey, .type("uu")])
    #expect(actions(again) == [.correct, .undo, .redo, .undo])
    #expect(session([Self.redoKey]).message.contains("nothing to restore"))
  }

  @Test("acts are taken back in the order in which they were written, each by its name")
  func order() {
    let both = session(Self.verdictAndSaved + [.type("uuu")])
    #expect(actions(both) == [.verdict, .correct, .undo, .undo])
    #expect(both.library.records("001").map(\.reverts) == [nil, nil, 2, 1])
    #expect(both.message.contains("present taken back"))
    let after = session(Self.saved + [.type("Pu")])
    #expect(actions(after) == [.correct, .verdict, .undo])
    #expect(after.message.contains("present taken back"))
    // A lesion mask decides no detection, and is shown at once.
    let lesion = session([.type("Em "), .enter, .type("uu")])
    #expect(actions(lesion) == [.correct, .undo] && !lesion.worker.log.contains("detect 001"))
    #expect(lesion.message.contains("lesion mask taken back ("))
  }

  @Test("a refusal says why and what u goes on to; nothing is written, and nothing counts as lost")
  func refused() {
    let library = FixtureLibrary { Session.time }
    library.turnRefusal.withLock { $0 = "eva corrected the disc labels since" }
    let script: [MemoryDriver.Step] = Self.verdictAndSaved + [.type("uu")]
    let first = session(script, library: library, columns: 200, rows: 60)
    #expect(
      first.message.contains(
        "not taken back: eva corrected the disc labels since; u goes on to present"))
    #expect(actions(first) == [.verdict, .correct] && first.status == 0)
    let other = FixtureLibrary { Session.time }
    other.turnRefusal.withLock { $0 = "eva corrected the disc labels since" }
    let next = session(script + [.type("u")], library: other)
    #expect(next.library.records("001").map(\.reverts) == [nil, nil, 1])
    // Nothing else is there, and then it is tried anew.
    let end = session([.type("u")], library: other)
    #expect(end.message.contains("u again takes back: disc labels"))
    let tried = session([.type("uuu")], library: other)
    #expect(tried.message.contains("nothing else to take back"))
  }

  @Test("what redo goes on to after a refusal is told by its own name")
  func refusedRedo() {
    let library = FixtureLibrary { Session.time }
    let both = session(Self.saved + [.type("Puuu")], library: library)
    #expect(actions(both) == [.correct, .verdict, .undo, .undo])
    library.turnRefusal.withLock { $0 = "eva corrected the disc labels since" }
    let next = session([Self.redoKey, Self.redoKey, Self.redoKey], library: library)
    #expect(next.library.records("001").last?.reverts == 3)
    #expect(next.message.contains("present restored"), "\(next.message)")
    #expect(!next.message.contains("disc labels"))
  }

  @Test("what fails is not saved, and said so")
  func failing() {
    let library = FixtureLibrary { Session.time }
    _ = session(Self.saved, library: library)
    library.failWrites("no space left on device")
    let failed = session([.type("uu")], library: library, columns: 200, rows: 60)
    #expect(failed.message.contains("NOT SAVED: no space left on device"))
    #expect(failed.message.contains("disc labels taken back") && failed.status == 3)
    #expect(actions(failed) == [.correct])
  }

  @Test("edits that wait, a signed study and a correction of a former version are told")
  func told() {
    let waiting = session(Self.saved + [.type("EHHH]]b "), .escape, .type("uu")])
    #expect(waiting.message.contains("first save or take back your edits (e, E): cord mask"))
    #expect(actions(waiting) == [.correct])
    let library = FixtureLibrary { Session.time }
    library.isFormerVersion.withLock { $0 = true }
    let former = session(Self.saved + [.type("u")], library: library)
    #expect(
      former.message.contains("disc labels: saved by a former version, stays; e edits them again"))
    #expect(actions(former) == [.correct])
    // What follows the opening of the study.
    let opening = MemoryDriver.Step.open("001").count
    let signing: [MemoryDriver.Step] = Array(DecidingTests.signed.dropFirst(opening))
    let signed = session(Self.saved + signing + [.type("uu")])
    #expect(signed.message.contains("the study is signed: nothing was saved"))
    #expect(signed.library.records("001").last?.action == .signOff)
  }

  @Test("the question's and the refusal's screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let name = "\(size.0)x\(size.1)"
    let asked = session(Self.saved + [.type("u")], columns: size.0, rows: size.1)
    try Snapshot.check(asked.text, "correction-undo-asked-\(name)")
    let library = FixtureLibrary { Session.time }
    library.turnRefusal.withLock {
      $0 = "eva corrected the disc labels since, on 2026-11-20 11:03:00 UTC"
    }
    let refused = session(
      Self.saved + [.type("uu")], library: library, columns: size.0, rows: size.1)
    try Snapshot.check(refused.text, "correction-undo-refused-\(name)")
  }
}
