extension ReviewRecord {
  /// What the act states, by the name under which it is taken back and restored: "present on C4-5".
  public var name: String {
    let place = segment ?? "the study"
    return switch action {
    case .verdict: "\(verdict?.words ?? "nothing") on \(place)"
    case .flag: "the flag for discussion"
    case .quality: "image quality \(quality?.words ?? "cleared")"
    case .grade: "grade \(grade.map(String.init) ?? "cleared") on \(place)"
    case .axccm: "Ax-CCM type \(axccm.map(String.init) ?? "-") on \(place)"
    case .confidence: "confidence \(confidence.map(String.init) ?? "cleared") on \(place)"
    case .difficulty: "difficulty \(difficulty?.rawValue ?? "cleared") on \(place)"
    case .finding where revises != nil: "the new words \"\(comment ?? "")\" of a finding"
    case .finding: "the finding \"\(comment ?? "")\""
    case .correct: correction?.words ?? "a correction of nothing"
    case .adopt: "the agreed verdicts (\(adoptedWords()))"
    case .comment: "comment on \(place)"
    case .undo, .redo, .reveal, .signOff, .reopen, .compare: action.rawValue
    }
  }

  /// The same within so many characters, of verdicts taken over as many as fit whole: "the agreed verdicts
  /// (present on C4-5 and 1 more)"; other names are as long as they are.
  public func name(within room: Int) -> String {
    guard action == .adopt, name.count > room else { return name }
    let count = verdicts?.count ?? 0
    let shortened = (1..<max(count, 1)).reversed().lazy.map { shown in
      "the agreed verdicts (\(adoptedWords(first: shown)) and \(count - shown) more)"
    }
    return shortened.first { $0.count <= room } ?? "\(count) agreed verdicts"
  }

  /// "present on C4-5; absent on C2-3, C3-4", of the first so many.
  private func adoptedWords(first count: Int = .max) -> String {
    var left = count
    return Verdict.allCases.compactMap { verdict in
      let places = (verdicts ?? []).filter { $0.verdict == verdict }
        .map { $0.segment ?? "the study" }.prefix(left)
      left -= places.count
      return places.isEmpty ? nil : "\(verdict.words) on \(places.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  /// The verdicts that the act states, each as a record of its own.
  var stated: [ReviewRecord] {
    switch action {
    case .verdict: return [self]
    case .adopt:
      return (verdicts ?? []).map { stated in
        var record = self
        (record.action, record.verdicts, record.comment) = (.verdict, nil, nil)
        (record.segment, record.verdict) = (stated.segment, stated.verdict)
        record.reason = Self.adoptedReason
        return record
      }
    default: return []
    }
  }

  /// The reason of a verdict that was taken over.
  public static let adoptedReason = "readers agree"

  /// The reason of a reveal of a case of a teaching session that is the presenter's and not its reader's.
  public static let presentedReason = "presented"
}

extension Verdict {
  /// The verdict in words: "present", "absent", "cannot tell".
  public var words: String {
    switch self {
    case .present: "present"
    case .absent: "absent"
    case .cannotTell: "cannot tell"
    }
  }
}
