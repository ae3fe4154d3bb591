/// What the way to the reader's terminal is like, as measured; what is not known is absent.
public struct LinkQuality: Equatable, Sendable {
  /// The time from a question to its answer in ms, smoothed.
  public private(set) var roundTripMS: Double?
  /// The time that a byte takes to get there and be dealt with in ms, smoothed.
  public private(set) var millisecondsPerByte: Double?
  /// Bytes of the full frame that was measured last.
  public var fullFrameBytes: Int?

  /// The weight of the newest measurement: three like it count for two thirds of the figure.
  static let weight = 0.3

  /// Makes a link of which nothing is known.
  public init() {}

  /// Bytes that get there in a second.
  public var bytesPerSecond: Double? { millisecondsPerByte.map { 1000 / $0 } }

  /// Notes how long an answer took.
  public mutating func note(roundTrip: Duration) {
    roundTripMS = Self.smoothed(roundTripMS, max(roundTrip / .milliseconds(1), 0))
  }

  /// Notes how long bytes and the answer behind them took.
  /// - Parameter roundTrip: What the answer alone takes.
  public mutating func note(bytes: Int, took: Duration, roundTrip: Duration) {
    guard bytes > 0 else { return }
    // A clock of a busy machine may tell less than nothing is left.
    let transfer = max((took - roundTrip) / .milliseconds(1), 0.1)
    millisecondsPerByte = Self.smoothed(millisecondsPerByte, transfer / Double(bytes))
  }

  private static func smoothed(_ before: Double?, _ now: Double) -> Double {
    before.map { $0 + weight * (now - $0) } ?? now
  }

  /// "round trip 12 ms, 1900 kB/s"; `nil` where nothing is known.
  public var words: String? {
    let trip = roundTripMS.map { "round trip \($0 < 1 ? "under 1" : "\(Int($0.rounded()))") ms" }
    let rate = bytesPerSecond.map { "\(max(Int(($0 / 1000).rounded()), 1)) kB/s" }
    let known = [trip, rate].compactMap { $0 }
    return known.isEmpty ? nil : known.joined(separator: ", ")
  }
}
