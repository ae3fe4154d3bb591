public import Foundation

/// What automatic segmentation reaches on studies with a reference, as figures.
public struct SegmentationFigures: Codable, Equatable, Sendable {
  /// One structure over all studies.
  public struct Structure: Codable, Equatable, Sendable {
    /// "cord", "csf", "bodies", "discs".
    public var name: String
    /// Studies whose reference holds it.
    public var studies: Int
    /// Mean Dice coefficient of the studies.
    public var meanDice: Double
    /// The lowest of them.
    public var lowestDice: Double
    /// The largest 95th percentile of the surfaces' distance in mm; of the cord only.
    public var largestEdge95Mm: Double?
    /// Mean share of voxels more than the reference's; of the cord only, as the next two. Cards of
    /// earlier programs have none of them.
    public var meanSurplus: Double?
    /// The largest of these shares.
    public var largestSurplus: Double?
    /// How much deeper, front to back, the cord is in its middle than the reference's, in mm: mean.
    public var meanDepthExcessMm: Double?
  }

  /// Studies compared.
  public var studies: Int
  /// Studies in which no cord was found.
  public var withoutCord: Int
  /// Overlaps of cord, fluid, bodies and discs.
  public var structures: [Structure]
  /// Vertebrae C2 ... T1 of the references at whose place no body was found.
  public var vertebraeMissed: Int
  /// Those at whose place one was found.
  public var vertebrae: Int
  /// Those of them that bear the right name, used or not.
  public var vertebraeRight: Int
  /// Segments C2-3 ... C7-T1 of the references, both vertebrae of which were found.
  public var segments: Int
  /// Those of them that bear the right name, used or not.
  public var segmentsRight: Int
  /// Right ones whose names were withheld.
  public var segmentsRightWithheld: Int
  /// Wrong ones whose names were not.
  public var segmentsWrongUsed: Int
  /// Studies whose names were withheld, by reason.
  public var doubts: [String: Int]
  /// Studies with a wrong name that was used.
  public var silentErrors: [String]
  /// SHA-256 of the weights.
  public var weights: String
  /// The notice of use.
  public var notice: String

  /// Gathers studies; `nil` stands for one in which no cord was found.
  public init(_ items: [(subject: String, agreement: SegmentationAgreement?)], weights: String) {
    let found = items.compactMap(\.agreement)
    studies = items.count
    withoutCord = items.count - found.count
    structures = SegmentationAgreement.Structure.allCases.compactMap { kind in
      let overlaps = found.compactMap { $0.overlaps[kind] }
      let dice = overlaps.compactMap(\.dice)
      guard let lowest = dice.min() else { return nil }
      let surplus = kind == .cord ? overlaps.compactMap(\.surplus) : []
      return Structure(
        name: kind.rawValue, studies: dice.count, meanDice: Self.rounded(Self.mean(dice) ?? 0),
        lowestDice: Self.rounded(lowest),
        largestEdge95Mm: overlaps.compactMap(\.edge95MM).max().map(Self.rounded),
        meanSurplus: Self.mean(surplus).map(Self.rounded),
        largestSurplus: surplus.max().map(Self.rounded),
        meanDepthExcessMm: Self.mean(overlaps.compactMap(\.depthExcessMM)).map(Self.rounded))
    }
    let levels = found.flatMap(\.levels.values)
    vertebraeMissed = found.map(\.missed.count).reduce(0, +)
    (vertebrae, vertebraeRight) = (levels.count, levels.count { $0 })
    let segments = found.flatMap(\.segments.values)
    (self.segments, segmentsRight) = (segments.count, segments.count { $0 })
    let judged = found.flatMap { study in
      study.segments.map { segment, isRight in
        (isRight, isUsed: study.used.isSuperset(of: [segment.upper, segment.lower]))
      }
    }
    segmentsWrongUsed = judged.count { !$0.0 && $0.isUsed }
    segmentsRightWithheld = judged.count { $0.0 && !$0.isUsed }
    doubts = found.flatMap { $0.doubts.prefix(1) }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    silentErrors = items.compactMap { item in
      guard let agreement = item.agreement,
        agreement.levels.contains(where: { !$0.value && agreement.used.contains($0.key) })
      else { return nil }
      return item.subject
    }
    self.weights = weights
    notice = Notice.researchUse
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func rounded(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }

  private static func thousandths(_ x: Double) -> String {
    let digits = String(1000 + Int((x * 1000).rounded()))
    return "\(x >= 0.9995 ? 1 : 0).\(digits.suffix(3))"
  }

  /// The figures as text.
  public var text: String { (lines + [notice]).joined(separator: "\n") + "\n" }

  /// The figures without the notice of use.
  var lines: [String] {
    var lines = ["\(CountText.studies(studies)), weights \(weights.prefix(16))"]
    if withoutCord > 0 { lines.append("no cord was found in \(withoutCord) of them") }
    lines.append("structure  studies  mean Dice  lowest  95 % of cord edges within")
    for row in structures {
      let edge = row.largestEdge95Mm.map { "\($0.hundredths) mm" } ?? ""
      lines.append(
        row.name.padded(to: 9) + String(row.studies).leftPadded(to: 9)
          + Self.thousandths(row.meanDice).leftPadded(to: 11)
          + Self.thousandths(row.lowestDice).leftPadded(to: 8)
          + (edge.isEmpty ? "" : "  \(edge)"))
    }
    lines += structures.compactMap(Self.edgeLine)
    lines.append(
      "vertebrae named rightly: \(vertebraeRight) of \(vertebrae) found, \(vertebraeMissed) not found"
    )
    lines.append(
      "segments named rightly: \(segmentsRight) of \(segments); \(segmentsRightWithheld) of them were "
        + "withheld; wrong and used: \(segmentsWrongUsed)")
    for (doubt, count) in doubts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append("not all named, \(count) x: \(doubt)")
    }
    if !silentErrors.isEmpty {
      lines.append(
        "studies with a wrong name that was used: \(silentErrors.joined(separator: ", "))")
    }
    return lines
  }

  /// Whether a structure's edge was taken inside or outside.
  private static func edgeLine(_ row: Structure) -> String? {
    guard let mean = row.meanSurplus, let largest = row.largestSurplus,
      let depth = row.meanDepthExcessMm
    else { return nil }
    return "\(row.name) against the reference: \(signed((mean * 100).tenths)) % voxels on average, "
      + "\(signed((largest * 100).tenths)) % at most; \(signed(depth.hundredths)) mm front to back in its middle"
  }

  private static func signed(_ number: String) -> String {
    number.hasPrefix("-") ? number : "+" + number
  }

  /// The figures as JSON.
  /// - Throws: `EncodingError`.
  public func json() throws -> Data { try SnakeCaseJSON.data(self) }
}
