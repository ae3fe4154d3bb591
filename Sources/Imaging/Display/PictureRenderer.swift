/// A finished picture and where the image lies on it.
public struct RenderedPicture: Sendable {
  /// The picture; every pixel is set.
  public var canvas: Canvas
  /// The way between image and canvas pixels.
  public var placement: PicturePlacement
}

/// Draws pictures: one RGB canvas, from which every encoder (sixel, half blocks, PNG) works.
public enum PictureRenderer {
  /// Neither side of a canvas may be longer, in px.
  public static let largestSide = 8192
  /// Canvas px per image px from which on contours are drawn.
  public static let smallestContourScale = 1.5

  /// Draws a request. Sizes are cut to 0...``largestSide``; a crop is cut to the image, and an
  /// empty one shows the whole image.
  public static func render(_ request: PictureRequest) -> RenderedPicture {
    let rows = min(max(request.targetRows, 0), largestSide)
    let columns = min(max(request.targetColumns, 0), largestSide)
    let whole = PixelRect(request.image)
    var crop = (request.crop ?? whole).clamped(to: whole)
    if crop.isEmpty { crop = whole }
    let placement = PicturePlacement(
      crop: crop, targetRows: rows, targetColumns: columns, pixelAspect: request.pixelAspect,
      canvasPixelAspect: request.canvasPixelAspect)
    var canvas = Canvas(rows: rows, columns: columns, colour: PictureStyle.letterbox)
    if !crop.isEmpty, rows > 0, columns > 0 {
      drawImage(request, placement, on: &canvas)
      for fill in request.fills { draw(fill, placement, on: &canvas) }
      if let overlay = request.overlay { draw(overlay, placement, on: &canvas) }
      for contour in request.contours { draw(contour, placement, on: &canvas) }
      canvas.draw(request.marks, placement)
      canvas.draw(
        request.lettering, placement, overlay: request.overlay, avoiding: request.marks)
    }
    return RenderedPicture(canvas: canvas, placement: placement)
  }

  /// The windowed image as greys.
  private static func drawImage(
    _ request: PictureRequest, _ placement: PicturePlacement, on canvas: inout Canvas
  ) {
    let content = placement.content
    let scaled = PictureScaler.scale(
      request.image, crop: placement.crop, rows: content.height, columns: content.width)
    let low = request.window.low
    let factor = 255 / request.window.window
    let width = canvas.columns
    scaled.pixels.withUnsafeBufferPointer { source in
      canvas.picture.pixels.withUnsafeMutableBufferPointer { out in
        for row in 0..<content.height {
          let from = row * content.width
          let to = (row + content.rows.lowerBound) * width + content.columns.lowerBound
          for column in 0..<content.width {
            let t = (source[from + column] - low) * factor + 0.5
            // Written so that what is no number becomes black.
            let grey = t > 0 ? UInt8(min(t, 255)) : 0
            out[to + column] = RGB8(grey: grey)
          }
        }
      }
    }
  }

  /// The overlay, mixed in at one opacity wherever at least half a pixel's worth of it exists.
  private static func draw(
    _ overlay: PictureRequest.Overlay, _ placement: PicturePlacement, on canvas: inout Canvas
  ) {
    let opacity = overlay.opacity > 0 ? min(overlay.opacity, 1) : 0
    guard opacity > 0,
      let layer = ScaledLayer(overlay.values, placement)
    else { return }
    let weight = Int((opacity * 256).rounded())
    let table = (0...512).map { overlay.colormap.colour(Float($0 - 256) / 256) }
    let scale = 256 / overlay.fullScale
    let width = canvas.columns
    canvas.picture.pixels.withUnsafeMutableBufferPointer { out in
      for row in 0..<layer.area.height {
        let to = (row + layer.area.rows.lowerBound) * width + layer.area.columns.lowerBound
        for column in 0..<layer.area.width {
          let at = row * layer.area.width + column
          let share = layer.share.pixels[at]
          guard share >= 0.5 else { continue }
          let value = layer.values.pixels[at] / share
          guard abs(value) >= overlay.threshold else { continue }
          let index = Int(min(max(value * scale, -256), 256).rounded()) + 256
          out[to + column] = out[to + column].mixed(with: table[index], weight256: weight)
        }
      }
    }
  }

  /// A filled mask, mixed in at its opacity wherever at least half a pixel of it lies.
  private static func draw(
    _ fill: PictureRequest.Fill, _ placement: PicturePlacement, on canvas: inout Canvas
  ) {
    let opacity = fill.opacity > 0 ? min(fill.opacity, 1) : 0
    guard opacity > 0, let layer = ScaledLayer(fill.mask.map { $0 ? 1 : .nan }, placement) else {
      return
    }
    let weight = Int((opacity * 256).rounded())
    for row in 0..<layer.area.height {
      for column in 0..<layer.area.width where layer.share[row, column] >= 0.5 {
        let (y, x) = (row + layer.area.rows.lowerBound, column + layer.area.columns.lowerBound)
        canvas.picture[y, x] = canvas.picture[y, x].mixed(with: fill.colour, weight256: weight)
      }
    }
  }

  /// The outline of a mask, one canvas pixel wide, along its inside; not on pictures so small
  /// that it would hide what it encloses.
  private static func draw(
    _ contour: PictureRequest.Contour, _ placement: PicturePlacement, on canvas: inout Canvas
  ) {
    guard min(placement.rowScale, placement.columnScale) >= smallestContourScale else { return }
    let values: ImageRaster = contour.mask.map { $0 ? 1 : .nan }
    guard let layer = ScaledLayer(values, placement) else { return }
    let inside = layer.share.map { $0 >= 0.5 }
    for row in 0..<inside.rows {
      for column in 0..<inside.columns where inside[row, column] {
        let isEdge = [(-1, 0), (1, 0), (0, -1), (0, 1)].contains { step in
          let r = row + step.0
          let c = column + step.1
          return !inside.contains(row: r, column: c) || !inside[r, c]
        }
        guard isEdge else { continue }
        canvas.set(
          contour.colour, x: column + layer.area.columns.lowerBound,
          y: row + layer.area.rows.lowerBound)
      }
    }
  }
}

/// The part of a layer that has values, at canvas size.
struct ScaledLayer {
  /// Where it lies on the canvas.
  let area: PixelRect
  /// Values times their share.
  let values: ImageRaster
  /// How much of each canvas pixel has values, 0...1.
  let share: ImageRaster

  /// Scales the pixels that have values; `nil` when none is shown.
  init?(_ raster: ImageRaster, _ placement: PicturePlacement) {
    guard
      let found = PixelRect(around: raster.map { $0.isFinite }),
      raster.rows >= placement.crop.rows.upperBound,
      raster.columns >= placement.crop.columns.upperBound
    else { return nil }
    let part = found.grown(rows: 1, columns: 1).clamped(to: placement.crop)
    guard !part.isEmpty else { return nil }
    // The canvas pixels whose centres lie in the part, so that scales and phases stay the same.
    let content = placement.content
    func canvasRange(_ source: Range<Int>, _ crop: Range<Int>, _ target: Range<Int>)
      -> Range<Int>
    {
      let scale = Double(target.count) / Double(crop.count)
      let first = Int((Double(source.lowerBound - crop.lowerBound) * scale).rounded(.down))
      let last = Int((Double(source.upperBound - crop.lowerBound) * scale).rounded(.up))
      return (target.lowerBound + first)..<min(target.lowerBound + last, target.upperBound)
    }
    area = PixelRect(
      rows: canvasRange(part.rows, placement.crop.rows, content.rows),
      columns: canvasRange(part.columns, placement.crop.columns, content.columns))
    guard !area.isEmpty else { return nil }
    let across = AxisFilter(
      range: placement.crop.columns, sourceCount: raster.columns, count: content.width,
      smooth: false,
      wanted: Self.shifted(area.columns, by: -content.columns.lowerBound))
    let down = AxisFilter(
      range: placement.crop.rows, sourceCount: raster.rows, count: content.height, smooth: false,
      wanted: Self.shifted(area.rows, by: -content.rows.lowerBound))
    values = PictureScaler.scale(raster.map { $0.isFinite ? $0 : 0 }, across, down)
    share = PictureScaler.scale(raster.map { $0.isFinite ? 1 : 0 }, across, down)
  }

  private static func shifted(_ range: Range<Int>, by d: Int) -> Range<Int> {
    (range.lowerBound + d)..<(range.upperBound + d)
  }
}
