internal import Core
internal import Imaging

extension Workstation {
  static func runInStudy(_ command: Command, _ state: inout AppState) -> [Effect] {
    guard state.study != nil else {
      state.view = .worklist
      return []
    }
    if let effects = runInTeaching(command, &state) { return effects }
    if let effects = runAdjudication(command, &state) { return effects }
    if let effects = runCorrection(command, &state) { return effects }
    if command.isVerdict || command.isAct { return runVerdict(command, &state) }
    if command.isMark {
      runMark(command, &state)
      return []
    }
    if command.isCrosshair { return runCrosshair(command, &state) }
    if command.isBeside { return runBeside(command, &state) }
    if command.isOfPanes {
      runPanes(command, &state)
      return []
    }
    switch command {
    case .back:
      state.view = .worklist
      state.study = nil
      state.loading = nil
      settleLists(&state)
      // What was being read again would hold the study anew.
      return [.cancelLoading, .leaveStudy]
    case .nextUnread, .previousUnread: return openUnread(command == .nextUnread, &state)
    case .alignCurve:
      if let refusal = wholeScreenWords(state) {
        state.say(.refused, refusal)
        return []
      }
      if case .none(let reason) = state.capabilities.graphics {
        state.say(.refused, "no picture to stand beside: \(reason)")
        return []
      }
      state.isAligned = !StudyLayout(state).isAligned
      if state.isAligned == true, !StudyLayout(state).isAligned {
        state.isAligned = nil
        state.say(.refused, "the curve fits beside the picture from 110 columns on")
      } else {
        let place = state.isAligned == true ? "beside the picture, row for row" : "under the ladder"
        state.say(.note, "the curve \(place)")
      }
    case .curveGlyphs: cycleGlyphs(&state)
    case .showActs: state.popup = .acts(scroll: 0)
    case .showFindings: openFindings(study: state.study, &state)
    case .showReport: return prepareReport(&state)
    case .recordMacro, .playMacro, .macroOfActs: runMacroCommand(command, &state)
    case .saveHanging, .hangSaved, .hangDefault: return runHanging(command, &state)
    default:
      navigate(command, &state)
      adjustPicture(command, &state)
    }
    return []
  }

  private static func openUnread(_ forward: Bool, _ state: inout AppState) -> [Effect] {
    let here = state.study?.study.subject
    guard let found = unread(after: here, forward: forward, in: state) else {
      state.say(.refused, nothingLeftWords)
      return []
    }
    if found.isBegun {
      state.noteAfterLoading = NoteAfterLoading(
        subject: found.entry.subject, words: begunWords, kind: .note)
    }
    return open(found.entry.subject, &state)
  }

  private static func cycleGlyphs(_ state: inout AppState) {
    let all = StudyScreenState.CurveGlyphs.allCases
    guard state.capabilities.drawsUnicode else {
      state.say(.refused, "this terminal draws ASCII only")
      return
    }
    let index = all.firstIndex(of: state.curveGlyphs) ?? 0
    state.curveGlyphs = all[(index + 1) % all.count]
    state.say(.note, "curve drawn with \(state.curveGlyphs.rawValue)")
  }

  private static func navigate(_ command: Command, _ state: inout AppState) {
    switch command {
    case .nextSlice: moveSlice(by: 1, &state)
    case .previousSlice: moveSlice(by: -1, &state)
    case .forwardSlices: moveSlice(by: 5, &state)
    case .backwardSlices: moveSlice(by: -5, &state)
    case .firstSlice: moveSlice(by: -100_000, &state)
    case .lastSlice: moveSlice(by: 100_000, &state)
    case .nextSegment: moveSegment(by: 1, &state)
    case .previousSegment: moveSegment(by: -1, &state)
    case .firstSegment, .lastSegment:
      guard let rows = state.study?.rows,
        let end = command == .firstSegment ? rows.first : rows.last
      else { return }
      state.study?.select(end)
    case .nextFlagged: moveFlagged(by: 1, &state)
    case .previousFlagged: moveFlagged(by: -1, &state)
    case .cursorUpward: moveCursor(by: -1, &state)
    case .cursorDownward: moveCursor(by: 1, &state)
    case .cursorFarUpward: moveCursor(by: -5, &state)
    case .cursorFarDownward: moveCursor(by: 5, &state)
    default: break
    }
  }

  private static func moveSlice(by step: Int, _ state: inout AppState) {
    guard var study = state.study, !study.study.pictures.isEmpty else { return }
    let last = study.study.pictures.count - 1
    let next = min(max(study.slice + step, 0), last)
    if next == study.slice {
      state.say(.note, next == last ? "last slice" : "first slice")
    }
    study.slice = next
    study.beside.focus = nil
    state.study = study
  }

  private static func moveSegment(by step: Int, _ state: inout AppState) {
    guard let study = state.study, let at = study.rows.firstIndex(of: study.target) else { return }
    let next = at + step
    guard study.rows.indices.contains(next) else {
      state.say(.note, step > 0 ? "lowest segment" : "highest segment")
      return
    }
    state.study?.select(study.rows[next])
  }

  private static func moveFlagged(by step: Int, _ state: inout AppState) {
    guard let study = state.study, let at = study.rows.firstIndex(of: study.target) else { return }
    var next = at + step
    while study.rows.indices.contains(next) {
      if study.isFinding(study.rows[next]) {
        state.study?.select(study.rows[next])
        if let own = study.slicePosition(of: study.rows[next]) { state.study?.slice = own }
        return
      }
      next += step
    }
    let words =
      if study.patientPeak != nil {
        "the AI flags the patient, and no segment further \(step > 0 ? "down" : "up")"
      } else if study.findings.isEmpty {
        study.detection == nil ? study.undetectedWords : "the AI flags no segment"
      } else {
        "no flagged segment further \(step > 0 ? "down" : "up")"
      }
    state.say(.refused, words)
  }

  /// Moves along the curve; the segment follows.
  private static func moveCursor(by step: Int, _ state: inout AppState) {
    guard let study = state.study, let rows = study.curve?.row, let first = rows.first,
      let last = rows.last
    else {
      state.say(.refused, "there is no curve to move on")
      return
    }
    // With levels, the cursor stays inside the segments: one cursor, one segment.
    let ranges = SpinalSegment.allCases.compactMap { study.rowRange(.segment($0)) }
    let low = max(first, ranges.map(\.lowerBound).min() ?? first)
    let high = min(last, ranges.map(\.upperBound).max() ?? last)
    guard low <= high else { return }
    let row = min(max(study.cursorRow + step, low), high)
    state.study?.cursorRow = row
    state.study?.keptFocus = nil
    if let segment = study.segment(atRow: row), study.rows.contains(.segment(segment)) {
      state.study?.target = .segment(segment)
      // The picture follows to another segment, however it was moved.
      if study.target != .segment(segment) { state.study?.bringIntoView() }
    }
  }

  static func selectRow(at act: MouseAct, _ state: inout AppState) {
    guard let study = state.study else { return }
    if study.correction != nil { return pressInCorrection(act, &state) }
    guard act.button == .left else { return }
    if study.mark != nil { return placeMark(at: act, &state) }
    let layout = StudyLayout(state)
    if layout.picture.contains(row: act.row, column: act.column) {
      state.study?.beside.focus = nil
      state.study?.pane = .picture
      if study.crosshair != nil {
        placeCrosshair(at: act, &state)
      } else {
        selectUnder(act, &state)
      }
      return
    }
    if layout.gutter.contains(row: act.row, column: act.column), study.crosshair == nil {
      // The names stand beside the rows of the picture that they mean.
      return selectUnder(
        MouseAct(act.kind, row: act.row, column: layout.picture.column, button: act.button), &state)
    }
    if let choice = focusBeside(at: act, &state) {
      if study.crosshair != nil { placeCrosshair(at: act, on: choice, &state) }
      return
    }
    if [layout.curve, layout.standingCurve].contains(where: {
      $0.contains(row: act.row, column: act.column)
    }) {
      state.study?.pane = .curve
      if let row = CurveData(study).flatMap({
        CurvePane(data: $0, study: study, state: state, layout: layout).row(at: act)
      }) {
        let before = state.study?.target
        state.study?.selectRow(atRow: row)
        // Rows of the curve under the ladder are not those of the picture, which may show others.
        if layout.standingCurve.isEmpty, state.study?.target != before {
          state.study?.bringIntoView()
        }
      }
      return
    }
    let index = act.row - layout.ladder.row - 1
    if layout.ladder.contains(row: act.row, column: act.column), study.rows.indices.contains(index)
    {
      state.study?.select(study.rows[index])
      if !study.isAdjudicating { state.study?.pane = .ladder }
    }
  }

  /// Selects the segment at the height of a press on the picture; the curve's cursor goes there, too.
  private static func selectUnder(_ act: MouseAct, _ state: inout AppState) {
    guard let point = state.picturePoint(at: act) else { return }
    state.study?.selectRow(under: point)
  }

  // MARK: The picture

  private static func adjustPicture(_ command: Command, _ state: inout AppState) {
    guard var study = state.study else { return }
    if study.isHidden, command.isOverlay {
      state.say(.refused, "the AI is hidden: \(wayToAI(study, state))")
      return
    }
    switch command {
    case .toggleOverlay: toggleOverlay(&study, &state)
    case .cycleOverlay:
      study.overlayKind = study.overlayKind.next
      study.showsOverlay = true
      state.say(
        .note,
        study.absentOverlayWords
          ?? "\(study.overlayKind.title): \(study.overlayKind.words(monochrome: state.capabilities.monochrome))"
      )
    case .lessOpacity, .moreOpacity: changeOpacity(command, &study, &state)
    case .lowerHeat, .raiseHeat: changeThreshold(command, &study, &state)
    case .zoomIn:
      study.zoom = min(study.zoom + 1, 5)
      study.keptFocus = nil
    case .zoomOut:
      study.zoom = max(study.zoom - 1, 0)
      study.keptFocus = nil
    case .zoomFit:
      study.zoom = 0
      study.pan = .zero
      study.keptFocus = nil
    case .panLeft: study.pan.x -= panStep(study)
    case .panRight: study.pan.x += panStep(study)
    case .panUp: study.pan.y -= panStep(study)
    case .panDown: study.pan.y += panStep(study)
    // A macro's steps are meant for the sagittal picture: others may have no second one.
    default:
      let isPlayed = state.macros.playing != nil
      let choice = isPlayed ? nil : state.focusedBeside
      if let refusal = greyRefusal(command, of: choice, study) {
        state.say(.refused, refusal)
      } else {
        adjustGrey(command, of: choice, &study)
      }
    }
    let limit = 128.0
    study.pan = SIMD2(
      min(max(study.pan.x, -limit), limit), min(max(study.pan.y, -limit), limit))
    state.study = study
  }

  private static func toggleOverlay(_ study: inout StudyScreenState, _ state: inout AppState) {
    study.showsOverlay.toggle()
    let title = study.overlayKind.title
    if study.showsOverlay, study.overlayKind.isAnomaly, study.picture?.anomaly == nil {
      state.say(.note, "this slice was not scored: there is no anomaly map for it")
    } else if study.showsOverlay, study.overlayKind == .none {
      state.say(.note, "no map is chosen: \(state.keys.name(.cycleOverlay)) chooses one")
    } else if study.showsOverlay, let absent = study.absentOverlayWords {
      state.say(.note, absent)
    } else {
      state.say(.note, study.showsOverlay ? "\(title) on" : "\(title) off")
    }
  }

  private static func changeOpacity(
    _ command: Command, _ study: inout StudyScreenState, _ state: inout AppState
  ) {
    let title = study.overlayKind.title
    guard study.overlayKind.hasOpacity else {
      state.say(.refused, "\(title): drawn whole, its opacity cannot be changed")
      return
    }
    let step: Float = command == .moreOpacity ? 0.1 : -0.1
    study.opacity = min(max(study.opacity + step, 0.1), 1)
    state.say(.note, "\(title) \(Int((study.opacity * 100).rounded())) % opaque")
  }

  private static func changeThreshold(
    _ command: Command, _ study: inout StudyScreenState, _ state: inout AppState
  ) {
    let sign: Float = command == .raiseHeat ? 1 : -1
    if study.overlayKind.isAnomaly {
      study.heatFrom = min(max(study.heatFrom + sign * 0.25, 0), 4)
      state.say(.note, "map drawn from \(Int((study.heatFrom * 100).rounded())) % of the threshold")
    } else if study.overlayKind.hasScale {
      study.mapFrom = min(max(study.mapFrom + sign * 0.1, 0), 0.9)
      state.say(
        .note,
        "\(study.overlayKind.title) drawn from \(Int((study.mapFrom * 100).rounded())) % of its scale"
      )
    } else {
      state.say(.refused, "\(study.overlayKind.title): there is no threshold to change")
    }
  }

  private static func panStep(_ study: StudyScreenState) -> Double {
    24 / StudyLayout.magnification(study.zoom)
  }
}
