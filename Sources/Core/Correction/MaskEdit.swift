public import Imaging

/// A mask on the slices of a study while a reader draws in it: a value, nothing of it is written.
///
/// Slices are named by their place in the list of pictures; rows and columns are px of the canonical
/// grid.
public struct MaskEdit: Equatable, Sendable {
  /// What a brush does.
  public enum Tool: String, Sendable {
    /// Adds to the mask.
    case brush
    /// Takes away from it.
    case eraser
  }

  /// The diameters of brush and eraser, in px.
  public static let sizes = [1, 2, 3, 5, 7, 11, 15]

  /// The mask before the first edit, by slice.
  public let original: [MaskRaster]
  /// The mask now, by slice.
  public private(set) var masks: [MaskRaster]
  /// For each slice the pixels that a change turned over: what undo turns over again.
  private var history = EditHistory<[Int: Set<Int>]>()
  /// Whether the latest edit is a line that may go on. A line that has changed nothing so far is no edit,
  /// and must not go on with the one before it.
  private var isLineOpen = false

  /// Begins with the masks of all slices.
  public init(_ masks: [MaskRaster]) {
    original = masks
    self.masks = masks
  }

  /// What undo would take back.
  public var undoName: String? { history.last?.name }
  /// What redo would restore.
  public var redoName: String? { history.next?.name }

  /// The slices that differ from the beginning.
  public var changedSlices: [Int] { masks.indices.filter { masks[$0] != original[$0] } }
  /// Whether anything differs from the beginning.
  public var isChanged: Bool { masks != original }

  /// Pixels added to a slice and taken away from it.
  public func difference(_ slice: Int) -> (added: Int, removed: Int) {
    guard masks.indices.contains(slice) else { return (0, 0) }
    var result = (added: 0, removed: 0)
    for (was, now) in zip(original[slice].pixels, masks[slice].pixels) where was != now {
      if now { result.added += 1 } else { result.removed += 1 }
    }
    return result
  }

  /// What differs from the beginning: "2 slices, 85.4 mm² added, 7.3 mm² removed". How many voxels of the
  /// file that is, is known when it is written.
  public var changes: String {
    let slices = changedSlices
    let all = slices.map(difference)
    let (added, removed) = (all.map(\.added).reduce(0, +), all.map(\.removed).reduce(0, +))
    return
      "\(slices.count) \(slices.count == 1 ? "slice" : "slices"), \(Self.area(added)) mm² added, "
      + "\(Self.area(removed)) mm² removed"
  }

  /// The area of so many pixels in mm², to a tenth: "85.4"; "0" for none.
  public static func area(_ pixels: Int) -> String {
    guard pixels != 0 else { return "0" }
    let mm2 = Double(pixels) * SagittalGrid.spacing * SagittalGrid.spacing
    return "\((mm2 * 10).rounded() / 10)"
  }

  // MARK: Edits

  /// Draws with a round tool along a line.
  ///
  /// - Parameters:
  ///   - size: the tool's diameter in px.
  ///   - start: column and row of the beginning.
  ///   - end: column and row of the end.
  ///   - continues: whether the line goes on with the latest edit, which then stays one.
  /// - Throws: `EditRefusal` where the slice is none of the study's.
  public mutating func draw(
    _ tool: Tool, size: Int, on slice: Int, from start: SIMD2<Double>, to end: SIMD2<Double>,
    continues: Bool = false
  ) throws {
    let mask = try mask(slice)
    var turned: Set<Int> = []
    let radius = Double(max(size, 1)) / 2
    let reach = Int(radius.rounded(.up))
    let step = end - start
    try Self.check(start)
    try Self.check(end)
    let longest = max(abs(step.x), abs(step.y))
    let count = max(Int((longest * 2).rounded(.up)), 1)
    for n in 0...count {
      // A tool of an even diameter lies between pixels.
      let even = size.isMultiple(of: 2) ? -0.5 : 0
      let middle = start + step * (Double(n) / Double(count))
      let (row, column) = (Int(middle.y.rounded()), Int(middle.x.rounded()))
      for r in (row - reach)...(row + reach) {
        for c in (column - reach)...(column + reach) where mask.contains(row: r, column: c) {
          let d = SIMD2(Double(c - column) - even, Double(r - row) - even)
          guard (d * d).sum() <= radius * radius, mask[r, c] != (tool == .brush) else { continue }
          turned.insert(r * mask.columns + c)
        }
      }
    }
    let name = "\(tool.rawValue) on slice \(slice + 1)"
    if continues, isLineOpen, let last = history.last, last.name == name {
      var change = last.change
      change[slice, default: []].formUnion(turned)
      turn([slice: turned])
      history.replaceLast(change)
    } else {
      apply(name, [slice: turned])
      isLineOpen = !turned.isEmpty
    }
  }

  /// Fills the closed outline around a place.
  ///
  /// - Throws: `EditRefusal` where the place is in the mask, or what surrounds it is not closed.
  public mutating func fill(_ slice: Int, at place: SIMD2<Double>) throws {
    let mask = try mask(slice)
    try Self.check(place)
    let (row, column) = (Int(place.y.rounded()), Int(place.x.rounded()))
    guard mask.contains(row: row, column: column) else {
      throw EditRefusal("there is no such place")
    }
    guard !mask[row, column] else { throw EditRefusal("this place is in the mask already") }
    var found: Set<Int> = [row * mask.columns + column]
    var open = [(row, column)]
    while let (r, c) = open.popLast() {
      guard r > 0, c > 0, r < mask.rows - 1, c < mask.columns - 1 else {
        throw EditRefusal("the outline around this place is not closed")
      }
      for (nr, nc) in [(r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)] where !mask[nr, nc] {
        if found.insert(nr * mask.columns + nc).inserted { open.append((nr, nc)) }
      }
    }
    apply("fill on slice \(slice + 1)", [slice: found])
  }

  /// Gives a slice the mask of another one.
  ///
  /// - Throws: `EditRefusal` where they have different grids, or nothing would change.
  public mutating func copy(from other: Int, to slice: Int) throws {
    let (source, target) = (try mask(other), try mask(slice))
    guard source.rows == target.rows, source.columns == target.columns else {
      throw EditRefusal("slices \(other + 1) and \(slice + 1) have different grids")
    }
    let turned = Self.difference(source, target)
    guard !turned.isEmpty else { throw EditRefusal("slice \(slice + 1) has this mask already") }
    apply("copy of slice \(other + 1) on slice \(slice + 1)", [slice: turned])
  }

  /// Draws the slices between two drawn ones by their shapes.
  ///
  /// - Throws: `EditRefusal` as ``MaskInterpolation/between(_:_:steps:)``, and where no slice lies
  ///   between.
  public mutating func interpolate(from first: Int, to last: Int) throws {
    let (low, high) = (min(first, last), max(first, last))
    guard high - low > 1 else {
      throw EditRefusal("no slice lies between slices \(low + 1) and \(high + 1)")
    }
    let shapes = try MaskInterpolation.between(
      try mask(low), try mask(high), steps: high - low - 1)
    var change: [Int: Set<Int>] = [:]
    for (slice, shape) in zip((low + 1)..<high, shapes) {
      let old = try mask(slice)
      guard old.rows == shape.rows, old.columns == shape.columns else {
        throw EditRefusal("slice \(slice + 1) has another grid")
      }
      change[slice] = Self.difference(old, shape)
    }
    apply("interpolation between slices \(low + 1) and \(high + 1)", change)
  }

  /// The nearest slices drawn in this edit on both sides of one; `nil` where one is missing.
  public func drawnNeighbours(of slice: Int) -> (below: Int, above: Int)? {
    let drawn = changedSlices
    guard let below = drawn.last(where: { $0 < slice }),
      let above = drawn.first(where: { $0 > slice })
    else { return nil }
    return (below, above)
  }

  /// Takes the latest edit back.
  ///
  /// - Returns: its name, or `nil` where there is none.
  public mutating func undo() -> String? {
    isLineOpen = false
    guard let step = history.undo() else { return nil }
    turn(step.change)
    return step.name
  }

  /// Restores the edit that was taken back last.
  ///
  /// - Returns: its name, or `nil` where there is none.
  public mutating func redo() -> String? {
    isLineOpen = false
    guard let step = history.redo() else { return nil }
    turn(step.change)
    return step.name
  }

  // MARK: Pixels

  /// Refuses what is no place on any grid.
  private static func check(_ place: SIMD2<Double>) throws {
    // Written so that what is no number is refused.
    guard abs(place.x) < 10_000, abs(place.y) < 10_000 else {
      throw EditRefusal("there is no such place")
    }
  }

  private func mask(_ slice: Int) throws -> MaskRaster {
    guard masks.indices.contains(slice) else { throw EditRefusal("there is no such slice") }
    return masks[slice]
  }

  private static func difference(_ a: MaskRaster, _ b: MaskRaster) -> Set<Int> {
    Set(a.pixels.indices.filter { a.pixels[$0] != b.pixels[$0] })
  }

  /// What changes no pixel is no edit.
  mutating func apply(_ name: String, _ change: [Int: Set<Int>]) {
    isLineOpen = false
    let change = change.filter { !$0.value.isEmpty }
    guard !change.isEmpty else { return }
    turn(change)
    history.add(name, change)
  }

  private mutating func turn(_ change: [Int: Set<Int>]) {
    for (slice, pixels) in change {
      for n in pixels { masks[slice].pixels[n].toggle() }
    }
  }
}
