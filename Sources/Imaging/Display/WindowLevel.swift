/// Which grey values span black to white: `level` is the middle, `window` the width.
public struct WindowLevel: Hashable, Sendable {
  /// Width of the shown range, in the image's grey values; always above 0.
  public private(set) var window: Float
  /// Middle of the shown range.
  public private(set) var level: Float

  /// Makes a window; a width that is not a positive number becomes the smallest usable one.
  public init(window: Float, level: Float) {
    let centre = level.isFinite ? level : 0
    let smallest = max(abs(centre) * 1e-5, 1e-6)
    self.level = centre
    self.window = window.isFinite ? max(window, smallest) : smallest
  }

  /// Makes the window from black to white.
  public init(from low: Float, to high: Float) {
    self.init(window: high - low, level: low / 2 + high / 2)
  }

  /// The value shown black.
  public var low: Float { level - window / 2 }
  /// The value shown white.
  public var high: Float { level + window / 2 }

  /// A grey value's place in the window, 0 (black) ... 1 (white); what is no number is black.
  @inlinable
  public func normalised(_ value: Float) -> Float {
    let t = (value - low) / window
    return t > 0 ? min(t, 1) : 0
  }

  /// The window made wider or narrower by a factor and moved by a fraction of its width.
  ///
  /// Fractions of the window rather than grey values, because MR has no fixed scale.
  public func adjusted(windowFactor: Float = 1, levelFraction: Float = 0) -> WindowLevel {
    WindowLevel(window: window * windowFactor, level: level + window * levelFraction)
  }
}
