internal import Synchronization

/// Which work that was asked for is still wanted.
final class WorkerOrders: Sendable {
  private let generation = Mutex(0)

  /// Whether work that is asked for now has been cancelled by the time of asking.
  func isCancelledLater() -> @Sendable () -> Bool {
    let own = generation.withLock { $0 }
    return { [self] in generation.withLock { $0 } != own }
  }

  /// Cancels what was asked for so far.
  func cancel() { generation.withLock { $0 += 1 } }
}

/// What was asked for last: what it supersedes need not be done.
final class Latest<Value: Equatable & Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  /// Notes what is wanted now.
  func want(_ wanted: Value) { value.withLock { $0 = wanted } }

  /// Whether something is still what is wanted.
  func isWanted(_ asked: Value) -> Bool { value.withLock { $0 == asked } }
}
