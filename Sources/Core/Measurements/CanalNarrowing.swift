internal import Foundation

/// Narrowing of cord and canal at one disc level (clinical notes, section 2).
///
/// MSCC = (1 - Di / ((Da + Db) / 2)) x 100 with anterior-posterior diameters of the cord, MCC the
/// same with those of the canal (Fehlings and Rao, Spine 1999; Miyanji, Radiology 2007;243:820). Di
/// is the smallest at the level; negative values stay, as the cord tapers by nature.
public struct CanalNarrowing: Codable, Equatable, Sendable {
  /// Smallest cord diameter at the level in mm.
  public var cordApMm: MeasuredValue
  /// Smallest canal diameter at the level in mm.
  public var canalApMm: MeasuredValue
  /// MSCC in percent with the mid-bodies above and below as references.
  public var msccAdjacentPercent: MeasuredValue
  /// MCC in percent with the same references.
  public var mccAdjacentPercent: MeasuredValue
  /// MSCC in percent with the nearest mid-bodies that touch no narrowed level.
  public var msccNormalPercent: MeasuredValue
  /// MCC in percent with the same references.
  public var mccNormalPercent: MeasuredValue
  /// Cord over canal diameter where the canal is narrowest.
  public var cordOccupationPercent: MeasuredValue
  /// CSF before the cord there in mm.
  public var csfFrontMm: MeasuredValue
  /// CSF behind the cord there in mm.
  public var csfBackMm: MeasuredValue
  /// Suggested grade 0...3 (Kang 2011).
  public var kangGrade: MeasuredValue
}

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
  private enum Structure {
    case cord, canal

    /// The edges between which it is measured.
    var edges: [CordSections.Section.Edge] {
      self == .cord ? [.cordFront, .cordBack] : [.canalFront, .canalBack]
    }
  }
  private enum References: String { case adjacent, normal }

  private func diameter(_ section: CordSections.Section, _ what: Structure) -> Double? {
    what == .cord ? section.cordAP : section.canalAP
  }

  /// The section of a level where a structure is narrowest.
  private func narrowest(
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
  private typealias Reference = (level: VertebralLevel, mm: Double)

  private func references(
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
  private func loss(_ own: Double, _ references: (above: Reference?, below: Reference?)) -> Double?
  {
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
  private func csfLoss(_ segment: SpinalSegment) -> Double? {
    guard let own = narrowest(segment, .canal), let canal = own.canalAP else { return nil }
    let around = [segment.upper, segment.lower].compactMap { level in
      levels.body(level).flatMap { s in s.canalAP.map { $0 - s.cordAP } }
    }
    let mean = around.reduce(0, +) / Double(max(around.count, 1))
    return mean > Self.leastFluidMM ? 1 - (canal - own.cordAP) / mean : nil
  }
}

extension NarrowingReader {
  private static let interMSCC =
    "ICC inter 0.79, intra 0.76 (7 surgeons, 17 MRIs; Karpova, Spine 2013;38:245)"
  private static let interMCC =
    "ICC inter 0.75, intra 0.88 (7 surgeons, 17 MRIs; Karpova, Spine 2013;38:245)"
  private static let perpendicular = "perpendicular to the cord, median over 2 mm under a 1 mm bell"
  private static let occupation = MeasurementMethod(
    text: "cord over canal diameter where the canal is narrowest")
  private static let front = MeasurementMethod(
    text: "canal's front edge to cord where the canal is narrowest")
  private static let back = MeasurementMethod(
    text: "cord to canal's back edge where the canal is narrowest")
  private static let kang = MeasurementMethod(
    text:
      "suggested Kang grade: 1 CSF loss > 50 %, 2 cord AP loss >= 15 % (ours), 3 narrowed and "
      + "flagged for T2 hyperintensity",
    variability: "kappa 0.67-0.80 among radiologists (radiopaedia)")

  private static func smallest(_ what: Structure) -> MeasurementMethod {
    MeasurementMethod(
      text: "smallest \(what == .cord ? "cord" : "canal") AP diameter of the level, "
        + perpendicular)
  }

  private static func compression(_ what: Structure, _ which: References) -> MeasurementMethod {
    MeasurementMethod(
      text: "\(what == .cord ? "MSCC" : "MCC") on T2, references at mid-body of "
        + (which == .adjacent ? "the adjacent vertebrae" : "the nearest normal levels"),
      variability: what == .cord ? interMSCC : interMCC)
  }

  /// Nothing is known of a level, for one reason.
  static func missing(_ reason: String) -> CanalNarrowing {
    CanalNarrowing(
      cordApMm: smallest(.cord).missing(reason), canalApMm: smallest(.canal).missing(reason),
      msccAdjacentPercent: compression(.cord, .adjacent).missing(reason),
      mccAdjacentPercent: compression(.canal, .adjacent).missing(reason),
      msccNormalPercent: compression(.cord, .normal).missing(reason),
      mccNormalPercent: compression(.canal, .normal).missing(reason),
      cordOccupationPercent: occupation.missing(reason), csfFrontMm: front.missing(reason),
      csfBackMm: back.missing(reason), kangGrade: kang.missing(reason))
  }

  /// Everything of one level.
  func measure(_ segment: SpinalSegment) -> CanalNarrowing {
    let canal = narrowest(segment, .canal)
    let mscc = compression(segment, .cord, .adjacent)
    var result = CanalNarrowing(
      cordApMm: smallest(segment, .cord), canalApMm: smallest(segment, .canal),
      msccAdjacentPercent: mscc, mccAdjacentPercent: compression(segment, .canal, .adjacent),
      msccNormalPercent: compression(segment, .cord, .normal),
      mccNormalPercent: compression(segment, .canal, .normal),
      cordOccupationPercent: fromCanal(segment, canal, Self.occupation) { s in
        s.canalAP.map {
          (
            $0 > 0 ? s.cordAP / $0 * 100 : .nan,
            ["cord \(s.cordAP.tenths) mm", "canal \($0.tenths) mm", s.rowWords]
          )
        }
      },
      csfFrontMm: fromCanal(segment, canal, Self.front) { s in
        s.csfFront.map { ($0, s.words([.canalFront, .cordFront])) }
      },
      csfBackMm: fromCanal(segment, canal, Self.back) { s in
        s.csfBack.map { ($0, s.words([.cordBack, .canalBack])) }
      },
      kangGrade: kang(segment))
    warn(&result, ofFoundOutlinesAt: segment)
    return result
  }

  /// Diameters of cord and canal at mid-body.
  func measure(_ level: VertebralLevel) -> (cord: MeasuredValue, canal: MeasuredValue) {
    let cord = MeasurementMethod(text: "cord AP diameter at mid-body, \(Self.perpendicular)")
    let canal = MeasurementMethod(text: "canal AP diameter at mid-body, \(Self.perpendicular)")
    guard let section = levels.body(level) else {
      let reason =
        levels.lost(level)?.loss(at: level.name) ?? levels.partReason[level]
        ?? (bodies.contains(level) ? "the cord is not seen there" : "not labelled here")
      return (cord.missing(reason), canal.missing(reason))
    }
    let place = ["\(level.name) mid-body, \(section.rowWords)"]
    return (
      cord.value(section.cordAP, from: place + section.words(Structure.cord.edges)),
      section.canalAP.map { canal.value($0, from: place + section.words(Structure.canal.edges)) }
        ?? canal.missing("the canal is not labelled")
    )
  }

  private func absence(_ segment: SpinalSegment, _ what: Structure) -> String {
    if levels.discArc[segment.upper] == nil {
      return "\(segment.name) is not labelled here, or the cord is not seen beside it"
    }
    if let lost = levels.lost(segment) { return lost.loss(at: segment.name) }
    guard what == .canal else { return "the cord is not seen at \(segment.name)" }
    guard hasCanal else { return "the canal is not labelled" }
    let isCordSeen = narrowest(segment, .cord) != nil
    return "the \(isCordSeen ? "canal" : "cord") is not seen at \(segment.name)"
  }

  /// Why the loss of CSF at a level is not known: it is not seen there, or there is nothing to compare it with.
  private func csfAbsence(_ segment: SpinalSegment) -> String {
    guard narrowest(segment, .canal) != nil else { return absence(segment, .canal) }
    let isBodySeen = [segment.upper, segment.lower].contains { levels.body($0)?.canalAP != nil }
    return isBodySeen
      ? "there is no CSF beside the adjacent vertebrae, with which \(segment.name) is compared"
      : Self.noReference
  }

  private static let noReference = "neither adjacent vertebra can be measured"

  private func smallest(_ segment: SpinalSegment, _ what: Structure) -> MeasuredValue {
    let method = Self.smallest(what)
    guard let section = narrowest(segment, what), let mm = diameter(section, what) else {
      return method.missing(absence(segment, what))
    }
    let offset = section.arc - (levels.discArc[segment.upper] ?? section.arc)
    return method.value(
      mm, from: ["\(offset.tenths) mm below the disc's middle"] + section.words(what.edges))
  }

  private func fromCanal(
    _ segment: SpinalSegment, _ section: CordSections.Section?, _ method: MeasurementMethod,
    _ reading: (CordSections.Section) -> (value: Double, inputs: [String])?
  ) -> MeasuredValue {
    guard let found = section.flatMap(reading) else {
      return method.missing(absence(segment, .canal))
    }
    return method.value(found.value, from: found.inputs)
  }

  private func compression(
    _ segment: SpinalSegment, _ what: Structure, _ which: References
  ) -> MeasuredValue {
    let method = Self.compression(what, which)
    guard let section = narrowest(segment, what), let own = diameter(section, what) else {
      return method.missing(absence(segment, what))
    }
    let found = references(segment, what, which)
    guard let value = loss(own, found) else {
      return method.missing(
        which == .adjacent
          ? Self.noReference
          : "no level above or below is free of narrowing and measured")
    }
    var quality: [QualityFlag] = []
    if (found.above == nil) != (found.below == nil) {
      quality.append(
        QualityFlag(
          "one-sided-reference",
          "Only the reference \(found.above == nil ? "below" : "above") could be used."))
    }
    if which == .adjacent {
      let touched = [found.above?.level, found.below?.level].compactMap(\.self).filter { level in
        narrowed.contains { $0 != segment && ($0.upper == level || $0.lower == level) }
      }
      if !touched.isEmpty {
        quality.append(
          QualityFlag(
            "reference-narrowed",
            "\(touched.map(\.name).joined(separator: " and ")) borders on another narrowed level."))
      }
    }
    let inputs =
      ["Di \(own.hundredths) mm"]
      + [("Da", found.above), ("Db", found.below)].compactMap { name, reference in
        reference.map { "\(name) \($0.mm.hundredths) mm at \($0.level.name)" }
      }
    return method.value(value, from: inputs, quality: quality)
  }

  /// 0 no narrowing; 1 more than half of the CSF gone; 2 cord deformed; 3 with T2 hyperintensity at
  /// the level.
  private func kang(_ segment: SpinalSegment) -> MeasuredValue {
    let method = Self.kang
    guard let csf = csfLoss(segment) else { return method.missing(csfAbsence(segment)) }
    let losses = [References.adjacent, .normal].compactMap { which in
      narrowest(segment, .cord).flatMap {
        loss($0.cordAP, references(segment, .cord, which))
      }
    }
    guard let cord = losses.max() else {
      return method.missing(
        narrowest(segment, .cord) == nil ? absence(segment, .cord) : Self.noReference)
    }
    var grade = cord >= Self.deformityPercent ? 2.0 : csf > Self.csfLoss ? 1 : 0
    var quality: [QualityFlag] = []
    if let flagged {
      if flagged.contains(segment), grade > 0 { grade = 3 }
    } else if grade > 0 {
      quality.append(
        QualityFlag(
          "signal-unknown",
          "Nothing is known of T2 hyperintensity (no detection, no lesion mask): grade 3 cannot be "
            + "suggested."))
    }
    return method.value(
      grade,
      from: ["CSF loss \((csf * 100).tenths) %", "cord AP loss \(cord.tenths) %"],
      quality: quality)
  }
}

/// Where fluid is gone the anatomy network goes on with the cord into what presses on it. On phantoms, with
/// no mask corrected, MSCC is measured 6 to 8 points off where 10 to 20 % are planned, 12 to 14 where 20 to
/// 30 % are, and some 25 above, nearly always too small; up to 10 % it is 2 off (results 018).
extension NarrowingReader {
  /// Warns of the values that found outlines make too small or too large.
  ///
  /// A level beside a compressed one is doubted, too: what presses on the cord seldom ends with the disc, and
  /// the vertebra between both is a reference of both. Of MCC alone results 018 have no such table; but the
  /// canal holds the cord, so that a cord drawn into what presses on it widens the canal by as much.
  private func warn(_ result: inout CanalNarrowing, ofFoundOutlinesAt segment: SpinalSegment) {
    if cordIsFound, isCompressed(segment) {
      let flag = Self.understatement("half of the CSF is gone here, or 10 % and more are measured")
      result.warn(flag)
      result.mccAdjacentPercent.warn(flag)
      result.mccNormalPercent.warn(flag)
    } else if cordIsFound, isBesideCompression(segment) {
      let flag = Self.understatement("a level beside this one is compressed")
      result.msccAdjacentPercent.warn(flag)
      result.msccNormalPercent.warn(flag)
      result.mccAdjacentPercent.warn(flag)
      result.mccNormalPercent.warn(flag)
    } else if cordIsFound || canalIsFound {
      let measured = [result.mccAdjacentPercent.value, result.mccNormalPercent.value]
      guard measured.contains(where: { ($0 ?? 0) >= Self.doubtedPercent }) else { return }
      let flag = Self.understatement("10 % and more of the canal are measured to be lost here")
      result.mccAdjacentPercent.warn(flag)
      result.mccNormalPercent.warn(flag)
    }
  }

  /// The doubt of a value, with what speaks for a compression: the same words for all levels alike, which
  /// are then said once.
  private static func understatement(_ sign: String) -> QualityFlag {
    QualityFlag(
      "compression-understated",
      "From uncorrected found masks: compression above 10 % is underestimated (on phantoms by some 7 points "
        + "from 10 %, 13 from 20 %, 25 from 30 % on), and \(sign): look, and correct the mask.")
  }

  /// Whether more than half of the CSF is lost at a level, or ``doubtedPercent`` of the cord's width against
  /// either kind of references.
  private func isCompressed(_ segment: SpinalSegment) -> Bool {
    if let lost = csfLoss(segment), lost > Self.csfLoss { return true }
    guard let section = narrowest(segment, .cord) else { return false }
    return [References.adjacent, .normal].contains { which in
      loss(section.cordAP, references(segment, .cord, which)).map { $0 >= Self.doubtedPercent }
        ?? false
    }
  }

  /// Whether the level above or below is compressed.
  private func isBesideCompression(_ segment: SpinalSegment) -> Bool {
    [segment.rawValue - 1, segment.rawValue + 1].compactMap(SpinalSegment.init(rawValue:))
      .contains(where: isCompressed)
  }
}
