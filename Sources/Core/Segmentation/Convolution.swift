/// A 3x3 convolution with zeros around the image and no bias (a norm follows, which would remove it):
/// y[r, c] = sum over (i, j) in 0...2 of x[r + i - 1, c + j - 1] W[i, j].
///
/// The channels of three neighbouring pixels of a padded row lie side by side, so the three taps of a
/// kernel row are one product with K = 3 x inputs, and an output row is three products: nothing is
/// unfolded. Weights are stored [3, 3, inputs, outputs].
struct Convolution: Sendable {
  let inputs: Int
  let outputs: Int
  let weight: ParameterField
  /// Which of the packed convolutions is this layer's.
  let index: Int

  /// Pixels summed at once in a weight gradient: the packed rows stay in the second-level cache.
  static let gradientPixels = 384

  /// y = convolution of x.
  ///
  /// - Parameters:
  ///   - x: with a border of zeros and all of its pixels' channels.
  ///   - y: any map of the same size.
  func forward(
    _ kernels: KernelTable, _ packed: PackedConvolutions, x: FeatureMap, y: FeatureMap
  ) {
    slide(kernels, packed.forward(index), x: x, channels: inputs, y: y, outputs)
  }

  /// dx = the gradient of the input: the convolution of dy with the kernel turned by 180 degrees and
  /// transposed.
  ///
  /// - Parameters:
  ///   - dy: with a border of zeros and all of its pixels' channels.
  ///   - dx: any map of the same size; overwritten.
  func inputGradient(
    _ kernels: KernelTable, _ packed: PackedConvolutions, dy: FeatureMap, dx: FeatureMap
  ) {
    slide(kernels, packed.backward(index), x: dy, channels: outputs, y: dx, inputs)
  }

  /// Adds the gradient of the weights.
  ///
  /// The pixels of several rows with the border's between them are summed as one long row: dy is zero
  /// on the border.
  /// - Parameters:
  ///   - x, dy: both with a border of zeros and all of their pixels' channels.
  ///   - scratch: room for `scratchCount` floats.
  func weightGradient(
    _ kernels: KernelTable, x: FeatureMap, dy: FeatureMap,
    gradients: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let step = Self.rowsAtOnce(columns: x.columns)
    for first in stride(from: 0, to: x.rows, by: step) {
      let rows = min(step, x.rows - first)
      let pixels = rows * (x.columns + 2) - 2
      kernels.pack(scratch, dy.row(first), pixels, outputs, outputs, 1)
      for tap in 0..<3 {
        kernels.gemm(
          3 * inputs, outputs, pixels, x.row(first + tap - 1) - inputs, 1, inputs, scratch,
          gradients + weight.offset + tap * 3 * inputs * outputs, outputs, nil, true)
      }
    }
  }

  /// Floats of scratch that a weight gradient needs.
  static func scratchCount(columns: Int, outputs: Int, kernels: KernelTable) -> Int {
    kernels.packedCount(rowsAtOnce(columns: columns) * (columns + 2), outputs)
  }

  private static func rowsAtOnce(columns: Int) -> Int { max(1, gradientPixels / (columns + 2)) }

  private func slide(
    _ kernels: KernelTable, _ panels: (row: Int, base: UnsafePointer<Float>), x: FeatureMap,
    channels: Int, y: FeatureMap, _ width: Int
  ) {
    precondition(x.pixelStride == channels && y.channels == width, "maps of another layer")
    for row in 0..<x.rows {
      for tap in 0..<3 {
        kernels.gemm(
          x.columns, width, 3 * channels, x.row(row + tap - 1) - channels, channels, 1,
          panels.base + tap * panels.row, y.row(row), y.pixelStride, nil, tap > 0)
      }
    }
  }
}

/// The convolutions' weights in the panels `gemm` wants, for both directions.
///
/// `@unchecked Sendable`: written by its owner between passes only.
final class PackedConvolutions: @unchecked Sendable {
  /// The panels of one layer: three kernel rows, one after the other.
  private struct Place {
    var offset: Int
    /// Floats of one kernel row's panels.
    var row: Int
  }

  private var forwards: [Place] = []
  private var backwards: [Place] = []
  private let storage: AlignedBuffer

  init(_ layers: [Convolution], kernels: KernelTable, isTraining: Bool) {
    var count = 0
    func reserve(_ k: Int, _ n: Int) -> Place {
      let row = (kernels.packedCount(k, n) + 15) / 16 * 16
      defer { count += 3 * row }
      return Place(offset: count, row: row)
    }
    for layer in layers { forwards.append(reserve(3 * layer.inputs, layer.outputs)) }
    if isTraining {
      for layer in layers { backwards.append(reserve(3 * layer.outputs, layer.inputs)) }
    }
    storage = AlignedBuffer(count: count)
  }

  func forward(_ index: Int) -> (row: Int, base: UnsafePointer<Float>) {
    (forwards[index].row, UnsafePointer(storage.base + forwards[index].offset))
  }

  func backward(_ index: Int) -> (row: Int, base: UnsafePointer<Float>) {
    (backwards[index].row, UnsafePointer(storage.base + backwards[index].offset))
  }

  /// Packs the weights of one layer; layers may be packed on different threads.
  func pack(_ layer: Convolution, from parameters: UnsafePointer<Float>, kernels: KernelTable) {
    let (inputs, outputs) = (layer.inputs, layer.outputs)
    let weight = parameters + layer.weight.offset
    let place = forwards[layer.index]
    for tap in 0..<3 {
      kernels.pack(
        storage.base + place.offset + tap * place.row, weight + tap * 3 * inputs * outputs,
        3 * inputs, outputs, outputs, 1)
    }
    guard !backwards.isEmpty else { return }
    let back = backwards[layer.index]
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * outputs * inputs) { turned in
      guard let turned = turned.baseAddress else { return }
      for tap in 0..<3 {
        for column in 0..<3 {
          let source = weight + ((2 - tap) * 3 + 2 - column) * inputs * outputs
          let target = turned + column * outputs * inputs
          for input in 0..<inputs {
            for output in 0..<outputs {
              target[output * inputs + input] = source[input * outputs + output]
            }
          }
        }
        kernels.pack(
          storage.base + back.offset + tap * back.row, turned, 3 * outputs, inputs, inputs, 1)
      }
    }
  }
}
