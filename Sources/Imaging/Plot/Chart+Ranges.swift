extension Chart {
  /// The ends of both axes: as given, else about the data with a little air.
  var ranges: (x: ValueRange, y: ValueRange) {
    var (dataX, dataY) = (ValueRange(), ValueRange())
    for one in series {
      let extent = one.extent
      dataX.include(extent.x)
      dataY.include(extent.y)
    }
    for region in regions { dataX.include([region.from, region.to]) }
    for reference in references {
      switch reference.direction {
      case .x: dataX.include([reference.value])
      case .y: dataY.include([reference.value])
      }
    }
    let count = categoryNames.count
    let hasBars = series.contains { if case .bars = $0.marks { true } else { false } }
    let airX = count > 0 || hasBars || !regions.isEmpty ? 0 : 0.02
    let across = count > 0 ? ValueRange(-0.5, Double(count) - 0.5) : dataX.padded(airX)
    return (Self.ends(x, across), Self.ends(y, dataY.padded(0.05)))
  }

  /// Given ends where there are any.
  private static func ends(_ axis: Axis, _ data: ValueRange) -> ValueRange {
    let known = data.usable
    let low = axis.from.isFinite ? axis.from : known.lower
    let high = axis.to.isFinite ? axis.to : known.upper
    return ValueRange(low, high).usable
  }

  /// Names along the x axis: as given, else numbers where a series has categories.
  var categoryNames: [String] {
    let needed = series.map(\.categoryCount).max() ?? 0
    if x.categories.isEmpty, needed == 0 { return [] }
    return x.categories + (min(x.categories.count, needed)..<needed).map { String($0 + 1) }
  }

  /// Names of the series in the order they first appear.
  var seriesNames: [String] { Self.unique(series.map(\.name)) }

  /// The look of a series.
  func style(of one: Series) -> PlotStyle {
    one.style ?? .standard(seriesNames.firstIndex(of: one.name) ?? 0)
  }

  /// Where a series stands beside the others of a category: its middle and width, in categories.
  func place(of one: Series) -> (offset: Double, width: Double) {
    let names = Self.unique(series.filter { $0.categoryCount > 0 }.map(\.name))
    let width = 0.8 / Double(max(names.count, 1))
    let n = Double(names.firstIndex(of: one.name) ?? 0)
    return ((n - Double(names.count - 1) / 2) * width, width)
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
