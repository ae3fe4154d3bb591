import Core
import Testing

@testable import TUI

@Suite("Texts that are typed: the caret, and nothing is dropped without a word")
struct PromptTextTests {
  private static let opened = MemoryDriver.Step.open("001") + [.type("c")]

  private static func key(_ key: KeyPress.Key) -> MemoryDriver.Step { .key(KeyPress(key)) }

  private func comment(_ steps: [MemoryDriver.Step]) -> String? {
    Session(Self.opened + steps + [.enter]).library.records("001").last?.comment
  }

  @Test("a comment as long as a journal takes is pasted and saved whole")
  func long() {
    for count in [767, TextPrompt.limit] {
      let words = String(repeating: "x", count: count - 1) + "y"
      #expect(comment([.paste(words)]) == words)
    }
  }

  @Test("what is beyond the limit is said before Enter, and until the text is changed")
  func beyond() {
    let said = "at most \(TextPrompt.limit) characters: the rest was not taken"
    let full = String(repeating: "x", count: TextPrompt.limit)
    let pasted = Self.opened + [.paste(full + "yz")]
    for columns in [80, 120] {
      let session = Session(pasted, columns: columns, rows: 40)
      #expect(session.message.contains(said), "\(session.message)")
      #expect(session.library.records("001").isEmpty)
    }
    #expect(comment([.paste(full + "yz")]) == full)
    let whole = Session(Self.opened + [.paste(full)])
    #expect(!whole.message.contains("at most"))
    let typed = Session(Self.opened + [.paste(full), .type("y")])
    #expect(typed.message.contains(said))
    // Looking at it changes nothing; making room does.
    #expect(Session(pasted + [Self.key(.left)]).message.contains(said))
    let shorter = Session(pasted + [Self.key(.backspace)])
    #expect(!shorter.message.contains("at most") && shorter.message.contains("comment on C4-5"))
  }

  @Test("no character is cut in two at the limit, and filters keep their own")
  func boundary() {
    var text = PromptText("abc")
    let isWhole = text.insert("e\u{301}z", most: 4)
    #expect(!isWhole && text.whole == "abc")
    let filter = Session([.type("/"), .paste(String(repeating: "x", count: 501))])
    #expect(filter.text.contains("at most 500 characters: the rest was not taken"))
  }

  @Test("the caret moves, writes, deletes and takes pasted text where it stands")
  func caret() {
    let left = [MemoryDriver.Step](repeating: Self.key(.left), count: 4)
    #expect(comment([.type("abcdefgh")] + left + [Self.key(.backspace)]) == "abcefgh")
    #expect(comment([.type("abcdefgh")] + left + [Self.key(.delete)]) == "abcdfgh")
    #expect(
      comment([.type("cd"), Self.key(.home), .paste("ab"), Self.key(.end), .type("e")]) == "abcde")
    let control: [MemoryDriver.Step] = [
      .type("bc"), .key(.control("a")), .type("a"), .key(.control("e")), .type("d"),
    ]
    #expect(comment(control) == "abcd")
    #expect(
      comment([.type("ac"), Self.key(.left), .type("b"), Self.key(.right), .type("d")]) == "abcd")
    // Beyond the ends nothing happens, and Ctrl-U empties the whole text.
    let ends: [MemoryDriver.Step] = [
      Self.key(.right), .type("a"), Self.key(.home), Self.key(.left), .type("b"),
    ]
    #expect(comment(ends) == "ba")
    #expect(comment([.type("abc"), Self.key(.left), .key(.control("u")), .type("d")]) == "d")
  }

  @Test("letters with accents and wide characters are passed and deleted as one")
  func wholeCharacters() {
    var text = PromptText("e\u{301}頸")
    #expect(text.edit(with: KeyPress(.left)) && text.before == "e\u{301}" && text.after == "頸")
    #expect(text.edit(with: KeyPress(.left)) && text.before.isEmpty)
    #expect(text.edit(with: KeyPress(.delete)) && text.whole == "頸")
    #expect(text.edit(with: KeyPress(.right)) && text.after.isEmpty)
    #expect(text.edit(with: KeyPress(.backspace)) && text.whole.isEmpty)
    #expect(!text.edit(with: .character("a")) && text.whole.isEmpty)
  }

  @Test("the caret is drawn at its place, also in a text longer than the line")
  func drawn() {
    let short = Session(Self.opened + [.type("abc"), Self.key(.left), Self.key(.left)])
    #expect(short.message.contains("comment on C4-5: abc"))
    let long = String(repeating: "x", count: 300)
    let middle = Session(
      Self.opened + [.paste("begin" + long + "middle")]
        + [MemoryDriver.Step](repeating: Self.key(.left), count: 3) + [.paste(long)]
        + [MemoryDriver.Step](repeating: Self.key(.left), count: 300))
    #expect(middle.message.contains("midxxx") && !middle.message.contains("begin"))
    let start = Session(Self.opened + [.paste("begin" + long), Self.key(.home)])
    #expect(start.message.contains("comment on C4-5: begin"))
  }

  @Test("the filter of the worklist is edited at the caret, too")
  func filter() {
    let session = Session([.type("/01"), Self.key(.home), .type("0"), .enter])
    #expect(session.text.contains("filter: 001"))
  }
}
