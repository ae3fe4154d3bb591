public import Imaging

/// How many bytes a picture takes on its way to the terminal, by the kind of frame.
public struct FrameBytes: Equatable, Sendable {
  /// The kind in words.
  public var kind: String
  /// The bytes of one whole frame.
  public var count: Int

  /// Measures every kind for a slice on the canonical grid.
  ///
  /// Half blocks fill the picture's cells on a screen of 120 x 40; sixel and kitty pictures have
  /// 512 x 512 px, the latter in 64 x 32 cells. A draft has few greys and one for each square of px.
  public static func measure(_ image: ImageRaster) -> [FrameBytes] {
    let window = WindowLevel.preset(.auto, of: image) ?? WindowLevel(from: 0, to: 1)
    func request(_ rows: Int, _ columns: Int) -> PictureRequest {
      PictureRequest(image: image, window: window, targetRows: rows, targetColumns: columns)
    }
    func render(_ rows: Int, _ columns: Int) -> RenderedPicture {
      PictureRenderer.render(request(rows, columns))
    }
    let square = SliceView.draftSquare
    let draft = SliceView.draft(request(512, 512), isKitty: false) { SixelPalette(greys: $0) }
    let blocks = screen(render)
    var layer = DirectBlockLayer()
    let direct = layer.bytes(for: blocks).count
    let indexed = blocks.placements.first.map {
      HalfBlock.ansi($0.picture.pixels, depth: .indexed256).utf8.count
    }
    let full = render(512, 512).canvas.picture
    return [
      FrameBytes(kind: "half blocks at 120 x 40, 24-bit colours", count: direct),
      FrameBytes(kind: "half blocks at 120 x 40, 256 colours", count: indexed ?? 0),
      FrameBytes(
        kind: "sixel 512 px, 64 greys", count: Sixel.encode(full, palette: .init(greys: 64)).count),
      FrameBytes(
        kind: "sixel 512 px, \(draft.greys) greys of \(draft.square) x \(draft.square) px (draft)",
        count: draft.picture.sixels.count),
      FrameBytes(kind: "kitty 512 px", count: kitty(render(512, 512), square: 1)),
      FrameBytes(
        kind: "kitty 512 px, one px for \(square) x \(square) px (draft)",
        count: kitty(PictureRenderer.draft(request(512, 512), square: square), square: square)),
    ]
  }

  /// The bytes of a kitty picture and of the cells that show it, without those of the one before.
  private static func kitty(_ picture: RenderedPicture, square: Int) -> Int {
    var screen = Screen(size: TerminalSize(columns: 120, rows: 40))
    screen.place(
      ScreenPicture(picture, palette: nil, kittySquare: square),
      in: CellRect(row: 3, column: 7, height: 32, width: 64))
    var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
    return layer.bytes(for: screen).count
  }

  /// A screen of 120 x 40 with the picture in its place.
  private static func screen(_ render: (Int, Int) -> RenderedPicture) -> Screen {
    let size = TerminalSize(columns: 120, rows: 40)
    var capabilities = TerminalCapabilities()
    capabilities.trueColour = true
    let rect = StudyLayout(size: size, isAligned: false, capabilities: capabilities).picture
    var screen = Screen(size: size)
    screen.place(ScreenPicture(render(rect.height * 2, rect.width), palette: nil), in: rect)
    return screen
  }
}
