internal import Core
internal import Imaging

/// The pictures beside the sagittal one: lines of what each is, the picture, letters and scale.
struct BesidePane {
  let study: StudyScreenState
  let state: AppState
  let layout: StudyLayout

  func draw(in screen: inout Screen) {
    guard !layout.beside.isEmpty, study.beside.isOn else { return }
    let choices = layout.besideChoices(study)
    for choice in choices {
      draw(choice, layout.besideRoom(of: choice, study), in: &screen)
    }
    if choices.isEmpty {
      let room = BesideRoom(head: layout.besideHead, picture: layout.beside)
      screen.put(
        "other series and sessions", room.head.row, room.head.column, .strong,
        limit: room.head.width)
      drawAbsent(study.beside.problem ?? "looking for other series and sessions", room, in: &screen)
    }
  }

  private func draw(_ choice: BesideChoice, _ room: BesideRoom, in screen: inout Screen) {
    let plane = study.besidePlane(of: choice)
    drawHead(choice, plane, room.head, in: &screen)
    let rect = room.picture
    guard let plane, PictureCanvas(rect, state.capabilities) != nil else {
      return drawAbsent(absence(of: choice), room, in: &screen)
    }
    guard let shown = layout.drawn(beside: choice, study, state.capabilities) else {
      screen.put(
        "drawing", rect.row + rect.height / 2, rect.column + 1, .dim, limit: rect.width - 1)
      return
    }
    screen.place(shown.picture, in: rect)
    PicturePane.drawWarning(state.capabilities, over: rect, in: &screen)
    let letters = PictureRequest.Orientation(plane.plane)
    screen.put(letters.top, rect.row, rect.column - 1, .dim)
    screen.put(letters.bottom, rect.rowEnd - 1, rect.column - 1, .dim)
    let step = plane.plane.columnStep
    ScaleBar(
      placement: shown.picture.placement, mmPerColumn: (step * step).sum().squareRoot(),
      cellWidth: state.capabilities.pixelsPerCell.width
    ).draw(
      left: letters.left, right: letters.right, note: "", in: &screen, row: room.captionRow, rect)
  }

  private func drawHead(
    _ choice: BesideChoice, _ plane: BesidePlane?, _ rect: CellRect, in screen: inout Screen
  ) {
    screen.put(
      DisplayText.clean(choice.title), rect.row, rect.column, .strong, limit: rect.width)
    guard let plane else { return }
    var lines = [plane.place, notes(plane)]
    if case .session(let loaded)? = study.beside.content(of: choice) {
      lines = [words(of: study.otherSession(loaded)), "\(plane.place), \(plane.following)"]
    }
    // The picture that keys of greys act on is marked.
    let isFocused = state.focusedBeside == choice
    lines += [study.besideGreyWords(of: choice)].compactMap { $0 }.map {
      isFocused ? "▸ \($0)" : $0
    }
    for (index, line) in lines.prefix(max(rect.height - 1, 0)).enumerated() {
      let style: Style = isFocused && index == 2 ? .strong : .normal
      screen.put(line, rect.row + 1 + index, rect.column, style, limit: rect.width)
    }
  }

  /// What the plane follows, unless that it does not cross the sagittal slice is more.
  private func notes(_ plane: BesidePlane) -> String {
    switch plane.meeting {
    case .apart?: "does not cross the sagittal slice"
    case .parallel(let distance)?:
      "\(ScoreText.millimetres(distance)) from the slice, \(plane.following)"
    case .line?, nil: plane.following
    }
  }

  /// The other session's verdicts and scores on one line, the selected segment first.
  private func words(of other: StudyScreenState) -> String {
    let rows = [study.target].filter(other.rows.contains) + other.rows.filter { $0 != study.target }
    let decimals = ScoreText.decimals(other.detection)
    let words = rows.map { target -> String in
      let verdict = other.standing(target)?.verdict
      let score =
        other.assessment(target)?.score ?? (target == .study ? other.detection?.patient.score : nil)
      let stated = verdict.map { $0 == .cannotTell ? "cannot tell" : $0.rawValue } ?? "no verdict"
      let flag = other.isFlagged(target) ? "▲" : ""
      let none = other.uncalledScore(target) == nil ? "" : " no call"
      return "\(target.name) \(stated)"
        + (score.map { " \(flag)\(ScoreText.number($0, decimals, cells: ScoreText.cells))\(none)" }
          ?? "")
    }
    let hidden =
      other.isHidden ? "AI hidden; " : other.study.detection == nil ? "no AI result; " : ""
    return hidden + words.joined(separator: "; ")
  }

  /// Why a choice shows nothing.
  private func absence(of choice: BesideChoice) -> String {
    switch study.beside.content(of: choice) {
    case .failed(let why)?: "cannot be shown: \(why)"
    case .loading?: "loading"
    case nil: study.beside.problem ?? "looking for other series and sessions"
    case .volume?, .session?: "holds no slice that can be shown"
    }
  }

  private func drawAbsent(_ words: String, _ room: BesideRoom, in screen: inout Screen) {
    let rect = room.picture
    for (index, line) in DisplayText.wrap(
      words, max(rect.width - 2, 1), lines: max(rect.height / 2, 1)
    )
    .enumerated() {
      screen.put(
        line, rect.row + rect.height / 3 + index, rect.column + 1, .dim, limit: rect.width - 1)
    }
  }
}

/// Letters of the sides under a picture, and a bar of a round length between them.
struct ScaleBar {
  let placement: PicturePlacement
  let mmPerColumn: Double
  /// Pixels across a cell.
  let cellWidth: Int

  /// - Parameters:
  ///   - legend: What is drawn in the picture: it is named before anything else is.
  ///   - note: What else is said as far as there is room.
  func draw(
    left: String, right: String, legend: String = "", note: String, in screen: inout Screen,
    row: Int, _ rect: CellRect
  ) {
    screen.put(left, row, rect.column, .dim)
    screen.put(right, row, rect.columnEnd - 1, .dim)
    let cellsPerMM = placement.columnScale / mmPerColumn / Double(cellWidth)
    guard cellsPerMM > 0, cellsPerMM.isFinite else { return }
    // The shortest round length of at least four cells.
    let length = [5.0, 10, 20, 50, 100].first { $0 * cellsPerMM >= 4 } ?? 100
    let cells = Int((length * cellsPerMM).rounded())
    guard cells + 12 < rect.width else { return }
    let label = " \(Int(length)) mm"
    let words = legend + note
    guard cells + label.count + legend.count <= rect.width - 4 else {
      screen.put(words.trimmingSpaces, row, rect.column + 2, .dim, limit: rect.width - 4)
      return
    }
    let width = cells + label.count + words.count
    var column = rect.column + max((rect.width - width) / 2, 2)
    screen.set("├", row, column, .dim)
    for index in 1..<max(cells - 1, 1) { screen.set("─", row, column + index, .dim) }
    screen.set("┤", row, column + cells - 1, .dim)
    column += cells
    screen.put(label + words, row, column, .dim, limit: rect.columnEnd - column - 2)
  }
}
