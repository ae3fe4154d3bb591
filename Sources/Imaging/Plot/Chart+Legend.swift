extension Chart {
  /// A name with samples of what it stands for.
  struct LegendEntry {
    var name: String
    var samples: [Sample]

    /// A small picture of a series.
    enum Sample {
      case line(PlotStyle, width: Double)
      case marker(PlotStyle)
      case area(PlotStyle)
      case outlined(PlotStyle)
      case interval(PlotStyle)
    }

    static let sampleWidth = 28
    static let gap = 7

    var width: Int { Self.sampleWidth + Self.gap + ChartLayout.letters.width(name) }

    /// Draws it with the top of its capitals at `y`.
    func draw(on canvas: inout PlotCanvas, x: Int, y: Int) {
      let text = ChartLayout.letters
      let middle = Double(y) + Double(text.capitals) / 2
      let (left, right) = (Double(x) + 1, Double(x + Self.sampleWidth) - 1)
      let box = PixelRect(
        rows: (y - 1)..<(y + text.capitals + 1), columns: x..<(x + Self.sampleWidth))
      let centre = PlotPoint((left + right) / 2, middle)
      for sample in samples {
        switch sample {
        case .line(let style, let width):
          canvas.stroke(
            [PlotPoint(left, middle), PlotPoint(right, middle)], style.colour, width: width,
            dash: style.dash)
        case .marker(let style): canvas.mark(style.marker, at: centre, style.colour)
        case .area(let style): canvas.fill(box, style.colour, opacity: PlotOpacity.area)
        case .outlined(let style):
          canvas.fill(box, style.colour, opacity: PlotOpacity.area)
          let (top, bottom) = (Double(y) - 0.5, Double(y + text.capitals) + 0.5)
          let corners = [
            (left, bottom), (left, top), (right, top), (right, bottom), (left, bottom),
          ]
          canvas.stroke(
            corners.map { PlotPoint($0.0, $0.1) }, style.colour, width: 1.5, dash: style.dash)
        case .interval(let style):
          canvas.stroke(
            [PlotPoint(left + 5, middle), PlotPoint(right - 5, middle)], style.colour, width: 1.5)
          canvas.mark(style.marker, at: centre, style.colour, size: 8)
        }
      }
      canvas.write(name, x: x + Self.sampleWidth + Self.gap, y: y, text)
    }
  }

  /// Where the legend stands, once it is decided.
  var legendPlace: Legend { legend == .automatic ? (isSquare ? .beside : .above) : legend }

  /// One entry for each name of series and references.
  var legendEntries: [LegendEntry] {
    var entries: [LegendEntry] = []
    func add(_ name: String, _ samples: [LegendEntry.Sample]) {
      guard !name.isEmpty else { return }
      if let n = entries.firstIndex(where: { $0.name == name }) {
        entries[n].samples += samples
      } else {
        entries.append(LegendEntry(name: name, samples: samples))
      }
    }
    for one in series {
      let style = style(of: one)
      switch one.marks {
      case .line(_, let markers):
        add(one.name, [.line(style, width: 2)] + (markers ? [.marker(style)] : []))
      case .steps: add(one.name, [.line(style, width: 2)])
      case .points: add(one.name, [.marker(style)])
      case .band: add(one.name, [.area(style)])
      case .bars: add(one.name, [.outlined(style)])
      case .samples(_, let kind):
        add(one.name, kind == .strip ? [.marker(style)] : [.area(style), .marker(style)])
      case .estimates: add(one.name, [.interval(style)])
      }
    }
    for one in references { add(one.name, [.line(one.style, width: 1)]) }
    return entries
  }

  /// Draws the legend in the corner of the plot with the least ink.
  func drawLegend(on canvas: inout PlotCanvas, _ layout: ChartLayout) {
    let entries = legendEntries
    let box = Self.legendBox(entries, in: layout.plot, of: canvas.picture)
    guard !box.isEmpty else { return }
    canvas.fill(box, .white, opacity: 0.9)
    canvas.frame(box, PlotInk.grid)
    let line = ChartLayout.letters.height + 4
    let room = box.width - 2 * ChartLayout.legendPadding
    for (n, entry) in entries.enumerated() {
      let y = box.rows.lowerBound + ChartLayout.legendPadding + n * line
      guard y + ChartLayout.letters.height <= box.rows.upperBound else { break }
      entry.fitted(to: room).draw(
        on: &canvas, x: box.columns.lowerBound + ChartLayout.legendPadding, y: y)
    }
  }

  /// The box of a legend inside a plot: of four corners and two middles that with the fewest
  /// pixels that are darker than the grid.
  static func legendBox(
    _ entries: [LegendEntry], in plot: PixelRect, of picture: RGBRaster
  ) -> PixelRect {
    let padding = ChartLayout.legendPadding
    let room = plot.grown(rows: -padding, columns: -padding).clamped(to: plot)
    let wide = min((entries.map(\.width).max() ?? 0) + 2 * padding, room.width)
    let high = min(
      entries.count * (ChartLayout.letters.height + 4) - 4 + 2 * padding, room.height)
    let empty = PixelRect(rows: 0..<0, columns: 0..<0)
    guard !entries.isEmpty, wide > 0, high > 0 else { return empty }
    let (top, bottom) = (room.rows.lowerBound, room.rows.upperBound - high)
    let (left, right) = (room.columns.lowerBound, room.columns.upperBound - wide)
    let places = [
      (top, right), (top, left), (bottom, right), (bottom, left), (top, (left + right) / 2),
      (bottom, (left + right) / 2),
    ]
    let boxes = places.map {
      PixelRect(rows: $0.0..<($0.0 + high), columns: $0.1..<($0.1 + wide))
    }
    func ink(_ box: PixelRect) -> Int {
      let part = box.clamped(to: PixelRect(picture))
      return part.rows.reduce(0) { sum, row in
        sum + part.columns.count { min(picture[row, $0].r, picture[row, $0].b) < PlotInk.grid.r }
      }
    }
    return boxes.min { ink($0) < ink($1) } ?? empty
  }
}

extension Chart.LegendEntry {
  /// The entry with its name cut to a width in all.
  func fitted(to width: Int) -> Self {
    let room = max(width - Self.sampleWidth - Self.gap, 0)
    return Self(name: ChartLayout.letters.fitted(name, to: room), samples: samples)
  }
}
