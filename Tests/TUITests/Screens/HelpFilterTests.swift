import Core
import Foundation
import Testing

@testable import TUI

@Suite("Help: lines by their words")
struct HelpFilterTests {
  private func session(
    _ steps: [MemoryDriver.Step], columns: Int = 80, rows: Int = 24
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + [.type("?")] + steps, columns: columns, rows: rows)
  }

  @Test("/ shows the entries that hold all words, under their headings, as they are typed")
  func filter() {
    let typed = session([.type("/MAP trans")])
    #expect(typed.text.contains("map more transparent"))
    #expect(typed.text.contains("Crosshair (after X)"))
    #expect(!typed.text.contains("cannot tell"))
    #expect(typed.message.contains("lines with: MAP trans"))
    #expect(typed.lines[23].contains("Enter keep  Esc all lines"))
    let kept = session([.type("/map trans"), .enter])
    #expect(kept.text.contains("Keys and words with \"map trans\""))
    #expect(kept.lines[23].contains("j k scroll  / filter  Esc all lines"))
    #expect(session([]).lines[23].contains("j k scroll  / filter  Esc close"))
  }

  @Test("keys and headings are found, too: a heading with all that stands under it")
  func names() {
    let key = session([.type("/ctrl-x"), .enter])
    #expect(key.text.contains("stop the detection on corrected labels"))
    let heading = session([.type("/signing"), .enter])
    #expect(heading.text.contains("neither") && heading.text.contains("sign off: meaning"))
  }

  @Test("an entry of several lines stays whole")
  func wrapped() {
    let text = session([.type("/excludes"), .enter]).text
    #expect(text.contains("show some: unread") && text.contains("!signed excludes"))
  }

  @Test("what a word of narrow ladders stands for is found by that word")
  func shortWord() {
    let text = session([.type("/unsure"), .enter]).text
    #expect(text.contains("? cannot tell") && text.contains("(unsure where there is little room)"))
  }

  @Test("Esc leaves the filter, then the help; what opened the help types while it is filtered")
  func leaving() {
    let all = session([.type("/trans"), .enter, .escape])
    #expect(all.text.contains(" of ") && all.text.contains("╭─ Keys ─"))
    #expect(session([.type("/trans"), .escape]).text.contains("╭─ Keys ─"))
    #expect(!session([.type("/trans"), .enter, .escape, .escape]).text.contains("╭─ Keys"))
    #expect(session([.type("/?q")]).message.contains("lines with: ?q"))
    #expect(!session([.type("/trans"), .enter, .type("?")]).text.contains("╭─ Keys"))
    // What is typed is meant for the help alone.
    #expect(session([.type("/aP"), .escape, .escape]).library.records("001").isEmpty)
  }

  @Test("where nothing fits, it says so, and what is taken back brings lines again")
  func nothing() {
    #expect(session([.type("/zzzz")]).text.contains("nothing here has these words"))
    let back = session([.type("/transz"), .key(KeyPress(.backspace))])
    #expect(back.text.contains("map more transparent"))
    let cleared = session([.type("/zzzz"), .key(.control("u"))])
    #expect(cleared.text.contains("accept what the AI says"))
  }

  @Test("the caret moves, writes and deletes in the filter, and pasted text goes in at it")
  func caret() {
    func filter(_ steps: [MemoryDriver.Step]) -> String {
      session([.type("/")] + steps + [.enter]).lines[0]
    }
    let (left, home) = (MemoryDriver.Step.key(KeyPress(.left)), KeyPress(.home))
    #expect(filter([.type("trns"), left, left, .type("a")]).contains("with \"trans\""))
    #expect(filter([.type("rans"), .key(home), .paste("map\nt")]).contains("with \"map trans\""))
    #expect(
      filter([.type("xtrans"), .key(home), .key(KeyPress(.delete))]).contains("with \"trans\""))
    #expect(
      filter([.type("rans"), .key(.control("a")), .type("t"), .key(.control("e")), .type("p")])
        .contains("with \"transp\""))
    // Moved in, it shows what it showed, and what is filtered again is written on at its end.
    #expect(session([.type("/map"), left]).text.contains("map more transparent"))
    #expect(filter([.type("map"), left, .enter, .type("/ trans")]).contains("with \"map trans\""))
  }

  @Test("what is beyond the limit is said until the filter is changed, and is not taken")
  func beyond() {
    let most = HelpLook.longestFilter
    let long = String(repeating: "x", count: most)
    let said = "at most \(most) characters: the rest was not taken: "
    #expect(session([.type("/"), .paste(long + "yz")]).message.contains(said + "xxx"))
    let typed = session([.type("/" + long + "y")], columns: 120, rows: 40)
    #expect(typed.message.contains(said + long) && !typed.message.contains("y"))
    #expect(session([.type("/"), .paste(long)]).message.contains("lines with: \(long)"))
    let back = MemoryDriver.Step.key(KeyPress(.backspace))
    #expect(!session([.type("/"), .paste(long + "y"), back]).message.contains("at most"))
    // Kept, it is the filter shown.
    let kept = session([.type("/"), .paste(long + "y"), .enter])
    #expect(kept.lines[0].contains("\"\(long)\"") && !kept.text.contains("at most \(most)"))
  }

  @Test("a filter while scrolled begins at its first line, and fits a smaller screen")
  func scrolled() {
    let end = session([.type("G/segment")])
    #expect(end.lines[1].contains("Study"))
    let small = MemoryDriver.Step.resize(TerminalSize(columns: 80, rows: 24))
    let resized = session([.type("/e"), .enter, .type("G"), small], columns: 200, rows: 60)
    let hasWords = resized.lines[1...18].contains { line in line.contains(where: \.isLetter) }
    #expect(hasWords)
  }

  @Test("where a section goes on in the next column or page its heading is said again")
  func continued() {
    let page = session([.type("J")])
    #expect(page.lines[1].contains(", continued"), "\(page.lines[1])")
    #expect(!session([]).text.contains("continued"))
    // Down and up again by pages the screen is what it was.
    #expect(session([.type("JK")]).lines.prefix(21) == session([]).lines.prefix(21))
    // All sections have their headings, whatever is in the columns.
    for steps in ["k", "j", "jj", "J", "JJ", "G"] {
      let wide = session([.type(steps)], columns: 120, rows: 40)
      let line = wide.lines[1].replacing("│", with: " ")
      for top in [line.prefix(59), line.dropFirst(59)] {
        let words = top.trimmingCharacters(in: .whitespaces)
        // Keys and what they do stand apart, the words of a heading do not.
        #expect(!words.contains("  "), "\(words) after \(steps)")
      }
    }
  }

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let session = session([.type("/map")], columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "help-filter-\(size.0)x\(size.1)")
  }
}
