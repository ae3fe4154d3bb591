internal import Core
internal import Imaging

/// A segment is judged where it is seen: with its place off the picture, zoomed or moved, keys of verdicts bring
/// it back and state nothing.
extension Workstation {
  /// Refuses what a key states of the selected segment while the picture on the screen shows nothing of it, and
  /// brings it into view; `false` where it may be stated.
  static func refusesOutOfView(
    _ command: Command, _ study: StudyScreenState, _ state: inout AppState
  ) -> Bool {
    switch command {
    case .accept, .disagree, .statePresent, .stateAbsent, .cannotTell: break
    case .cycleGrade, .cycleConfidence: break
    default: return false
    }
    let (layout, target) = (StudyLayout(state), study.target)
    guard let drawn = layout.drawn(study, state.capabilities)?.view,
      !study.shows(target, in: drawn.crop)
    else { return false }
    var found = study
    found.bringIntoView()
    // What no picture shows cannot be waited for.
    guard let view = layout.view(found, state.capabilities), found.shows(target, in: view.crop)
    else { return false }
    let isOnItsWay = layout.view(study, state.capabilities)?.crop == view.crop
    state.study?.bringIntoView()
    state.say(
      .refused,
      isOnItsWay
        ? "no verdict: the picture does not show \(target.name) yet"
        : "no verdict: \(target.name) was not on the picture, which is moved to it")
    return true
  }
}

extension StudyScreenState {
  /// Takes the picture back to the selected segment, at the zoom there is.
  mutating func bringIntoView() {
    pan = .zero
    keptFocus = nil
  }

  /// Whether a part of the slice shows some of the rows of a row's segment, with the middle of the cord there;
  /// `true` where it is not known where that lies.
  func shows(_ target: ReviewTarget, in crop: PixelRect) -> Bool {
    guard let range = rowRange(target), !crop.isEmpty else { return true }
    let ends = [range.lowerBound, range.upperBound].map { row(Double($0), onSlice: slice) }
    let first = max(min(ends[0], ends[1]), Double(crop.rows.lowerBound))
    let last = min(max(ends[0], ends[1]), Double(crop.rows.upperBound - 1))
    guard first <= last else { return false }
    let column = cordPlace(atRow: (first + last) / 2).column
    return column >= Double(crop.columns.lowerBound) && column < Double(crop.columns.upperBound)
  }
}
