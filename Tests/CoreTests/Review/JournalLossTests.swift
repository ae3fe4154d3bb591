import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Journals deleted, replaced or blocked while in use")
struct JournalLossTests {
  private static let draft = ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present)

  private func loss(_ body: () throws -> Void) -> JournalError.Loss? {
    do {
      try body()
      return nil
    } catch JournalError.lost(_, _, let loss, _) { return loss } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  @Test("A deleted journal is not begun anew; its acts are kept, and put back it goes on")
  func deleted() throws {
    let folder = try TemporaryFolder()
    let url = folder("sub-01_T2w_reader-anna_review.jsonl")
    let journal = try ReviewJournal(opening: url, reader: "anna")
    for _ in 0..<3 { _ = try journal.append(Self.draft) }
    let bytes = try Data(contentsOf: url)
    try FileManager.default.removeItem(at: url)
    for _ in 0..<2 {
      do {
        _ = try journal.append(Self.draft)
        Issue.record("a new chain was begun")
      } catch let error as JournalError {
        let name = "\(url.lastPathComponent).lost-\(journal.contents.records[2].lineHash.prefix(8))"
        #expect(
          error == .lost(file: url.lastPathComponent, acts: 3, .deleted, kept: name))
        #expect("\(error)".contains("deleted while it was in use; nothing is written"))
        #expect(try Data(contentsOf: folder(name)) == bytes)
      }
    }
    #expect(loss { _ = try journal.reload() } == .deleted)
    #expect(loss { _ = try journal.glance() } == .deleted)
    #expect(!FileManager.default.fileExists(atPath: url.path))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    try FileManager.default.moveItem(at: folder(try #require(names.first)), to: url)
    #expect(try journal.append(Self.draft).seq == 4)
    #expect(try ReviewJournal(opening: url, reader: "anna").contents.records.count == 4)
  }

  @Test("A journal replaced by another one is refused, whether by name or in place")
  func replaced() throws {
    let mine = try ReviewJournalTests.sample()
    let whole = mine.bytes
    let other = MemoryJournal()
    let second = try ReviewJournal(storage: other, reader: "anna")
    for _ in 0..<7 { _ = try second.append(Self.draft) }
    let journal = try ReviewJournal(storage: mine, reader: "anna")
    let cut = Array(whole.prefix(whole.dropLast().lastIndex(of: 0x0A).map { $0 + 1 } ?? 0))
    for bytes in [other.bytes, cut, []] {
      mine.replace(bytes)
      #expect(loss { _ = try journal.append(Self.draft) } == .replaced)
      #expect(loss { _ = try journal.reload() } == .replaced)
      #expect(loss { _ = try journal.glance() } == .replaced)
      #expect(mine.bytes == bytes)
    }
    #expect(mine.lost.values.map { $0 } == [whole])

    let folder = try TemporaryFolder()
    let url = folder("j.jsonl")
    try Data(whole).write(to: url)
    let onDisk = try ReviewJournal(opening: url, reader: "anna")
    // The same inode, other lines, as cp does it.
    for bytes in [other.bytes, cut] {
      try Data(bytes).write(to: url, options: [])
      #expect(loss { _ = try onDisk.append(Self.draft) } == .replaced)
      #expect(try Array(Data(contentsOf: url)) == bytes)
    }
  }

  @Test("A copy that holds what was read is as good: the session goes on with it")
  func backup() throws {
    let disk = try ReviewJournalTests.sample()
    let journal = try ReviewJournal(storage: disk, reader: "anna")
    let known = disk.bytes
    let other = try ReviewJournal(storage: disk, reader: "anna")
    _ = try other.append(Self.draft)
    // Another session's line came, and the file is a new one: both are noticed.
    disk.replace(disk.bytes)
    #expect(try journal.append(Self.draft).seq == 8)
    disk.replace(Array(disk.bytes.dropLast(3)))
    #expect(loss { _ = try journal.append(Self.draft) } == .replaced)
    #expect(disk.torn.isEmpty && disk.bytes.starts(with: known))
  }

  @Test("A file that loses its name between write and acknowledgement is not acknowledged")
  func vanishesWhileWriting() throws {
    let disk = try ReviewJournalTests.sample()
    let journal = try ReviewJournal(storage: disk, reader: "anna")
    disk.faults.vanishesInSync = true
    #expect(loss { _ = try journal.append(Self.draft) } == .deleted)
    #expect(journal.contents.records.count == 6)
    let empty = MemoryJournal()
    let first = try ReviewJournal(storage: empty, reader: "anna")
    empty.faults.vanishesInSync = true
    #expect(throws: JournalError.self) { try first.append(Self.draft) }
    empty.faults.vanishesInSync = false
    // Nothing had been acknowledged: it may be repeated at once.
    #expect(try first.append(Self.draft).seq == 1)
  }

  @Test("A glance waits for nobody, and leaves out what is being written")
  func glance() throws {
    let disk = try ReviewJournalTests.sample()
    let journal = ReviewJournal(unread: disk, reader: "anna")
    let seen = Mutex<Int?>(nil)
    let (entered, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    disk.faults.whileLocking = {
      entered.signal()
      release.wait()
    }
    let finished = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let record = try? journal.append(Self.draft)
      seen.withLock { $0 = record?.seq }
      finished.signal()
    }
    entered.wait()
    // The append holds the journal until `release`: had the glance waited, it would never return.
    #expect(try journal.glance().count == 6)
    disk.faults.whileLocking = nil
    release.signal()
    finished.wait()
    #expect(seen.withLock { $0 } == 7)
    disk.replace(disk.bytes + Array("{\"seq\":8".utf8))
    #expect(try journal.glance().count == 7 && disk.torn.isEmpty)
  }

  @Test("The worklist does not wait for a journal that another program holds")
  func worklist() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01", "02"], in: folder)
    for (study, subject) in zip(library.studies, ["01", "02"]) {
      try DerivativeWriter(library: folder.url).write(
        LibraryFixture.detection(subject: subject), maps: LibraryFixture.maps(), of: study)
      _ = try library.append(Self.draft, subject: subject, reader: "anna")
    }
    let url = try #require(library.studies[0].journal(reader: "anna", library: folder.url))
    let holder = open(url.path, O_RDWR | O_CLOEXEC)
    defer { _ = close(holder) }
    try #require(flock(holder, LOCK_EX) == 0)
    // Whoever waits for this lock gives up with an error, which would stand on the line.
    for library in [library, try StudyLibrary(opening: folder.url)] {
      let states = try library.worklist(reader: "anna").map(\.state)
      #expect(states == [.reading, .reading])
    }
  }
}

extension ReviewRecord {
  /// The SHA-256 of the record's line.
  fileprivate var lineHash: String {
    var copy = self
    return SHA256.hexDigest(of: copy.sealedLine())
  }
}
