/// Which source pixels make each output pixel along one axis, and with what weight.
struct AxisFilter {
  /// Number of output pixels planned.
  let count: Int
  /// Taps per output pixel.
  let taps: Int
  /// Source index of every tap, `taps` per output pixel, inside the raster.
  private(set) var sources: [Int]
  /// Weight of every tap; those of one output pixel sum to 1.
  private(set) var weights: [Float]

  /// Plans `count` output pixels over the source range: cubic convolution (or linear) when
  /// magnifying, the mean over the covered area when shrinking. `wanted` limits the plan to some
  /// of the output pixels.
  init(
    range: Range<Int>, sourceCount: Int, count: Int, smooth: Bool, wanted: Range<Int>? = nil
  ) {
    let outputs = (wanted ?? 0..<count).clamped(to: 0..<count)
    self.count = outputs.count
    let scale = Double(range.count) / Double(max(count, 1))
    let shrinks = scale > 1
    taps = shrinks ? Int(scale.rounded(.up)) + 1 : (smooth ? 4 : 2)
    sources = []
    weights = []
    sources.reserveCapacity(outputs.count * taps)
    weights.reserveCapacity(outputs.count * taps)
    for n in outputs {
      if shrinks {
        appendArea(from: Double(range.lowerBound) + Double(n) * scale, scale, sourceCount)
      } else {
        let centre = Double(range.lowerBound) + (Double(n) + 0.5) * scale - 0.5
        appendPoint(at: centre, sourceCount, smooth: smooth)
      }
    }
  }

  /// Weights by how much of each source pixel the interval covers.
  private mutating func appendArea(from start: Double, _ length: Double, _ sourceCount: Int) {
    let first = Int(start.rounded(.down))
    for t in 0..<taps {
      let left = max(start, Double(first + t))
      let right = min(start + length, Double(first + t + 1))
      sources.append(min(max(first + t, 0), sourceCount - 1))
      weights.append(Float(max(right - left, 0) / length))
    }
  }

  /// Weights of cubic convolution or linear interpolation at a point.
  private mutating func appendPoint(at centre: Double, _ sourceCount: Int, smooth: Bool) {
    let base = Int(centre.rounded(.down))
    let t = Float(centre - Double(base))
    if smooth {
      let w = Taps.cubicWeights(t)
      for m in 0..<4 {
        sources.append(min(max(base - 1 + m, 0), sourceCount - 1))
        weights.append(w[m])
      }
    } else {
      sources.append(min(max(base, 0), sourceCount - 1))
      sources.append(min(max(base + 1, 0), sourceCount - 1))
      weights.append(1 - t)
      weights.append(t)
    }
  }
}

/// Scales rectangles of rasters.
enum PictureScaler {
  /// The crop of a raster at another size; the crop must lie inside the raster.
  /// - Complexity: one pass along rows, one along columns.
  static func scale(
    _ source: ImageRaster, crop: PixelRect, rows: Int, columns: Int, smooth: Bool = true
  ) -> ImageRaster {
    guard !crop.isEmpty, rows > 0, columns > 0 else {
      return ImageRaster(rows: max(rows, 0), columns: max(columns, 0), filledWith: 0)
    }
    return scale(
      source,
      AxisFilter(
        range: crop.columns, sourceCount: source.columns, count: columns, smooth: smooth),
      AxisFilter(range: crop.rows, sourceCount: source.rows, count: rows, smooth: smooth))
  }

  /// A raster through a planned filter for each axis.
  static func scale(
    _ source: ImageRaster, _ across: AxisFilter, _ down: AxisFilter
  ) -> ImageRaster {
    let rows = down.count
    let columns = across.count
    var result = ImageRaster(rows: rows, columns: columns, filledWith: 0)
    guard rows > 0, columns > 0 else { return result }
    let top = down.sources.min() ?? 0
    let bottom = down.sources.max() ?? 0
    var wide = [Float](repeating: 0, count: (bottom - top + 1) * columns)
    source.pixels.withUnsafeBufferPointer { p in
      wide.withUnsafeMutableBufferPointer { out in
        for row in top...bottom {
          horizontal(
            UnsafeBufferPointer(rebasing: p[(row * source.columns)..<((row + 1) * source.columns)]),
            UnsafeMutableBufferPointer(
              rebasing: out[((row - top) * columns)..<((row - top + 1) * columns)]),
            across)
        }
      }
    }
    wide.withUnsafeBufferPointer { p in
      result.pixels.withUnsafeMutableBufferPointer { out in
        for row in 0..<rows {
          for t in 0..<down.taps {
            let weight = down.weights[row * down.taps + t]
            if weight == 0 { continue }
            let from = (down.sources[row * down.taps + t] - top) * columns
            let to = row * columns
            for column in 0..<columns { out[to + column] += weight * p[from + column] }
          }
        }
      }
    }
    return result
  }

  /// One row of the first pass.
  @inline(__always)
  private static func horizontal(
    _ line: UnsafeBufferPointer<Float>, _ out: UnsafeMutableBufferPointer<Float>,
    _ filter: AxisFilter
  ) {
    filter.sources.withUnsafeBufferPointer { sources in
      filter.weights.withUnsafeBufferPointer { weights in
        let taps = filter.taps
        for n in out.indices {
          var sum: Float = 0
          for t in 0..<taps {
            let weight = weights[n * taps + t]
            // A weight of 0 must not let in what is no number.
            if weight != 0 { sum += weight * line[sources[n * taps + t]] }
          }
          out[n] = sum
        }
      }
    }
  }
}
