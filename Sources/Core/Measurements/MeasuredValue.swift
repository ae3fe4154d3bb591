/// One measured value with what a reader needs to judge it; its unit stands in the name of its key.
///
/// What cannot be measured has no value and a reason, never 0.
public struct MeasuredValue: Codable, Equatable, Sendable {
  /// The value in the unit of its key, to hundredths; `nil` beside a reason.
  public var value: Double?
  /// Why there is no value.
  public var reason: String?
  /// The variant of the definition that was used.
  public var method: String
  /// What it was measured from, such as "C5 cord 7.31 mm"; places are (posterior, inferior) of the
  /// centre of the slice's first pixel.
  public var inputs: [String]
  /// What was substituted, or speaks against the value.
  public var quality: [QualityFlag]
  /// Published variability between readers with its source, or ``unpublished``.
  public var variability: String

  /// What stands for a variability that nobody is known to have published.
  public static let unpublished = "none published that we know of"

  /// Makes a measurement of its parts.
  public init(
    value: Double?, reason: String?, method: String, inputs: [String] = [],
    quality: [QualityFlag] = [], variability: String = Self.unpublished
  ) {
    self.value = value.flatMap { $0.isFinite ? ($0 * 100).rounded() / 100 : nil }
    self.reason =
      reason ?? (value.map(\.isFinite) == true ? nil : "the value is not a finite number")
    self.method = method
    self.inputs = inputs
    self.quality = quality
    self.variability = variability
  }

  private enum Key: String, CodingKey {
    case value, reason, method, inputs, quality, variability
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(value, forKey: .value)
    try c.encode(reason, forKey: .reason)
    try c.encode(method, forKey: .method)
    try c.encode(inputs, forKey: .inputs)
    try c.encode(quality, forKey: .quality)
    try c.encode(variability, forKey: .variability)
  }
}

/// What is the same for every value of a kind: its definition and its published variability.
struct MeasurementMethod: Sendable {
  var text: String
  var variability = MeasuredValue.unpublished

  /// A measured value.
  func value(
    _ value: Double, from inputs: [String] = [], quality: [QualityFlag] = []
  ) -> MeasuredValue {
    MeasuredValue(
      value: value, reason: nil, method: text, inputs: inputs, quality: quality,
      variability: variability)
  }

  /// No value, and why.
  func missing(_ reason: String, quality: [QualityFlag] = []) -> MeasuredValue {
    MeasuredValue(
      value: nil, reason: reason, method: text, quality: quality, variability: variability)
  }
}

extension Double {
  /// The number with two decimals, for inputs and texts.
  var hundredths: String {
    guard isFinite, abs(self) < 1e9 else { return "-" }
    let n = Int((abs(self) * 100).rounded())
    let fraction = n % 100
    return "\(self < 0 && n > 0 ? "-" : "")\(n / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  /// The number with one decimal.
  var tenths: String {
    guard isFinite, abs(self) < 1e9 else { return "-" }
    let n = Int((abs(self) * 10).rounded())
    return "\(self < 0 && n > 0 ? "-" : "")\(n / 10).\(n % 10)"
  }
}
