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

  /// A library of two studies, of which bob has signed the first; this login is carla's, or nobody's.
  private func readLibrary(in folder: TemporaryFolder) async throws -> String {
    let path = folder("library").path
    try await Program.compressionLibrary(at: path)
    let library = try StudyLibrary(opening: folder("library"))
    for segment in SpinalSegment.allCases {
      _ = try library.append(
        ReviewDraft(action: .verdict, segment: segment, verdict: .present), subject: "001",
        reader: "bob")
    }
    try library.setPIN(PIN("2468"), reader: "bob")
    _ = try library.sign(
      .signOff(.reviewed, name: "Bob"), pin: PIN("2468"), subject: "001", reader: "bob")
    return path
  }

  private func setLogin(_ role: String, in folder: TemporaryFolder) throws {
    try folder.write(
      "reader_id\trole\tlogin\nbob\treader\tbob\ncarla\t\(role)\t"
        + "\(ReaderIdentity.loginName())\n", to: "library/readers.tsv")
  }

  @Test("a reader's login is told of others what the workstation shows it; --compare is noted")
  func blinded() async throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let library = try await readLibrary(in: folder)
    func page(_ name: String) throws -> String {
      try String(contentsOf: folder("\(name)/sub-001/sub-001_report.txt"), encoding: .utf8)
    }
    // Who reads nothing in the library is told all, without a word.
    let all = try await Program.run(
      "export", library, "--out", folder("all").path, "--format", "text")
    #expect(all.exitCode == 0 && !all.errors.contains("left out"), "\(all.errors)")
    #expect(try page("all").contains("bob: case present"))

    for role in ["reader", "guest"] {
      try setLogin(role, in: folder)
      let own = try await Program.run(
        "export", library, "--out", folder(role).path, "--format", "text,json")
      #expect(own.exitCode == 0, "\(own.errors)")
      #expect(own.errors.contains("readings of others are left out of studies that carla"))
      #expect(try !page(role).contains("bob") && page(role).contains("Readings of others are left"))
      for form in ["--json", "--csv"] {
        let report = try await Program.run("report", library, form)
        #expect(report.exitCode == 0 && report.errors.contains("left out"), "\(report.errors)")
        #expect(!report.text.contains("bob") && report.text.contains("readings-left-out"))
      }
      let agreement = try await Program.run("agreement", library)
      #expect(agreement.exitCode == 3 && agreement.errors.contains("0 studies are signed"))
      #expect(agreement.errors.contains("Studies that carla has not signed are left out."))
    }

    let refused = try await Program.run("report", library, "--json", "--compare")
    #expect(refused.errors.contains("a guest does not adjudicate: 001, 002"), "\(refused.errors)")
    #expect(!refused.text.contains("bob"))
    let opened = try StudyLibrary(opening: folder("library"))
    #expect(try opened.journal("001", reader: "carla").records.isEmpty)

    try setLogin("reader", in: folder)
    let compared = try await Program.run(
      "export", library, "--out", folder("compared").path, "--format", "text", "--compare")
    #expect(compared.exitCode == 0, "\(compared.errors)")
    #expect(compared.errors.contains("noted in carla's journals as compared"))
    #expect(try page("compared").contains("bob: case present"))
    #expect(try opened.journal("001", reader: "carla").records.map(\.action) == [.compare])
    #expect(try opened.journal("002", reader: "carla").records.isEmpty)
    let verified = try await Program.run("verify", library)
    #expect(verified.exitCode == 0, "\(verified.text)")
  }

  /// The modes of all files and folders that an export under a umask makes, by path, and of its folder (".").
  private func modes(
    of library: String, into out: URL, umask: String, in home: TemporaryFolder
  ) async throws -> [String: Int] {
    let program = try Program.url().path
    let result = try await ProgramRun.result(
      of: URL(fileURLWithPath: "/bin/sh"),
      [
        "-c", "umask \(umask); exec \"$0\" \"$@\"", program, "export", library, "--out", out.path,
        "--format", "text,json,csv,png",
      ], environment: Program.plain(home: home), within: ProgramRun.limit)
    try #require(result.exitCode == 0, "\(result.errors)")
    var modes: [String: Int] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: out.path) + ["."] {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: out.appendingPathComponent(path).path)
      modes[path] = (attributes[.posixPermissions] as? Int).map { $0 & 0o7777 }
    }
    try #require(modes["sub-001"] != nil && modes["segments.csv"] != nil)
    return modes
  }

  @Test("outside of the library files are as the caller's umask says, inside they are the group's")
  func rights() async throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let library = folder("library").path
    try await Program.compressionLibrary(at: library)
    for (umask, mask) in [("077", 0o077), ("022", 0o022), ("002", 0o002)] {
      let out = folder("out/\(umask)")
      let modes = try await modes(of: library, into: out, umask: umask, in: folder)
      for (path, mode) in modes {
        let isFolder = [".", "sub-001", "sub-002"].contains(path)
        #expect(mode == (isFolder ? 0o777 : 0o666) & ~mask, "\(umask): \(path)")
      }
    }
    // A second export replaces what the first wrote, under the umask of now.
    let again = try await modes(
      of: library, into: folder("out/022"), umask: "077", in: folder)
    #expect(again["segments.csv"] == 0o600 && again["sub-001/sub-001_report.txt"] == 0o600)

    let shared = try await modes(
      of: library, into: folder("library/derivatives/reports"), umask: "077", in: folder)
    for (path, mode) in shared {
      let isFolder = [".", "sub-001", "sub-002"].contains(path)
      #expect(mode == (isFolder ? 0o2770 : 0o660), "\(path)")
    }
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
