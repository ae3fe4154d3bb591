/// Steps between resolutions; all maps may be some of another's channels.
enum Resolution {
  /// small[r, c] = the mean of the four pixels of large under it.
  static func halve(_ large: FeatureMap, into small: FeatureMap) {
    for row in 0..<small.rows {
      var upper = large.row(2 * row)
      var lower = large.row(2 * row + 1)
      var target = small.row(row)
      let next = large.pixelStride
      for _ in 0..<small.columns {
        for channel in 0..<small.channels {
          target[channel] =
            0.25
            * (upper[channel] + upper[next + channel] + lower[channel] + lower[next + channel])
        }
        upper += 2 * next
        lower += 2 * next
        target += small.pixelStride
      }
    }
  }

  /// Adds to the gradient of the larger map that `halve` read.
  static func halveBackward(_ dSmall: FeatureMap, addingTo dLarge: FeatureMap) {
    for row in 0..<dSmall.rows {
      var source = dSmall.row(row)
      var upper = dLarge.row(2 * row)
      var lower = dLarge.row(2 * row + 1)
      let next = dLarge.pixelStride
      for _ in 0..<dSmall.columns {
        for channel in 0..<dSmall.channels {
          let part = 0.25 * source[channel]
          upper[channel] += part
          upper[next + channel] += part
          lower[channel] += part
          lower[next + channel] += part
        }
        source += dSmall.pixelStride
        upper += 2 * next
        lower += 2 * next
      }
    }
  }

  /// The four pixels of large over each pixel of small take its value.
  static func double(_ small: FeatureMap, into large: FeatureMap) {
    for row in 0..<small.rows {
      var source = small.row(row)
      var upper = large.row(2 * row)
      var lower = large.row(2 * row + 1)
      let next = large.pixelStride
      for _ in 0..<small.columns {
        for channel in 0..<small.channels {
          let value = source[channel]
          upper[channel] = value
          upper[next + channel] = value
          lower[channel] = value
          lower[next + channel] = value
        }
        source += small.pixelStride
        upper += 2 * next
        lower += 2 * next
      }
    }
  }

  /// The gradient of the smaller map that `double` read; overwrites it.
  static func doubleBackward(_ dLarge: FeatureMap, into dSmall: FeatureMap) {
    for row in 0..<dSmall.rows {
      var target = dSmall.row(row)
      var upper = dLarge.row(2 * row)
      var lower = dLarge.row(2 * row + 1)
      let next = dLarge.pixelStride
      for _ in 0..<dSmall.columns {
        for channel in 0..<dSmall.channels {
          target[channel] =
            upper[channel] + upper[next + channel] + lower[channel] + lower[next + channel]
        }
        target += dSmall.pixelStride
        upper += 2 * next
        lower += 2 * next
      }
    }
  }
}
