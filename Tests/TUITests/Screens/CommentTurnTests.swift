import Core
import Testing

@testable import TUI

@Suite("Comments are taken back and restored by their names")
struct CommentTurnTests {
  private static let opened = MemoryDriver.Step.open("001")
  /// A verdict and a comment on C4-5.
  private static let commented = opened + [.type("Pcseen on STIR"), .enter]
  private static let redo = MemoryDriver.Step.key(.control("r"))

  private func actions(_ session: Session) -> [ReviewAction] {
    session.library.records("001").map(\.action)
  }

  @Test("u after c takes back the comment, not the verdict before it, and redo restores it")
  func turns() {
    let back = Session(Self.commented + [.type("u")], columns: 80, rows: 24)
    #expect(actions(back) == [.verdict, .comment, .undo])
    #expect(back.message.contains("comment on C4-5 taken back: saved 10:42:07"))
    #expect(back.lines.contains { $0.contains("▸ C4-5") && $0.contains("● present") })
    let later = Session(Self.commented + [.type("u]["), .type("uu")], columns: 80, rows: 24)
    #expect(actions(later) == [.verdict, .comment, .undo, .undo])
    #expect(later.message.contains("nothing to take back"))
    let restored = Session(Self.commented + [.type("u"), Self.redo], columns: 80, rows: 24)
    #expect(actions(restored) == [.verdict, .comment, .undo, .redo])
    #expect(restored.message.contains("comment on C4-5 restored: saved"))
    let ofAll: [MemoryDriver.Step] = [.type(":comment-study"), .enter, .type("x"), .enter]
    let study = Session(Self.opened + ofAll + [.type("u")], columns: 80, rows: 24)
    #expect(study.message.contains("comment on the study taken back: saved"))
  }

  @Test("what was taken back is noted nowhere on the study, and restored is there again")
  func noted() {
    let words = "you noted on C4-5: seen on STIR"
    #expect(Session(Self.commented + [.type("][")]).message.contains(words))
    #expect(!Session(Self.commented + [.type("u][")]).text.contains("you noted on"))
    let again = Session(Self.commented + [.type("u"), Self.redo, .type("][")])
    #expect(again.message.contains(words))
    // An earlier one is the latest that stands.
    let second = Session(Self.commented + [.type("cthin"), .enter, .type("u][")])
    #expect(second.message.contains(words))
  }

  @Test("the list of acts has it, and says that it was taken back", arguments: Snapshot.sizes)
  func acts(_ size: (Int, Int)) throws {
    let script = Self.commented + [.type("u]Aufu")]
    let session = Session(script + [.type("C")], columns: size.0, rows: size.1)
    for line in [
      "comment on C4-5: seen on STIR (taken back)", "took back comment on C4-5",
      "absent on C5-6 (taken back)", "took back absent on C5-6", "present on C4-5 ",
    ] { #expect(session.text.contains(line), "\(line)") }
    #expect(!session.text.contains("present on C4-5 (taken back)"))
    try Snapshot.check(session.text, "acts-taken-back-\(size.0)x\(size.1)")
    let restored = Session(
      Self.commented + [.type("u"), Self.redo, .type("C")], columns: size.0, rows: size.1)
    #expect(restored.text.contains("comment on C4-5: seen on STIR "))
    #expect(!restored.text.contains("(taken back)"))
  }

  @Test("beside the study, too, a long comment that was taken back says so to the end of its line")
  func notes() {
    let long = String(repeating: "bright and long ", count: 12)
    let session = Session(
      Self.opened + [.type("c" + long), .enter, .type("u")], columns: 200, rows: 60)
    let line = session.lines.first { $0.contains("comment on C4-5: bright") }
    #expect(line?.hasSuffix("… (taken back)") == true, "\(line ?? "")")
  }

  @Test("after signing a comment says so from the prompt on, and is taken back as such")
  func signed() {
    let late = DecidingTests.signed + [.type("ctold"), .enter]
    let said = Session(late)
    let name = "comment on \(said.library.records("001").last?.segment ?? "nothing")"
    let asked = Session(DecidingTests.signed + [.type("c")])
    #expect(asked.message.contains("\(name), after signing:"))
    #expect(said.message.contains("\(name), after signing: saved"))
    #expect(Session(late + [.type("C")]).text.contains("\(name), after signing: told"))
    let back = Session(late + [.type("u")])
    #expect(back.message.contains("\(name) taken back: saved"))
    #expect(back.lines[1].hasSuffix("signed"))
    #expect(ReviewState(back.library.records("001")).isSigned)
    let restored = Session(late + [.type("u"), Self.redo])
    #expect(restored.message.contains("\(name) restored: saved"))
    let more = Session(late + [.type("uu")])
    #expect(more.message.contains("the study is signed: nothing was saved"))
    #expect(more.library.records("001").count == back.library.records("001").count)
  }

  @Test("without a comment after the signature nothing is taken back or restored")
  func signedOnly() {
    let commented: [MemoryDriver.Step] = [.type("cseen"), .enter]
    let sign: [MemoryDriver.Step] = [
      .type("ZS1"), .enter, .type("2468"), .enter, .type("2468"), .enter,
    ]
    for key in [MemoryDriver.Step.type("u"), Self.redo] {
      let session = Session(DecidingTests.read + commented + sign + [key])
      #expect(session.message.contains("the study is signed: nothing was saved"))
      #expect(session.library.records("001").last?.action == .signOff)
    }
  }

  @Test("who reads blind stays blind: neither comment nor undo shows or names what the AI says")
  func blind() {
    let steps: [MemoryDriver.Step] = [.type("cthin"), .enter, .type("u"), Self.redo]
    for count in 2...steps.count {
      let session = Session(Self.opened + steps.prefix(count), startsBlind: true)
      #expect(session.text.contains("AI hidden"))
      for word in ["FLAG", "0.41", "▲", "flagged"] {
        #expect(!session.text.contains(word), "\(word) after \(count)")
      }
      #expect(session.library.records("001").allSatisfy { $0.blind })
      #expect(!ReviewState(session.library.records("001")).isRevealed)
    }
  }

  @Test("the key stands under the study while there is something to take back: a comment is")
  func footer() {
    let none = Session(Self.opened, columns: 200, rows: 60)
    #expect(!none.lines[59].contains("u undo"))
    let one = Session(Self.opened + [.type("cthin"), .enter], columns: 200, rows: 60)
    #expect(one.lines[59].contains("u undo"))
    let back = Session(Self.opened + [.type("cthin"), .enter, .type("u")], columns: 200, rows: 60)
    #expect(!back.lines[59].contains("u undo"))
  }

  @Test("a macro being recorded loses the comment that is taken back, and has it again with redo")
  func macro() throws {
    let start = Self.opened + [.type("*fcthin"), .enter, .type("u")]
    let back = Session(start + [.type("*one"), .enter])
    #expect(try back.library.macros(reader: "liu").macros.first?.steps.count == 1)
    let kept = Session(start + [Self.redo, .type("*one"), .enter])
    #expect(try kept.library.macros(reader: "liu").macros.first?.steps.count == 2)
  }

  @Test("on a case whose truth is shown comments are taken back, answers are not")
  func teaching() {
    let desk = Desk(FixtureRoom(.learner), columns: 200, rows: 60)
    desk.press("\n" + TeachingTests.answers + "E")
    desk.press("u")
    #expect(desk.message.contains("answers stand as they were given"))
    #expect(!desk.lines[59].contains("u undo"))
    desk.press("cseen late\n")
    #expect(desk.lines[59].contains("u undo"))
    desk.press("u")
    #expect(desk.message.contains("taken back: saved"))
    desk.send(.key(.control("r")))
    #expect(desk.message.contains("restored: saved"))
    desk.press("uu")
    #expect(desk.message.contains("answers stand as they were given"))
    let actions = desk.room.library.records("1").dropFirst(6).map(\.action)
    #expect(actions == [.reveal, .comment, .undo, .redo, .undo])
  }
}
