import Core
import Foundation
import TestSupport
import Testing

@testable import TUI

@Suite("Keys of the reader's own")
struct KeysFileTests {
  private func keys(_ text: String) throws -> KeyMap { try KeyMap(text: text, file: "my.keys") }

  private func mistake(in text: String) -> KeysFileError? {
    do {
      _ = try keys(text)
      return nil
    } catch { return error as? KeysFileError }
  }

  @Test("what is printed is read back: all commands, the same keys")
  func roundTrip() throws {
    let printed = KeyMap.standard.fileText()
    let read = try keys(printed)
    #expect(read.bindings.map(\.keys) == KeyBindings.all.map(\.keys))
    let lines = printed.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count == KeyBindings.all.count)
    let changed = try keys(
      "accept = z F5\nflag =\nstudy.back = F6 Shift-Left Ctrl-Space\ncursor-far-upward = U")
    #expect(try keys(changed.fileText()).bindings.map(\.keys) == changed.bindings.map(\.keys))
    #expect(try keys(changed.fileText().replacing("\n", with: "\r\n")).name(.accept) == "z")
  }

  @Test("a command stands once in a context, so that its line names it")
  func namesAreUnique() {
    let names = KeyBindings.all.map(KeysFileReader.name(of:))
    #expect(Set(names).count == names.count)
  }

  @Test("every key's name is read as that key")
  func names() throws {
    for key in KeyBindings.all.flatMap(\.keys) { #expect(try KeyPress(named: key.name) == key) }
    for name in [
      "=", "#", "-", "Ctrl-Space", "Alt-x", "Shift-Tab", "Ctrl-Shift-Up", "F12", "\u{e9}",
    ] {
      #expect(try KeyPress(named: name).name == name)
    }
    #expect(try KeyPress(named: "Ctrl-r") == .control("r"))
    for name in [
      "Ctrl-M", "Ctrl-I", "Ctrl-1", "Shift-a", "Ctrl-Alt-x", "Alt-Enter", "F13", "F0", "Foo", "ab",
      "",
      "Ctrl-", "esc", "\u{202e}",
    ] {
      #expect(throws: KeyNameError.self, "\(name)") { try KeyPress(named: name) }
    }
  }

  @Test(
    "mistakes name file, line and what to do",
    arguments: [
      ("accept = z\nacept = y", 2, "there is no command \"acept\""),
      ("# keys\n\naccept = Foo", 3, "there is no key \"Foo\""),
      ("accept z", 1, "COMMAND = KEY"),
      ("accept = d", 1, "d is already the key of disagree (by default)"),
      ("accept = z\ncomment = z", 2, "z is already the key of accept (line 1)"),
      ("accept = ?", 1, "? is already the key of help (by default)"),
      ("accept = z z", 1, "z stands twice"),
      ("accept = z\naccept = y", 2, "set twice, first in line 1"),
      ("quit = z", 1, "everywhere.quit"),
      ("finding.accept = z", 1, "no command of \"finding\""),
      ("everywhere.quit =", 1, "needs a key"), ("help =", 1, "needs a key"),
      ("study.back =", 1, "needs a key"), ("leave-mark =", 1, "needs a key"),
      ("window.window-mode =", 1, "needs a key"), ("accept = Ctrl-M", 1, "do not tell"),
      ("pages.back =", 1, "pages.back is a way out and needs a key"),
      ("lists.back =", 1, "needs a key"), ("lists.confirm =", 1, "needs a key"),
      ("typing.back =", 1, "needs a key"), ("typing.confirm =", 1, "needs a key"),
      ("accept = z\ntyping.back = q", 2, "q types or deletes there: give it another key"),
      ("typing.confirm = Space", 1, "types or deletes"),
      ("typing.confirm = Backspace", 1, "types or deletes"),
      ("typing.back = Ctrl-U", 1, "types or deletes"),
      ("typing.back = Enter", 1, "Enter is already the key of typing.confirm (by default)"),
      ("lists.delete-line = 3", 1, "3 is the number of a line there"),
      ("pages.next-line = Ctrl-C", 1, "Ctrl-C always leaves"),
      ("pages.close = j", 1, "j is already the key of pages.next-line (by default)"),
      ("confirm = F5", 1, "write lists.confirm or typing.confirm"),
    ])
  func mistakes(_ text: String, _ line: Int, _ words: String) throws {
    let error = try #require(mistake(in: text))
    #expect(error.line == line && error.reason.contains(words), "\(error)")
    #expect(error.description.hasPrefix("my.keys:\(line): "))
  }

  @Test("a file with a word of former versions is read, and printed with today's")
  func formerWords() throws {
    let keys = try keys("next-finding = F5\nstudy.previous-finding = F6")
    #expect(keys.name(.nextFlagged) == "F5" && keys.name(.previousFlagged) == "F6")
    #expect(keys.fileText().contains("next-flagged = F5\n"))
    #expect(!keys.fileText().contains("next-finding"))
    let twice = try #require(mistake(in: "next-finding = F5\nnext-flagged = F6"))
    #expect(twice.line == 2 && twice.reason.contains("set twice, first in line 1"))
  }

  @Test("two commands may exchange their keys")
  func exchange() throws {
    let keys = try keys("accept = d\ndisagree = a")
    #expect(keys.command(for: .character("d"), in: [.study, .everywhere]) == .accept)
    #expect(keys.command(for: .character("a"), in: [.study, .everywhere]) == .disagree)
  }

  @Test("files that hold no keys are refused by name")
  func files() throws {
    let folder = try TemporaryFolder()
    func reason(_ file: URL) -> String? {
      do {
        _ = try KeyMap(file: file)
        return nil
      } catch { return (error as? KeysFileError)?.description }
    }
    #expect(reason(folder("none"))?.hasSuffix("does not exist") == true)
    #expect(reason(folder.url)?.hasSuffix("is no plain file") == true)
    try Data([0xff, 0xfe, 0x00]).write(to: folder("bytes"))
    #expect(reason(folder("bytes"))?.hasSuffix("is no UTF-8 text") == true)
    try Data(count: KeyMap.largestFile + 1).write(to: folder("large"))
    #expect(reason(folder("large"))?.contains("larger than") == true)
    try Data("\u{feff}accept = z\n".utf8).write(to: folder("good"))
    #expect(try KeyMap(file: folder("good")).name(.accept) == "z")
  }

  @Test("the keys set are those that work, and those that are shown")
  func session() throws {
    let keys = try keys("accept = z\nhelp = F2\nflag =\neverywhere.palette = '")
    let pressed = Session(MemoryDriver.Step.open("001") + [.type("z")], keys: keys)
    #expect(pressed.library.records("001").map(\.verdict) == [.present])
    let old = Session(MemoryDriver.Step.open("001") + [.type("a!?")], keys: keys)
    #expect(old.library.records("001").isEmpty)
    #expect(old.lines[39].contains("z accept") && old.lines[39].contains("F2 help"))
    #expect(!old.text.contains("Everywhere"))
    let help = Session([.key(KeyPress(.function(2)))], columns: 200, rows: 60, keys: keys)
    #expect(help.lines.contains { $0.contains(" z ") && $0.contains("accept what the AI says") })
    #expect(help.text.contains(":flag"))
    let closed = Session([.key(KeyPress(.function(2))), .key(KeyPress(.function(2)))], keys: keys)
    #expect(!closed.text.contains("accept what the AI says"))
    let flagged = Session(
      MemoryDriver.Step.open("001") + [.type("'flag"), .enter], keys: keys)
    #expect(flagged.library.records("001").map(\.action) == [.flag])
    let palette = Session(MemoryDriver.Step.open("001") + [.type("'acc")], keys: keys)
    #expect(palette.lines.contains { $0.contains("accept") && $0.contains(" z") })
    #expect(keys.markdownTable().contains("| `z` | accept what"))
    #expect(keys.markdownTable().contains("| `:flag` | flag the study"))
  }

  @Test("sentences name the keys set")
  func sentences() throws {
    let keys = try keys("everywhere.quit = F10\nstate-present = F3\ntoggle-blind = F4")
    let small = Session([], columns: 62, rows: 17, keys: keys)
    #expect(small.text.contains("or F10 to quit"))
    let hidden = Session(
      MemoryDriver.Step.open("001") + [.type("o")], startsBlind: true, keys: keys)
    #expect(hidden.message.contains("F4 shows it"))
  }
}
