import Foundation
import Testing

@testable import TUI

@Suite("Keys: the registry")
struct KeyBindingTests {
  @Test("no key means two things on one screen", arguments: KeyContext.allCases)
  func unique(_ context: KeyContext) {
    let bindings = KeyBindings.all.filter {
      $0.context == context || $0.context == .everywhere && !context.isOfPopup
    }
    let keys = bindings.flatMap(\.keys)
    let twice = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }.keys.map(\.name)
    // The window mode shadows the study's keys on purpose, never those that work everywhere; under what
    // lies over a screen none of them work.
    #expect(twice.isEmpty)
  }

  @Test("every command has a key")
  func complete() {
    let bound = Set(KeyBindings.all.map(\.command))
    #expect(Command.allCases.filter { !bound.contains($0) }.map(\.rawValue) == [])
  }

  @Test("flagged segments are no findings, which readers add; former words are read")
  func flagged() {
    let step = KeyBindings.all.first { $0.command == .nextFlagged }
    #expect(step?.footer == "flagged" && step?.text == "next flagged segment")
    #expect(KeyBindings.all.allSatisfy { $0.footer?.contains("finding") != true })
    for command in Command.allCases { #expect(Command(word: command.word) == command) }
    #expect(Command(word: "next-finding") == .nextFlagged)
    #expect(Command(word: "previous-finding") == .previousFlagged)
    #expect(Command(word: "finding") == nil && Command(word: "") == nil)
  }

  @Test("keys that tmux, screen or the line discipline take are not used")
  func reserved() {
    let reserved: Set<KeyPress> = [
      .control("a"), .control("b"), .control("s"), .control("q"), .control("m"), .control("i"),
      .control("h"), .control("j"),
    ]
    #expect(KeyBindings.all.flatMap(\.keys).filter(reserved.contains).isEmpty)
  }

  @Test("the table of all keys has a line for each binding and no raw bar")
  func table() {
    let lines = KeyMap.standard.markdownTable().split(separator: "\n")
    #expect(lines.count == KeyBindings.all.count + 2)
    for line in lines {
      let bars = line.replacing("\\|", with: "").filter { $0 == "|" }
      #expect(bars.count == 4, "\(line)")
    }
  }

  @Test("the tables of README and Documentation/keys.md are the registry's, line for line")
  func documents() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    func rows(_ path: String) throws -> [Substring] {
      let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
      let isKey = { (line: Substring) in
        KeyContext.allCases.contains { line.hasSuffix(" | \($0.rawValue) |") }
      }
      return text.split(separator: "\n").filter(isKey)
    }
    let table = Array(KeyMap.standard.markdownTable().split(separator: "\n").dropFirst(2))
    #expect(try rows("Documentation/keys.md") == table)
    // The commands that have no key are in the palette.
    let main = table.filter { line in
      !line.hasPrefix("| `:") || line.hasPrefix("| `:` ")
    }.filter { line in
      [KeyContext.study, .everywhere].contains { line.hasSuffix(" | \($0.rawValue) |") }
    }
    #expect(!main.isEmpty && main.count < table.count)
    #expect(try rows("README.md") == main)
  }

  @Test("no key both moves on and decides")
  func separateActs() {
    for binding in KeyBindings.all where binding.command.isVerdict {
      #expect(binding.context == (binding.command == .takeAgreed ? .adjudication : .study))
    }
    let script = MemoryDriver.Step.open("001") + [.type("a")]
    let before = Session(MemoryDriver.Step.open("001")).driver.screen
    let after = Session(script).driver.screen
    // Only the ladder's last column, the head and the message line change.
    let layout = StudyLayout(size: before.size, isAligned: false, capabilities: .init())
    for row in layout.picture.row..<layout.picture.rowEnd {
      for column in 0..<layout.picture.columnEnd {
        #expect(before[row, column] == after[row, column])
      }
    }
  }
}
