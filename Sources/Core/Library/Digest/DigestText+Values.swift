internal import Imaging

extension DetectionDigest {
  /// The cells of a line after that of the setup.
  var cells: [String] {
    func digits(_ segments: [SpinalSegment]) -> String {
      segments.map { "\($0.rawValue)" }.joined()
    }
    func list(_ names: [String]?) -> String { DigestText.cell(names?.joined(separator: ",")) }
    var cells = [
      score.map { "\($0)" } ?? "", digits(topSegment.map { [$0] } ?? []), digits(flagged),
      digits(assessable), digits(secondOpinionFlagged),
      secondOpinionFlagsPatient.map { $0 ? "1" : "0" } ?? "", DigestText.cell(notAssessed),
      list(mapKinds), list(labelRoles), DigestText.cell(sha256), places.cell,
    ]
    for flag in quality {
      let slices = flag.slices.map { $0.map { "\($0)" }.joined(separator: ",") }
      cells += [flag.flag, slices ?? "-"]
    }
    return cells
  }

  /// Reads the cells of a line; `nil` where they are not understood.
  init?(_ cells: DigestCells, setup: DetectionSetup) {
    func list(_ index: Int) -> [String]? {
      cells.optional(index).map { $0.split(separator: ",").map(String.init) }
    }
    let first = 18
    guard cells.count >= first, (cells.count - first).isMultiple(of: 2),
      let top = cells.segments(8), let flagged = cells.segments(9),
      let assessable = cells.segments(10), let second = cells.segments(11),
      let places = SegmentPlaces(cell: cells.text(17))
    else { return nil }
    let score = Double(cells.text(7))
    guard score != nil || cells.bytes(7).isEmpty else { return nil }
    var quality: [QualityFlag] = []
    for index in stride(from: first, to: cells.count, by: 2) {
      let slices = cells.text(index + 1)
      quality.append(
        QualityFlag(
          cells.text(index).cleaned(limit: 100), "",
          slices: slices == "-" ? nil : slices.split(separator: ",").compactMap { Int($0) }))
    }
    self.init(
      setup: setup, score: score, topSegment: top.first, flagged: flagged, assessable: assessable,
      secondOpinionFlagged: second,
      secondOpinionFlagsPatient: cells.bytes(12).isEmpty ? nil : cells.text(12) == "1",
      notAssessed: cells.optional(13), quality: quality, mapKinds: list(14), labelRoles: list(15),
      places: places, sha256: cells.optional(16))
  }
}

extension ReviewSummary {
  /// The letters of verdicts; "-" is none.
  private static func letter(_ verdict: Verdict?) -> String {
    switch verdict {
    case .present: "p"
    case .absent: "a"
    case .cannotTell: "c"
    case nil: "-"
    }
  }

  private static func verdict(_ letter: Character) -> Verdict? {
    Verdict.allCases.first { self.letter($0) == String(letter) }
  }

  /// The cells of a line: what holds, the verdicts on the six segments and on the study, what the signature
  /// means, on which detections the verdicts were stated, and when the first of them.
  var cells: [String] {
    let marks = [
      (isSigned, "s"), (isReopened, "o"), (isFlagged, "f"), (isRevealed, "r"), (hasVerdicts, "v"),
      (hasCompared, "c"), (hasCorrections, "e"),
    ]
    return [
      marks.map { $0.0 ? $0.1 : "" }.joined(),
      SpinalSegment.allCases.map { Self.letter(standing[$0]) }.joined() + Self.letter(onStudy),
      meaning?.rawValue ?? "", statedCell, DigestText.cell(firstStated),
    ]
  }

  /// "0123456789abcdef 025;- 1": the start of a detection's hash, "-" before any, and its segments.
  private var statedCell: String {
    stated.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { hash, segments in
      "\(hash ?? "-") " + segments.sorted().map { "\($0.rawValue)" }.joined()
    }.joined(separator: ";")
  }

  private static func stated(_ cell: String) -> [String?: [SpinalSegment]]? {
    var stated: [String?: [SpinalSegment]] = [:]
    for part in cell.split(separator: ";") {
      let words = part.split(separator: " ")
      guard words.count == 2 else { return nil }
      let segments = words[1].map { $0.wholeNumberValue.flatMap(SpinalSegment.init(rawValue:)) }
      guard !segments.contains(nil) else { return nil }
      stated[words[0] == "-" ? nil : String(words[0])] = segments.compactMap(\.self)
    }
    return stated
  }

  /// Reads the cells of a line; `nil` where they are not understood.
  init?(_ cells: DigestCells) {
    let (marks, verdicts) = (cells.text(6), Array(cells.text(7)))
    let segments = SpinalSegment.allCases
    let meaning = SignatureMeaning(rawValue: cells.text(8))
    guard cells.count == 11, let stated = Self.stated(cells.text(9)),
      verdicts.count == segments.count + 1,
      marks.allSatisfy({ "sofrvce".contains($0) }), verdicts.allSatisfy({ "pac-".contains($0) }),
      meaning != nil || cells.bytes(8).isEmpty
    else { return nil }
    self.init()
    (isSigned, isReopened) = (marks.contains("s"), marks.contains("o"))
    (isFlagged, isRevealed) = (marks.contains("f"), marks.contains("r"))
    (hasVerdicts, hasCompared) = (marks.contains("v"), marks.contains("c"))
    hasCorrections = marks.contains("e")
    (self.meaning, self.stated) = (meaning, stated)
    firstStated = cells.optional(10)
    for (segment, letter) in zip(segments, verdicts) { standing[segment] = Self.verdict(letter) }
    onStudy = verdicts.last.flatMap(Self.verdict)
  }
}
