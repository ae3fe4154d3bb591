internal import Core
internal import Imaging

/// The pictures that the layout has room for, and what of the slice they show.
extension StudyLayout {
  /// How much a step of zoom magnifies.
  static func magnification(_ zoom: Int) -> Double {
    [1, 1.5, 2.2, 3.3, 5, 7.5][min(max(zoom, 0), 5)]
  }

  /// The picture now wanted, or `nil` where none can be drawn.
  func view(_ study: StudyScreenState, _ capabilities: TerminalCapabilities) -> SliceView? {
    guard size.isEnough, study.picture != nil,
      let canvas = PictureCanvas(picture, capabilities)
    else { return nil }
    var view = SliceView(
      subject: study.study.subject, slice: study.slice,
      crop: crop(study, aspect: canvas.aspect), canvas: canvas, window: study.greyWindow,
      isInverted: study.isInverted, overlay: study.overlay)
    view.reading = study.reading
    view.crosshair = study.shownCrosshair?.place
    view.lines = study.shownCrosshair?.distance(on: study.slice).map { [$0] } ?? []
    view.references = references(study, within: view.crop)
    view.truth = study.shownLesion
    view.findings = study.findingMarks
    if let correction = study.correction {
      view.crosshair = correction.place
      view.lines = []
      view.findings = []
      view.points = study.correctionMarks.map(\.mark)
      view.mask = correction.drawnMask(study.slice)
    }
    return view
  }

  /// The picture that the screen shows: of the slice wanted, and of the size of its room; `nil` where
  /// words stand in its place. What is not shown is neither judged nor pointed at.
  func drawn(
    _ study: StudyScreenState, _ capabilities: TerminalCapabilities
  ) -> (view: SliceView, picture: ScreenPicture)? {
    guard size.isEnough, !picture.isEmpty, let shown = study.shown,
      shown.view.slice == study.slice,
      shown.view.canvas.size == PictureCanvas(picture, capabilities)?.size
    else { return nil }
    return shown
  }

  /// Where the pictures beside cross the slice.
  private func references(
    _ study: StudyScreenState, within crop: PixelRect
  ) -> [PictureRequest.Marks.Line] {
    guard let grid = study.picture?.grid else { return [] }
    return besideChoices(study).compactMap { study.besidePlane(of: $0) }.flatMap {
      beside -> [PictureRequest.Marks.Line] in
      let cord = grid.pixel(ras: beside.plane.ras(row: beside.focus.y, column: beside.focus.x))
      return beside.meeting.map {
        ReferenceLine($0).lines(
          on: SamplingPlane(grid), within: crop, openAbout: SIMD2(cord.column, cord.row))
      } ?? []
    }
  }

  /// The part of the grid shown: the spine, widened to the picture's shape; nearer when zoomed.
  func crop(_ study: StudyScreenState, aspect: Double) -> PixelRect {
    let bounds = study.loaded.bounds
    var crop = study.loaded.spine.expanded(toAspect: aspect, within: bounds)
    if study.zoom > 0 {
      let focus = study.focus
      crop = crop.zoomed(
        by: Self.magnification(study.zoom), aboutRow: focus.row, column: focus.column,
        within: bounds)
    }
    return crop.moved(
      rows: Int(study.pan.y.rounded()), columns: Int(study.pan.x.rounded()), within: bounds)
  }
}

extension StudyScreenState {
  /// The place of interest, about which the picture is zoomed: the cord at the middle of the selected
  /// segment, or where the picture stood when a segment was chosen by pointing into it.
  var focus: (row: Double, column: Double) {
    if let anchor = correction?.anchor { return (anchor.y, anchor.x) }
    if let kept = keptFocus { return (kept.y, kept.x) }
    return segmentFocus
  }

  /// The cord at the middle of the selected segment.
  var segmentFocus: (row: Double, column: Double) {
    let range = rowRange(target) ?? (cursorRow...cursorRow)
    let middle = Double(range.lowerBound + range.upperBound) / 2
    return cordPlace(atRow: row(middle, onSlice: slice))
  }

  /// The middle of the cord on a row of the slice shown, of the scored slice where this one has none
  /// there; of the spine where no cord is known.
  func cordPlace(atRow row: Double) -> (row: Double, column: Double) {
    let cords = [picture?.cord, scoredSlice.flatMap { study.pictures[$0].cord }]
    for cord in cords.compactMap({ $0 }) {
      let at = Int(row)
      guard at >= 0, at < cord.rows else { continue }
      let columns = (0..<cord.columns).filter { cord[at, $0] }
      if let first = columns.first, let last = columns.last {
        return (row, Double(first + last) / 2)
      }
    }
    let spine = loaded.spine.columns
    return (row, Double(spine.lowerBound + spine.upperBound) / 2)
  }
}
