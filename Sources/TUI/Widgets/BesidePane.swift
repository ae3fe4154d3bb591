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
      lines = [
        words(of: study.otherSession(loaded), rect.width), "\(plane.place), \(plane.following)",
      ]
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

  /// The other session's verdicts and scores on one line: of the selected segment first, then of those that
  /// are flagged or judged, then of the rest; in short where not all of it has room.
  private func words(of other: StudyScreenState, _ width: Int) -> String {
    func isNotable(_ target: ReviewTarget) -> Bool {
      other.isFlagged(target) || other.standing(target)?.verdict != nil
    }
    let rest = other.rows.filter { $0 != study.target }
    let rows =
      [study.target].filter(other.rows.contains) + rest.filter(isNotable)
      + rest.filter { !isNotable($0) }
    let hidden =
      other.isHidden ? "AI hidden; " : other.study.detection == nil ? "no AI result; " : ""
    let whole = hidden + rows.map { stated(of: $0, in: other) }.joined(separator: "; ")
    guard DisplayText.width(whole) > width else { return whole }
    let short = rows.enumerated().map { index, target in
      (index == 0 ? hidden : "; ") + inShort(target, in: other)
    }
    return DisplayText.whole(short, width).first ?? ""
  }

  /// "C4-5 no verdict ▲0.41".
  private func stated(of target: ReviewTarget, in other: StudyScreenState) -> String {
    let verdict = other.standing(target)?.verdict?.words ?? "no verdict"
    let score = score(of: target, in: other).map { " \(flag(of: target, in: other))\($0)" }
    return "\(target.name) \(verdict)\(score ?? "")"
  }

  /// "C4-5 ▲0.41", "C5-6 absent": the verdict, or else the score.
  private func inShort(_ target: ReviewTarget, in other: StudyScreenState) -> String {
    let words = other.standing(target)?.verdict?.words ?? score(of: target, in: other) ?? "-"
    return "\(target.name) \(flag(of: target, in: other))\(words)"
  }

  private func flag(of target: ReviewTarget, in other: StudyScreenState) -> String {
    other.isFlagged(target) ? "▲" : ""
  }

  /// The score as the ladder has it, and that there is no call where there is none; `nil` where no score is
  /// known, or it is hidden.
  private func score(of target: ReviewTarget, in other: StudyScreenState) -> String? {
    let score =
      other.assessment(target)?.score ?? (target == .study ? other.detection?.patient.score : nil)
    let none = other.uncalledScore(target) == nil ? "" : " no call"
    return score.map {
      ScoreText.number($0, ScoreText.decimals(other.detection), cells: ScoreText.cells) + none
    }
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
