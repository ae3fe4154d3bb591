import Core
import Foundation
import Testing

@testable import cordscope_bench

@Suite("Benchmarks")
struct BenchmarkTests {
  @Test("every kernel's figure is measured", .enabled(if: KernelTable.best.path != .scalar))
  func kernels() {
    let figures = KernelBenchmark.run(.best, seconds: 0)
    #expect(figures.count == 16)
    for figure in figures {
      #expect(figure.milliseconds > 0 && figure.milliseconds.isFinite, "\(figure.name)")
    }
  }

  @Test("inference and a training step are timed on the slice of 51 patches")
  func engine() throws {
    let bench = try EngineBenchmark(
      configuration: NetworkConfiguration(
        encoderDepth: 2, encoderWidth: 16, decoderDepth: 2, decoderWidth: 8, isConditioned: true,
        normalisation: "flat"), context: .nearest(128))
    let time = try bench.inference(passes: 2, threads: 1, repeats: 1)
    #expect(time.tokens == 128 && time.maskable == 51 && time.milliseconds > 0)
    #expect(try bench.trainingStep(batch: 2, threads: 1, repeats: 1).milliseconds > 0)
  }

  @Test("PyTorch is timed when all three variables are set; one that is missing is named")
  func peer() throws {
    let all = ["PEER_PYTHON": "python", "PEER_SCRIPT": "mae.py", "PEER_DATA": "slice"]
    #expect(Peer.warning(all) == nil && Peer.warning([:]) == nil)
    let python = ["PEER_PYTHON": "python", "PEER_DATA": ""]
    #expect(
      Peer.warning(python) == "PyTorch is not timed: PEER_SCRIPT and PEER_DATA are not set")
    var two = all
    two["PEER_SCRIPT"] = nil
    #expect(Peer.warning(two) == "PyTorch is not timed: PEER_SCRIPT is not set")
    let work = try #require(Bench.works.first)
    #expect(try Peer(work, threads: 1, environment: two) == nil)
    #expect(try Peer(work, threads: 1, environment: [:]) == nil)
  }

  @Test("the peer's times are read from its lines, each by its own words")
  func peerLines() {
    let text = """
      torch 2.15 threads 2 batch 1 depth 3/2 tokens 128 maskable 51 hidden 38
      one pass 7.25 ms; 14 passes 145.3 ms
      training step, 8 images 252.4 ms
      """
    #expect(Peer.milliseconds(of: .passes(1), batch: 1, in: text) == 7.25)
    #expect(Peer.milliseconds(of: .passes(14), batch: 7, in: text) == 145.3)
    #expect(Peer.milliseconds(of: .trainingStep, batch: 8, in: text) == 252.4)
    #expect(Peer.milliseconds(of: .trainingStep, batch: 4, in: text) == nil)
    #expect(Peer.milliseconds(of: .passes(1), batch: 1, in: "no module named torch") == nil)
  }

  @Test("the peer is run with the work's own arguments, and its peak of memory is seen")
  func peerRun() throws {
    let script = FileManager.default.temporaryDirectory
      .appendingPathComponent("peer-\(UUID().uuidString).sh")
    defer { try? FileManager.default.removeItem(at: script) }
    // Its time is a thousand times its threads and a batch more.
    try Data(
      """
      while [ $# -gt 0 ]; do case "$1" in --threads) t=$2;; --batch) b=$2;; esac; shift; done
      sleep 0.2
      echo "one pass 1.00 ms; 14 passes $(( t * 1000 + b )).5 ms"
      """.utf8
    ).write(to: script)
    let work = try #require(Bench.works.first)
    let peer = try #require(
      try Peer(
        work, threads: 2,
        environment: [
          "PEER_PYTHON": "/bin/sh", "PEER_SCRIPT": script.path, "PEER_DATA": "slice",
        ]))
    defer { peer.close() }
    let both = try peer.run(.passes(14), batch: 7)
    #expect(both.milliseconds == 2007.5)
    #expect(try peer.run(.passes(14), batch: 4, threads: 1).milliseconds == 1004.5)
    #expect(try peer.bestBatch(passes: 14) == 1)
    #if os(Linux)
      #expect(try #require(both.peakMiB) > 0)
    #endif
    #expect(throws: Peer.Failure.self) { try peer.run(.trainingStep, batch: 8) }
  }

  @Test("an adaptation is extrapolated from its own schedule")
  func adaptation() throws {
    let bench = try EngineBenchmark(
      configuration: NetworkConfiguration(
        encoderDepth: 1, encoderWidth: 8, decoderDepth: 1, decoderWidth: 8, isConditioned: true,
        normalisation: "flat"), context: .nearest(128))
    let estimate = try AdaptationBenchmark.run(bench, slices: 375, threads: 2)
    // 40 passes over 375 slices in batches of 8; maps at the start, every quarter and at the end.
    #expect(estimate.steps == 1875 && estimate.refreshes >= 5)
    #expect(estimate.stepMilliseconds > 0 && estimate.refreshMilliseconds > 0)
    let minutes =
      (1875 * estimate.stepMilliseconds
        + Double(estimate.refreshes * 375) * estimate.refreshMilliseconds) / 60_000
    #expect(abs(estimate.minutes - minutes) < 1e-9)
  }

  @Test("the worklist's keys are timed on studies in every state")
  func worklist() {
    let entries = WorklistBenchmark.entries(60)
    #expect(Set(entries.map(\.subject)).count == 60 && entries.contains { $0.isFlagged })
    #expect(entries == WorklistBenchmark.entries(60))
    let bench = WorklistBenchmark(studies: 60)
    let figures = bench.run()
    for time in [figures.start, figures.filterKey, figures.sort, figures.step] {
      #expect(time > 0 && time.isFinite, "\(figures)")
    }
    let session = bench.session("jjj")
    #expect(session.keys == 3 && session.times.count == 1)
    #expect(bench.session("").millisecondsAKey == nil)
  }

  @Test("a start on a library on disk is timed to its list and to all states")
  func library() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("cordscope-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let library = SyntheticLibrary(root: folder, count: 230)
    try library.write()
    #expect(library.unread == 218)
    let figures = try LibraryBenchmark.session(library)
    #expect(figures.list > 0 && figures.states >= figures.list && figures.states.isFinite)
  }

  @Test("the peak of resident memory is known and can be forgotten")
  func memory() throws {
    // Tests run side by side, and what another one lets go of can hide the block: once seen is seen.
    let isSeen = try (0..<20).contains { _ in
      ProcessMemory.resetPeak()
      let before = try #require(ProcessMemory.peakMiB)
      let block = [UInt8](repeating: 1, count: 64 << 20)
      let after = try #require(ProcessMemory.peakMiB)
      return after - before > 48 && block[12345] == 1
    }
    #expect(isSeen)
  }

  @Test("a pseudo terminal shows what a program writes, answers what it asks, and times it")
  func pseudoTerminal() throws {
    let echo = try PseudoTerminal(
      ["/bin/sh", "-c", "stty -echo; stty size; printf '\\033[c'; read -r x; echo got"],
      columns: 91,
      rows: 33, hasSixels: true)
    defer { echo.close() }
    // A shell takes its time on a busy machine.
    func output(until words: String) -> String {
      var text = ""
      let end = ContinuousClock.now + .seconds(120)
      while !text.contains(words), ContinuousClock.now < end {
        text += String(decoding: echo.output(silence: 200, longest: 2000), as: UTF8.self)
      }
      return text
    }
    let text = output(until: "\u{1b}[c")
    #expect(text.contains("33 91") && text.contains("\u{1b}[c"), "\(text)")
    echo.type("\n")
    let rest = output(until: "got")
    #expect(rest.contains("got"), "\(rest)")
  }
}
