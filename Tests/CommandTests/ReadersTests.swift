import Core
import Foundation
import TestSupport
import Testing

@Suite("Readers' roles and agreement on the command line")
struct ReadersTests {
  @Test("readers prints the roles and sets one; agreement refuses what is too little")
  func roles() async throws {
    let folder = try TemporaryFolder()
    let library = folder("library").path
    let made = try await Program.run("phantom", "--out", library, "--patients", "2", "--seed", "3")
    try #require(made.exitCode == 0, "\(made.errors)")
    let none = try await Program.run("readers", library)
    #expect(
      none.exitCode == 0
        && none.text
          == "no readers.tsv: everybody is a reader\n\(Notice.researchUse)\n"
    )
    let set = try await Program.run("readers", library, "--set", "liu=supervisor")
    #expect(set.exitCode == 0, "\(set.errors)")
    #expect(set.text.contains("liu     supervisor  -"))
    for words in ["liu=boss", "liu", "=reader=", "liu=reader=x"] {
      let wrong = try await Program.run("readers", library, "--set", words)
      #expect(wrong.exitCode == 2, "\(words): \(wrong.errors)")
    }
    let id = try await Program.run("readers", library, "--set", "a b=guest")
    #expect(id.exitCode == 3 && id.errors.contains("is no reader's id"))
    let agreement = try await Program.run("agreement", library)
    #expect(agreement.exitCode == 3 && agreement.errors.contains("agreement needs 2"))
    try folder.write("reader_id\trole\nliu\tboss\n", to: "library/readers.tsv")
    let damaged = try await Program.run("readers", library)
    #expect(damaged.exitCode == 3 && damaged.errors.contains("line 2: \"boss\" is no role"))
  }
}
