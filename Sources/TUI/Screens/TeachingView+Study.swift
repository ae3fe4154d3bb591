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
    distance = study.crosshair?.measured.map {
      Distance(slice: $0.slice, from: [$0.from.x, $0.from.y], to: $0.to.map { [$0.x, $0.y] })
    }
    cursor = study.cursorRow
    lowest = [Double(study.heatFrom), Double(study.mapFrom)]
    beside = Beside(study)
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
    // The AI's peak is no secret of who sees the AI only.
    if let row = view.cursor, !(view.isRevealed && isBlind) { goTo(cursor: row) }
    if let lowest = view.lowest, lowest.count == 2 {
      heatFrom = Float(min(max(lowest[0], 0), 4))
      mapFrom = Float(min(max(lowest[1], 0), 0.9))
    }
    pointed = pointer(of: view)
  }

  /// What a presenter points at and measures, within the grid.
  private func pointer(of view: TeachingView) -> Crosshair? {
    guard let place = view.point.flatMap(onGrid) else { return nil }
    var crosshair = Crosshair(place: place)
    if let distance = view.distance, let from = onGrid(distance.from) {
      crosshair.measured = Crosshair.Distance(
        slice: distance.slice, from: from, to: distance.to.flatMap(onGrid))
    }
    return crosshair
  }

  /// Column and row of a file as a place of the grid; `nil` for what is none.
  private func onGrid(_ point: [Double]) -> SIMD2<Double>? {
    guard point.count == 2 else { return nil }
    let side = Double(max(loaded.bounds.rows.count, loaded.bounds.columns.count))
    return SIMD2(min(max(point[0], 0), side), min(max(point[1], 0), side))
  }

  /// Puts the curve's cursor on a row of the segments.
  private mutating func goTo(cursor row: Int) {
    let ranges = SpinalSegment.allCases.compactMap { rowRange(.segment($0)) }
    let low = ranges.map(\.lowerBound).min() ?? 0
    let high = ranges.map(\.upperBound).max() ?? SagittalGrid.side - 1
    cursorRow = min(max(row, low), max(low, high))
  }
}

extension TeachingView.Beside {
  /// What stands beside a study; `nil` where nothing does.
  init?(_ study: StudyScreenState) {
    guard let choice = study.beside.choice else { return nil }
    self.init(title: choice.title, place: study.beside.chosen + 1, slice: study.beside.own)
    switch study.beside.fill {
    case .both: alone = nil
    case .sagittal: alone = .sagittal
    case .beside: alone = .beside
    }
  }
}

extension TeachingView.Layout {
  /// How a screen is divided.
  init(_ state: AppState) {
    self.init(
      curve: state.isAligned.map { $0 ? "beside" : "under" } ?? "auto",
      glyphs: state.capabilities.drawsUnicode ? state.curveGlyphs.rawValue : nil,
      width: state.pictureSteps, pane: state.study?.chosenPane?.rawValue)
  }
}
