internal import Imaging

/// Where the pictures lie, and what stands at them.
extension StudyLayout {
  /// Columns of a curve that stands beside the picture.
  private static let standingWidth = 24
  /// Columns that each of two pictures has at least.
  private static let leastWidth = 20
  /// Columns between two pictures: for letters.
  private static let gap = 2
  /// Lines over a picture beside the sagittal one.
  private static let headLines = 4
  /// Rows from which on two pictures stand over each other.
  private static let stackRows = 30

  /// The sagittal picture with its gutter, those beside it, and the curve that stands there.
  struct Pictures {
    /// Columns of all pictures together.
    let width: Int
    let gutter: CellRect
    let picture: CellRect
    let above: BesideRoom
    let below: BesideRoom
    let captionRow: Int
    let standingCurve: CellRect

    /// Puts pictures of a size beside ladder and curve.
    init(
      in frame: Frame, _ panes: Panes, beside right: Int, fill: BesideState.Fill?, stacks: Bool,
      _ capabilities: TerminalCapabilities
    ) {
      let taken = StudyLayout.standingColumns(panes)
      let most = StudyLayout.most(
        width: max(frame.size.columns - right - 1 - gutterWidth - taken, 0),
        height: frame.bottom - frame.top - 1, count: fill == .both ? 2 : 1, capabilities)
      self.init(
        in: frame, isShown: panes.hasPicture, width: most.width, height: most.height, fill: fill,
        stacks: stacks, standing: max(taken - 1, 0))
    }

    /// No picture, and no room for one.
    static func none(in frame: Frame) -> Pictures {
      Pictures(
        in: frame, isShown: false, width: 0, height: frame.bottom - frame.top - 1, fill: nil,
        stacks: false, standing: 0)
    }

    private init(
      in frame: Frame, isShown: Bool, width: Int, height: Int, fill: BesideState.Fill?,
      stacks: Bool, standing: Int
    ) {
      self.width = isShown ? width : 0
      gutter = CellRect(
        row: frame.top, column: 0, height: isShown ? height : 0, width: gutterWidth)
      let room = CellRect(
        row: frame.top, column: gutterWidth, height: height, width: self.width)
      let second: CellRect
      (picture, second) = StudyLayout.split(room, fill)
      let isStacked = stacks && second.width > 0 && second.height >= stackRows
      (above, below) = BesideRoom.rooms(in: second, isStacked: isStacked, headLines: headLines)
      captionRow = room.rowEnd
      standingCurve = CellRect(
        row: frame.top, column: room.columnEnd + 1, height: height, width: standing)
    }
  }

  /// Columns of the curve that stands beside the picture, with the one before them.
  static func standingColumns(_ panes: Panes) -> Int { panes.isAligned ? standingWidth + 1 : 0 }

  /// The size of all pictures together, which lie beside each other: no larger than the terminal draws.
  private static func most(
    width: Int, height: Int, count: Int, _ capabilities: TerminalCapabilities
  ) -> (width: Int, height: Int) {
    var (width, height) = (width, height)
    if case .sixel = capabilities.graphics, let limit = capabilities.sixelLimit,
      let cell = capabilities.cell
    {
      width = min(width, max(limit.width / cell.width, 1))
    }
    if case .kitty = capabilities.graphics {
      // Not more cells than placeholders can name.
      width = min(width, KittyPlaceholder.limit)
      height = min(height, KittyPlaceholder.limit)
    }
    let cells = count > 1 ? BlockCoding.mostCellsOfTwo : BlockCoding.mostCells
    if BlockCoding(capabilities) != nil, width / count * height > cells {
      // Not more cells than can be sent while the reader moves on.
      let each = BlockCoding.fitted(width: width / count, height: height, cells: cells)
      (width, height) = (each.width * count, each.height)
    }
    return (width, height)
  }

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
}
