import Core
import Foundation
import TestSupport
import Testing

@Suite("The export of reports")
struct ExportTests {
  @Test("a phantom library is exported, again over its own, and never over somebody else's")
  func phantomLibrary() async throws {
    let folder = try TemporaryFolder()
    let library = folder("library").path
    try await Program.compressionLibrary(at: library)
    let out = folder("reports").path
    for _ in 0..<2 {
      let result = try await Program.run("export", library, "--out", out)
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(result.text.contains("2 reports in") && result.text.contains(Notice.researchUse))
    }
    let page = try String(contentsOf: folder("reports/sub-001/sub-001_report.txt"), encoding: .utf8)
    #expect(page.contains("AI call       not assessed: no detection yet"))
    #expect(page.contains("C2-C7 Cobb"))
    let table = try String(contentsOf: folder("reports/segments.csv"), encoding: .utf8)
    #expect(table.split(separator: "\n").count == 13)

    // One study leaves the files of the library as they are.
    let one = try await Program.run(
      "export", library, "--out", out, "--subject", "001", "--format", "text,json")
    #expect(one.exitCode == 0, "\(one.errors)")
    #expect(try String(contentsOf: folder("reports/segments.csv"), encoding: .utf8) == table)

    // Who is not there is not exported as one who has stated nothing.
    let nobody = try await Program.run(
      "export", library, "--out", folder("nobody").path, "--reader", "nobody")
    #expect(nobody.exitCode == 2, "\(nobody.errors)")
    #expect(nobody.errors.contains("no such reader in this library; it has no readers yet"))
    #expect(!FileManager.default.fileExists(atPath: folder("nobody").path))
    try folder.write("reader_id\trole\nliu\treader\n", to: "library/readers.tsv")
    let other = try await Program.run(
      "export", library, "--out", folder("nobody").path, "--reader", "nobody")
    #expect(other.exitCode == 2 && other.errors.contains("it has liu"), "\(other.errors)")
    let known = try await Program.run(
      "export", library, "--out", folder("liu").path, "--reader", "liu", "--format", "text")
    #expect(known.exitCode == 0, "\(known.errors)")

    try folder.write("mine", to: "other/notes.txt")
    let refused = try await Program.run("export", library, "--out", folder("other").path)
    #expect(refused.exitCode == 3 && refused.errors.contains("no export of Cordscope made"))
  }

  @Test("mistakes in the call are told with exit code 2")
  func usage() async throws {
    for words in [
      ["export", "/tmp"], ["export", "/tmp", "--out", "/tmp/x", "--format", "pdf"],
      ["export", "--out", "/tmp/x"], ["export", "/tmp", "--out", "/tmp/x", "--reader", ""],
    ] {
      let result = try await Program.run(words)
      #expect(result.exitCode == 2, "\(words): \(result.errors)")
    }
  }
}
