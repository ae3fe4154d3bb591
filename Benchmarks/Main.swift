import Core
import Foundation

/// `make bench`: speed of the engine, with PyTorch beside it when `PEER_PYTHON` names an
/// interpreter that has it and `PEER_SCRIPT`/`PEER_DATA` the same network's script and slice.
/// With `--kernels`: the single kernels of every instruction set instead.
@main
enum Bench {
  /// One kind of work, named by the network's shape and context.
  struct Work {
    let name: String
    let configuration: NetworkConfiguration
    let context: NetworkContext
    let repeats: Int
  }

  static let works: [Work] = [
    Work(name: "small", configuration: .small, context: .nearest(128), repeats: 15),
    Work(name: "12/8", configuration: .reference12, context: .nearest(128), repeats: 15),
    Work(name: "12/8", configuration: .reference12, context: .image, repeats: 15),
  ]

  static func main() throws {
    if CommandLine.arguments.contains("--kernels") { return reportKernels() }
    let threads = min(2, ProcessInfo.processInfo.activeProcessorCount)
    print("kernels \(KernelTable.best.path.rawValue), \(threads) threads, \(processor)")
    for work in works {
      let bench = try EngineBenchmark(configuration: work.configuration, context: work.context)
      guard let peer = Peer(work) else {
        let time = try bench.inference(passes: 14, threads: threads, repeats: work.repeats)
        report(work, time, "\(work.repeats) runs", peer: nil)
        continue
      }
      try compare(work, bench, peer, threads: threads)
    }
    for batch in [8] {
      let bench = try EngineBenchmark(configuration: .small, context: .nearest(128))
      let time = try bench.trainingStep(batch: batch, threads: threads, repeats: 15)
      print(
        String(
          format: "small nearest(128): training step of %d images %.1f ms", batch, time.milliseconds
        ))
    }
  }

  private static func reportKernels() {
    for path in KernelTable.available where path != .scalar {
      guard let table = KernelTable.table(for: path) else { continue }
      for figure in KernelBenchmark.run(table) {
        let speed = figure.operations > 0 ? String(format: "%6.1f GF/s", figure.gigaflops) : ""
        print(path.rawValue, figure.name, String(format: "%9.4f ms", figure.milliseconds), speed)
      }
    }
  }

  /// Ours and the peer's in turn, so that a change of the machine's speed meets both.
  private static func compare(
    _ work: Work, _ bench: EngineBenchmark, _ peer: Peer, threads: Int
  ) throws {
    let batch = try peer.bestBatch()
    var ours: [EngineBenchmark.Timing] = []
    var theirs: [Double] = []
    for _ in 0..<work.repeats {
      ours.append(try bench.inference(passes: 14, threads: threads, repeats: 1))
      theirs.append(try peer.milliseconds(batch: batch))
    }
    let sorted = ours.sorted { $0.milliseconds < $1.milliseconds }
    let middle = sorted[sorted.count / 2]
    report(
      work, middle, "\(work.repeats) interleaved runs",
      peer: (theirs.sorted()[theirs.count / 2], batch))
  }

  private static func report(
    _ work: Work, _ time: EngineBenchmark.Timing, _ runs: String, peer: (Double, Int)?
  ) {
    var line = String(
      format: "%@ %@: 14 balanced passes %.1f ms (%d tokens, %d maskable; median of %@)",
      work.name, work.context.description, time.milliseconds, time.tokens, time.maskable, runs)
    if let (milliseconds, batch) = peer {
      line += String(
        format: "; PyTorch %.1f ms at batch %d: %.2f x", milliseconds, batch,
        milliseconds / time.milliseconds)
    }
    print(line)
  }

  private static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line.map {
      String($0.split(separator: ":").last ?? "").trimmingCharacters(in: .whitespaces)
    }
      ?? "unknown processor"
  }
}
