import Core
import Foundation
import TestSupport
import Testing

@Suite("Teaching sessions on the command line")
struct TeachTests {
  @Test("teach makes sessions of phantoms, refuses what makes none, and prints scores three ways")
  func sessions() async throws {
    let folder = try TemporaryFolder()
    let library = folder("library").path
    let made = try await Program.run("phantom", "--out", library, "--patients", "3", "--seed", "3")
    try #require(made.exitCode == 0, "\(made.errors)")
    // Progress into a pipe: plain lines to the end, on stderr.
    #expect(made.errors.contains("  100 %\n") && !made.errors.contains("\r"), "\(made.errors)")
    #expect(!made.text.contains("100 %"))
    let subjects = try StudyLibrary(opening: folder("library")).studies.map(\.subject)
    let new = try await Program.run("teach", library, "--as", "monday", "--cases", "2", "--make")
    #expect(new.exitCode == 0, "\(new.errors)")
    #expect(new.text == "teaching session monday: 2 cases\n\(Notice.researchUse)\n")
    let file = folder("library/derivatives/cordscope/teaching/monday/session.jsonl")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 1 && !text.contains("sub-"))
    for subject in subjects { #expect(!text.contains("\"\(subject)\"")) }
    let twice = try await Program.run("teach", library, "--as", "monday", "--cases", "2", "--make")
    #expect(twice.exitCode == 3 && twice.errors.contains("is there already"))
    let few = try await Program.run("teach", library, "--as", "few", "--cases", "4", "--make")
    #expect(few.exitCode == 3 && few.text.isEmpty)
    #expect(few.errors.contains("4 cases were asked for, and the library has 3"), "\(few.errors)")
    #expect(few.errors.contains("--cases 3 takes what there is"))
    let all = try await Program.run("teach", library, "--as", "all", "--make")
    #expect(all.exitCode == 0, "\(all.errors)")
    #expect(all.text == "teaching session all: 3 cases\n\(Notice.researchUse)\n")
    #expect(all.errors.contains("3 in the place of 12 cases"), "\(all.errors)")
    #expect(all.errors.contains("3 cases were not detected"), "\(all.errors)")
    let list = try folder.write("\(subjects[0])\nsub-\(subjects[2])\n", to: "list.txt").path
    let listed = try await Program.run("teach", library, "--as", "two", "--list", list, "--make")
    #expect(
      listed.text == "teaching session two: 2 cases\n\(Notice.researchUse)\n",
      "\(listed.errors)")
    let wrong = try folder.write("nobody\n", to: "wrong.txt").path
    let refused = try await Program.run("teach", library, "--list", wrong, "--make")
    #expect(refused.exitCode == 3 && refused.errors.contains("line 1: "))
    try await refuse(in: folder)
    let scores = try await Program.run("teach", library, "--summary", "monday")
    #expect(scores.exitCode == 0 && scores.text.contains("nothing to score yet"))
    let csv = try await Program.run("teach", library, "--summary", "monday", "--csv")
    #expect(csv.text.hasPrefix("session,learner,cases,unanswered,right_count,"))
    let json = try await Program.run("teach", library, "--summary", "monday", "--json")
    let object = try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any]
    #expect(object?["cases"] as? Int == 2)
    let none = try await Program.run("teach", library, "--follow", "friday")
    #expect(none.exitCode == 3 && none.errors.contains("the library has all, monday, two"))
    for words in [
      ["--follow", "a", "--summary", "b"], ["--json"], ["--replay", "liu"],
      ["--make", "--present"], ["--take-over"], ["--compare"],
      ["--replay", "liu", "--as", "monday", "--study", "1", "--compare"],
      ["--replay", "liu", "--study", "1", "--compare"],
      ["--list", list, "--cases", "3"],
      ["--cases", "0", "--make"],
      ["--follow", "monday", "--seed", "3"],
    ] {
      let usage = try await Program.run(["teach", library] + words)
      #expect(usage.exitCode == 2, "\(words): \(usage.errors)")
    }
  }

  /// Who is no teacher makes and presents nothing; the table is taken away again.
  private func refuse(in folder: TemporaryFolder) async throws {
    let library = folder("library").path
    for role in ["reader", "guest", "annotator"] {
      let bob = "bob\t\(role)\t\(ReaderIdentity.loginName())\n"
      let table = "reader_id\trole\tlogin\nanna\tteacher\tn/a\n" + bob
      try folder.write(table, to: "library/readers.tsv")
      for (mode, what) in [("--make", "makes a session"), ("--present", "presents")] {
        let name = mode == "--make" ? "friday" : "monday"
        let refused = try await Program.run("teach", library, "--as", name, mode)
        #expect(refused.exitCode == 3 && refused.text.isEmpty, "\(role) \(mode)")
        let words = "only a teacher or supervisor of readers.tsv \(what)"
        #expect(refused.errors.contains(words), "\(role): \(refused.errors)")
      }
    }
    #expect(TeachingSession.names(library: folder("library")) == ["all", "monday", "two"])
    try FileManager.default.removeItem(at: folder("library/readers.tsv"))
  }
}
