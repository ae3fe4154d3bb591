internal import Imaging

/// The cells that a picture fills, as pixels, and the colours that they may have: what all pictures of
/// the study screen have in common.
struct PictureCanvas: Hashable, Sendable {
  /// Pixels of the picture.
  var size: PixelSize
  /// Height of one of them over its width.
  var pixelAspect: Double
  /// Whether what is drawn over the greys may not be coloured.
  var monochrome: Bool
  /// Colour registers for sixels, or `nil` without them.
  var sixelColours: Int?
  /// Whether it is drawn for kitty's protocol.
  var isKitty = false
  /// How it is sent as half blocks; `nil` where it is not, or short in any case.
  var blocks: BlockCoding?
  /// Bytes of the cells that show a kitty picture, the pixels not counted.
  var placeholderBytes = 0
  /// Whether it is so large that greys far from the cord are saved, and has room to say so.
  var isLarge = false

  /// Greys of a picture in full, where the terminal has colours enough.
  static let fullGreys = 64

  init(size: PixelSize, pixelAspect: Double, monochrome: Bool, sixelColours: Int?) {
    (self.size, self.pixelAspect) = (size, pixelAspect)
    (self.monochrome, self.sixelColours) = (monochrome, sixelColours)
  }

  /// The pixels of some cells; `nil` where no picture can be drawn in them.
  init?(_ rect: CellRect, _ capabilities: TerminalCapabilities) {
    let graphics = capabilities.graphics
    if case .none = graphics { return nil }
    guard rect.width > 4, rect.height > 4 else { return nil }
    let perCell = capabilities.pixelsPerCell
    self.init(
      size: PixelSize(width: rect.width * perCell.width, height: rect.height * perCell.height),
      pixelAspect: capabilities.drawsPixels ? 1 : capabilities.cellAspect / 2,
      monochrome: capabilities.monochrome,
      sixelColours: graphics == .sixel ? min(capabilities.sixelColours ?? 256, 256) : nil)
    isKitty = graphics == .kitty
    if isKitty { placeholderBytes = KittyLayer.cellBytes(of: rect, capabilities) }
    blocks = BlockCoding(capabilities)
    isLarge = rect.width >= Self.largeColumns
  }

  /// Whether the pixels are the terminal's own: half blocks are too coarse for letters and outlines.
  var isFine: Bool { sixelColours != nil || isKitty }

  /// Whether a picture that moves is shorter than in full; half blocks in 16 colours are short as they are.
  var hasDrafts: Bool { isFine || blocks != nil }

  /// Columns from which on a picture is large.
  private static let largeColumns = 52

  /// Whether a picture in full is sent with fewer greys far from the cord.
  var savesGreys: Bool {
    isLarge && sixelColours.map { Self.greys(of: $0) == Self.fullGreys } == true
  }

  /// Width over height of the whole, as it is seen.
  var aspect: Double { Double(size.width) / (Double(size.height) * pixelAspect) }

  /// Greys of a picture in full with so many colour registers; the others are for what is drawn over it.
  static func greys(of registers: Int) -> Int {
    registers >= 128 ? fullGreys : max(registers / 2, 8)
  }

  /// A request that fills the canvas with a part of an image.
  func request(
    _ image: ImageRaster, _ window: WindowLevel, isInverted: Bool, crop: PixelRect
  ) -> PictureRequest {
    var request = PictureRequest(
      image: isInverted ? image.map { -$0 } : image,
      window: isInverted ? WindowLevel(window: window.window, level: -window.level) : window,
      targetRows: size.height, targetColumns: size.width, crop: crop,
      canvasPixelAspect: pixelAspect)
    if monochrome { request.marks.crosshairColour = .white }
    return request
  }
}
