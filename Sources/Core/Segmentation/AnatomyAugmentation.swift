/// How far drawn samples differ from the phantoms they are drawn from: domain randomisation in the
/// spirit of SynthSeg (Billot et al., 2023), so that the network works on scanners it never saw.
///
/// Nothing is ever mirrored up to down or front to back: the anatomy is known to be upright, and the
/// levels are told apart by it. The neighbours of a slice change sides at random.
public struct AnatomyAugmentation: Equatable, Sendable {
  /// Largest turn in degrees either way.
  public var turnDegrees: Float = 15
  /// Smallest and largest magnification.
  public var zoom: ClosedRange<Float> = 0.8...1.25
  /// Largest deviation of the elastic displacement in mm.
  public var elasticMM: Float = 2.5
  /// Probability that the neck lies anywhere, cut off at either end, instead of about the middle.
  public var displaced: Float = 0.4
  /// Probability that the contrast is the rendered one, and that it is a mixture; else synthetic.
  public var rendered: Float = 0.45
  /// Probability of a mixture of rendered and synthetic contrast.
  public var mixed: Float = 0.35
  /// Largest blur in px along each direction.
  public var blurPixels: Float = 1.6
  /// Probability of coarser pixels along one direction, and the largest factor.
  public var coarse: Float = 0.3
  /// Largest factor by which pixels are coarser.
  public var coarseness: Float = 3
  /// Largest deviation of the logarithm of the bias field.
  public var bias: Float = 0.45
  /// Largest logarithm of gamma either way.
  public var gamma: Float = 0.45
  /// Largest deviation of the noise, where 1 is the 99.8th percentile.
  public var noise: Float = 0.08
  /// Probability of a ghost, and its largest strength.
  public var ghost: Float = 0.15
  /// Probability that the field of view ends inside the window, for each of the four sides.
  public var cut: Float = 0.08

  /// The usual changes.
  public init() {}

  /// The settings as metadata.
  var text: String {
    [
      "turn \(turnDegrees)", "zoom \(zoom.lowerBound) \(zoom.upperBound)",
      "elastic \(elasticMM)", "displaced \(displaced)", "rendered \(rendered)", "mixed \(mixed)",
      "blur \(blurPixels)", "coarse \(coarse) \(coarseness)", "bias \(bias)", "gamma \(gamma)",
      "noise \(noise)", "ghost \(ghost)", "cut \(cut)",
    ].joined(separator: " ")
  }
}
