/// Which slice each sample of a run is: all slices in a new random order every epoch.
struct EpochOrder {
  let count: Int
  let seed: UInt64
  private var epoch = -1
  private var order: [Int] = []

  init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  /// The slice of sample 0, 1, 2, ...
  mutating func index(_ sample: Int) -> Int {
    if sample / count != epoch {
      epoch = sample / count
      var random = RandomSource.derived(seed, .order, UInt64(epoch))
      order = random.permutation(count)
    }
    return order[sample % count]
  }
}
