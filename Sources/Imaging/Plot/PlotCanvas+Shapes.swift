extension PlotCanvas {
  /// Draws a line through points with smooth edges; points that are no numbers are gaps, and a
  /// point alone between gaps is drawn as a dot.
  public mutating func stroke(
    _ points: [PlotPoint], _ colour: RGB8, width: Double = 1, dash: PlotDash = .solid,
    opacity: Double = 1
  ) {
    let width = width.isFinite ? min(max(width, 0.5), 64) : 1
    let margin = Int(width) + 2
    let visible = clip.grown(rows: margin, columns: margin)
    let pattern = dash.pattern(width: width)
    var segments: [PlotSegment] = []
    for run in Self.runs(points) {
      var way = 0.0
      for (a, b) in zip(run, run.count == 1 ? run[...] : run.dropFirst()) {
        let segment = PlotSegment(from: a, to: b, start: way)
        way += segment.length
        guard let part = segment.clipped(to: visible) else { continue }
        segments += dash == .solid ? [part] : part.dashed(pattern)
      }
    }
    guard let box = Self.box(segments.flatMap { [$0.from, $0.to] }, margin: width, in: clip)
    else { return }
    var shape = PlotCoverage(in: box)
    for segment in segments { shape.add(segment, width: width) }
    paint(shape, colour, opacity: opacity)
  }

  /// Draws one straight line.
  public mutating func line(
    from a: PlotPoint, to b: PlotPoint, _ colour: RGB8, width: Double = 1, dash: PlotDash = .solid
  ) {
    stroke([a, b], colour, width: width, dash: dash)
  }

  /// Fills a polygon with smooth edges; points that are no numbers are left out.
  public mutating func fill(polygon points: [PlotPoint], _ colour: RGB8, opacity: Double = 1) {
    guard let box = Self.box(points, margin: 1, in: clip) else { return }
    var shape = PlotCoverage(in: box)
    shape.add(polygon: points)
    paint(shape, colour, opacity: opacity)
  }

  /// Draws a marker about a point; `size` is its width in px.
  public mutating func mark(
    _ marker: PlotMarker, at p: PlotPoint, _ colour: RGB8, size: Double = 7, opacity: Double = 1
  ) {
    guard p.isFinite, size.isFinite,
      let box = Self.box([p], margin: min(max(size, 1), 64), in: clip)
    else { return }
    var shape = PlotCoverage(in: box)
    let r = min(max(size, 1), 64) / 2
    switch marker {
    case .circle: shape.add(PlotSegment(from: p, to: p), width: 2 * r)
    case .plus, .cross:
      for arm in marker.outline {
        let d = PlotPoint(arm.x * r, arm.y * r)
        let stroke = PlotSegment(
          from: PlotPoint(p.x - d.x, p.y - d.y), to: PlotPoint(p.x + d.x, p.y + d.y))
        shape.add(stroke, width: max(r / 2, 1))
      }
    case .square, .triangle, .diamond, .wedge:
      shape.add(polygon: marker.outline.map { PlotPoint(p.x + $0.x * r, p.y + $0.y * r) })
    }
    paint(shape, colour, opacity: opacity)
  }

  /// The stretches between gaps.
  static func runs(_ points: [PlotPoint]) -> [[PlotPoint]] {
    points.split { !$0.isFinite }.map(Array.init)
  }

  /// The pixels about points inside a rectangle; `nil` when none.
  private static func box(
    _ points: [PlotPoint], margin: Double, in rect: PixelRect
  ) -> PixelRect? {
    let places = points.filter(\.isFinite)
    guard let left = places.map(\.x).min(), let right = places.map(\.x).max(),
      let top = places.map(\.y).min(), let bottom = places.map(\.y).max()
    else { return nil }
    let box = PixelRect(
      rows: PlotCoverage.pixels(from: top - margin, to: bottom + margin, in: rect.rows),
      columns: PlotCoverage.pixels(from: left - margin, to: right + margin, in: rect.columns))
    return box.isEmpty ? nil : box
  }
}
