import Foundation
import Testing

/// A login that is bound to the program (`ForceCommand`) is as safe as what the program can start.
@Suite("No way out of the workstation")
struct NoShellTests {
  /// What would start a program, ask for one of the reader's own, or open a port.
  private static let forbidden = [
    "Process()", "posix_spawn", "popen(", "fork()", "execv", "execl", "wordexp(", "\"EDITOR\"",
    "\"VISUAL\"", "\"PAGER\"", "NWListener", "URLSession",
  ]

  /// The forbidden names in a text, outside of whole lines of comment.
  private static func found(in text: String) -> [String] {
    text.split(separator: "\n").filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
      .flatMap { line -> [String] in
        forbidden.filter { line.contains($0) }
          + ["system(", "socket("].filter { call(of: $0, in: line) }
      }
  }

  /// Whether a function of C is called: not a case or method of ours that has its name.
  private static func call(of name: String, in line: Substring) -> Bool {
    line.ranges(of: name).contains { range in
      let before = line[..<range.lowerBound]
      return !before.hasSuffix(".") && !before.hasSuffix("case ") && !before.hasSuffix("func ")
        && before.last?.isLetter != true
    }
  }

  @Test("no source starts a program, asks for an editor or pager, or opens a port")
  func sources() throws {
    #expect(Self.found(in: "let child = Process()\nsystem(words)") == ["Process()", "system("])
    #expect(Self.found(in: "// system(x)\ncase system(file: String)\nthrow E.system(x)").isEmpty)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var count = 0
    while let url = all?.nextObject() as? URL {
      guard ["swift", "c", "h"].contains(url.pathExtension) else { continue }
      let found = Self.found(in: try String(contentsOf: url, encoding: .utf8))
      #expect(found == [], "\(url.lastPathComponent)")
      count += 1
    }
    #expect(count > 300)
  }
}
