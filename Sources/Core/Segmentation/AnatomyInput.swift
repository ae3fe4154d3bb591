internal import Imaging

/// How grey values become the anatomy network's input.
public enum AnatomyInput {
  /// Percentiles of the middle slice that become 0 and 1, in percent.
  public static let percents = (low: 0.5, high: 99.5)

  /// Scales a slice and its neighbours alike so that the middle slice's percentiles become 0 and 1,
  /// and clips; all zeros without contrast.
  ///
  /// - Parameter image: [pixels, 3], finite.
  public static func normalise(_ image: inout [Float]) {
    let channels = AnatomyConfiguration.inputs
    let middle = stride(from: 1, to: image.count, by: channels).map { image[$0] }
    guard let ends = Percentiles.values([percents.low, percents.high], of: middle),
      ends[1] > ends[0]
    else {
      for n in image.indices { image[n] = 0 }
      return
    }
    let (low, scale) = (ends[0], 1 / (ends[1] - ends[0]))
    image.withUnsafeMutableBufferPointer { values in
      for n in values.indices { values[n] = min(1, max(0, (values[n] - low) * scale)) }
    }
  }
}
