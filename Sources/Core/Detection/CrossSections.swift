internal import Imaging

/// Lines across the cord, perpendicular to its smoothed centreline, one for each row with cord.
struct CrossSections: Sendable {
  /// Pixels with the part of the line that lies in each, in steps.
  typealias Section = [(pixel: Int, weight: Float)]

  /// Cord pixels on the line of each row; empty on rows without cord.
  let cord: [Section]
  /// Those of them whose distance to the cord's edge is at least the line's maximum less 1 px, as
  /// core pixels are on a row.
  let core: [Section]

  /// Rows on each side that the centreline is fitted to: 8 mm, less than half a segment.
  private static let reach = 10
  /// Distance of the points on a line in px.
  private static let step = 0.25

  /// Draws the lines of a cord.
  /// - Parameter centre: Mean column of the cord on each row; NaN without cord.
  init(cord mask: MaskRaster, centre: [Double]) {
    let distance = CorePixels.distances(in: mask)
    var cord: [Section] = []
    var core: [Section] = []
    for row in 0..<mask.rows {
      let section = Self.section(mask, centre, row)
      let largest = section.map { distance.pixels[$0.pixel] }.max() ?? 0
      cord.append(section)
      core.append(section.filter { distance.pixels[$0.pixel] >= largest - 1 })
    }
    self.cord = cord
    self.core = core
  }

  /// The weighted mean of a signal on a line; NaN pixels take no part, NaN when there are no others.
  static func mean(of signal: ImageRaster, on section: Section) -> Float {
    var sum: Float = 0
    var count: Float = 0
    for (pixel, weight) in section where !signal.pixels[pixel].isNaN {
      sum += weight * signal.pixels[pixel]
      count += weight
    }
    return count > 0 ? sum / count : .nan
  }

  /// The line of one row: from the cord's centre to both sides until it leaves the cord.
  private static func section(_ mask: MaskRaster, _ centre: [Double], _ row: Int) -> Section {
    guard let line = fit(centre, row) else { return [] }
    let length = (1 + line.slope * line.slope).squareRoot()
    let across = (row: -line.slope / length, column: 1 / length)
    /// The pixel at a signed distance from the centre, if it is cord.
    func pixel(_ t: Double, from column: Double) -> Int? {
      let r = Int((Double(row) + t * across.row).rounded())
      let c = Int((column + t * across.column).rounded())
      return mask.contains(row: r, column: c) && mask[r, c] ? r * mask.columns + c : nil
    }
    // Where the cord bends sharply the fitted centre can lie beside it: then its own centre.
    let column = pixel(0, from: line.column) == nil ? centre[row] : line.column
    var steps: [Int: Float] = [:]
    for side in [-1.0, 1.0] {
      // Points lie half a step off the centre, so that every pixel of an upright cord weighs alike.
      var t = step / 2
      while let found = pixel(side * t, from: column) {
        steps[found, default: 0] += 1
        t += step
      }
    }
    return steps.sorted { $0.key < $1.key }.map { (pixel: $0.key, weight: $0.value) }
  }

  /// The straight line nearest to the centres of the rows around (least squares): its column on the
  /// row, and columns per row; `nil` on a row without cord.
  private static func fit(_ centre: [Double], _ row: Int) -> (column: Double, slope: Double)? {
    guard !centre[row].isNaN else { return nil }
    let near = (max(row - reach, 0)...min(row + reach, centre.count - 1)).filter {
      !centre[$0].isNaN
    }
    let count = Double(near.count)
    let middle = near.reduce(0) { $0 + Double($1 - row) } / count
    let mean = near.reduce(0) { $0 + centre[$1] } / count
    var products = 0.0
    var squares = 0.0
    for n in near {
      let d = Double(n - row) - middle
      products += d * (centre[n] - mean)
      squares += d * d
    }
    let slope = squares > 0 ? products / squares : 0
    return (mean - slope * middle, slope)
  }
}
