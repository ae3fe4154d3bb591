/// The values of levels and vertebrae, each with its method, its inputs, or why there is none.
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
    if let reason = levels.unnamed[segment] { return reason }
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
            "\(touched.map(\.name).joined(separator: " and ")) "
              + "\(touched.count == 1 ? "borders" : "border") on another narrowed level."))
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
