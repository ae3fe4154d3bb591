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
  enum Task: Equatable {
    /// So many passes of one image.
    case passes(Int)
    /// One optimiser step.
    case trainingStep
  }

  /// What one run of the script took.
  struct Cost: Sendable {
    /// The script's own median in ms.
    var milliseconds: Double
    /// The peak of its process in MiB, Python and PyTorch included; `nil` elsewhere than on Linux.
    var peakMiB: Double?
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

  /// The batch size at which the peer is fastest in so many passes; each time is its own median of three.
  func bestBatch(passes: Int) throws -> Int {
    let sizes = (work.context == .image ? [1, 2, 4] : [1, 2, 4, 7, 14]).filter { $0 <= passes }
    let times = try sizes.map { ($0, try run(.passes(passes), batch: $0).milliseconds) }
    return times.min { $0.1 < $1.1 }?.0 ?? 1
  }

  /// What a task costs, as the peer's script measures it.
  ///
  /// - Parameter threads: other threads than the comparison's.
  func run(_ task: Task, batch: Int, threads: Int? = nil) throws -> Cost {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = arguments(task, batch: batch, threads: threads ?? self.threads)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    // The script prints three lines, which the pipe holds until it has ended.
    var peak: Double?
    while process.isRunning {
      peak = ProcessMemory.peakMiB(of: process.processIdentifier) ?? peak
      Thread.sleep(forTimeInterval: 0.02)
    }
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    guard let value = Self.milliseconds(of: task, batch: batch, in: text) else {
      throw Failure(description: "the peer printed no time: \(text.prefix(200))")
    }
    return Cost(milliseconds: value, peakMiB: peak)
  }

  private func arguments(_ task: Task, batch: Int, threads: Int) -> [String] {
    let tokens =
      switch work.context {
      case .nearest(let count): "\(count)"
      default: "1024"
      }
    let common = [
      script, data, "--weights", weights.path, "--tokens", tokens, "--repeats", "3",
      "--threads", "\(threads)", "--batch", "\(batch)",
    ]
    return switch task {
    case .passes(let count): common + ["--passes", "\(count)"]
    // One pass alone beside it: the script always times inference too.
    case .trainingStep: common + ["--passes", "1", "--train"]
    }
  }

  /// The time of a task in what the script printed; `nil` where it is not there.
  static func milliseconds(of task: Task, batch: Int, in text: String) -> Double? {
    let label =
      switch task {
      case .passes(1): "one pass "
      case .passes(let count): "\(count) passes "
      case .trainingStep: "training step, \(batch) images "
      }
    guard let range = text.range(of: label) else { return nil }
    return Double(text[range.upperBound...].prefix { $0 != " " })
  }
}
