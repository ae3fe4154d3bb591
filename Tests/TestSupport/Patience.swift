/// Waiting for what takes its time on a busy machine.
public enum Patience {
  /// How long what will come may take: who waits goes on as soon as it is there.
  public static let limit = Duration.seconds(120)

  /// Looks again and again until something is there; `nil` when it did not come.
  ///
  /// The last look begins when the time is over: a sleep may last far longer than it was meant to, and what
  /// was seen before it says nothing of now.
  public static func find<Value: Sendable>(
    within limit: Duration = Patience.limit, every pause: Duration = .milliseconds(50),
    _ look: () async throws -> Value?
  ) async throws -> Value? {
    let end = ContinuousClock.now + limit
    while true {
      let isLast = ContinuousClock.now >= end
      if let found = try await look() { return found }
      if isLast { return nil }
      try await Task.sleep(for: pause)
    }
  }

  /// Looks again and again until something holds; whether it does.
  public static func holds(
    within limit: Duration = Patience.limit, _ condition: () async throws -> Bool
  ) async throws -> Bool {
    let answer: Bool? = try await find(within: limit) { try await condition() ? true : nil }
    return answer != nil
  }
}
