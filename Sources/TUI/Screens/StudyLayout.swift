internal import Core
internal import Imaging

/// Where everything of the study screen lies; depends on the size only, so that nothing moves.
struct StudyLayout {
  let size: TerminalSize
  /// Whether the curve stands beside the picture.
  let isAligned: Bool
  /// The lines over all of it that say why nothing can be judged; empty where pictures are drawn.
  let warning: CellRect
  /// Names of the segments, left of the picture.
  let gutter: CellRect
  let picture: CellRect
  /// The picture beside the sagittal one, and the lines over it; empty without one, or without room.
  let beside: CellRect
  let besideHead: CellRect
  /// The same of a third plane over it; empty without one, or without room.
  let above: CellRect
  let aboveHead: CellRect
  /// The line under the picture: letters and scale.
  let captionRow: Int
  /// The curve beside the picture, in the aligned layout.
  let standingCurve: CellRect
  /// A head line and one line per row.
  let ladder: CellRect
  /// The curve under the ladder.
  let curve: CellRect
  /// Quality and model, where there is room.
  let notes: CellRect
  /// One line of quality where there is no room for the notes.
  let quality: CellRect
  /// One or two lines: why a segment is flagged.
  let why: CellRect
  /// Columns of all pictures together.
  let picturesWidth: Int
  /// The pane that has the whole screen; `nil`: all are shown.
  let enlarged: StudyPane?
  /// Whether a line is free between what stands over it and the reasons.
  let hasFreeLine: Bool
  /// One line of measurements: the free one over the reasons, else the last of the ladder. Under a curve that
  /// is alone there are two or three.
  let measures: CellRect

  /// Columns of the gutter.
  static let gutterWidth = 7
  private static let standingWidth = 24

  /// Columns that each of two pictures has at least.
  private static let leastWidth = 20
  /// Columns between two pictures: for letters.
  private static let gap = 2
  /// Lines over a picture beside the sagittal one.
  private static let headLines = 4
  /// Rows from which on two pictures stand over each other.
  private static let stackRows = 30
  /// Columns by which the picture grows in a step, on screens that are not large.
  private static let stepWidth = 6
  /// Columns of ladder and curve, with the one before them, in which measurements have theirs.
  private static let measuredWidth = 58
  /// Columns of a picture that was narrowed.
  private static let leastPicture = 24
  /// Columns of ladder and curve where they were narrowed: without the bars of scores.
  private static let leastLadder = 36
  /// The same where the ladder has words for truth and answer.
  private static let leastTruthLadder = 42
  /// Columns from which on, without a picture, the notes stand beside the ladder, which has so many then.
  private static let bareWide = 110
  private static let bareLadder = 63

  init(_ state: AppState) {
    let beside = state.study?.beside
    // Lists of the worklist keep their width.
    let steps = state.study == nil ? 0 : state.pictureSteps
    self.init(
      size: state.size, isAligned: state.isAligned, capabilities: state.capabilities,
      fill: beside?.isOn == true ? beside?.fill : nil, stacks: beside?.companion != nil,
      isAdjudicating: state.study?.isAdjudicating == true, steps: steps,
      enlarged: state.study?.shownPane, hasTruth: state.study?.shownTruth != nil,
      isMeasured: state.study?.isMeasured == true)
  }

  /// - Parameters:
  ///   - fill: Which of two pictures fill the room; `nil` where there is one.
  ///   - stacks: Whether a third plane stands over the second where there is room.
  ///   - isAdjudicating: Whether the ladders of several readers need more room than one.
  ///   - steps: How much wider the picture is than usual.
  ///   - enlarged: The pane that has the room of all.
  ///   - hasTruth: Whether the ladder has words for what is known of a case.
  ///   - isMeasured: Whether there are measurements to show.
  init(
    size: TerminalSize, isAligned wanted: Bool?, capabilities: TerminalCapabilities,
    fill: BesideState.Fill? = nil, stacks: Bool = false, isAdjudicating: Bool = false,
    steps: Int = 0, enlarged: StudyPane? = nil, hasTruth: Bool = false, isMeasured: Bool = false
  ) {
    self.size = size
    self.enlarged = enlarged
    let (columns, rows) = (size.columns, size.rows)
    let isTall = rows >= 30
    let words = capabilities.pictureWarning(room: columns - 2)
    let warnings = words.map { DisplayText.wrap($0, columns - 2, lines: 2).count } ?? 0
    warning = CellRect(row: 2, column: 1, height: warnings, width: columns - 2)
    // A terminal without pictures has their room for ladder and curve.
    let isBare = !capabilities.drawsPictures && enlarged == nil
    let isBareWide = isBare && !isAdjudicating && columns >= Self.bareWide
    isAligned =
      (wanted ?? (columns >= 150)) && columns >= 110 && !isAdjudicating && enlarged == nil
      && capabilities.drawsPictures
    // The free line under the head of a tall screen has room for it.
    let top = max(isTall ? 3 : 2, warning.rowEnd)
    // No wider screen says less than one of 80 columns, which has two lines.
    let whyLines = columns < Self.wideWhy ? 2 : 1
    why = CellRect(row: rows - 2 - whyLines, column: 1, height: whyLines, width: columns - 2)
    // The second line takes the free one where the first alone had one over it.
    hasFreeLine = isTall && (columns < 120 || whyLines == 1)
    let bottom = why.row - (hasFreeLine ? 1 : 0)
    let body = bottom - top

    let standing = isAligned ? Self.standingWidth : 0
    let taken = standing == 0 ? 0 : standing + 1
    let right =
      switch enlarged {
      case .picture: 0
      case .curve, .ladder: columns - 1
      case nil where isBare: columns - 1
      case nil where isAdjudicating: min(max(48 + (columns - 80) * 26 / 40, 48), 126)
      case nil:
        Self.ladderWidth(
          columns, taken: taken, steps: steps,
          least: hasTruth ? Self.leastTruthLadder : Self.leastLadder)
      }
    let rightColumn = columns - right
    var width = max(rightColumn - 1 - Self.gutterWidth - taken, 0)
    if case .sixel = capabilities.graphics, let limit = capabilities.sixelLimit,
      let cell = capabilities.cell
    {
      // Not larger than the terminal draws.
      width = min(width, max(limit.width / cell.width, 1))
    }
    var height = body - 1
    if case .kitty = capabilities.graphics {
      // Not more cells than placeholders can name.
      width = min(width, KittyPlaceholder.limit)
      height = min(height, KittyPlaceholder.limit)
    }
    let pictures = fill == .both ? 2 : 1
    if BlockCoding(capabilities) != nil, width / pictures * height > BlockCoding.mostCells {
      // Not more cells than can be sent while the reader moves on.
      let each = BlockCoding.fitted(width: width / pictures, height: height)
      (width, height) = (each.width * pictures, each.height)
    }
    let hasPicture = enlarged == .picture || (enlarged == nil && !isBare)
    if !hasPicture { width = 0 }
    picturesWidth = width
    gutter = CellRect(
      row: top, column: 0, height: hasPicture ? height : 0, width: Self.gutterWidth)
    let room = CellRect(row: top, column: Self.gutterWidth, height: height, width: width)
    let second: CellRect
    (picture, second) = Self.split(room, fill)
    let isStacked = stacks && second.width > 0 && second.height >= Self.stackRows
    let rooms = BesideRoom.rooms(in: second, isStacked: isStacked, headLines: Self.headLines)
    (aboveHead, above) = (rooms.above.head, rooms.above.picture)
    (besideHead, beside) = (rooms.below.head, rooms.below.picture)
    captionRow = room.rowEnd
    standingCurve = CellRect(
      row: top, column: room.columnEnd + 1, height: height, width: standing)
    let hasLadder = enlarged == nil || enlarged == .ladder
    ladder = CellRect(
      row: top, column: rightColumn, height: hasLadder ? 8 : 0,
      width: isBareWide ? Self.bareLadder : max(right - 1, 0))
    // A curve that is alone has rows to spare for all of it.
    let paragraph = enlarged == .curve && isMeasured ? (columns < 120 ? 3 : 2) : 0
    let spared = max(paragraph - (hasFreeLine ? 1 : 0), 0)
    measures =
      hasFreeLine || paragraph > 0
      ? CellRect(
        row: bottom - spared, column: why.column, height: max(paragraph, 1), width: why.width)
      : CellRect(row: ladder.rowEnd - 1, column: ladder.column, height: 1, width: ladder.width)
    let under = hasLadder ? top + 9 : top
    let below = CellRect(
      row: under, column: rightColumn, height: enlarged == .picture ? 0 : bottom - under,
      width: max(right - 1, 0))
    // Under a curve that takes all there is, one line stays for the quality.
    let rest = below.height >= 8 ? below.height - 1 : below.height
    // Who signed what, and how far they agree, comes before the curve.
    let curveHeight =
      switch enlarged {
      case .curve: below.height - spared
      case .ladder, .picture: 0
      case nil where isAdjudicating: below.height >= 24 ? min(below.height - 16, 15) : 0
      case nil where isBareWide: below.height
      case nil: isAligned ? 0 : min(rest, below.height >= 18 ? 15 : rest)
      }
    curve = CellRect(
      row: below.row, column: below.column, height: curveHeight, width: below.width)
    let gap = curveHeight == 0 ? 0 : 1
    let noted = ladder.columnEnd + 2
    notes =
      isBareWide
      ? CellRect(row: top, column: noted, height: 9, width: columns - 1 - noted)
      : CellRect(
        row: curve.rowEnd + gap, column: below.column,
        height: enlarged == .curve ? 0 : max(below.height - curveHeight - gap, 0),
        width: below.width)
    quality = CellRect(
      row: below.rowEnd - 1, column: below.column,
      height: enlarged == nil && notes.height < 3 && below.height >= 8 ? 1 : 0,
      width: below.width)
  }

  /// Columns of ladder and curve, with the one before them.
  ///
  /// - Parameters:
  ///   - taken: Columns of a curve that stands beside the picture.
  ///   - steps: How much wider the picture is than usual.
  ///   - least: Columns that they keep.
  private static func ladderWidth(_ columns: Int, taken: Int, steps: Int, least: Int) -> Int {
    // At least what "? cannot tell" takes in the ladder without bars.
    let lying = min(max(41 + (columns - 80) * 17 / 40, 42), 66)
    let usual = taken > 0 ? min(lying, measuredWidth) : lying
    let most = max(columns - 1 - gutterWidth - taken - leastPicture, usual)
    let step = max(stepWidth, columns / 20)
    // Steps that left the ladder its measurements before the curve stood beside the picture take none from
    // them then, either: the curve's room is the picture's.
    let free = steps > 0 ? min((lying - usual) / step, steps) : 0
    return min(max(usual - (steps - free) * step, min(least, usual)), most)
  }

  /// Columns from which on one line of reasons holds what two of the smallest screen do.
  private static let wideWhy = 160

  /// The line on which so many lines of reasons begin: on screens of some width they stand at the lower end.
  func whyRow(lines: Int) -> Int {
    size.columns < 120 ? why.row : why.rowEnd - min(lines, why.height)
  }

  /// Over ladder and curve, never over the picture that is being judged: for lists to choose from.
  var list: CellRect {
    CellRect(
      row: ladder.row, column: ladder.column, height: why.row - ladder.row, width: ladder.width)
  }

  /// Lines of such a list inside its frame, with so many lines under them.
  func listRows(over footRows: Int) -> Int { max(list.height - 2 - footRows, 1) }

  /// The room of the sagittal picture and that of the one beside it.
  private static func split(
    _ room: CellRect, _ fill: BesideState.Fill?
  ) -> (CellRect, CellRect) {
    var (left, right) = (room, room)
    switch fill {
    case .both? where room.width >= 2 * leastWidth + gap:
      left.width = (room.width - gap) / 2
      right.column = left.columnEnd + gap
      right.width = room.width - gap - left.width
    case .beside?: left.width = 0
    case .both?, .sagittal?, nil: right.width = 0
    }
    return (left, right)
  }

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
