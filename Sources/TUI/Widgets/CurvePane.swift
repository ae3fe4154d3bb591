internal import Core
internal import Imaging

/// The curve with its title, its legend and what it says under the cursor: below the ladder, or beside the
/// picture.
struct CurvePane {
  let data: CurveData
  let study: StudyScreenState
  let state: AppState
  let layout: StudyLayout

  func draw(in screen: inout Screen) {
    if layout.isAligned { drawStanding(in: &screen) } else { drawLying(in: &screen) }
  }

  /// The row of the curve under a cell, in rows of the scored slice's grid; `nil` beside it.
  func row(at act: MouseAct) -> Int? {
    guard layout.isAligned else {
      return chart.row(atColumn: act.column, in: chartRect)
    }
    let rect = layout.standingCurve
    guard let gridRow, rect.contains(row: act.row, column: act.column) else { return nil }
    let row = gridRow((Double(act.row - rect.row) + 0.5) / Double(rect.height))
    return row.isFinite && abs(row) < 1e6 ? Int(row.rounded(.down)) : nil
  }

  /// What tells the second opinion's curve from the other; `nil` where there is none to tell.
  private var legend: String? { data.second.isEmpty ? nil : state.curveGlyphs.secondLegend }

  /// The number of the slice that the curve belongs to, where that is not the slice shown.
  private var foreignSlice: Int? {
    guard let place = study.shownCurve?.slice, place != study.slice else { return nil }
    return place + 1
  }

  // MARK: Beside the picture

  /// Row of the scored slice's grid at a fraction 0...1 of the picture's height; `nil` without a picture.
  private var gridRow: ((Double) -> Double)? {
    guard let placement = study.shown?.picture.placement, !layout.picture.isEmpty else {
      return nil
    }
    let height = Double(state.capabilities.pixelsPerCell.height * layout.picture.height)
    return { fraction in placement.row(atY: fraction * height) + 0.5 }
  }

  private func drawStanding(in screen: inout Screen) {
    guard let gridRow else { return }
    let chart = AlignedCurve(data: data, glyphs: state.curveGlyphs, gridRow: gridRow)
    let (rect, row) = (layout.standingCurve, layout.captionRow)
    chart.draw(in: &screen, rect)
    let top = ScoreText.number(data.top, data.decimals)
    let bottom = data.bottom < 0 ? ScoreText.number(data.bottom, data.decimals) : "0"
    let end = screen.put(bottom, row, rect.column, .dim)
    let room = rect.columnEnd - top.count - 1 - (end + 2)
    let words = Self.caption(ofSlice: foreignSlice, legend, room: room)
    screen.put(words, row, end + 2, .normal, limit: room)
    screen.putRight(top, row, endingAt: rect.columnEnd, .dim)
  }

  /// Whose the curve is, where it is another slice's, and the legend, in so many cells: "of slice 6", or
  /// "slice 6 ◦ LC61" where there is not room for more.
  static func caption(ofSlice slice: Int?, _ legend: String?, room: Int) -> String {
    let owner = slice.map { "of slice \($0)" }
    let brief = slice.map { "slice \($0)" }
    let choices: [(parts: [String?], gap: String)] = [
      ([owner, legend], "  "), ([owner, legend], " "), ([brief, legend], " "),
    ]
    let texts = choices.map { $0.parts.compactMap(\.self).joined(separator: $0.gap) }
    return texts.first { $0.count <= room } ?? owner ?? ""
  }

  // MARK: Below the ladder

  private var chart: CurveChart { CurveChart(data: data, glyphs: state.curveGlyphs) }

  /// Between the title and the line of the cursor.
  private var chartRect: CellRect {
    let rect = layout.curve
    return CellRect(
      row: rect.row + 1, column: rect.column, height: rect.height - 2, width: rect.width)
  }

  private func drawLying(in screen: inout Screen) {
    let rect = layout.curve
    guard rect.height >= 7 else { return }
    let title = foreignSlice.map { "CURVE OF SLICE \($0)" } ?? "ANOCURVE"
    let end = screen.put(title, rect.row, rect.column, .head)
    let scoring = study.detection.flatMap { StudyDetector.Scoring(rawValue: $0.model.scoring) }
    var titleEnd = end
    if let unit = scoring?.curveUnit {
      titleEnd = screen.put(
        rect.width >= 54 ? unit.long : unit.short, rect.row, end + 2, .dim,
        limit: rect.columnEnd - end - 2)
    }
    if layout.enlarged == .curve, let model = study.detection?.model {
      // Without the ladder, under which the weights stand.
      let weights = "\(model.name) \(model.sha256.prefix(8))"
      if titleEnd + 2 + DisplayText.width(weights) <= rect.columnEnd {
        screen.putRight(weights, rect.row, endingAt: rect.columnEnd, .dim)
      }
    }
    chart.draw(in: &screen, chartRect)
    let last = rect.rowEnd - 1
    var column = rect.column + 6
    if let legend { column = screen.put(legend, last, rect.column, .normal) + 2 }
    let room = rect.columnEnd - column
    screen.put(cursorWords(room: room), last, column, .normal, limit: room)
  }

  /// What lies under the cursor; LC61's own value with its own threshold where there is room for it.
  private func cursorWords(room: Int) -> String {
    let row = study.cursorRow
    let place = study.segment(atRow: row)?.name ?? "outside the segments"
    let z = ScoreText.millimetres(study.curveZ(atRow: row), signed: true)
    let value = ScoreText.number(study.curveValue(atRow: row), data.decimals)
    let words = "cursor \(value)  \(place)  z \(z)"
    guard let second = data.secondAtCursor else { return words }
    let own = ScoreText.number(second.value, data.decimals)
    let limit = ScoreText.number(second.threshold, data.decimals)
    let sign = second.value >= second.threshold ? ">=" : "<"
    let notes = ["LC61 \(own) \(sign) \(limit)", "LC61 \(own)"]
    return notes.map { "\(words)  \($0)" }.first { $0.count <= room } ?? words
  }
}
