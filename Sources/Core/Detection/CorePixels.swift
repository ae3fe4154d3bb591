public import Imaging

/// The pixels of the cord that hold no CSF by partial volume (method, section 6).
public enum CorePixels {
  /// Rows by which the cord is continued beyond its two ends.
  private static let margin = 12

  /// On each row the cord pixels whose distance to the cord's edge is at least the row's maximum
  /// less 1 px: 2-4 px wide, and no row of the cord is left without.
  ///
  /// The upper and lower end, where the cord leaves the picture or the mask, are no edge, nor are
  /// rows that the mask skips: the nearest row above (at the top, below) is thought to go on, or
  /// the whole width of the last row would count as core.
  public static func mask(of cord: MaskRaster) -> MaskRaster {
    let distance = distances(in: cord)
    var core = cord
    for row in 0..<cord.rows {
      let range = (row * cord.columns)..<((row + 1) * cord.columns)
      let largest = distance.pixels[range].max() ?? 0
      for n in range where cord.pixels[n] { core.pixels[n] = distance.pixels[n] >= largest - 1 }
    }
    return core
  }

  /// The distance in px of each cord pixel to the cord's edge, 0 elsewhere; ends are no edge, as
  /// said of ``mask(of:)``.
  static func distances(in cord: MaskRaster) -> ImageRaster {
    var result = ImageRaster(rows: cord.rows, columns: cord.columns, filledWith: 0)
    guard let box = Box(cord) else { return result }
    let rows = box.rows.count + 2 * margin
    let columns = box.columns.count
    var part = MaskRaster(rows: rows, columns: columns, filledWith: false)
    var source = box.rows.lowerBound
    for row in 0..<rows {
      let own = row - margin + box.rows.lowerBound
      if box.rows.contains(own), box.holds(own, cord) { source = own }
      for column in 0..<columns {
        let at = column + box.columns.lowerBound
        part[row, column] = cord.contains(row: source, column: at) && cord[source, at]
      }
    }
    let distance = DistanceTransform.distances(part)
    for row in margin..<(rows - margin) {
      let own = row - margin + box.rows.lowerBound
      for column in 0..<columns where part[row, column] {
        let at = column + box.columns.lowerBound
        if cord[own, at] { result[own, at] = distance[row, column] }
      }
    }
    return result
  }

  /// The rows of a mask, and its columns with one to spare on each side.
  private struct Box {
    let rows: ClosedRange<Int>
    let columns: ClosedRange<Int>

    init?(_ mask: MaskRaster) {
      var top = Int.max
      var bottom = -1
      var left = Int.max
      var right = -1
      for row in 0..<mask.rows {
        for column in 0..<mask.columns where mask.pixels[row * mask.columns + column] {
          top = min(top, row)
          bottom = row
          left = min(left, column)
          right = max(right, column)
        }
      }
      guard bottom >= 0 else { return nil }
      rows = top...bottom
      columns = (left - 1)...(right + 1)
    }

    /// Whether a row of the mask has any pixel.
    func holds(_ row: Int, _ mask: MaskRaster) -> Bool {
      mask.pixels[(row * mask.columns)..<((row + 1) * mask.columns)].contains(true)
    }
  }
}
