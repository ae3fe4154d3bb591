internal import Core
internal import Imaging

/// The slice with names of the segments at its left, letters and scale under it.
///
/// Everything around the picture is text, so that moving the selection sends no pixels.
struct PicturePane {
  let study: StudyScreenState
  let state: AppState
  let layout: StudyLayout

  func draw(in screen: inout Screen) {
    let rect = layout.picture
    guard !rect.isEmpty else { return }
    guard let shown = layout.drawn(study, state.capabilities) else {
      drawAbsent(in: &screen)
      return
    }
    screen.place(shown.picture, in: rect)
    Self.drawWarning(state.capabilities, over: rect, in: &screen)
    drawGutter(shown.picture.placement, in: &screen)
    drawCaption(shown.picture, shown.view, in: &screen)
    drawMark(shown.picture.placement, in: &screen)
  }

  /// Says, as long as a picture is shown that may hide a lesion, that it may: over its first row.
  static func drawWarning(
    _ capabilities: TerminalCapabilities, over rect: CellRect, in screen: inout Screen
  ) {
    guard let words = capabilities.greyWarning(room: rect.width) else { return }
    screen.put(words, rect.row, rect.column, .error)
  }

  /// Where a finding is being placed: its row beside the picture, its column under it.
  private func drawMark(_ placement: PicturePlacement, in screen: inout Screen) {
    guard let mark = study.mark else { return }
    let rect = layout.picture
    let perCell = state.capabilities.pixelsPerCell
    let row = placement.y(ofRow: mark.y) / Double(perCell.height)
    let column = placement.x(ofColumn: mark.x) / Double(perCell.width)
    guard row >= 0, row < Double(rect.height), column >= 0, column < Double(rect.width) else {
      return
    }
    screen.set("▶", rect.row + Int(row), layout.gutter.columnEnd - 1, .accent)
    screen.set("▲", layout.captionRow, rect.column + Int(column), .accent)
  }

  private func drawAbsent(in screen: inout Screen) {
    let words: String
    if !state.capabilities.drawsPictures {
      // Why stands over it.
      words = "no picture"
    } else if study.study.pictures.isEmpty {
      words = "this study holds no slice that can be shown"
    } else {
      words = "drawing slice \(study.slice + 1)"
    }
    let rect = layout.picture
    for (index, line) in DisplayText.wrap(words, rect.width - 2).enumerated() {
      screen.put(line, rect.row + rect.height / 2 + index, rect.column + 1, .dim)
    }
  }

  /// The row of the screen of a row of the scored slice, or `nil` outside of the picture.
  private func screenRow(_ row: Double, _ placement: PicturePlacement) -> Int? {
    let y = placement.y(ofRow: study.row(row, onSlice: study.slice))
    let height = Double(state.capabilities.pixelsPerCell.height)
    guard y.isFinite, y >= 0, y < height * Double(layout.picture.height) else { return nil }
    return layout.picture.row + Int(y / height)
  }

  /// The same, moved to the nearest row of the picture.
  private func nearestRow(_ row: Double, _ placement: PicturePlacement) -> Int {
    let y = placement.y(ofRow: study.row(row, onSlice: study.slice))
    let height = Double(state.capabilities.pixelsPerCell.height)
    guard y.isFinite else { return layout.picture.row }
    let limit = Double(layout.picture.height - 1)
    return layout.picture.row + Int(min(max(y / height, 0), limit))
  }

  private func drawGutter(_ placement: PicturePlacement, in screen: inout Screen) {
    let edge = layout.gutter.columnEnd - 1
    if !study.correctionMarks.isEmpty {
      drawEnds(in: &screen)
      drawPointNames(placement, edge, in: &screen)
      return
    }
    if study.showsLesion { drawAnswers(placement, in: &screen) }
    for target in study.rows {
      guard let rows = study.rowRange(target) else { continue }
      drawSegment(target, rows, placement, edge, in: &screen)
    }
    if study.detection != nil, let row = screenRow(Double(study.cursorRow), placement) {
      screen.set("▸", row, edge, .strong)
    }
    drawEnds(in: &screen)
  }

  /// Where head and feet are.
  private func drawEnds(in screen: inout Screen) {
    screen.put("H", layout.picture.row, 0, .dim)
    screen.put("F", layout.picture.rowEnd - 1, 0, .dim)
  }

  /// The names of the points being corrected, beside their rows; the chosen one last, so that no other
  /// hides it.
  private func drawPointNames(
    _ placement: PicturePlacement, _ edge: Int, in screen: inout Screen
  ) {
    let perCell = Double(state.capabilities.pixelsPerCell.height)
    let marks = study.correctionMarks
    for (mark, isHere) in marks.filter({ !$0.mark.isChosen }) + marks.filter(\.mark.isChosen) {
      let y = placement.y(ofRow: mark.place.y) / perCell
      guard y >= 0, y < Double(layout.picture.height) else { continue }
      let row = layout.picture.row + Int(y)
      let style: Style = mark.isChosen ? .selected : isHere ? .normal : .dim
      let name = String(mark.name.prefix(edge - 1))
      screen.put(name, row, max(edge - 1 - name.count, 0), style)
      screen.set("▸", row, edge, mark.isChosen ? .accent : .dim)
    }
  }

  private func drawSegment(
    _ target: ReviewTarget, _ rows: ClosedRange<Int>, _ placement: PicturePlacement, _ edge: Int,
    in screen: inout Screen
  ) {
    let isSelected = target == study.target
    let (upper, lower) = (Double(rows.lowerBound), Double(rows.upperBound))
    let top = nearestRow(upper, placement)
    let bottom = nearestRow(lower, placement)
    // Nothing of the segment is in the picture.
    if bottom == layout.picture.row, screenRow(lower, placement) == nil { return }
    if top == layout.picture.rowEnd - 1, screenRow(upper, placement) == nil { return }
    let style: Style =
      isSelected ? .strong : study.isFlagged(target) ? Style(.accent) : .faint
    for row in top...bottom { screen.set(isSelected ? "┃" : "│", row, edge, style) }
    if screenRow(upper, placement) != nil, !isSelected { screen.set("╷", top, edge, style) }
    if isSelected {
      if screenRow(upper, placement) != nil { screen.set("┏", top, edge, style) }
      if screenRow(lower, placement) != nil { screen.set("┗", bottom, edge, style) }
    }
    let nameStyle: Style =
      isSelected ? .selected : study.isFlagged(target) ? .accent : .dim
    let middle = (top + bottom) / 2
    screen.put(target.name, middle, edge - 1 - target.name.count, nameStyle)
    // Also where it is not: the row may have been another segment's.
    let isFlagged = study.isFlagged(target)
    screen.set(isFlagged ? "▲" : " ", middle, edge - 1, isFlagged ? .accent : .normal)
  }

  /// The rows that the learner called present, left of all names, to compare with the truth's lesion.
  private func drawAnswers(_ placement: PicturePlacement, in screen: inout Screen) {
    for target in study.rows where study.shownStanding(target)?.verdict == .present {
      guard let rows = study.rowRange(target) else { continue }
      let (upper, lower) = (Double(rows.lowerBound), Double(rows.upperBound))
      let (top, bottom) = (nearestRow(upper, placement), nearestRow(lower, placement))
      if bottom == layout.picture.row, screenRow(lower, placement) == nil { continue }
      if top == layout.picture.rowEnd - 1, screenRow(upper, placement) == nil { continue }
      for row in top...bottom { screen.set("●", row, layout.gutter.column, .verdict(.present)) }
    }
  }

  /// What the truth's lesion and the learner's marks look like, as far as there is room for it.
  private func legend(_ view: SliceView) -> String {
    guard let words = study.lesionWords(on: view) else { return "" }
    guard layout.picture.width >= 44 else { return " \(words)" }
    let isAnswered = study.rows.contains { study.shownStanding($0)?.verdict == .present }
    return "   \(words)" + (isAnswered ? ", ● you" : "")
  }

  private func drawCaption(
    _ picture: ScreenPicture, _ view: SliceView, in screen: inout Screen
  ) {
    let notes = [study.zoom > 0 ? zoomWords : nil, picture.isThrifty ? Self.greyWords : nil]
    let words = notes.compactMap { $0 }.map { "   \($0)" }.joined()
    ScaleBar(
      placement: picture.placement, mmPerColumn: SagittalGrid.spacing,
      cellWidth: state.capabilities.pixelsPerCell.width
    ).draw(
      left: "A", right: "P", legend: legend(view), note: words, in: &screen,
      row: layout.captionRow, layout.picture)
  }

  /// What is said of a picture in fewer greys away from the cord.
  private static let greyWords = "cord 64 greys, rest 32"

  private var zoomWords: String {
    let factor = StudyLayout.magnification(study.zoom)
    return "zoom " + (factor == factor.rounded() ? "\(Int(factor))" : "\(factor)") + " x"
  }
}
