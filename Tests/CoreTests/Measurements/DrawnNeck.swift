import Foundation
import Imaging

@testable import Core

/// A neck of boxes and tubes drawn to parts of a pixel, whose measures are known exactly.
///
/// Its frame is (u backwards, v downwards) in mm; the posterior walls lie on u = 0, C2 is centred at
/// v = 0, each level 19 mm further down. The whole picture can be turned.
struct DrawnNeck {
  /// A body: a box of 16 x 14 mm, turned so that its anterior end is lower by `angle` degrees.
  struct Body {
    var angle = 0.0
    var shift = 0.0
    var height = 14.0
    var isSeen = true
  }

  static let levels: [VertebralLevel] = [.c2, .c3, .c4, .c5, .c6, .c7, .t1, .t2]
  static let pitch = 19.0
  static let depth = 16.0

  var bodies = [Body](repeating: Body(), count: levels.count)
  /// How far each disc (below body n) reaches behind the walls, over half its height.
  var bulges = [Double](repeating: 0, count: levels.count - 1)
  /// Axis of cord and canal: u at v = 0 and its tilt in degrees, backwards going down.
  var cordU = 8.0
  var cordTilt = 0.0
  var cordMM = 8.0
  var canalMM = 13.0
  /// Narrowings of the cord: place along the axis, share of the diameter, deviation in mm.
  var narrowings: [(v: Double, share: Double, mm: Double)] = []
  /// Turn of the whole picture in degrees, anterior end down.
  var turn = 0.0
  /// Ends of the cord.
  var cordRange = -30.0...150.0

  /// A neck whose disc C5-6 is displaced and narrows the cord.
  static var compressed: DrawnNeck {
    var neck = DrawnNeck()
    neck.narrowings = [(v: disc(3), share: 0.4, mm: 3)]
    neck.bulges[3] = 3
    return neck
  }

  /// Pixel (0, 0) in mm of the neck before turning: v = 0 lies 45 mm below, u = 0 in the middle.
  private static let origin = SIMD2(100.0, 45.0)

  /// Height v of the middle of the disc below body n.
  static func disc(_ n: Int) -> Double { (Double(n) + 0.5) * pitch }

  /// The neck's coordinates of a pixel.
  private func place(_ row: Int, _ column: Int) -> SIMD2<Double> {
    let d = SIMD2(Double(column), Double(row)) * SagittalGrid.spacing - Self.origin - [0, 55]
    let (s, c) = (sin(turn * .pi / 180), cos(turn * .pi / 180))
    // Turning lowers the anterior end: posterior (1, 0) goes to (c, -s).
    return SIMD2(d.x * c - d.y * s, d.x * s + d.y * c) + [0, 55]
  }

  private func draw(_ distance: (SIMD2<Double>) -> Double) -> ImageRaster {
    var raster = ImageRaster(rows: 256, columns: 256, filledWith: 0)
    for row in 0..<256 {
      for column in 0..<256 {
        let d = distance(place(row, column))
        // Over two pixels, so that linear interpolation finds a slanted edge where it is.
        raster[row, column] = Float(min(max(0.5 - d / (2 * SagittalGrid.spacing), 0), 1))
      }
    }
    return raster
  }

  /// Signed distance to a box turned about its centre.
  private static func box(
    _ p: SIMD2<Double>, _ centre: SIMD2<Double>, _ half: SIMD2<Double>, angle: Double = 0
  ) -> Double {
    let d = p - centre
    let (s, c) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
    let local = SIMD2(d.x * c - d.y * s, d.x * s + d.y * c)
    let over = SIMD2(abs(local.x) - half.x, abs(local.y) - half.y)
    let outside = SIMD2(max(over.x, 0), max(over.y, 0))
    return (outside * outside).sum().squareRoot() + min(max(over.x, over.y), 0)
  }

  private func body(_ n: Int) -> ImageRaster {
    let body = bodies[n]
    let centre = SIMD2(body.shift - Self.depth / 2, Double(n) * Self.pitch)
    return draw { p in
      let main = Self.box(p, centre, [Self.depth / 2, body.height / 2], angle: body.angle)
      guard n == 0 else { return main }
      // The dens.
      return min(main, Self.box(p, centre - [0, 15], [4, 10]))
    }
  }

  private func disc(_ n: Int) -> ImageRaster {
    let v = Self.disc(n)
    let half = (Self.pitch - 14) / 2
    return draw { p in
      let main = Self.box(p, [-Self.depth / 2, v], [Self.depth / 2, half])
      let reach = bulges[n]
      return reach > 0 ? min(main, Self.box(p, [reach / 2 - 2, v], [reach / 2 + 2, half])) : main
    }
  }

  /// Diameter of the cord at a place along its axis.
  func diameter(_ along: Double) -> Double {
    narrowings.reduce(cordMM) { mm, narrowing in
      let t = (along - narrowing.v) / narrowing.mm
      return mm - cordMM * narrowing.share * exp(-0.5 * t * t)
    }
  }

  private func tube(_ diameter: (Double) -> Double) -> ImageRaster {
    let (s, c) = (sin(cordTilt * .pi / 180), cos(cordTilt * .pi / 180))
    return draw { p in
      let d = p - SIMD2(cordU, 0)
      let along = d.x * s + d.y * c
      let across = abs(d.x * c - d.y * s) - diameter(along) / 2
      return max(across, cordRange.lowerBound - along, along - cordRange.upperBound)
    }
  }

  /// The slice with everything on it.
  func slice(covered: MaskRaster? = nil) -> SegmentedSlice {
    var masks: [VertebralLevel: ImageRaster] = [:]
    var discs: [VertebralLevel: ImageRaster] = [:]
    for (n, level) in Self.levels.enumerated() where bodies[n].isSeen {
      masks[level] = body(n)
      if n < Self.levels.count - 1 { discs[level] = disc(n) }
    }
    return SegmentedSlice(
      index: 3, grid: SagittalGrid(centre: .zero), cord: tube(diameter),
      canal: tube { _ in canalMM },
      bodies: masks, discs: discs, covered: covered)
  }

  /// The slice's measurements.
  func measured(covered: MaskRaster? = nil) -> CervicalMeasurements {
    CervicalMeasurements(slice(covered: covered), subject: "drawn", image: "drawn.nii")
  }

  /// The row of a height v without turning.
  static func row(_ v: Double) -> Int { Int(((origin.y + v) / SagittalGrid.spacing).rounded()) }
}

extension CervicalMeasurements {
  /// The level of a name.
  func level(_ name: String) -> Level? { levels.first { $0.level == name } }
}

/// Random numbers for properties; the seed is printed with every failure.
struct PropertyRandom {
  private var random: PhantomRandom
  init(_ seed: UInt64) { random = PhantomRandom(seed: seed) }
  mutating func uniform(_ low: Double, _ high: Double) -> Double { random.uniform(low, high) }
}
