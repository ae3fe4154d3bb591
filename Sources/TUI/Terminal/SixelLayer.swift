internal import Imaging

/// Which pictures are on the terminal, and the bytes that bring it up to date.
struct SixelLayer {
  private struct Shown: Equatable {
    var picture: ScreenPicture
    var parts: [CellRect]

    /// What was drawn anew but looks the same is not sent again.
    static func == (a: Shown, b: Shown) -> Bool {
      a.parts == b.parts && (a.picture === b.picture || a.picture.sixels == b.picture.sixels)
    }
  }

  private var shown: [CellRect: Shown] = [:]

  /// Everything must be sent again.
  mutating func forget() { shown = [:] }

  /// The bytes to write before the text: what takes away pictures that will not be where they are.
  func wipe(for screen: Screen) -> [UInt8] {
    let stay = Dictionary(
      screen.placements.map { ($0.rect, screen.visibleRects(of: $0)) }, uniquingKeysWith: { $1 })
    return PictureWipe.bytes(
      shown.filter { rect, shown in stay[rect] != shown.parts }.flatMap(\.value.parts))
  }

  /// The bytes to write after the text: for every picture that changed, its visible parts.
  ///
  /// Cut at cell boundaries, so that what covers a picture stays. Scrolling mode is set each time:
  /// without it the picture lands in the corner.
  mutating func bytes(for screen: Screen, capabilities: TerminalCapabilities) -> [UInt8] {
    var now: [CellRect: Shown] = [:]
    var bytes: [UInt8] = []
    for placement in screen.placements {
      let parts = screen.visibleRects(of: placement)
      let state = Shown(picture: placement.picture, parts: parts)
      now[placement.rect] = state
      guard shown[placement.rect] != state, let cell = capabilities.cell else { continue }
      for part in parts {
        bytes.append(contentsOf: "\u{1b}[\(part.row + 1);\(part.column + 1)H".utf8)
        bytes.append(contentsOf: Self.encode(placement, part: part, cell: cell))
      }
    }
    shown = now
    guard !bytes.isEmpty else { return [] }
    return Array("\u{1b}7\u{1b}[?80l".utf8) + bytes + Array("\u{1b}8".utf8)
  }

  private static func encode(
    _ placement: Placement, part: CellRect, cell: PixelSize
  ) -> [UInt8] {
    let picture = placement.picture
    if part == placement.rect { return picture.sixels }
    guard let indexed = picture.indexed else { return [] }
    let (top, left) = (part.row - placement.rect.row, part.column - placement.rect.column)
    return Sixel.encode(
      indexed,
      part: PixelRect(
        rows: (top * cell.height)..<((top + part.height) * cell.height),
        columns: (left * cell.width)..<((left + part.width) * cell.width)))
  }
}
