internal import Dispatch
internal import Foundation
internal import Synchronization

/// A parallel-for over coarse units of work (images, passes, heads, blocks of rows).
///
/// Units are handed out dynamically, so the caller decides what a unit is and gives each unit its
/// own place to write; the result then depends neither on the number of threads nor on their
/// timing. A fork and join costs about 20 microseconds: units should be much longer than that.
public struct ThreadTeam: Sendable {
  /// The most workers that run at once; at least one.
  public let threads: Int

  /// A team of `threads` workers (fewer than one counts as one).
  public init(threads: Int) {
    self.threads = max(1, threads)
  }

  /// One worker per core of the machine.
  public static let machine = ThreadTeam(threads: ProcessInfo.processInfo.activeProcessorCount)

  /// Calls `body(index, worker)` once for every index in `0..<count` and returns when all are done.
  ///
  /// `worker` is in `0..<threads`; no two calls with the same worker overlap, so it may index
  /// scratch memory. Which worker gets which index varies from run to run.
  public func forEach(_ count: Int, _ body: @Sendable (_ index: Int, _ worker: Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      var index = 0
      while index < count {
        body(index, 0)
        index += 1
      }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      SignalStack.ensure()
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index, worker)
      }
    }
  }

  /// The part of `0..<count` that belongs to `part` of `parts` (sizes differ by at most one step).
  ///
  /// Boundaries fall on multiples of `step`, so that kernels see whole tiles of rows.
  public static func slice(of count: Int, part: Int, parts: Int, step: Int = 1) -> Range<Int> {
    let steps = (count + step - 1) / step
    let from = steps * part / parts
    let to = steps * (part + 1) / parts
    return min(count, from * step)..<min(count, to * step)
  }
}
