internal import Core

/// Steps of a macro that could go no further: they move nothing and end nothing, but what is stated after them
/// may have been meant for another row, and changes nothing that stands.
extension Workstation {
  /// Notes a step above or below that found no further segment, and one that selects a row wherever the
  /// steps before it came to.
  static func noteHalt(
    _ step: MacroStep, _ play: MacroPlay, at target: ReviewTarget, _ state: inout AppState
  ) {
    switch step {
    case .command(let command) where command.isSegmentStep && state.study?.target == target:
      let words = state.message?.text ?? "no further segment"
      state.macros.playing?.halts.append(.init(step: play.next + 1, words: words))
      state.macros.playing?.isAstray = true
    case .command(let command) where command.selectsByName:
      state.macros.playing?.isAstray = false
    case .statement(let statement) where statement.namesRow:
      state.macros.playing?.isAstray = false
    default: break
    }
  }

  /// Why nothing is stated of the row selected after a step that went no further, in words: it may have been
  /// meant for another, and something else stands there; `nil` where the step can be done.
  static func astrayWords(
    _ step: MacroStep, _ play: MacroPlay, _ study: StudyScreenState
  ) -> String? {
    guard play.isAstray, let halt = play.halts.last, let standing = step.overturned(on: study)
    else { return nil }
    return "\(standing) stands, and step \(halt.step) went no further (\(halt.words))"
  }

  /// "; step 6 went no further (lowest segment)"; empty where every step went on.
  static func haltWords(_ play: MacroPlay) -> String {
    guard let last = play.halts.last else { return "" }
    let which = play.halts.count == 1 ? "step \(last.step)" : "\(play.halts.count) steps"
    return "; \(which) went no further (\(last.words))"
  }
}

extension MacroStep {
  /// What stands on the row selected and would be another after the step, in words; `nil` where the step
  /// states nothing there, the same, or something of which nothing stands.
  fileprivate func overturned(on study: StudyScreenState) -> String? {
    let target = study.target
    switch self {
    case .command(let command):
      guard let verdict = command.verdict(on: study) else { return nil }
      return Self.overturned(verdict, nil, nil, on: study)
    case .statement(let statement):
      guard statement.place == .here else { return nil }
      let (review, segment) = (study.review, target.segment)
      func other(_ standing: Int?, _ value: Int, _ words: String) -> String? {
        standing.flatMap { $0 == value ? nil : "\(target.name) \(words) \($0)" }
      }
      switch statement.content {
      case .verdict(let verdict, let reason, let comment):
        return Self.overturned(verdict, reason, comment, on: study)
      case .grade(let grade): return other(review.grade(segment), grade, "grade")
      case .axccm(let type): return other(review.axccm(segment), type, "Ax-CCM type")
      case .confidence(let value): return other(review.confidence(segment), value, "confidence")
      case .comment:
        return review.comments(segment).isEmpty ? nil : "a comment on \(target.name)"
      case .quality, .difficulty, .flag: return nil
      }
    }
  }

  private static func overturned(
    _ verdict: Verdict, _ reason: String?, _ comment: String?, on study: StudyScreenState
  ) -> String? {
    guard let standing = study.standing(study.target), let before = standing.verdict,
      before != verdict || standing.reason != reason || standing.comment != comment
    else { return nil }
    return "\(study.target.name) \(before.words)"
  }
}

extension Command {
  /// The verdict that its key states of the row selected; `nil` where it states none.
  fileprivate func verdict(on study: StudyScreenState) -> Verdict? {
    switch self {
    case .statePresent: return .present
    case .stateAbsent: return .absent
    case .cannotTell: return .cannotTell
    case .accept where study.hasCall(study.target):
      return study.isFlagged(study.target) ? .present : .absent
    default: return nil
    }
  }
}

extension MacroStatement {
  /// Whether it is stated of a row by its name.
  fileprivate var namesRow: Bool {
    if case .segment = place { return true }
    return false
  }
}
