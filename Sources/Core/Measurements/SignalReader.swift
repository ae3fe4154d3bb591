internal import Imaging

/// Measures lesions of the cord against normal cord and CSF of the same slice.
struct SignalReader {
  let slice: SegmentedSlice
  let levels: CordLevels
  private let narrowed: Set<SpinalSegment>
  let cord: MaskRaster
  /// Cord pixels one pixel away from the edge, with their arc length; all cord pixels. Where the cord
  /// is lost there are none: fluid and bone shine into it.
  let core: [(pixel: Int, arc: Double)]
  let whole: [(pixel: Int, arc: Double)]
  /// Arc lengths of the lesions, also of those on other slices and of those that nothing outlines.
  private let lesionArcs: [ClosedRange<Double>]
  /// Where these lie, in names.
  private let lesionPlaces: [String]
  /// Segments that lesions bear because they are flagged, and that none of them reaches.
  let barely: Set<SpinalSegment>
  /// 75th percentile of CSF.
  let csf: Double?

  /// Half the length in mm of a reference at a level: with the cord's width about 0.3 cm2.
  static let referenceMM = 2.5
  /// A mid-vertebral reference lies at least this far from any lesion or narrowing, in mm.
  static let awayMM = 10.0
  /// Area of the lesion's brightest part in mm2.
  static let brightestMM2 = 5.0
  /// Fewer pixels are no reference.
  static let leastPixels = 8

  static let scr = MeasurementMethod(
    text: "brightest contiguous 5 mm2 over normal cord; no agreed cut-off; receive coil uncorrected"
  )
  static let cursor = MeasurementMethod(
    text: "mean of 3 x 3 px of the cord's core over normal cord; no agreed cut-off; receive coil "
      + "uncorrected")
  static let yukawa = MeasurementMethod(
    text:
      "suggested Yukawa grade: 2 from half of the cord-to-CSF step on (ours, unvalidated), else 1")

  /// - Parameters:
  ///   - narrowed: Levels that are narrowed.
  ///   - beside: Lesions of other slices, on the rows of this one.
  ///   - flagged: Segments that are flagged or in which a reader sees a lesion, outlined or not.
  init?(
    _ slice: SegmentedSlice, levels: CordLevels, narrowed: Set<SpinalSegment>,
    beside: [SliceLesion] = [], flagged: Set<SpinalSegment> = []
  ) {
    guard slice.image != nil, let cord = slice.cord else { return nil }
    self.slice = slice
    self.levels = levels
    self.narrowed = narrowed
    let mask = cord.map { $0 >= 0.5 }
    self.cord = mask
    let inner = Morphology.erode(mask)
    let lost = Set(levels.cord.sections.filter { $0.lost != nil }.map(\.arc))
    func isSeen(_ arc: Double) -> Bool {
      lost.isEmpty || levels.cord.section(at: arc).map { !lost.contains($0.arc) } ?? true
    }
    whole = Self.arcs(mask, levels.cord).filter { isSeen($0.arc) }
    core = Self.arcs(inner, levels.cord).filter { isSeen($0.arc) }
    let known = (slice.lesions + beside).map { lesion in
      let range = levels.range(of: lesion, in: mask)
      return (lesion: lesion, range: range, segments: levels.segments(of: lesion, at: range))
    }
    let touched = Set(known.flatMap(\.segments))
    let reached = Set(
      known.flatMap { item in item.segments.filter { !item.lesion.barely.contains($0) } })
    barely = touched.subtracting(reached)
    // Where nothing outlines a lesion that somebody sees, the whole segment is no normal cord.
    let bare = flagged.subtracting(reached)
    lesionArcs =
      known.compactMap { levels.spared($0.lesion, at: $0.range, in: mask) }
      + bare.compactMap { levels.stretch($0, in: mask) }
    let isElsewhere = known.contains { $0.range != nil && $0.segments.isEmpty }
    let places = touched.union(bare)
    lesionPlaces =
      SpinalSegment.allCases.filter { places.contains($0) }.map(\.name)
      + (isElsewhere ? ["outside the segments"] : [])
    csf = Self.fluid(slice, cord: cord)
  }

  /// Where normal cord was measured, its mean, and whether it is a fallback.
  struct Reference {
    var mean: Double
    var name: String
    var quality: [QualityFlag] = []
    /// What a fallback had to spare, with the reason: "C5-6 C6-7 (lesion)", "C7-T1 (narrowed)".
    var leftOut: [String] = []

    /// The name with what was left out.
    var words: String { SignalReader.words(name, leftOut) }
  }

  /// The reference for a lesion: the C7-T1 level, else the nearest normal mid-body, else all the cord
  /// without lesion.
  func reference(near arc: Double?) -> Reference? {
    if levels.unnamed[.c7t1] == nil, let disc = levels.discArc[.c7],
      isFree(disc, by: Self.referenceMM, countsNarrowing: true), let mean = mean(around: disc)
    {
      return Reference(mean: mean, name: "C7-T1 disc level")
    }
    let bodies = levels.bodyArc.filter { $0.key >= .c2 && $0.key <= .t2 }
      .filter { isFree($0.value, by: Self.awayMM, countsNarrowing: true) }
      .sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    let nearest = bodies.min {
      abs($0.value - (arc ?? .infinity)) < abs($1.value - (arc ?? .infinity))
    }
    if let nearest, let mean = mean(around: nearest.value) {
      return fallback("mid-\(nearest.key.name)", mean, countsNarrowing: true)
    }
    let rest = core.filter { isFree($0.arc, by: 0, countsNarrowing: false) }
    guard rest.count >= Self.leastPixels else { return nil }
    return fallback(
      "median of the cord without lesion", PlaneLine.median(rest.map { grey($0.pixel) }),
      countsNarrowing: false)
  }

  /// A reference in the place of the C7-T1 level, with what it spares: another lesion moves it.
  private func fallback(_ name: String, _ mean: Double, countsNarrowing: Bool) -> Reference {
    let left = leftOut(countsNarrowing: countsNarrowing)
    let flag = QualityFlag(
      "reference-substituted",
      "The C7-T1 level could not be used as reference: \(Self.words(name, left)).")
    return Reference(mean: mean, name: name, quality: [flag], leftOut: left)
  }

  private static func words(_ name: String, _ leftOut: [String]) -> String {
    leftOut.isEmpty ? name : "\(name), left out: \(leftOut.joined(separator: ", "))"
  }

  private func leftOut(countsNarrowing: Bool) -> [String] {
    let last = SpinalSegment.c7t1
    let narrow = SpinalSegment.allCases.filter {
      narrowed.contains($0) && (countsNarrowing || $0 == last)
    }.map(\.name)
    var left: [String] = []
    if !lesionPlaces.isEmpty { left.append("\(lesionPlaces.joined(separator: " ")) (lesion)") }
    if !narrow.isEmpty { left.append("\(narrow.joined(separator: " ")) (narrowed)") }
    guard !(lesionPlaces + narrow).contains(last.name) else { return left }
    guard levels.unnamed[last] == nil else { return left + ["\(last.name) (not named)"] }
    guard let disc = levels.discArc[.c7] else { return left + ["\(last.name) (not placed)"] }
    let isFree = isFree(disc, by: Self.referenceMM, countsNarrowing: true)
    return left + ["\(last.name) (\(isFree ? "too little cord is seen" : "too near to these"))"]
  }

  /// The grey value of a pixel.
  func grey(_ pixel: Int) -> Double { Double(slice.image?.pixels[pixel] ?? .nan) }

  private func mean(around arc: Double) -> Double? {
    let near = core.filter { abs($0.arc - arc) <= Self.referenceMM }
    guard near.count >= Self.leastPixels else { return nil }
    return near.reduce(0) { $0 + grey($1.pixel) } / Double(near.count)
  }

  /// Whether no lesion (and no narrowed level) lies within a distance.
  private func isFree(_ arc: Double, by mm: Double, countsNarrowing: Bool) -> Bool {
    let isAway = lesionArcs.allSatisfy { arc < $0.lowerBound - mm || arc > $0.upperBound + mm }
    guard isAway, countsNarrowing else { return isAway }
    return narrowed.allSatisfy { segment in
      let window = levels.window(segment)
      guard let first = window.first?.arc, let last = window.last?.arc else { return true }
      return arc < first - mm || arc > last + mm
    }
  }

  /// Pixels of a mask with the arc length of the section beside each.
  private static func arcs(_ mask: MaskRaster, _ cord: CordSections) -> [(pixel: Int, arc: Double)]
  {
    var result: [(pixel: Int, arc: Double)] = []
    for row in 0..<mask.rows {
      for column in 0..<mask.columns where mask[row, column] {
        let p = SIMD2(Double(column), Double(row)) * SagittalGrid.spacing
        if let arc = cord.arc(nearest: p) { result.append((row * mask.columns + column, arc)) }
      }
    }
    return result
  }

  /// The 75th percentile of pixels that are CSF alone.
  private static func fluid(_ slice: SegmentedSlice, cord: ImageRaster) -> Double? {
    guard let canal = slice.canal, let image = slice.image else { return nil }
    let mask = canal.pixels.indices.map { canal.pixels[$0] >= 0.9 && cord.pixels[$0] <= 0.1 }
    guard mask.count(where: { $0 }) >= 20 else { return nil }
    return Percentiles.value(75, of: image.pixels, where: mask).map(Double.init)
  }
}
