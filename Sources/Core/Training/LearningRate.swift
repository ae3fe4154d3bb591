internal import Foundation

/// A learning rate by steps: linear warm-up, then a cosine to a floor (method, section 3).
public struct LearningRate: Equatable, Sendable {
  /// The rate after warm-up.
  public var peak: Float
  /// Steps of the warm-up.
  public var warmUp: Int
  /// The last rate as a share of the peak.
  public var floor: Float

  /// Makes a schedule.
  public init(peak: Float = 2e-3, warmUp: Int = 50, floor: Float = 0.02) {
    self.peak = peak
    self.warmUp = warmUp
    self.floor = floor
  }

  /// The schedule of adaptation.
  public static let adaptation = LearningRate(peak: 1e-3, warmUp: 20)
  /// The restart of adaptation's last stage.
  public static let restart = LearningRate(peak: 3e-4, warmUp: 20)

  /// The rate of step 0, 1, ... of `steps`.
  public func rate(step: Int, of steps: Int) -> Float {
    if step < warmUp { return peak * Float(step + 1) / Float(warmUp) }
    let length = max(1, steps - 1 - warmUp)
    let progress = min(1, Double(step - warmUp) / Double(length))
    return peak * (floor + (1 - floor) * Float(0.5 * (1 + cos(.pi * progress))))
  }
}
