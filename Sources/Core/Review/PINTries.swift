internal import Foundation

/// Wrong PINs, by reader: after three the next is taken only when half a minute is over, in whatever session.
public struct PINTries: Sendable {
  private let storage: any WrongPINStorage
  private let clock: @Sendable () -> Double

  /// Starts without tries, and forgets them with the program.
  ///
  /// - Parameter clock: seconds since some moment.
  public init(clock: @escaping @Sendable () -> Double) {
    self.init(WrongPINMemory(), clock: clock)
  }

  /// The tries at the PINs of a library's readers, which other sessions see, too.
  ///
  /// - Parameter clock: seconds since 1970; may be set back or forward.
  init(
    library root: URL,
    clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) { self.init(WrongPINFile(root: root), clock: clock) }

  private init(_ storage: any WrongPINStorage, clock: @escaping @Sendable () -> Double) {
    (self.storage, self.clock) = (storage, clock)
  }

  /// Lets one try through; it is counted before it is made, so that tries at once count too, and programs
  /// that are killed.
  ///
  /// - Throws: `PINError.wrong`, `PINError.waits`, what `accepts` throws, which counts no try; where the
  ///   count cannot be kept no try is made: `ReadError`, `LibraryError.cannotWrite`, `WriteError`.
  public func check(reader: String, accepts: () throws -> Bool) throws {
    let now = clock()
    var (before, counted) = (WrongPINs(), WrongPINs())
    let wait = try storage.change(reader: reader) { own in
      if let wait = own.wait(at: now) { return wait }
      before = own
      own.count(at: now)
      counted = own
      return nil
    }
    if let wait { throw PINError.waits(seconds: wait) }
    let isRight: Bool
    do {
      isRight = try accepts()
    } catch {
      // A file that cannot be read is no guess.
      put(before, for: reader, ifStill: counted)
      throw error
    }
    if isRight {
      put(WrongPINs(), for: reader)
    } else if counted.wrong < WrongPINs.most {
      throw PINError.wrong(left: WrongPINs.most - counted.wrong)
    } else {
      throw PINError.waits(seconds: Int(WrongPINs.pause))
    }
  }

  /// Throws while no try is taken; none is counted.
  ///
  /// - Throws: `PINError.waits`; `ReadError` where the count is not the reader's own.
  public func checkLock(reader: String) throws {
    let now = clock()
    let kept = try storage.read(reader: reader)
    var own = kept
    guard let wait = own.wait(at: now) else { return }
    if own != kept {
      // The pause that begins now ends half a minute from now. Where that cannot be kept nothing can be signed.
      _ = try? storage.change(reader: reader) { $0.wait(at: now) }
    }
    throw PINError.waits(seconds: wait)
  }

  /// Sets a count; where that fails, the one there is holds, which may cost tries or a pause and lets none
  /// through.
  private func put(_ count: WrongPINs, for reader: String, ifStill expected: WrongPINs? = nil) {
    _ = try? storage.change(reader: reader) { own in
      if expected == nil || own == expected { own = count }
      return nil
    }
  }
}
