internal import Core
internal import Foundation
internal import Imaging

/// One study: picture, ladder, curve, and why.
enum StudyScreen {
  static func draw(_ study: StudyScreenState, _ state: AppState, in screen: inout Screen) {
    let layout = StudyLayout(state)
    drawHead(study, state, layout, in: &screen)
    drawWarning(state, layout, in: &screen)
    PicturePane(study: study, state: state, layout: layout).draw(in: &screen)
    BesidePane(study: study, state: state, layout: layout).draw(in: &screen)
    if let correction = study.correction {
      CorrectionPanel(study: study, correction: correction, keys: state.keys).draw(
        in: &screen, layout)
      drawWhy(study, state.keys, layout, in: &screen)
      return
    }
    if study.isAdjudicating {
      drawAdjudication(study, state, layout, in: &screen)
      return
    }
    if !layout.ladder.isEmpty {
      Ladder(study: study, state: state).draw(in: &screen, layout.ladder)
    }
    if let data = CurveData(study) {
      CurvePane(data: data, study: study, state: state, layout: layout).draw(in: &screen)
    } else if layout.enlarged != .ladder {
      screen.put(
        study.absence(of: .curve, state.capabilities) ?? "", layout.curve.row,
        layout.curve.column, .dim, limit: layout.curve.width)
    }
    drawMeasures(study, layout, in: &screen)
    drawFocus(study, state, layout, in: &screen)
    drawNotes(study, state, layout, in: &screen)
    if layout.quality.height > 0, study.detection != nil {
      screen.put(
        qualityWords(study), layout.quality.row, layout.quality.column, .dim,
        limit: layout.quality.width)
    }
    drawWhy(study, state.keys, layout, in: &screen)
  }

  /// The ladders of the readers in the place of the reader's own, what they signed, and the curve where
  /// there is room for it.
  private static func drawAdjudication(
    _ study: StudyScreenState, _ state: AppState, _ layout: StudyLayout, in screen: inout Screen
  ) {
    AdjudicationTable(study: study, state: state).draw(in: &screen, layout.ladder)
    AdjudicationNotes(study: study, state: state).draw(in: &screen, layout.notes)
    if layout.curve.height > 0, let data = CurveData(study) {
      CurvePane(data: data, study: study, state: state, layout: layout).draw(in: &screen)
    }
    drawWeights(study, layout.ladder, in: &screen)
    drawWhy(study, state.keys, layout, in: &screen)
  }

  // MARK: Head

  /// Says, before any key is refused for it, why nothing can be judged here, and what helps.
  private static func drawWarning(
    _ state: AppState, _ layout: StudyLayout, in screen: inout Screen
  ) {
    let rect = layout.warning
    guard let words = state.capabilities.pictureWarning(room: rect.width) else { return }
    let lines = DisplayText.wrap(words, rect.width, lines: max(rect.height, 1))
    for (index, line) in lines.enumerated() {
      screen.put(line, rect.row + index, rect.column, .strong, limit: rect.width)
    }
  }

  private static func drawHead(
    _ study: StudyScreenState, _ state: AppState, _ layout: StudyLayout, in screen: inout Screen
  ) {
    let width = screen.size.columns
    let notice = Notice.researchUse
    screen.putRight(notice, 0, endingAt: width - 1, .dim)
    let room = width - notice.count - 3
    var column =
      screen.put(" \(state.name(of: study.study.subject)) ", 0, 0, .selected, limit: room / 2) + 2
    let person = [
      [study.study.sex, study.study.age].compactMap { $0 }.joined(separator: " "),
      study.study.mjoa.map { "mJOA \($0)" } ?? "",
    ].filter { !$0.isEmpty }.joined(separator: "  ")
    let conclusion = study.shownReview.conclusion(assessable: study.assessable)
    // The patient's data give way to the case verdict, which is whole or its word alone.
    let reserved = conclusion.map { $0.brief.count + 2 } ?? 0
    column = screen.put(person, 0, column, .strong, limit: room - column - reserved)
    if let conclusion, room > column + 2 {
      let space = room - column - 2
      let words = conclusion.words
      screen.put(
        words.count <= space ? words : conclusion.brief, 0, column + 2, .strong, limit: space)
    }

    let (wide, mode) = (width >= 110, state.macros.mode)
    let alone = besideAlone(study, state, layout)
    let least =
      alone.map { leastBesideWidth(study, $0, mode: mode) }
      ?? leastPictureWidth(study, wide: wide, mode: mode)
    let right = stateWords(study, state, room: width - 4 - least)
    screen.putRight(right.text, 1, endingAt: width - 1, right.isFlagged ? .accent : .normal)
    let space = width - right.text.count - 4
    let words =
      alone.map { besideWords(study, $0, room: space, mode: mode) }
      ?? pictureWords(study, wide: wide, room: space, mode: mode)
    screen.put(words, 1, 1, .dim, limit: space)
  }

  /// What is flagged; what could not be seen is never called "none flagged".
  ///
  /// - Parameter isShort: Whether "not assessable" of some segments is "n/a".
  static func flagWords(
    _ study: StudyScreenState, flagged: Int, isShort: Bool = false
  ) -> String {
    guard let detection = study.detection else {
      return study.undetectedWord
    }
    if detection.patient.isUncalled { return "no call: levels missing" }
    guard detection.patient.assessable else { return "not assessable" }
    if flagged > 0 { return "▲ \(flagged) flagged" }
    if study.isFlagged(.study) { return "▲ patient flagged" }
    switch detection.segments.count(where: { !$0.assessable }) {
    case 0: return "none flagged"
    case detection.segments.count: return "patient not flagged"
    case let unseen: return "none flagged, \(unseen) \(isShort ? "n/a" : "not assessable")"
    }
  }

  /// Whether the slice shown was scored and, where there is room and a choice, has the highest score.
  private static func scoredWords(_ study: StudyScreenState, _ wide: Bool) -> String {
    guard study.isScored else { return "" }
    let isHighest = study.scoredSlice == study.slice
    let hasOthers = (study.detection?.scoredSlices.count ?? 0) > 1
    return wide && isHighest && hasOthers ? " scored, highest" : " scored"
  }

  /// Slice, thickness, window and map, and the modes that are on.
  ///
  /// - Parameters:
  ///   - room: Cells there are.
  ///   - mode: That a macro is recorded or played, in a word.
  static func pictureWords(
    _ study: StudyScreenState, wide: Bool, room: Int = .max, mode: String? = nil
  ) -> String {
    let bare = sliceWords(study)
    let scored = bare + scoredWords(study, wide)
    let kind = "T2w sagittal"
    let grey = GreyChoice(window: study.window).words(study.greyWindow)
    let numbers = GreyChoice.numbers(study.greyWindow)
    let map = overlayWords(study, wide)
    let shortMap = map.replacing(" > ", with: ">")
    var words = [scored]
    if wide { words.append(kind) }
    words.append(String(format: "%.1f mm", study.study.sliceThicknessMM))
    words.append(grey)
    if study.isInverted { words.append("inverted") }
    words.append(map)
    if study.overlay.kind.isOutline, let placement = study.shown?.picture.placement,
      min(placement.rowScale, placement.columnScale) < PictureRenderer.smallestContourScale
    {
      words.append("too small: zoom in")
    }
    // Where there is no room the thickness goes first, then the name of the window, then that the slice is
    // scored, then the blanks of the map's threshold, then the window but where it is being changed: slice and
    // threshold of the map stay longest.
    let modes = modeWords(study, macros: mode)
    func fits() -> Bool { DisplayText.width((words + modes).joined(separator: "  ")) <= room }
    if !fits() { words.removeAll { $0.hasSuffix(" mm") } }
    if !fits() { words.removeAll { $0 == kind } }
    if !fits() { words = words.map { $0 == grey ? numbers : $0 } }
    if !fits() { words[0] = bare }
    if !fits() { words = words.map { $0 == map ? shortMap : $0 } }
    if !study.isWindowMode, !fits() {
      words[0] = scored
      words = words.filter { $0 != numbers }.map { $0 == shortMap ? map : $0 }
      if !fits() { words[0] = bare }
      if !fits() { words = words.map { $0 == map ? shortMap : $0 } }
    }
    // Without a mode what has no room is left out whole: "W…" says nothing.
    if modes.isEmpty {
      while !fits(), words.count > 1 { words.removeLast() }
    }
    if modes.isEmpty || fits() { return (words + modes).joined(separator: "  ") }
    // A mode is whole on every screen: it says what the keys do now.
    let end = modes.joined(separator: "  ")
    let rest = DisplayText.fit(
      words.joined(separator: "  "), max(room - DisplayText.width(end) - 2, 0))
    return rest.isEmpty ? end : "\(rest)  \(end)"
  }

  /// "slice 6 of 11".
  private static func sliceWords(_ study: StudyScreenState) -> String {
    let count = study.study.pictures.count
    return "slice \(count == 0 ? 0 : study.slice + 1) of \(count)"
  }

  /// What is drawn over the picture, and from which threshold on.
  private static func overlayWords(_ study: StudyScreenState, _ wide: Bool) -> String {
    let overlay = study.overlay
    switch overlay.kind {
    case .none:
      // What is chosen and not there is named: nothing drawn is not "nothing found".
      let isChosen = study.showsOverlay && !study.isHidden && !study.overlayKind.isAnomaly
      guard isChosen, study.overlayKind != .none else { return "no map" }
      return "no \(study.overlayKind.shortTitle)"
    case .difference, .epistemic, .aleatoric: return scaleWords(overlay, wide)
    case .reconstruction, .tissues, .outlines: return overlay.kind.title
    case .contour: return "map > \(String(format: "%.2f", overlay.from))"
    case .heat, .signed:
      return wide
        ? String(format: "map %.2f ... %.2f", overlay.from, overlay.full)
        : String(format: "map > %.2f", overlay.from)
    }
  }

  /// Cells that slice, window and map take with the modes that are on: no words about the study take them.
  private static func leastPictureWidth(
    _ study: StudyScreenState, wide: Bool, mode: String?
  ) -> Int {
    let inverted = study.isInverted ? ["inverted"] : []
    let words =
      [sliceWords(study), GreyChoice.numbers(study.greyWindow)] + inverted
      + [overlayWords(study, wide)]
    return DisplayText.width(
      (words + modeWords(study, macros: mode)).joined(separator: "  "))
  }

  /// The modes that are on, each in one word.
  static func modeWords(_ study: StudyScreenState, macros: String?) -> [String] {
    var words = study.isWindowMode ? ["WINDOW"] : []
    if let correction = study.correction {
      words.append(correction.target.isMask ? "MASK" : "LABELS")
    } else if study.crosshair != nil {
      words.append("CROSSHAIR")
    }
    return words + [macros].compactMap(\.self)
  }

  /// The scale of a map with its unit: "EU map 0.0021 ... 0.0210 grey^2".
  private static func scaleWords(_ overlay: OverlaySetting, _ wide: Bool) -> String {
    guard wide else { return overlay.kind.shortTitle }
    let decimals = overlay.full < 0.01 ? 5 : overlay.full < 0.1 ? 4 : 2
    let low = ScoreText.number(Double(overlay.from), decimals)
    let high = ScoreText.number(Double(overlay.full), decimals)
    return "\(overlay.kind.shortTitle) \(low) ... \(high) \(overlay.kind.unit)"
  }

  // MARK: Words

  private static func drawWhy(
    _ study: StudyScreenState, _ keys: KeyMap, _ layout: StudyLayout, in screen: inout Screen
  ) {
    let rect = layout.why
    // While the crosshair is on, what lies under it stands in the place of the sentence.
    let other = study.correctionWords ?? study.readOut ?? study.adjudicationWords
    // Where the ladder is not shown, the reader's verdict stands here.
    let why = other ?? WhyLine.text(study, keys: keys, saysVerdict: layout.ladder.isEmpty)
    let measured = other == nil ? measuredClauses(study, layout) : []
    let lines = DisplayText.whole([why] + measured, rect.width, lines: rect.height)
    let top = layout.whyRow(lines: lines.count)
    for (index, line) in lines.enumerated() {
      let isStrong = study.shownCrosshair != nil || study.isFinding(study.target)
      let style: Style = isStrong ? .strong : .normal
      screen.put(line, top + index, rect.column, style, limit: rect.width)
    }
  }

  /// What is measured and has no line of its own: all of it without the ladder, under whose rows it stands;
  /// else the reasons, which the short line there cuts.
  private static func measuredClauses(
    _ study: StudyScreenState, _ layout: StudyLayout
  ) -> [String] {
    if layout.hasFreeLine || layout.enlarged == .curve { return [] }
    guard layout.ladder.isEmpty else { return MeasureLine.remarks(study) }
    var clauses = MeasureLine.clauses(study) ?? []
    if let first = clauses.first { clauses[0] = "; \(first)" }
    return clauses
  }

  /// A mark at curve or ladder where the keys have moved the focus there; the picture has it without one.
  private static func drawFocus(
    _ study: StudyScreenState, _ state: AppState, _ layout: StudyLayout, in screen: inout Screen
  ) {
    guard layout.enlarged == nil else { return }
    switch study.focusedPane(state.capabilities) {
    case .ladder where study.pane == .ladder:
      screen.set("»", layout.ladder.row, layout.ladder.column, .strong)
    case .curve where study.pane == .curve && layout.isAligned:
      screen.set("»", layout.captionRow, layout.standingCurve.column - 1, .strong)
    case .curve where study.pane == .curve:
      screen.set("»", layout.curve.row, layout.curve.column - 1, .strong)
    default: break
    }
  }

  /// The measurements, in whole clauses, and the line of the weights, which may be the same.
  private static func drawMeasures(
    _ study: StudyScreenState, _ layout: StudyLayout, in screen: inout Screen
  ) {
    guard layout.hasFreeLine || !layout.ladder.isEmpty || layout.enlarged == .curve else { return }
    guard let clauses = MeasureLine.clauses(study) else {
      drawWeights(study, layout.ladder, in: &screen)
      return
    }
    let place = MeasureLine.place(study, layout)
    let rect = place.rect
    var style = Style.normal
    if case .measuring = study.measures.stage { style = .dim }
    let lines = DisplayText.whole(clauses, rect.width, lines: rect.height)
    for (index, line) in lines.enumerated() {
      screen.put(line, rect.row + index, rect.column, style, limit: rect.width)
    }
    guard place.isBesideWeights else {
      drawWeights(study, layout.ladder, in: &screen)
      return
    }
    guard let model = study.detection?.model else { return }
    screen.putRight(
      String(model.sha256.prefix(MeasureLine.hashWidth)), rect.row,
      endingAt: layout.ladder.columnEnd, .dim)
  }

  /// The weights that detected, on the line under the ladder: at every size of the screen.
  private static func drawWeights(
    _ study: StudyScreenState, _ ladder: CellRect, in screen: inout Screen
  ) {
    guard let model = study.detection?.model, !ladder.isEmpty else { return }
    // A long name gives way, never the hash.
    let hash = " \(model.sha256.prefix(MeasureLine.hashWidth))"
    let name = DisplayText.fit(model.name, max(ladder.width - hash.count, 1))
    screen.put(name + hash, ladder.rowEnd, ladder.column, .dim, limit: ladder.width)
  }
}
