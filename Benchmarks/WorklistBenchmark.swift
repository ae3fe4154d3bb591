import Core
import Foundation
import Imaging
import TUI

/// Times the workstation's worklist on a library in memory, from key to drawn screen.
struct WorklistBenchmark: Sendable {
  /// Times in ms.
  struct Figures: Sendable {
    /// From the start of the workstation to its first screen with all studies.
    var start: Double
    /// One keystroke of a filter that asks for columns, with its screen: the mean of its keys.
    var filterKey: Double
    /// One change of the order, with its screen: the mean of 100.
    var sort: Double
    /// One step down the list, with its screen: the mean of 2000, of fewer in a shorter list.
    var step: Double
  }

  /// A library whose studies are there at once; none can be opened.
  private struct Source: ReviewSource {
    struct NoStudy: Error {}
    var title: String { "synthetic" }
    let entries: [WorklistEntry]

    func worklist(reader: String) throws -> [WorklistEntry] { entries }
    func loadStudy(_ subject: String) throws -> ReviewStudy { throw NoStudy() }
    func journal(_ subject: String, reader: String) throws -> JournalContents {
      JournalContents(records: [])
    }
    func append(_ draft: ReviewDraft, subject: String, reader: String) throws -> ReviewRecord {
      throw NoStudy()
    }
    func hasPIN(reader: String) throws -> Bool { false }
    func setPIN(_ pin: PIN, reader: String) throws { throw NoStudy() }
    func sign(
      _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
    ) throws -> ReviewRecord { throw NoStudy() }
    func sheet(_ subject: String, reader: String) throws -> StudySheet { throw NoStudy() }
  }

  private let source: Source
  private let count: Int

  /// Makes a library of so many studies.
  init(studies count: Int) {
    self.count = count
    source = Source(entries: Self.entries(count))
  }

  /// Lines with every state, score, age, score of the patient and site, from fixed arithmetic.
  static func entries(_ count: Int) -> [WorklistEntry] {
    let states: [StudyState] = [.unread, .unread, .reading, .read, .signed, .waiting]
    return (0..<count).map { number in
      let mixed = number &* 2_654_435_761 & 0xffff
      let segment = SpinalSegment.allCases[mixed % SpinalSegment.allCases.count]
      let score = Double(mixed) / 65_536
      var entry = WorklistEntry(
        subject: "clinic\(number)", state: states[mixed % states.count], score: score,
        threshold: 0.15, thresholdSource: "model card", scoring: "core", weights: "random",
        topSegment: segment, flagged: score < 0.15 ? [] : [segment], age: "\(20 + mixed % 70)",
        sex: mixed % 2 == 0 ? "F" : "M", mjoa: "\(mixed % 19)",
        quality: mixed % 9 == 0 ? [QualityFlag("motion", "Motion.")] : [])
      entry.others = ["site": "site\(mixed % 7)", "duration_months": "\(mixed % 60)"]
      return entry
    }
  }

  /// Starts once for each figure, and times the keys within their session: what a start takes differs by
  /// more from one to the next than a hundred steps down the list cost.
  func run() -> Figures {
    func cost(_ keys: String) -> Double { session(keys).millisecondsAKey ?? .nan }
    return Figures(
      start: session("").times.first ?? .nan,
      filterKey: cost("/unread age>60 mjoa<15 flag:motion segment:c5-6"),
      sort: cost(String(repeating: "S", count: 100)),
      step: cost(String(repeating: "j", count: min(2000, max(1, count - 1)))))
  }

  /// A whole session in which keys are pressed when all studies are shown.
  func session(_ keys: String) -> StopwatchDriver {
    let shown = "\(count) studies"
    let driver = StopwatchDriver(
      MemoryDriver(
        size: TerminalSize(columns: 120, rows: 40), script: [.await(shown), .type(keys)]),
      texts: [shown])
    _ = ReviewApp.run(source: source, driver: driver, reader: "bench")
    return driver
  }
}
