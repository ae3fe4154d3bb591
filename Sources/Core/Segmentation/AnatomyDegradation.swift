internal import Foundation
internal import Imaging

/// What a scanner does to a picture, drawn once for a slice and its neighbours: resolution, shading,
/// ghosts, noise, gamma and a field of view that ends inside the window.
struct AnatomyDegradation {
  private let side: Int
  private let blur: (rows: Double, columns: Double)
  /// Factors by which pixels are coarser along rows' and columns' index.
  private let coarse: (rows: Float, columns: Float)
  private let shade: SmoothField
  private let gamma: Float
  private let noise: Float
  private let ghost: (strength: Float, shift: Int, alongRows: Bool)?
  /// What is inside the field of view.
  let rows: Range<Int>
  let columns: Range<Int>

  init(_ settings: AnatomyAugmentation, side: Int, random: inout RandomSource) {
    self.side = side
    func square(_ largest: Float) -> Float {
      let u = random.uniform()
      return largest * u * u
    }
    blur = (Double(square(settings.blurPixels)), Double(square(settings.blurPixels)))
    let factor = 1 + square(settings.coarseness - 1)
    let isCoarse = random.chance(settings.coarse)
    let alongRows = random.chance(0.5)
    coarse = (isCoarse && alongRows ? factor : 1, isCoarse && !alongRows ? factor : 1)
    let deviation = settings.bias * random.uniform()
    shade = SmoothField(
      points: 3 + random.below(3), side: side, deviation: deviation, random: &random)
    gamma = exp(settings.gamma * (2 * random.uniform() - 1))
    noise = square(settings.noise)
    let shift = side / 16 + random.below(max(1, side / 4))
    let strength = 0.03 + 0.12 * random.uniform()
    let along = random.chance(0.5)
    ghost = random.chance(settings.ghost) ? (strength, shift, along) : nil
    func end() -> Int {
      let most = random.uniform()
      return random.chance(settings.cut) ? Int(most * 0.3 * Float(side)) : 0
    }
    rows = end()..<side - end()
    columns = end()..<side - end()
  }

  /// Degrades one slice [side, side].
  func apply(_ image: inout [Float], random: inout RandomSource) {
    if blur.rows > 0.3 || blur.columns > 0.3 {
      image =
        Gaussian.blur(
          ImageRaster(rows: side, columns: side, pixels: image), sigmaRows: blur.rows,
          sigmaColumns: blur.columns
        ).pixels
    }
    coarsen(&image, factor: coarse.rows, step: side, line: 1)
    coarsen(&image, factor: coarse.columns, step: 1, line: side)
    if let ghost { add(ghost.strength, ghost.shift, ghost.alongRows, to: &image) }
    for row in 0..<side {
      for column in 0..<side {
        let n = row * side + column
        guard rows.contains(row), columns.contains(column) else {
          image[n] = 0
          continue
        }
        let value = image[n] * exp(shade(row, column))
        let real = value + noise * random.nearlyNormal()
        let imaginary = noise * random.nearlyNormal()
        image[n] = powf((real * real + imaginary * imaginary).squareRoot(), gamma)
      }
    }
  }

  /// Averages over coarser pixels along one direction, and interpolates between their centres.
  private func coarsen(_ image: inout [Float], factor: Float, step: Int, line: Int) {
    guard factor > 1.05 else { return }
    let count = max(2, Int(Float(side) / factor))
    let size = Float(side) / Float(count)
    var cells = [Float](repeating: 0, count: count)
    for start in 0..<side {
      for cell in 0..<count {
        let from = Int(Float(cell) * size)
        let to = max(from + 1, min(side, Int(Float(cell + 1) * size)))
        var sum: Float = 0
        for n in from..<to { sum += image[start * line + n * step] }
        cells[cell] = sum / Float(to - from)
      }
      for n in 0..<side {
        let place = min(Float(count - 1), max(0, (Float(n) + 0.5) / size - 0.5))
        let first = min(count - 2, Int(place))
        let t = place - Float(first)
        image[start * line + n * step] = cells[first] + t * (cells[first + 1] - cells[first])
      }
    }
  }

  /// Adds the picture to itself, shifted to both sides.
  private func add(_ strength: Float, _ shift: Int, _ alongRows: Bool, to image: inout [Float]) {
    let source = image
    for row in 0..<side {
      for column in 0..<side {
        for offset in [-shift, shift] {
          let (r, c) = alongRows ? (row + offset, column) : (row, column + offset)
          guard r >= 0, r < side, c >= 0, c < side else { continue }
          image[row * side + column] += strength * source[r * side + c]
        }
      }
    }
  }
}
