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

  @Test("while the window is changed, the study's keys of windows, zoom and slices go on")
  func windowKeys() {
    for (key, name) in [("0", "auto"), ("1", "full"), ("2", "cord"), ("3", "wide"), ("4", "fluid")]
    {
      let text = head(.type("w" + key))
      #expect(text.contains(" \(name) ") && text.contains("WINDOW"), "\(text)")
    }
    #expect(head(.type("wi")).contains("inverted"))
    let near = Session(MemoryDriver.Step.open("001") + [.type("w++")])
    #expect(near.text.contains(/zoom [0-9]/) && near.lines[1].contains("WINDOW"))
    #expect(head(.type("w"), .key(KeyPress(.home))).contains("slice 1 "))
    // Its own keys come first: j is darker, and no slice.
    #expect(head(.type("wj")).contains("slice 6"))
  }

  @Test(
    "a key that a mode does not know says so and states nothing",
    arguments: [
      ("w", "WINDOW", "w or Esc"), ("X", "CROSSHAIR", "X"), ("F", "FINDING", "q or Esc"),
      ("e", "LABELS", "Esc"), ("E", "MASK", "Esc"),
    ])
  func unknownKeys(_ begin: String, _ mode: String, _ way: String) {
    for key in ["P", "A", "y"] {
      let session = Session(MemoryDriver.Step.open("001") + [.type(begin + key)])
      let words = "\(mode): \(key) does nothing here; \(way) ends it"
      #expect(session.message.contains(words), "\(session.message)")
      #expect(session.library.records("001").isEmpty)
    }
    // Without a mode it means what it means.
    let plain = Session(MemoryDriver.Step.open("001") + [.type("P")])
    #expect(plain.library.records("001").count == 1)
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
