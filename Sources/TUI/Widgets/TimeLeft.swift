/// Durations in a reader's words, on the screens and on the command line.
public enum TimeLeft {
  /// "4 s", "2 min", "1 h 5 min"; rounded up, so that nobody is promised too little.
  public static func words(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "unknown time" }
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    if whole < 90 { return "\(whole) s" }
    if whole < 5400 { return "\((whole + 59) / 60) min" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
