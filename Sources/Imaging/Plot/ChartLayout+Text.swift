extension ChartLayout {
  static let legendPadding = 8
  static let legendDistance = 24

  /// Category names in lines below the axis, or turned where they are too long for that.
  struct CategoryNames {
    var lines: [[String]] = []
    var isTurned = false
    var height = PlotFont.capitals
    /// Every how many-th name has room.
    var every = 1
  }

  /// Title and note at the top left, and the rows that remain.
  static func head(
    _ title: String, _ note: String, isPanel: Bool, in rect: PixelRect
  ) -> (lines: [Line], rest: Range<Int>) {
    let large = PlotText(scale: 2, colour: PlotInk.text)
    let small = PlotText(isBold: true, colour: PlotInk.text)
    let plain = PlotText(colour: PlotInk.note)
    var lines: [Line] = []
    var y = rect.rows.lowerBound
    let style = !isPanel && large.width(title) <= rect.width ? large : small
    for line in style.wrapped(title, to: rect.width, lines: 2) {
      lines.append(Line(text: line, x: rect.columns.lowerBound, y: y, style: style))
      y += style.height + 4
    }
    for line in plain.wrapped(note, to: rect.width, lines: 3) {
      lines.append(Line(text: line, x: rect.columns.lowerBound, y: y, style: plain))
      y += plain.height + 3
    }
    if !lines.isEmpty { y += isPanel ? 5 : 8 }
    return (lines, min(y, rect.rows.upperBound)..<rect.rows.upperBound)
  }

  /// Names of categories side by side: in up to three lines, or turned and cut to `room`.
  static func names(_ names: [String], width: Int, room: Int) -> CategoryNames {
    guard !names.isEmpty else { return CategoryNames() }
    let step = width / names.count
    let wrapped = names.map { letters.wrapped($0, to: step - 4, lines: 3) }
    // Cut names end in dots: then their letters are no longer all there.
    let isWhole = zip(names, wrapped).allSatisfy { name, lines in
      lines.joined().filter { $0 != " " } == PlotText.ascii(name).filter { $0 != " " }
    }
    if isWhole {
      let count = wrapped.map(\.count).max() ?? 1
      return CategoryNames(lines: wrapped, height: max(count, 1) * (letters.height + 2) - 2)
    }
    let cut = names.map { letters.fitted($0, to: max(room, letters.advance)) }
    return CategoryNames(
      lines: cut.map { [$0] }, isTurned: true, height: cut.map { letters.width($0) }.max() ?? 0,
      every: (letters.capitals + 3) / max(step, 1) + 1)
  }

  /// Height of the strip above the plot: one line, or the longest name where one must be turned.
  static func stripHeight(_ chart: Chart, _ range: ValueRange, width: Int) -> Int {
    let named = chart.regions.filter { !$0.name.isEmpty && ($0.to - $0.from).isFinite }
    guard !named.isEmpty else { return 0 }
    let fits = named.allSatisfy {
      Double(letters.width($0.name) + 4)
        <= abs($0.to - $0.from) / (range.upper - range.lower) * Double(width)
    }
    return fits
      ? letters.height + 5 : min(named.map { letters.width($0.name) }.max() ?? 0, 60) + 6
  }

  /// Entries in one row from the upper left corner of an area, else in rows of even columns in
  /// at most a third of its height; what does not fit is counted.
  static func rows(of entries: [Chart.LegendEntry], in area: PixelRect) -> [PlacedEntry] {
    let (left, top, space) = (area.columns.lowerBound, area.rows.lowerBound, 22)
    let fitted = entries.map { $0.fitted(to: area.width) }
    let sum = fitted.reduce(-space) { $0 + $1.width + space }
    guard sum > area.width else {
      var x = left
      return fitted.map { entry in
        defer { x += entry.width + space }
        return PlacedEntry(entry: entry, x: x, y: top)
      }
    }
    let column = (fitted.map(\.width).max() ?? 0) + space
    let across = max((area.width + space) / column, 1)
    let line = letters.height + 4
    return counted(fitted, limit: across * max(area.height / 3 / line, 1)).enumerated().map {
      PlacedEntry(entry: $1, x: left + $0 % across * column, y: top + $0 / across * line)
    }
  }

  /// Entries below each other, right of a plot.
  static func column(
    of entries: [Chart.LegendEntry], beside plot: PixelRect, in area: PixelRect
  ) -> [PlacedEntry] {
    let left = plot.columns.upperBound + legendDistance
    let line = letters.height + 6
    let room = max(area.columns.upperBound - left, 0)
    return counted(entries, limit: max(plot.height / line, 1)).enumerated().map {
      PlacedEntry(
        entry: $1.fitted(to: room), x: left, y: plot.rows.lowerBound + 4 + $0 * line)
    }
  }

  /// At most so many entries: the last one says how many more there are.
  private static func counted(
    _ entries: [Chart.LegendEntry], limit: Int
  ) -> [Chart.LegendEntry] {
    guard entries.count > limit else { return entries }
    let rest = Chart.LegendEntry(name: "and \(entries.count - limit + 1) more", samples: [])
    return entries.prefix(limit - 1) + [rest]
  }
}
