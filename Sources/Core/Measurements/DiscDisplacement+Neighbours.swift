extension DiscDisplacement {
  /// Doubts a displacement that is shown on this slice and not on the one beside it, or the other way
  /// round; the value stays this slice's, as a mean would hide what protrudes on one side.
  mutating func doubt(
    below level: VertebralLevel, by beside: [SpineOutline], shownFromMM: Double
  ) {
    guard displacementMm.value != nil else { return }
    let others = beside.map {
      DiscDisplacement(below: level, spine: $0, levels: nil, cord: nil, shownFromMM: shownFromMM)
    }.filter { $0.displacementMm.value != nil }
    guard others.contains(where: { $0.isShown != isShown }) else { return }
    let values = others.compactMap(\.displacementMm.value).map(\.tenths)
    displacementMm.warn(
      QualityFlag(
        "disc-varies",
        "On the slices beside it is \(values.joined(separator: " and ")) mm: whether the disc reaches "
          + "\(shownFromMM.tenths) mm depends on the slice."))
  }
}
