import Foundation
import Imaging
import Testing
import TestSupport

@testable import Core

@Suite("Review journal")
struct ReviewJournalTests {
  static let noon = Date(timeIntervalSince1970: 1_795_262_400.062)

  /// A journal with verdicts, an undo, a redo, a comment with hostile text, and a flag.
  static func sample() throws -> MemoryJournal {
    let disk = MemoryJournal()
    let journal = try ReviewJournal(storage: disk, reader: "anna")
    let sha = String(repeating: "ab", count: 32)
    for draft in [
      ReviewDraft(
        action: .verdict, segment: .c4c5, verdict: .present, blind: true, detectionSHA256: sha),
      ReviewDraft(
        action: .verdict, segment: .c5c6, verdict: .absent, reason: "flow void",
        comment: "Grüße \"\\ \u{1B}]52;c;x\u{07}\n 頸椎 🦴", detectionSHA256: sha),
      ReviewDraft(action: .undo, segment: .c5c6, reverts: 2),
      ReviewDraft(action: .redo, segment: .c5c6, reverts: 3),
      ReviewDraft(action: .comment, comment: "second look"),
      ReviewDraft(action: .flag),
    ] { _ = try journal.append(draft, at: noon) }
    return disk
  }

  @Test("A line is the documented JSON, nulls written, keys in order")
  func lineFormat() throws {
    let disk = MemoryJournal()
    let journal = try ReviewJournal(storage: disk, reader: "anna")
    let record = try journal.append(
      ReviewDraft(action: .verdict, segment: .c7t1, verdict: .cannotTell), at: Self.noon)
    let text = String(decoding: disk.bytes, as: UTF8.self)
    let expected =
      #"{"seq":1,"time":"2026-11-21T12:00:00.062Z","reader":"anna","action":"verdict","#
      + #""segment":"C7-T1","verdict":"cannot-tell","reason":null,"comment":null,"blind":false,"#
      + #""detection":null,"reverts":null,"previous":""# + String(repeating: "0", count: 64)
      + #"","digest":""# + record.digest + "\"}\n"
    #expect(text == expected)
  }

  @Test("What was written is read back by another session")
  func roundTrip() throws {
    let disk = try Self.sample()
    let again = try ReviewJournal(storage: disk, reader: "anna")
    let records = again.contents.records
    #expect(records.map(\.seq) == [1, 2, 3, 4, 5, 6])
    #expect(records[1].comment == "Grüße \"\\ ·]52;c;x·· 頸椎 🦴")
    #expect(records[0].blind && !records[1].blind)
    #expect(again.contents.tornLine == nil)
    // No control byte reaches the file but the newlines that end its lines.
    let controls = disk.bytes.filter { $0 < 0x20 || $0 == 0x7F }
    #expect(controls == Array(repeating: 0x0A, count: 6))
  }

  @Test("An acknowledgement follows write and fsync, in this order")
  func acknowledgementFollowsSync() throws {
    let disk = MemoryJournal()
    let journal = try ReviewJournal(storage: disk, reader: "anna")
    disk.note("start")
    for number in 1...2 {
      _ = try journal.append(ReviewDraft(action: .verdict, segment: .c2c3, verdict: .absent))
      disk.note("acknowledged \(number)")
    }
    #expect(
      Array(disk.calls.drop { $0 != "start" }) == [
        "start", "open", "lock", "write", "sync", "syncFolder", "close", "acknowledged 1",
        "open", "lock", "write", "sync", "close", "acknowledged 2",
      ])
  }

  @Test("Partial writes are continued, and nothing is acknowledged when the disk fails")
  func faults() throws {
    let disk = MemoryJournal()
    let journal = try ReviewJournal(storage: disk, reader: "anna")
    disk.faults.bytesPerWrite = 7
    let draft = ReviewDraft(action: .verdict, segment: .c2c3, verdict: .absent)
    _ = try journal.append(draft)
    let whole = disk.bytes
    #expect(try JournalScan(whole, file: "").records.count == 1)

    disk.faults.spaceLeft = 20
    #expect(throws: JournalError.self) { try journal.append(draft) }
    #expect(disk.bytes == whole)
    disk.faults = MemoryJournal.Faults()
    disk.faults.syncFails = true
    #expect(throws: JournalError.self) { try journal.append(draft) }
    #expect(disk.bytes == whole)
    disk.faults.syncFails = false
    #expect(try journal.append(draft).seq == 2)
    #expect(try ReviewJournal(storage: disk, reader: "anna").contents.records.count == 2)
  }

  @Test("A journal cut at every byte opens, reports at most one torn line, verifies and goes on")
  func cutAnywhere() throws {
    let whole = try Self.sample().bytes
    let lines = whole.split(separator: 0x0A)
    for cut in 0...whole.count {
      let disk = MemoryJournal(Array(whole.prefix(cut)))
      let journal = try ReviewJournal(storage: disk, reader: "anna")
      let kept = whole.prefix(cut).filter { $0 == 0x0A }.count
      #expect(journal.contents.records.count == kept, "cut \(cut)")
      let end = lines.prefix(kept).map { $0.count + 1 }.reduce(0, +)
      #expect((journal.contents.tornLine != nil) == (cut > end), "cut \(cut)")
      #expect(disk.torn == (cut > end ? [Array(whole[end..<cut])] : []), "cut \(cut)")
      let next = try journal.append(ReviewDraft(action: .flag))
      #expect(next.seq == kept + 1, "cut \(cut)")
      let again = try ReviewJournal(storage: disk, reader: "anna").contents
      #expect(again.records.count == kept + 1 && again.tornLine == nil, "cut \(cut)")
    }
  }

  @Test("A sealed line of a later version is an error, not torn: nothing is cut away")
  func laterVersion() throws {
    let body = #"{"seq":1,"action":"sign-off","previous":"\#(String(repeating: "0", count: 64))""#
    let digest = SHA256.hexDigest(of: Array(body.utf8))
    let disk = MemoryJournal(Array((body + #","digest":"\#(digest)"}"# + "\n").utf8))
    #expect(throws: JournalError.self) { try ReviewJournal(storage: disk, reader: "anna") }
    #expect(disk.torn.isEmpty && disk.bytes.count > body.utf8.count)
  }

  @Test("Any altered byte is found", arguments: [UInt8(0x01), 0x20, 0x80])
  func tampering(flip: UInt8) throws {
    let whole = try Self.sample().bytes
    for index in whole.indices {
      var altered = whole
      altered[index] ^= flip
      do {
        let scan = try JournalScan(altered, file: "j")
        #expect(scan.torn != nil, "byte \(index) flipped by \(flip) went unnoticed")
      } catch let error as JournalError {
        guard case .brokenChain = error else {
          Issue.record("byte \(index): \(error)")
          return
        }
      }
    }
  }

  @Test("Removed, repeated, swapped and foreign lines are found and named")
  func chain() throws {
    let whole = try Self.sample().bytes
    let lines = whole.split(separator: 0x0A).map { Array($0) + [0x0A] }
    func line(of order: [Int]) -> Int? {
      do {
        _ = try JournalScan(order.flatMap { lines[$0] }, file: "j")
        return nil
      } catch JournalError.brokenChain(_, let line, _) { return line } catch { return -1 }
    }
    #expect(line(of: [0, 1, 2, 3, 4, 5]) == nil)
    #expect(line(of: [1, 2]) == 1)
    #expect(line(of: [0, 2, 3]) == 2)
    #expect(line(of: [0, 1, 1, 2]) == 3)
    #expect(line(of: [0, 2, 1]) == 2)
    #expect(throws: JournalError.self) {
      try JournalScan(lines[0] + [0x0A] + lines[1], file: "j")
    }
    #expect(throws: JournalError.self) {
      try JournalScan(lines[0] + Array("{}\n".utf8) + lines[1], file: "j")
    }
  }

  @Test("Two sessions of one reader see each other's lines")
  func twoSessions() throws {
    let folder = try TemporaryFolder()
    let url = folder("derivatives/cordscope/sub-07/anat/sub-07_T2w_reader-anna_review.jsonl")
    let one = try ReviewJournal(opening: url, reader: "anna")
    let two = try ReviewJournal(opening: url, reader: "anna")
    let draft = ReviewDraft(action: .verdict, segment: .c2c3, verdict: .absent)
    #expect(try one.append(draft).seq == 1)
    #expect(try two.append(draft).seq == 2)
    #expect(try one.append(draft).seq == 3)
    #expect(try two.reload().records.map(\.seq) == [1, 2, 3])
    let mode = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions]
    #expect(mode as? Int == 0o660)
    let parent = url.deletingLastPathComponent().path
    let folderMode = try FileManager.default.attributesOfItem(atPath: parent)[.posixPermissions]
    #expect((folderMode as? Int).map { $0 & 0o7777 } == 0o2770)
  }

  @Test("Many threads appending at once leave one unbroken chain")
  func threads() async throws {
    let folder = try TemporaryFolder()
    let url = folder("j.jsonl")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let journal = try ReviewJournal(opening: url, reader: "anna")
          for _ in 0..<10 { _ = try journal.append(ReviewDraft(action: .flag)) }
        }
      }
      try await group.waitForAll()
    }
    let journal = try ReviewJournal(opening: url, reader: "anna")
    #expect(journal.contents.records.map(\.seq) == Array(1...40))
  }

  @Test("On a real disk the torn bytes are kept in a side file")
  func tornSideFile() throws {
    let folder = try TemporaryFolder()
    let url = folder("j.jsonl")
    let whole = try Self.sample().bytes
    for cut in stride(from: 1, through: whole.count, by: 97) {
      try Data(whole.prefix(cut)).write(to: url)
      _ = try ReviewJournal(opening: url, reader: "anna").append(ReviewDraft(action: .flag))
      let again = try ReviewJournal(opening: url, reader: "anna")
      #expect(again.contents.tornLine == nil)
    }
    let torn = try Data(contentsOf: folder("j.jsonl.torn"))
    #expect(torn.starts(with: whole.prefix(1)))
  }

  @Test("Links, folders and pipes are refused")
  func notAFile() throws {
    let folder = try TemporaryFolder()
    let victim = try folder.write("mine\n", to: "victim")
    let link = folder("link.jsonl")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: victim)
    mkfifo(folder("pipe.jsonl").path, 0o600)
    for url in [link, folder("pipe.jsonl"), folder.url] {
      #expect(throws: JournalError.self) { try ReviewJournal(opening: url, reader: "anna") }
    }
    #expect(try String(contentsOf: victim, encoding: .utf8) == "mine\n")
  }

  @Test("Acts without meaning are refused and leave no line")
  func refused() throws {
    let disk = MemoryJournal()
    let journal = try ReviewJournal(storage: disk, reader: "anna")
    let long = String(repeating: "x", count: ReviewJournal.longestText + 1)
    for draft in [
      ReviewDraft(action: .verdict, segment: .c2c3),
      ReviewDraft(action: .undo, reverts: 1), ReviewDraft(action: .undo),
      ReviewDraft(action: .redo, reverts: 7), ReviewDraft(action: .comment),
      ReviewDraft(action: .comment, comment: long),
    ] { #expect(throws: JournalError.self) { try journal.append(draft) } }
    #expect(disk.bytes.isEmpty)
  }
}
