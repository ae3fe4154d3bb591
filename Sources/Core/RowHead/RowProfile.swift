internal import Imaging

/// What a row-wise reader sees of a slice: one vector of measurements per row of the grid.
///
/// Beside the cord's signal and what the network's reconstruction leaves of it, a profile holds the
/// tissue beside the cord on the same row: coil shading, pulsation and motion ghosts brighten CSF,
/// vertebrae and muscle too, a lesion does not. All in cord-to-CSF steps against the slice's own
/// median, so that a profile does not depend on the scanner's grey values.
public struct RowProfile: Sendable {
  /// The measurements of a row, in the order they are stored.
  public enum Channel: String, CaseIterable, Sendable {
    /// Mean signal of the cord's core.
    case signal
    /// Mean signal of all CSF.
    case csf
    /// Mean signal of the CSF before the cord.
    case csfAnterior
    /// Mean signal of the CSF behind the cord.
    case csfPosterior
    /// Mean signal of the tissue before the canal, up to 24 px from the cord's centre.
    case anterior
    /// Mean signal of the tissue behind the canal, up to 24 px from the cord's centre.
    case posterior
    /// Mean signed error of the reconstruction on the core.
    case error
    /// Mean signed error of the reconstruction on the whole cord.
    case cordError
    /// Mean standard deviation of the reconstructions on the cord.
    case epistemic
    /// Mean absolute error of the reconstruction on the core.
    case aleatoric
    /// Cord pixels over their median.
    case cordWidth
    /// Standard deviation of the signal across the cord.
    case roughness
    /// CSF pixels over their median.
    case csfWidth
    /// ``signal`` in robust standard deviations of the slice.
    case signalZ
    /// ``error`` in robust standard deviations of the slice.
    case errorZ
    /// ``cordError`` in robust standard deviations of the slice.
    case cordErrorZ
    /// The row's weight: 1, less where the cord leaves the slice.
    case weight
  }

  /// Measurements of a row.
  public static let channels = Channel.allCases.count
  /// Columns of tissue looked at on each side of the cord's centre.
  static let reach = 24.0

  /// [rows, channels], row-major; 0 where a measurement is not known.
  public let values: [Float]
  /// Rows with cord in the slice; the others are not scored.
  public let isKnown: [Bool]

  /// Measures a slice.
  ///
  /// - Parameter maps: U2AD's reconstruction of the slice.
  /// - Returns: `nil` when the cord-to-CSF step is unknown.
  public init?(_ slice: PreparedSlice, maps: UncertaintyMaps, cord: CordGeometry) {
    guard let unit = slice.step, unit > 0, let steps = slice.inputSteps(cord) else { return nil }
    let known = cord.width.indices.map { cord.width[$0] > 0 && slice.rowWeight[$0] > 0 }
    var columns = [[Float]](
      repeating: [Float](repeating: .nan, count: known.count), count: Self.channels)
    for row in known.indices where known[row] {
      let sums = RowSums(slice, maps: maps, cord: cord, row: row, unit: unit, step: steps[row])
      for (channel, value) in sums.measurements { columns[channel.index][row] = value }
    }
    var values = [Float](repeating: 0, count: known.count * Self.channels)
    for channel in Channel.allCases where channel != .weight {
      let scaled = Self.scaled(columns[channel.source.index], as: channel, known: known)
      for row in known.indices { values[row * Self.channels + channel.index] = scaled[row] }
    }
    for row in known.indices where known[row] {
      values[row * Self.channels + Channel.weight.index] = slice.rowWeight[row]
    }
    self.values = values
    isKnown = known
  }

  /// A measurement against its median over the slice, in the channel's scale, within bounds.
  private static func scaled(_ column: [Float], as channel: Channel, known: [Bool]) -> [Float] {
    let present = column.filter(\.isFinite)
    guard let median = Percentiles.median(of: present) else { return column.map { _ in 0 } }
    let spread = Percentiles.median(of: present.map { abs($0 - median) }).map { 1.4826 * $0 } ?? 0
    return column.indices.map { row in
      guard known[row], column[row].isFinite else { return 0 }
      let difference = column[row] - median
      switch channel {
      case .signalZ, .errorZ, .cordErrorZ:
        return min(max(difference / (spread + 1e-6), -8), 12) / 4
      case .epistemic, .aleatoric: return min(max(4 * difference, -2), 3)
      case .cordWidth, .csfWidth:
        return median > 0 ? min(max(difference / median, -2), 3) : 0
      default: return min(max(difference, -2), 3)
      }
    }
  }
}

extension RowProfile.Channel {
  /// The place in a row's vector.
  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The measurement the channel is made of.
  var source: Self {
    switch self {
    case .signalZ: .signal
    case .errorZ: .error
    case .cordErrorZ: .cordError
    default: self
    }
  }
}

/// Sums over the pixels of one row.
private struct RowSums {
  private(set) var measurements: [(RowProfile.Channel, Float)] = []

  init(
    _ slice: PreparedSlice, maps: UncertaintyMaps, cord: CordGeometry, row: Int, unit: Float,
    step: Float
  ) {
    let centre = cord.centreColumn[row]
    var signal = Mean(), csf = Mean(), front = Mean(), back = Mean()
    var anterior = Mean(), posterior = Mean()
    var error = Mean(), cordError = Mean(), spread = Mean(), absolute = Mean(), width = Mean()
    for column in 0..<slice.image.columns {
      let n = row * slice.image.columns + column
      let value = slice.image.pixels[n] / unit
      let isFront = Double(column) < centre
      if cord.cord.pixels[n] {
        let isCore = cord.core.pixels[n]
        width.add(value)
        if isCore { signal.add(value) }
        guard maps.reconstructed.pixels[n] else { continue }
        let e = (slice.normalised.pixels[n] - maps.mean.pixels[n]) / step
        cordError.add(e)
        spread.add(maps.epistemic.pixels[n].squareRoot())
        if isCore {
          error.add(e)
          absolute.add(abs(e))
        }
      } else if slice.anatomy.csf.pixels[n] {
        csf.add(value)
        if isFront { front.add(value) } else { back.add(value) }
      } else if abs(Double(column) - centre) < RowProfile.reach {
        if isFront { anterior.add(value) } else { posterior.add(value) }
      }
    }
    measurements = [
      (.signal, signal.value), (.csf, csf.value), (.csfAnterior, front.value),
      (.csfPosterior, back.value), (.anterior, anterior.value), (.posterior, posterior.value),
      (.error, error.value), (.cordError, cordError.value), (.epistemic, spread.value),
      (.aleatoric, absolute.value), (.cordWidth, Float(width.count)),
      (.roughness, width.deviation), (.csfWidth, Float(csf.count)),
    ]
  }
}

/// A running mean and deviation; NaN without values.
private struct Mean {
  private(set) var count = 0
  private var sum: Float = 0
  private var squares: Float = 0

  mutating func add(_ value: Float) {
    count += 1
    sum += value
    squares += value * value
  }

  var value: Float { count > 0 ? sum / Float(count) : .nan }

  var deviation: Float {
    guard count > 0 else { return .nan }
    let mean = sum / Float(count)
    return max(0, squares / Float(count) - mean * mean).squareRoot()
  }
}
