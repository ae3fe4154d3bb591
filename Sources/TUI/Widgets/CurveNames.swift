/// The segments' names under the axis of a lying curve: those of all segments where there is room, else of
/// every second.
enum CurveNames {
  /// A name and where it begins.
  struct Place: Equatable {
    /// The segment's index.
    let segment: Int
    let text: String
    /// Column from the plot's left edge.
    let column: Int
  }

  /// The names with a free cell between them: all as "C4-5", else all as "4-5", else every second, counted
  /// from the selected one, so that it is named at any width.
  ///
  /// - Parameters:
  ///   - names: Names of the segments, from left to right.
  ///   - columns: First and last edge of each segment from the plot's left edge; what lies outside of the
  ///     plot has no name unless it is selected.
  ///   - width: Columns of the plot.
  static func places(
    _ names: [String], columns: [(from: Int, to: Int)], selected: Int?, width: Int
  ) -> [Place] {
    guard width > 0 else { return [] }
    let seen = names.indices.filter { index in
      index == selected || (columns[index].to > 0 && columns[index].from < width)
    }
    let ranges: [Range<Int>] = columns.map { edges in
      let lower = min(max(edges.from, 0), width - 1)
      return lower..<max(min(edges.to, width), lower + 1)
    }
    let start = seen.firstIndex { $0 == selected } ?? 0
    let second = seen.indices.filter { $0 % 2 == start % 2 }.map { seen[$0] }
    for chosen in [seen, second] {
      for isShort in [false, true] {
        let texts = chosen.map { (segment: $0, text: text(names[$0], isShort: isShort)) }
        if let places = row(texts, ranges, width) { return places }
      }
    }
    guard let selected, names.indices.contains(selected) else { return [] }
    let short = text(names[selected], isShort: true)
    let column = middle(of: ranges[selected], short.count)
    return [
      Place(segment: selected, text: short, column: max(min(column, width - short.count), 0))
    ]
  }

  private static func text(_ name: String, isShort: Bool) -> String {
    isShort ? String(name.dropFirst()) : name
  }

  /// Where a text begins whose middle is that of a segment.
  private static func middle(of range: Range<Int>, _ count: Int) -> Int {
    range.lowerBound + (range.count - count) / 2
  }

  /// Texts in a row, each over its own segment or a cell beside; `nil` where they do not fit so.
  private static func row(
    _ texts: [(segment: Int, text: String)], _ ranges: [Range<Int>], _ width: Int
  ) -> [Place]? {
    var starts: [Int] = []
    var next = 0
    for (segment, text) in texts {
      starts.append(max(middle(of: ranges[segment], text.count), next))
      next = (starts.last ?? 0) + text.count + 1
    }
    // The last may have been pushed out at the right: those before it give way.
    var end = width
    for index in texts.indices.reversed() {
      starts[index] = min(starts[index], end - texts[index].text.count)
      end = starts[index] - 1
    }
    guard starts.allSatisfy({ $0 >= 0 }) else { return nil }
    for (start, (segment, text)) in zip(starts, texts) {
      let range = ranges[segment]
      let isOver = range.contains(start + (text.count - 1) / 2)
      guard isOver || abs(start - middle(of: range, text.count)) <= 1 else { return nil }
    }
    return zip(starts, texts).map { Place(segment: $1.segment, text: $1.text, column: $0) }
  }
}
