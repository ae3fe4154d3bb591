public import Foundation
internal import Imaging

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
    /// Whether a disc is displaced by 2 mm or more, by level.
    public var displaced: [(measured: Bool, planned: Bool)] = []
    /// The modified K-line's INTmin in mm: as measured, and as measured from the true masks.
    public var kLine: (measured: Double, true: Double)?
    /// Values that could not be measured, with the reason.
    public var missing: [String] = []
  }

  /// Decisions against the truth.
  public struct Decision: Codable, Equatable, Sendable {
    /// "disc displaced >= 2 mm, by level", "K-line crossed".
    public var name: String
    /// Number of decisions.
    public var count: Int
    /// How many of them should be positive.
    public var positives: Int
    /// Share of right decisions.
    public var accuracy: Double?
    /// Share of right ones among the positive; `nil` without any.
    public var precision: Double?
    /// Share found of those that should be positive; `nil` without any.
    public var recall: Double?
    /// Harmonic mean of precision and recall.
    public var f1: Double?
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
  /// The generator's version.
  public var generator: String
  /// The notice of use.
  public var notice: String

  /// Gathers the errors of studies.
  ///
  /// - Parameter masks: what they were measured from, in words.
  public init(_ studies: [Study], masks: String = "true masks") {
    self.studies = studies.count
    self.masks = masks
    decisions = [
      Decision(
        "disc displaced >= \(DiscDisplacement.shownFromMM) mm, by level",
        studies.flatMap(\.displaced).map { ($0.measured, $0.planned) }),
      Decision(
        "K-line crossed",
        studies.compactMap(\.kLine).map { ($0.measured <= 0, $0.true <= 0) }),
      Decision(
        "K-line crossed or INTmin < \(KLine.nearMM) mm",
        studies.compactMap(\.kLine).map { ($0.measured < KLine.nearMM, $0.true < KLine.nearMM) }),
    ].filter { $0.count > 0 }
    let kinds: [(String, (Study) -> [(measured: Double, planned: Double)])] = [
      ("cobb_deg", { [$0.cobb].compactMap(\.self) }), ("mscc_percent", \.mscc),
      ("mscc_0_10", { $0.mscc.filter { $0.planned < 10 } }),
      ("mscc_10_20", { $0.mscc.filter { (10..<20).contains($0.planned) } }),
      ("mscc_20_30", { $0.mscc.filter { (20..<30).contains($0.planned) } }),
      ("mscc_over_30", { $0.mscc.filter { $0.planned >= 30 } }),
      ("mcc_percent", \.mcc), ("displacement_mm", \.displacement), ("cord_ap_mm", \.cord),
      ("intmin_mm", { study in [study.kLine.map { ($0.measured, $0.true) }].compactMap(\.self) }),
    ]
    errors = kinds.compactMap { name, pairs in Self.error(name, studies.flatMap(pairs)) }
    let decided = studies.compactMap(\.isNarrowestRight)
    narrowedStudies = decided.count
    narrowestFound = decided.count { $0 }
    missing = studies.flatMap(\.missing).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    generator = PhantomGenerator.version
    notice = Notice.researchUse
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

  /// Paints a phantom, measures the slice that detection would choose, and sets the plan beside it.
  ///
  /// - Parameter segmenter: finds the anatomy that is measured; without it the true masks are.
  /// - Throws: what preparation and the network throw.
  public static func study(
    _ recipe: PhantomRecipe, generator: PhantomGenerator, segmenter: AnatomySegmenter? = nil
  ) throws -> Study {
    let phantom = generator.study(recipe)
    let truth = StudyLabels(truth: phantom.truth)
    var labels = truth
    if let segmenter {
      guard let found = try segmenter.segment(phantom.image) else {
        var study = Study()
        study.missing.append("no cord was found")
        return study
      }
      labels = found.labels
    }
    let measured = try measure(phantom.image, labels, recipe)
    guard let (values, slice) = measured.values else {
      var study = Study()
      study.missing.append(measured.reason)
      return study
    }
    var study = compare(values, generator.plannedMeasurements(recipe, slice: slice))
    if let own = values.modifiedKLine?.intMinMm.value {
      let reference =
        segmenter == nil
        ? own
        : try measure(phantom.image, truth, recipe).values?.0.modifiedKLine?.intMinMm.value
      study.kLine = reference.map { (own, $0) }
    }
    return study
  }

  private static func measure(
    _ image: ImageVolume, _ labels: StudyLabels, _ recipe: PhantomRecipe
  ) throws -> (values: (CervicalMeasurements, slice: Int)?, reason: String) {
    let prepared = try StudyPreparation.prepare(image: image, labels: labels)
    guard let chosen = prepared.scoredSlices.first else {
      return (nil, prepared.reason ?? "no slice")
    }
    let slice = SegmentedSlice(chosen, labels: labels)
    return ((CervicalMeasurements(slice, subject: recipe.subject, image: ""), chosen.index), "")
  }

  /// Pairs what was measured with what was planned.
  public static func compare(
    _ measured: CervicalMeasurements, _ planned: PlannedMeasurements
  ) -> Study {
    var study = Study()
    if let cobb = measured.alignment?.cobbDeg.value {
      study.cobb = (cobb, planned.cobbDegrees)
    } else {
      study.missing.append("Cobb: \(measured.alignment?.cobbDeg.reason ?? measured.reason ?? "")")
    }
    for plan in planned.levels {
      guard let level = measured.levels.first(where: { $0.level == plan.segment.name }) else {
        continue
      }
      func pair(
        _ value: MeasuredValue, _ planned: Double,
        _ pairs: WritableKeyPath<Study, [(measured: Double, planned: Double)]>, _ name: String
      ) {
        if let value = value.value {
          study[keyPath: pairs].append((value, planned))
        } else {
          study.missing.append("\(name) \(level.level): \(value.reason ?? "")")
        }
      }
      pair(level.narrowing.msccAdjacentPercent, plan.msccPercent, \.mscc, "MSCC")
      pair(level.narrowing.mccAdjacentPercent, plan.mccPercent, \.mcc, "MCC")
      pair(level.disc.displacementMm, plan.displacementMM, \.displacement, "displacement")
      if let mm = level.disc.displacementMm.value {
        let limit = DiscDisplacement.shownFromMM
        study.displaced.append((mm >= limit, plan.displacementMM >= limit))
      }
      pair(level.narrowing.cordApMm, plan.cordAPMM, \.cord, "cord AP")
    }
    if (planned.levels.map(\.msccPercent).max() ?? 0) >= 15 {
      study.isNarrowestRight = measured.msccMaxLevel == planned.narrowest?.name
    }
    return study
  }

  /// The table as text.
  public var text: String {
    var lines = ["\(studies) phantoms (\(generator)), \(masks) against the generator's plan"]
    lines.append("measure            n     MAE    bias     p95     max")
    for error in errors {
      let cells = [error.meanAbsolute, error.bias, error.percentile95, error.largest]
        .map { $0.hundredths.leftPadded(to: 8) }
      lines.append(
        error.measure.padded(to: 15) + String(error.count).leftPadded(to: 5) + cells.joined())
    }
    lines.append(
      "narrowest level found in \(narrowestFound) of \(narrowedStudies) with a planned MSCC >= 15 %"
    )
    lines += decisions.map(\.text)
    for (reason, count) in missing.sorted(by: { $0.key < $1.key }) {
      lines.append("not measured, \(count) x: \(reason)")
    }
    return (lines + [notice]).joined(separator: "\n") + "\n"
  }

  /// The table as JSON.
  /// - Throws: `EncodingError`.
  public func json() throws -> Data { try SnakeCaseJSON.data(self) }
}

extension MeasurementErrors.Decision {
  /// Counts decisions, each with the truth.
  init(_ name: String, _ decisions: [(measured: Bool, planned: Bool)]) {
    var counts = Confusion()
    for decision in decisions { counts.add(flagged: decision.measured, truth: decision.planned) }
    let flagged = counts.truePositives + counts.falsePositives
    self.init(
      name: name, count: counts.count, positives: counts.truePositives + counts.falseNegatives,
      accuracy: counts.accuracy,
      precision: flagged > 0 ? Double(counts.truePositives) / Double(flagged) : nil,
      recall: counts.sensitivity, f1: counts.f1)
  }

  /// The figures on one line.
  fileprivate var text: String {
    func cell(_ value: Double?) -> String { value?.hundredths ?? "-" }
    return "\(name): \(positives) of \(count); accuracy \(cell(accuracy)), precision "
      + "\(cell(precision)), recall \(cell(recall)), F1 \(cell(f1))"
  }
}

extension String {
  /// The text filled with blanks behind it.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text filled with blanks before it.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
