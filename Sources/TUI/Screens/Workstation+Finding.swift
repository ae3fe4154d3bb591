internal import Core
internal import Imaging

/// The place of a finding of the reader's own, moved over the slice by keys or the mouse.
extension Workstation {
  /// Begins at the cord beside the selected segment.
  static func beginMark(_ study: StudyScreenState, _ state: inout AppState) {
    let focus = study.focus
    state.study?.mark = study.onPicture(SIMD2(focus.column, focus.row))
    sayMark(&state)
  }

  static func runMark(_ command: Command, _ state: inout AppState) {
    guard let study = state.study, let mark = study.mark else { return }
    let step: SIMD2<Double>
    switch command {
    case .markUp: step = SIMD2(0, -1)
    case .markDown: step = SIMD2(0, 1)
    case .markLeft: step = SIMD2(-1, 0)
    case .markRight: step = SIMD2(1, 0)
    case .markFarUp: step = SIMD2(0, -8)
    case .markFarDown: step = SIMD2(0, 8)
    case .markFarLeft: step = SIMD2(-8, 0)
    case .markFarRight: step = SIMD2(8, 0)
    case .markHere:
      state.study?.mark = nil
      guard let place = study.place(mark) else { return }
      state.popup = .prompt(
        TextPrompt(
          purpose: .finding(place), title: "finding at \(study.words(for: place))", text: ""))
      return
    default:
      state.study?.mark = nil
      state.say(.note, "no finding was added")
      return
    }
    state.study?.mark = study.onPicture(mark + step)
    sayMark(&state)
  }

  /// Puts the mark where the mouse was pressed on the picture.
  static func placeMark(at act: MouseAct, _ state: inout AppState) {
    let layout = StudyLayout(state)
    guard let study = state.study, let placement = study.shown?.picture.placement,
      layout.picture.contains(row: act.row, column: act.column)
    else { return }
    let perCell = state.capabilities.pixelsPerCell
    let x = (Double(act.column - layout.picture.column) + 0.5) * Double(perCell.width)
    let y = (Double(act.row - layout.picture.row) + 0.5) * Double(perCell.height)
    state.study?.mark = study.onPicture(
      SIMD2(placement.column(atX: x).rounded(), placement.row(atY: y).rounded()))
    sayMark(&state)
  }

  private static func sayMark(_ state: inout AppState) {
    guard let study = state.study, let mark = study.mark, let place = study.place(mark) else {
      return
    }
    state.say(
      .note,
      "finding at \(study.words(for: place)): move there, then \(state.keys.lastName(.markHere))")
  }
}

extension StudyScreenState {
  /// The point of the slice nearest to one, inside what the picture shows; column and row in px.
  func onPicture(_ point: SIMD2<Double>) -> SIMD2<Double> {
    let crop = shown?.view.crop ?? loaded.bounds
    func inside(_ value: Double, _ range: Range<Int>) -> Double {
      min(max(value, Double(range.lowerBound)), Double(max(range.upperBound - 1, range.lowerBound)))
    }
    return SIMD2(inside(point.x, crop.columns), inside(point.y, crop.rows))
  }

  /// The place in the patient of a point of the slice shown.
  func place(_ point: SIMD2<Double>) -> FindingPlace? {
    picture.map {
      FindingPlace(
        slice: $0.index, row: point.y, column: point.x,
        ras: $0.grid.ras(row: point.y, column: point.x))
    }
  }

  /// "slice 6, z -3.5 mm", the slice in the numbers of the head.
  func words(for place: FindingPlace) -> String {
    let number = study.pictures.firstIndex { $0.index == place.slice }.map { "\($0 + 1)" }
    return "slice \(number ?? "?"), z \(ScoreText.millimetres(place.z, signed: true))"
  }
}
