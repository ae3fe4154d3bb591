/// What a later detection of a study says otherwise than an earlier one: labels that were corrected move
/// segments, and with them what is flagged.
public struct CallChange: Equatable, Sendable {
  private enum Call: Equatable { case flagged, notFlagged, notAssessable }

  /// The changes in words, "C4-5 flagged before, not now; C5-6 flagged now, not before"; empty where both
  /// say the same.
  public let words: String

  /// Compares segment by segment; where these say the same, the patient.
  public init(from before: Detection, to after: Detection) {
    var groups: [(words: String, names: [String])] = []
    for segment in SpinalSegment.allCases {
      let calls = [before, after].map { Self.call(segment, $0) }
      guard calls[0] != calls[1] else { continue }
      let words = Self.words(calls[0], calls[1])
      if let known = groups.firstIndex(where: { $0.words == words }) {
        groups[known].names.append(segment.name)
      } else {
        groups.append((words, [segment.name]))
      }
    }
    if groups.isEmpty {
      let calls = [before.patient, after.patient].map { Self.call($0.assessable, $0.flagged) }
      if calls[0] != calls[1] {
        groups.append((Self.words(calls[0], calls[1]), ["the patient"]))
      }
    }
    words = groups.map { "\($0.names.joined(separator: ", ")) \($0.words)" }
      .joined(separator: "; ")
  }

  private static func call(_ isAssessable: Bool, _ isFlagged: Bool) -> Call {
    isAssessable ? isFlagged ? .flagged : .notFlagged : .notAssessable
  }

  private static func call(_ segment: SpinalSegment, _ detection: Detection) -> Call {
    let found = detection.segments.first { $0.name == segment.name }
    return found.map { call($0.assessable, $0.flagged) } ?? .notAssessable
  }

  private static func words(_ before: Call, _ after: Call) -> String {
    switch (before, after) {
    case (.flagged, .notAssessable): "flagged before, not assessable now"
    case (.flagged, _): "flagged before, not now"
    case (.notAssessable, .flagged): "flagged now, not assessable before"
    case (.notAssessable, _): "not flagged now, not assessable before"
    case (.notFlagged, .flagged): "flagged now, not before"
    case (.notFlagged, _): "not assessable now, not flagged before"
    }
  }
}
