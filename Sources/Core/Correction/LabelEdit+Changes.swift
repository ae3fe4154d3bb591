/// What was changed, in the words that journal, sidecar and reports keep of it.
extension LabelEdit {
  private typealias Points = [UInt16: SIMD3<Double>]

  /// Levels that were left out at the beginning, and what they make of its points.
  private struct Insertion {
    /// The numbers inserted, uppermost first.
    var numbers: [UInt16]
    /// How many points are further down for it.
    var below: Int
    /// The points before it, under their numbers after it, and those inserted.
    var base: Points
  }

  /// What differs from the beginning: "C4-5 moved 3.1 mm, C5-6 added", "all shifted by +1",
  /// "C5-6 inserted, 3 below it one level down".
  public var changes: String {
    if let levels = shiftedLevels { return Self.shiftWords(levels) }
    var base = original
    var words: [String] = []
    while let found = insertion(into: base) {
      base = found.base
      words.append(Self.insertionWords(found.numbers.map(kind.name), below: found.below))
    }
    // Where a point still has the place of another, more was renumbered than what was inserted.
    return renumberedCount(from: base) == 0
      ? (words + differences(from: base)).joined(separator: ", ")
      : differences(from: original).joined(separator: ", ")
  }

  /// "C5-6 inserted, 3 below it one level down", "C5-6 and C6-7 inserted, 2 below them 2 levels down".
  static func insertionWords(_ names: [String], below: Int) -> String {
    let inserted = "\(names.joined(separator: " and ")) inserted"
    return names.count == 1
      ? "\(inserted), \(below) below it one level down"
      : "\(inserted), \(below) below them \(names.count) levels down"
  }

  /// The numbers whose points are not those of a beginning.
  private func differing(from base: Points) -> [UInt16] {
    Set(base.keys).union(points.keys).filter { base[$0] != points[$0] }.sorted()
  }

  /// How many points have the place that another number had.
  private func renumberedCount(from base: Points) -> Int {
    points.count { number, place in
      base.contains { $0.key != number && $0.value == place }
    }
  }

  /// What differs from a beginning in words, point by point.
  private func differences(from base: Points) -> [String] {
    differing(from: base).map { number in
      let name = kind.name(number)
      guard let before = base[number] else { return "\(name) added" }
      guard let now = points[number] else { return "\(name) removed" }
      let tenths = (Self.distanceMM(before, now) * 10).rounded()
      return "\(name) moved \(tenths / 10) mm"
    }
  }

  private static func distanceMM(_ one: SIMD3<Double>, _ other: SIMD3<Double>) -> Double {
    let way = other - one
    return (way * way).sum().squareRoot()
  }

  // MARK: Inserted levels

  /// The levels whose insertion leaves the fewest points under the number of another, then the fewest changed
  /// otherwise, then these moved least; `nil` where none leaves fewer than there are.
  private func insertion(into base: Points) -> Insertion? {
    var least = (renumberedCount(from: base), differing(from: base).count, 0.0)
    var best: Insertion?
    for first in kind.numbers where base[first] != nil {
      var numbers: [UInt16] = []
      for number in first...kind.numbers.upperBound {
        guard isNew(number) else { break }
        numbers.append(number)
        guard let found = inserting(numbers, into: base) else { continue }
        let others = differing(from: found.base)
        let movedMM = others.reduce(0.0) { sum, other in
          guard let before = found.base[other], let now = points[other] else { return sum }
          return sum + Self.distanceMM(before, now)
        }
        let left = (
          renumberedCount(from: found.base), others.count + numbers.count, movedMM
        )
        if left < least { (least, best) = (left, found) }
      }
    }
    return best
  }

  /// Whether a point lies where none lay at the beginning.
  private func isNew(_ number: UInt16) -> Bool {
    guard let place = points[number] else { return false }
    return !original.values.contains(place)
  }

  /// What the points before are called once levels that follow each other are inserted; `nil` where there is no
  /// number left for the lowest.
  private func inserting(_ numbers: [UInt16], into base: Points) -> Insertion? {
    guard let first = numbers.first else { return nil }
    let lower = base.keys.filter { $0 >= first && kind.numbers.contains($0) }
    guard let last = lower.max(), Int(last) + numbers.count <= Int(kind.numbers.upperBound) else {
      return nil
    }
    var after = base
    for number in lower { after[number] = nil }
    for number in lower { after[number + UInt16(numbers.count)] = base[number] }
    for number in numbers { after[number] = points[number] }
    return Insertion(numbers: numbers, below: lower.count, base: after)
  }
}
