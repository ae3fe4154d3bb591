import Core
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("DICOM through the commands")
struct WatchTests {
  @Test("import --list and --series, from the command line")
  func list() async throws {
    let folder = try TemporaryFolder()
    try TinyStudy.withTraps().write(to: folder("in"))
    let table = try await Program.run("import", folder("in").path, "--list")
    #expect(table.exitCode == 0 && table.text.contains("t2_tse_sag LWS"), "\(table.errors)")
    let library = folder("LIB")
    let made = try await Program.run(
      "import", folder("in").path, "--into", library.path, "--series", "LWS", "--subject", "p1")
    #expect(made.exitCode == 0 && made.text.contains("imported as subject p1"), "\(made.errors)")
    #expect(made.text.contains("series-overridden"))
    let wrong = try await Program.run(
      "import", folder("in").path, "--into", folder("L2").path, "--series", "77")
    #expect(wrong.exitCode == 3 && wrong.text.contains("--list"))
  }

  @Test("watch --once imports, detects, and remembers")
  func once() async throws {
    try Checkout.requireWeights()
    let folder = try TemporaryFolder()
    try TinyStudy.withTraps().write(to: folder("drop/study"))
    let library = folder("LIB").path
    let command = ["watch", folder("drop").path, "--into", library, "--once", "--settle", "0.2"]
    let first = try await Program.run(command)
    #expect(first.exitCode == 0, "\(first.errors)")
    #expect(first.text.contains("imported as subject P"), "\(first.text)")
    let opened = try StudyLibrary(opening: folder("LIB"))
    let study = try #require(opened.studies.first)
    // Without a cord mask the detection says so, and is stored.
    #expect(first.text.contains("\(study.subject): "), "\(first.text) \(first.errors)")
    let detection = try #require(try opened.detection(of: study)?.detection)
    #expect(!detection.patient.assessable && detection.patient.reason != nil)
    let again = try await Program.run(command)
    #expect(again.exitCode == 0 && again.text.isEmpty, "\(again.text)")
  }

  @Test("watch ends cleanly on SIGTERM and ^C", arguments: [SIGTERM, SIGINT])
  func signals(_ signal: Int32) async throws {
    let folder = try TemporaryFolder()
    try TinyStudy.withTraps().write(to: folder("drop/study"))
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let library = folder("LIB")
    let run = try ProgramRun(
      starting: try Program.url(),
      [
        "watch", folder("drop").path, "--into", library.path, "--settle", "0.1", "--every", "0.1",
        "--no-detect",
      ], environment: Program.plain(home: home))
    let ledger = library.appendingPathComponent("derivatives/cordscope/private/watch.tsv").path
    let end = ContinuousClock.now + .seconds(120)
    while !FileManager.default.fileExists(atPath: ledger), ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(20))
    }
    run.send(signal)
    let result = try await run.result()
    #expect(
      result.exitCode == 0 && result.text.contains("imported as subject P"), "\(result.errors)")
    #expect(try StudyLibrary(opening: library).studies.count == 1)
  }
}
