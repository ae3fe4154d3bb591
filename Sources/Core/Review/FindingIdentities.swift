/// Which records are the same finding, and which of them show it.
///
/// Former versions restored a finding as a record of its own, so that a journal may hold one twice. Records that
/// say the same at the same place are one finding: the first shows it, and the others go with it when it is taken
/// back. One that was said of in other words since is a finding of its own. Nothing here looks at all acts.
struct FindingIdentities: Equatable, Sendable {
  /// What a finding says.
  private struct Reading: Hashable, Sendable {
    var place: FindingPlace?
    var comment: String?
  }

  /// Other words for a finding.
  struct Words: Equatable, Sendable {
    /// `seq` of the act that states them.
    var act: Int
    var comment: String?
  }

  /// What each finding said when it was stated, by `seq`, also of those that were taken back.
  private var stated: [Int: Reading] = [:]
  /// The other words for each that stand, oldest first.
  private var words: [Int: [Words]] = [:]
  /// The place of each finding that stands among the acts.
  private var order: [Int: Int] = [:]
  /// The finding that stands, by its place among the acts.
  private var atOrder: [Int: Int] = [:]
  private var lastOrder = 0
  /// Those that stand and did not go with another, by what they say: their places among the acts, rising.
  private var saying: [Reading: [Int]] = [:]
  /// Those that were taken back, and are offered to be restored, by what they say.
  private var gone: [Reading: Set<Int>] = [:]
  /// Findings that said nothing new when they were stated: the one that said it before.
  private var saidBefore: [Int: Int] = [:]
  /// By the one that said it before: those that say nothing else and did not go with another, rising.
  private var doubles: [Int: [Int]] = [:]
  /// Those that stand and went with the one that showed them, by `seq`: that one.
  private var wentWith: [Int: Int] = [:]
  /// By the one that was taken back: those that went with it.
  private var taken: [Int: Set<Int>] = [:]

  /// The other words for a finding that stand.
  func words(of finding: Int) -> Words? { words[finding]?.last }

  /// Whether a finding that stands has none of its own to show: one that says the same shows it, or was taken
  /// back and took it along.
  func isHidden(_ finding: Int) -> Bool {
    wentWith[finding] != nil || isSaidBefore(finding)
  }

  /// Whether a finding went with the one that showed it, so that there is nothing to take back of it.
  func isGoneAlong(_ finding: Int) -> Bool { wentWith[finding] != nil }

  /// Adds a finding that is stated or restored: one that was taken back and reads the same stands again by it,
  /// those that went with it stand beside it, and beside one that stands it says nothing new.
  ///
  /// - Returns: what was taken back and stands again by it, by `seq`.
  mutating func state(_ act: ReviewRecord) -> Set<Int> {
    let finding = act.seq
    stated[finding] = Reading(place: act.place, comment: act.comment)
    for other in (taken.removeValue(forKey: finding) ?? []).sorted() {
      wentWith[other] = nil
      show(other)
    }
    let reading = self.reading(finding)
    let again = (gone.removeValue(forKey: reading) ?? []).union([finding])
    if let first = saying[reading]?.first.flatMap({ atOrder[$0] }) {
      let original = saidBefore[first] ?? first
      if original != finding { saidBefore[finding] = original }
    }
    lastOrder += 1
    order[finding] = lastOrder
    atOrder[lastOrder] = finding
    show(finding)
    return again
  }

  /// Takes a finding back that stands, and with one that shows others also those.
  ///
  /// - Returns: what was taken back before and says the same, by `seq`: the finding is offered to be restored in
  ///   its place; `nil` where another that stands says the same, so that it is not gone.
  mutating func takeBack(_ finding: Int) -> Set<Int>? {
    let shown = shown(by: finding)
    hide(finding)
    if let place = order.removeValue(forKey: finding) { atOrder[place] = nil }
    endGoingAlong(finding)
    for other in shown {
      hide(other)
      wentWith[other] = finding
    }
    if !shown.isEmpty { taken[finding] = Set(shown) }
    let reading = self.reading(finding)
    guard saying[reading]?.isEmpty ?? true else { return nil }
    return gone.updateValue([finding], forKey: reading) ?? []
  }

  /// Adds other words for a finding. One that went with another is a finding of its own by them.
  mutating func reword(_ finding: Int, by act: ReviewRecord) {
    change(finding) { $0.append(Words(act: act.seq, comment: act.comment)) }
  }

  /// Takes other words for a finding back.
  mutating func takeBackWords(_ finding: Int, by act: ReviewRecord) {
    change(finding) { words in
      if let index = words.lastIndex(where: { $0.act == act.seq }) { words.remove(at: index) }
    }
  }
}

extension FindingIdentities {
  /// What a finding says, in the words said of it last.
  private func reading(_ finding: Int) -> Reading {
    var reading = stated[finding] ?? Reading()
    if let words = words(of: finding) { reading.comment = words.comment }
    return reading
  }

  /// Whether another record that stands is the same finding. Words said of this one since make it one of its own.
  private func isSaidBefore(_ finding: Int) -> Bool {
    guard let original = saidBefore[finding], words(of: finding) == nil else { return false }
    return order[original] != nil || (doubles[original]?.first).map { $0 < finding } ?? false
  }

  /// Those that are not shown because a finding is.
  private func shown(by finding: Int) -> [Int] {
    guard order[finding] != nil, !isHidden(finding) else { return [] }
    var others = doubles[finding] ?? []
    if let original = saidBefore[finding], words(of: finding) == nil {
      others += doubles[original] ?? []
    }
    return others.filter { $0 != finding }
  }

  /// Lets a finding that stands say what it says.
  private mutating func show(_ finding: Int) {
    guard let place = order[finding], wentWith[finding] == nil else { return }
    saying[reading(finding), default: []].insertRising(place)
    if let original = saidBefore[finding], words(of: finding) == nil {
      doubles[original, default: []].insertRising(finding)
    }
  }

  /// Lets it say nothing.
  private mutating func hide(_ finding: Int) {
    guard let place = order[finding] else { return }
    saying[reading(finding)]?.removeRising(place)
    if let original = saidBefore[finding] { doubles[original]?.removeRising(finding) }
  }

  private mutating func endGoingAlong(_ finding: Int) {
    guard let other = wentWith.removeValue(forKey: finding) else { return }
    taken[other]?.remove(finding)
  }

  private mutating func change(_ finding: Int, _ alter: (inout [Words]) -> Void) {
    hide(finding)
    endGoingAlong(finding)
    let isGone = gone[reading(finding)]?.remove(finding) != nil
    alter(&words[finding, default: []])
    if isGone { gone[reading(finding), default: []].insert(finding) }
    show(finding)
  }
}

extension [Int] {
  /// Where a number is among rising ones, or belongs.
  private func index(ofRising number: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  fileprivate mutating func insertRising(_ number: Int) {
    let index = index(ofRising: number)
    if index == count || self[index] != number { insert(number, at: index) }
  }

  fileprivate mutating func removeRising(_ number: Int) {
    let index = index(ofRising: number)
    if index < count, self[index] == number { remove(at: index) }
  }
}
