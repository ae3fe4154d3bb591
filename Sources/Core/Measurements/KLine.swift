internal import Imaging

/// A K-line and how far the anterior structures stay in front of it (clinical notes, section 3).
///
/// The modified K-line (Taniyama 2013, Spine 38:496) joins the middles of the cord at the levels of
/// the inferior endplates of C2 and C7; the canal's variant (Fujiyoshi 2008, on MRI Ikeda 2020) the
/// middles of the canal there. Distances are perpendicular to the line, positive in front of it.
public struct KLine: Codable, Equatable, Sendable {
  /// Where the posterior margin of a structure lies nearest to the line.
  public struct Interval: Codable, Equatable, Sendable {
    /// "C3", "C3-4", "compressor".
    public var level: String
    /// Smallest distance in mm; negative beyond the line.
    public var mm: Double
  }

  /// Smallest distance of all (INTmin) in mm.
  public var intMinMm: MeasuredValue
  /// The structure that it belongs to.
  public var intMinLevel: String?
  /// "(-)" where INTmin <= 0; "(+), INTmin < 4 mm"; "(+)"; `nil` where there is no line.
  public var status: String?
  /// The smallest distance of every body and disc (INTn).
  public var intervals: [Interval]
  /// The line's ends in mm of the slice, (posterior, inferior) of its first pixel.
  public var endsMm: [[Double]]?

  private enum Key: String, CodingKey {
    case intMinMm, intMinLevel, status, intervals, endsMm
  }

  /// Writes every key, unknown values as null.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(intMinMm, forKey: .intMinMm)
    try c.encode(intMinLevel, forKey: .intMinLevel)
    try c.encode(status, forKey: .status)
    try c.encode(intervals, forKey: .intervals)
    try c.encode(endsMm, forKey: .endsMm)
  }
}

extension KLine {
  /// Which middles the line joins.
  enum Variant { case cord, canal }

  /// Below this INTmin in mm a line that is not crossed is said to be near (Taniyama; quoted).
  static let nearMM = 4.0

  /// Draws a line and measures what lies before it.
  init(
    _ variant: Variant, spine: SpineOutline, cord: CordSections?, compressor: SoftField?
  ) {
    let method = MeasurementMethod(
      text: variant == .cord
        ? "modified K-line: cord middles at the C2 and C7 inferior endplates (Taniyama 2013), on T2"
        : "K-line on MRI: canal middles at the C2 and C7 inferior endplates")
    switch Self.line(variant, spine: spine, cord: cord) {
    case .failure(let absence):
      self.init(
        intMinMm: method.missing(absence.reason), intMinLevel: nil, status: nil, intervals: [],
        endsMm: nil)
    case .success(let ends):
      let intervals = Self.intervals(ends, spine: spine, compressor: compressor)
      let smallest = intervals.min { $0.mm < $1.mm }
      self.init(
        intMinMm: smallest.map {
          method.value(
            $0.mm,
            from: [
              "line \(ends.upper.words) to \(ends.lower.words)",
              "\(intervals.count) bodies, discs and compressors between C2 and C7",
            ], quality: Self.gaps(spine))
        } ?? method.missing("no body or disc between C3 and C7 is labelled"),
        intMinLevel: smallest?.level,
        status: smallest.map {
          $0.mm <= 0 ? "(-)" : $0.mm < Self.nearMM ? "(+), INTmin < 4 mm" : "(+)"
        },
        intervals: intervals.map { Interval(level: $0.level, mm: ($0.mm * 100).rounded() / 100) },
        endsMm: [ends.upper, ends.lower].map {
          [($0.x * 100).rounded() / 100, ($0.y * 100).rounded() / 100]
        })
    }
  }

  /// Why there is no line.
  struct Absence: Error { var reason: String }

  private static func line(
    _ variant: Variant, spine: SpineOutline, cord: CordSections?
  ) -> Result<(upper: SIMD2<Double>, lower: SIMD2<Double>), Absence> {
    guard let cord else { return .failure(Absence(reason: "the cord is not labelled")) }
    var ends: [SIMD2<Double>] = []
    for level in [VertebralLevel.c2, .c7] {
      guard let body = spine.bodies[level] else {
        return .failure(Absence(reason: "\(level.name) is not labelled on this slice"))
      }
      guard let plate = body.inferior.line else {
        return .failure(
          Absence(
            reason: "\(level.name) inferior endplate: \(body.inferior.reason ?? "not seen")"))
      }
      guard let arc = cord.arc(crossing: plate) else {
        return .failure(Absence(reason: "the cord is not seen at the \(level.name) endplate"))
      }
      // Beside its middle the cord's front and back lie nearer to each other, about the same middle.
      if let lost = cord.section(at: arc)?.lost, lost == .cordLeavesView {
        return .failure(Absence(reason: lost.loss(at: level.name)))
      }
      guard let middle = cord.middle(at: arc, ofCanal: variant == .canal) else {
        return .failure(Absence(reason: "the canal is not labelled at \(level.name)"))
      }
      ends.append(middle)
    }
    return .success((ends[0], ends[1]))
  }

  /// A flag where bodies or discs between the ends are not labelled: nothing is known of what is behind
  /// them.
  private static func gaps(_ spine: SpineOutline) -> [QualityFlag] {
    var names: [String] = []
    for level in VertebralLevel.allCases where level >= .c2 && level < .c7 {
      if level > .c2, spine.bodies[level] == nil { names.append(level.name) }
      if spine.discs[level] == nil, let segment = SpinalSegment(below: level) {
        names.append(segment.name)
      }
    }
    guard !names.isEmpty else { return [] }
    return [
      QualityFlag(
        "k-line-incomplete",
        "Not labelled between the line's ends: \(names.joined(separator: ", ")). INTmin may be smaller "
          + "there, and the line crossed.")
    ]
  }

  /// The smallest distance of every structure between the line's ends.
  private static func intervals(
    _ ends: (upper: SIMD2<Double>, lower: SIMD2<Double>), spine: SpineOutline,
    compressor: SoftField?
  ) -> [Interval] {
    var result: [Interval] = []
    for level in VertebralLevel.allCases where level >= .c2 && level <= .c7 {
      if level > .c2, let field = spine.bodies[level]?.outline {
        smallest(ends, field).map { result.append(Interval(level: level.name, mm: $0)) }
      }
      if level < .c7, let field = spine.discs[level], let segment = SpinalSegment(below: level) {
        smallest(ends, field).map { result.append(Interval(level: segment.name, mm: $0)) }
      }
    }
    if let compressor {
      smallest(ends, compressor).map { result.append(Interval(level: "compressor", mm: $0)) }
    }
    return result
  }

  /// The smallest signed distance of a structure's margin from a line, positive in front of it;
  /// `nil` where it lies above or below the line's ends.
  ///
  /// Rays run across the line from behind at equal steps along it, so it may point anywhere.
  static func smallest(
    _ ends: (upper: SIMD2<Double>, lower: SIMD2<Double>), _ field: SoftField
  ) -> Double? {
    let d = ends.lower - ends.upper
    let length = (d * d).sum().squareRoot()
    guard length > 1 else { return nil }
    let along = d / length
    // Downwards (0, 1) has its front at (-1, 0).
    let front: SIMD2<Double> = [-along.y, along.x]
    let reach = 60.0
    var best: Double?
    for n in 0...Int(length / 0.4) {
      let p = ends.upper + along * (Double(n) * 0.4)
      guard let hit = field.entry(from: p - front * reach, along: front, within: 2 * reach) else {
        continue
      }
      best = min(best ?? .infinity, hit - reach)
    }
    return best
  }
}

extension SpinalSegment {
  /// The segment of the disc below a vertebra; `nil` outside C2-3 ... C7-T1.
  init?(below level: VertebralLevel) { self.init(rawValue: level.rawValue - 2) }
}

extension KLine {
  /// Warns of a line one of whose ends is the middle of a cord that is not seen as a whole there: the middle
  /// of its side that the slice cuts. The middle is smoothed along the cord, so what is lost beside the end
  /// counts, too.
  mutating func doubtLostEnds(_ spine: SpineOutline, _ levels: CordLevels?) {
    let beside = CordSections.smoothingMM
    for level in [VertebralLevel.c2, .c7] {
      let plate = spine.bodies[level]?.inferior.line
      guard let levels, let end = plate.flatMap({ levels.cord.arc(crossing: $0) }),
        let lost = levels.lost(along: (end - beside)...(end + beside))
      else { continue }
      intMinMm.warn(
        lost.flag(
          "The cord is not seen as a whole at \(level.name), where the line ends: INTmin can be wrong."
        ))
    }
  }

  /// An INTmin up to this, in mm, does not tell from found masks whether the line is crossed: 95 % of those of
  /// phantoms with thick ligaments are less than this from the plan, nearly always too large (results 018).
  static let doubtedMM = 2.1

  /// Warns of a line that is said to be passed, but by no more than found masks are wrong.
  mutating func doubtFoundMasks() {
    guard let value = intMinMm.value, value > 0, value < Self.doubtedMM else { return }
    intMinMm.warn(
      QualityFlag(
        "k-line-unsure",
        "From uncorrected found masks: what presses on the cord is understated (on phantoms with thick "
          + "ligaments INTmin by 0.7 mm, two of three crossed lines were missed), so that this line may be "
          + "crossed: look, and correct the masks."))
  }
}
