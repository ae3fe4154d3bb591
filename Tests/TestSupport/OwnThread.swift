import Foundation

/// Work on a thread of its own.
///
/// All tests begin at once and share as many threads as there are cores: one that sleeps between two looks
/// at a program goes on when the tests that were begun meanwhile are through, which takes minutes. What
/// must be seen, or answered with a signal, while it happens is looked at here.
public enum OwnThread {
  /// Does something that may wait for long.
  public static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
  }
}
