internal import Core
internal import Imaging

/// What the anomaly map looks like over the picture.
enum OverlayKind: String, Hashable, Sendable, CaseIterable {
  /// Brighter than expected, in colours: what hyperintensity means.
  case heat
  /// The outline of the same.
  case contour
  /// Brighter and darker than expected.
  case signed
  case none

  /// The next in the cycle.
  var next: OverlayKind {
    switch self {
    case .heat: .contour
    case .contour: .signed
    case .signed: .none
    case .none: .heat
    }
  }

  /// The name on the screen.
  func words(monochrome: Bool) -> String {
    if monochrome { return monochromeWords }
    return switch self {
    case .heat: "brighter than expected, in colours"
    case .contour: "brighter than expected, outlined"
    case .signed: "brighter and darker than expected"
    case .none: "off"
    }
  }

  /// The same where nothing is coloured.
  private var monochromeWords: String {
    switch self {
    case .heat, .contour: "brighter than expected, in white"
    case .signed: "brighter than expected in white, darker in black"
    case .none: "off"
    }
  }
}

/// The anomaly map as drawn.
struct OverlaySetting: Hashable, Sendable {
  var kind: OverlayKind
  /// 0 invisible ... 1 opaque.
  var opacity: Float
  /// Values below are not drawn, in units of the cord-to-CSF step.
  var from: Float
  /// The value with the full colour.
  var full: Float

  static let hidden = OverlaySetting(kind: .none, opacity: 0, from: 0, full: 1)
}

/// Everything that decides the pixels of a slice on the screen; equal views give equal pictures.
struct SliceView: Hashable, Sendable {
  var subject: String
  /// Place in the study's list of pictures.
  var slice: Int
  /// The part of the grid shown, in px of 0.78125 mm.
  var crop: PixelRect
  /// Pixels of the result.
  var size: PixelSize
  /// Height of one of them over its width.
  var pixelAspect: Double
  var window: WindowLevel
  var isInverted: Bool
  var overlay: OverlaySetting
  /// Whether the overlay may be coloured.
  var monochrome: Bool
  /// Colour registers for sixels, or `nil` for half blocks.
  var sixelColours: Int?

  /// Draws the picture.
  func draw(_ source: PictureSource) -> ScreenPicture {
    var request = PictureRequest(
      image: isInverted ? source.image.map { -$0 } : source.image,
      window: isInverted ? WindowLevel(window: window.window, level: -window.level) : window,
      targetRows: size.height, targetColumns: size.width, crop: crop,
      canvasPixelAspect: pixelAspect)
    if let anomaly = source.anomaly {
      switch overlay.kind {
      case .none: break
      case .heat where !monochrome, .signed where !monochrome:
        let values = overlay.kind == .signed ? anomaly : anomaly.map { $0 > 0 ? $0 : .nan }
        request.overlay = PictureRequest.Overlay(
          values: values, fullScale: overlay.full, threshold: overlay.from,
          opacity: overlay.opacity)
      case _ where monochrome && sixelColours == nil:
        request.overlay = patches(anomaly)
      case .heat, .signed, .contour:
        let mask = anomaly.map { $0 >= overlay.from }
        request.contours = [
          PictureRequest.Contour(
            mask: mask, colour: monochrome ? .white : Colormap.anomaly.colour(0.75))
        ]
        if overlay.kind == .signed {
          let darker = anomaly.map { $0 <= -overlay.from }
          request.contours.append(PictureRequest.Contour(mask: darker, colour: .black))
        }
      }
    }
    return ScreenPicture(PictureRenderer.render(request), palette: palette)
  }

  /// White where the map is over its lowest value, and black where it is as far below 0: half blocks
  /// are too coarse for outlines.
  private func patches(_ anomaly: ImageRaster) -> PictureRequest.Overlay {
    let (kind, from) = (overlay.kind, overlay.from)
    let values = anomaly.map { value -> Float in
      value >= from ? 1 : kind == .signed && value <= -from ? -1 : .nan
    }
    return PictureRequest.Overlay(
      values: values, colormap: .grey, fullScale: 1, threshold: 0, opacity: overlay.opacity)
  }

  private var palette: SixelPalette? {
    guard let sixelColours else { return nil }
    let isHeat = (overlay.kind == .heat || overlay.kind == .signed) && !monochrome
    let isContour = overlay.kind == .contour && !monochrome
    return SixelPalette(
      greys: sixelColours >= 128 ? 64 : max(sixelColours / 2, 8),
      colormap: isHeat || isContour ? .anomaly : nil, opacity: isHeat ? overlay.opacity : 1,
      limit: sixelColours)
  }
}

/// What a picture is drawn from.
struct PictureSource: Sendable {
  var image: ImageRaster
  var anomaly: ImageRaster?

  /// Only cord is scored, so only cord is coloured: errors in the fluid around it mean nothing.
  init(_ picture: ReviewStudy.Picture) {
    image = picture.image
    anomaly = picture.anomaly
    guard var map = anomaly, let cord = picture.cord, cord.pixels.count == map.pixels.count else {
      return
    }
    for index in map.pixels.indices where !cord.pixels[index] { map.pixels[index] = .nan }
    anomaly = map
  }
}
