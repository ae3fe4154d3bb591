internal import Core
internal import Imaging

extension TeachingView {
  /// What is seen of a case on a presenter's screen.
  init(_ study: StudyScreenState, caseNumber: Int) {
    self.init(caseNumber: caseNumber, slice: study.slice)
    segment = study.target.segment?.name
    if study.window != .preset(.automatic) {
      (window, level) = (Double(study.greyWindow.window), Double(study.greyWindow.level))
    }
    isInverted = study.isInverted
    zoom = study.zoom
    pan = [study.panFromSegment.x, study.panFromSegment.y]
    overlay = study.overlayKind.rawValue
    showsOverlay = study.showsOverlay
    opacity = Double(study.opacity)
    point = study.crosshair.map { [$0.place.x, $0.place.y] }
    isRevealed = !study.isBlind
  }
}

extension StudyScreenState {
  /// Shows what a presenter shows, within this screen's own bounds.
  mutating func follow(_ view: TeachingView) {
    let wanted = view.segment.flatMap(SpinalSegment.init(name:)).map { ReviewTarget.segment($0) }
    if let row = wanted ?? (rows.contains(.study) ? .study : nil), row != target, rows.contains(row)
    {
      select(row)
    }
    slice = min(max(view.slice, 0), max(study.pictures.count - 1, 0))
    window = .preset(.automatic)
    if let width = view.window, let level = view.level {
      let whole = loaded.presets(.full)
      let (least, most) = (Double(whole.window) * 0.002, Double(whole.window) * 4)
      let far = Double(whole.window) * 2
      window = .manual(
        WindowLevel(
          window: Float(min(max(width, least), max(most, least))),
          level: Float(min(max(level, Double(whole.level) - far), Double(whole.level) + far))))
    }
    isInverted = view.isInverted
    zoom = min(max(view.zoom, 0), 5)
    keptFocus = nil
    if view.pan.count == 2 {
      pan = SIMD2(min(max(view.pan[0], -128), 128), min(max(view.pan[1], -128), 128))
    }
    if let kind = view.overlay.flatMap(OverlayKind.init(rawValue:)) { overlayKind = kind }
    showsOverlay = view.showsOverlay
    opacity = Float(min(max(view.opacity, 0.1), 1))
    pointed = nil
    if let point = view.point, point.count == 2 {
      let side = Double(max(loaded.bounds.rows.count, loaded.bounds.columns.count))
      pointed = SIMD2(min(max(point[0], 0), side), min(max(point[1], 0), side))
    }
  }
}
