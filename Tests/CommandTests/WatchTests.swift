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

  @Test(
    "A small file that expands without end takes no memory and ends nothing, with its reason told")
  func bomb() async throws {
    let folder = try TemporaryFolder()
    try TinyStudy.withTraps().write(to: folder("drop/in"))
    // Members one behind the other: 3 GiB from 3 MB.
    let member = try GZip.compress([UInt8](repeating: 0, count: 64 << 20))
    let bomb = [[UInt8]](repeating: member, count: 48).flatMap(\.self)
    try Data(bomb).write(to: folder("drop/bomb.dcm.gz"))
    let library = folder("LIB")
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let program = try Program.url().path
    func limited(_ arguments: String...) async throws -> ProgramRun.Result {
      // In kB: the 512 MiB that a compressed file may expand to fit in, what this one would does not.
      try await ProgramRun.result(
        of: URL(fileURLWithPath: "/bin/sh"),
        ["-c", "ulimit -v 2000000 && exec \"$0\" \"$@\"", program] + arguments,
        environment: Program.plain(home: home))
    }
    let refused = try await limited(
      "import", folder("drop/bomb.dcm.gz").path, "--into", folder("L2").path)
    #expect(refused.exitCode == 3, "\(refused.text) \(refused.errors)")
    #expect(refused.text.contains("expands to more than the limit"), "\(refused.text)")
    let watched = try await limited(
      "watch", folder("drop").path, "--into", library.path, "--once", "--settle", "0", "--no-detect"
    )
    #expect([0, 3].contains(watched.exitCode), "\(watched.text) \(watched.errors)")
    #expect(try StudyLibrary(opening: library).studies.count == 1)
  }

  @Test("The command that a refusal ends in takes the study, and so does --any-contrast")
  func advice() async throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy.withTraps()
    study.series[2] = nil
    try study.write(to: folder("drop/in"))
    let source = folder("drop/in").path
    let refused = try await Program.run("import", source, "--into", folder("L1").path)
    #expect(refused.exitCode == 3, "\(refused.errors)")
    let begin = try #require(refused.text.firstRange(of: "cordscope import "))
    let words = refused.text[begin.upperBound...].split(whereSeparator: \.isWhitespace)
    let taken = try await Program.run(["import"] + words.map(String.init))
    #expect(taken.exitCode == 0, "\(words) \(taken.text) \(taken.errors)")
    #expect(taken.text.contains("series-overridden"), "\(taken.text)")
    let any = try await Program.run(
      "import", source, "--into", folder("L2").path, "--any-contrast")
    #expect(any.exitCode == 0, "\(any.text) \(any.errors)")
    #expect(any.text.contains("the reader takes any contrast"), "\(any.text)")
    // The list of a drop folder has the same advice, for its own library.
    let watch = ["watch", folder("drop").path, "--into", folder("L3").path]
    _ = try await Program.run(watch + ["--once", "--settle", "0", "--no-detect"])
    let list = try await Program.run(watch + ["--list"])
    let command = "cordscope import \(source) --into \(folder("L3").path) --series 4\n"
    #expect(list.text.contains(command), "\(list.text)")
  }

  @Test("import --list --into says what the library has; detect of what cannot be assessed fails")
  func listAndDetect() async throws {
    try Checkout.requireWeights()
    let folder = try TemporaryFolder()
    try TinyStudy.withTraps().write(to: folder("in"))
    let library = folder("LIB").path
    let list = ["import", folder("in").path, "--into", library, "--list"]
    let before = try await Program.run(list)
    #expect(before.exitCode == 0 && before.text.contains("files, new"), "\(before.errors)")
    let made = try await Program.run("import", folder("in").path, "--into", library)
    #expect(made.exitCode == 0, "\(made.errors)")
    let after = try await Program.run(list)
    #expect(after.text.contains("in the library as P"), "\(after.text)")
    for words in [["detect", library], ["detect", library, "--json"], ["detect", library]] {
      let detected = try await Program.run(words)
      #expect(detected.exitCode == 3, "\(detected.text)")
      #expect(detected.errors.contains("the study could not be assessed"), "\(detected.errors)")
    }
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
    try await run.send(signal, once: { FileManager.default.fileExists(atPath: ledger) })
    let result = try await run.result()
    #expect(
      result.exitCode == 0 && result.text.contains("imported as subject P"), "\(result.errors)")
    #expect(try StudyLibrary(opening: library).studies.count == 1)
  }

  @Test("watch killed at any moment leaves a sound library, and the next one does what is left")
  func killed() async throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy.withTraps()
    for number in 1...3 {
      study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.\(number)")
      study.texts[.patientID] = ("LO", "PID\(number / 2)")
      try study.write(to: folder("drop/\(number)"))
    }
    let home = try TemporaryFolder()
    defer { withExtendedLifetime(home) {} }
    let library = folder("LIB")
    let command = [
      "watch", folder("drop").path, "--into", library.path, "--settle", "0", "--every", "0.05",
      "--no-detect",
    ]
    for round in 0..<12 {
      let run = try ProgramRun(
        starting: try Program.url(), command, environment: Program.plain(home: home))
      try await run.send(SIGKILL, once: { true }, after: .milliseconds(15 + 17 * round))
      _ = try await run.result()
    }
    let last = try await Program.run(command + ["--once"])
    #expect(last.exitCode == 0, "\(last.text) \(last.errors)")
    let opened = try StudyLibrary(opening: library)
    #expect(opened.studies.count == 3 && opened.studies.allSatisfy { $0.problem == nil })
    #expect(Set(opened.studies.map(\.participant)).count == 2, "\(opened.studies.map(\.subject))")
    for study in opened.studies {
      let names = try FileManager.default.contentsOfDirectory(
        atPath: library.appendingPathComponent(study.folder).path)
      #expect(names.count { $0.hasSuffix(".nii.gz") } == 5, "\(names)")
    }
    let verified = try await Program.run("verify", library.path)
    #expect(verified.exitCode == 0, "\(verified.text)")
  }
}
