extension Chart {
  /// Draws the chart into a part of a canvas.
  /// - Parameter isPanel: Whether it is one of several: a smaller title, and no notice, which
  ///   the whole figure bears.
  public func draw(on canvas: inout PlotCanvas, in rect: PixelRect, isPanel: Bool = false) {
    let layout = ChartLayout(self, in: rect, isPanel: isPanel)
    for line in layout.lines { canvas.write(line.text, x: line.x, y: line.y, line.style) }
    for placed in layout.legend { placed.entry.draw(on: &canvas, x: placed.x, y: placed.y) }
    drawRegions(on: &canvas, layout)
    drawGrid(on: &canvas, layout)
    let whole = canvas.clip
    // A line along the edge of the plot keeps its width.
    canvas.clip = layout.plot.grown(rows: 2, columns: 2).clamped(to: whole)
    for reference in references { draw(reference, on: &canvas, layout) }
    let behind = series.filter(\.isArea)
    for one in behind + series.filter({ !$0.isArea }) { draw(one, on: &canvas, layout) }
    canvas.clip = whole
    drawAxes(on: &canvas, layout)
    if legend == .inside { drawLegend(on: &canvas, layout) }
  }

  /// Shades the regions and names them in the strip above the plot.
  private func drawRegions(on canvas: inout PlotCanvas, _ layout: ChartLayout) {
    let text = ChartLayout.letters
    let plot = layout.plot
    for (n, region) in regions.enumerated() {
      let ends = [region.from, region.to].map { layout.x.position(of: $0) }.sorted()
      guard ends.allSatisfy(\.isFinite) else { continue }
      let columns = PlotCoverage.pixels(
        from: ends[0].rounded(), to: ends[1].rounded(), in: plot.columns)
      let colour = region.colour ?? (n % 2 == 0 ? PlotInk.region : .white)
      canvas.fill(
        PixelRect(rows: layout.strip.rows.lowerBound..<plot.rows.upperBound, columns: columns),
        colour)
      guard !columns.isEmpty else { continue }
      let middle = (columns.lowerBound + columns.upperBound) / 2
      if text.width(region.name) + 4 <= columns.count {
        canvas.write(
          region.name, x: middle, y: layout.strip.rows.upperBound - text.height, text,
          anchor: .centre)
      } else if columns.count > text.capitals {
        canvas.write(
          text.fitted(region.name, to: layout.strip.height - 4), x: middle - text.capitals / 2,
          y: layout.strip.rows.upperBound - 3, text, isTurned: true)
      }
    }
  }

  /// Pale lines at the ticks of the y axis, and of the x axis where it bears numbers.
  private func drawGrid(on canvas: inout PlotCanvas, _ layout: ChartLayout) {
    let plot = layout.plot
    for tick in layout.yTicks {
      guard let y = Self.pixel(layout.y.position(of: tick.value), in: plot.rows) else { continue }
      canvas.fill(PixelRect(rows: y..<(y + 1), columns: plot.columns), PlotInk.grid)
    }
    guard regions.isEmpty else { return }
    for tick in layout.xTicks {
      guard let x = Self.pixel(layout.x.position(of: tick.value), in: plot.columns)
      else { continue }
      canvas.fill(PixelRect(rows: plot.rows, columns: x..<(x + 1)), PlotInk.grid)
    }
  }

  /// Axis lines, ticks, numbers and names.
  private func drawAxes(on canvas: inout PlotCanvas, _ layout: ChartLayout) {
    let (plot, text, tick) = (layout.plot, ChartLayout.letters, ChartLayout.tick)
    let (left, bottom) = (plot.columns.lowerBound - 1, plot.rows.upperBound)
    canvas.fill(
      PixelRect(rows: plot.rows.lowerBound..<(bottom + 1), columns: left..<(left + 1)),
      PlotInk.axis)
    canvas.fill(
      PixelRect(rows: bottom..<(bottom + 1), columns: left..<plot.columns.upperBound), PlotInk.axis)
    for mark in layout.yTicks {
      guard let y = Self.pixel(layout.y.position(of: mark.value), in: plot.rows) else { continue }
      canvas.fill(PixelRect(rows: y..<(y + 1), columns: (left - tick)..<left), PlotInk.axis)
      canvas.write(
        mark.label, x: left - tick - ChartLayout.gap + 1, y: y - text.capitals / 2, text,
        anchor: .right)
    }
    let numbers = bottom + 1 + tick + ChartLayout.gap
    for mark in layout.xTicks {
      guard let x = Self.pixel(layout.x.position(of: mark.value), in: plot.columns)
      else { continue }
      canvas.fill(
        PixelRect(rows: (bottom + 1)..<(bottom + 1 + tick), columns: x..<(x + 1)), PlotInk.axis)
      canvas.write(mark.label, x: x + 1, y: numbers, text, anchor: .centre)
    }
    drawNames(on: &canvas, layout, y: numbers)
    let below = numbers + layout.names.height + ChartLayout.gap + 3
    canvas.write(
      text.fitted(x.label, to: plot.width + ChartLayout.margin),
      x: (plot.columns.lowerBound + plot.columns.upperBound) / 2,
      y: below, text, anchor: .centre)
    let widest = layout.yTicks.map { text.width($0.label) }.max() ?? 0
    canvas.write(
      text.fitted(y.label, to: plot.height + ChartLayout.margin),
      x: left - tick - 3 * ChartLayout.gap + 1 - widest - text.capitals,
      y: (plot.rows.lowerBound + plot.rows.upperBound) / 2, text, anchor: .centre, isTurned: true)
  }

  /// The names of categories.
  private func drawNames(on canvas: inout PlotCanvas, _ layout: ChartLayout, y: Int) {
    let text = ChartLayout.letters
    for (n, lines) in layout.names.lines.enumerated() where n % layout.names.every == 0 {
      guard let x = Self.pixel(layout.x.position(of: Double(n)), in: layout.plot.columns)
      else { continue }
      for (k, line) in lines.enumerated() {
        if layout.names.isTurned {
          canvas.write(
            line, x: x - text.capitals / 2, y: y, text, anchor: .right, isTurned: true)
        } else {
          canvas.write(line, x: x + 1, y: y + k * (text.height + 2), text, anchor: .centre)
        }
      }
    }
  }

  private func draw(_ line: Reference, on canvas: inout PlotCanvas, _ layout: ChartLayout) {
    let plot = layout.plot
    func snapped(_ position: Double) -> Double { position.rounded(.down) + 0.5 }
    let ends: [PlotPoint]
    switch line.direction {
    case .x:
      let x = snapped(layout.x.position(of: line.value))
      ends = [
        PlotPoint(x, Double(plot.rows.upperBound)), PlotPoint(x, Double(plot.rows.lowerBound)),
      ]
    case .y:
      let y = snapped(layout.y.position(of: line.value))
      ends = [
        PlotPoint(Double(plot.columns.lowerBound), y),
        PlotPoint(Double(plot.columns.upperBound), y),
      ]
    }
    canvas.stroke(ends, line.style.colour, width: 1, dash: line.style.dash)
  }

  /// The pixel of a position, when it lies in a range.
  static func pixel(_ position: Double, in range: Range<Int>) -> Int? {
    guard position.isFinite, position >= Double(range.lowerBound),
      position <= Double(range.upperBound)
    else { return nil }
    return min(Int(position.rounded(.down)), range.upperBound - 1)
  }
}
