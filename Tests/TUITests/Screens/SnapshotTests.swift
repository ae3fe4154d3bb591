import Core
import Testing

@testable import TUI

@Suite("Screens: whole screens at fixed sizes")
struct SnapshotTests {
  static let sizes: [(Int, Int)] = [(80, 24), (100, 30), (120, 40), (160, 50)]

  @Test("worklist", arguments: sizes)
  func worklist(_ size: (Int, Int)) throws {
    let session = Session([], columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "worklist-\(size.0)x\(size.1)")
  }

  @Test("study", arguments: sizes)
  func study(_ size: (Int, Int)) throws {
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("a]d3"), .type("u"), .type("P")],
      columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "study-\(size.0)x\(size.1)")
  }

  @Test("a long cord with short segments: every verdict whole, no name of a segment run together")
  func shortSegments() throws {
    let library = FixtureLibrary(clock: { Session.time }) { study in
      guard let segments = study.detection?.segments else { return }
      for (index, segment) in segments.enumerated() where segment.rowFrom != nil {
        study.detection?.segments[index].rowFrom = 60 + index * 17
        study.detection?.segments[index].rowTo = 60 + index * 17 + 16
      }
    }
    let session = Session(
      MemoryDriver.Step.open("004") + [.type("x]x"), .type("]P")], columns: 80, rows: 24,
      library: library)
    #expect(session.lines.count { $0.contains("cannot tell") } >= 2)
    try Snapshot.check(session.text, "study-short-segments-80x24")
  }

  @Test("curve beside the picture")
  func aligned() throws {
    let session = Session(MemoryDriver.Step.open("004") + [.type("v")])
    try Snapshot.check(session.text, "study-aligned-120x40")
  }

  @Test("reasons", arguments: [(80, 24), (120, 40)])
  func reasons(_ size: (Int, Int)) throws {
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("d")], columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "reasons-\(size.0)x\(size.1)")
  }

  @Test("help", arguments: [(80, 24), (120, 40)])
  func help(_ size: (Int, Int)) throws {
    let session = Session([.type("?")], columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "help-\(size.0)x\(size.1)")
  }

  @Test("a terminal without UTF-8 gets ASCII curves and signs")
  func asciiCurve() throws {
    var capabilities = TerminalCapabilities.sixelTerminal
    capabilities.unicode = false
    let session = Session(
      MemoryDriver.Step.open("001"), columns: 80, rows: 24, capabilities: capabilities)
    let ascii = session.text.unicodeScalars.map { String(DisplayText.ascii($0)) }.joined()
    #expect(!ascii.unicodeScalars.contains { !$0.isASCII })
    try Snapshot.check(ascii, "study-ascii-80x24")
  }

  @Test("looks: what is flagged is accented, the selection inverse")
  func looks() throws {
    let session = Session(MemoryDriver.Step.open("001"), columns: 80, rows: 24)
    try Snapshot.check(session.driver.screen.dumpStyles(), "study-looks-80x24")
  }

  @Test("too small a terminal says what it needs")
  func tooSmall() throws {
    let session = Session([], columns: 62, rows: 17)
    try Snapshot.check(session.text, "too-small-62x17")
  }
}
