/// The numbers that the tools of a convention write, by which a file of vertebrae tells its convention
/// where its name does not.
struct LabelNumbering {
  /// The convention.
  let convention: LabelConvention
  /// All numbers that its tools write, also those that have no meaning here: lumbar vertebrae, sacrum,
  /// endplates, arches.
  let numbers: Set<UInt16>
  /// Those of which at least one is there, or the file says nothing of the spine.
  let telling: Set<UInt16>
  /// The vertebrae from the head downwards, where they are numbered; those of one patient follow each
  /// other.
  let order: [UInt16]
  /// The numbers in words, without the name.
  let words: String

  private init(
    _ convention: LabelConvention, numbers: [ClosedRange<UInt16>], telling: [ClosedRange<UInt16>],
    order: [ClosedRange<UInt16>] = [], words: String
  ) {
    self.convention = convention
    self.numbers = Set(numbers.joined())
    self.telling = Set(telling.joined())
    self.order = Array(order.joined())
    self.words = words
  }

  /// The conventions that a file of vertebrae can have.
  static let all = [
    // 115 is this program's: a compressor in front of the canal that is no disc.
    LabelNumbering(
      .totalSpineSeg,
      numbers: [1...2, 11...17, 21...33, 41...47, 50...50, 63...67, 71...83, 91...96, 100...100]
        + [115...115],
      telling: [11...17, 21...33, 41...47, 63...67, 71...83, 91...96],
      order: [11...17, 21...32, 41...47, 50...50],
      words: "cord 1, canal 2, vertebrae 11-17 and 21-32, discs 63-67 and 71-82"),
    // 28 is a thirteenth thoracic vertebra, 26 and 27, 29-33 sacrum and coccyx.
    LabelNumbering(
      .spinepsInstance, numbers: [1...33, 101...133, 201...233], telling: [1...25, 101...125],
      order: [1...26], words: "vertebrae 1-25, discs 101-125, endplates 201-225"),
    LabelNumbering(
      .spinepsSubregion, numbers: [26...33, 40...69, 100...109], telling: [41...50, 60...61],
      words: "vertebra parts 41-50, cord 60, canal 61, disc 100"),
    LabelNumbering(
      .sctCordLevels, numbers: [1...25], telling: [1...25], order: [1...25],
      words: "the cord beside vertebrae 1-25"),
    LabelNumbering(
      .u2ad, numbers: [1...7], telling: [1...2],
      words: "disc 1, vertebra 2, cord 3, CSF 4, protrusion 5, lesion 6, compressor 7"),
  ]

  /// The conventions whose tools write such values; of several, those in which the vertebrae follow
  /// each other, and those that do not number them.
  static func fitting(_ values: Set<UInt16>) -> [LabelNumbering] {
    let fitting = all.filter {
      values.isSubset(of: $0.numbers) && !values.isDisjoint(with: $0.telling)
    }
    guard fitting.count > 1 else { return fitting }
    let unbroken = fitting.filter { !$0.order.isEmpty && $0.isUnbroken(values) }
    return unbroken.isEmpty ? fitting : unbroken + fitting.filter(\.order.isEmpty)
  }

  /// Whether the vertebrae among the values follow each other.
  private func isUnbroken(_ values: Set<UInt16>) -> Bool {
    let places = order.indices.filter { values.contains(order[$0]) }
    guard let first = places.first, let last = places.last else { return true }
    return last - first + 1 == places.count
  }
}
