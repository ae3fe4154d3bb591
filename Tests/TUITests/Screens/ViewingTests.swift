import Testing

@testable import TUI

@Suite("Grey window, zoom and pan by keys")
struct ViewingTests {
  private func head(_ keys: MemoryDriver.Step...) -> String {
    Session(MemoryDriver.Step.open("001") + keys).lines[1]
  }

  @Test("digits choose the grey window: auto, full, cord, wide, fluid")
  func presets() throws {
    let heads = (0...4).map { head(.type("\($0)")) }
    for (text, name) in zip(heads, ["auto", "full", "cord", "wide", "fluid"]) {
      #expect(text.contains(" \(name) "), "\(text)")
    }
    #expect(Set(heads).count == 5)
    #expect(head(.type("2i")).contains("inverted"))
  }

  @Test("w changes window and level by fine and coarse steps; W is automatic again")
  func window() throws {
    func width(_ keys: String) throws -> Int {
      let words = head(.type(keys)).split(separator: " ")
      let index = try #require(words.firstIndex(of: "W"))
      return try #require(Int(words[index + 1]))
    }
    let automatic = try width("")
    let (fine, coarse) = (try width("wl"), try width("wL"))
    #expect(automatic < fine && fine < coarse)
    #expect(try width("wh") < automatic)
    #expect(try width("wLLWw") == automatic)
    #expect(head(.type("wL")).contains(" set "))
  }

  @Test("+ and - zoom on the segment, = shows the whole spine again; Ctrl and arrows move")
  func zoom() {
    let near = Session(MemoryDriver.Step.open("001") + [.type("++")])
    #expect(near.text.contains(/zoom [0-9]/))
    #expect(!Session(MemoryDriver.Step.open("001") + [.type("++--")]).text.contains(/zoom [0-9]/))
    #expect(!Session(MemoryDriver.Step.open("001") + [.type("++=")]).text.contains(/zoom [0-9]/))
    let log = near.worker.log.count
    let moved = Session(
      MemoryDriver.Step.open("001") + [.type("++"), .key(KeyPress(.up, .control))])
    #expect(moved.worker.log.count == log + 1, "another part of the slice is drawn")
  }
}
