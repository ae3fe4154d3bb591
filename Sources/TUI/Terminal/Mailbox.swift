import Synchronization

/// A thread-safe queue of messages that wakes the one thread that reads them.
public final class Mailbox: Sendable {
  private let messages = Mutex<[AppMessage]>([])
  private let wake: @Sendable () -> Void

  /// Makes a queue; `wake` is called after each message, on the posting thread.
  public init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  /// Adds a message.
  public func post(_ message: AppMessage) {
    messages.withLock { $0.append(message) }
    wake()
  }

  /// Takes the oldest message.
  func take() -> AppMessage? {
    messages.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}
