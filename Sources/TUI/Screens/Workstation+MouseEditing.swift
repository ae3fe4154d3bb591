internal import Core
internal import Imaging

/// The mouse in the editors: in masks it draws and erases, of labels it takes the nearest point along.
extension Workstation {
  /// Whether an event changes nothing that is shown: a mouse that moves with its button down outside of an
  /// edit sends one for every cell.
  static func isIdle(_ event: TerminalEvent, _ state: AppState) -> Bool {
    switch event {
    // While a study is being opened every tick tells for how long.
    case .message(.tick) where state.opening != nil: false
    // What the presenter showed while something was placed or typed comes to the screen with the next look:
    // no segment may be judged that is not yet seen to be chosen.
    case .message(.follow) where state.teaching?.isUnapplied == true:
      state.teaching?.isAlone == true || holdsFollowing(state)
    case .message(let message): message.changesNothing
    case .mouse(let act) where act.kind == .drag || act.kind == .release:
      state.study?.correction?.stroke == nil
    default: false
    }
  }

  /// A button goes down in an editor: in a mask it draws once, of labels it chooses the nearest point, or the
  /// one whose line of the list it is pressed on.
  static func pressInCorrection(_ act: MouseAct, _ state: inout AppState) {
    state.study?.correction?.stroke = nil
    let layout = StudyLayout(state)
    guard let study = state.study, var correction = study.correction, state.opening == nil
    else { return }
    let panel = CorrectionPanel(study: study, correction: correction, keys: state.keys)
    let listed = act.button == .left ? panel.point(at: act, layout) : nil
    guard listed != nil || layout.picture.contains(row: act.row, column: act.column) else { return }
    if correction.isSaving {
      state.say(.refused, "still saving: a moment")
      return
    }
    if let listed {
      correction.chosen = listed
      state.study?.correction = correction
      return showChosen(correction, &state)
    }
    // What is not seen is not drawn on.
    guard layout.drawn(study, state.capabilities) != nil else {
      state.say(.refused, "slice \(study.slice + 1) is not yet shown: nothing was changed")
      return
    }
    guard let spot = state.pictureSpot(at: act) else { return }
    if correction.target.isMask {
      beginDrawing(act.button, at: spot, &correction, study, &state)
    } else if act.button == .left {
      takePoint(at: spot, &correction, study, &state)
    }
    state.study?.correction = correction
  }

  /// The mouse moves with its button down: the edit that the press began goes on.
  static func dragInCorrection(_ act: MouseAct, _ state: inout AppState) {
    guard let study = state.study, var correction = study.correction, !correction.isSaving,
      var stroke = correction.stroke, stroke.button == act.button
    else { return }
    guard stroke.slice == study.slice else {
      // The wheel went to another slice: what was drawn on the first one is done.
      state.study?.correction?.stroke = nil
      return
    }
    let point = state.pictureSpot(at: act)?.point
    guard point != stroke.last else { return }
    if let point {
      correction.place = point
      if stroke.grip != nil {
        movePoint(&stroke, to: point, &correction, study, &state)
      } else {
        // Where the mouse comes back to the picture a line begins: none was drawn beside it.
        let tool = correction.toolHeld(by: stroke.button)
        draw(
          from: stroke.last ?? point, with: tool, &correction, study,
          continues: stroke.hasEdited, &state)
      }
    }
    stroke.last = point
    correction.stroke = stroke
    state.study?.correction = correction
  }

  // MARK: Masks

  /// Draws a dot, or with the pen down a line from where the crosshair was.
  private static func beginDrawing(
    _ button: MouseAct.Button, at spot: PictureSpot, _ correction: inout CorrectionMode,
    _ study: StudyScreenState, _ state: inout AppState
  ) {
    let isLine = correction.isDrawing && button == .left
    let start = isLine ? correction.place : spot.point
    let continues = isLine && correction.hasJustDrawn
    correction.place = spot.point
    let tool = correction.toolHeld(by: button)
    draw(from: start, with: tool, &correction, study, continues: continues, &state)
    var stroke = MouseStroke(button, on: study.slice, at: spot.point)
    stroke.hasEdited = true
    correction.stroke = stroke
  }

  // MARK: Labels

  /// Grid px around the mouse's cell within which a point is taken: 3 mm.
  private static let reach = 4.0

  /// Puts the crosshair there and chooses the nearest point within reach, which the mouse then holds.
  private static func takePoint(
    at spot: PictureSpot, _ correction: inout CorrectionMode, _ study: StudyScreenState,
    _ state: inout AppState
  ) {
    correction.place = spot.point
    guard let labels = correction.labels, let grid = study.picture?.grid else { return }
    let half = study.sliceHalfMM
    let near = labels.points.compactMap { number, ras -> (number: UInt16, far: Bool, px: Double)? in
      let pixel = grid.pixel(ras: ras)
      let distance = spot.distance(to: SIMD2(pixel.column, pixel.row))
      guard distance <= reach else { return nil }
      return (number, abs(pixel.distanceMM) > half, distance)
    }
    // Points of the slice shown come before those of others; equally near ones from above.
    let found = near.min {
      ($0.far ? 1 : 0, $0.px, $0.number) < ($1.far ? 1 : 0, $1.px, $1.number)
    }
    guard let found, let place = labels.points[found.number] else { return }
    correction.chosen = found.number
    var stroke = MouseStroke(.left, on: study.slice, at: spot.point)
    stroke.grip = MouseStroke.Grip(number: found.number, place: place, from: spot.point)
    correction.stroke = stroke
    let other = study.slice(nearest: place).map { " of slice \($0 + 1)" } ?? ""
    state.say(.note, "\(labels.kind.name(found.number))\(found.far ? other : "") chosen")
  }

  /// Moves the point held along with the mouse, within its own slice: as far as the mouse went, so that
  /// taking it moves nothing.
  private static func movePoint(
    _ stroke: inout MouseStroke, to point: SIMD2<Double>, _ correction: inout CorrectionMode,
    _ study: StudyScreenState, _ state: inout AppState
  ) {
    guard let grip = stroke.grip, var edit = correction.labels, let grid = study.picture?.grid
    else { return }
    let step = point - grip.from
    let mm =
      (grid.columnDirection * step.x + grid.rowDirection * step.y) * SagittalGrid.spacing
    do {
      try edit.drag(grip.number, to: grip.place + mm, continues: stroke.hasEdited)
      stroke.hasEdited = true
      correction.edit = .points(edit)
      say(edit, &state)
    } catch {
      state.say(.refused, "\(error)")
    }
  }
}

extension CorrectionMode {
  /// What a button of the mouse does in a mask: the right one always erases.
  fileprivate func toolHeld(by button: MouseAct.Button) -> MaskEdit.Tool {
    button == .right ? .eraser : tool
  }
}
