internal import Core

/// Something that a macro states, as the journal records it.
struct MacroStatement: Equatable, Sendable {
  /// On what: the row selected when it is played, a segment by its name, or the study.
  enum Place: Equatable, Sendable { case here, segment(SpinalSegment), study }

  /// What is stated.
  enum Content: Equatable, Sendable {
    case verdict(Verdict, reason: String?, comment: String?)
    case grade(Int)
    case axccm(Int)
    case confidence(Int)
    case quality(QualityVerdict)
    case difficulty(Difficulty)
    case comment(String)
    case flag

    /// Whether it is stated of the study as a whole and of nothing else.
    var isOfStudy: Bool {
      switch self {
      case .quality, .difficulty, .flag: true
      case .verdict, .grade, .axccm, .confidence, .comment: false
      }
    }

    /// Whether it is stated of a row of the ladder and of nothing else.
    var isOfRow: Bool {
      switch self {
      case .verdict, .grade, .axccm, .confidence: true
      case .quality, .difficulty, .flag, .comment: false
      }
    }
  }

  var place: Place
  var content: Content

  init(_ place: Place, _ content: Content) {
    self.place = place
    self.content = content
  }

  /// The command whose rules hold for it.
  var command: Command {
    switch content {
    case .verdict(.present, _, _): .statePresent
    case .verdict(.absent, _, _): .stateAbsent
    case .verdict(.cannotTell, _, _): .cannotTell
    case .grade: .cycleGrade
    case .axccm(let type): Command.axccmTypes[min(max(type, 0), 3)]
    case .confidence: .cycleConfidence
    case .quality: .cycleQuality
    case .difficulty: .cycleDifficulty
    case .comment: .comment
    case .flag: .flag
    }
  }

  // MARK: Acts

  /// What an act states; `nil` for acts that a macro does not repeat.
  ///
  /// - Parameter here: the row that is "here"; `nil` names every segment.
  init?(_ draft: ReviewDraft, here: ReviewTarget?) {
    let content: Content?
    switch draft.action {
    case .verdict:
      let reason = draft.reason ?? (draft.comment == nil ? nil : "other")
      content = draft.verdict.map {
        .verdict(
          $0, reason: reason.map(DisplayText.clean), comment: draft.comment.map(DisplayText.clean))
      }
    case .grade: content = draft.grade.map(Content.grade)
    case .axccm: content = draft.axccm.map(Content.axccm)
    case .confidence: content = draft.confidence.map(Content.confidence)
    case .quality: content = draft.quality.map(Content.quality)
    case .difficulty: content = draft.difficulty.map(Content.difficulty)
    case .comment: content = draft.comment.map { .comment(DisplayText.clean($0)) }
    case .flag: content = .flag
    // What belongs to one study only, is seen, signed, taken back or taken over is not repeated.
    default: content = nil
    }
    guard let content else { return nil }
    self.content = content
    if content.isOfStudy {
      place = .study
    } else if let here, here.segment == draft.segment {
      place = .here
    } else {
      place = draft.segment.map { .segment($0) } ?? .study
    }
  }

  /// What a record of the journal states; `nil` for acts that a macro does not repeat.
  init?(_ record: ReviewRecord, here: ReviewTarget?) {
    var draft = ReviewDraft(
      action: record.action, segment: record.segment.flatMap(SpinalSegment.init(name:)),
      verdict: record.verdict, reason: record.reason, comment: record.comment)
    draft.quality = record.quality
    draft.grade = record.grade
    draft.axccm = record.axccm
    draft.confidence = record.confidence
    draft.difficulty = record.difficulty
    self.init(draft, here: here)
  }

  // MARK: Text

  /// "here absent", "C4-5 present because faint but visible", "study quality pass".
  var text: String {
    let name =
      switch place {
      case .here: "here"
      case .segment(let segment): segment.name
      case .study: "study"
      }
    switch content {
    case .verdict(let verdict, let reason, let comment):
      let why = reason.map { " because \($0)" } ?? ""
      return "\(name) \(verdict.rawValue)\(why)\(comment.map { ": \($0)" } ?? "")"
    case .grade(let grade): return "\(name) grade \(grade)"
    case .axccm(let type): return "\(name) axccm \(type)"
    case .confidence(let confidence): return "\(name) confidence \(confidence)"
    case .quality(let quality): return "\(name) quality \(quality.rawValue)"
    case .difficulty(let difficulty): return "\(name) difficulty \(difficulty.rawValue)"
    case .comment(let words): return "\(name) comment \(words)"
    case .flag: return "\(name) flag"
    }
  }

  /// Reads what follows "state".
  init(text: String) throws(MacroMistake) {
    let (name, rest) = Self.cut(text)
    switch name {
    case "here": place = .here
    case "study": place = .study
    default:
      guard let segment = SpinalSegment(name: name) else {
        let all = SpinalSegment.allCases.map(\.name).joined(separator: ", ")
        throw MacroMistake(reason: "after state comes here, study or one of \(all)")
      }
      place = .segment(segment)
    }
    content = try Self.content(rest)
    if content.isOfStudy, place != .study {
      throw MacroMistake(reason: "\(Self.cut(rest).0) is stated of the study: state study \(rest)")
    }
  }

  private static func cut(_ text: String) -> (String, String) {
    let parts = text.split(separator: " ", maxSplits: 1)
    return (parts.first.map(String.init) ?? "", parts.dropFirst().first.map(String.init) ?? "")
  }

  private static func content(_ text: String) throws(MacroMistake) -> Content {
    let (word, rest) = cut(text)
    let value = rest.trimmingSpaces
    if let verdict = Verdict(rawValue: word) { return try self.verdict(verdict, value) }
    switch word {
    case "grade": return .grade(try number(value, in: 0...2, word))
    case "axccm": return .axccm(try number(value, in: 0...3, word))
    case "confidence": return .confidence(try number(value, in: 1...3, word))
    case "quality":
      guard let quality = QualityVerdict(rawValue: value) else {
        throw MacroMistake(reason: "a quality is pass, fail or artifact")
      }
      return .quality(quality)
    case "difficulty":
      guard let difficulty = Difficulty(rawValue: value) else {
        throw MacroMistake(reason: "a difficulty is easy, medium or hard")
      }
      return .difficulty(difficulty)
    case "comment":
      guard !value.isEmpty, value.unicodeScalars.count <= TextPrompt.limit else {
        throw MacroMistake(reason: "a comment has 1 to \(TextPrompt.limit) characters")
      }
      return .comment(DisplayText.clean(value))
    case "flag":
      guard value.isEmpty else { throw MacroMistake(reason: "nothing follows flag") }
      return .flag
    default:
      throw MacroMistake(
        reason: "what is stated is present, absent, cannot-tell, grade, axccm, confidence, "
          + "quality, difficulty, comment or flag")
    }
  }

  /// "because REASON: WORDS", or nothing.
  private static func verdict(
    _ verdict: Verdict, _ text: String
  ) throws(MacroMistake) -> Content {
    if text.isEmpty { return .verdict(verdict, reason: nil, comment: nil) }
    guard let why = text.words(after: "because"), !why.isEmpty else {
      throw MacroMistake(reason: "after a verdict comes nothing, or because REASON")
    }
    let clean = DisplayText.clean(why)
    let colon = clean.firstRange(of: ": ")
    let reason = String(clean[..<(colon?.lowerBound ?? clean.endIndex)])
    let comment = colon.map { String(clean[$0.upperBound...]).trimmingSpaces }
    // Each was typed by itself, and each as long as a prompt takes.
    guard [reason, comment ?? ""].allSatisfy({ $0.unicodeScalars.count <= TextPrompt.limit })
    else {
      throw MacroMistake(
        reason: "a reason, and the words after it, have at most \(TextPrompt.limit) characters")
    }
    return .verdict(verdict, reason: reason, comment: comment)
  }

  private static func number(
    _ text: String, in range: ClosedRange<Int>, _ word: String
  ) throws(MacroMistake) -> Int {
    guard let number = Int(text), range.contains(number) else {
      let article = word == "axccm" ? "an" : "a"
      throw MacroMistake(
        reason: "\(article) \(word) is a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}

extension ReviewState {
  /// The acts that stand and that a macro can repeat, oldest first, comments among them; of what was cleared
  /// nothing.
  var repeatable: [ReviewRecord] {
    var acts: [ReviewRecord] = []
    var undone: [Int: ReviewRecord] = [:]
    for record in history.map(\.record) {
      switch record.action {
      case .undo:
        guard let index = acts.lastIndex(where: { $0.seq == record.reverts }) else { continue }
        undone[record.seq] = acts.remove(at: index)
      case .redo:
        guard let act = record.reverts.flatMap({ undone.removeValue(forKey: $0) }) else { continue }
        acts.append(act)
      default:
        if record.clears || MacroStatement(record, here: nil) != nil { acts.append(record) }
      }
    }
    return acts.indices.filter { index in
      let act = acts[index]
      return !act.clears
        && !acts[index...].contains {
          $0.clears && $0.action == act.action && $0.segment == act.segment
        }
    }.map { acts[$0] }
  }
}

extension Macro {
  /// The steps that state again what some acts state.
  ///
  /// - Parameters:
  ///   - acts: records of a journal, oldest first.
  ///   - isRelative: whether the first segment among them stands for the one selected when the macro
  ///     is played, and the others for those as far above or below it.
  static func steps(of acts: [ReviewRecord], isRelative: Bool) -> [MacroStep] {
    guard isRelative else {
      return acts.compactMap { MacroStatement($0, here: nil).map { MacroStep($0) } }
    }
    var steps: [MacroStep] = []
    var here: SpinalSegment?
    for act in acts {
      let segment = act.segment.flatMap(SpinalSegment.init(name:))
      if let segment {
        let way = segment.rawValue - (here ?? segment).rawValue
        steps += Array(
          repeating: .command(way > 0 ? .nextSegment : .previousSegment), count: abs(way))
        here = segment
      }
      let target = segment.map { ReviewTarget.segment($0) }
      if let statement = MacroStatement(act, here: target) { steps.append(MacroStep(statement)) }
    }
    return steps
  }
}
