internal import Imaging

/// A picture that is shown for a moment, while the reader moves on, and what it gives up for being short.
struct PictureDraft {
  var picture: ScreenPicture
  /// Width of the blocks of one colour, in px.
  var square: Int
  /// Their height where they are no squares.
  var height: Int?
  /// Greys; `nil` where all are kept.
  var greys: Int?

  /// "8 greys of 2 x 2 px".
  var words: String {
    let squares = square > 1 ? "\(square) x \(height ?? square) px" : nil
    let kept = greys.map { "\($0) greys" }
    if let kept, let squares { return "\(kept) of \(squares)" }
    return kept ?? squares.map { "squares of \($0)" } ?? "as in full"
  }

  /// Bytes of all drafts on a screen at most: with the text around them a frame is to stay under 30 kB.
  static let mostBytes = 26_000

  /// What drafts of half blocks give up, the least first: greys of the 26 that 256 colours have, then
  /// every other px.
  private static let blockSteps: [(square: Int, greys: Int)] = [
    (1, TerminalColour.greys256), (1, 13), (1, 8), (2, TerminalColour.greys256), (2, 8), (4, 8),
    (8, 4),
  ]
  /// What is given up beyond that on the largest screens, where blanks take most of the bytes.
  private static let coarsestBlockSteps: [(square: Int, greys: Int)] = [
    (16, 4), (32, 4), (64, 2), (128, 2),
  ]

  /// What drafts of sixels give up, the least first.
  ///
  /// Sixels are sent in bands of six rows, and blocks of two bands take as many bytes as two of one band
  /// each: so the blocks of large pictures are wider than high.
  private static let sixelSteps: [(square: Int, greys: Int)] = [
    (6, 16), (6, 8), (12, 16), (12, 8), (18, 8), (24, 8), (36, 8), (48, 8), (72, 8), (72, 4),
    (96, 4), (144, 4), (288, 2), (576, 2),
  ]
  /// Bytes of a block of one band at least, in pictures of the spine: below that none is tried.
  private static let leastBlockBytes = 2

  /// Bytes that the pixels of a kitty draft may have whatever its cells take.
  private static let leastKittyBytes = 4000

  /// Sides of the squares of kitty drafts, in px, the least first.
  private static let kittySquares = [6, 8, 10, 12, 14, 16, 20, 24, 32, 48, 64, 96, 128]

  /// Draws a picture for a moment: the least coarse of its kind that is short enough, else the coarsest.
  ///
  /// Half blocks are drawn in as many greys and squares as are short enough, sixels and kitty pictures in coarse
  /// blocks. Which it is follows from the picture alone.
  /// - Parameters:
  ///   - bytes: Bytes on its way to the terminal at most, with the cells of a kitty picture.
  ///   - palette: The colours of sixels with so many greys.
  static func draw(
    _ request: PictureRequest, on canvas: PictureCanvas, within bytes: Int,
    palette: (Int) -> SixelPalette?
  ) -> PictureDraft {
    if let coding = canvas.blocks { return halfBlocks(request, coding, within: bytes) }
    if canvas.isKitty {
      // Where the cells alone take nearly all of it, something is to be seen in them.
      return kitty(request, within: max(bytes - canvas.placeholderBytes, leastKittyBytes))
    }
    return sixels(request, canvas, within: bytes, palette)
  }

  private static func sixels(
    _ request: PictureRequest, _ canvas: PictureCanvas, within bytes: Int,
    _ palette: (Int) -> SixelPalette?
  ) -> PictureDraft {
    func drawn(_ square: Int, _ greys: Int) -> PictureDraft {
      let height = max(square / 24, 1) * 6
      let rendered = PictureRenderer.draft(request, square: square, height: height)
      return PictureDraft(
        picture: ScreenPicture(rendered, palette: palette(greys)), square: square, height: height,
        greys: greys)
    }
    let bands = (canvas.size.height + 5) / 6
    var most = bytes / leastBlockBytes
    for (square, greys) in sixelSteps.dropLast() {
      let blocks = bands * (canvas.size.width / square)
      guard blocks <= most else { continue }
      let draft = drawn(square, greys)
      let count = draft.picture.sixels.count
      if count <= bytes { return draft }
      // Blocks take no fewer bytes where there are fewer of them; fewer greys save a third at most.
      most = blocks * bytes / count * 3 / 2
    }
    let (square, greys) = sixelSteps[sixelSteps.count - 1]
    return drawn(square, greys)
  }

  /// Kitty pictures: one px for each square, which the terminal scales to its cells.
  private static func kitty(_ request: PictureRequest, within bytes: Int) -> PictureDraft {
    func drawn(_ square: Int) -> PictureDraft {
      let rendered = PictureRenderer.draft(request, square: square)
      return PictureDraft(
        picture: ScreenPicture(rendered, palette: nil, kittySquare: square), square: square)
    }
    var least = 0
    for square in kittySquares.dropLast() where bytes > 0 && square * square >= least {
      let draft = drawn(square)
      let count = draft.picture.kitty.count
      if count <= bytes { return draft }
      least = square * square * count / bytes * 2 / 3
    }
    return drawn(kittySquares[kittySquares.count - 1])
  }

  /// Half blocks: as in full where that is short, as small pictures are; else the first that is.
  ///
  /// A cell takes a byte at least: that no picture has too many is seen to by `BlockCoding.mostCells`.
  private static func halfBlocks(
    _ request: PictureRequest, _ coding: BlockCoding, within bytes: Int
  ) -> PictureDraft {
    let full = ScreenPicture(PictureRenderer.render(request), palette: nil)
    var draft = PictureDraft(picture: full, square: 1)
    for (square, greys) in blockSteps + coarsestBlockSteps {
      guard coding.bytes(of: draft.picture) > bytes else { return draft }
      var rendered = PictureRenderer.draft(request, square: square)
      rendered.canvas.picture = TerminalColour.reduced(rendered.canvas.picture, greys: greys)
      draft = PictureDraft(
        picture: ScreenPicture(rendered, palette: nil, isNumbered: coding == .direct),
        square: square, greys: greys)
    }
    return draft
  }
}
