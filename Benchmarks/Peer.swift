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
    /// A single pass of one image.
    case onePass
    /// 14 passes.
    case inference
    /// One optimiser step of 8 images.
    case trainingStep
  }

  /// The environment's variables that name the interpreter, the script and its slice: all are needed.
  static let variables = ["PEER_PYTHON", "PEER_SCRIPT", "PEER_DATA"]

  private let python: String
  private let script: String
  private let data: String
  private let work: Bench.Work
  private let weights: URL
  private let threads: Int

  /// Which variables are missing though others name a peer, in words; `nil` where all are set, or none.
  static func warning(_ environment: [String: String]) -> String? {
    let missing = variables.filter { environment[$0, default: ""].isEmpty }
    guard !missing.isEmpty, missing.count < variables.count else { return nil }
    return "PyTorch is not timed: \(missing.joined(separator: " and ")) "
      + "\(missing.count == 1 ? "is" : "are") not set"
  }

  /// The peer for a kind of work, with the same weights under the reference's names; `nil` when the
  /// environment does not set all of its variables (`warning` says which).
  init?(
    _ work: Bench.Work, threads: Int,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let values = Self.variables.compactMap { environment[$0] }.filter { !$0.isEmpty }
    guard values.count == Self.variables.count else { return nil }
    (python, script, data) = (values[0], values[1], values[2])
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
    case .onePass: arguments += ["--passes", "1"]
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
    guard let value = Self.milliseconds(of: task, batch: batch, in: text) else {
      throw Failure(description: "the peer printed no time: \(text.prefix(200))")
    }
    return value
  }

  /// The time of a task in what the script printed; `nil` where it is not there.
  static func milliseconds(of task: Task, batch: Int, in text: String) -> Double? {
    let label =
      switch task {
      case .onePass: "one pass "
      case .inference: "14 passes "
      case .trainingStep: "training step, \(batch) images "
      }
    guard let range = text.range(of: label) else { return nil }
    return Double(text[range.upperBound...].prefix { $0 != " " })
  }
}
