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
    /// Values that could not be measured, with the reason.
    public var missing: [String] = []
  }

  /// The errors of one measure.
  public struct Error: Codable, Equatable, Sendable {
    /// "cobb_deg", "mscc_percent", ...
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
  public init(_ studies: [Study]) {
    self.studies = studies.count
    let kinds: [(String, (Study) -> [(measured: Double, planned: Double)])] = [
      ("cobb_deg", { [$0.cobb].compactMap(\.self) }), ("mscc_percent", \.mscc),
      ("mcc_percent", \.mcc), ("displacement_mm", \.displacement), ("cord_ap_mm", \.cord),
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

  /// Paints a phantom, measures the slice that detection would choose from its true masks, and sets
  /// the plan beside it.
  public static func study(
    _ recipe: PhantomRecipe, generator: PhantomGenerator
  ) throws -> Study {
    let phantom = generator.study(recipe)
    let truth = phantom.truth
    let labels = StudyLabels(
      cord: truth.cord, canal: truth.canal, spine: truth.spine, landmarks: truth.landmarks,
      levelSource: .labelled)
    let prepared = try StudyPreparation.prepare(image: phantom.image, labels: labels)
    guard let chosen = prepared.scoredSlices.first else {
      var study = Study()
      study.missing.append(prepared.reason ?? "no slice")
      return study
    }
    let slice = SegmentedSlice(chosen, labels: labels)
    let measured = CervicalMeasurements(slice, subject: recipe.subject, image: "")
    let planned = generator.plannedMeasurements(recipe, slice: chosen.index)
    return compare(measured, planned)
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
      pair(level.narrowing.cordApMm, plan.cordAPMM, \.cord, "cord AP")
    }
    if (planned.levels.map(\.msccPercent).max() ?? 0) >= 15 {
      study.isNarrowestRight = measured.msccMaxLevel == planned.narrowest?.name
    }
    return study
  }

  /// The table as text.
  public var text: String {
    var lines = ["\(studies) phantoms (\(generator)), true masks against the generator's plan"]
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
    for (reason, count) in missing.sorted(by: { $0.key < $1.key }) {
      lines.append("not measured, \(count) x: \(reason)")
    }
    return (lines + [notice]).joined(separator: "\n") + "\n"
  }

  /// The table as JSON.
  /// - Throws: `EncodingError`.
  public func json() throws -> Data { try SnakeCaseJSON.data(self) }
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
