/// A level that was left out in the middle: its point takes the number of the one below, and all below move on.
extension LabelEdit {
  /// By how many levels all points bear another name than at the beginning, where nothing else differs; `nil`
  /// where something does, where nothing differs, or for a single point.
  var shiftedLevels: Int? {
    let before = original.filter { kind.numbers.contains($0.key) }
    guard before.count > 1, let first = before.keys.min(), let now = numbers.first, now != first
    else { return nil }
    let levels = Int(now) - Int(first)
    var expected = original.filter { !kind.numbers.contains($0.key) }
    for (number, place) in before {
      guard let other = UInt16(exactly: Int(number) + levels) else { return nil }
      expected[other] = place
    }
    return points == expected ? levels : nil
  }

  /// "all shifted by +1": a level further down.
  static func shiftWords(_ levels: Int) -> String {
    "all shifted by \(levels > 0 ? "+" : "")\(levels)"
  }

  /// Adds a point at a place in RAS mm; where no number is free there, it takes that of the point below it,
  /// which gets the next number as all further down do. All of it is one edit.
  ///
  /// - Returns: its number.
  /// - Throws: `EditRefusal` where the place is no place, the points do not lie in the order of their names,
  ///   or the lowest has the last number.
  @discardableResult
  public mutating func insertShifting(at place: SIMD3<Double>) throws -> UInt16 {
    let place = try checked(place)
    if let free = try? insert(at: place) { return free }
    // Which points lie below is not told by names that do not follow each other down the spine.
    if let fault { throw EditRefusal("put right first: \(fault)") }
    let known = numbers
    guard let number = known.first(where: { (points[$0]?.z ?? 0) <= place.z }),
      let last = known.last, last < kind.numbers.upperBound
    else { throw EditRefusal("no number is free there, nor below the lowest point") }
    let shifted = known.filter { $0 >= number }
    var after = points
    for old in shifted { after[old] = nil }
    for old in shifted { after[old + 1] = points[old] }
    after[number] = place
    apply(Self.insertionWords([kind.name(number)], below: shifted.count), after)
    return number
  }

  /// The point to choose after an edit was taken back or restored: the one that it put to a new place, or
  /// changed alone; of several that which lies where the chosen one lay, else the uppermost.
  ///
  /// - Parameters:
  ///   - before: the points before that, in RAS mm by number.
  ///   - chosen: the number of the point chosen then.
  /// - Returns: its number, or `nil` where no point is left.
  public func choice(
    after before: [UInt16: SIMD3<Double>], chosen: UInt16?
  ) -> UInt16? {
    let changed = points.keys.filter { points[$0] != before[$0] }.sorted()
    let moved = changed.filter { number in !before.values.contains { $0 == points[number] } }
    if moved.count == 1 { return moved.first }
    if changed.count > 1, let place = chosen.flatMap({ before[$0] }),
      let same = changed.first(where: { points[$0] == place })
    {
      return same
    }
    if let first = changed.first { return first }
    // Only points that went: the next one down, as after deleting.
    guard let gone = before.keys.filter({ points[$0] == nil }).min() else { return chosen }
    return numbers.first { $0 > gone } ?? numbers.last
  }
}
