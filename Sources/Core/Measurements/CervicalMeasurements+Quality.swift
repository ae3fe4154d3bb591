extension CervicalMeasurements {
  /// Makes every value null that a flag of the study voids, with the flag as its reason; which flag
  /// voids what stands in `QualityIssue` alone.
  ///
  /// Where the cord is lost on some rows only (`voidsWhereLost`), nothing was measured there.
  /// - Parameter found: The families that rest on outlines of the anatomy network.
  mutating func voidWhatFlagsForbid(found: Set<MeasurementFamily>) {
    for family in MeasurementFamily.allCases {
      guard let flag = quality.first(where: { $0.voids(family, found: found) }) else { continue }
      switch family {
      case .alignment: voidAlignment(flag)
      case .cord: voidCord(flag)
      case .canal: voidCanal(flag)
      case .discs: voidDiscs(flag)
      case .signal: voidSignal(flag)
      }
    }
  }

  private mutating func voidAlignment(_ flag: QualityFlag) {
    if var a = alignment {
      a.cobbDeg.void(flag)
      a.c2SlopeDeg.void(flag)
      a.t1SlopeDeg.void(flag)
      a.t1SlopeMinusCobbDeg.void(flag)
      a.c2C7SvaCornerMm.void(flag)
      a.c2C7SvaCentroidMm.void(flag)
      alignment = a
    }
    for n in vertebrae.indices {
      vertebrae[n].heightAnteriorMm.void(flag)
      vertebrae[n].heightMiddleMm.void(flag)
      vertebrae[n].heightPosteriorMm.void(flag)
      vertebrae[n].heightLossAnteriorPercent.void(flag)
      vertebrae[n].heightLossMiddlePercent.void(flag)
      vertebrae[n].heightLossPosteriorPercent.void(flag)
    }
  }

  private mutating func voidCord(_ flag: QualityFlag) {
    for n in levels.indices {
      levels[n].narrowing.void(flag)
      levels[n].disc.cordGapMm.void(flag)
      levels[n].disc.displacementCanalPercent.void(flag)
      levels[n].disc.contactsCord = nil
    }
    msccMaxPercent?.void(flag)
    msccMaxLevel = nil
    for n in vertebrae.indices {
      vertebrae[n].cordApMm.void(flag)
      vertebrae[n].canalApMm.void(flag)
    }
    modifiedKLine?.void(flag)
    canalKLine?.void(flag)
    for n in lesions.indices {
      lesions[n].lengthMm.void(flag)
      lesions[n].areaMm2.void(flag)
      // What a detection or a reader calls by name keeps the name: nothing was measured for it.
      if lesions[n].source == .mask { lesions[n].segments = [] }
    }
    profile = nil
  }

  private mutating func voidCanal(_ flag: QualityFlag) {
    for n in levels.indices {
      levels[n].narrowing.voidCanal(flag)
      levels[n].disc.displacementCanalPercent.void(flag)
    }
    for n in vertebrae.indices { vertebrae[n].canalApMm.void(flag) }
    canalKLine?.void(flag)
    if let count = profile?.canalApMm.count {
      profile?.canalApMm = [Double?](repeating: nil, count: count)
    }
  }

  private mutating func voidDiscs(_ flag: QualityFlag) {
    for n in levels.indices {
      levels[n].disc.displacementMm.void(flag)
      levels[n].disc.displacementCanalPercent.void(flag)
      levels[n].disc.extentMm.void(flag)
      levels[n].disc.cordGapMm.void(flag)
      levels[n].disc.marginOverhangMm.void(flag)
      levels[n].disc.contactsCord = nil
      levels[n].disc.isShown = false
    }
    // The line is drawn through the cord, and its distance is that of bodies and discs.
    modifiedKLine?.void(flag)
    canalKLine?.void(flag)
  }

  private mutating func voidSignal(_ flag: QualityFlag) {
    for n in levels.indices { levels[n].narrowing.kangGrade.void(flag) }
    signal?.reference = nil
    signal?.referenceLeftOut = []
    signal?.scrAtNarrowestRatio.void(flag)
    signal?.combinedType.void(flag)
    for n in lesions.indices {
      lesions[n].scrRatio.void(flag)
      lesions[n].yukawaGrade.void(flag)
    }
  }
}

extension MeasuredValue {
  /// Adds a flag to a value; one that is missing has its reason.
  mutating func warn(_ flag: QualityFlag) {
    if value != nil { quality.append(flag) }
  }

  /// Takes the value away because of a flag; a value that is missing already keeps its reason.
  mutating func void(_ flag: QualityFlag) {
    guard value != nil else { return }
    value = nil
    reason = flag.reason
    inputs = []
    quality = []
  }
}

extension CanalNarrowing {
  /// Adds a flag to what is read from the cord's width.
  mutating func warn(_ flag: QualityFlag) {
    cordApMm.warn(flag)
    msccAdjacentPercent.warn(flag)
    msccNormalPercent.warn(flag)
    cordOccupationPercent.warn(flag)
    kangGrade.warn(flag)
  }

  fileprivate mutating func void(_ flag: QualityFlag) {
    cordApMm.void(flag)
    msccAdjacentPercent.void(flag)
    voidCanal(flag)
  }

  fileprivate mutating func voidCanal(_ flag: QualityFlag) {
    canalApMm.void(flag)
    // Which bodies are normal is told by the fluid around the cord.
    msccNormalPercent.void(flag)
    mccAdjacentPercent.void(flag)
    mccNormalPercent.void(flag)
    cordOccupationPercent.void(flag)
    csfFrontMm.void(flag)
    csfBackMm.void(flag)
    kangGrade.void(flag)
  }
}

extension KLine {
  fileprivate mutating func void(_ flag: QualityFlag) {
    guard intMinMm.value != nil else { return }
    intMinMm.void(flag)
    intMinLevel = nil
    status = nil
    intervals = []
    endsMm = nil
  }
}
