/// Where a study stands, as one word on the worklist.
public enum StudyState: Equatable, Sendable {
  /// Imported, waiting for detection.
  case waiting
  /// Detection runs; fraction done 0...1 and seconds left where known.
  case detecting(fraction: Double, secondsLeft: Double?)
  /// Detected; the reader has neither stated a verdict nor corrected anything yet.
  case unread
  /// The reader has stated a verdict on some assessable segments, or corrected labels or masks.
  case reading
  /// The reader has stated a verdict on every assessable segment.
  case read
  /// The reader has signed.
  case signed
  /// The reader has opened again what was signed, and not signed since.
  case reopened
  /// Cannot be assessed or cannot be used, with the reason.
  case problem(String)

  /// The state in one word.
  public var word: String {
    switch self {
    case .waiting: "waiting"
    case .detecting: "detecting"
    case .unread: "unread"
    case .reading: "reading"
    case .read: "read"
    case .signed: "signed"
    case .reopened: "reopened"
    case .problem: "problem"
    }
  }
}
