import Core
import Foundation

/// The same network in PyTorch, run as a process of its own.
struct Peer {
  /// Why a run of the peer gave no figure.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let python: String
  private let script: String
  private let data: String
  private let work: Bench.Work

  /// The peer for a kind of work; `nil` when the environment names none or it has no such network.
  init?(_ work: Bench.Work) {
    let environment = ProcessInfo.processInfo.environment
    guard let python = environment["PEER_PYTHON"], let script = environment["PEER_SCRIPT"],
      let data = environment["PEER_DATA"], work.configuration == .reference12
    else { return nil }
    self.python = python
    self.script = script
    self.data = data
    self.work = work
  }

  /// The batch size at which the peer is fastest.
  func bestBatch() throws -> Int {
    let sizes = work.context == .image ? [1, 2] : [1, 2, 7, 14]
    let times = try sizes.map { ($0, try milliseconds(batch: $0)) }
    return times.min { $0.1 < $1.1 }?.0 ?? 1
  }

  /// Milliseconds of 14 passes, as the peer's script measures them.
  func milliseconds(batch: Int) throws -> Double {
    let tokens =
      switch work.context {
      case .nearest(let count): "\(count)"
      default: "1024"
      }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [
      script, data, "--depth", "12", "8", "--tokens", tokens, "--passes", "14", "--repeats", "3",
      "--threads", "2", "--batch", "\(batch)",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let range = text.range(of: "14 passes "),
      let value = Double(text[range.upperBound...].prefix { $0 != " " })
    else { throw Failure(description: "the peer printed no time: \(text.prefix(200))") }
    return value
  }
}
