/// Names the vertebral bodies of one spine from superior to inferior, or says why it does not.
///
/// A level that is off by one is worse than none. Every way to name the column is weighed by what the
/// network says of each body; the best must leave every other behind, and the column must look like
/// consecutive vertebrae. Otherwise the reader is asked.
public struct BodyNumbering: Equatable, Sendable {
  /// A vertebral body as it was found, on any number of slices.
  public struct Body: Equatable, Sendable {
    /// Place of its centre along the spine in mm, rising towards inferior: where the spine is inclined,
    /// neighbours are farther apart than their rows.
    public var centreMM: Double
    /// Extent along the spine in mm: an inclined body spans more rows than it is tall.
    public var heightMM: Double
    /// Its height as it shows along the cord, in mm, where its place is one along the cord; that is longer
    /// than the spine where the neck bends forwards. `nil` where both are one.
    var reachMM: Double?
    /// Natural log of the probability of each ``AnatomyLevel``, mean over its pixels.
    public var evidence: [Double]
    /// Whether it reaches the edge of what was imaged.
    public var isCut: Bool

    /// Makes a body.
    public init(centreMM: Double, heightMM: Double, evidence: [Double], isCut: Bool) {
      self.centreMM = centreMM
      self.heightMM = heightMM
      self.evidence = evidence
      self.isCut = isCut
    }
  }

  /// The name of each body in order; `nil` above C2. T2 and below bear names to T3.
  public var levels: [VertebralLevel?]
  /// How much better the best naming explains the bodies than the next one shifted by a level, in
  /// nats per body; infinite where there is no other.
  public var margin: Double
  /// Why not all names are to be trusted, in words; empty where they are.
  public var doubts: [String]
  /// The bodies whose names can be used without asking: all, a part that the doubts do not touch, or
  /// none.
  public var used: Range<Int>
  /// Whether others gave names that the column is named by.
  public internal(set) var isGiven = false
  /// What speaks against the names that others gave, in words; `nil` where nothing does.
  public internal(set) var disagreement: String?

  /// Doubts of a skipped or an extra vertebra, or of the uppermost one's name, that take no name away, as a reader
  /// named the uppermost; they stand among ``doubts``, too.
  public internal(set) var keptDoubts: [String] = []

  /// Whether all names can be used without asking.
  public var isTrusted: Bool { doubts.isEmpty }

  /// The name of a body where it can be used.
  public func usedLevel(_ index: Int) -> VertebralLevel? {
    used.contains(index) && levels.indices.contains(index) ? levels[index] : nil
  }

  /// The vertebra after which a disc between a body and the one above it is named; `nil` where that has no name,
  /// or where their names leave one out: then there are two discs, and neither is told from the other.
  func discLevel(aboveBody index: Int) -> VertebralLevel? {
    guard let upper = usedLevel(index - 1) else { return nil }
    let lower = usedLevel(index)
    return lower == nil || lower == upper.below ? upper : nil
  }

  /// Fewest nats per body by which the best naming must lead.
  static let leastMargin = 0.5
  /// Longest and shortest distance of neighbours, as a multiple of what their neighbourhood leads to
  /// expect.
  static let usualSpacing = 0.6...1.5
  /// Tallest body as a multiple of its neighbours; C2 with the dens is taller.
  static let tallest = 1.55
  /// Fewest bodies in a row that are named where others are doubted.
  static let fewestInPart = 4
  /// How tall C2 with its dens is at least, as a multiple of the vertebrae below it. Without it the network
  /// counts from wherever the picture begins: of 15 crops of two volunteers without C2 it named 11
  /// wrong, and was sure of them. Along the spine C2 is at least 1.5 times as tall on four volunteers and 102
  /// phantoms, the uppermost body at most 1.33 times on 12 of 13 crops without C2; on the other a sliver of C3
  /// runs together with C4, and the network is not sure.
  static let densRatio = 1.42

  /// Names a column of bodies, superior first.
  ///
  /// - Parameter uppermost: The name of the uppermost vertebra where a reader gave it. Bone that the
  ///   network takes for skull or atlas above it stays without a name.
  public init(_ bodies: [Body], uppermost: VertebralLevel? = nil) {
    let candidates = Self.firstClasses.map { first in
      (first: first, score: Self.score(bodies, first: first))
    }.sorted { ($0.score, $1.first) > ($1.score, $0.first) }
    guard let best = candidates.first, !bodies.isEmpty else {
      (levels, margin, doubts, used) = ([], 0, ["no vertebral body was found"], 0..<0)
      return
    }
    let next = candidates.dropFirst().first?.score ?? -.infinity
    levels = bodies.indices.map { Self.level(best.first + $0) }
    margin = (best.score - next) / Double(bodies.count)
    (doubts, used) = ([], 0..<0)
    if let uppermost {
      let counted = levels
      let above = levels.firstIndex { $0 != nil } ?? 0
      levels = bodies.indices.map {
        $0 < above ? nil : VertebralLevel(rawValue: uppermost.rawValue + $0 - above)
      }
      margin = .infinity
      // A name at the top says nothing of vertebrae that ran together or were skipped further down.
      let local = Self.spacingDoubts(bodies, levels) + Self.heightDoubts(bodies, levels)
      used = Self.longestRow(in: levels.indices, without: Set(local.flatMap(\.bodies)))
      let proportions = NeckProportions.doubt(Array(bodies[used]), Array(levels[used]))
      keptDoubts =
        (levels == counted
          ? Self.contradictions(bodies, first: best.first)
          : [Self.otherCount(bodies, above)].compactMap(\.self))
        + [proportions].compactMap(\.self)
      doubts = local.map(\.text) + keptDoubts
      return
    }
    if margin < Self.leastMargin {
      doubts.append(
        "the vertebrae cannot be told from those one level away; name one of them")
    }
    if levels.compactMap(\.self).isEmpty {
      doubts.append("no vertebra from C2 to T3 is seen")
    }
    if !Self.seesC2(bodies, levels) {
      doubts.append("C2 with its dens is not seen, from which vertebrae are counted; name one")
    }
    let isWhole = doubts.isEmpty
    let local = Self.spacingDoubts(bodies, levels) + Self.heightDoubts(bodies, levels)
    let contradictions = Self.contradictions(bodies, first: best.first)
    // Bodies that are doubted one by one are no measure of the others; what is used beside them is looked
    // at again by itself.
    let proportions = isWhole && local.isEmpty ? NeckProportions.doubt(bodies, levels) : nil
    doubts += local.map(\.text) + contradictions + [proportions].compactMap(\.self)
    if doubts.isEmpty {
      used = levels.indices
    } else if isWhole, contradictions.isEmpty, proportions == nil {
      used = Self.undoubted(bodies, levels, doubted: Set(local.flatMap(\.bodies)))
    }
  }

  /// What the network calls the uppermost vertebra where it names the column without any doubt; a reader who
  /// says otherwise may have missed the dens.
  private static func otherCount(_ bodies: [Body], _ index: Int) -> String? {
    let own = BodyNumbering(bodies)
    guard own.isTrusted, let name = own.usedLevel(index)?.name else { return nil }
    return "the anatomy network counts from the dens, and by that the uppermost is \(name)"
  }

  /// Whether what is called C2 has a dens, cut or not: it is taller than those below it.
  private static func seesC2(_ bodies: [Body], _ levels: [VertebralLevel?]) -> Bool {
    guard let index = levels.firstIndex(of: .c2) else { return false }
    let below = bodies[(index + 1)...].prefix(3).map(\.heightMM).sorted()
    guard !below.isEmpty else { return false }
    return bodies[index].heightMM >= densRatio * below[below.count / 2]
  }

  /// The longest row of bodies that no doubt touches and that is named alike when it is looked at
  /// alone; a column in doubt at one end keeps the names of the other.
  private static func undoubted(
    _ bodies: [Body], _ levels: [VertebralLevel?], doubted: Set<Int>
  ) -> Range<Int> {
    let best = longestRow(in: bodies.indices, without: doubted)
    guard best.count >= fewestInPart else { return 0..<0 }
    let alone = BodyNumbering(Array(bodies[best]))
    return alone.isTrusted && alone.levels == Array(levels[best]) ? best : 0..<0
  }

  private static func longestRow(in bodies: Range<Int>, without doubted: Set<Int>) -> Range<Int> {
    var best = 0..<0
    var first = 0
    for end in 0...bodies.count where end == bodies.count || doubted.contains(end) {
      if end - first > best.count { best = first..<end }
      first = end + 1
    }
    return best
  }

  /// A doubt, and the bodies that it is about.
  typealias Doubt = (text: String, bodies: [Int])

  /// Classes that the uppermost body can have: two above C2 (the skull base taken for bone) to T1.
  private static let firstClasses = -1...7

  /// The class of the body `index` places below C2; 0 stands for none, 8 for all below T1.
  private static func level(_ index: Int) -> VertebralLevel? {
    index < 1 ? nil : VertebralLevel(rawValue: index + 1)
  }

  private static func classIndex(_ index: Int) -> Int {
    min(max(index, 0), AnatomyLevel.allCases.count - 1)
  }

  /// Log-likelihood of the whole column when its first body has a class.
  private static func score(_ bodies: [Body], first: Int) -> Double {
    bodies.enumerated().reduce(0) { sum, item in
      sum + item.element.evidence[classIndex(first + item.offset)]
    }
  }

  /// Skipped and extra bodies show in the distances of neighbours.
  static func spacingDoubts(_ bodies: [Body], _ levels: [VertebralLevel?]) -> [Doubt] {
    let gaps = zip(bodies, bodies.dropFirst()).map { $1.centreMM - $0.centreMM }
    return gaps.indices.compactMap { index -> Doubt? in
      // The dens and what lies above it stand farther apart.
      guard let upper = levels[index], let lower = levels[index + 1], upper > .c2 else {
        return nil
      }
      let others = gaps.indices.filter { $0 != index && abs($0 - index) <= 2 }
        .filter { (levels[$0] ?? .c1) > .c2 }.map { gaps[$0] }.sorted()
      guard !others.isEmpty else { return nil }
      let ratio = gaps[index] / others[others.count / 2]
      if ratio > usualSpacing.upperBound {
        return (
          "a vertebra may be missing between \(upper.name) and \(lower.name)", [index, index + 1]
        )
      }
      return ratio < usualSpacing.lowerBound
        ? ("\(upper.name) and \(lower.name) may be parts of one vertebra", [index, index + 1]) : nil
    }
  }

  /// Fused bodies are as tall as two.
  static func heightDoubts(_ bodies: [Body], _ levels: [VertebralLevel?]) -> [Doubt] {
    bodies.indices.compactMap { index -> Doubt? in
      guard let level = levels[index], level > .c2, !bodies[index].isCut else { return nil }
      let others = bodies.indices.filter {
        $0 != index && abs($0 - index) <= 2 && !bodies[$0].isCut && (levels[$0] ?? .c1) > .c2
      }.map { bodies[$0].heightMM }.sorted()
      guard others.count >= 2 else { return nil }
      // The lower of two middles: vertebrae grow downwards, and those below the neck hide a pair in it.
      return bodies[index].heightMM > tallest * others[(others.count - 1) / 2]
        ? ("\(level.name) may be two vertebrae that are fused", [index]) : nil
    }
  }

  /// Two neighbours that the network takes for others with certainty: a body is skipped or extra
  /// between them and the rest, which a shift of the whole column hides.
  private static func contradictions(_ bodies: [Body], first: Int) -> [String] {
    let wrong = bodies.indices.filter { index in
      let own = bodies[index].evidence[classIndex(first + index)]
      return (bodies[index].evidence.max() ?? own) - own > contradictionNats
    }
    guard wrong.count >= 2 else { return [] }
    let names = wrong.map { level(first + $0)?.name ?? "the bone above C2" }
    return ["\(names.joined(separator: ", ")) look like other levels: one may be skipped or extra"]
  }

  /// Nats by which the network must prefer another level of a body to speak against its name.
  private static let contradictionNats = 1.0
}
