/// Where the segments lie in the patient, as a detection has them: the RAS z of their ends on the cord, in mm.
struct SegmentPlaces: Equatable, Sendable {
  /// The ends of a segment, RAS z in mm.
  struct Ends: Equatable, Sendable {
    /// The upper end.
    var from: Double
    /// The lower end.
    var to: Double
  }

  /// The segments whose ends are known.
  var ends: [SpinalSegment: Ends] = [:]

  /// How far an end may lie from where it was, in mm: a quarter of a cervical segment (14 to 20 mm).
  ///
  /// Another slice that scores best, another cord mask or other weights move an end by a row or two, and a hand
  /// that sets a boundary anew by a few mm; a renaming of levels moves it by a whole segment.
  static let toleranceMM = 4.0

  /// Knows of no segment.
  init() {}

  /// The places that a detection states.
  init(_ detection: Detection) {
    for found in detection.segments {
      guard let segment = SpinalSegment(name: found.name), let from = found.zFromMm,
        let to = found.zToMm, from.isFinite, to.isFinite
      else { continue }
      ends[segment] = Ends(from: from, to: to)
    }
  }

  /// Whether a segment lies elsewhere than it lay.
  ///
  /// One without a place in either of them goes by the segments that have one in both: labels that moved those
  /// moved it out of the image, or into it.
  func hasMoved(_ segment: SpinalSegment, since former: SegmentPlaces) -> Bool {
    switch (ends[segment], former.ends[segment]) {
    case (let now?, let then?): Self.areApart(now, then)
    case (nil, nil): false
    default:
      SpinalSegment.allCases.contains { other in
        guard let now = ends[other], let then = former.ends[other] else { return false }
        return Self.areApart(now, then)
      }
    }
  }

  private static func areApart(_ a: Ends, _ b: Ends) -> Bool {
    max(abs(a.from - b.from), abs(a.to - b.to)) > toleranceMM
  }
}

extension SegmentPlaces {
  /// The places in one cell of a text: "12.5,-4.25" by segment, "-" without ends, ";" between them.
  var cell: String {
    SpinalSegment.allCases.map { segment in
      ends[segment].map { "\($0.from),\($0.to)" } ?? "-"
    }.joined(separator: ";")
  }

  /// Reads a cell; `nil` where it is not understood.
  init?(cell: String) {
    let parts = cell.split(separator: ";", omittingEmptySubsequences: false)
    guard parts.count == SpinalSegment.allCases.count else { return nil }
    self.init()
    for (segment, part) in zip(SpinalSegment.allCases, parts) where part != "-" {
      let numbers = part.split(separator: ",").compactMap { Double($0) }
      guard numbers.count == 2, numbers.allSatisfy(\.isFinite) else { return nil }
      ends[segment] = Ends(from: numbers[0], to: numbers[1])
    }
  }
}
