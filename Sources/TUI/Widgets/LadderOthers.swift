internal import Core

/// What other readers signed of a row of the ladder: what decides between them, where anybody has adjudicated,
/// and else a reader in words, several as counts; beside measurements, where there is little room, a sign of each.
struct LadderOthers {
  /// The readers in the order in which the line of reasons names them.
  let readings: [OtherReading]
  /// What was adjudicated, which leaves the readers to that line.
  let decided: FinalVerdicts?
  /// Cells there are.
  let width: Int

  /// Takes "? cannot tell".
  static let wordsWidth = 13
  /// Takes the head, and the signs of as many readers.
  static let signsWidth = 6

  /// The name of the column.
  var head: String {
    if decided != nil { return "FINAL" }
    return readings.count == 1 && width >= Self.wordsWidth ? "2ND READER" : "OTHERS"
  }

  /// What stands in the column; no sign of a verdict is ever left out.
  func text(_ segment: SpinalSegment?) -> String {
    if let decided {
      let isOld = readings.contains { $0.isDeciding && $0.isRelabelled(segment) }
      let sign = isOld ? StudyScreenState.relabelledSign : ""
      return sign + words(decided.decision(segment), room: width - sign.count)
    }
    let isWide = width >= Self.wordsWidth
    if isWide, readings.count == 1 { return words(readings[0], segment) }
    if !isWide, readings.count <= width {
      return readings.map { Self.sign($0, segment) ?? "-" }.joined()
    }
    let counts = (isWide ? [" ", ""] : [""]).map { counted(segment, between: $0) }
    // Which verdicts there are comes before how many of each.
    return counts.first { $0.count <= width } ?? "\(signs(segment).joined())…"
  }

  /// Whether what was decided, or else what a reader signed, is something else than a verdict.
  func differs(from own: Verdict?, _ segment: SpinalSegment?) -> Bool {
    if let decided { return decided.verdict(segment).map { $0 != own } ?? false }
    return readings.contains { one in one.verdict(segment).map { $0 != own } ?? false }
  }

  /// "● present", "differ", "open", with a mark where a journal cannot be read, which may say otherwise.
  private func words(_ decision: FinalVerdicts.Decision, room: Int) -> String {
    let mark = readings.contains { $0.problem != nil } ? " \(Self.unreadable)" : ""
    switch decision {
    case .decided(let verdict): return Ladder.text(verdict, room: room - mark.count) + mark
    case .differ: return (width < Self.wordsWidth ? "×" : "differ") + mark
    case .open: return "open" + mark
    }
  }

  private func words(_ one: OtherReading, _ segment: SpinalSegment?) -> String {
    one.verdict(segment).map {
      Ladder.text($0, isRelabelled: one.isRelabelled(segment), room: width)
    } ?? (one.problem == nil ? "-" : "unreadable")
  }

  /// "2● 1○ 1!": how many signed what, and whose journals cannot be read; "-" for nothing.
  private func counted(_ segment: SpinalSegment?, between: String) -> String {
    let all = readings.compactMap { Self.sign($0, segment) }
    let counts = signs(segment).map { sign in
      let count = all.count { $0 == sign }
      return "\(count)\(sign)"
    }
    return counts.isEmpty ? "-" : counts.joined(separator: between)
  }

  /// The signs that there are, each once.
  private func signs(_ segment: SpinalSegment?) -> [String] {
    let all = Set(readings.compactMap { Self.sign($0, segment) })
    let others = [StudyScreenState.relabelledSign, Self.unreadable]
    return (Verdict.allCases.map(Ladder.sign) + others).filter(all.contains)
  }

  /// The sign of what a reader signed, of a verdict under other labels that it is one; `nil` where nothing is
  /// stated.
  private static func sign(_ one: OtherReading, _ segment: SpinalSegment?) -> String? {
    if one.isRelabelled(segment) { return StudyScreenState.relabelledSign }
    return one.verdict(segment).map(Ladder.sign) ?? (one.problem == nil ? nil : unreadable)
  }

  /// Stands for a journal that cannot be read.
  private static let unreadable = "!"
}
