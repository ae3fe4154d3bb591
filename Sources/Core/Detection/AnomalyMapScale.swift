/// The colours of the anomaly map: the same on the screen, in reports and of `show`, so that they compare.
public enum AnomalyMapScale {
  /// The value with the full colour of a map that is drawn from a threshold: three times that.
  public static func full(from threshold: Float) -> Float { threshold * 3 }
}
