extension PictureRenderer {
  /// Draws a request in squares of so many px, for as long as it is moved: few colours and long runs
  /// make it short on its way to the terminal.
  ///
  /// It lies where the full picture lies; letters, which would not be readable, are left out.
  /// - Parameter square: Side of a square, in px.
  public static func draft(_ request: PictureRequest, square: Int) -> RenderedPicture {
    let square = max(square, 1)
    let rows = min(max(request.targetRows, 0), largestSide)
    let columns = min(max(request.targetColumns, 0), largestSide)
    var small = request
    small.targetRows = (rows + square - 1) / square
    small.targetColumns = (columns + square - 1) / square
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
      let y = from.rows.lowerBound + (row - to.rows.lowerBound) * from.height / to.height
      for column in to.columns {
        let x = from.columns.lowerBound + (column - to.columns.lowerBound) * from.width / to.width
        canvas.picture[row, column] = coarse.canvas.picture[y, x]
      }
    }
    return RenderedPicture(canvas: canvas, placement: placement)
  }
}
