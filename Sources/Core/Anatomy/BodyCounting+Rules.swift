internal import Imaging

extension BodyCounting {
  /// Names the bodies of one slice, or says what casts doubt.
  static func name(_ picture: Picture) -> Result<Named, Doubt> {
    let labelled = ConnectedComponents.label(picture.bodies, connectivity: .four)
    do {
      let bodies = try sortedBodies(labelled.components, covered: picture.covered)
      try checkDens(bodies, labelled: labelled, covered: picture.covered)
      try checkSizes(bodies)
      try checkGaps(bodies)
      let levels = VertebralLevel.allCases.filter { $0 >= .c2 }
      var named = Named(
        centres: [:],
        labels: LabelRaster(
          rows: picture.bodies.rows, columns: picture.bodies.columns, filledWith: 0))
      for (level, body) in zip(levels, bodies) {
        named.centres[level] = body.centroid
        paint(level.totalSpineSegLabel, where: labelled, is: body.label, into: &named.labels)
      }
      if let discs = picture.discs { try nameDiscs(discs, bodies: bodies, into: &named) }
      return .success(named)
    } catch let doubt as Doubt {
      return .failure(doubt)
    } catch {
      return .failure(Doubt("\(error)"))
    }
  }

  typealias Component = ConnectedComponents.Component2D

  /// The components that are bodies, superior first; specks and a body cut below are left out.
  private static func sortedBodies(
    _ components: [Component], covered: MaskRaster
  ) throws -> [Component] {
    let areas = components.map(\.area).sorted(by: >).prefix(5)
    guard areas.count >= 3 else { throw Doubt("fewer than three separate bodies are labelled") }
    let typical = areas[areas.count / 2]
    var bodies: [Component] = []
    for c in components.sorted(by: { $0.centroid.row < $1.centroid.row }) {
      if c.area * 10 < typical { continue }
      if c.area * 10 < typical * 4 {
        if touchesEdge(c, covered) { continue }
        throw Doubt("a piece of \(c.area) px at row \(c.rows.lowerBound) may be part of a body")
      }
      bodies.append(c)
    }
    if let last = bodies.last, touchesEdge(last, covered), let above = bodies.dropLast().last,
      last.rows.count * 10 < above.rows.count * 8
    {
      bodies.removeLast()
    }
    guard bodies.count >= 3 else { throw Doubt("fewer than three whole bodies are labelled") }
    return bodies
  }

  /// The topmost body must be C2: much taller than the next ones, and narrowing upwards.
  private static func checkDens(
    _ bodies: [Component], labelled: ConnectedComponents.Labelled2D, covered: MaskRaster
  ) throws {
    let top = bodies[0]
    let above = top.rows.lowerBound - 1
    let column = min(max(Int(top.centroid.column.rounded()), 0), covered.columns - 1)
    guard above >= 0, covered[above, column] else {
      throw Doubt("the topmost body reaches the upper edge of the image")
    }
    let heights = bodies[1...].prefix(3).map { Double($0.rows.count) }.sorted()
    let typical = heights[heights.count / 2]
    guard Double(top.rows.count) >= 1.4 * typical else {
      throw Doubt("the topmost body is not taller than the next: no dens, so it may not be C2")
    }
    let widths = top.rows.map { row in
      top.columns.count { labelled.labels[row, $0] == top.label }
    }
    let upper = widths.prefix(widths.count / 3)
    let lower = widths.suffix(widths.count / 2)
    let dens = Double(upper.reduce(0, +)) / Double(max(upper.count, 1))
    let body = Double(lower.reduce(0, +)) / Double(max(lower.count, 1))
    guard dens <= 0.85 * body else {
      throw Doubt("the topmost body does not narrow to a dens, so it may not be C2")
    }
  }

  /// No body below C2 may be twice another: two grown or labelled together count as one.
  private static func checkSizes(_ bodies: [Component]) throws {
    let heights = bodies.dropFirst().map(\.rows.count).sorted()
    let typical = Double(heights[heights.count / 2])
    for body in bodies.dropFirst() where Double(body.rows.count) > 1.6 * typical {
      throw Doubt("the body at row \(Int(body.centroid.row)) is as tall as two")
    }
  }

  /// Centres must be evenly spaced: a wide gap hides a body, a narrow one splits it.
  private static func checkGaps(_ bodies: [Component]) throws {
    let centres = bodies.map(\.centroid)
    let gaps = zip(centres, centres.dropFirst()).map { a, b in
      ((b.row - a.row) * (b.row - a.row) + (b.column - a.column) * (b.column - a.column))
        .squareRoot()
    }
    let lower = gaps.dropFirst().sorted()
    let typical = lower[lower.count / 2]
    for (n, gap) in gaps.enumerated() {
      let allowed = n == 0 ? (0.9 * typical)...(2.0 * typical) : (0.6 * typical)...(1.5 * typical)
      guard allowed.contains(gap) else {
        throw Doubt(
          "the bodies at rows \(Int(centres[n].row)) and \(Int(centres[n + 1].row)) "
            + "are not spaced like neighbours")
      }
    }
  }

  /// Where discs are labelled there must be one between each two bodies, and none above C2.
  private static func nameDiscs(
    _ mask: MaskRaster, bodies: [Component], into named: inout Named
  ) throws {
    let labelled = ConnectedComponents.label(mask, connectivity: .eight)
    let discs = labelled.components.filter { $0.area >= 10 }
    guard !discs.isEmpty else { return }
    if discs.contains(where: { $0.centroid.row < Double(bodies[0].rows.lowerBound) }) {
      throw Doubt("a disc lies above the topmost body, so it is not C2")
    }
    let levels = VertebralLevel.allCases.filter { $0 >= .c2 }
    for (n, level) in zip(bodies.indices, levels) {
      let below = n + 1 < bodies.count ? bodies[n + 1].centroid.row : .infinity
      let between = discs.filter { $0.centroid.row > bodies[n].centroid.row }
        .filter { $0.centroid.row < below }
      if between.isEmpty && n + 1 < bodies.count {
        throw Doubt("no disc is labelled below the body at row \(Int(bodies[n].centroid.row))")
      }
      guard let label = level.totalSpineSegDiscLabel else { continue }
      // Below the last body only the first disc is its own.
      for disc in below.isFinite ? between : Array(between.prefix(1)) {
        paint(label, where: labelled, is: disc.label, into: &named.labels)
      }
    }
  }

  /// Whether a component touches the edge of what the volume covers.
  private static func touchesEdge(_ c: Component, _ covered: MaskRaster) -> Bool {
    for row in [c.rows.lowerBound - 1, c.rows.upperBound + 1] {
      for column in [c.columns.lowerBound, c.columns.upperBound] {
        if !covered.contains(row: row, column: column) || !covered[row, column] { return true }
      }
    }
    for column in [c.columns.lowerBound - 1, c.columns.upperBound + 1] {
      for row in [c.rows.lowerBound, c.rows.upperBound] {
        if !covered.contains(row: row, column: column) || !covered[row, column] { return true }
      }
    }
    return false
  }

  private static func paint(
    _ label: UInt16, where labelled: ConnectedComponents.Labelled2D, is component: Int32,
    into raster: inout LabelRaster
  ) {
    for n in raster.pixels.indices where labelled.labels.pixels[n] == component {
      raster.pixels[n] = label
    }
  }
}
