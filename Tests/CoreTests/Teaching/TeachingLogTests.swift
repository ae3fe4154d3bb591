import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("The file of a teaching session")
struct TeachingLogTests {
  private let plan = TeachingRecord.Plan(cases: ["a1", "b2"], salt: "s", readings: false)

  private func create(_ storage: any JournalStorage) throws -> TeachingLog {
    let log = TeachingLog(storage: storage)
    _ = try log.append(.created, reader: "anna") { record, contents in
      #expect(contents.created == nil)
      record.plan = plan
      return true
    }
    return log
  }

  private func show(_ slice: Int, _ log: TeachingLog) throws {
    _ = try log.append(.view, reader: "anna") { record, _ in
      var view = TeachingView(caseNumber: 1, slice: slice)
      (view.segment, view.window, view.level) = ("C4-5", 310.5, 120)
      view.point = [100, 80.5]
      view.isRevealed = true
      record.view = view
      return true
    }
  }

  @Test("What is written is read again, by another session too")
  func roundTrip() throws {
    let disk = MemoryJournal()
    let log = try create(disk)
    _ = try log.append(.opened, reader: "liu") { record, _ in
      record.caseNumber = 2
      return true
    }
    try show(3, log)
    let other = try TeachingLog(storage: disk).read()
    #expect(try log.read() == other)
    #expect(other.count == 3 && other.created?.plan == plan && other.created?.reader == "anna")
    #expect(other.openings.map(\.caseNumber) == [2] && other.openings.map(\.reader) == ["liu"])
    let view = try #require(other.view)
    #expect(view.seq == 3 && view.view.slice == 3 && view.view.segment == "C4-5")
    #expect(view.view.window == 310.5 && view.view.point == [100, 80.5] && view.view.isRevealed)
    // An opening says that its program notes in the journal whose a reveal is.
    #expect(other.tellsReveal(of: 2, to: "liu") && !other.tellsReveal(of: 1, to: "liu"))
    #expect(!other.tellsReveal(of: 2, to: "bob"))
    let lines = String(decoding: disk.bytes, as: UTF8.self)
    #expect(lines.contains(#""case":2,"reasons":true,"previous""#))
    // A follower who knows the file reads on from where he was.
    try show(7, TeachingLog(storage: disk))
    let latest = try log.read().view
    #expect(latest?.seq == 4 && latest?.view.slice == 7)
  }

  @Test("A line that is being written is not seen; a torn one is set aside by the next writer")
  func torn() throws {
    let disk = MemoryJournal()
    try show(1, create(disk))
    let whole = disk.bytes
    let half = Array("{\"seq\":3,\"time\":".utf8)
    let damaged = MemoryJournal(whole + half)
    let log = TeachingLog(storage: damaged)
    #expect(try log.read().count == 2)
    #expect(damaged.bytes == whole + half && damaged.torn.isEmpty)
    try show(2, log)
    #expect(damaged.torn == [half])
    #expect(try TeachingLog(storage: damaged).read().count == 3)
  }

  @Test("A line altered, left out or repeated is an error that names it; so is another file")
  func altered() throws {
    let disk = MemoryJournal()
    let log = try create(disk)
    try show(1, log)
    try show(2, log)
    let lines = disk.bytes.split(separator: 0x0A).map { Array($0) + [0x0A] }
    func read(_ lines: [[UInt8]]) throws {
      _ = try TeachingLog(storage: MemoryJournal(Array(lines.joined()))).read()
    }
    try read(lines)
    let wrong = Array(
      String(decoding: lines[1], as: UTF8.self).replacing("C4-5", with: "C5-6").utf8)
    for broken in [
      [lines[0], wrong, lines[2]], [lines[0], lines[2]], [lines[0], lines[1], lines[1]],
      [lines[1]], [Array("{}\n".utf8)], [lines[0], Array("not json\n".utf8)],
    ] {
      #expect(throws: JournalError.self) { try read(broken) }
    }
    disk.replace(Array(lines[0]))
    #expect(throws: JournalError.self) { try log.read() }
    disk.replace(nil)
    #expect(throws: JournalError.self) { try show(3, log) }
  }

  @Test("A disk that is full leaves whole lines, and nothing is acknowledged")
  func full() throws {
    let disk = MemoryJournal()
    let log = try create(disk)
    let before = disk.bytes
    disk.faults.spaceLeft = 40
    #expect(throws: JournalError.self) { try show(1, log) }
    #expect(disk.bytes == before)
    disk.faults.spaceLeft = .max
    try show(1, log)
    #expect(try TeachingLog(storage: disk).read().count == 2)
  }

  @Test("Two writers at the same time lose no line of each other")
  func twoWriters() throws {
    let folder = try TemporaryFolder()
    let storage = PosixJournalStorage(folder("session.jsonl"))
    _ = try create(storage)
    let each = 12
    DispatchQueue.concurrentPerform(iterations: 2) { writer in
      let log = TeachingLog(storage: storage)
      for number in 1...each {
        // Who has waited in vain for the other tries again.
        for _ in 0..<100 {
          let written = try? log.append(.opened, reader: "reader\(writer)") { record, _ in
            record.caseNumber = number
            return true
          }
          if written != nil { break }
        }
      }
    }
    let contents = try TeachingLog(storage: storage).read()
    #expect(contents.count == 1 + 2 * each)
    for reader in ["reader0", "reader1"] {
      let own = contents.openings.filter { $0.reader == reader }
      #expect(own.compactMap(\.caseNumber) == Array(1...each))
    }
  }
}
