/// A convolution along rows: y[r] = W (x[r - (k/2) d], ..., x[r + (k/2) d]) + b, zeros outside.
///
/// The rows a kernel covers are laid side by side, so that the convolution is one ``Linear``.
struct RowConvolution: Sendable {
  let channels: Int
  /// Rows a kernel covers; odd.
  let taps: Int
  /// Rows between two taps.
  let dilation: Int
  let linear: Linear

  /// Inputs of the linear layer.
  var unfolded: Int { channels * taps }

  /// Lays out the rows under the kernel for every row: u [rows, taps * channels].
  func unfold(
    rows: Int, x: UnsafePointer<Float>, into u: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      for tap in 0..<taps {
        let source = row + (tap - taps / 2) * dilation
        let target = u + (row * taps + tap) * channels
        if source >= 0 && source < rows {
          target.update(from: x + source * channels, count: channels)
        } else {
          target.update(repeating: 0, count: channels)
        }
      }
    }
  }

  /// The transpose of ``unfold(rows:x:into:)``: adds up what each row contributed; overwrites dx.
  func fold(
    rows: Int, u: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    dx.update(repeating: 0, count: rows * channels)
    for row in 0..<rows {
      for tap in 0..<taps {
        let target = row + (tap - taps / 2) * dilation
        guard target >= 0 && target < rows else { continue }
        let source = u + (row * taps + tap) * channels
        for channel in 0..<channels { dx[target * channels + channel] += source[channel] }
      }
    }
  }
}
