/// Edge strength by Sobel's operator.
public enum Sobel {
  /// The gradient magnitude with Sobel's unscaled 3x3 kernels (1 2 1), the edge repeated, cut
  /// off at `limit` (1 for the network's edge target: method, section 2).
  public static func magnitude(_ image: ImageRaster, limit: Float = 1) -> ImageRaster {
    var result = Raster<Float>(rows: image.rows, columns: image.columns, filledWith: 0)
    let width = image.columns
    image.pixels.withUnsafeBufferPointer { p in
      result.pixels.withUnsafeMutableBufferPointer { out in
        for row in 0..<image.rows {
          let above = max(row - 1, 0) * width
          let here = row * width
          let below = min(row + 1, image.rows - 1) * width
          for column in 0..<width {
            let left = max(column - 1, 0)
            let right = min(column + 1, width - 1)
            let gx =
              (p[above + right] - p[above + left]) + 2 * (p[here + right] - p[here + left])
              + (p[below + right] - p[below + left])
            let gy =
              (p[below + left] - p[above + left]) + 2 * (p[below + column] - p[above + column])
              + (p[below + right] - p[above + right])
            out[here + column] = min((gx * gx + gy * gy).squareRoot(), limit)
          }
        }
      }
    }
    return result
  }
}
