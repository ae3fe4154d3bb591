/// The numbering guard of the editor: what a number is to the tools that write it, and whether the
/// distances of neighbours speak against the names.
extension LabelEdit.Kind {
  /// A number with its level and the labels of the same structure in other tools:
  /// "disc 5 = C4-C5 (SCT) / 65 (TotalSpineSeg) / 104 (SPINEPS)"; `nil` for numbers that are no level's.
  public func toolNumbers(_ number: UInt16) -> String? {
    guard numbers.contains(number) else { return nil }
    let own = self == .discs ? LabelConvention.sctDiscs : .sctLevels
    let structure = own.structures[number]
    let others: [(tool: String, convention: LabelConvention)] = [
      ("TotalSpineSeg", .totalSpineSeg), ("SPINEPS", .spinepsInstance),
    ]
    let what = self == .discs ? "disc" : "vertebra"
    var words = "\(what) \(number) = \(longName(number)) (SCT)"
    for other in others {
      let labels = structure.map { other.convention.labels(of: [$0]) } ?? []
      if let label = labels.min() { words += " / \(label) (\(other.tool))" }
    }
    return words
  }

  /// "C4-C5", as SCT writes it; names that are no pair of levels as they are.
  private func longName(_ number: UInt16) -> String {
    guard self == .discs,
      case .disc(below: let upper)? = LabelConvention.sctDiscs.structures[number],
      let lower = VertebralLevel(rawValue: upper.rawValue + 1)
    else { return name(number) }
    return "\(upper.name)-\(lower.name)"
  }
}

extension LabelEdit {
  /// Uppermost number whose neighbours are about as far apart as others: the dens and what lies above it
  /// stand farther.
  private static let uppermostCompared: UInt16 = 3

  /// What the distances of neighbours say against the names: a gap of two levels under names that follow
  /// each other, names that skip a level where there is no gap, or two points on one level. `nil`
  /// where nothing speaks against them, or where there are too few points.
  ///
  /// Distances are those of points in RAS mm per level named, each compared with the median of the three
  /// above and the three below it, with the bounds of ``BodyNumbering``. Of fewer than three the median
  /// may be the odd one.
  public var shiftDoubt: String? {
    let known = numbers.filter { $0 >= Self.uppermostCompared }
    let pairs = Array(zip(known, known.dropFirst()))
    let perLevelMM = pairs.map { upper, lower in distanceMM(upper, lower) / Double(lower - upper) }
    for (index, (upper, lower)) in pairs.enumerated() {
      let others = pairs.indices.filter { $0 != index && abs($0 - index) <= 3 }
        .map { perLevelMM[$0] }.sorted()
      guard others.count >= 3 else { continue }
      let usual = others[(others.count - 1) / 2]
      guard usual > 0 else { continue }
      let ratio = perLevelMM[index] / usual
      let (above, below) = (kind.name(upper), kind.name(lower))
      if ratio > BodyNumbering.usualSpacing.upperBound {
        let times = (ratio * 10).rounded() / 10
        return "\(above) and \(below) lie \(times) times as far apart as their neighbours: one may "
          + "be missing between them, and the names below one level too high"
      }
      guard ratio < BodyNumbering.usualSpacing.lowerBound else { continue }
      return lower - upper > 1
        ? "\(above) and \(below) lie as close as neighbours: from \(below) on the names may be one "
          + "level too low"
        : "\(above) and \(below) may be one: they lie closer than their neighbours"
    }
    return nil
  }

  private func distanceMM(_ one: UInt16, _ other: UInt16) -> Double {
    guard let a = points[one], let b = points[other] else { return 0 }
    let way = b - a
    return (way * way).sum().squareRoot()
  }
}
