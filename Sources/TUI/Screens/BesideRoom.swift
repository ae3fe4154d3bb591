/// The room of a picture beside the sagittal one, with the lines over it.
struct BesideRoom: Equatable, Sendable {
  let head: CellRect
  let picture: CellRect

  /// The line under the picture: letters and scale.
  var captionRow: Int { picture.rowEnd }

  init(head: CellRect, picture: CellRect) { (self.head, self.picture) = (head, picture) }

  /// Divides cells into lines and the picture under them.
  private init(_ rect: CellRect, headLines: Int) {
    head = CellRect(
      row: rect.row, column: rect.column, height: min(headLines, rect.height), width: rect.width)
    picture = CellRect(
      row: head.rowEnd, column: rect.column, height: rect.height - head.height, width: rect.width)
  }

  /// Divides cells among two pictures over each other, or gives them all to the lower one; the upper one
  /// keeps a line for its letters and scale.
  static func rooms(
    in rect: CellRect, isStacked: Bool, headLines: Int
  ) -> (above: BesideRoom, below: BesideRoom) {
    let height = isStacked ? rect.height / 2 : 0
    let upper = CellRect(row: rect.row, column: rect.column, height: height - 1, width: rect.width)
    let lower = CellRect(
      row: rect.row + height, column: rect.column, height: rect.height - height,
      width: rect.width)
    return (BesideRoom(upper, headLines: headLines), BesideRoom(lower, headLines: headLines))
  }
}
