/// One lesion as it was planted: an ellipsoid in the frame of the cord (appendix A.1 in depth).
public struct PlantedLesion: Codable, Equatable, Sendable {
  /// Its middle, RAS mm.
  public var centreMm: [Double]
  /// Arc length of its middle from the cord's upper end.
  public var alongMm: Double
  /// Its middle behind the centreline, and beside it.
  public var depthMm, sideMm: Double
  /// The cord's width from front to back at its middle.
  public var cordWidthMm: Double
  /// Its width from front to back: 0.7-1 times the cord's.
  public var widthMm: Double
  /// Its length along the cord: 1-4 times its width.
  public var lengthMm: Double
  /// Its width from side to side.
  public var sideWidthMm: Double
  /// Its soft edge: from all to none of its strength between 1 - fade and 1 + fade of its half axes.
  public var fade: Double
  /// Its mean signal above the cord's, as a share of the cord-to-CSF step.
  public var contrast: Double
  /// Mean and standard deviation of its signal in grey values, and those of cord and CSF around it.
  public var mean, deviation, cordMean, cordDeviation, csfMean, csfDeviation: Double

  enum CodingKeys: String, CodingKey {
    case centreMm = "centre_mm"
    case alongMm = "along_mm"
    case depthMm = "depth_mm"
    case sideMm = "side_mm"
    case cordWidthMm = "cord_width_mm"
    case widthMm = "width_mm"
    case lengthMm = "length_mm"
    case sideWidthMm = "side_width_mm"
    case fade, contrast, mean
    case deviation = "sd"
    case cordMean = "cord_mean"
    case cordDeviation = "cord_sd"
    case csfMean = "csf_mean"
    case csfDeviation = "csf_sd"
  }

  /// Ratios of appendix A.1: width to the cord's width, length to width.
  static let widthShare = (0.7, 1.0)
  static let lengthShare = (1.0, 4.0)
  /// The share of the cord from side to side; the paper's ellipses are flat.
  static let sideShare = (0.5, 1.0)
  /// The soft edge: lesions have no sharp border, least of all at their ends.
  static let fadeRange = (0.2, 0.45)
  /// The most grain that a lesion adds, as a share of its contrast: with all of the CSF's spread a
  /// weak lesion would be a speckle, darker than cord in places.
  static let grainShare = 0.15

  /// Draws a lesion with its middle at an arc length; the signal as measured there.
  init(
    at along: Double, frame: CordFrame, signal: CordSignal, difficulty: LesionDifficulty,
    random r: inout PhantomRandom
  ) {
    let station = frame.index(atArcLength: along)
    let cordWidth = frame.depthWidths[station]
    let cordSide = frame.sideWidths[station]
    let width = cordWidth * r.uniform(Self.widthShare.0, Self.widthShare.1)
    let sideWidth = cordSide * r.uniform(Self.sideShare.0, Self.sideShare.1)
    alongMm = along
    cordWidthMm = cordWidth
    widthMm = width
    lengthMm = width * r.uniform(Self.lengthShare.0, Self.lengthShare.1)
    sideWidthMm = sideWidth
    depthMm = r.uniform(-0.5, 0.5) * (cordWidth - width)
    sideMm = r.uniform(-0.5, 0.5) * (cordSide - sideWidth)
    fade = r.uniform(Self.fadeRange.0, Self.fadeRange.1)
    contrast = r.uniform(difficulty.contrast.lowerBound, difficulty.contrast.upperBound)
    mean = signal.cordMean + contrast * signal.step
    let variances = [signal.cordDeviation, signal.csfDeviation].map { $0 * $0 }
    let grain = Self.grainShare * contrast * signal.step
    deviation = r.uniform(variances[0], min(variances[1], variances[0] + grain * grain))
      .squareRoot()
    cordMean = signal.cordMean
    cordDeviation = signal.cordDeviation
    csfMean = signal.csfMean
    csfDeviation = signal.csfDeviation
    let centre = frame.point(CordFrame.Place(along: along, depth: depthMm, side: sideMm))
    centreMm = [centre.x, centre.y, centre.z]
  }

  /// Half its length with its soft end.
  var reachMM: Double { lengthMm / 2 * (1 + fade) }

  /// The share of lesion at a place of the cord: 1 inside, 0 outside, a half on the ellipse itself.
  func share(at place: CordFrame.Place) -> Double {
    let halves: SIMD3<Double> = [lengthMm / 2, widthMm / 2, sideWidthMm / 2]
    let offset: SIMD3<Double> = [
      place.along - alongMm, place.depth - depthMm, place.side - sideMm,
    ]
    let scaled = offset / halves
    let radius = (scaled * scaled).sum().squareRoot()
    let t = min(max((1 + fade - radius) / (2 * fade), 0), 1)
    return t * t * (3 - 2 * t)
  }
}
