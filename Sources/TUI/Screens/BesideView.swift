internal import Core
internal import Imaging

/// Everything that decides the pixels of a picture beside the sagittal one; equal views give equal
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
  /// Whether it stands over another one.
  var isAbove = false
  /// Where the other pictures cross the plane.
  var references: [PictureRequest.Marks.Line] = []
  /// Column and row of the crosshair on the plane, in its px; `nil` where it is not on it.
  var crosshair: SIMD2<Double>?
  /// Whether it is shown for a moment only, shorter on its way, while the reader moves on.
  var isDraft = false
  /// Bytes of a draft at most.
  var mostBytes = PictureDraft.mostBytes

  /// Draws the picture.
  func draw(_ source: BesideSource) -> ScreenPicture {
    let request = request(source)
    if isDraft {
      return PictureDraft.draw(request, on: canvas, within: mostBytes) { palette(greys: $0) }
        .picture
    }
    return ScreenPicture(
      PictureRenderer.render(request), palette: palette(), kittySquare: canvas.isKitty ? 1 : nil)
  }

  /// What is drawn, before it is known how coarse.
  private func request(_ source: BesideSource) -> PictureRequest {
    var request = canvas.request(
      source.image(on: plane), window, isInverted: isInverted, crop: crop)
    request.marks.references = references
    request.marks.crosshair = crosshair.map { (row: $0.y, column: $0.x) }
    return request
  }

  /// The colours of sixels; `nil` for none.
  private func palette(greys: Int? = nil) -> SixelPalette? {
    canvas.sixelColours.map {
      SixelPalette(greys: greys ?? PictureCanvas.greys(of: $0), limit: $0)
    }
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

extension StudyLayout {
  /// Side in mm of the part of a plane across the cord that is shown without zoom.
  private static let fieldMM = 80.0

  /// The chosen picture beside the sagittal one, and what it is drawn from; `nil` where none can be drawn.
  func besideView(
    _ study: StudyScreenState, _ capabilities: TerminalCapabilities
  ) -> (view: BesideView, source: BesideSource)? {
    study.beside.choice.flatMap { besideView(of: $0, study, capabilities) }
  }

  /// All pictures now wanted beside the sagittal one.
  func besideViews(
    _ study: StudyScreenState, _ capabilities: TerminalCapabilities
  ) -> [(view: BesideView, source: BesideSource)] {
    besideChoices(study).compactMap { besideView(of: $0, study, capabilities) }
  }

  /// What lies beside the sagittal picture, from the top: one, or in three planes two.
  func besideChoices(_ study: StudyScreenState) -> [BesideChoice] {
    [above.isEmpty ? nil : study.beside.companion, study.beside.choice].compactMap { $0 }
  }

  /// The room of one of them.
  func besideRoom(of choice: BesideChoice, _ study: StudyScreenState) -> BesideRoom {
    let isAbove = !above.isEmpty && choice == study.beside.companion
    return isAbove
      ? BesideRoom(head: aboveHead, picture: above)
      : BesideRoom(head: besideHead, picture: beside)
  }

  /// One of them, and what it is drawn from; `nil` where it cannot be drawn.
  func besideView(
    of choice: BesideChoice, _ study: StudyScreenState, _ capabilities: TerminalCapabilities
  ) -> (view: BesideView, source: BesideSource)? {
    let room = besideRoom(of: choice, study)
    guard size.isEnough, let here = study.besidePlane(of: choice),
      let canvas = PictureCanvas(room.picture, capabilities)
    else { return nil }
    var view = BesideView(
      subject: study.study.subject, choice: choice, plane: here.plane,
      crop: crop(study, here, aspect: canvas.aspect), canvas: canvas, window: here.window,
      isInverted: here.isInverted)
    view.isAbove = room.picture == above
    view.crosshair = study.crosshairPlace(on: here)
    view.references = meetings(of: choice, here, study).flatMap {
      ReferenceLine($0).lines(on: here.plane, within: view.crop, openAbout: here.focus)
    }
    return (view, here.source)
  }

  /// One of them as the screen shows it: of the plane wanted, and of the size of its room; `nil` where
  /// words stand in its place.
  func drawn(
    beside choice: BesideChoice, _ study: StudyScreenState, _ capabilities: TerminalCapabilities
  ) -> (view: BesideView, picture: ScreenPicture)? {
    guard let wanted = besideView(of: choice, study, capabilities)?.view,
      let shown = study.beside.shown[choice], shown.view.plane == wanted.plane,
      shown.view.canvas.size == wanted.canvas.size
    else { return nil }
    return shown
  }

  /// Where the sagittal slice and the other planes beside it cross one of them.
  private func meetings(
    of choice: BesideChoice, _ here: BesidePlane, _ study: StudyScreenState
  ) -> [PlaneMeeting] {
    guard let own = here.meeting else { return [] }
    let others = besideChoices(study).filter { $0 != choice }.compactMap {
      study.besidePlane(of: $0)
    }
    return [own] + others.filter { $0.meeting != nil }.map { here.plane.meeting(with: $0.plane) }
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
