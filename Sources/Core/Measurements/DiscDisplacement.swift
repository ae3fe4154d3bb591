/// How far a disc reaches behind the line of the vertebral corners (clinical notes, section 5).
///
/// One sagittal slice cannot tell bulge from protrusion or extrusion, which are axial terms (Fardon
/// 2014, Spine J 14:2525): this is "posterior disc displacement". Only the disc is measured; what of
/// the bodies' margins stands over the line is given apart.
public struct DiscDisplacement: Codable, Equatable, Sendable {
  /// Largest distance in mm of the disc's posterior contour behind the line between the
  /// postero-inferior and postero-superior corners of its bodies; negative in front of it.
  public var displacementMm: MeasuredValue
  /// The same in percent of the canal's diameter at the adjacent mid-bodies.
  public var displacementCanalPercent: MeasuredValue
  /// Length along that line in mm over which the disc lies more than 0.5 mm behind it.
  public var extentMm: MeasuredValue
  /// Smallest distance in mm from the displaced disc to the cord, across the line.
  public var cordGapMm: MeasuredValue
  /// Largest distance in mm of the adjacent bodies' margins behind the line.
  public var marginOverhangMm: MeasuredValue
  /// Whether the gap to the cord is under 1 mm; `nil` where it is not known.
  public var contactsCord: Bool?
  /// Whether the displacement reaches the threshold of display.
  public var isShown: Bool

  private enum Key: String, CodingKey {
    case displacementMm, displacementCanalPercent, extentMm, cordGapMm, marginOverhangMm
    case contactsCord, isShown
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(displacementMm, forKey: .displacementMm)
    try c.encode(displacementCanalPercent, forKey: .displacementCanalPercent)
    try c.encode(extentMm, forKey: .extentMm)
    try c.encode(cordGapMm, forKey: .cordGapMm)
    try c.encode(marginOverhangMm, forKey: .marginOverhangMm)
    try c.encode(contactsCord, forKey: .contactsCord)
    try c.encode(isShown, forKey: .isShown)
  }
}

extension DiscDisplacement {
  /// Displacements from here on are shown by default (ours: smaller ones are near universal,
  /// Nakashima 2015, Spine 40:392).
  public static let shownFromMM = 2.0
  /// A disc nearer to the cord than this touches it: dura and ligament are thinner than a pixel.
  static let contactMM = 1.0
  /// From this distance behind the line disc counts as displaced.
  static let displacedMM = 0.5
  /// How far beyond the corners displaced disc is looked for, in mm.
  static let beyondMM = 6.0

  private static let method = MeasurementMethod(
    text: "posterior disc displacement behind the line of the posterior corners")
  private static let extentMethod = MeasurementMethod(
    text: "cranio-caudal extent of disc more than 0.5 mm behind the line of the corners")
  private static let gapMethod = MeasurementMethod(
    text: "displaced disc to cord, across the line of the corners; contact under 1 mm")
  private static let overhangMethod = MeasurementMethod(
    text: "margins of the adjacent bodies behind the line of the corners")
  private static let shareMethod = MeasurementMethod(
    text: "posterior disc displacement over the canal's AP diameter at the adjacent mid-bodies")

  /// Measures the disc below a vertebra.
  init(
    below level: VertebralLevel, spine: SpineOutline, levels: CordLevels?, cord: SoftField?,
    shownFromMM: Double = shownFromMM
  ) {
    switch Contour.behind(level, spine) {
    case .failure(let absence): self.init(missing: absence.reason)
    case .success(let contour):
      let segment = SpinalSegment(below: level)
      let gap =
        segment.flatMap { segment in
          levels?.lost(segment).map { Self.gapMethod.missing($0.loss(at: segment.name)) }
        } ?? Self.gap(contour, cord: cord)
      self.init(
        displacementMm: Self.method.value(
          contour.largest,
          from: contour.corners + ["disc's back edge \(contour.place(contour.peak).words)"],
          quality: contour.quality),
        displacementCanalPercent: Self.share(contour.largest, level, levels),
        extentMm: Self.extentMethod.value(contour.extent, from: [contour.stretch]),
        cordGapMm: gap,
        marginOverhangMm: Self.overhangMethod.value(
          contour.overhang, from: contour.corners + contour.margin),
        contactsCord: gap.value.map { $0 < Self.contactMM },
        isShown: contour.largest >= shownFromMM)
    }
  }

  /// Nothing is known of a disc, for one reason.
  init(missing reason: String) {
    self.init(
      displacementMm: Self.method.missing(reason),
      displacementCanalPercent: Self.shareMethod.missing(reason),
      extentMm: Self.extentMethod.missing(reason), cordGapMm: Self.gapMethod.missing(reason),
      marginOverhangMm: Self.overhangMethod.missing(reason), contactsCord: nil, isShown: false)
  }

  private static func share(
    _ mm: Double, _ level: VertebralLevel, _ levels: CordLevels?
  ) -> MeasuredValue {
    let known = [level, level.below].compactMap(\.self)
      .compactMap { levels?.body($0)?.canalAP }
    guard !known.isEmpty else { return shareMethod.missing("the canal is not known beside it") }
    let canal = known.reduce(0, +) / Double(known.count)
    return shareMethod.value(
      mm / canal * 100, from: ["disc \(mm.hundredths) mm", "canal \(canal.hundredths) mm"])
  }

  /// The smallest way from the displaced disc to the cord.
  private static func gap(_ contour: Contour, cord: SoftField?) -> MeasuredValue {
    guard let cord else { return gapMethod.missing("the cord is not labelled") }
    let displaced = contour.points.filter { $0.h > max(0, contour.largest - 1) }
    guard !displaced.isEmpty else { return gapMethod.missing("the disc is not displaced") }
    let gaps = displaced.compactMap { point in
      let disc = contour.place(point)
      return cord.entry(from: disc, along: contour.back, within: 20).map { (disc: disc, mm: $0) }
    }
    guard let least = gaps.min(by: { $0.mm < $1.mm }) else {
      return gapMethod.missing("the cord is not seen behind the disc")
    }
    return gapMethod.value(
      least.mm,
      from: [
        "disc's back edge \(least.disc.words)",
        "cord \((least.disc + contour.back * least.mm).words)",
      ])
  }

  /// The posterior contour of a disc against the line of the corners.
  private struct Contour {
    /// The corners of the upper and the lower body.
    var start: SIMD2<Double>
    var end: SIMD2<Double>
    var along: SIMD2<Double>
    var back: SIMD2<Double>
    /// Places along the line in mm from the upper corner, and distances behind it.
    var points: [(t: Double, h: Double)]
    /// The point furthest behind the line.
    var peak = (t: 0.0, h: 0.0)
    /// The first and last place of disc that counts as displaced.
    var displaced: ClosedRange<Double>?
    /// The point of the bodies' margins that is furthest behind the line.
    var furthestMargin: (t: Double, h: Double)?
    var quality: [QualityFlag] = []

    struct Absence: Error { var reason: String }

    static let step = 0.2

    var largest: Double { peak.h }
    var extent: Double { displaced.map { $0.upperBound - $0.lowerBound + Self.step } ?? 0 }
    var overhang: Double { furthestMargin?.h ?? 0 }

    /// The line in words.
    var corners: [String] { ["line of the corners \(start.words) to \(end.words)"] }
    /// The stretch of displaced disc in words.
    var stretch: String {
      displaced.map {
        "displaced from \($0.lowerBound.tenths) to \($0.upperBound.tenths) mm below the upper corner"
      } ?? "disc at most \(largest.tenths) mm behind the line"
    }
    /// The bodies' margin furthest behind the line in words.
    var margin: [String] { furthestMargin.map { ["margin \(place($0).words)"] } ?? [] }

    /// The place of a point of the contour.
    func place(_ point: (t: Double, h: Double)) -> SIMD2<Double> {
      start + along * point.t + back * point.h
    }

    static func behind(
      _ level: VertebralLevel, _ spine: SpineOutline
    ) -> Result<Contour, Absence> {
      guard let disc = spine.discs[level] else {
        return .failure(Absence(reason: "the disc is not labelled on this slice"))
      }
      guard let upper = spine.bodies[level], let lower = level.below.flatMap({ spine.bodies[$0] })
      else { return .failure(Absence(reason: "a vertebra beside the disc is not labelled")) }
      guard let a = upper.posteroInferior, let b = lower.posteroSuperior, (b - a).y > 0.5 else {
        return .failure(Absence(reason: "the corners of the vertebrae beside it are not seen"))
      }
      let d = b - a
      let length = (d * d).sum().squareRoot()
      let along = d / length
      var result = Contour(
        start: a, end: b, along: along, back: [along.y, -along.x], points: [])
      result.points = result.behind(disc, from: -beyondMM, to: length + beyondMM)
      guard let peak = result.points.indices.max(by: { result.points[$0].h < result.points[$1].h })
      else { return .failure(Absence(reason: "the disc is not seen behind the bodies")) }
      result.peak = result.points[peak]
      result.measureExtent(peak, length: length)
      let margins = [upper, lower].flatMap {
        result.behind($0.outline, from: -beyondMM, to: length + beyondMM)
      }
      result.furthestMargin = margins.max { $0.h < $1.h }
      return .success(result)
    }

    /// Where rays across the line from behind meet a structure.
    func behind(_ field: SoftField, from low: Double, to high: Double) -> [(t: Double, h: Double)] {
      let reach = 14.0
      return stride(from: low, through: high, by: Self.step).compactMap { t in
        field.entry(
          from: start + along * t + back * reach, along: -back, within: reach + 4
        ).map { (t, reach - $0) }
      }
    }

    /// The run of displaced contour about the peak.
    private mutating func measureExtent(_ peak: Int, length: Double) {
      guard points[peak].h > displacedMM else { return }
      var (first, last) = (peak, peak)
      while first > 0, points[first - 1].h > displacedMM { first -= 1 }
      while last + 1 < points.count, points[last + 1].h > displacedMM { last += 1 }
      displaced = points[first].t...points[last].t
      if points[first].t < -1.5 || points[last].t > length + 1.5 {
        quality.append(
          QualityFlag(
            "beyond-endplates",
            "Displaced disc reaches above or below the endplates by more than 1.5 mm."))
      }
    }
  }
}
