/// A reader's wrong PINs: how many there were, and until when none is taken.
struct WrongPINs: Equatable, Sendable, Codable {
  /// Wrong tries before the pause.
  static let most = 3
  /// The pause in seconds.
  static let pause = 30.0

  /// Tries that were wrong, or are being made.
  var wrong = 0
  /// Seconds of the clock at which the next try is taken.
  var until = 0.0

  /// What stands for a count that cannot be read: one pause from whenever it is looked at.
  static let unreadable = WrongPINs(wrong: most, until: .greatestFiniteMagnitude)

  /// Whether the numbers can be those of a count.
  var isSound: Bool { 0...Self.most ~= wrong && until.isFinite }

  /// Whole seconds to wait; `nil` where a try is taken.
  ///
  /// Nobody waits longer than one pause, whatever the clock did meanwhile: where it was set back, the pause
  /// begins now.
  mutating func wait(at now: Double) -> Int? {
    guard now < until else { return nil }
    until = min(until, now + Self.pause)
    return Int((until - now).rounded(.up))
  }

  /// Counts a try before it is made.
  mutating func count(at now: Double) {
    if wrong >= Self.most { self = WrongPINs() }
    wrong += 1
    if wrong == Self.most { until = now + Self.pause }
  }
}

/// Where wrong PINs are counted, by reader.
protocol WrongPINStorage: Sendable {
  /// A reader's count.
  ///
  /// - Throws: `ReadError` where it is not the reader's own.
  func read(reader: String) throws -> WrongPINs

  /// Changes a reader's count while no other session does; what it then is, is kept before this returns.
  ///
  /// - Throws: as ``read(reader:)``, and `LibraryError.cannotWrite` or `WriteError` where it cannot be kept.
  func change(reader: String, _ body: (inout WrongPINs) -> Int?) throws -> Int?
}
