/// Something a reader must know about a result; shown on screen and stored with the detection.
public struct QualityFlag: Codable, Equatable, Hashable, Sendable {
  /// A stable identifier, such as `canal-estimated` or `levels-missing`.
  public var flag: String
  /// A sentence for the reader.
  public var text: String

  /// Makes a flag.
  public init(_ flag: String, _ text: String) {
    self.flag = flag
    self.text = text
  }
}
