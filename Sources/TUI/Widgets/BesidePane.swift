internal import Core
internal import Imaging

/// The picture beside the sagittal one: three lines of what it is, the picture, letters and scale.
struct BesidePane {
  let study: StudyScreenState
  let state: AppState
  let layout: StudyLayout

  func draw(in screen: inout Screen) {
    guard !layout.beside.isEmpty, study.beside.isOn else { return }
    let plane = study.besidePlane
    drawHead(plane, in: &screen)
    guard let plane, let wanted = layout.besideView(study, state.capabilities)?.view else {
      return drawAbsent(in: &screen)
    }
    guard let shown = study.beside.shown, shown.view.choice == wanted.choice,
      shown.view.plane == wanted.plane, shown.view.canvas.size == wanted.canvas.size
    else {
      screen.put(
        "drawing", layout.beside.row + layout.beside.height / 2, layout.beside.column + 1, .dim,
        limit: layout.beside.width - 1)
      return
    }
    screen.place(shown.picture, in: layout.beside)
    let letters = PictureRequest.Orientation(plane.plane)
    let rect = layout.beside
    screen.put(letters.top, rect.row, rect.column - 1, .dim)
    screen.put(letters.bottom, rect.rowEnd - 1, rect.column - 1, .dim)
    let step = plane.plane.columnStep
    ScaleBar(
      placement: shown.picture.placement, mmPerColumn: (step * step).sum().squareRoot(),
      cellWidth: state.capabilities.pixelsPerCell.width
    ).draw(
      left: letters.left, right: letters.right, note: "", in: &screen, row: layout.captionRow, rect)
  }

  private func drawHead(_ plane: BesidePlane?, in screen: inout Screen) {
    let rect = layout.besideHead
    let title = study.beside.choice?.title ?? "other series and sessions"
    screen.put(DisplayText.clean(title), rect.row, rect.column, .strong, limit: rect.width)
    guard let plane else { return }
    var lines = [plane.place, notes(plane)]
    if case .session(let loaded)? = study.beside.content {
      lines = [words(of: study.otherSession(loaded)), "\(plane.place), \(plane.following)"]
    }
    for (index, line) in lines.prefix(rect.height - 1).enumerated() {
      screen.put(line, rect.row + 1 + index, rect.column, .normal, limit: rect.width)
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
      return "\(target.name) \(stated)"
        + (score.map { " \(flag)\(ScoreText.number($0, decimals))" } ?? "")
    }
    let hidden =
      other.isHidden ? "AI hidden; " : other.study.detection == nil ? "no AI result; " : ""
    return hidden + words.joined(separator: "; ")
  }

  private func drawAbsent(in screen: inout Screen) {
    let words: String
    switch study.beside.content {
    case .failed(let why)?: words = "cannot be shown: \(why)"
    case .loading?: words = "loading"
    case nil: words = study.beside.problem ?? "looking for other series and sessions"
    case .volume?, .session?: words = "holds no slice that can be shown"
    }
    let rect = layout.beside
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

  func draw(
    left: String, right: String, note: String, in screen: inout Screen, row: Int, _ rect: CellRect
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
    let width = cells + label.count + note.count
    var column = rect.column + (rect.width - width) / 2
    screen.set("├", row, column, .dim)
    for index in 1..<max(cells - 1, 1) { screen.set("─", row, column + index, .dim) }
    screen.set("┤", row, column + cells - 1, .dim)
    column += cells
    screen.put(label + note, row, column, .dim, limit: rect.columnEnd - column - 2)
  }
}
