internal import Core
internal import Imaging

/// What is being corrected, beside the picture, in the place of ladder and curve.
struct CorrectionPanel {
  let study: StudyScreenState
  let correction: CorrectionMode
  let keys: KeyMap

  func draw(in screen: inout Screen, _ layout: StudyLayout) {
    let (top, left, width) = (layout.ladder.row, layout.ladder.column, layout.ladder.width)
    let title = correction.target.words.uppercased()
    screen.put(title + (correction.isChanged ? " (not saved)" : ""), top, left, .head, limit: width)
    let foot = self.foot(width)
    let room = self.room(layout)
    let lines = correction.labels.map { points($0, room: room) } ?? mask
    for (index, line) in lines.prefix(room).enumerated() {
      screen.put(line.text, top + 1 + index, left, line.style, limit: width)
    }
    for (index, line) in foot.enumerated() {
      screen.put(line, layout.why.row - 1 - foot.count + index, left, .dim, limit: width)
    }
  }

  /// The number of the point whose line lies under the mouse; `nil` beside the list.
  func point(at act: MouseAct, _ layout: StudyLayout) -> UInt16? {
    let (top, left) = (layout.ladder.row + 1, layout.ladder.column)
    guard let edit = correction.labels, act.column >= left, act.column < layout.ladder.columnEnd
    else { return nil }
    let shown = Array(self.shown(edit, room: room(layout)))
    return shown.indices.contains(act.row - top) ? shown[act.row - top] : nil
  }

  /// Lines at the lower end.
  private func foot(_ width: Int) -> [String] { numbers(width) + turns }

  /// Lines for the list.
  private func room(_ layout: StudyLayout) -> Int {
    let height = layout.why.row - layout.ladder.row
    return max(height - 2 - foot(layout.ladder.width).count, 0)
  }

  private typealias Line = (text: String, style: Style)

  /// The points of the list: those around the chosen one where there is no room for all.
  private func shown(_ edit: LabelEdit, room: Int) -> ArraySlice<UInt16> {
    let numbers = edit.points.keys.sorted()
    let last = max(numbers.count - room, 0)
    let at = numbers.firstIndex { $0 == correction.chosen } ?? 0
    let first = min(max(at - room / 2, 0), last)
    return numbers.dropFirst(first).prefix(room)
  }

  /// One line per point.
  private func points(_ edit: LabelEdit, room: Int) -> [Line] {
    shown(edit, room: room).map { number in
      let ras = edit.points[number] ?? .zero
      let slice = study.slice(nearest: ras).map { "\($0 + 1)" } ?? "?"
      let isChosen = number == correction.chosen
      let mark = isChosen ? "▸" : " "
      let changed = edit.original[number] == ras ? "" : " *"
      let name = DisplayText.fit(edit.kind.name(number), 9)
      let padded = name + String(repeating: " ", count: max(9 - name.count, 0))
      let digits = String(repeating: " ", count: number < 10 ? 1 : 0) + "\(number)"
      let z = ScoreText.millimetres(ras.z, signed: true)
      return (
        "\(mark) \(padded) \(digits)  z \(z)  slice \(slice)\(changed)",
        isChosen ? .strong : .normal
      )
    }
  }

  /// The chosen number as the tools know it, whose numbers differ.
  private func numbers(_ width: Int) -> [String] {
    let words = correction.chosen.flatMap { correction.labels?.kind.toolNumbers($0) }
    return words.map { DisplayText.wrap($0, width, lines: 2) } ?? []
  }

  private var mask: [Line] {
    guard let edit = correction.mask else { return [] }
    let mm = ScoreText.number(Double(correction.size) * SagittalGrid.spacing, 1)
    let here = edit.difference(study.slice)
    let drawn = edit.changedSlices.map { "\($0 + 1)" }.joined(separator: ", ")
    return [
      ("\(correction.tool.rawValue) \(correction.size) px (\(mm) mm)", .strong),
      (
        correction.isDrawing ? "PEN DOWN: every move draws" : "pen up",
        correction.isDrawing ? .accent : .normal
      ),
      (
        "this slice: \(MaskEdit.area(here.added)) mm² added, \(MaskEdit.area(here.removed)) removed",
        .normal
      ),
      ("slices drawn on: \(drawn.isEmpty ? "none" : drawn)", .normal),
    ]
  }

  /// What undo and redo are about.
  private var turns: [String] {
    let (undo, redo) = correction.turns
    let context: KeyContext = correction.target.isMask ? .mask : .labels
    return [
      undo.map { "\(keys.name(.editUndo, in: context)) takes back: \($0)" },
      redo.map { "\(keys.name(.editRedo, in: context)) restores: \($0)" },
    ].compactMap(\.self)
  }
}
