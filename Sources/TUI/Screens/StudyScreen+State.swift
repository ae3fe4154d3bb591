internal import Core

/// The words about the study at the right of the head's second line.
extension StudyScreen {
  /// What they give up where slice, window and map have no room beside them, the least needed first.
  enum Shortening: CaseIterable {
    /// The third blank between words.
    case gaps
    /// "none flagged, 1 not assessable" is "none flagged, 1 n/a".
    case unassessed
    /// "labels changed since" is the sign of such verdicts.
    case labels
    /// "FINAL case absent" is "FINAL absent".
    case caseWord
    /// "for discussion" is "discuss".
    case discussion
    /// "image Pass" is "img Pass".
    case quality
    /// The host of who has the study open: every key that is refused names it.
    case host
    /// What was adjudicated: ladder and line of reasons say it, too.
    case decision
    /// "supervisor" is "sup.".
    case role
    /// The reader who has the study open: every key that is refused names him, too.
    case owner
  }

  /// What is to be known of the study, in a room of cells as far as it can be said shorter; what is flagged and
  /// the word of its state never give way.
  static func stateWords(
    _ study: StudyScreenState, _ state: AppState, room: Int
  ) -> (text: String, isFlagged: Bool) {
    let flagged = study.rows.filter { $0 != .study && study.isFlagged($0) }.count
    let isFlagged = flagged > 0 || study.isFlagged(.study)
    var text = stateText(study, state, flagged: flagged, shortened: [])
    for count in Shortening.allCases.indices where DisplayText.width(text) > room {
      text = stateText(
        study, state, flagged: flagged, shortened: Set(Shortening.allCases[...count]))
    }
    return (text, isFlagged)
  }

  private static func stateText(
    _ study: StudyScreenState, _ state: AppState, flagged: Int, shortened: Set<Shortening>
  ) -> String {
    var words = accessWords(study.access, shortened)
    if let role = state.teaching?.roleWord { words.append(role) }
    if !shortened.contains(.decision), let decided = study.finalCase {
      words.append(shortened.contains(.caseWord) ? decided.replacing("case ", with: "") : decided)
    }
    if study.shownReview.isFlagged {
      words.append(shortened.contains(.discussion) ? "discuss" : "for discussion")
    }
    if let quality = study.shownReview.quality {
      words.append("\(shortened.contains(.quality) ? "img" : "image") \(quality.words)")
    }
    words.append(
      flagWords(study, flagged: flagged, isShort: shortened.contains(.unassessed)))
    if state.redetecting.contains(study.study.subject) {
      words.append("detecting again")
    } else if study.hasOutdatedDetection {
      words.append("outdated")
    }
    let entry = state.worklist.entries.first { $0.subject == study.study.subject }
    var stands: [String] = []
    if let reading = study.replayedState ?? entry?.state {
      stands.append(reading.word)
    }
    let isShort = shortened.contains(.labels)
    if !study.relabelled.isEmpty {
      stands.append(isShort ? StudyScreenState.relabelledSign : "labels changed since")
    }
    if !stands.isEmpty { words.append(stands.joined(separator: isShort ? " " : "; ")) }
    return words.joined(separator: shortened.contains(.gaps) ? "  " : "   ")
  }

  /// The owner of a study that is open elsewhere, and a role that is not a reader's.
  private static func accessWords(
    _ access: StudyAccess, _ shortened: Set<Shortening>
  ) -> [String] {
    let owner = access.hold.owner.map { owner in
      guard owner.isKnown else {
        return shortened.contains(.owner) ? "READ-ONLY" : "READ-ONLY: lock unreadable"
      }
      if shortened.contains(.owner) { return "READ-ONLY" }
      let reader = DisplayText.shorten(owner.reader, 12)
      if shortened.contains(.host) { return "READ-ONLY (\(reader))" }
      return "READ-ONLY: open by \(reader) at \(DisplayText.shorten(owner.host, 12))"
    }
    let name = access.role.rawValue
    let isShort = shortened.contains(.role) && name.count > 5
    let role = access.role == .reader ? nil : isShort ? "\(name.prefix(3))." : name
    return [owner, role].compactMap { $0.map { DisplayText.clean($0) } }
  }
}
