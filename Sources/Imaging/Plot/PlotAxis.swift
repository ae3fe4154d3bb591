internal import Foundation

/// A range of values along a stretch of px, with ticks at round numbers.
public struct PlotAxis: Equatable, Sendable {
  /// The value at `start`.
  public let lower: Double
  /// The value at `end`.
  public let upper: Double
  /// Px of the lower value.
  public let start: Double
  /// Px of the upper value.
  public let end: Double

  /// A value on the axis and how it is written.
  public struct Tick: Equatable, Sendable {
    /// Where.
    public var value: Double
    /// What stands there.
    public var label: String

    /// Makes a tick.
    public init(_ value: Double, _ label: String) {
      self.value = value
      self.label = label
    }
  }

  /// Makes an axis from one value to another. Ends that are no numbers become 0 and 1, ends in
  /// the wrong order are exchanged and equal ends moved apart; a reversed axis begins at `end`.
  public init(
    from low: Double, to high: Double, start: Double, end: Double, isReversed: Bool = false
  ) {
    let range = ValueRange(low, high).usable
    lower = range.lower
    upper = range.upper
    self.start = isReversed ? end : start
    self.end = isReversed ? start : end
  }

  /// Px of a value, also beyond the ends; NaN for what is no number.
  public func position(of value: Double) -> Double {
    start + (value - lower) / (upper - lower) * (end - start)
  }

  /// The value at a px.
  public func value(at position: Double) -> Double {
    guard end != start else { return lower }
    return lower + (position - start) / (end - start) * (upper - lower)
  }

  /// Ticks at multiples of 1, 2 or 5 times a power of ten, of the step nearest (as a ratio) to
  /// one that cuts the axis into `count`.
  public func ticks(about count: Int = 6) -> [Tick] {
    let wanted = Double(min(max(count, 1), 100))
    let rough = (upper - lower) / wanted
    let power = pow(10, log10(rough).rounded(.down))
    guard power.isFinite, power > 0 else { return [] }
    let ratio = rough / power
    let factor =
      ratio < 2.0.squareRoot()
      ? 1 : ratio < 10.0.squareRoot() ? 2 : ratio < 50.0.squareRoot() ? 5 : 10
    let step = Double(factor) * power
    let (first, last) = ((lower / step - 1e-6).rounded(.up), (upper / step + 1e-6).rounded(.down))
    guard first.isFinite, last.isFinite, last >= first, last - first < 1000 else { return [] }
    let largest = max(abs(lower), abs(upper))
    return (0...Int(last - first)).map { n in
      let multiple = first + Double(n)
      // A power below 1 is not exact: dividing by its inverse gives the nearest number to 0.3.
      let value =
        power < 1 ? multiple * Double(factor) / pow(10, -log10(power).rounded()) : multiple * step
      return Tick(value, Self.label(value, step: step, largest: largest))
    }
  }

  /// A value in as many digits as tell it from the next tick.
  static func label(_ value: Double, step: Double, largest: Double) -> String {
    guard value.isFinite, step > 0, largest.isFinite else { return "" }
    if value == 0 { return "0" }
    let digits = Int(max(0, (-log10(step) - 1e-9).rounded(.up)))
    if largest >= 1e6 || digits > 4 {
      let exponent = log10(largest).rounded(.down)
      let more = Int(min(max(exponent - log10(step).rounded(.down), 0), 12))
      return short(String(format: "%.\(more)e", value))
    }
    return String(format: "%.\(digits)f", value)
  }

  /// "1.50e+06" as "1.5e6".
  private static func short(_ text: String) -> String {
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
    var digits = String(parts[0])
    if digits.contains(".") {
      while digits.hasSuffix("0") { digits.removeLast() }
      if digits.hasSuffix(".") { digits.removeLast() }
    }
    return "\(digits)e\(exponent)"
  }
}

/// The smallest and largest of the numbers seen.
struct ValueRange: Equatable {
  private(set) var lower = Double.infinity
  private(set) var upper = -Double.infinity

  init() {}

  init(_ a: Double, _ b: Double) {
    include([a, b])
    // One end given, the other not a number: the range is as good as unknown.
    if !a.isFinite || !b.isFinite { self = ValueRange() }
  }

  var isEmpty: Bool { lower > upper }

  mutating func include(_ values: some Sequence<Double>) {
    for value in values where value.isFinite {
      lower = min(lower, value)
      upper = max(upper, value)
    }
  }

  mutating func include(_ other: ValueRange) { include([other.lower, other.upper]) }

  /// The range widened by a share of itself; an end at 0 stays.
  func padded(_ share: Double) -> ValueRange {
    guard !isEmpty else { return self }
    let more = (upper - lower) * share
    return ValueRange(lower == 0 ? 0 : lower - more, upper == 0 ? 0 : upper + more)
  }

  /// A range with two different ends; 0...1 when nothing was seen.
  var usable: ValueRange {
    guard !isEmpty, (upper - lower).isFinite else {
      return isEmpty ? ValueRange(0, 1) : ValueRange(lower / 4, upper / 4)
    }
    let largest = max(abs(lower), abs(upper))
    guard upper - lower <= max(largest * 1e-9, 1e-300) else { return self }
    let half = largest < 1e-290 ? 0.5 : largest * 0.1
    let limit = Double.greatestFiniteMagnitude
    return ValueRange(max(lower - half, -limit), min(upper + half, limit))
  }
}
