import Core
import Foundation
import Imaging

/// The same network in PyTorch, run as a process of its own.
struct Peer {
  /// Why a run of the peer gave no figure.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What is timed.
  enum Task {
    /// 14 passes.
    case inference
    /// One optimiser step of 8 images.
    case trainingStep
  }

  private let python: String
  private let script: String
  private let data: String
  private let work: Bench.Work
  private let weights: URL
  private let threads: Int

  /// The peer for a kind of work, with the same weights under the reference's names; `nil` when the
  /// environment names none.
  init?(_ work: Bench.Work, threads: Int) throws {
    let environment = ProcessInfo.processInfo.environment
    guard let python = environment["PEER_PYTHON"], let script = environment["PEER_SCRIPT"],
      let data = environment["PEER_DATA"]
    else { return nil }
    self.python = python
    self.script = script
    self.data = data
    self.work = work
    self.threads = threads
    var shape = work.configuration
    // The reference has no conditioning: the peer does without its two small products.
    shape.isConditioned = false
    let bench = try EngineBenchmark(configuration: shape, context: work.context)
    weights = FileManager.default.temporaryDirectory
      .appendingPathComponent("peer-\(UUID().uuidString).safetensors")
    try bench.weights.safetensors(includesFixedTables: true).write(to: weights)
  }

  /// Removes the weights again.
  func close() { try? FileManager.default.removeItem(at: weights) }

  /// The batch size at which the peer is fastest; each time is its own median of three.
  func bestBatch() throws -> Int {
    let sizes = work.context == .image ? [1, 2, 4] : [1, 2, 4, 7, 14]
    let times = try sizes.map { ($0, try milliseconds(.inference, batch: $0)) }
    return times.min { $0.1 < $1.1 }?.0 ?? 1
  }

  /// Milliseconds of a task, as the peer's script measures them.
  func milliseconds(_ task: Task, batch: Int) throws -> Double {
    let tokens =
      switch work.context {
      case .nearest(let count): "\(count)"
      default: "1024"
      }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    var arguments = [
      script, data, "--weights", weights.path, "--tokens", tokens, "--repeats", "3",
      "--threads", "\(threads)", "--batch", "\(batch)",
    ]
    switch task {
    case .inference: arguments += ["--passes", "14"]
    // One pass alone beside it: the script always times inference too.
    case .trainingStep: arguments += ["--passes", "1", "--train"]
    }
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let label = task == .inference ? "14 passes " : "training step, \(batch) images "
    guard let range = text.range(of: label),
      let value = Double(text[range.upperBound...].prefix { $0 != " " })
    else { throw Failure(description: "the peer printed no time: \(text.prefix(200))") }
    return value
  }
}
