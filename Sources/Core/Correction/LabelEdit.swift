/// The points of a study's discs or segment boundaries while a reader corrects them: a value, nothing
/// of it is written.
///
/// Places are RAS mm; a number is given to one point only. Numbers that do not follow each other down
/// the spine (PMG, PMJ, conus) stay as they are.
public struct LabelEdit: Equatable, Sendable {
  /// The points before and after an edit.
  struct Change: Equatable, Sendable {
    var before: [UInt16: SIMD3<Double>]
    var after: [UInt16: SIMD3<Double>]
  }

  /// What the points mark.
  public let kind: Kind
  /// The points before the first edit, in RAS mm by number.
  public let original: [UInt16: SIMD3<Double>]
  /// The points now, in RAS mm by number.
  public private(set) var points: [UInt16: SIMD3<Double>]
  private(set) var history = EditHistory<Change>()

  /// Begins with points in RAS mm by number.
  public init(_ kind: Kind, _ points: [UInt16: SIMD3<Double>]) {
    self.kind = kind
    original = points
    self.points = points
  }

  /// Goes on with edits that follow another beginning.
  init(
    _ kind: Kind, original: [UInt16: SIMD3<Double>], points: [UInt16: SIMD3<Double>],
    history: EditHistory<Change>
  ) {
    (self.kind, self.original) = (kind, original)
    (self.points, self.history) = (points, history)
  }

  /// The numbers in use that follow each other down the spine, uppermost first.
  public var numbers: [UInt16] { points.keys.filter(kind.numbers.contains).sorted() }

  /// Whether anything differs from the beginning.
  public var isChanged: Bool { points != original }

  /// What undo would take back.
  public var undoName: String? { history.last?.name }
  /// What redo would restore.
  public var redoName: String? { history.next?.name }

  // MARK: Edits

  /// Moves a point by a step in mm; moves of one point that follow each other are one edit.
  ///
  /// - Throws: `EditRefusal`.
  public mutating func move(_ number: UInt16, by step: SIMD3<Double>) throws {
    guard let place = points[number] else { throw absent(number) }
    let name = "\(kind.name(number)) moved"
    var after = points
    after[number] = place + step
    if let last = history.last, last.name == name, history.next == nil {
      history.replaceLast(Change(before: last.change.before, after: after))
      points = after
    } else {
      apply(name, after)
    }
  }

  /// Moves a point to a place in RAS mm by hand; all places of one movement are one edit.
  ///
  /// - Parameter continues: whether the movement goes on with the latest edit.
  /// - Throws: `EditRefusal` where there is no such point, or the place is no place.
  public mutating func drag(
    _ number: UInt16, to place: SIMD3<Double>, continues: Bool
  ) throws {
    guard points[number] != nil else { throw absent(number) }
    let name = "\(kind.name(number)) dragged"
    var after = points
    after[number] = try checked(place)
    if continues, let last = history.last, last.name == name, history.next == nil {
      history.replaceLast(Change(before: last.change.before, after: after))
      points = after
    } else {
      apply(name, after)
    }
  }

  /// Puts a point to a place in RAS mm.
  ///
  /// - Throws: `EditRefusal` where there is no such point, or the place is no place.
  public mutating func place(_ number: UInt16, at place: SIMD3<Double>) throws {
    guard points[number] != nil else { throw absent(number) }
    var after = points
    after[number] = try checked(place)
    apply("\(kind.name(number)) placed", after)
  }

  /// Adds a point at a place in RAS mm, under the number that is missing there: between its neighbours,
  /// above the uppermost or below the lowest one.
  ///
  /// - Returns: its number.
  /// - Throws: `EditRefusal` where no number is missing there.
  @discardableResult
  public mutating func insert(at place: SIMD3<Double>) throws -> UInt16 {
    let place = try checked(place)
    let known = numbers
    let above = known.last { (points[$0]?.z ?? 0) > place.z }
    let below = known.first { (points[$0]?.z ?? 0) <= place.z }
    let number: UInt16
    switch (above, below) {
    case (nil, nil): number = kind == .discs ? 3 : 2
    case (let above?, nil): number = above + 1
    case (nil, let below?): number = below - 1
    case (let above?, let below?):
      guard below > above + 1 else {
        throw EditRefusal(
          "no number is free between \(kind.name(above)) and \(kind.name(below))")
      }
      number = above + 1
    }
    guard kind.numbers.contains(number), points[number] == nil else {
      throw EditRefusal("no number is free there")
    }
    var after = points
    after[number] = place
    apply("\(kind.name(number)) inserted", after)
    return number
  }

  /// Takes a point away.
  ///
  /// - Throws: `EditRefusal` where there is none.
  public mutating func delete(_ number: UInt16) throws {
    guard points[number] != nil else { throw absent(number) }
    var after = points
    after[number] = nil
    apply("\(kind.name(number)) deleted", after)
  }

  /// Gives a point another number.
  ///
  /// - Throws: `EditRefusal` where the number is taken, or none of the spine's.
  public mutating func renumber(_ number: UInt16, to other: UInt16) throws {
    guard let place = points[number] else { throw absent(number) }
    guard kind.numbers.contains(number), kind.numbers.contains(other) else {
      throw EditRefusal(
        "numbers go from \(kind.numbers.lowerBound) to \(kind.numbers.upperBound)")
    }
    guard other != number else { throw EditRefusal("it is \(kind.name(number)) already") }
    guard points[other] == nil else {
      throw EditRefusal("\(kind.name(other)) is there already: delete or renumber that first")
    }
    var after = points
    after[number] = nil
    after[other] = place
    apply("\(kind.name(number)) renumbered \(kind.name(other))", after)
  }

  /// Gives every point the name of the next level: 1 further down, -1 further up.
  ///
  /// - Throws: `EditRefusal` where the last number would be none of the spine's.
  public mutating func shift(by step: Int) throws {
    let known = numbers
    guard let first = known.first, let last = known.last else {
      throw EditRefusal("there is nothing to shift")
    }
    guard Int(first) + step >= Int(kind.numbers.lowerBound),
      Int(last) + step <= Int(kind.numbers.upperBound)
    else { throw EditRefusal("there is no further number to shift to") }
    var after = points.filter { !kind.numbers.contains($0.key) }
    for number in known { after[UInt16(Int(number) + step)] = points[number] }
    apply(Self.shiftWords(step), after)
  }

  /// Takes the latest edit back.
  ///
  /// - Returns: its name, or `nil` where there is none.
  public mutating func undo() -> String? {
    guard let step = history.undo() else { return nil }
    points = step.change.before
    return step.name
  }

  /// Restores the edit that was taken back last.
  ///
  /// - Returns: its name, or `nil` where there is none.
  public mutating func redo() -> String? {
    guard let step = history.redo() else { return nil }
    points = step.change.after
    return step.name
  }

  // MARK: Rules

  /// What keeps the points from being saved: a lower name that does not lie below an upper one, or no
  /// point at all.
  public var fault: String? {
    let known = numbers
    if known.isEmpty { return "no point is left" }
    for (upper, lower) in zip(known, known.dropFirst()) {
      guard let a = points[upper], let b = points[lower], !(b.z < a.z) else { continue }
      return "\(kind.name(lower)) is not below \(kind.name(upper))"
    }
    return nil
  }

  /// The numbers skipped between the uppermost and the lowest point, in words; `nil` where there are
  /// none.
  public var skips: String? {
    let known = numbers
    guard let first = known.first, let last = known.last else { return nil }
    let missing = (first...last).filter { points[$0] == nil }.map(kind.name)
    return missing.isEmpty ? nil : "\(missing.joined(separator: ", ")) skipped"
  }

  /// How many points were added, removed or moved.
  public var changeCount: Int {
    Set(original.keys).union(points.keys).count { original[$0] != points[$0] }
  }

  /// Makes an edit under a name.
  mutating func apply(_ name: String, _ after: [UInt16: SIMD3<Double>]) {
    history.add(name, Change(before: points, after: after))
    points = after
  }

  private func absent(_ number: UInt16) -> EditRefusal {
    EditRefusal("there is no point \(kind.name(number))")
  }

  /// The place, where it is one.
  ///
  /// - Throws: `EditRefusal`.
  func checked(_ place: SIMD3<Double>) throws -> SIMD3<Double> {
    guard place.x.isFinite, place.y.isFinite, place.z.isFinite else {
      throw EditRefusal("there is no such place")
    }
    return place
  }
}
