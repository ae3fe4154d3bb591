internal import Core
internal import Foundation
internal import Imaging

/// The state of the study screen.
struct StudyScreenState: Sendable {
  /// An act that could not be written.
  struct FailedAct: Equatable, Sendable {
    var verdict: Verdict?
    var words: String
  }

  /// How the curve is drawn.
  enum CurveGlyphs: String, Sendable, CaseIterable { case braille, blocks, ascii }

  /// The grey window chosen.
  enum WindowChoice: Equatable, Sendable {
    case preset(WindowPresets.Preset)
    case manual(WindowLevel)
  }

  var loaded: LoadedStudy
  var review: ReviewState
  /// What the reader may do here, and what is shown of other readers.
  var access: StudyAccess
  /// Where masks and levels come from, as far as the reader may know it now.
  var labels: [LabelOrigin] {
    review.seesOthers ? study.labels : study.ownLabels ?? study.labels
  }
  /// What other readers signed, once the reader has, too, or adjudicates.
  var others: [OtherReading] { review.seesOthers ? access.others : [] }
  /// The same, of each reader only what was signed last.
  var othersLast: [OtherReading] {
    others.filter { one in
      one.isAgain || !others.contains { $0.isAgain && $0.reader == one.reader }
    }
  }
  /// How far the opening of what the readers signed is, side by side.
  var adjudication: AdjudicationStage?
  var failed: [ReviewTarget: FailedAct] = [:]
  /// Why there is no detection and none is to come.
  var problem: String?

  /// Place in the list of pictures.
  var slice = 0
  var target: ReviewTarget
  /// Row on the grid of the scored slice.
  var cursorRow: Int
  var window: WindowChoice = .preset(.automatic)
  var isInverted = false
  var overlayKind: OverlayKind = .heat
  var showsOverlay = true
  var opacity: Float = 0.6
  /// Lowest value of the map drawn, as a fraction of the threshold.
  var heatFrom: Float = 1
  /// Lowest value drawn of a map that has no threshold, as a fraction of its scale.
  var mapFrom: Float = 0
  /// 0 is the whole spine; each step is 1.5 times.
  var zoom = 0
  /// Movement from the middle of what zoom would show, in grid px.
  var pan = SIMD2<Double>(0, 0)
  /// Column and row in grid px about which the zoomed picture stays although another segment was chosen
  /// by pointing into it; `nil`: it follows the segment.
  var keptFocus: SIMD2<Double>?
  var isWindowMode = false
  /// Whether the AI's result is hidden now.
  var isBlind = false
  /// Whether the AI's result was on the screen since the study was opened.
  var wasShown = false
  /// Whether the next key signs off or opens again.
  var isSignMode = false
  /// Why the sign-off that the latest key asked for was refused: a number after it was meant for the
  /// signature.
  var signOffRefusal: String?
  /// Column and row on the slice shown at which a finding is being placed, in grid px.
  var mark: SIMD2<Double>?
  /// The crosshair and what is measured with it, while it is on.
  var crosshair: Crosshair?
  /// What is shown beside the sagittal picture.
  var beside = BesideState()
  /// Whether the study is shown as the reader wants studies to be opened.
  var isHung = false
  /// What the reader wants beside it, until it is known what there is.
  var wishes: [BesideWish]?
  /// Which reading of a study from disk this is, counted through the session.
  var reading = 0
  /// Whether its files have changed and it was not read again, for another was being opened.
  var isOutdated = false
  /// Whether studies are opened with the AI hidden: other sessions beside this one, too.
  var startsBlind = false
  /// The pane with the focus, if there is one.
  var pane: StudyPane = .picture
  /// The pane that has the whole screen; `nil`: all are shown.
  var enlarged: StudyPane?
  /// The pane that has the whole screen again once the list over the others is closed.
  var setAside: StudyPane?
  /// Whether others look on: what its reader has answered is hidden as the truth is.
  var isPresented = false
  /// The crosshair of a presenter, and what he measures with it.
  var pointed: Crosshair?
  /// The crosshair shown: the reader's own, else the presenter's.
  var shownCrosshair: Crosshair? { crosshair ?? pointed }
  /// The presenter's view shown last, in a teaching session.
  var followed: TeachingView?
  /// What a presenter has beside the picture, until it is known what there is.
  var presentedBeside: TeachingView.Beside?
  /// The labels or the mask being corrected.
  var correction: CorrectionMode?
  /// The slice from which the reader went into an editor, which is shown again after it.
  var sliceBeforeCorrection: Int?
  /// What is being read so that it can be corrected.
  var awaitedCorrection: CorrectionTarget?
  /// Keys typed for its editor meanwhile.
  var typedForEditor: [KeyPress] = []
  /// The saved correction that the reader was asked about on undo or redo; another key forgets it.
  var askedTurn: AskedTurn?
  /// Saved corrections, by `seq`, that could not be taken back or restored: undo and redo pass over them.
  var refusedTurns: Set<Int> = []
  /// The act, by `seq`, that was taken back last by another key than undo's, a finding in its list or the flag for
  /// discussion by its own: undo right after it restores it.
  var takenByOwnKey: Int?
  /// Whether the study has been detected again and is to be read when the correction is over.
  var isSuperseded = false
  /// The picture on the screen, and what it shows.
  var shown: (view: SliceView, picture: ScreenPicture)?
  /// What is measured of the study.
  var measures = MeasureState()
  /// What the picture showed that was on the terminal last: it may be an older one than the one shown
  /// next.
  var presented: SliceView?

  var study: ReviewStudy { loaded.study }
  /// The AI's result, as far as it is shown.
  var detection: Detection? { isBlind ? nil : study.detection }
  /// Whether there is a result that is not shown.
  var isHidden: Bool { isBlind && study.detection != nil }
  /// Whether what is stated now is stated without having seen the AI's result.
  var readsBlind: Bool {
    study.detection == nil || isBlind && !wasShown && !review.isRevealed
  }

  /// Whether the AI's result is hidden although the reader has seen it, on this screen or in another session:
  /// what is stated does not count as blind. What a case of a teaching session hides is its truth, and a replay
  /// what its reader had not seen by then.
  var isHiddenAfterSeen: Bool {
    isHidden && !readsBlind && loaded.reveal == nil && loaded.replay == nil
  }

  /// Shows a study from its beginning.
  ///
  /// - Parameter hidesAgain: whether what the reader has seen before is hidden, too.
  init(_ loaded: LoadedStudy, startsBlind: Bool = false, hidesAgain: Bool = false) {
    self.loaded = loaded
    access = loaded.access
    review = ReviewState(loaded.journal.records)
    self.startsBlind = startsBlind
    isBlind = startsBlind && (hidesAgain || !review.isRevealed)
    wasShown = !isBlind && loaded.study.detection != nil
    target = .study
    cursorRow = SagittalGrid.side / 2
    // The scored slice is the AI's choice: who reads blind begins in the middle.
    slice = Self.position(
      of: isBlind ? nil : loaded.study.detection?.sliceIndex, in: loaded.study)
    let first = findings.first ?? rows.first { assessment($0)?.assessable == true }
    select(first ?? (rows.contains(.study) ? .study : .segment(.c2c3)))
    if isFinding(self.target), let own = slicePosition(of: self.target) { slice = own }
  }

  /// What is said in the place of a detection.
  var undetectedWords: String {
    if isHidden { return "the AI is hidden" }
    return problem.map { "not detected: \($0)" } ?? "not yet detected"
  }

  /// The same where there is little room.
  var undetectedWord: String {
    isHidden ? "AI hidden" : problem == nil ? "not yet detected" : "not detected"
  }

  private static func position(of index: Int?, in study: ReviewStudy) -> Int {
    if let index, let found = study.pictures.firstIndex(where: { $0.index == index }) {
      return found
    }
    return study.pictures.count / 2
  }

  /// Place of the scored slice in the list of pictures.
  var scoredSlice: Int? {
    guard let index = study.detection?.sliceIndex else { return nil }
    return study.pictures.firstIndex { $0.index == index }
  }

  /// Whether the picture shown is of a slice that was scored: the chosen one or a neighbour.
  var isScored: Bool {
    guard let picture, let detection else { return false }
    return detection.scoredSlices.contains(picture.index)
  }

  /// "slice 5", "slices 5, 7": where a flag was found, in the numbers of the head; empty when it
  /// holds for all that was scored.
  func places(of flag: QualityFlag) -> String {
    guard let slices = flag.slices, let detection, slices != detection.scoredSlices else {
      return ""
    }
    let numbers = slices.compactMap { index in
      study.pictures.firstIndex { $0.index == index }.map { "\($0 + 1)" }
    }
    guard !numbers.isEmpty else { return "" }
    return (numbers.count == 1 ? "slice " : "slices ") + numbers.joined(separator: ", ")
  }

  /// Place in the list of pictures of the slice that a row's score comes from: a neighbour of the
  /// scored slice may show a segment's finding better.
  func slicePosition(of target: ReviewTarget) -> Int? {
    guard let index = assessment(target)?.sliceIndex else { return scoredSlice }
    return study.pictures.firstIndex { $0.index == index } ?? scoredSlice
  }

  /// The picture now wanted.
  var picture: ReviewStudy.Picture? {
    study.pictures.indices.contains(slice) ? study.pictures[slice] : nil
  }

  /// The rows of the ladder: the segments, and the study as a whole where none of them was assessed. A case
  /// of a teaching session is asked for by the segments that its truth knows, whatever the AI made of it.
  var rows: [ReviewTarget] {
    let isWhole = assessable.isEmpty && loaded.truth?.verdicts.isEmpty != false
    return SpinalSegment.allCases.map { .segment($0) } + (isWhole ? [.study] : [])
  }

  /// The verdict that stands on a row.
  func standing(_ target: ReviewTarget) -> ReviewRecord? {
    switch target {
    case .segment(let segment): review.standing(segment)
    case .study: review.standingOnStudy
    }
  }

  /// The reader's latest comment on the selected row that stands.
  var lastComment: String? { shownReview.comments(target.segment).last.map(DisplayText.clean) }

  /// An act in words, as lists of the reader's own acts have it: one that was taken back, or whose verdict stands
  /// under other labels, says so, the reveal of a case of a teaching session what it showed, and one that is
  /// hidden nothing else.
  ///
  /// - Parameter room: Cells in which what became of it stands in any case.
  func told(_ line: ReviewState.HistoryLine, room: Int = .max) -> String {
    let record = line.record
    if record.action == .reveal, loaded.reveal != nil { return "saw \(revealWords)" }
    if hidesAnswers { return "an answer that is hidden until the truth is shown" }
    let mark = review.isTakenBack(record) ? " (taken back)" : relabelledMark(record)
    guard !mark.isEmpty else { return line.text }
    return DisplayText.fit(line.text, max(room - mark.count, 1)) + mark
  }

  /// The segment's rows on the grid of the scored slice.
  func rowRange(_ target: ReviewTarget) -> ClosedRange<Int>? {
    // Where a segment lies is anatomy, and no secret of the AI's.
    let segments = study.detection?.segments ?? []
    guard let found = segments.first(where: { $0.name == target.segment?.name }),
      let from = found.rowFrom, let to = found.rowTo, from <= to
    else { return nil }
    return from...to
  }

  /// The segment that a row of the grid lies in.
  func segment(atRow row: Int) -> SpinalSegment? {
    SpinalSegment.allCases.first { rowRange(.segment($0))?.contains(row) ?? false }
  }

  /// Selects a row of the ladder; the cursor goes to its peak.
  mutating func select(_ target: ReviewTarget) {
    self.target = target
    pan = .zero
    keptFocus = nil
    if let peak = assessment(target)?.peakRow {
      cursorRow = peak
    } else if let range = rowRange(target) {
      cursorRow = highest(in: range) ?? (range.lowerBound + range.upperBound) / 2
    } else if target == .study, let curve, !curve.row.isEmpty {
      cursorRow = highest(in: 0...Int.max) ?? curve.row[0]
    }
  }

  private func highest(in range: ClosedRange<Int>) -> Int? {
    guard let curve else { return nil }
    let inside = zip(curve.row, curve.value).filter { range.contains($0.0) && $0.1.isFinite }
    return inside.max { $0.1 < $1.1 }?.0
  }

  /// A row of the scored slice's grid as a row of another slice's grid.
  func row(_ row: Double, onSlice slice: Int) -> Double {
    guard let scored = scoredSlice, scored != slice, study.pictures.indices.contains(slice) else {
      return row
    }
    let middle = Double(loaded.spine.columns.lowerBound + loaded.spine.columns.upperBound) / 2
    let point = study.pictures[scored].grid.ras(row: row, column: middle)
    return study.pictures[slice].grid.pixel(ras: point).row
  }
}
