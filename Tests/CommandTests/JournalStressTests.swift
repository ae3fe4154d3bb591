import Core
import Foundation
import Testing
import TestSupport

@Suite("Journal under kill -9")
struct JournalStressTests {
  static let program = BuiltProduct.url("cordscope")

  @Test(
    "1,000 verdicts, killed at random moments: no acknowledged verdict is lost",
    .enabled(if: program != nil, "the executable is not built"))
  func killed() throws {
    let program = try #require(Self.program)
    let folder = try TemporaryFolder()
    let journal = folder("sub-01_T2w_reader-stress_review.jsonl")
    let seed: UInt64 = 20_261_121
    var state = seed
    var acknowledged = 0
    var kills = 0
    var runs = 0
    // Where the test is late to kill, thousands are written in one go: it goes on until ten were killed.
    while acknowledged < 1000 || kills < 10 {
      runs += 1
      try #require(runs < 500, "the child makes no progress (seed \(seed))")
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let delay = UInt32((state >> 33) % 30_000)
      let count = acknowledged + 5000
      let child = try Child(program, ["journal-stress", journal.path, "\(count)"])
      let (numbers, wasKilled) = child.run(killAfterMicroseconds: delay)
      if wasKilled { kills += 1 }
      if let first = numbers.first {
        // A line written but not acknowledged before the kill may stand between.
        #expect(first > acknowledged, "seed \(seed), run \(runs)")
        #expect(numbers == Array(first..<first + numbers.count), "seed \(seed), run \(runs)")
        acknowledged = first + numbers.count - 1
      }
      // Whatever was acknowledged is in the journal, whole and in its chain.
      let contents = try ReviewJournal(opening: journal, reader: "stress").contents
      #expect(contents.records.count >= acknowledged, "seed \(seed), run \(runs)")
      // The child may not have lived to acknowledge the last line.
      acknowledged = contents.records.count
    }
    let contents = try ReviewJournal(opening: journal, reader: "stress").contents
    #expect(contents.records.map(\.seq) == Array(1...contents.records.count))
    #expect(contents.records.allSatisfy { $0.comment == "verdict \($0.seq)" })
    print(
      "journal: \(kills) kills in \(runs) runs, every acknowledged verdict there (seed \(seed))")
  }

  /// A child process whose standard output is read to the end.
  struct Child {
    private let process = Process()
    private let output = Pipe()

    init(_ program: URL, _ arguments: [String]) throws {
      process.executableURL = program
      process.arguments = arguments
      process.standardOutput = output
      try process.run()
    }

    /// Kills the child a while after its first line; the numbers on whole lines it printed, and
    /// whether it died of the signal.
    func run(killAfterMicroseconds delay: UInt32) -> ([Int], Bool) {
      var data = output.fileHandleForReading.availableData
      usleep(delay)
      kill(process.processIdentifier, SIGKILL)
      data += output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      // What follows the last newline was cut by the kill and counts as not said.
      var lines = String(decoding: data, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      lines.removeLast()
      return (lines.compactMap { Int($0) }, process.terminationReason == .uncaughtSignal)
    }
  }
}
