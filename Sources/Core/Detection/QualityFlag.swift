/// Something a reader must know about a result; shown on screen and stored with the detection.
public struct QualityFlag: Codable, Equatable, Hashable, Sendable {
  /// A stable identifier, such as `canal-estimated` or `levels-missing`.
  public var flag: String
  /// A sentence for the reader.
  public var text: String
  /// Indices of the scored slices that it was found on, rising; `nil` for the study as a whole.
  public var slices: [Int]?

  /// Makes a flag.
  public init(_ flag: String, _ text: String, slices: [Int]? = nil) {
    self.flag = flag
    self.text = text
    self.slices = slices
  }
}

extension QualityFlag {
  /// The detection was made on another image, or on other labels, than those that stand.
  public static let detectionOutdated = QualityFlag(
    "detection-outdated", "Image or labels changed after the detection: run detect again.")

  /// Flags that follow from what the detection made of the picture: where the curve is high, how much of the
  /// cord was reconstructed. All others tell of pictures, labels and files.
  private static let namesOfResults: Set<String> = ["peak-outside", "reconstruction-incomplete"]

  /// Whether it tells something of the AI's result, which is hidden with that.
  public var tellsOfResult: Bool { Self.namesOfResults.contains(flag) }
}

extension [QualityFlag] {
  /// Whether the detection was made on another image, or on other labels, than those that stand.
  public var tellOfOutdatedDetection: Bool {
    contains { $0.flag == QualityFlag.detectionOutdated.flag }
  }

  /// Adds a flag that was found on a slice: the same words on several slices are one flag.
  mutating func add(_ flag: QualityFlag, onSlice index: Int) {
    let known = firstIndex { $0.flag == flag.flag && $0.text == flag.text && $0.slices != nil }
    guard let known else {
      append(QualityFlag(flag.flag, flag.text, slices: [index]))
      return
    }
    let slices = (self[known].slices ?? []) + [index]
    self[known].slices = Set(slices).sorted()
  }

  /// The identifiers, each once, in order.
  public var names: [String] {
    var names: [String] = []
    for flag in self where !names.contains(flag.flag) { names.append(flag.flag) }
    return names
  }
}
