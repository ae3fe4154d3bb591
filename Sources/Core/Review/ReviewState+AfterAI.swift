extension ReviewState {
  /// A verdict that was stated without seeing the AI's result, and changed in sight of it.
  public struct ChangedVerdict: Equatable, Sendable {
    /// The segment; `nil` for the study as a whole.
    public var segment: SpinalSegment?
    /// What was stated last without seeing the AI's result.
    public var blind: Verdict
    /// What stands.
    public var now: Verdict

    /// "C4-5 absent to present".
    public var words: String { "\(segment?.name ?? "study") \(blind.words) to \(now.words)" }
  }

  /// What was stated last of a segment, or of the study, without seeing the AI's result, and not taken back.
  public func blindVerdict(_ segment: SpinalSegment?) -> Verdict? {
    verdicts.last { $0.segment == segment?.name && $0.blind }?.verdict
  }

  /// Where the reader's mind changed once the AI's result was seen; from C2-3 down, then the study.
  public var changedAfterAI: [ChangedVerdict] {
    let places = SpinalSegment.allCases.map { SpinalSegment?.some($0) } + [nil]
    return places.compactMap { place -> ChangedVerdict? in
      let last = verdicts.last { $0.segment == place?.name }
      guard let last, !last.blind, let now = last.verdict, let before = blindVerdict(place),
        before != now
      else { return nil }
      return ChangedVerdict(segment: place, blind: before, now: now)
    }
  }
}
