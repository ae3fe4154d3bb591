internal import Core
internal import Imaging

/// Everything that decides the pixels of the picture beside the sagittal one; equal views give equal
/// pictures.
struct BesideView: Hashable, Sendable {
  var subject: String
  var choice: BesideChoice
  var plane: SamplingPlane
  /// The part of the plane shown, in its px.
  var crop: PixelRect
  var canvas: PictureCanvas
  var window: WindowLevel
  var isInverted: Bool
  /// Where the sagittal slice crosses the plane.
  var references: [PictureRequest.Marks.Line] = []

  /// Draws the picture.
  func draw(_ source: BesideSource) -> ScreenPicture {
    var request = canvas.request(
      source.image(on: plane), window, isInverted: isInverted, crop: crop)
    request.marks.references = references
    let palette = canvas.sixelColours.map {
      SixelPalette(greys: PictureCanvas.greys(of: $0), limit: $0)
    }
    return ScreenPicture(PictureRenderer.render(request), palette: palette)
  }
}

/// What a picture beside the sagittal one is drawn from.
enum BesideSource: Sendable {
  /// A volume, cut on the plane that is wanted.
  case volume(ImageVolume, ThroughPlane)
  /// The plane's own pixels.
  case raster(ImageRaster)

  /// The grey values of a plane.
  func image(on plane: SamplingPlane) -> ImageRaster {
    switch self {
    case .volume(let volume, let through):
      volume.resampled(on: plane, interpolation: .linear, throughPlane: through).raster
    case .raster(let raster): raster
    }
  }
}

extension PictureRequest.Marks.Line {
  /// The line between two RAS points on a plane, open for 6 mm to either side of a place (column, row in
  /// px): what is judged there is not covered.
  static func reference(
    from: SIMD3<Double>, to: SIMD3<Double>, on plane: SamplingPlane, openAbout place: SIMD2<Double>
  ) -> [PictureRequest.Marks.Line] {
    guard let first = plane.pixel(ras: from), let last = plane.pixel(ras: to) else { return [] }
    let a = SIMD2(first.column, first.row)
    let d = SIMD2(last.column, last.row) - a
    let length = (d * d).sum().squareRoot()
    let step = (plane.columnStep * plane.columnStep).sum().squareRoot()
    guard length > 0, step > 0, length.isFinite else { return [] }
    let at = ((place - a) * d).sum() / (length * length)
    let gap = openMM / step / length
    var lines: [PictureRequest.Marks.Line] = []
    if at - gap > 0 { lines.append(.init(from: a, to: a + d * min(at - gap, 1))) }
    if at + gap < 1 { lines.append(.init(from: a + d * max(at + gap, 0), to: a + d)) }
    return lines
  }

  private static let openMM = 6.0
}

extension StudyLayout {
  /// Side in mm of the part of a plane across the cord that is shown without zoom.
  private static let fieldMM = 80.0

  /// The picture now wanted beside the sagittal one, and what it is drawn from; `nil` where none can be
  /// drawn.
  func besideView(
    _ study: StudyScreenState, _ capabilities: TerminalCapabilities
  ) -> (view: BesideView, source: BesideSource)? {
    guard size.isEnough, let choice = study.beside.choice, let here = study.besidePlane,
      let canvas = PictureCanvas(beside, capabilities)
    else { return nil }
    var view = BesideView(
      subject: study.study.subject, choice: choice, plane: here.plane,
      crop: crop(study, here, aspect: canvas.aspect), canvas: canvas, window: here.window,
      isInverted: study.isInverted)
    if case .line(let from, let to)? = here.meeting {
      view.references = PictureRequest.Marks.Line.reference(
        from: from, to: to, on: here.plane, openAbout: here.focus)
    }
    return (view, here.source)
  }

  /// The part of the sagittal slice beside which the second picture lies, whose first lines are text:
  /// so that a plane like the sagittal one runs beside it row for row.
  private func seen(_ study: StudyScreenState, aspect: Double) -> PixelRect {
    guard !picture.isEmpty else { return crop(study, aspect: aspect) }
    let shape = Double(picture.width) / Double(picture.height)
    let own = Double(beside.width) / Double(beside.height)
    var seen = crop(study, aspect: aspect * shape / own)
    let cut = Double(seen.height * (beside.row - picture.row)) / Double(picture.height)
    seen.rows =
      min(
        seen.rows.lowerBound + Int(cut.rounded()), seen.rows.upperBound - 1)..<seen.rows.upperBound
    return seen
  }

  /// The part of a plane shown: about the cord; of a plane like the sagittal one what that shows, in mm.
  private func crop(
    _ study: StudyScreenState, _ here: BesidePlane, aspect: Double
  ) -> PixelRect {
    let plane = here.plane
    let bounds = PixelRect(rows: 0..<plane.rows, columns: 0..<plane.columns)
    let step = (plane.columnStep * plane.columnStep).sum().squareRoot()
    guard step > 0, !bounds.isEmpty, let picture = study.picture else { return bounds }
    let side = Self.fieldMM / Self.magnification(study.zoom)
    var (middle, size) = (here.focus, SIMD2(side, side) / step)
    let seen = seen(study, aspect: aspect)
    let seenMiddle = SIMD2(
      Double(seen.columns.lowerBound + seen.columns.upperBound - 1) / 2,
      Double(seen.rows.lowerBound + seen.rows.upperBound - 1) / 2)
    let seenMM = SIMD2(Double(seen.width), Double(seen.height)) * SagittalGrid.spacing
    switch here.meeting {
    case nil:
      if case .raster = here.source {
        let focus = study.focus
        middle += seenMiddle - SIMD2(focus.column, focus.row)
        size = seenMM / step
      }
    case .parallel:
      let centre = picture.grid.ras(row: seenMiddle.y, column: seenMiddle.x)
      if let at = plane.pixel(ras: centre) { middle = SIMD2(at.column, at.row) }
      size = seenMM / step
    case .line, .apart: break
    }
    func range(_ middle: Double, _ length: Double, _ limit: Range<Int>) -> Range<Int> {
      let inside = min(max(middle, Double(limit.lowerBound)), Double(limit.upperBound - 1))
      let centre = inside.isFinite ? inside : Double(limit.count) / 2
      let half = min(max(length, 4), 20_000) / 2
      return Int((centre - half).rounded())..<Int((centre + half).rounded())
    }
    return PixelRect(
      rows: range(middle.y, size.y, bounds.rows), columns: range(middle.x, size.x, bounds.columns)
    ).expanded(toAspect: aspect, within: bounds)
  }
}
