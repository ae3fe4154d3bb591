/// The verdicts that stand, by their place, so that what stands on one is known without a look at all acts.
struct StandingVerdicts: Equatable, Sendable {
  private struct Entry: Equatable, Sendable {
    /// `seq` of the act that states it.
    var act: Int
    var verdict: Verdict?
  }

  /// Those of each segment, or of the study, oldest first.
  private var byPlace: [String?: [Entry]] = [:]

  /// The verdict that stands on a segment, or on the study.
  subscript(place: String?) -> Verdict? { byPlace[place]?.last?.verdict }

  /// Adds what an act states, if anything.
  mutating func add(_ act: ReviewRecord) {
    for stated in act.stated {
      byPlace[stated.segment, default: []].append(Entry(act: act.seq, verdict: stated.verdict))
    }
  }

  /// Takes out what an act states.
  mutating func remove(_ act: ReviewRecord) {
    for place in act.stated.map(\.segment) {
      guard let index = byPlace[place]?.lastIndex(where: { $0.act == act.seq }) else { continue }
      byPlace[place]?.remove(at: index)
    }
  }
}
