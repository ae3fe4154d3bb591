extension Raster where Pixel == Float {
  /// The raster with every `factor` x `factor` block replaced by its mean; blocks cut by the
  /// right or lower edge average what they have.
  public func blockDownsampled(by factor: Int) -> ImageRaster {
    guard factor > 1 else { return self }
    let newRows = (rows + factor - 1) / factor
    let newColumns = (columns + factor - 1) / factor
    var result = Raster<Float>(rows: newRows, columns: newColumns, filledWith: 0)
    for row in 0..<newRows {
      for column in 0..<newColumns {
        let r1 = min((row + 1) * factor, rows)
        let c1 = min((column + 1) * factor, columns)
        var sum: Float = 0
        for r in (row * factor)..<r1 {
          for c in (column * factor)..<c1 { sum += pixels[r * columns + c] }
        }
        result[row, column] =
          sum / Float((r1 - row * factor) * (c1 - column * factor))
      }
    }
    return result
  }
}
