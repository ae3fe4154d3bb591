internal import Imaging

/// The signal of places, lesions and the cord as a whole.
extension SignalReader {
  private static let length = MeasurementMethod(text: "arc length along the cord's centreline")
  private static let area = MeasurementMethod(text: "pixels of the mask times 0.61 mm2")
  private static let combined = MeasurementMethod(
    text: "1 none, 2 focal faint, 3 focal intense, 4 multisegmental faint, 5 multisegmental intense"
  )

  /// The mean of 3 x 3 pixels over the reference that a lesion at their place has.
  /// - Parameters:
  ///   - row: Row of the middle pixel on the slice's grid.
  ///   - column: Its column.
  func signal(row: Int, column: Int) -> MeasuredValue {
    guard slice.isSignalKnown else {
      return Self.cursor.missing("nothing is known of lesions: run detect, or import a lesion mask")
    }
    if let doubt = slice.signalDoubt { return Self.cursor.missing(doubt) }
    guard cord.contains(row: row, column: column),
      let place = core.first(where: { $0.pixel == row * cord.columns + column })
    else {
      return Self.cursor.missing(
        "the place is not in the cord, 1 px or more from its edge, or the cord is lost there")
    }
    guard let reference = reference(near: place.arc), reference.mean > 0 else {
      return Self.cursor.missing("no normal cord is left to compare with")
    }
    // At the picture's edge the core has fewer neighbours.
    let near = (-1...1).flatMap { r in (-1...1).map { (row + r, column + $0) } }
      .filter { cord.contains(row: $0.0, column: $0.1) }
    let mean =
      near.reduce(0) { $0 + grey($1.0 * cord.columns + $1.1) } / Double(max(near.count, 1))
    return Self.cursor.value(
      mean / reference.mean,
      from: [
        "3 x 3 px \(mean.tenths) grey values",
        "reference \(reference.mean.tenths) grey values: \(reference.words)",
      ], quality: reference.quality)
  }

  /// Why a lesion that a reader sees and nobody has outlined has no values.
  static let unoutlined =
    "a reader sees it, nothing outlines it: \(LesionSignal.outlineAdvice)"

  /// A lesion that is known to be in a segment, and nothing else of it.
  static func unmeasured(
    _ source: SliceLesion.Source, _ segment: SpinalSegment, rows: ClosedRange<Int>, slice: Int,
    reason: String
  ) -> LesionSignal {
    LesionSignal(
      source: source, sliceIndex: slice, rowFrom: rows.lowerBound, rowTo: rows.upperBound,
      segments: [segment.name], scrRatio: scr.missing(reason), lengthMm: length.missing(reason),
      areaMm2: area.missing(reason), yukawaGrade: yukawa.missing(reason))
  }

  /// The slice's lesions, measured.
  var lesions: [LesionSignal] { slice.lesions.map(measure) }

  /// Measures one lesion.
  func measure(_ lesion: SliceLesion) -> LesionSignal {
    let mask = lesion.pixels(in: cord)
    let range = levels.range(of: lesion, in: cord)
    let middle = range.map { ($0.lowerBound + $0.upperBound) / 2 }
    let reference = reference(near: middle)
    let bright = brightest(of: mask)
    var result = LesionSignal(
      source: lesion.source, sliceIndex: slice.index, rowFrom: lesion.rows.lowerBound,
      rowTo: lesion.rows.upperBound,
      segments: levels.segments(of: lesion, at: range).map(\.name),
      scrRatio: ratio(bright, reference),
      lengthMm: range.map {
        Self.length.value(
          $0.upperBound - $0.lowerBound,
          from: ["from \($0.lowerBound.tenths) to \($0.upperBound.tenths) mm along the cord"])
      } ?? Self.length.missing("the lesion lies beside the measured cord"),
      areaMm2: lesion.mask == nil
        ? Self.area.missing("only rows are known of it: the detection keeps no mask")
        : Self.area(ofPixels: mask.pixels.count { $0 }),
      yukawaGrade: grade(bright, reference))
    if let lost = range.flatMap({ levels.lost(along: $0) }) {
      let reason = lost.loss(at: "the lesion")
      result.lengthMm = result.lengthMm.without(reason)
      result.areaMm2 = result.areaMm2.without(reason)
      // What is seen of it all the same has a signal.
      if bright == nil {
        result.scrRatio = result.scrRatio.without(reason)
        result.yukawaGrade = result.yukawaGrade.without(reason)
      }
    }
    return result
  }

  private static func area(ofPixels count: Int) -> MeasuredValue {
    guard count > 0 else { return area.missing("no pixel of the mask lies within the cord") }
    return area.value(
      Double(count) * SagittalGrid.spacing * SagittalGrid.spacing,
      from: ["\(count) pixels of the mask within the cord"])
  }

  /// The cord's signal as a whole, with the lesions measured before.
  func summary(_ lesions: [LesionSignal], narrowest: SpinalSegment?) -> CordSignalSummary {
    let reference = reference(near: narrowest.flatMap { levels.discArc[$0.upper] })
    return CordSignalSummary(
      reference: reference?.name, referenceLeftOut: reference?.leftOut ?? [],
      scrAtNarrowestRatio: atNarrowest(narrowest, reference, isFree: lesions.isEmpty),
      combinedType: combinedType(lesions))
  }

  private func atNarrowest(
    _ segment: SpinalSegment?, _ reference: Reference?, isFree: Bool
  ) -> MeasuredValue {
    guard slice.isSignalKnown else {
      return Self.scr.missing("nothing is known of lesions: run detect, or import a lesion mask")
    }
    guard isFree else {
      return Self.scr.missing("the cord has a lesion; the lesion's SCR stands with the lesion")
    }
    if let doubt = slice.signalDoubt { return Self.scr.missing(doubt) }
    guard let segment, let arc = levels.discArc[segment.upper] else {
      return Self.scr.missing("no level can be measured")
    }
    let mask = slice.covered.map { _ in false }
    var region = mask
    for (pixel, own) in core where abs(own - arc) <= Self.referenceMM {
      region.pixels[pixel] = true
    }
    var result = ratio(brightest(of: region), reference)
    result.inputs.append("no lesion seen: most compressed level \(segment.name)")
    return result
  }

  private func combinedType(_ lesions: [LesionSignal]) -> MeasuredValue {
    guard slice.isSignalKnown else {
      return Self.combined.missing(
        "nothing is known of lesions: run detect, or import a lesion mask")
    }
    guard !lesions.isEmpty else {
      return slice.signalDoubt.map { Self.combined.missing($0) }
        ?? Self.combined.value(1, from: ["lesions: 0"])
    }
    let grades = lesions.compactMap(\.yukawaGrade.value)
    guard let strongest = grades.max() else {
      return Self.combined.missing("no lesion could be graded")
    }
    let touched = Set(lesions.flatMap(\.segments))
    let isMulti = touched.count >= 2
    var quality: [QualityFlag] = []
    if strongest < 2, grades.count < lesions.count {
      quality.append(
        QualityFlag(
          "lesion-ungraded",
          "\(lesions.count - grades.count) of \(lesions.count) lesions could not be graded: one may be "
            + "intense."))
    }
    let hardly = barely.filter { touched.contains($0.name) }
    if isMulti, touched.count - hardly.count < 2 {
      let names = hardly.sorted().map(\.name).joined(separator: ", ")
      quality.append(
        QualityFlag(
          "level-barely-touched",
          "\(names) \(hardly.count == 1 ? "counts" : "count") as flagged: less than 3 mm of a lesion "
            + "\(hardly.count == 1 ? "lies" : "lie") there."))
    }
    return Self.combined.value(
      (strongest >= 2 ? 3 : 2) + (isMulti ? 2 : 0),
      from: [
        "lesions: \(lesions.count)", "strongest Yukawa grade: \(Int(strongest))",
        "levels touched: \(touched.count)",
      ], quality: quality)
  }

  private func ratio(_ bright: (mean: Double, quality: [QualityFlag])?, _ reference: Reference?)
    -> MeasuredValue
  {
    guard let bright else { return Self.scr.missing("no cord pixel lies in the lesion") }
    guard let reference, reference.mean > 0 else {
      return Self.scr.missing("no normal cord is left to compare with")
    }
    return Self.scr.value(
      bright.mean / reference.mean, from: Self.words(bright.mean, reference),
      quality: bright.quality + reference.quality)
  }

  /// What a signal is compared with, in words.
  private static func words(_ brightest: Double, _ reference: Reference) -> [String] {
    [
      "brightest part \(brightest.tenths) grey values",
      "reference \(reference.mean.tenths) grey values: \(reference.words)",
    ]
  }

  private func grade(_ bright: (mean: Double, quality: [QualityFlag])?, _ reference: Reference?)
    -> MeasuredValue
  {
    guard let bright, let reference else {
      return Self.yukawa.missing("lesion or normal cord cannot be measured")
    }
    guard let csf, csf > reference.mean else {
      return Self.yukawa.missing("CSF is not labelled, or not brighter than the cord")
    }
    let r = (bright.mean - reference.mean) / (csf - reference.mean)
    return Self.yukawa.value(
      r < 0.5 ? 1 : 2,
      from: Self.words(bright.mean, reference) + [
        "CSF \(csf.tenths) grey values", "\((r * 100).tenths) % of the cord-to-CSF step",
      ],
      quality: reference.quality)
  }

  /// The mean of the brightest contiguous pixels of about 5 mm2, one pixel away from the cord's edge
  /// where the lesion allows: grown from the brightest pixel, always by the brightest neighbour.
  private func brightest(
    of mask: MaskRaster
  ) -> (mean: Double, quality: [QualityFlag])? {
    var region = Set(core.map(\.pixel).filter { mask.pixels[$0] })
    var quality: [QualityFlag] = []
    let wanted = Int((Self.brightestMM2 / (SagittalGrid.spacing * SagittalGrid.spacing)).rounded())
    if region.count < wanted {
      region = Set(whole.map(\.pixel).filter { mask.pixels[$0] })
      quality.append(
        QualityFlag(
          "partial-volume", "The lesion is smaller than 5 mm2 away from the cord's edge."))
    }
    guard let first = region.max(by: { (grey($0), -$0) < (grey($1), -$1) }) else { return nil }
    var taken = [first]
    var edge: Set<Int> = []
    region.remove(first)
    let width = mask.columns
    func reach(_ pixel: Int) {
      for step in [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]
      where region.contains(pixel + step) {
        edge.insert(pixel + step)
      }
    }
    reach(first)
    while taken.count < wanted, let next = edge.max(by: { (grey($0), -$0) < (grey($1), -$1) }) {
      edge.remove(next)
      region.remove(next)
      taken.append(next)
      reach(next)
    }
    return (taken.reduce(0) { $0 + grey($1) } / Double(taken.count), quality)
  }
}

extension SliceLesion {
  /// Its pixels within the cord: of its mask, or all of its rows.
  func pixels(in cord: MaskRaster) -> MaskRaster {
    var result = mask ?? cord.map { _ in false }
    if mask == nil {
      for row in 0..<cord.rows where rows.contains(row) {
        for column in 0..<cord.columns { result[row, column] = cord[row, column] }
      }
      return result
    }
    for n in result.pixels.indices where !cord.pixels[n] { result.pixels[n] = false }
    return result
  }
}
