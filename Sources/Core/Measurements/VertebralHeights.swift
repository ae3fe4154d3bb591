/// Heights of the vertebral bodies in thirds against their neighbours (clinical notes, section 6).
///
/// The idea is RHLV's (arXiv 2503.05990), with the neighbours' heights in place of a synthetic
/// healthy body: loss = (1 - H / Href) x 100, Href interpolated linearly between the nearest usable
/// vertebra above and below, never C2. Grades made for thoracic and lumbar bodies do not apply.
struct VertebralHeights {
  /// Heights and losses of one body, anterior, middle and posterior third.
  struct Thirds {
    var heights: [MeasuredValue]
    var losses: [MeasuredValue]
  }

  private let bodies: [VertebralLevel: [Double]]
  /// The endplates of each body in words.
  private let plates: [VertebralLevel: [String]]
  private let reasons: [VertebralLevel: String]
  /// Bodies lower than their neighbours by more than a fifth in some third.
  private let collapsed: Set<VertebralLevel>

  /// Loss in percent from which a body is no reference for its neighbours.
  static let excludedPercent = 20.0
  /// Loss in percent under which a body is no vertebra: half as tall again as its neighbours let expect.
  ///
  /// Losses of four volunteers are -25 to 12 %; a fused pair is about twice as tall. A collapsed neighbour
  /// is no reference, so that it makes nothing tall.
  static let impossiblePercent = -50.0
  static let names = ["anterior", "middle", "posterior"]

  init(_ spine: SpineOutline) {
    let bodies = spine.bodies.compactMapValues(\.heightsMM).filter { $0.key > .c2 }
    self.bodies = bodies
    plates = spine.bodies.mapValues { $0.words(.superior) + $0.words(.inferior) }
    reasons = spine.bodies.compactMapValues { $0.inferior.reason ?? $0.superior.reason }
    collapsed = Self.collapsed(in: bodies)
  }

  /// The bodies lower than their neighbours by more than a fifth in some third.
  private static func collapsed(in bodies: [VertebralLevel: [Double]]) -> Set<VertebralLevel> {
    Set(
      bodies.keys.filter { level in
        let reference = Self.reference(level, in: bodies, without: [])
        return (0..<3).contains { third in
          guard let mm = reference?.mm[third], let own = bodies[level]?[third] else { return false }
          return (1 - own / mm) * 100 > excludedPercent
        }
      })
  }

  /// The thirds of a body.
  func measure(_ level: VertebralLevel) -> Thirds {
    let heightMethod = { (name: String) in
      MeasurementMethod(text: "\(name) third, between the endplates, across the mid-plane")
    }
    let lossMethod = { (name: String) in
      MeasurementMethod(
        text:
          "height loss against neighbours, \(name) third (RHLV idea, not validated for the neck)")
    }
    guard let own = bodies[level] else {
      let reason = reasons[level] ?? "the vertebra is not labelled on this slice"
      return Thirds(
        heights: Self.names.map { heightMethod($0).missing(reason) },
        losses: Self.names.map { lossMethod($0).missing(reason) })
    }
    let heights = (0..<3).map {
      heightMethod(Self.names[$0]).value(own[$0], from: plates[level] ?? [])
    }
    let reference = Self.reference(level, in: bodies, without: collapsed)
    guard let reference else {
      return Thirds(
        heights: heights,
        losses: Self.names.map { lossMethod($0).missing("no neighbour can be measured") })
    }
    let names = reference.levels.map(\.name).joined(separator: " and ")
    var quality: [QualityFlag] = []
    if reference.levels.count == 1 {
      quality.append(
        QualityFlag(
          "one-sided-reference",
          "Only \(names) could be compared with\(Self.bias(level, against: reference.levels[0]))."))
    }
    if reference.isSkipping {
      quality.append(
        QualityFlag(
          "neighbour-excluded", "A collapsed or missing neighbour was passed over for \(names)."))
    }
    return Thirds(
      heights: heights,
      losses: (0..<3).map { third in
        lossMethod(Self.names[third]).value(
          (1 - own[third] / reference.mm[third]) * 100,
          from: [
            "\(level.name) \(own[third].hundredths) mm",
            "\(names) \(reference.mm[third].hundredths) mm",
          ], quality: quality)
      })
  }

  /// A flag where one of C3 to C7 is far taller than its neighbours let expect: it is no vertebra, and
  /// the names below it may be off by one.
  var flag: QualityFlag? {
    for level in bodies.keys.sorted() where level >= .c3 && level <= .c7 {
      // Beside a body that is far too tall all others may look collapsed: then they are compared as they
      // stand without it.
      guard let own = bodies[level],
        let reference = Self.reference(level, in: bodies, without: collapsed)
          ?? Self.reference(
            level, in: bodies, without: Self.collapsed(in: bodies.filter { $0.key != level })),
        let ratio = zip(own, reference.mm).map({ $0 / $1 }).max(),
        (1 - ratio) * 100 < Self.impossiblePercent
      else { continue }
      let names = reference.levels.map(\.name).joined(separator: " and ")
      return QualityIssue.levelsImplausible.flag(
        "\(level.name) is \(ratio.tenths) times as tall as \(names) let expect (\(Self.tallest.tenths) "
          + "times is possible): two vertebrae are labelled as one, or several beside it are "
          + "collapsed.")
    }
    return nil
  }

  /// How much taller or lower a vertebra usually is than the only one it is compared with, in words; empty
  /// under 5 %. C7 is usually taller than C6, so that beside it alone a loss of that much looks like none.
  static func bias(_ level: VertebralLevel, against other: VertebralLevel) -> String {
    let usual = NeckProportions.heightsMM
    let (own, reference) = (
      level.rawValue - VertebralLevel.c3.rawValue, other.rawValue - VertebralLevel.c3.rawValue
    )
    guard usual.indices.contains(own), usual.indices.contains(reference) else { return "" }
    let percent = Int(((usual[own] / usual[reference] - 1) * 100).rounded())
    guard abs(percent) >= 5 else { return "" }
    return percent > 0
      ? ", than which \(level.name) is usually \(percent) % taller: a loss shows that much too small"
      : ", than which \(level.name) is usually \(-percent) % lower: a loss shows that much too large"
  }

  private static let tallest = 1 - impossiblePercent / 100

  /// Heights that the neighbours let expect.
  private static func reference(
    _ level: VertebralLevel, in bodies: [VertebralLevel: [Double]],
    without excluded: Set<VertebralLevel>
  ) -> (mm: [Double], levels: [VertebralLevel], isSkipping: Bool)? {
    let usable = bodies.keys.filter { $0 > .c2 && $0 != level && !excluded.contains($0) }
    let above = usable.filter { $0 < level }.max()
    let below = usable.filter { $0 > level }.min()
    let levels = [above, below].compactMap(\.self)
    guard !levels.isEmpty else { return nil }
    let isSkipping = levels.contains { abs($0.rawValue - level.rawValue) > 1 }
    let mm = (0..<3).map { third -> Double in
      let known = levels.map { bodies[$0]?[third] ?? 0 }
      guard let above, let below else { return known[0] }
      let t = Double(level.rawValue - above.rawValue) / Double(below.rawValue - above.rawValue)
      return known[0] + (known[1] - known[0]) * t
    }
    return mm.allSatisfy { $0 > 0 } ? (mm, levels, isSkipping) : nil
  }
}
