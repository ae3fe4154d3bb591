/// What a random number is for; every purpose has its own numbers under one seed.
enum RandomPurpose: UInt64 {
  case weights = 0x7765
  case order = 0x6f72
  case augmentation = 0x6175
  case masks = 0x6d61
}

extension RandomSource {
  /// The generator of one purpose, and of one item (step, epoch, tensor) and part (image) in it.
  static func derived(
    _ seed: UInt64, _ purpose: RandomPurpose, _ item: UInt64 = 0, _ part: UInt64 = 0
  ) -> RandomSource {
    var source = RandomSource(seed: seed, stream: purpose.rawValue)
    var items = source.split(item)
    return items.split(part)
  }
}
