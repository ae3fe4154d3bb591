extension PictureRenderer {
  /// Draws a request in squares of so many px, or blocks of another height, for as long as it is moved: few
  /// colours and long runs make it short on its way to the terminal.
  ///
  /// It lies where the full picture lies; letters, which would not be readable, are left out.
  /// - Parameters:
  ///   - square: Side of a square, or width of a block, in px.
  ///   - height: Height of a block in px where it is in step with bands of sixels: all blocks have exactly that
  ///     height, counted from the top of the picture, so that none lies in two bands; `nil` for squares.
  public static func draft(
    _ request: PictureRequest, square: Int, height: Int? = nil
  ) -> RenderedPicture {
    let square = max(square, 1)
    let isInStep = height != nil
    let step = max(height ?? square, 1)
    let rows = min(max(request.targetRows, 0), largestSide)
    let columns = min(max(request.targetColumns, 0), largestSide)
    var small = request
    small.targetRows = (rows + step - 1) / step
    small.targetColumns = (columns + square - 1) / square
    small.canvasPixelAspect = request.canvasPixelAspect * Double(step) / Double(square)
    small.lettering = PictureRequest.Lettering()
    let coarse = render(small)
    var canvas = Canvas(rows: rows, columns: columns, colour: PictureStyle.letterbox)
    let placement = PicturePlacement(
      crop: coarse.placement.crop, targetRows: rows, targetColumns: columns,
      pixelAspect: request.pixelAspect, canvasPixelAspect: request.canvasPixelAspect)
    let (from, to) = (coarse.placement.content, placement.content)
    guard !from.isEmpty, !to.isEmpty else {
      return RenderedPicture(canvas: canvas, placement: placement)
    }
    for row in to.rows {
      // Less than a block beside its place, where it is in step.
      let down =
        isInStep
        ? min(row / step - to.rows.lowerBound / step, from.height - 1)
        : (row - to.rows.lowerBound) * from.height / to.height
      let y = from.rows.lowerBound + down
      for column in to.columns {
        let x = from.columns.lowerBound + (column - to.columns.lowerBound) * from.width / to.width
        canvas.picture[row, column] = coarse.canvas.picture[y, x]
      }
    }
    return RenderedPicture(canvas: canvas, placement: placement)
  }
}
