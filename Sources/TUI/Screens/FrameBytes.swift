public import Core
internal import Imaging

/// How many bytes a picture takes on its way to the terminal, by the kind of frame.
public struct FrameBytes: Equatable, Sendable {
  /// The kind in words.
  public var kind: String
  /// The bytes of one whole frame.
  public var count: Int

  /// Measures every kind for a slice, each in full and as the draft that is shown while a key repeats.
  ///
  /// The slice is drawn as the study screen draws it, and sent as it is sent where nothing of it is shown.
  /// Half blocks fill the picture's cells on a screen of 120 x 40; sixel and kitty pictures have 512 x 512
  /// px in 64 x 32 cells.
  public static func measure(_ picture: ReviewStudy.Picture) -> [FrameBytes] {
    var direct = TerminalCapabilities()
    direct.trueColour = true
    var sixel = TerminalCapabilities()
    sixel.sixel = true
    sixel.cell = PixelSize(width: 8, height: 16)
    var kitty = TerminalCapabilities()
    kitty.kitty = true
    kitty.cell = sixel.cell
    let kinds = [
      ("half blocks at 120 x 40, 24-bit colours", direct),
      ("half blocks at 120 x 40, 256 colours", TerminalCapabilities()),
      ("sixel 512 px", sixel), ("kitty 512 px", kitty),
    ]
    return kinds.flatMap { measure(picture, $0, $1) }
  }

  /// A picture in full, and its draft.
  private static func measure(
    _ picture: ReviewStudy.Picture, _ kind: String, _ capabilities: TerminalCapabilities
  ) -> [FrameBytes] {
    let size = TerminalSize(columns: 120, rows: 40)
    let rect =
      capabilities.drawsPixels
      ? CellRect(row: 3, column: 7, height: 32, width: 64)
      : StudyLayout(size: size, isAligned: false, capabilities: capabilities).picture
    guard let canvas = PictureCanvas(rect, capabilities) else { return [] }
    let view = SliceView(
      subject: "", slice: 0, crop: PixelRect(picture.image), canvas: canvas,
      window: WindowLevel.preset(.auto, of: picture.image) ?? WindowLevel(from: 0, to: 1),
      isInverted: false, overlay: .hidden)
    func frame(_ words: String, _ drawn: ScreenPicture) -> FrameBytes {
      var screen = Screen(size: size)
      screen.place(drawn, in: rect)
      return FrameBytes(kind: kind + words, count: sent(screen, drawn, capabilities))
    }
    let source = PictureSource(picture)
    let full = view.draw(source)
    let draft = view.drawDraft(source)
    return [
      frame(greys(of: full).map { ", \($0)" } ?? "", full),
      frame(", \(draft.words) (draft)", draft.picture),
    ]
  }

  /// The greys of a sixel picture in full.
  private static func greys(of picture: ScreenPicture) -> String? {
    guard picture.indexed != nil else { return nil }
    let all = PictureCanvas.fullGreys
    return picture.isThrifty ? "\(all) greys near the cord, \(all / 2) elsewhere" : "\(all) greys"
  }

  /// What is sent of a screen's picture.
  private static func sent(
    _ screen: Screen, _ picture: ScreenPicture, _ capabilities: TerminalCapabilities
  ) -> Int {
    switch capabilities.graphics {
    case .sixel:
      var layer = SixelLayer()
      return layer.bytes(for: screen, capabilities: capabilities).count
    case .kitty:
      var layer = KittyLayer(numbers: KittyNumbers(pane: nil))
      return layer.bytes(for: screen).count
    case .halfBlocks, .none: return BlockCoding(capabilities)?.bytes(of: picture) ?? 0
    }
  }
}
