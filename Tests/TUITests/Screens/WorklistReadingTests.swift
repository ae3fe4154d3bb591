import Core
import Foundation
import Testing

@testable import TUI

@Suite("Worklist: a large library while it is being read")
struct WorklistReadingTests {
  /// Lists many studies, reads none, and notes which are asked for.
  private final class Listing: EffectRunner {
    let mailbox: Mailbox
    private(set) var wished: [[String]] = []

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    func run(_ effect: Effect) {
      guard case .loadWorklist = effect else { return }
      let entries = (0..<500).map { number in
        var entry = WorklistEntry(subject: "\(number)", state: .waiting)
        entry.isBeingRead = true
        return entry
      }
      mailbox.post(.reading(.listed(entries)))
    }

    func readFirst(_ subjects: [String]) { wished.append(subjects) }

    func finishWrites() {}
  }

  @Test("the lines on the screen are asked for, and others when it moves to them")
  func screenFirst() throws {
    let driver = MemoryDriver(
      size: TerminalSize(columns: 120, rows: 40), script: [.await("500 studies"), .type("Ggj")])
    let worker = Listing(driver.mailbox)
    _ = ReviewApp.run(
      title: "many", driver: driver, reader: "liu", timeZone: .gmt, worker: worker,
      background: nil)
    let lines = WorklistScreen.lines(driver.size)
    let first = (0..<lines).map(String.init)
    let last = (500 - lines..<500).map(String.init)
    #expect(worker.wished == [first, last, first])
    #expect(driver.missed.isEmpty)
  }

  @Test("once everything is read nothing is asked for; what is read is not asked for again")
  func onlyMissing() {
    var list = WorklistScreenState()
    list.entries = (0..<5).map { number in
      var entry = WorklistEntry(subject: "\(number)", state: .waiting)
      entry.isBeingRead = number != 1
      return entry
    }
    list.order = WorklistOrder(.column(.study))
    #expect(list.missing(rows: 3) == ["0", "2"] && list.missing(rows: 9) == ["0", "2", "3", "4"])
    list.take(list.entries.map { WorklistEntry(subject: $0.subject, state: .unread) })
    #expect(list.missing(rows: 9).isEmpty)
    // What the reader's own acts told meanwhile stays.
    #expect(list.entries.map(\.state) == [.unread, .waiting, .unread, .unread, .unread])
  }

  @Test("quality flags are named as far as there is room, and the others counted")
  func flags() {
    var entry = WorklistEntry(subject: "1", state: .unread)
    #expect(WorklistScreen.qualityWords(entry, room: 20) == "-")
    entry.quality = ["canal-estimated", "out-of-plane", "motion"].map { QualityFlag($0, "") }
    #expect(WorklistScreen.qualityWords(entry) == "canal-estimated, out-of-plane, motion")
    #expect(WorklistScreen.qualityWords(entry, room: 32) == "canal-estimated, out-of-plane +1")
    #expect(WorklistScreen.qualityWords(entry, room: 31) == "canal-estimated +2")
    #expect(WorklistScreen.qualityWords(entry, room: 10) == "3 flags")
    entry.quality = [QualityFlag("canal-estimated", ""), QualityFlag("canal-estimated", "")]
    #expect(WorklistScreen.qualityWords(entry, room: 15) == "canal-estimated")
    #expect(WorklistScreen.qualityWords(entry, room: 8) == "canal-estimated")
  }
}
