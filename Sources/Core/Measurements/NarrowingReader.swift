internal import Foundation

/// Measures the narrowing of all levels of a slice together: normal references depend on all.
struct NarrowingReader {
  let levels: CordLevels
  let bodies: Set<VertebralLevel>
  let flagged: Set<SpinalSegment>?
  let hasCanal: Bool
  /// Whether the cord's outline is the anatomy network's, uncorrected.
  let cordIsFound: Bool
  /// Whether the canal's is.
  let canalIsFound: Bool
  /// Levels that are narrowed, by the rule of ``isNarrowed(_:)``.
  private(set) var narrowed: Set<SpinalSegment> = []

  /// Share of the CSF that must be lost for a level to be narrowed (Kang grade 1).
  static let csfLoss = 0.5
  /// Less CSF than this, before and behind the cord, is none that a level could be compared with, in mm.
  static let leastFluidMM = 0.1
  /// Deviation in mm of the bell under which the narrowest place is sought.
  static let searchMM = 1.5
  /// Loss of cord diameter in percent that counts as deformity (ours, unvalidated).
  static let deformityPercent = 15.0
  /// Compression in percent from which on one that is measured from a found outline is doubted: the least
  /// that is left of 30 %, of which the network shows a third to a half (results 018).
  static let doubtedPercent = 10.0

  init(
    _ levels: CordLevels, bodies: Set<VertebralLevel>, flagged: Set<SpinalSegment>?,
    cordIsFound: Bool = false, canalIsFound: Bool = false
  ) {
    self.levels = levels
    (self.cordIsFound, self.canalIsFound) = (cordIsFound, canalIsFound)
    self.bodies = bodies
    self.flagged = flagged
    hasCanal = levels.cord.sections.contains { $0.canalAP != nil }
    narrowed = Set(SpinalSegment.allCases.filter { isNarrowed($0) })
  }

  /// Which diameter is meant.
  enum Structure {
    case cord, canal

    /// The edges between which it is measured.
    var edges: [CordSections.Section.Edge] {
      self == .cord ? [.cordFront, .cordBack] : [.canalFront, .canalBack]
    }
  }

  /// Which vertebrae a level is compared with: those beside it, or the nearest that touch no narrowed level.
  enum References: String { case adjacent, normal }

  func diameter(_ section: CordSections.Section, _ what: Structure) -> Double? {
    what == .cord ? section.cordAP : section.canalAP
  }

  /// The section of a level where a structure is narrowest.
  func narrowest(
    _ segment: SpinalSegment, _ what: Structure
  ) -> CordSections.Section? {
    let window = levels.window(segment)
    let smooth = window.compactMap { section in
      smoothed(section.arc, what).map { (section, $0) }
    }
    return smooth.min { $0.1 < $1.1 }?.0
  }

  /// A diameter under a bell of ``searchMM``: the place of the smallest is sought on it, or noise of
  /// the edges would make every level narrower than it is.
  private func smoothed(_ arc: Double, _ what: Structure) -> Double? {
    var (sum, total) = (0.0, 0.0)
    for section in levels.cord.sections(from: arc - 3 * Self.searchMM, to: arc + 3 * Self.searchMM)
    {
      guard let value = diameter(section, what) else { continue }
      let t = (section.arc - arc) / Self.searchMM
      let weight = exp(-0.5 * t * t)
      sum += weight * value
      total += weight
    }
    return total > 0 ? sum / total : nil
  }

  /// A reference: the vertebra and the diameter at its middle.
  typealias Reference = (level: VertebralLevel, mm: Double)

  func references(
    _ segment: SpinalSegment, _ what: Structure, _ which: References
  ) -> (above: Reference?, below: Reference?) {
    func at(_ level: VertebralLevel) -> Reference? {
      levels.body(level).flatMap { diameter($0, what) }.map { (level, $0) }
    }
    func isNormal(_ level: VertebralLevel) -> Bool {
      !narrowed.contains { $0.upper == level || $0.lower == level }
    }
    if which == .adjacent { return (at(segment.upper), at(segment.lower)) }
    let all = VertebralLevel.allCases.filter { $0 > .c1 && $0 < .t3 }
    return (
      all.reversed().lazy.filter { $0 <= segment.upper && isNormal($0) }.compactMap(at).first,
      all.lazy.filter { $0 >= segment.lower && isNormal($0) }.compactMap(at).first
    )
  }

  /// Loss in percent against the mean of the references.
  func loss(_ own: Double, _ references: (above: Reference?, below: Reference?)) -> Double? {
    let known = [references.above?.mm, references.below?.mm].compactMap(\.self)
    let mean = known.reduce(0, +) / Double(max(known.count, 1))
    return mean > 0 ? (1 - own / mean) * 100 : nil
  }

  /// Whether more than half of the CSF is lost against the adjacent mid-bodies, or the cord is
  /// thinner than theirs by ``deformityPercent``.
  private func isNarrowed(_ segment: SpinalSegment) -> Bool {
    if let section = narrowest(segment, .cord),
      let loss = loss(section.cordAP, references(segment, .cord, .adjacent)),
      loss >= Self.deformityPercent
    {
      return true
    }
    return csfLoss(segment).map { $0 > Self.csfLoss } ?? false
  }

  /// Share of the adjacent bodies' CSF (before and behind the cord) that is lost at a level.
  func csfLoss(_ segment: SpinalSegment) -> Double? {
    guard let own = narrowest(segment, .canal), let canal = own.canalAP else { return nil }
    let around = [segment.upper, segment.lower].compactMap { level in
      levels.body(level).flatMap { s in s.canalAP.map { $0 - s.cordAP } }
    }
    let mean = around.reduce(0, +) / Double(max(around.count, 1))
    return mean > Self.leastFluidMM ? 1 - (canal - own.cordAP) / mean : nil
  }
}
