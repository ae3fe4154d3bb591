import Foundation
import Testing
import TestSupport

@testable import Core

@Suite("Reader identity")
struct ReaderIdentityTests {
  @Test("Ids are safe in file names and never merge two people")
  func sanitised() {
    #expect(ReaderIdentity.sanitised("anna") == "anna")
    let names = [
      "a-b", "ab", "a_b", "../../etc/passwd", "", "頸椎", "Ünal", String(repeating: "x", count: 90),
    ]
    let ids = names.map(ReaderIdentity.sanitised)
    #expect(Set(ids).count == names.count)
    for id in ids {
      #expect(
        !id.isEmpty && id.count <= 33
          && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }
  }

  @Test("readers.tsv maps logins")
  func mapped() throws {
    let folder = try TemporaryFolder()
    #expect(try ReaderIdentity.reader(login: "jdoe", library: folder.url) == "jdoe")
    try folder.write("login\treader\r\njdoe\tR1\r\nother\tn/a\r\n", to: "readers.tsv")
    #expect(try ReaderIdentity.reader(login: "jdoe", library: folder.url) == "R1")
    #expect(try ReaderIdentity.reader(login: "other", library: folder.url) == "other")
  }

  @Test(
    "Times are UTC with milliseconds",
    arguments: [
      (0.0, "1970-01-01T00:00:00.000Z"), (951_782_400.5, "2000-02-29T00:00:00.500Z"),
      (1_795_262_400.062, "2026-11-21T12:00:00.062Z"), (-1, "1969-12-31T23:59:59.000Z"),
      (4_107_542_399.999, "2100-02-28T23:59:59.999Z"),
    ])
  func times(seconds: Double, text: String) {
    #expect(UTCTime.text(Date(timeIntervalSince1970: seconds)) == text)
    #expect(UTCTime.date(text).map { UTCTime.text($0) } == text)
  }

  @Test(
    "What a file has in a time's place may be anything",
    arguments: [
      "", "2026", "yesterday", "99999999999999999999-01-01T00:00:00.000Z",
      "2026-11-21T12:00:00.062Z and more words",
    ])
  func noTimes(text: String) {
    #expect(UTCTime.date(text) == nil)
  }
}
