import Core
import Testing

@testable import TUI

@Suite("Views and macros are neither replaced nor deleted unasked")
struct KeptNamesTests {
  /// A library whose reader has two views and two macros.
  private static func library() throws -> FixtureLibrary {
    let library = FixtureLibrary { Session.time }
    _ = try library.changeReaderText(.macros, reader: "liu") { _ in
      "[one]\naccept\n[two]\nnext-segment\n"
    }
    _ = Session(
      [
        .type("/sex:m"), .enter, .type("v+men"), .enter, .escape, .type("/sex:f"), .enter,
        .type("v+"), .key(.control("u")), .type("women"), .enter, .escape,
      ], library: library)
    return library
  }

  private static func views(_ library: FixtureLibrary) throws -> [String] {
    try library.worklistViews(reader: "liu").views.map { "\($0.name) \($0.filter)" }
  }

  private static func macros(_ library: FixtureLibrary) throws -> [String] {
    try library.macros(reader: "liu").macros.map { "\($0.name) \($0.steps.map(\.text))" }
  }

  @Test("a view of a name that is there is replaced at the second Enter, and at no key between")
  func replacingView() throws {
    let library = try Self.library()
    let before = try Self.views(library)
    #expect(before == ["men sex:m", "women sex:f"])
    let name: [MemoryDriver.Step] = [
      .type("/age>60"), .enter, .type("v+"), .key(.control("u")), .type("men"), .enter,
    ]
    let asked = Session(name, library: library)
    #expect(asked.message.contains("a view of this name is there, Enter again replaces it: men"))
    #expect(try Self.views(library) == before)
    let left = Session(name + [.escape], library: library)
    #expect(try Self.views(library) == before && !left.message.contains("again"))
    // Another name is saved beside it, the same typed anew is asked for anew.
    let other = Session(name + [.type("2")], library: library)
    #expect(other.message.contains("save this view as: men2"))
    _ = Session(name + [.type("2"), .key(KeyPress(.backspace)), .enter], library: library)
    #expect(try Self.views(library) == before)
    let replaced = Session(name + [.enter], library: library)
    #expect(replaced.message.contains("view men saved"))
    #expect(try Self.views(library).sorted() == ["men age>60", "women sex:f"])
  }

  @Test(
    "a macro of a name that is there is replaced at the second Enter; what is recorded stays typed")
  func replacingMacro() throws {
    let library = try Self.library()
    let recorded = MemoryDriver.Step.open("001") + [.type("*+*one"), .enter]
    let asked = Session(recorded, library: library)
    #expect(asked.message.contains("a macro of this name is there, Enter again replaces it: one"))
    #expect(try Self.macros(library) == ["one [\"accept\"]", "two [\"next-segment\"]"])
    let replaced = Session(recorded + [.enter], library: library)
    #expect(replaced.message.contains("macro one saved"))
    #expect(try Self.macros(library) == ["one [\"zoom-in\"]", "two [\"next-segment\"]"])
  }

  @Test("deleting asks, and only the same key on the same line answers")
  func deleting() throws {
    let library = try Self.library()
    let study = MemoryDriver.Step.open("001")
    let asked = Session(study + [.type("@d")], library: library)
    #expect(asked.message.contains("d again deletes macro one for good"))
    for between: [MemoryDriver.Step] in [
      [.type("j")], [.type("k")], [.type("z")], [.key(KeyPress(.home))],
      [.resize(TerminalSize(columns: 100, rows: 30))],
      [.mouse(MouseAct(.wheelDown, row: 5, column: 70))],
      [.escape, .type("@")],
    ] {
      let again = Session(study + [.type("@d")] + between + [.type("d")], library: library)
      #expect(try Self.macros(library).count == 2, "\(between)")
      #expect(again.message.contains("d again deletes macro"), "\(between)")
      let only = Session(study + [.type("@d")] + between, library: library)
      #expect(!only.message.contains("again deletes"), "\(between)")
    }
    #expect(Session(study + [.type("@dd")], library: library).message.contains("macro one deleted"))
    #expect(try Self.macros(library) == ["two [\"next-segment\"]"])
    let view = Session([.type("vjd")], library: library)
    #expect(view.message.contains("d again deletes view men for good"))
    #expect(try Self.views(library).count == 2)
    #expect(Session([.type("vjdd")], library: library).message.contains("view men deleted"))
    #expect(try Self.views(library) == ["women sex:f"])
  }

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let library = try Self.library()
    let study = MemoryDriver.Step.open("001")
    for shot in [
      Shot("view-replace", "Enter again replaces it: women", .type("v+women"), .enter),
      Shot("view-delete", "d again deletes view men", .type("vjd")),
      Shot("macro-replace", "Enter again replaces it: one", after: study, .type("*+*one"), .enter),
      Shot("macro-delete", "d again deletes macro one", after: study, .type("@d")),
    ] {
      try shot.check(size, library: library)
    }
  }
}
