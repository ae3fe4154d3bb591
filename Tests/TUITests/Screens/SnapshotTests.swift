import Core
import Foundation
import Testing

@testable import TUI

@Suite("Screens: whole screens at fixed sizes")
struct SnapshotTests {
  /// The tall screen that is narrow, too: curve and notes lie otherwise there.
  static let sizes = Snapshot.sizes + [(100, 30)]

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

  @Test(
    "a long cord with short segments: every verdict whole, no name of a segment run together",
    arguments: Snapshot.sizes)
  func shortSegments(_ size: (Int, Int)) throws {
    let library = FixtureLibrary(clock: { Session.time }) { study in
      guard let segments = study.detection?.segments else { return }
      for (index, segment) in segments.enumerated() where segment.rowFrom != nil {
        study.detection?.segments[index].rowFrom = 60 + index * 17
        study.detection?.segments[index].rowTo = 60 + index * 17 + 16
      }
    }
    let session = Session(
      MemoryDriver.Step.open("004") + [.type("x]x"), .type("]P")], columns: size.0, rows: size.1,
      library: library)
    #expect(session.lines.count { $0.contains("cannot tell") } >= 2)
    try Snapshot.check(session.text, "study-short-segments-\(size.0)x\(size.1)")
  }

  @Test("curve beside the picture", arguments: Snapshot.sizes)
  func aligned(_ size: (Int, Int)) throws {
    let session = Session(
      MemoryDriver.Step.open("004") + [.type("v")], columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "study-aligned-\(size.0)x\(size.1)")
  }

  @Test("reasons", arguments: Snapshot.sizes)
  func reasons(_ size: (Int, Int)) throws {
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("d")], columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "reasons-\(size.0)x\(size.1)")
  }

  @Test("help", arguments: Snapshot.sizes)
  func help(_ size: (Int, Int)) throws {
    let session = Session([.type("?")], columns: size.0, rows: size.1)
    try Snapshot.check(session.text, "help-\(size.0)x\(size.1)")
  }

  @Test("screens that a study and some keys lead to", arguments: Snapshot.sizes)
  func keys(_ size: (Int, Int)) throws {
    for (name, subject, keys) in [
      ("acts", "001", "a]d3uPC"), ("comment", "001", "cfaint on STIR"), ("window", "001", "wll"),
      ("sign-mode", "001", "Z"), ("study-problem", "005", ""), ("study-undetected", "008", ""),
      ("study-without-levels", "013", ""),
    ] {
      let session = Session(
        MemoryDriver.Step.open(subject) + [.type(keys)], columns: size.0, rows: size.1,
        library: FixtureLibrary(studies: 13) { Session.time })
      try Snapshot.check(session.text, "\(name)-\(size.0)x\(size.1)")
    }
  }

  @Test("a terminal without UTF-8 gets ASCII curves and signs", arguments: Snapshot.sizes)
  func asciiCurve(_ size: (Int, Int)) throws {
    var capabilities = TerminalCapabilities.sixelTerminal
    capabilities.unicode = false
    let session = Session(
      MemoryDriver.Step.open("001"), columns: size.0, rows: size.1, capabilities: capabilities)
    let ascii = session.text.unicodeScalars.map { String(DisplayText.ascii($0)) }.joined()
    #expect(!ascii.unicodeScalars.contains { !$0.isASCII })
    try Snapshot.check(ascii, "study-ascii-\(size.0)x\(size.1)")
  }

  @Test("looks: what is flagged is accented, the selection inverse", arguments: Snapshot.sizes)
  func looks(_ size: (Int, Int)) throws {
    let session = Session(MemoryDriver.Step.open("001"), columns: size.0, rows: size.1)
    try Snapshot.check(
      session.driver.screen.dumpStyles(), "study-looks-\(size.0)x\(size.1)")
  }

  @Test("too small a terminal says what it needs")
  func tooSmall() throws {
    let session = Session([], columns: 62, rows: 17)
    try Snapshot.check(session.text, "too-small-62x17")
  }

  // MARK: No screen forgotten

  /// The screens of contexts of keys that are not called as those.
  static let screens: [KeyContext: String] = [
    .everywhere: "help", .signing: "sign-mode", .beside: "beside-axial", .labels: "editor-labels",
    .mask: "editor-mask", .pages: "report", .lists: "worklist-views", .typing: "comment",
  ]

  @Test(
    "every screen is kept at every size, with the notice of use, and one of every context of keys")
  func complete() throws {
    var kept: [String: Set<String>] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: Snapshot.folder.path) {
      let parts = file.replacing(".txt", with: "").split(separator: "-").map(String.init)
      kept[parts.dropLast().joined(separator: "-"), default: []].formUnion(parts.suffix(1))
    }
    let sizes = Set(Snapshot.sizes.map { "\($0.0)x\($0.1)" })
    for (name, there) in kept where name != "too-small" {
      #expect(there.isSuperset(of: sizes), "\(name) lacks \(sizes.subtracting(there).sorted())")
    }
    for name in kept.keys where name != "study-looks" {
      // The kept looks have letters for styles in the place of the characters.
      for size in kept[name] ?? [] {
        let file = Snapshot.folder.appendingPathComponent("\(name)-\(size).txt")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains(Notice.researchUse), "\(file.lastPathComponent)")
      }
    }
    for context in KeyContext.allCases {
      let name = Self.screens[context] ?? context.rawValue
      #expect(kept[name] != nil, "no screen \(name) of \(context) is kept")
    }
  }
}
