import Core
import Foundation

/// The engine's figures for one kind of work, a line for each task, with PyTorch's beside them where there
/// is a peer.
struct EngineReport {
  /// Interleaved pairs of our run and the peer's.
  static let pairs = 15
  /// Images of a training step.
  private static let batch = 8
  /// Passes of the method's inference (T = 10 masks at a ratio of 0.75, balanced), and of the product's.
  private static let (passes, productPasses) = (14, 7)

  private let work: Bench.Work
  private let threads: Int
  private let bench: EngineBenchmark
  private let peer: Peer?

  /// Prepares the work, and the peer where the environment names one.
  init(_ work: Bench.Work, threads: Int) throws {
    self.work = work
    self.threads = threads
    bench = try EngineBenchmark(configuration: work.configuration, context: work.context)
    peer = try Peer(work, threads: threads)
  }

  /// Removes what the peer was given.
  func close() { peer?.close() }

  /// One pass, and the method's passes on all threads and on one, with the peak of memory.
  func inference(say: (String) -> Void) throws {
    let one = try compare(.passes(1), batch: 1) {
      try bench.inference(passes: 1, threads: threads, repeats: 1).milliseconds
    }
    ProcessMemory.resetPeak()
    let best = try peer?.bestBatch(passes: Self.passes) ?? 1
    let many = try compare(.passes(Self.passes), batch: best) {
      try bench.inference(passes: Self.passes, threads: threads, repeats: 1).milliseconds
    }
    let memory = ProcessMemory.peakMiB
    let alone = try bench.inference(passes: Self.passes, threads: 1, repeats: 5)
    let peersAlone = try peer?.run(.passes(Self.passes), batch: best, threads: 1)
    let name = "\(work.label) (\(alone.tokens) tokens, \(alone.maskable) maskable)"
    say("\(name): one pass \(one.text)")
    say("\(name): \(Self.passes) balanced passes \(many.text)")
    say("\(name): " + scaling(alone.milliseconds, many, peersAlone))
    say("\(name): " + peaks(memory, many))
  }

  /// One optimiser step on all threads and on one, with the peak of memory.
  func training(say: (String) -> Void) throws {
    ProcessMemory.resetPeak()
    func step(threads: Int, repeats: Int) throws -> Double {
      try bench.trainingStep(batch: Self.batch, threads: threads, repeats: repeats).milliseconds
    }
    let repeats = work.trainingRepeats
    let both = try compare(.trainingStep, batch: Self.batch) {
      try step(threads: threads, repeats: peer == nil ? repeats : 1)
    }
    let memory = ProcessMemory.peakMiB
    let alone = try step(threads: 1, repeats: min(repeats, 5))
    let peersAlone = try peer?.run(.trainingStep, batch: Self.batch, threads: 1)
    let name = "\(work.label), training step of \(Self.batch) images"
    say("\(name): \(both.text)")
    say("\(name): " + scaling(alone, both, peersAlone))
    say("\(name): " + peaks(memory, both))
  }

  /// What the product does by default: a slice, and a clinic's adaptation.
  func product(say: (String) -> Void) throws {
    let best = try peer?.bestBatch(passes: Self.productPasses) ?? 1
    let slice = try compare(.passes(Self.productPasses), batch: best) {
      try bench.inference(passes: Self.productPasses, threads: threads, repeats: 1).milliseconds
    }
    say("default: \(work.label), \(Self.productPasses) balanced passes a slice \(slice.text)")
    let cohort = try AdaptationBenchmark.run(bench, slices: 125 * 3, threads: threads)
    say(
      "default: adaptation to 125 patients x 3 slices: \(words(cohort)), extrapolated from 24 steps "
        + "and their refreshes")
    guard let peer else { return }
    let passes = AdaptationSettings().passes
    var theirs = cohort
    theirs.stepMilliseconds = try peer.run(.trainingStep, batch: Self.batch).milliseconds
    theirs.refreshMilliseconds =
      try peer.run(.passes(passes), batch: peer.bestBatch(passes: passes)).milliseconds
    say(
      "default: the same steps and passes in PyTorch (unconditioned; no guided masks, maps or "
        + "checkpoints): \(words(theirs)), \(Bench.ratio(theirs.minutes / cohort.minutes))")
  }

  private func words(_ estimate: AdaptationBenchmark.Estimate) -> String {
    "\(estimate.steps) steps of \(Bench.words(estimate.stepMilliseconds)) and \(estimate.refreshes) "
      + "refreshes of \(Bench.words(estimate.refreshMilliseconds)) a slice: "
      + minutes(estimate.minutes)
  }

  private func minutes(_ value: Double) -> String {
    // A tenth of a minute is a sixth of what the small network takes.
    value < 2 ? "\(Int((value * 60).rounded())) s" : String(format: "%.1f min", value)
  }

  private func scaling(_ alone: Double, _ both: Pairs, _ peersAlone: Peer.Cost?) -> String {
    func words(_ alone: Double, _ together: Double) -> String {
      "on one thread \(Bench.words(alone)) (\(Bench.ratio(alone / together)) by \(threads) threads)"
    }
    guard let peersAlone, let theirs = both.theirs else { return words(alone, both.ours) }
    return words(alone, both.ours) + "; PyTorch \(words(peersAlone.milliseconds, theirs)): "
      + Bench.ratio(peersAlone.milliseconds / alone)
  }

  private func peaks(_ ours: Double?, _ pairs: Pairs) -> String {
    "peak memory \(Bench.words(ours))"
      + (pairs.theirs == nil
        ? "" : "; PyTorch \(Bench.words(pairs.peersPeakMiB)) with its interpreter")
  }

  /// Medians of runs in turn.
  private struct Pairs {
    var ours: Double
    var theirs: Double?
    var peersPeakMiB: Double?
    var text: String
  }

  /// Ours and the peer's in turn, so that a change of the machine's speed meets both.
  private func compare(
    _ task: Peer.Task, batch: Int, _ measure: () throws -> Double
  ) throws -> Pairs {
    guard let peer else {
      let count = task == .trainingStep ? 1 : Self.pairs
      let times = try (0..<count).map { _ in try measure() }.sorted()
      return Pairs(ours: times[count / 2], text: Bench.words(times[count / 2]))
    }
    var (ours, theirs) = ([Double](), [Peer.Cost]())
    for _ in 0..<Self.pairs {
      ours.append(try measure())
      theirs.append(try peer.run(task, batch: batch))
    }
    let (a, b) = (
      ours.sorted()[Self.pairs / 2], theirs.map(\.milliseconds).sorted()[Self.pairs / 2]
    )
    return Pairs(
      ours: a, theirs: b, peersPeakMiB: theirs.compactMap(\.peakMiB).max(),
      text: "\(Bench.words(a)); PyTorch (unconditioned) \(Bench.words(b)) at batch \(batch): "
        + "\(Bench.ratio(b / a)) (\(Self.pairs) interleaved pairs)")
  }
}
