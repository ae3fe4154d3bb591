internal import Foundation
internal import Imaging

/// Where the pixels of a drawn sample lie on a study's planes: turned, scaled, moved, and bent a
/// little.
struct AnatomyView {
  private let side: Int
  /// Steps on the plane in px: per column and per row of the sample.
  private let alongColumns: SIMD2<Float>
  private let alongRows: SIMD2<Float>
  /// The place (column, row) on the plane of the sample's pixel (0, 0).
  private let origin: SIMD2<Float>
  private let bend: (columns: SmoothField, rows: SmoothField)

  /// - Parameter middle: the middle of the neck on the planes: column and row in px.
  init(
    around middle: SIMD2<Float>, side: Int, _ settings: AnatomyAugmentation,
    random: inout RandomSource
  ) {
    self.side = side
    let angle = Double(settings.turnDegrees * (2 * random.uniform() - 1)) * .pi / 180
    let logs = (log(settings.zoom.lowerBound), log(settings.zoom.upperBound))
    let zoom = exp(random.uniform(from: logs.0, to: logs.1))
    // The sample always covers the canonical grid's 200 mm, whatever its side.
    let pixelMM = Float(SagittalGrid.spacing) * Float(SagittalGrid.side) / Float(side)
    let step = pixelMM / Float(PhantomAnatomyStudy.spacing) / zoom
    alongColumns = step * [Float(cos(angle)), Float(sin(angle))]
    alongRows = step * [-Float(sin(angle)), Float(cos(angle))]
    // Where the neck's middle comes to lie, as a share of the side.
    let isDisplaced = random.chance(settings.displaced)
    let (u, v) = (random.uniform(), random.uniform())
    let place: SIMD2<Float> =
      isDisplaced ? [0.27 + 0.46 * u, 0.18 + 0.64 * v] : [0.4 + 0.2 * u, 0.4 + 0.2 * v]
    let pivot = place * Float(side - 1)
    origin = middle - alongColumns * pivot.x - alongRows * pivot.y
    let amount =
      settings.elasticMM * random.uniform() / Float(PhantomAnatomyStudy.spacing)
    bend = (
      SmoothField(points: 7, side: side, deviation: amount, random: &random),
      SmoothField(points: 7, side: side, deviation: amount, random: &random)
    )
  }

  /// The place (column, row) of every pixel on the plane, row by row.
  var places: [SIMD2<Float>] {
    var result: [SIMD2<Float>] = []
    result.reserveCapacity(side * side)
    for row in 0..<side {
      let start = origin + alongRows * Float(row)
      for column in 0..<side {
        result.append(
          start + alongColumns * Float(column)
            + [bend.columns(row, column), bend.rows(row, column)])
      }
    }
    return result
  }
}

extension PhantomAnatomyStudy.Plane {
  /// Grey values (0...1, linear) and tissues (nearest) at places; 0 and `background` outside.
  func sample(
    at places: [SIMD2<Float>], background: UInt8, image target: inout [Float],
    tissues: inout [UInt8]
  ) {
    let side = PhantomAnatomyStudy.side
    let last = Float(side - 1)
    let grey = PhantomAnatomyStudy.greys
    image.withUnsafeBufferPointer { image in
      self.tissues.withUnsafeBufferPointer { labels in
        target.withUnsafeMutableBufferPointer { target in
          tissues.withUnsafeMutableBufferPointer { found in
            for (n, place) in places.enumerated() {
              guard place.x >= 0, place.y >= 0, place.x < last, place.y < last else {
                target[n] = 0
                found[n] = background
                continue
              }
              let (column, row) = (Int(place.x), Int(place.y))
              let (u, v) = (place.x - Float(column), place.y - Float(row))
              let first = row * side + column
              let upper = grey[Int(image[first])] * (1 - u) + grey[Int(image[first + 1])] * u
              let lower =
                grey[Int(image[first + side])] * (1 - u) + grey[Int(image[first + side + 1])] * u
              target[n] = upper + (lower - upper) * v
              found[n] = labels[first + (u >= 0.5 ? 1 : 0) + (v >= 0.5 ? side : 0)]
            }
          }
        }
      }
    }
  }
}
