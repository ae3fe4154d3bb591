internal import Imaging

/// Whether the labelled vertebrae, or the length of the cord, are those of a neck.
enum RegionCheck {
  /// The levels of which at least one must be known: a segment has one of them above it.
  private static let neck = VertebralLevel.c2...VertebralLevel.c7

  /// A flag where vertebrae are labelled and none of them is C2 to C7; `nil` where nothing is known.
  ///
  /// C1 alone says nothing: it is seen on pictures of heads and of necks. A C7 that is cut by the
  /// volume's edge makes no neck: what counts are the levels that could be placed.
  static func flag(_ labels: StudyLabels, levels: StudyLevels) -> QualityFlag? {
    let placed = levels.points.keys.filter { $0 > .c1 }.sorted()
    if let first = placed.first, let last = placed.last, !placed.contains(where: neck.contains) {
      return flag(first.name, last.name)
    }
    var names: [String] = []
    if let spine = labels.spine {
      let vertebrae = vertebrae(in: spine)
      guard !vertebrae.contains(where: isNeck) else { return nil }
      names = vertebrae.compactMap(name)
    }
    guard !labels.landmarks.keys.contains(where: neck.contains) else { return nil }
    names += labels.landmarks.keys.sorted().map(\.name).filter { !names.contains($0) }
    guard names.contains(where: { $0 != VertebralLevel.c1.name }),
      let first = names.first, let last = names.last
    else { return nil }
    return flag(first, last)
  }

  /// Three vertebrae of a neck with their discs, in mm; less is seen on pictures of heads, and beside a
  /// cord. The crop from C2-3 to C5 of the SCT test data shows 55 mm; under 48 mm (61 rows) no slice is
  /// scored.
  static let shortestCordMM = 45.0
  /// So many labelled vertebrae of the neck say more than the length of a mask.
  private static let fewestVertebrae = 3

  /// A flag where hardly any cord is in view and few vertebrae of the neck are named.
  /// - Parameter line: The line of the cord mask; `nil` where the mask is empty.
  static func shortCord(_ line: CordCentreline?, levels: StudyLevels) -> QualityFlag? {
    let length = line?.lengthMM ?? 0
    guard length < shortestCordMM, levels.points.keys.count(where: neck.contains) < fewestVertebrae
    else { return nil }
    let what = line == nil ? "No cord is" : "Only \(length.tenths) mm of cord are"
    return QualityIssue.wrongRegion.flag(
      "\(what) in view (three vertebrae, \(Int(shortestCordMM)) mm, are the least): this is no neck, "
        + "or the cord mask is a piece.")
  }

  /// A flag where a found cord lies beside no vertebra with a name: a thoracic cord looks like a cervical one.
  static func unconfirmed(_ levels: StudyLevels) -> QualityFlag? {
    guard levels.points.isEmpty else { return nil }
    return QualityIssue.regionUnconfirmed.flag(
      "No vertebra is named, so nothing shows that this is a neck: name the uppermost that is seen "
        + "(segment --uppermost).")
  }

  private static func flag(_ first: String, _ last: String) -> QualityFlag {
    let all = first == last ? first : "\(first) to \(last)"
    return QualityIssue.wrongRegion.flag(
      "The labelled vertebrae are \(all): there is none of C2 to C7, so this is no neck.")
  }

  /// The vertebrae in a volume as TotalSpineSeg numbers, superior to inferior.
  private static func vertebrae(in spine: LabelVolume) -> [UInt16] {
    var isSeen = [Bool](repeating: false, count: 51)
    for label in spine.voxels where Int(label) < isSeen.count { isSeen[Int(label)] = true }
    return isSeen.indices.filter { isSeen[$0] }.map(UInt16.init).filter { name($0) != nil }
  }

  private static func isNeck(_ label: UInt16) -> Bool {
    VertebralLevel.allCases.contains { neck.contains($0) && $0.totalSpineSegLabel == label }
  }

  /// The name of a vertebra's TotalSpineSeg number: C1 = 11, T1 = 21, L1 = 41, sacrum = 50.
  private static func name(_ label: UInt16) -> String? {
    switch label {
    case 11...17: "C\(label - 10)"
    case 21...32: "T\(label - 20)"
    case 41...46: "L\(label - 40)"
    case 50: "sacrum"
    default: nil
    }
  }
}
