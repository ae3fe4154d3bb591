internal import Imaging

/// Filling the slices between those that hold a person's mask, which are kept as they are.
extension MaskEdit {
  /// What an interpolation did.
  public struct Filling: Equatable, Sendable {
    /// The slices filled.
    public var slices: [Int]
    /// The drawn slices that they lie between.
    public var between: [Int]
    /// Pixels of the masks drawn on them.
    public var drawn: Int
    /// Pixels of masks that were there and were no person's.
    public var replaced: Int
    /// Whether shapes that share no pixel were moved from one to the other.
    public var isMoved: Bool

    /// In words: "slices 6 to 8 filled between 5 and 9: 16.4 mm² drawn".
    public var words: String {
      let moved = isMoved ? "; shapes apart: moved from one to the other" : ""
      let before =
        replaced > 0
        ? "; replaces \(MaskEdit.area(replaced)) mm² that no reader had drawn or saved" : ""
      return "\(MaskEdit.names(slices)) filled between \(MaskEdit.list(between)): "
        + "\(MaskEdit.area(drawn)) mm² drawn\(before)\(moved)"
    }
  }

  private static let fillingName = "interpolation between slices "

  /// The slices that hold a mask which is a person's: drawn in this edit, or saved before it. One that an
  /// interpolation filled and nobody has drawn on since is none, nor is one that was emptied.
  public var drawnSlices: [Int] {
    masks.indices.filter { slice in
      let isPersons = isSavedByPerson || masks[slice] != original[slice]
      return isPersons && !isFilled(slice) && masks[slice].pixels.contains(true)
    }
  }

  /// Whether the latest edit of a slice is an interpolation's.
  private func isFilled(_ slice: Int) -> Bool {
    let last = history.standing.last { $0.change[slice] != nil }
    return last?.name.hasPrefix(Self.fillingName) ?? false
  }

  /// Fills the slices around one by the shapes of the nearest drawn ones: between those on both sides, or, of a
  /// slice that is drawn itself, between it and its neighbours. What is drawn or saved by a person stays.
  ///
  /// - Returns: what was filled; one edit.
  /// - Throws: `EditRefusal` where nothing is drawn on both sides or nothing lies between, where grids differ,
  ///   and where the shapes leave nothing on a slice; nothing is changed then.
  public mutating func interpolate(around slice: Int) throws -> Filling {
    let pairs = try neighbours(of: slice)
    let between = Set(pairs.flatMap { [$0.low, $0.high] }).sorted()
    let gaps = pairs.filter { $0.high - $0.low > 1 }
    guard !gaps.isEmpty else {
      throw EditRefusal(
        "nothing to fill: \(Self.names(between)) are drawn or saved, and none lies between")
    }
    var filling = Filling(slices: [], between: [], drawn: 0, replaced: 0, isMoved: false)
    var change: [Int: Set<Int>] = [:]
    for gap in gaps {
      try fill(gap, &filling, &change)
    }
    filling.between = Set(gaps.flatMap { [$0.low, $0.high] }).sorted()
    guard change.values.contains(where: { !$0.isEmpty }) else {
      throw EditRefusal("\(Self.names(filling.slices)): filled so already, nothing was changed")
    }
    apply(Self.fillingName + Self.list(filling.between), change)
    return filling
  }

  private typealias Pair = (low: Int, high: Int)

  /// The drawn slices between which those around one lie.
  private func neighbours(of slice: Int) throws -> [Pair] {
    let drawn = drawnSlices
    let below = drawn.last { $0 < slice }
    let above = drawn.first { $0 > slice }
    guard drawn.contains(slice) else {
      guard let below, let above else {
        throw EditRefusal("draw on a slice on each side of this one first")
      }
      return [(low: below, high: above)]
    }
    var pairs: [Pair] = []
    if let below { pairs.append((low: below, high: slice)) }
    if let above { pairs.append((low: slice, high: above)) }
    guard !pairs.isEmpty else {
      throw EditRefusal("only this slice is drawn: draw on another one to fill those between")
    }
    return pairs
  }

  /// What fills the slices of a gap, added to what fills the others.
  private func fill(
    _ gap: Pair, _ filling: inout Filling, _ change: inout [Int: Set<Int>]
  ) throws {
    let (first, last) = (masks[gap.low], masks[gap.high])
    let slices = (gap.low + 1)..<gap.high
    let shapes = try MaskInterpolation.between(first, last, steps: slices.count)
    for (slice, shape) in zip(slices, shapes) {
      let old = masks[slice]
      guard old.rows == shape.rows, old.columns == shape.columns else {
        throw EditRefusal("slice \(slice + 1) has another grid")
      }
      let count = shape.pixels.count { $0 }
      guard count > 0 else {
        throw EditRefusal(
          "nothing was filled: slices \(gap.low + 1) and \(gap.high + 1) differ so much that no "
            + "shape is left on slice \(slice + 1); draw there")
      }
      change[slice] = Self.difference(old, shape)
      filling.slices.append(slice)
      filling.drawn += count
      if !isFilled(slice) { filling.replaced += old.pixels.count { $0 } }
    }
    if !MaskInterpolation.overlap(first, last) { filling.isMoved = true }
  }

  // MARK: Words

  /// "slice 6", "slices 6 and 7", "slices 6 to 9".
  fileprivate static func names(_ slices: [Int]) -> String {
    "slice\(slices.count == 1 ? "" : "s") \(list(slices))"
  }

  /// "6", "6 and 7", "6 to 9", "5, 7 and 9": the numbers of slices in order, as the head has them.
  fileprivate static func list(_ slices: [Int]) -> String {
    let numbers = slices.map { "\($0 + 1)" }
    guard let first = numbers.first, let last = numbers.last, numbers.count > 1 else {
      return numbers.first ?? ""
    }
    if numbers.count > 2, slices == Array(slices[0]...slices[slices.count - 1]) {
      return "\(first) to \(last)"
    }
    return numbers.dropLast().joined(separator: ", ") + " and \(last)"
  }
}
