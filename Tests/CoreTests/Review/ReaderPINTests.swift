import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("PIN of a reader")
struct ReaderPINTests {
  private func mode(_ url: URL) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
    return (attributes[.posixPermissions] as? Int).map { $0 & 0o7777 }
  }

  @Test("A PIN is stored salted and hashed, for its reader alone, and recognised")
  func stored() throws {
    let folder = try TemporaryFolder()
    let pin = PIN("correct horse")
    #expect(try ReaderPIN.read(library: folder.url, reader: "anna") == nil)
    try ReaderPIN(pin).write(library: folder.url, reader: "anna")
    let url = folder("derivatives/cordscope/readers/anna.pin.json")
    #expect(try mode(url) == 0o600)
    #expect(try mode(url.deletingLastPathComponent()) == 0o3770)
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(!text.contains("correct") && text.contains("\"rounds\" : 210000"))
    let read = try #require(try ReaderPIN.read(library: folder.url, reader: "anna"))
    #expect(read.accepts(pin) && !read.accepts(PIN("correct horsf")) && !read.accepts(PIN("")))
    #expect(throws: PINError.isSet) {
      try ReaderPIN(PIN("another"), rounds: 10).write(library: folder.url, reader: "anna")
    }
    #expect(try ReaderPIN(pin, rounds: 10) != ReaderPIN(pin, rounds: 10), "the salt is random")
  }

  @Test("Files that are open to others, weak, endless, or no PIN are refused by name")
  func malformed() throws {
    let folder = try TemporaryFolder()
    try ReaderPIN(PIN("1234"), rounds: 200_000).write(library: folder.url, reader: "anna")
    let url = folder("derivatives/cordscope/readers/anna.pin.json")
    let good = try String(contentsOf: url, encoding: .utf8)
    #expect(throws: Never.self) { try ReaderPIN.read(library: folder.url, reader: "anna") }
    for (part, other) in [
      ("200000", "1000"), ("200000", "99999999999"), ("SHA256", "SHA1"), ("{", ""),
      ("\"salt\" : \"", "\"salt\" : \"zz"), ("\"key\" : \"", "\"key\" : \"00"),
    ] {
      try Data(good.replacingOccurrences(of: part, with: other).utf8).write(to: url)
      #expect(chmod(url.path, 0o600) == 0)
      let error = #expect(throws: (any Error).self, "\(part) -> \(other)") {
        try ReaderPIN.read(library: folder.url, reader: "anna")
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("anna.pin.json"))
    }
    try Data(good.utf8).write(to: url)
    #expect(chmod(url.path, 0o640) == 0)
    let error = #expect(throws: (any Error).self) {
      try ReaderPIN.read(library: folder.url, reader: "anna")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("open to others"))
  }

  @Test("What was typed shows in no description, dump or message")
  func hidden() throws {
    let pin = PIN("s3cret-pin")
    var dumped = ""
    dump(["pin": pin], to: &dumped)
    for text in ["\(pin)", String(reflecting: pin), dumped, "\(PINError.unfit)"] {
      #expect(!text.contains("s3cret"))
    }
    #expect(throws: PINError.unfit) { try ReaderPIN(PIN("123"), rounds: 10) }
    #expect(throws: PINError.unfit) {
      try ReaderPIN(PIN(String(repeating: "1", count: PIN.most + 1)), rounds: 10)
    }
  }

  @Test(
    "Three wrong PINs cost half a minute, for this reader alone; the right one clears the count")
  func tries() throws {
    let clock = Mutex(100.0)
    let tries = PINTries { clock.withLock { $0 } }
    func attempt(_ accepted: Bool, _ reader: String = "anna") -> PINError? {
      do {
        try tries.check(reader: reader) { accepted }
        return nil
      } catch { return error as? PINError }
    }
    #expect(attempt(false) == .wrong(left: 2))
    #expect(attempt(false) == .wrong(left: 1))
    #expect(attempt(true) == nil)
    #expect(attempt(false) == .wrong(left: 2))
    #expect(attempt(false) == .wrong(left: 1))
    #expect(attempt(false) == .waits(seconds: 30))
    clock.withLock { $0 += 12.5 }
    #expect(attempt(true) == .waits(seconds: 18), "even the right one waits")
    #expect(throws: PINError.waits(seconds: 18)) { try tries.checkLock(reader: "anna") }
    try tries.checkLock(reader: "bert")
    #expect(attempt(true, "bert") == nil)
    clock.withLock { $0 += 17.5 }
    try tries.checkLock(reader: "anna")
    #expect(attempt(false) == .wrong(left: 2))
    #expect(attempt(true) == nil)
  }

  @Test("In a library a sign-off needs the PIN, and the worklist says signed, then reopened")
  func library() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let sha = try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(), maps: LibraryFixture.maps(), of: library.studies[0])
    let open = try library.reopened()
    let detection = try #require(try open.detection(of: open.studies[0])?.detection)
    for segment in detection.assessableSegments {
      _ = try open.append(
        ReviewDraft(action: .verdict, segment: segment, verdict: .absent, detectionSHA256: sha),
        subject: "01", reader: "anna")
    }
    #expect(try open.worklist(reader: "anna")[0].state == .read)
    #expect(try open.worklist(reader: "anna")[0].conclusion?.verdict == .absent)
    let draft = ReviewDraft.signOff(.reviewed, name: "Anna Liu")
    #expect(throws: JournalError.self) { try open.append(draft, subject: "01", reader: "anna") }
    #expect(throws: PINError.notSet) {
      try open.sign(draft, pin: PIN("2468"), subject: "01", reader: "anna")
    }
    #expect(try !open.hasPIN(reader: "anna"))
    try open.setPIN(PIN("2468"), reader: "anna")
    #expect(try open.hasPIN(reader: "anna"))
    #expect(throws: PINError.self) {
      try open.sign(draft, pin: PIN("2469"), subject: "01", reader: "anna")
    }
    #expect(try open.journal("01", reader: "anna").records.last?.action == .verdict)
    _ = try open.sign(draft, pin: PIN("2468"), subject: "01", reader: "anna")
    #expect(try open.worklist(reader: "anna")[0].state == .signed)
    #expect(WorklistText.table(try open.worklist(reader: "anna")).contains("signed"))
    #expect(throws: JournalError.self) {
      try open.append(.quality(.pass), subject: "01", reader: "anna")
    }
    _ = try open.append(
      ReviewDraft(action: .reopen, comment: "new images"), subject: "01", reader: "anna")
    #expect(try open.worklist(reader: "anna")[0].state == .reopened)
    #expect(try open.worklist(reader: "bert")[0].state == .unread)
    let journal = folder("derivatives/cordscope/sub-01/anat/sub-01_T2w_reader-anna_review.jsonl")
    #expect(try !String(contentsOf: journal, encoding: .utf8).contains("2468"))
  }

  @Test("The library's settings say whether its studies are opened blind")
  func settings() throws {
    let folder = try TemporaryFolder()
    #expect(try !ReadingSettings.read(library: folder.url).blind)
    try folder.write("{\"blind\": true}", to: "derivatives/cordscope/reading.json")
    #expect(try ReadingSettings.read(library: folder.url).blind)
    for text in ["{\"blind\": 1}", "{}", "blind"] {
      try folder.write(text, to: "derivatives/cordscope/reading.json")
      #expect(throws: (any Error).self) { try ReadingSettings.read(library: folder.url) }
    }
  }
}
