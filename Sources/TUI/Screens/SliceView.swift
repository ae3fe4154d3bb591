internal import Core
internal import Imaging

/// Everything that decides the pixels of a slice on the screen; equal views give equal pictures.
struct SliceView: Hashable, Sendable {
  var subject: String
  /// Which reading of the study from disk: another one may have other maps, masks and levels.
  var reading = 0
  /// Place in the study's list of pictures.
  var slice: Int
  /// The part of the grid shown, in px of 0.78125 mm.
  var crop: PixelRect
  var canvas: PictureCanvas
  var window: WindowLevel
  var isInverted: Bool
  var overlay: OverlaySetting

  /// Column and row of the crosshair, in grid px; `nil` while it is off.
  var crosshair: SIMD2<Double>?
  /// Measured distances.
  var lines: [PictureRequest.Marks.Line] = []
  /// Whether it is shown for a moment only, shorter on its way, while the reader moves on.
  var isDraft = false
  /// Bytes of a draft at most.
  var mostBytes = PictureDraft.mostBytes

  private var monochrome: Bool { canvas.monochrome }
  private var sixelColours: Int? { canvas.sixelColours }

  /// Where the picture beside crosses the slice.
  var references: [PictureRequest.Marks.Line] = []

  /// Points being corrected.
  var points: [PictureRequest.Marks.Point] = []
  /// The mask being corrected; it takes the place of maps.
  var mask: DrawnMask?

  /// The lesion of a teaching case's truth, once it is revealed.
  var truth: DrawnMask?

  /// The reader's own findings on the slice.
  var findings: [PictureRequest.Marks.Point] = []

  /// Draws the picture.
  func draw(_ source: PictureSource) -> ScreenPicture {
    if isDraft { return drawDraft(source).picture }
    let rendered = PictureRenderer.render(request(source))
    return ScreenPicture(
      rendered, palette: palette(source), fine: fineZone(source, rendered.placement),
      kittySquare: canvas.isKitty ? 1 : nil)
  }

  /// Distance from the cord in mm within which a picture has all greys.
  static let fineMM = 12.0

  /// The part in all greys; `nil` where all of it is: on small pictures, without a cord, and while points
  /// and masks away from the cord are corrected.
  private func fineZone(_ source: PictureSource, _ placement: PicturePlacement) -> FineZone? {
    guard canvas.savesGreys, points.isEmpty, mask == nil, let cord = source.picture.cord else {
      return nil
    }
    return FineZone(
      about: cord, margin: Int((Self.fineMM / SagittalGrid.spacing).rounded(.up)), placement,
      rows: canvas.size.height)
  }

  /// Whether the pixels are the terminal's own: half blocks are too coarse for letters and outlines.
  var isFine: Bool { canvas.isFine }

  /// What is drawn, before it is known how coarse.
  func request(_ source: PictureSource) -> PictureRequest {
    var request = canvas.request(
      source.picture.image, window, isInverted: isInverted, crop: crop)
    request.overlay = map(source)
    request.contours = contours(source)
    request.fills = overlay.kind == .tissues && !monochrome ? fills(source) : []
    request.marks.crosshair = crosshair.map { (row: $0.y, column: $0.x) }
    request.marks.lines = lines
    request.marks.references = references
    request.marks.points = points
    request.marks.findings = findings
    request.marks.namesPoints = isFine
    if let mask {
      let colour = monochrome ? RGB8.white : mask.colour
      request.fills.append(PictureRequest.Fill(mask: mask.raster, colour: colour, opacity: 0.4))
      request.contours.append(PictureRequest.Contour(mask: mask.raster, colour: colour))
    }
    request.lettering.showsColourBar =
      request.overlay != nil && overlay.kind != .reconstruction && !isPatched
    request.lettering.namesColourBar = isFine
    if isFine, !monochrome, overlay.kind == .tissues || overlay.kind == .outlines {
      request.lettering.legend = tissues(source).map { (colour: $0.colour, name: $0.words) }
    }
    if let truth { add(truth, to: &request) }
    return request
  }

  /// Whether the anomaly map is drawn as white and black patches.
  private var isPatched: Bool { monochrome && !isFine && overlay.kind.isAnomaly }

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

  /// The map as colours by value; without colours, greys for what has no sign.
  private func map(_ source: PictureSource) -> PictureRequest.Overlay? {
    var result: PictureRequest.Overlay
    switch overlay.kind {
    case _ where isPatched: return source.anomaly.map(patches)
    case .heat where !monochrome, .signed where !monochrome:
      guard let anomaly = source.anomaly else { return nil }
      result = PictureRequest.Overlay(
        values: overlay.kind == .signed ? anomaly : anomaly.map { $0 > 0 ? $0 : .nan },
        fullScale: overlay.full, threshold: overlay.from, opacity: overlay.opacity)
    case .difference where !monochrome, .epistemic, .aleatoric, .reconstruction:
      guard let values = overlay.kind.values(on: source.picture) else { return nil }
      result = PictureRequest.Overlay(
        values: values, colormap: colormap ?? .grey, fullScale: overlay.full,
        threshold: overlay.from, opacity: overlay.opacity)
    default: return nil
    }
    result.unit = overlay.kind.unit
    return result
  }

  /// The colours of the map; `nil` where it has none.
  private var colormap: Colormap? {
    switch overlay.kind {
    case _ where monochrome: nil
    case .heat, .contour, .signed, .difference: .anomaly
    case .epistemic, .aleatoric: .uncertainty
    case .reconstruction, .tissues, .outlines, .none: nil
    }
  }

  /// Outlines: of the anomaly over its threshold, of labels, or of what may not be coloured.
  private func contours(_ source: PictureSource) -> [PictureRequest.Contour] {
    func outline(_ values: ImageRaster?, _ isInside: (Float) -> Bool) -> [PictureRequest.Contour] {
      values.map {
        [
          PictureRequest.Contour(
            mask: $0.map(isInside), colour: monochrome ? .white : Colormap.anomaly.colour(0.75))
        ]
      } ?? []
    }
    switch overlay.kind {
    case _ where isPatched: return []
    case .signed where monochrome:
      var both = outline(source.anomaly) { $0 >= overlay.from }
      for var darker in outline(source.anomaly, { $0 <= -overlay.from }) {
        darker.colour = .black
        both.append(darker)
      }
      return both
    case .contour,
      .heat where monochrome:
      return outline(source.anomaly) { $0 >= overlay.from }
    case .difference where monochrome:
      // Without a threshold the upper half of the scale is outlined.
      let limit = overlay.from > 0 ? overlay.from : overlay.full / 2
      return outline(source.picture.difference) { abs($0) >= limit }
    case .outlines,
      .tissues where monochrome:
      return fills(source).map {
        PictureRequest.Contour(mask: $0.mask, colour: monochrome ? .white : $0.colour)
      }
    default: return []
    }
  }

  /// The tissues labelled on the slice.
  private func tissues(_ source: PictureSource) -> [SliceTissue] {
    let there = Set(source.picture.tissues?.pixels ?? [])
    return SliceTissue.shown.filter(there.contains)
  }

  private func fills(_ source: PictureSource) -> [PictureRequest.Fill] {
    guard let labelled = source.picture.tissues else { return [] }
    return tissues(source).map { tissue in
      PictureRequest.Fill(
        mask: labelled.map { $0 == tissue }, colour: tissue.colour, opacity: overlay.opacity)
    }
  }

  /// The colours of sixels.
  func palette(_ source: PictureSource, greys: Int? = nil) -> SixelPalette? {
    guard let sixelColours else { return nil }
    let showsLabels = overlay.kind == .tissues || overlay.kind == .outlines
    return SixelPalette(
      greys: greys ?? PictureCanvas.greys(of: sixelColours),
      colormap: colormap,
      tints: monochrome
        ? []
        : (showsLabels ? tissues(source).map(\.colour) : []) + (mask.map { [$0.colour] } ?? []),
      lines: truth.map { monochrome ? [] : [$0.colour] } ?? [],
      opacity: mask != nil ? 0.4 : overlay.kind.hasOpacity ? overlay.opacity : 1,
      limit: sixelColours)
  }
}

/// What a picture is drawn from.
struct PictureSource: Sendable {
  var picture: ReviewStudy.Picture
  /// The anomaly map on the cord alone.
  var anomaly: ImageRaster?

  /// Only cord is scored, so only cord is coloured: errors in the fluid around it mean nothing.
  init(_ picture: ReviewStudy.Picture) {
    self.picture = picture
    anomaly = picture.anomaly
    guard var map = anomaly, let cord = picture.cord, cord.pixels.count == map.pixels.count else {
      return
    }
    for index in map.pixels.indices where !cord.pixels[index] { map.pixels[index] = .nan }
    anomaly = map
  }
}
