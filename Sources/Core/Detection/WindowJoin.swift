internal import Imaging

/// Joins what overlapping windows along a long cord say of one slice (method, section 1).
///
/// Every row takes the value of the window whose middle row is nearest, the upper of two equally
/// near ones; where that window says nothing of the row, the next nearest. Values are not blended:
/// each window has its own cord-to-CSF step and running median, and a mean of two would be a score
/// that neither gave. Neighbours share 64 rows, so that a window is never asked for its last 32
/// rows while a neighbour has them.
struct WindowJoin {
  /// First row of each window on the joined grid.
  let firstRows: [Int]
  /// Rows of the joined grid.
  let rows: Int

  /// The windows that cover a row, the nearest first.
  func windows(at row: Int) -> [Int] {
    firstRows.indices.filter { (0..<SagittalGrid.side).contains(row - firstRows[$0]) }
      .sorted { distance($0, row) < distance($1, row) }
  }

  /// Twice the distance from a window's middle, which lies between two rows.
  private func distance(_ window: Int, _ row: Int) -> Int {
    abs(2 * (row - firstRows[window]) - (SagittalGrid.side - 1))
  }

  /// One value per row; `nil` stands for a window that says nothing.
  func values<Value>(_ parts: [[Value]?], fill: Value) -> [Value] {
    (0..<rows).map { row in
      let owner = windows(at: row).first { parts[$0] != nil }
      return owner.flatMap { parts[$0]?[row - firstRows[$0]] } ?? fill
    }
  }

  /// Rasters, row by row.
  func raster<Pixel>(_ parts: [Raster<Pixel>?], fill: Pixel) -> Raster<Pixel> {
    var result = Raster(rows: rows, columns: SagittalGrid.side, filledWith: fill)
    for row in 0..<rows {
      guard let owner = windows(at: row).first(where: { parts[$0] != nil }),
        let part = parts[owner]
      else { continue }
      let columns = min(part.columns, result.columns)
      for column in 0..<columns { result[row, column] = part[row - firstRows[owner], column] }
    }
    return result
  }

  /// Curves, row by row; rows that no window has a value for are left out.
  func curve(_ parts: [AnoCurve?]) -> AnoCurve {
    let places = parts.map { part in
      Dictionary(
        (part?.rows ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
    var joined = AnoCurve(rows: [], zMM: [], values: [])
    for row in 0..<rows {
      for window in windows(at: row) {
        guard let part = parts[window], let n = places[window][row - firstRows[window]] else {
          continue
        }
        joined.rows.append(row)
        joined.zMM.append(part.zMM[n])
        joined.values.append(part.values[n])
        break
      }
    }
    return joined
  }

  /// The slices of all windows as one slice with more rows.
  ///
  /// Step and absolute level are those of the main window, or of the first that can be assessed.
  func slice(_ parts: [PreparedSlice]) -> PreparedSlice {
    let main = parts.first { $0.firstRow == 0 } ?? parts[0]
    let usable = parts.map { $0.unassessableReason == nil ? $0 : nil }
    var result =
      main.unassessableReason == nil ? main : usable.compactMap(\.self).first ?? main
    result.firstRow = 0
    result.grid = main.grid.cut(fromRow: -firstRow(of: main, parts), rows: rows)
    result.image = raster(parts.map(\.image), fill: 0)
    result.normalised = raster(parts.map(\.normalised), fill: 0)
    result.rowWeight = values(parts.map(\.rowWeight), fill: 0)
    // Curves were made window by window; no row's step or level is asked for again.
    (result.stepByRow, result.levelByRow) = ([], [])
    result.anatomy = SliceAnatomy(
      cord: raster(parts.map(\.anatomy.cord), fill: false),
      csf: raster(parts.map(\.anatomy.csf), fill: false),
      levelRows: main.anatomy.levelRows.mapValues { $0 + Double(firstRow(of: main, parts)) },
      levelSource: main.anatomy.levelSource)
    result.quality = quality(parts)
    return result
  }

  private func firstRow(of main: PreparedSlice, _ parts: [PreparedSlice]) -> Int {
    parts.firstIndex { $0.firstRow == main.firstRow }.map { firstRows[$0] } ?? 0
  }

  /// The flags of all windows that can be assessed; one that not all of them have tells its rows.
  private func quality(_ parts: [PreparedSlice]) -> [QualityFlag] {
    let usable = parts.indices.filter { parts[$0].unassessableReason == nil }
    let shown = usable.isEmpty ? Array(parts.indices) : usable
    var flags: [QualityFlag] = []
    for window in shown {
      for flag in parts[window].quality {
        var told = flag
        if !shown.allSatisfy({ parts[$0].quality.contains(flag) }) {
          let first = firstRows[window]
          told.text += " (Window of rows \(first) to \(first + SagittalGrid.side - 1).)"
        }
        if !flags.contains(told) { flags.append(told) }
      }
    }
    return flags
  }
}
