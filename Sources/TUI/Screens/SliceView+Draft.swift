internal import Imaging

/// A picture that is shown for a moment, while the reader moves on, and what it gives up for being short.
struct PictureDraft {
  var picture: ScreenPicture
  /// Side of the squares of one colour, in px.
  var square: Int
  /// Greys; `nil` where all are kept.
  var greys: Int?

  /// "8 greys of 2 x 2 px".
  var words: String {
    let squares = square > 1 ? "\(square) x \(square) px" : nil
    let kept = greys.map { "\($0) greys" }
    if let kept, let squares { return "\(kept) of \(squares)" }
    return kept ?? squares.map { "squares of \($0)" } ?? "as in full"
  }
}

extension SliceView {
  /// Bytes of a draft at most: with the text around it a frame is to stay under 30 kB.
  static let draftBytes = 26_000
  /// Side of the squares of sixel and kitty drafts, in px: sixels are sent in bands of six rows.
  static let draftSquare = 6
  /// Greys of a sixel draft.
  static let draftGreys = 16
  /// What drafts of half blocks give up, the least first: greys of the 26 that 256 colours have, then
  /// every other px.
  static let blockDrafts: [(square: Int, greys: Int)] = [
    (1, TerminalColour.greys256), (1, 13), (1, 8), (2, TerminalColour.greys256), (2, 8), (4, 8),
    (8, 4),
  ]
  /// What is given up beyond that on the largest screens, where blanks take most of the bytes.
  static let coarsestBlocks: [(square: Int, greys: Int)] = [(16, 4), (32, 4), (64, 2), (128, 2)]

  /// The same as a draft; `nil` where that would not be shorter.
  var draft: SliceView? {
    guard isFine || canvas.blocks != nil else { return nil }
    var draft = self
    draft.isDraft = true
    return draft
  }

  /// Draws the picture for a moment: sixels and kitty pictures in coarse squares, half blocks in as many
  /// greys and squares as are short enough.
  func drawDraft(_ source: PictureSource) -> PictureDraft {
    let request = request(source)
    if let coding = canvas.blocks { return Self.draft(request, coding) }
    if canvas.isKitty {
      return Self.draft(request, square: Self.draftSquare, isKitty: true, palette: nil, greys: nil)
    }
    return sixelDraft(request, source)
  }

  /// A noisy picture has fewer greys, or larger squares, so that it is as short as others.
  private func sixelDraft(_ request: PictureRequest, _ source: PictureSource) -> PictureDraft {
    func draft(_ square: Int, _ greys: Int) -> PictureDraft {
      Self.draft(
        request, square: square, isKitty: false, palette: palette(source, greys: greys),
        greys: greys)
    }
    let first = draft(Self.draftSquare, Self.draftGreys)
    guard first.picture.sixels.count > Self.draftBytes else { return first }
    let second = draft(Self.draftSquare, Self.draftGreys / 2)
    guard second.picture.sixels.count > Self.draftBytes else { return second }
    return draft(2 * Self.draftSquare, Self.draftGreys)
  }

  private static func draft(
    _ request: PictureRequest, square: Int, isKitty: Bool, palette: SixelPalette?, greys: Int?
  ) -> PictureDraft {
    let rendered = PictureRenderer.draft(request, square: square)
    return PictureDraft(
      picture: ScreenPicture(rendered, palette: palette, kittySquare: isKitty ? square : nil),
      square: square, greys: greys)
  }

  /// Half blocks: as in full where that is short, as small pictures are; else the first that is.
  ///
  /// A cell takes a byte at least: that no picture has too many is seen to by `BlockCoding.mostCells`.
  private static func draft(_ request: PictureRequest, _ coding: BlockCoding) -> PictureDraft {
    let full = ScreenPicture(PictureRenderer.render(request), palette: nil)
    var draft = PictureDraft(picture: full, square: 1)
    for (square, greys) in blockDrafts + coarsestBlocks {
      guard coding.bytes(of: draft.picture) > draftBytes else { return draft }
      var rendered = PictureRenderer.draft(request, square: square)
      rendered.canvas.picture = TerminalColour.reduced(rendered.canvas.picture, greys: greys)
      draft = PictureDraft(
        picture: ScreenPicture(rendered, palette: nil, isNumbered: coding == .direct),
        square: square, greys: greys)
    }
    return draft
  }
}
