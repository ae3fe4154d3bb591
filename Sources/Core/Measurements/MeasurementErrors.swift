public import Foundation

/// Errors of the measurements on phantoms, measured from masks against the generator's plan.
public struct MeasurementErrors: Codable, Equatable, Sendable {
  /// One study's pairs of measured and planned values.
  public struct Study: Sendable {
    /// Measured and planned Cobb angle in degrees.
    public var cobb: (measured: Double, planned: Double)?
    /// MSCC by level in percent.
    public var mscc: [(measured: Double, planned: Double)] = []
    /// MCC by level in percent.
    public var mcc: [(measured: Double, planned: Double)] = []
    /// Disc displacement by level in mm.
    public var displacement: [(measured: Double, planned: Double)] = []
    /// Smallest cord diameter by level in mm.
    public var cord: [(measured: Double, planned: Double)] = []
    /// Whether the narrowest level is the planned one; `nil` where none is narrow by plan (under 15 %).
    public var isNarrowestRight: Bool?
    /// Whether a disc is displaced by 2 mm or more, by level; `nil` where it was not measured.
    public var displaced: [(measured: Bool?, planned: Bool)] = []
    /// The modified K-line's INTmin in mm: as measured (`nil`: it was not), and as planned.
    public var kLine: (measured: Double?, planned: Double)?
    /// The same against INTmin as measured from the true masks; `nil` where they were measured
    /// themselves, or have no K-line.
    public var kLineOfMasks: (measured: Double?, true: Double)?
    /// Whether the neck has the kyphotic cohort's thick ligament.
    public var isOssified = false
    /// Values that could not be measured, with the reason.
    public var missing: [String] = []
  }

  /// The errors of one measure.
  public struct Error: Codable, Equatable, Sendable {
    /// "cobb_deg", "mscc_percent", ...; "mscc_10_20": MSCC where 10 to under 20 % are planned.
    public var measure: String
    /// Number of pairs.
    public var count: Int
    /// Mean absolute error.
    public var meanAbsolute: Double
    /// Mean signed error, measured less planned.
    public var bias: Double
    /// 95th percentile of the absolute error.
    public var percentile95: Double
    /// Largest absolute error.
    public var largest: Double
  }

  /// Number of phantoms.
  public var studies: Int
  /// What was measured.
  public var errors: [Error]
  /// What was decided.
  public var decisions: [Decision]
  /// What was measured from: "true masks", or the network's name.
  public var masks: String
  /// Phantoms with a planned MSCC of at least 15 %.
  public var narrowedStudies: Int
  /// Those of them whose narrowest level was found.
  public var narrowestFound: Int
  /// Values that could not be measured, by reason.
  public var missing: [String: Int]
  /// The necks of the cohort.
  public var necks: PhantomNecks
  /// Necks with the kyphotic cohort's thick ligament.
  public var ossified: Int
  /// The generator's version.
  public var generator: String
  /// The notice of use.
  public var notice: String

  /// Gathers the errors of studies.
  ///
  /// - Parameters:
  ///   - masks: what they were measured from, in words.
  ///   - necks: the necks of their cohort.
  public init(
    _ studies: [Study], masks: String = "true masks", necks: PhantomNecks = .usual
  ) {
    self.studies = studies.count
    self.masks = masks
    self.necks = necks
    ossified = studies.count { $0.isOssified }
    decisions = Self.decisions(studies)
    let kinds: [(String, (Study) -> [(measured: Double, planned: Double)])] = [
      ("cobb_deg", { [$0.cobb].compactMap(\.self) }), ("mscc_percent", \.mscc),
      ("mscc_0_10", { $0.mscc.filter { $0.planned < 10 } }),
      ("mscc_10_20", { $0.mscc.filter { (10..<20).contains($0.planned) } }),
      ("mscc_20_30", { $0.mscc.filter { (20..<30).contains($0.planned) } }),
      ("mscc_over_30", { $0.mscc.filter { $0.planned >= 30 } }),
      ("mcc_percent", \.mcc), ("displacement_mm", \.displacement), ("cord_ap_mm", \.cord),
      ("intmin_mm", { Self.pairs($0.kLine?.measured, $0.kLine?.planned) }),
      ("intmin_mm_masks", { Self.pairs($0.kLineOfMasks?.measured, $0.kLineOfMasks?.true) }),
    ]
    errors = kinds.compactMap { name, pairs in Self.error(name, studies.flatMap(pairs)) }
    let decided = studies.compactMap(\.isNarrowestRight)
    narrowedStudies = decided.count
    narrowestFound = decided.count { $0 }
    missing = studies.flatMap(\.missing).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    generator = PhantomGenerator.version
    notice = Notice.researchUse
  }

  /// The decisions of the studies; those for which there was nothing to decide are left out.
  private static func decisions(_ studies: [Study]) -> [Decision] {
    var result = [
      Decision(
        "herniation level: disc displaced >= \(DiscDisplacement.shownFromMM) mm",
        studies.flatMap(\.displaced))
    ]
    let statuses: [(name: String, limit: (Double) -> Bool)] = [
      ("K-line (-): INTmin <= 0", { $0 <= 0 }),
      ("K-line (-) or INTmin < \(KLine.nearMM) mm", { $0 < KLine.nearMM }),
    ]
    for status in statuses {
      let plan = studies.compactMap(\.kLine)
      result.append(
        Decision(
          "\(status.name), against the plan",
          plan.map { ($0.measured.map(status.limit), status.limit($0.planned)) }))
      let masks = studies.compactMap(\.kLineOfMasks)
      result.append(
        Decision(
          "\(status.name), against the true masks",
          masks.map { ($0.measured.map(status.limit), status.limit($0.true)) }))
    }
    return result.filter { $0.count + $0.undecided > 0 }
  }

  private static func pairs(
    _ measured: Double?, _ planned: Double?
  ) -> [(measured: Double, planned: Double)] {
    guard let measured, let planned else { return [] }
    return [(measured, planned)]
  }

  private static func error(
    _ name: String, _ pairs: [(measured: Double, planned: Double)]
  ) -> Error? {
    guard !pairs.isEmpty else { return nil }
    let signed = pairs.map { $0.measured - $0.planned }
    let sorted = signed.map { abs($0) }.sorted()
    let count = Double(sorted.count)
    func rounded(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }
    return Error(
      measure: name, count: sorted.count, meanAbsolute: rounded(sorted.reduce(0, +) / count),
      bias: rounded(signed.reduce(0, +) / count),
      percentile95: rounded(sorted[min(Int(0.95 * count), sorted.count - 1)]),
      largest: rounded(sorted.last ?? 0))
  }

  /// The table as JSON.
  /// - Throws: `EncodingError`.
  public func json() throws -> Data { try SnakeCaseJSON.data(self) }
}
