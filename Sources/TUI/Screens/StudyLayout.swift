internal import Core
internal import Imaging

/// Where everything of the study screen lies.
///
/// It follows from the size, from what the terminal draws, and from which panes, planes, ladders and measurements
/// are shown; while these stay nothing moves, whatever is scored, stated or chosen.
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
    let panes = Panes(
      size: size, isAligned: wanted, isAdjudicating: isAdjudicating, enlarged: enlarged,
      isMeasured: isMeasured, drawsPictures: capabilities.drawsPictures)
    let frame = Frame(size, capabilities)
    self.size = size
    self.enlarged = enlarged
    isAligned = panes.isAligned
    (warning, why, hasFreeLine) = (frame.warning, frame.why, frame.hasFreeLine)
    let pictures: Pictures
    let side: Side
    if panes.isBare {
      pictures = Pictures.none(in: frame)
      side = Side.bare(in: frame, panes)
    } else {
      let right = panes.sideWidth(steps: steps, hasTruth: hasTruth)
      pictures = Pictures(
        in: frame, panes, beside: right, fill: fill, stacks: stacks, capabilities)
      side = Side(in: frame, panes, width: right)
    }
    picturesWidth = pictures.width
    (gutter, picture) = (pictures.gutter, pictures.picture)
    (beside, besideHead) = (pictures.below.picture, pictures.below.head)
    (above, aboveHead) = (pictures.above.picture, pictures.above.head)
    (captionRow, standingCurve) = (pictures.captionRow, pictures.standingCurve)
    (ladder, curve, measures) = (side.ladder, side.curve, side.measures)
    (notes, quality) = (side.notes, side.quality)
  }

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
}
