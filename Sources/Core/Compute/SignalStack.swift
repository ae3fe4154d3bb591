internal import Foundation

/// A stack of their own for the signal handlers of a thread.
///
/// When a thread's stack overflows, no handler can run on it: the terminal would stay as the
/// workstation had set it. The kernel knows such a stack per thread, so every thread that this
/// program starts, or borrows from Dispatch, asks for one when its work begins.
public enum SignalStack {
  /// Bytes; many times what a handler and the registers that the kernel saves need.
  private static let size = 65_536

  /// Holds a thread's stack and gives it back when the thread ends.
  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key) { memory in
      var none = stack_t()
      none.ss_flags = Int32(SS_DISABLE)
      guard let memory, sigaltstack(&none, nil) == 0 else { return }
      munmap(memory, size)
    }
    return status == 0 ? key : nil
  }()

  /// Gives the calling thread such a stack until it ends, unless it has one.
  ///
  /// Costs nothing to speak of from the second call on. Without memory for it, the thread goes on
  /// without.
  public static func ensure() {
    guard let key, pthread_getspecific(key) == nil else { return }
    var present = stack_t()
    guard sigaltstack(nil, &present) == 0, present.ss_flags & Int32(SS_DISABLE) != 0 else { return }
    let memory = mmap(
      nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { return }
    var stack = stack_t()
    stack.ss_sp = memory
    stack.ss_size = size
    guard sigaltstack(&stack, nil) == 0, pthread_setspecific(key, memory) == 0 else {
      munmap(memory, size)
      return
    }
  }

  /// Starts a thread that has such a stack from its first moment.
  public static func detachNewThread(_ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread {
      ensure()
      body()
    }
  }
}
