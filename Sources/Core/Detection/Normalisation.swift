internal import Imaging

/// How grey values become the network's input (method, section 1).
public enum Normalisation: String, CaseIterable, Codable, Sendable {
  /// Cord at 0.35 and CSF at 0.75 on every row: coil shading is gone, scores are in cord-to-CSF
  /// steps.
  case flat
  /// The paper's: clipped range to 0...1.
  case minmax
}

/// The grey range of a slice, clipped to at its ends.
///
/// The upper end is a percentile inside the body. The lower one is taken over the whole picture:
/// on images with bright fat Otsu's body is the fat alone, and a lower end measured in there would
/// lie above the cord and wipe it out.
struct GreyRange: Equatable {
  /// Percentiles clipped at, in percent.
  static let percents = (low: 0.2, high: 99.8)

  var low: Float
  var high: Float

  /// Measures a slice; `nil` when it has no contrast.
  /// - Parameter covered: Where the volume has voxels; the rest is not measured.
  init?(_ image: ImageRaster, covered: MaskRaster) {
    var inside = covered.pixels
    if let body = BodyMask.of(image) {
      for n in inside.indices where !body.pixels[n] { inside[n] = false }
    }
    guard
      let low = Percentiles.value(Self.percents.low, of: image.pixels, where: covered.pixels),
      let high = Percentiles.value(Self.percents.high, of: image.pixels, where: inside),
      high > low
    else { return nil }
    self.low = low
    self.high = high
  }

  /// The slice clipped and scaled to 0...1.
  func scaled(_ image: ImageRaster) -> ImageRaster {
    let scale = 1 / (high - low)
    return image.map { v in v.isFinite ? min(max((v - low) * scale, 0), 1) : 0 }
  }
}

/// The levels of cord and CSF along the rows of a slice, and the normalisation made of them.
struct FlatLevels {
  /// Value of the cord in a flat image.
  static let cordValue: Float = 0.35
  /// Distance from cord to CSF in a flat image.
  static let step: Float = 0.4
  /// Rows in the running medians: 48 mm, twice the longest lesion that stays visible.
  static let window = 61
  /// Smoothing of the medians, in rows.
  static let sigma = 4.0
  /// The smallest cord-to-CSF distance as a fraction of the cord's level, and its offset.
  static let floor = (fraction: Float(0.15), offset: Float(0.02))

  /// Level of the cord on each row.
  var cord: [Float]
  /// Distance to the CSF's level on each row, at least the floor.
  var distance: [Float]

  /// Measures an image scaled to 0...1.
  /// - Parameters:
  ///   - core: Core pixels of the cord.
  ///   - csf: CSF pixels; rows without any are bridged by their neighbours.
  ///   - rowWeight: Rows of weight below 1 hold CSF by partial volume; they are bridged too.
  /// - Returns: `nil` when no row has a core pixel or no row has CSF.
  init?(_ image: ImageRaster, core: MaskRaster, csf: MaskRaster, rowWeight: [Float]) {
    var coreRows = Self.rowMeans(image, mask: core)
    if rowWeight.contains(where: { $0 >= 1 }) {
      for row in coreRows.indices where rowWeight[row] < 1 { coreRows[row] = .nan }
    }
    let csfRows = Self.rowPercentile(image, mask: csf, percent: 75)
    guard let cord = Self.smoothLevel(coreRows), let fluid = Self.smoothLevel(csfRows),
      let centre = Percentiles.median(of: cord)
    else { return nil }
    let floor = Self.floor.fraction * centre + Self.floor.offset
    self.cord = cord
    distance = zip(cord, fluid).map { max($1 - $0, floor) }
  }

  /// x' = 0.35 + 0.4 (x - cord) / (CSF - cord), clipped to 0...1.
  func apply(_ image: ImageRaster) -> ImageRaster {
    var result = image
    for row in 0..<image.rows {
      let level = cord[row]
      let gain = Self.step / distance[row]
      for n in (row * image.columns)..<((row + 1) * image.columns) {
        result.pixels[n] = min(max(Self.cordValue + (image.pixels[n] - level) * gain, 0), 1)
      }
    }
    return result
  }

  /// The slice's one step in units of the flat image, row by row (decision 007).
  /// - Parameter unit: The slice's cord-to-CSF step in units of the measured image.
  func steps(unit: Float) -> [Float] { distance.map { Self.step * unit / $0 } }

  /// Running median, then Gaussian, over the measured rows; gaps bridged and ends repeated.
  static func smoothLevel(_ rows: [Float]) -> [Float]? {
    guard let first = rows.firstIndex(where: { !$0.isNaN }),
      let last = rows.lastIndex(where: { !$0.isNaN })
    else { return nil }
    let part = bridged(Array(rows[first...last]))
    let smooth = Gaussian.blur(RunningMedian.of(part, window: window), sigma: sigma)
    return rows.indices.map { smooth[min(max($0, first), last) - first] }
  }

  /// Fills gaps (NaN) linearly; the first and last value must not be gaps.
  private static func bridged(_ values: [Float]) -> [Float] {
    var result = values
    var before = 0
    for n in values.indices where !values[n].isNaN {
      for gap in (before + 1)..<max(n, before + 1) {
        let t = Float(gap - before) / Float(n - before)
        result[gap] = values[before] + (values[n] - values[before]) * t
      }
      before = n
    }
    return result
  }

  /// The mean under a mask on each row; NaN where the mask is empty.
  static func rowMeans(_ image: ImageRaster, mask: MaskRaster) -> [Float] {
    (0..<image.rows).map { row in
      var sum: Float = 0
      var count: Float = 0
      for n in (row * image.columns)..<((row + 1) * image.columns) where mask.pixels[n] {
        sum += image.pixels[n]
        count += 1
      }
      return count > 0 ? sum / count : .nan
    }
  }

  /// A percentile under a mask on each row; NaN where the mask is empty.
  static func rowPercentile(_ image: ImageRaster, mask: MaskRaster, percent: Double) -> [Float] {
    (0..<image.rows).map { row in
      let range = (row * image.columns)..<((row + 1) * image.columns)
      var values: [Float] = []
      for n in range where mask.pixels[n] { values.append(image.pixels[n]) }
      return Percentiles.value(percent, of: values) ?? .nan
    }
  }
}
